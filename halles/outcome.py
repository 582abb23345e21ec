"""How to build, what a build did, and where its work is done."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from halles import shelf
from halles.notices import RANK, Notice, Severity
from halles.render import Failed
from halles.run import Executor
from halles.stock.arrival import Feeds
from halles.stock.guard import Counts

ENOUGH = 200
"""Files to read, or groups of pages to lay out, from which several processes are worth the
twentieth of a second that they take to start."""
DEAR = 40
"""How many files are read while a picture is looked at, and groups laid out while it is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build: none of it changes a byte of what comes out."""

    executor: str = ""
    workers: int = 0
    full: bool = False
    feeds: Feeds = field(default_factory=Feeds)
    most: int | None = None
    """How many notices of each severity to bring back, where not all are wanted."""
    report: Callable[[str, int, int], None] = lambda step, done, total: None


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a build did. Numbers of pages count pages; lists and reasons have every file."""

    notices: list[Notice] = field(default_factory=list)
    tally: Mapping[Severity, int] = field(default_factory=lambda: dict.fromkeys(RANK, 0))
    """How many notices there are of each severity, also where not all were brought back."""
    failed: list[Failed] = field(default_factory=list)
    stock: Counts = field(default_factory=Counts)
    read: int = 0
    files: int = 0
    pages: int = 0
    grown: int = 0
    looked: int = 0
    rendered: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    """Shards that no manifest names any more, and that an open page may still ask for."""
    why: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@contextmanager
def timed(outcome: Outcome, step: str) -> Iterator[None]:
    """Add what is done in between to the seconds of a step."""
    start = time.perf_counter()
    yield
    outcome.seconds[step] = outcome.seconds.get(step, 0.0) + time.perf_counter() - start


def spread(
    options: Options,
    step: str,
    work: Callable[[bytes], bytes],
    batches: Iterable[bytes],
    count: int,
    a_job: int,
    effort: int = 1,
) -> Iterator[bytes]:
    """Do batches of work where the options say, or where there is enough of it, in processes.

    ``effort`` is how dear one is, in files to read or pages to lay out.
    """
    executor, workers = _executor(options, count * effort >= ENOUGH)
    options.report(step, 0, count)
    for i, answer in enumerate(executor.map(work, batches, workers), 1):
        yield answer
        options.report(step, min(i * a_job, count), count)


def begin(options: Options, work: Callable[[bytes], bytes], job: bytes) -> Iterator[bytes]:
    """Begin one job in a process of its own, if the options do not forbid it; yield its answer."""
    executor, _ = _executor(options, several=True)
    return executor.map(work, [job], 1)


def _executor(options: Options, several: bool) -> tuple[Executor, int]:
    """Return where work is done, and by how many: in ``several`` processes if it is worth that."""
    workers = options.workers or len(os.sched_getaffinity(0))
    name = options.executor or ("processes" if several and workers > 1 else "inline")
    return shelf.take("halles.run", "EXECUTOR", name), workers
