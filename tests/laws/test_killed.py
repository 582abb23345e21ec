"""Killed anywhere: a build that never came back costs repeated work, never a wrong page."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from halles import publish
from halles.addresses import file_of
from halles.stock.folder import read_current
from tests.images import picture
from tests.market import HERE, SITE, Market, Said, differences, said_by, tree_of
from tests.stock.arrivals import Stocked, at, feed, told

MOMENTS = 60
CROWD = 64


def crowd(root: Path, count: int = CROWD) -> Market:
    """Return a market whose build takes long enough to be killed in."""
    market = Market(root)
    berthe = SITE["content/merchants/nord/be/berthe.yaml"]
    for number in range(count):
        name = f"be{number:03}"
        text = berthe.replace("id: berthe", f"id: {name}").replace(
            "Chez Berthe", f"Berthe {number}"
        )
        logo = f"logo: {{file: media/{number % 5}.png, alt: L’enseigne}}\nproducts:"
        text = text.replace("0102", f"{number:04}").replace("products:", logo)
        market.write(f"content/merchants/nord/be/{name}.yaml", text)
    for number in range(5):
        market.write(f"content/media/{number}.png", picture(400 + number, 300))
    return market


def duration(market: Market) -> float:
    """Return how many seconds a build from nothing takes, the process included."""
    start = time.perf_counter()
    assert market.run("--quiet").returncode == 0
    return time.perf_counter() - start


def kill_after(
    market: Market,
    seconds: float,
    executor: str,
    workers_too: bool,
    *flags: str,
    at_work: bool = False,
) -> bool:
    """Begin a build and kill it at that moment: workers and all, or leaving them to notice.

    The moment counts from its start, or from when it is ``at_work`` on its ledger.
    Tell whether there was still a build to kill: it may have come to its end before.
    """
    process = subprocess.Popen(
        market.command("--quiet", "--executor", executor, "--jobs", "2", *flags),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while at_work and process.poll() is None and not _writes(market):
        time.sleep(0.001)
    time.sleep(seconds)
    with suppress(ProcessLookupError):
        (os.killpg if workers_too else os.kill)(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


EDITS = (
    ("halles.toml", "The little market", "The old market"),
    ("content/merchants/nord/be/be007.yaml", "Berthe 7", "Zoé"),
    ("content/categories.yaml", "fr: Manger", "fr: Bouffe"),
    ("content/merchants/nord/be/be008.yaml", "TARTE", "TOURTE"),
    ("halles.toml", "page_size = 2", "page_size = 50"),
)
"""One after the other: every page, a few, very many, a page that goes, listings that go."""


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_killed_anywhere(tmp_path: Path, executor: str) -> None:
    """SIGKILL at any moment, then the edit or its revert, then a build: equal to clean.

    And whoever publishes only what changes.json says has the same site in the end.
    """
    chance = random.Random(f"killed {executor}")
    market = crowd(tmp_path / "market")
    whole = duration(market)
    clean: dict[str, Said] = {}
    remote = market.tree()
    cut = 0
    for number in range(MOMENTS // 2):
        path, old, new = EDITS[number % len(EDITS)]
        before = market.read(path)
        after = before.replace(*((old, new) if old in before else (new, old)))
        at_work = number % 3 != 0  # a busy machine takes its time to get there
        moment = whole * (0.15 * chance.random() if at_work else 0.1 + 0.3 * chance.random())
        market.write(path, after)
        if number % 7 == 6:
            market.remove(".halles")
            moment *= 2
        while not kill_after(market, moment, executor, bool(number % 2), at_work=at_work):
            follow(market, remote)  # it was done before: undone, asked for again, and killed sooner
            market.write(path, before)
            assert 0 == market.run("--quiet").returncode
            follow(market, remote)
            market.write(path, after)
            moment *= 0.5
        reading = _writes(market)
        writing = _unfinished(market)
        cut += reading or writing
        if not writing:
            follow(market, remote)
        if number % 3 == 1:
            market.write(path, before)

        now = market.said()
        follow(market, remote)

        state = repr(sorted(market.inputs().items()))
        if state not in clean:
            clean[state] = market.clean()
        assert [] == list(differences(now, clean[state])), f"moment {number}"
        assert now.tree == remote, f"moment {number}"
    assert cut > MOMENTS // 8, "too few builds were cut short for this to mean anything"


# While stock arrives

State = dict[tuple[str, str], tuple[int, int]]
FEEDS = 20
SHOPS = 16


def stocked_crowd(root: Path) -> Stocked:
    """Return that market, as one that feeds arrive at."""
    market = Stocked(root)
    for path, text in crowd(root.parent / "crowd", SHOPS).inputs().items():
        market.write(path, text)
    return market


def next_feed(number: int) -> tuple[bytes, State]:
    """Return the feed of an hour, full for each store, and the state that it leaves."""
    chance = random.Random(f"feed {number}")
    counts = {
        (f"be{i:03}", sku): chance.choice((0, 1, 2, 9, 50))
        for i in range(SHOPS)
        for sku in ("CONF", "TARTE")
    }
    rows = (told(store, sku, count) for (store, sku), count in counts.items())
    state = {key: (count, at(number)) for key, count in counts.items()}
    return feed(*rows, hours=number), state


def known(market: Stocked) -> State:
    """Return what data/stock/ holds by now: of each offer, how many and as of when."""
    return {key: (row["quantity"], row["seen"]) for key, row in market.held().items()}


def recovers(market: Stocked, number: int, old: State, again: bool) -> None:
    """Look at what a killed intake left, then build on, with its feed again or without."""
    body, new = next_feed(number)
    left = known(market)
    assert left in (old, new), "data/stock/ is neither the old state nor the new"
    if again:
        now = said_by(market.root, market.take(body, accept=True))
        assert new == known(market)
    else:
        now = market.said()
        assert left == known(market)
    assert [] == list(differences(now, market.clean())), f"feed {number}"
    named = read_current(market.root)[0]
    files = {f for s in (named.snapshot, *named.before) for f in s.files()}
    there = {p for p in tree_of(market.root / "data/stock") if p != "current.json"}
    assert files <= there
    taken = again and left == old
    assert not taken or files == there, "what nobody names was not taken away"


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_killed_while_stock_arrives(tmp_path: Path, executor: str) -> None:
    """SIGKILL at any moment: the old state or the new, whole; then a build equal to clean."""
    chance = random.Random(f"stock {executor}")
    market = stocked_crowd(tmp_path / "market")
    market.take(next_feed(0)[0])
    path = market.put("1.csv", next_feed(1)[0])
    start = time.perf_counter()
    assert market.run("--quiet", "--accept", "--stock", str(path)).returncode == 0
    whole = time.perf_counter() - start
    for number in range(2, 2 + FEEDS // 2):
        old = known(market)
        path = market.put(f"{number}.csv", next_feed(number)[0])
        if number % 5 == 4:
            market.remove(".halles")
        moment = whole * (0.15 + 0.85 * chance.random())
        kill_after(market, moment, executor, bool(number % 2), "--accept", "--stock", str(path))

        recovers(market, number, old, again=bool(chance.randrange(2)))


PLACES = [
    ("halles.stock.intake", "write_rows", 1), ("halles.stock.intake", "write_rows", 2),
    ("halles.stock.intake", "write_rows", 3), ("halles.course", "forget", 1), ("halles.course", "plan", 1),
    ("halles.course", "consider", 1),
    ("halles.site", "_render", 1), ("halles.site", "_keep", 2), ("halles.stock.arrival", "replace_current", 1),
    ("halles.site", "retire", 1), ("halles.site", "tell_changes", 1), ("halles.site", "settle", 1),
    ("halles.site", "clear_away", 1), ("halles.stock.arrival", "tidy", 1),
]  # fmt: skip
"""Where a build that takes a feed in turns: a module, its function, and which call of it."""
STRIKE = """
import importlib, os, signal, sys
module, name, call, after, *words = sys.argv[1:]
place = importlib.import_module(module)
function, calls = getattr(place, name), []
def struck(*given, **named):
    calls.append(1)
    if len(calls) == int(call) and after == "after":
        function(*given, **named)
    if len(calls) == int(call):
        os.kill(os.getpid(), signal.SIGKILL)
    return function(*given, **named)
