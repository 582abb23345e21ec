"""In several processes of this machine."""

import gc
import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from halles.run import Broken, Work

AHEAD, ROOM = 8, 4 << 20
"""Jobs, and bytes of them, that may wait for each worker while the next ones are thought of."""


class Processes:
    """As many processes as there are workers."""

    def map(self, work: Work, jobs: Iterable[bytes], workers: int) -> Iterator[bytes]:
        """Keep every worker busy, from now on; yield answers as they come."""
        answers = _answers(work, iter(jobs), workers)
        next(answers)
        return answers


def _answers(work: Work, jobs: Iterator[bytes], workers: int) -> Iterator[bytes]:
    """Yield nothing once all have begun, and then the answers."""
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(work,))
    try:
        waiting: dict[Future[bytes], int] = {}
        _hand_out(jobs, pool, workers, waiting)
        yield b""
        while waiting:
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for answer in done:
                del waiting[answer]
            _hand_out(jobs, pool, workers, waiting)
            for answer in done:
                yield answer.result()
    except BrokenProcessPool as fault:
        raise Broken from fault
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _hand_out(
    jobs: Iterator[bytes],
    pool: ProcessPoolExecutor,
    workers: int,
    waiting: dict[Future[bytes], int],
) -> None:
    """Let more jobs wait, and how many bytes each has, until there are enough."""
    while len(waiting) < workers * AHEAD and sum(waiting.values()) < workers * ROOM:
        job = next(jobs, None)
        if job is None:
            return
        waiting[pool.submit(_do, job)] = len(job)


_works: list[Work] = []


def _begin(work: Work) -> None:
    gc.disable()  # jobs make no cycles worth looking for
    _works[:] = [work]
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the build is killed: a worker that went on would write over the next build."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _do(job: bytes) -> bytes:
    return _works[0](job)


EXECUTOR = Processes()
