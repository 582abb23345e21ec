"""Killed anywhere: a build that never came back costs repeated work, never a wrong page."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from halles import publish
from tests.market import SITE, Market, differences

MOMENTS = 60
CROWD = 150


def crowd(root: Path) -> Market:
    """Return a market whose build takes long enough to be killed in."""
    market = Market(root)
    berthe = SITE["content/merchants/nord/be/berthe.yaml"]
    for number in range(CROWD):
        name = f"be{number:03}"
        text = berthe.replace("id: berthe", f"id: {name}").replace(
            "Chez Berthe", f"Berthe {number}"
        )
        market.write(f"content/merchants/nord/be/{name}.yaml", text.replace("0102", f"{number:04}"))
    return market


def duration(market: Market) -> float:
    """Return how many seconds a build from nothing takes, the process included."""
    start = time.perf_counter()
    assert market.run("--quiet").returncode == 0
    return time.perf_counter() - start


def kill_after(market: Market, seconds: float, executor: str) -> None:
    """Begin a build and kill it, workers and all, at that moment."""
    process = subprocess.Popen(
        market.command("--quiet", "--executor", executor, "--jobs", "2"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_killed_anywhere(tmp_path: Path, executor: str) -> None:
    """SIGKILL at a random moment, then an edit or its revert, then a build: equal to clean."""
    chance = random.Random(f"killed {executor}")
    market = crowd(tmp_path / "market")
    whole = duration(market)
    path = "content/merchants/nord/be/be007.yaml"
    old = market.read(path)
    for number in range(MOMENTS // 2):
        edited = old.replace("Berthe 7", f"Zoé {number}").replace("TARTE", f"TARTE-{number}")
        if number % 3 == 0:
            market.remove(".halles")
        market.write(path, edited)
        kill_after(market, chance.uniform(0.05, whole), executor)
        if number % 2:
            market.write(path, old)

        now = market.said()

        if number % 5 == 0 or number == MOMENTS // 2 - 1:
            assert [] == list(differences(now, market.clean()))


@pytest.mark.slow
@pytest.mark.parametrize("writes", [0, 1, 7, 20])
def test_a_full_disk_leaves_whole_files(
    market: Market, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """No room left: an error that says so, every file old or new and whole, then all is well."""
    before = market.said().tree
    market.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "Alix et filles")
    left = [writes]
    write = os.write

    def full(descriptor: int, body: bytes) -> int:
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        return write(descriptor, body)

    with monkeypatch.context() as patch:
        patch.setattr(publish.os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            market.build()
    halfway = market.tree()
    now = market.said()

    assert all(body in (before.get(p), now.tree.get(p)) for p, body in halfway.items())
    assert before.keys() & now.tree.keys() <= halfway.keys()
    assert [] == list(differences(now, market.clean()))


def test_an_output_that_is_a_file(market: Market) -> None:
    """Where no folder can be, the door says which path, and gives no traceback."""
    market.write("output", "in the way")

    ran = market.run(environment={"LC_ALL": "C"})

    assert 3 == ran.returncode
    assert "output" in ran.stderr
    assert "Traceback" not in ran.stderr