setattr(place, name, struck)
from halles.cli import main
sys.exit(main(words))
"""


@pytest.mark.slow
@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_turn(tmp_path: Path, when: str, again: bool) -> None:
    """Just before or just after each step that matters: the same law, and no moment is missed."""
    market = stocked_crowd(tmp_path / "market")
    market.edit("halles.toml", "page_size = 2\n", "page_size = 2\n[stock]\nkeep_snapshots = 1\n")
    market.take(next_feed(0)[0])
    for number, (module, name, call) in enumerate(PLACES, 1):
        old = known(market)
        path = market.put(f"{number}.csv", next_feed(number)[0])
        words = ["build", "--root", str(market.root), "--executor", "inline", "--accept"]
        words += ["--stock", str(path)]
        ran = subprocess.run(
            [sys.executable, "-c", STRIKE, module, name, str(call), when, *words],
            cwd=HERE,
            capture_output=True,
        )
        assert -signal.SIGKILL == ran.returncode, f"{module}.{name} was not reached: {ran.stderr!r}"

        recovers(market, number, old, again)


def follow(market: Market, remote: dict[str, bytes]) -> None:
    """Publish what changes.json says, if it says anything, and nothing else."""
    if not (market.root / ".halles" / "changes.json").exists():
        return
    changes = json.loads((market.root / ".halles" / "changes.json").read_bytes())
    for path in changes["removed"]:
        remote.pop(file_of(path), None)
    for path in changes["written"]:
        remote[file_of(path)] = (market.root / "output" / file_of(path)).read_bytes()


def _writes(market: Market) -> bool:
    """Tell whether somebody is, or was, in the middle of writing to the ledger."""
    with suppress(FileNotFoundError):
        return (market.root / ".halles" / "ledger.db-journal").stat().st_size > 0
    return False


def _unfinished(market: Market) -> bool:
    """Tell whether the ledger says that a build has not come to its end."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(market.root / ".halles" / "ledger.db")) as ledger,
    ):
        return bool(ledger.execute("select 1 from meta where name = 'unfinished'").fetchone())
    return False


