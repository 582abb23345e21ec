"""One contract for every executor on the shelf."""

from collections.abc import Iterator

import pytest

from halles import shelf
from halles.run import Executor

JOBS = [b"%d" % number for number in range(50)]


def shout(job: bytes) -> bytes:
    """Return a job, louder."""
    return job + b"!"


def refuse(job: bytes) -> bytes:
    """Do nothing but fail."""
    raise ValueError(job.decode())


@pytest.mark.parametrize("name", shelf.names("halles.run"))
def test_every_job_has_one_answer(name: str) -> None:
    """No executor loses, repeats or changes."""
    executor: Executor = shelf.take("halles.run", "EXECUTOR", name)

    assert sorted(map(shout, JOBS)) == sorted(executor.map(shout, JOBS, 2))


@pytest.mark.parametrize("name", shelf.names("halles.run"))
def test_what_the_work_raises_comes_out(name: str) -> None:
    """A fault of the work is the caller's to hear."""
    executor: Executor = shelf.take("halles.run", "EXECUTOR", name)

    with pytest.raises(ValueError):
        list(executor.map(refuse, JOBS, 2))


@pytest.mark.parametrize("name", shelf.names("halles.run"))
def test_jobs_are_asked_for_as_there_is_room(name: str) -> None:
    """A million jobs are never all in memory: a few are taken ahead, no more."""
    executor: Executor = shelf.take("halles.run", "EXECUTOR", name)
    asked: list[bytes] = []

    def endless() -> Iterator[bytes]:
        for job in JOBS:
            asked.append(job)
            yield job

    next(iter(executor.map(shout, endless(), 2)))

    assert len(asked) < len(JOBS)
