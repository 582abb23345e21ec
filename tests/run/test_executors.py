"""One contract for every executor on the shelf."""

from collections.abc import Iterator

import pytest

from halles import shelf
from halles.digest import digest
from halles.run import Executor

JOBS = [b"%d" % number for number in range(50)]


def shout(job: bytes) -> bytes:
    """Return a job, louder."""
    return job + b"!"


def hashed(job: bytes) -> bytes:
    """Return what stands for a job."""
    return digest(job)


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


@pytest.mark.parametrize("name", shelf.names("halles.run"))
def test_of_long_jobs_fewer_wait(name: str) -> None:
    """What is taken ahead is bounded by its bytes too, and yet every job has its answer."""
    executor: Executor = shelf.take("halles.run", "EXECUTOR", name)
    asked: list[int] = []

    def long() -> Iterator[bytes]:
        for number in range(12):
            asked.append(number)
            yield bytes(3 << 20)

    answers = executor.map(hashed, long(), 1)
    first = next(iter(answers))

    assert len(asked) <= 1 + 2 + 1  # answered; waiting, up to four megabytes; and one in its place
    assert [hashed(bytes(3 << 20))] * 12 == [first, *answers]
