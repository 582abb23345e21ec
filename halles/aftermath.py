"""After pages are written: what has gone out of use, what changed, and that all of it is done."""

import sqlite3
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles.addresses import file_of, path_of_file
from halles.outcome import Outcome
from halles.publish import Output
from halles.render import Known, is_page
from halles.stock.shelves import StockChange

_encode = msgspec.json.Encoder().encode
SNAPSHOTS = 2
"""How many more snapshots a shard outlives the one that named it last."""


def retire(
    root: Path, ledger: sqlite3.Connection, stock: StockChange, unfinished: bool, outcome: Outcome
) -> None:
    """Keep shards that have gone out of use for two snapshots more, and take older ones away."""
    raw = kept.recall(ledger, "retired")
    before: dict[str, int] = msgspec.msgpack.decode(raw) if raw else {}
    left = {path: n - stock.moved for path, n in before.items()}
    left |= dict.fromkeys(outcome.retired, SNAPSHOTS)
    if not stock.ground.stamp:  # no stock any more: no page asks for any
        left = dict.fromkeys(left, 0)
    used = left.keys() & outcome.why.keys()
    if unfinished:  # by a build that did not come to say so here
        used |= {page.path for page in pages_of(ledger, "where kind = 'shard'")}
    left = {path: n for path, n in left.items() if path not in used}
    output = Output(root / "output")
    for path in sorted(path for path, n in left.items() if n <= 0):
        output.remove(file_of(path))
        outcome.removed.append(path)
        del left[path]
    if left != before:
        kept.remember(ledger, "retired", msgspec.msgpack.encode(left))


def sweep(root: Path, ledger: sqlite3.Connection, outcome: Outcome) -> None:
    """Take away what an unfinished build may have left."""
    output = Output(root / "output")
    claimed = {file_of(page.path) for page in pages_of(ledger)}
    retired = kept.recall(ledger, "retired")
    claimed |= {file_of(path) for path in msgspec.msgpack.decode(retired)} if retired else set()
    outcome.removed += [path_of_file(file) for file in output.sweep(claimed)]


def settle(ledger: sqlite3.Connection, changed: bool, unfinished: bool, outcome: Outcome) -> None:
    """Say that this build is done."""
    if not changed and not unfinished:
        return
    with kept.together(ledger):
        ledger.execute("delete from owed")
        if not outcome.failed:
            ledger.execute("delete from meta where name = 'unfinished'")
        kept.remember(ledger, "pages", str(_count_pages(ledger, unfinished, outcome)).encode())


def _count_pages(ledger: sqlite3.Connection, unfinished: bool, outcome: Outcome) -> int:
    """Return how many pages the site has: those before, and what came and went since."""
    if unfinished:
        return sum(is_page(page.path) for page in pages_of(ledger))
    return int(kept.recall(ledger, "pages") or b"0") + outcome.grown


def pages_of(ledger: sqlite3.Connection, which: str = "") -> Iterator[Known]:
    """Yield what the ledger knows of pages: of all, or of ``which`` some, a condition in SQL."""
    for (pages,) in ledger.execute(f"select pages from groups {which}"):  # noqa: S608
        yield from msgspec.msgpack.decode(pages, type=list[Known])


def tell_changes(
    root: Path, base: str, ledger: sqlite3.Connection, unfinished: bool, outcome: Outcome
) -> None:
    """Write .halles/changes.json: what was written and removed, and which addresses to purge.

    What a build did that was killed before it could tell is told here.
    """
    written, removed = set(outcome.written), set(outcome.removed)
    if unfinished:
        there = {page.path for page in pages_of(ledger)}
        earlier, gone = kept.owed(ledger)
        written |= earlier & there
        removed = (removed | earlier | gone) - there
    told = sorted(written), sorted(removed)
    purge = (base + path for path, _ in groupby(merge(*told)))
    path = root / ".halles" / "changes.json"
    scratch = path.with_suffix(".new")
    with scratch.open("wb") as file:
        file.writelines(_lists(written=told[0], removed=told[1], purge=purge))
    scratch.replace(path)


def _lists(**named: Iterable[str]) -> Iterator[bytes]:
    """Yield lists as JSON, piece by piece: where all of a large site is new, they are long."""
    yield b"{"
    for i, (name, items) in enumerate(named.items()):
        yield (b",\n " if i else b"\n ") + _encode(name) + b": ["
        between = b"\n  "
        for handful in kept.in_handfuls(items):
            yield between + b",\n  ".join(map(_encode, handful))
            between = b",\n  "
        yield b"\n ]" if between.startswith(b",") else b"]"
    yield b"\n}\n"
