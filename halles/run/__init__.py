"""Executors: where work is done. In this process, in several, or (one file more) on a cluster.

Jobs and answers are bytes, and the work itself can be pickled: nothing else crosses over.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeAlias

Work: TypeAlias = Callable[[bytes], bytes]


class Executor(Protocol):
    """Something that does jobs."""

    def map(self, work: Work, jobs: Iterable[bytes], workers: int) -> Iterator[bytes]:
        """Yield one answer a job, in any order, asking for jobs only as there is room.

        It may begin at once, before an answer is asked for.

        An exception of the work comes out here.
        """


class Broken(Exception):
    """A worker vanished: killed, most often for lack of memory."""