@pytest.mark.slow
def test_workers_do_not_outlive_a_killed_build(tmp_path: Path) -> None:
    """A worker that went on would hold the lock and write over the next build."""
    market = crowd(tmp_path / "market")

    kill_after(market, 0.6 * duration(market), "processes", workers_too=False)

    assert 0 == market.run("--quiet", "--full").returncode
    assert [] == list(differences(market.said(), market.clean()))


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


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """Lend a folder a disk of its own; what is yielded mounts it again, otherwise."""
    folder.mkdir(exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("mounting a small disk takes root, and a system that lets it")
    try:
        yield lambda how: void(["mount", "-o", f"remount,{how}", str(folder)])
    finally:
        void(["umount", str(folder)])


def void(words: list[str]) -> None:
    """Run a command that must work."""
    subprocess.run(words, check=True)


def faults(market: Market, place: str) -> list[str]:
    """Return what is wrong with how a build that cannot write comes to its end."""
    ran = market.run(environment={"LC_ALL": "C"})
    wrong = [] if ran.returncode == 3 else [f"left with {ran.returncode}"]
    wrong += [] if place in ran.stderr else [f"does not name {place}: {ran.stderr}"]
    return wrong + [line for line in ran.stderr.splitlines() if "Traceback" in line]


@pytest.mark.slow
def test_a_disk_full_of_pages(market: Market) -> None:
    """A real full disk under output/: said by its path, nothing half written, then all is well."""
    clean = market.clean()
    with small_disk(market.root / "output", "200k") as mount:
        assert [] == faults(market, str(market.root / "output"))
        assert all(clean.tree.get(path) == body for path, body in market.tree().items())
        mount("size=20M")
        assert [] == list(differences(market.said(), clean))


@pytest.mark.slow
def test_a_disk_that_takes_nothing(market: Market) -> None:
    """A read-only output/: said by its path, the old site intact, then all is well."""
    with small_disk(market.root / "output", "20M") as mount:
        before = market.said().tree
        market.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "Alix et filles")
        mount("ro")
        assert [] == faults(market, str(market.root / "output"))
        assert before == market.tree()
        mount("rw")
        assert [] == list(differences(market.said(), market.clean()))


@pytest.mark.slow
@pytest.mark.parametrize("size", ["40k", "100k", "150k"])
def test_a_disk_full_of_ledger(market: Market, size: str) -> None:
    """No room under .halles/: said by its path, the old site intact, then all is well."""
    before = market.said().tree
    market.remove(".halles")
    market.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "Alix et filles")
    with small_disk(market.root / ".halles", size) as mount:
        assert [] == faults(market, str(market.root))
        halfway = market.tree()
        mount("size=20M")
        now = market.said()

    assert all(body in (before.get(p), now.tree.get(p)) for p, body in halfway.items())
    assert [] == list(differences(now, market.clean()))


def test_an_output_that_is_a_file(market: Market) -> None:
    """Where no folder can be, the door says which path, and gives no traceback."""
    market.write("output", "in the way")

    ran = market.run(environment={"LC_ALL": "C"})

    assert 3 == ran.returncode
    assert "output" in ran.stderr
    assert "Traceback" not in ran.stderr
