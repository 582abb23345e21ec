"""Work beside this one, in a thread: for what leaves Python to itself, or waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def aside(work: Callable[[], T]) -> Callable[[], T]:
    """Begin some work; return what waits for it, and gives what came of it."""
    thread = ThreadPoolExecutor(max_workers=1)
    done = thread.submit(work)
    thread.shutdown(wait=False)
    return done.result
