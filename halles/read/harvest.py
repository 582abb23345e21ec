"""Merchants' files in, the ledger's rows out, and what that touches.

Files are read where the executor says; this module keeps what comes back. It is the same path for
one file and for all: a clean build is the delta from nothing.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from halles import findings
from halles import ledger as kept
from halles.catalogue import Mark
from halles.digest import digest
from halles.notices import Notice
from halles.points import Point
from halles.read.scan import Scan, digest_of
from halles.read.smalls import DUPLICATE_ID
from halles.read.sources import (
    IGNORED_FILE,
    Reading,
    ReadWork,
    batches,
    kind_of,
    readings,
)
from halles.verdicts import SpotOf, spot_finder

_pack = msgspec.msgpack.Encoder().encode
_unpack_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode
_unpack_point = msgspec.msgpack.Decoder(Point).decode

Map = Callable[[ReadWork, Iterable[bytes]], Iterator[bytes]]


@dataclass(slots=True)
class Touched:
    """What the readings changed, named so that pages and checks can be found by it."""

    merchants: set[str] = field(default_factory=set)
    """Ids whose record changed, came or went."""
    cards: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    """Marks that gained or lost a merchant, or in which one moved."""
    counted: set[str] = field(default_factory=set)
    """Marks that gained or lost a merchant."""
    seen: set[str] = field(default_factory=set)
    """Marks of every file that was read, before and after: their holders' lines may have moved."""
    regions: set[str] = field(default_factory=set)
    """Regions in which an address came or went, or the day of its last change did."""
    wares: set[str] = field(default_factory=set)
    """Ids whose store code or offers changed, came or went."""
    pictures: set[str] = field(default_factory=set)
    """Stems of pictures that some page began or ceased to show."""
    points: set[str] = field(default_factory=set)
    """``<region>/<root category>`` in which a merchant's point differs."""
    days: tuple[str, str] = ("", "")
    """The site's day, then and now."""
    read: int = 0


class _Before(Struct, frozen=True):
    source: str
    region: str
    open: int
    updated: str
    record: bytes
    card: bytes
    marks: bytes
    slugs: bytes
    store: str | None
    wares: bytes | None
    shard: int | None
    live: bytes | None
    """How its offers stand in its shard; they still do while they are the same."""
    point: bytes | None


def harvest(
    root: Path,
    ledger: sqlite3.Connection,
    found: Scan,
    again: set[tuple[str, str]],
    work: ReadWork,
    run: Map,
    batch: int,
) -> Touched:
    """Read what must be read, keep what comes back, and return what that touches.

    The caller has begun a transaction: all of it is kept, or none.
    """
    touched = Touched()
    removed = set(found.removed)
    merchants = {f for f in found.changed if kind_of(*f) == "merchant"} | (again - removed)
    merchants |= _namesakes(ledger, merchants | removed) - removed
    before = dict(_before(ledger, merchants | removed))
    _forget_sources(ledger, merchants | removed, before)
    findings.forget(ledger, ("/".join(file) for file in merchants | removed | set(found.changed)))
    for folder, name in removed:
        ledger.execute("delete from sources where folder = ? and name = ?", (folder, name))
    _keep_others(root, ledger, found)
    late: dict[str, list[Reading]] = {}
    for answer in run(work, batches(sorted(merchants), batch)):
        rows = _Rows()
        for reading in readings(answer):
            touched.read += 1
            rows.sources.append(_row(reading))
            rows.notices.append((reading.path, reading.notices))
            if reading.record and _source(ledger, rows, reading.id):
                late.setdefault(reading.id, []).append(reading)
            elif reading.record:
                _stand(rows, reading, before.get(reading.id), touched)
        rows.put(ledger)
    spot_of = spot_finder(root)
    for merchant in sorted(late):
        _choose(ledger, late[merchant], before.get(merchant), touched, spot_of)
    for merchant in before:
        _gone(ledger, merchant, before[merchant], touched)
    ledger.executemany("insert or replace into folders values (?, ?)", found.signatures.items())
    ledger.executemany("delete from folders where path = ?", [(path,) for path in found.gone])
    return touched


def _namesakes(ledger: sqlite3.Connection, files: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return the other files that hold the same ids: who of them stands may change."""
    if not ledger.execute("select 1 from sources limit 1").fetchone():
        return set()
    found: set[tuple[str, str]] = set()
    stems = {name.removesuffix(".yaml") for _, name in files}
    for handful in kept.in_handfuls(stems):
        found.update(
            ledger.execute(
                "select folder, name from sources where kind = 'merchant' and id in "  # noqa: S608
                f"({kept.places(len(handful))})",
                handful,
            )
        )
    return found - files


def _before(
    ledger: sqlite3.Connection, files: set[tuple[str, str]]
) -> Iterator[tuple[str, _Before]]:
    stems = {name.removesuffix(".yaml") for folder, name in files}
    for handful in kept.in_handfuls(stems):
        rows = ledger.execute(
            "select id, source, m.region, open, updated, record, card, m.marks, slugs, store, "  # noqa: S608
            "offers, shard, live, p.body "
            "from merchants m left join wares w on w.merchant = id "
            "left join points p on p.merchant = id "
            f"where id in ({kept.places(len(handful))})",
            handful,
        )
        for row in rows:
            source, region, is_open, updated, record, *rest = row[1:]
            yield row[0], _Before(source, region, is_open, updated, digest(record), *rest)


def _forget_sources(
    ledger: sqlite3.Connection, files: set[tuple[str, str]], before: dict[str, _Before]
) -> None:
    ledger.executemany("delete from merchants where id = ?", [(m,) for m in before])
    for table in ("wares", "points"):
        query = f"delete from {table} where merchant = ?"  # noqa: S608 (names from the line above)
        ledger.executemany(query, [(m,) for m in before])
    for merchant, old in before.items():
        marks = _unpack_marks(old.marks)
        ledger.executemany(
            "delete from marks where key = ? and sort = ? and id = ?",
            [(m.key, m.sort, merchant) for m in marks],
        )


def _keep_others(root: Path, ledger: sqlite3.Connection, found: Scan) -> None:
    """Keep the digests of small records' files, and tell of files that nobody reads."""
    for folder, name in found.changed:
        kind = kind_of(folder, name)
        if kind != "merchant":
            path = f"{folder}/{name}"
            body = digest_of(root / folder / name)
            ledger.execute(
                "insert or replace into sources values (?, ?, ?, ?, ?)",
                (folder, name, kind, name, body),
            )
            if kind == "ignored":
                findings.keep(ledger, [(path, [IGNORED_FILE.at(path, (0, 0))])])


@dataclass(slots=True)
class _Rows:
    """What one batch of readings adds to the ledger: put there together, it costs a third."""

    merchants: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    marks: list[tuple[str, bytes, str]] = field(default_factory=list)
    sources: list[tuple[Any, ...]] = field(default_factory=list)
    wares: list[tuple[Any, ...]] = field(default_factory=list)
    points: list[tuple[str, str, bytes]] = field(default_factory=list)
    notices: list[tuple[str, tuple[Notice, ...]]] = field(default_factory=list)

    def put(self, ledger: sqlite3.Connection) -> None:
        """Add the rows."""
        ledger.executemany(
            "insert into merchants values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.merchants.values(),
        )
        ledger.executemany("insert into marks values (?, ?, ?)", sorted(self.marks))
        ledger.executemany("insert into wares values (?, ?, ?, ?, ?, ?)", self.wares)
        ledger.executemany("insert into points values (?, ?, ?)", self.points)
        ledger.executemany("insert or replace into sources values (?, ?, ?, ?, ?)", self.sources)
        findings.keep(ledger, self.notices)


def _row(reading: Reading) -> tuple[Any, ...]:
    return (reading.folder, reading.name, reading.kind, reading.name[:-5], reading.digest)


def _source(ledger: sqlite3.Connection, rows: _Rows, merchant: str) -> str | None:
    """Return the file that holds an id already."""
    if merchant in rows.merchants:
        return str(rows.merchants[merchant][1])
    row = ledger.execute("select source from merchants where id = ?", (merchant,)).fetchone()
    return row[0] if row else None


def _choose(
    ledger: sqlite3.Connection,
    late: list[Reading],
    old: _Before | None,
    touched: Touched,
    spot_of: SpotOf,
) -> None:
    """Let the first file, by its path, of those that hold one id stand for it; tell the others."""
    merchant = late[0].id
    stands = _source(ledger, _Rows(), merchant) or ""
    first = min(late, key=lambda reading: reading.path)
    if first.path < stands:
        _step_aside(ledger, merchant, touched)
        rows = _Rows()
        _stand(rows, first, old, touched)
        rows.put(ledger)
    winner, *others = sorted([stands, *(reading.path for reading in late)])
    for path in others:
        findings.keep(ledger, [(path, [taken(path, merchant, winner, spot_of)])])


def taken(path: str, merchant: str, other: str, spot_of: SpotOf) -> Notice:
    """Return what is said of a file whose id another holds."""
    return DUPLICATE_ID.at(path, spot_of(path, ("id",)), given=merchant, other=other)


def _stand(rows: _Rows, reading: Reading, old: _Before | None, touched: Touched) -> None:
    """Make a reading the merchant of its id, and note what that changes."""
    marks, slugs = _pack(reading.marks), _pack(reading.slugs)
    rows.merchants[reading.id] = (
        reading.id, reading.path, reading.region, int(reading.open), 1 + len(reading.slugs),
        reading.products, reading.updated, reading.record, reading.card, marks, slugs,
    )  # fmt: skip
    rows.marks += [(m.key, m.sort, reading.id) for m in reading.marks]
    touched.seen.update(m.key for m in reading.marks)
    store = reading.store if reading.wares else None
    same = old is not None and (old.store, old.wares) == (store, reading.wares or None)
    if not same:
        touched.wares.add(reading.id)
    if reading.wares:
        shard, live = (old.shard, old.live) if old and same else (None, None)
        ware = (reading.id, reading.store, reading.region, shard, reading.wares, live)
        rows.wares.append(ware)
    if reading.point:
        rows.points.append((reading.id, reading.region, reading.point))
    if (old and (old.region, old.point)) != (reading.region, reading.point or None):
        _move(reading.region, reading.point, touched)
        _move(old.region if old else "", old.point if old else None, touched)
    if old is None:
        touched.merchants.add(reading.id)
        touched.members.update(m.key for m in reading.marks)
        touched.counted.update(m.key for m in reading.marks)
        touched.regions.add(reading.region)
        return
    then = _unpack_marks(old.marks)
    touched.seen.update(m.key for m in then)
    touched.members.update(m.key for m in set(then) ^ set(reading.marks))
    touched.counted |= {m.key for m in then} ^ {m.key for m in reading.marks}
    if (old.record, old.marks, old.source) != (digest(reading.record), marks, reading.path):
        touched.merchants.add(reading.id)
    if old.card != reading.card:
        touched.cards.add(reading.id)
    now = (reading.region, int(reading.open), slugs, reading.updated)
    if (old.region, old.open, old.slugs, old.updated) != now:
        touched.regions |= {old.region, reading.region}


def _move(region: str, point: bytes | None, touched: Touched) -> None:
    """Note the files that a point stands in, or stood."""
    if point:
        touched.points.update(f"{region}/{root}" for root in _unpack_point(point).roots)


def _step_aside(ledger: sqlite3.Connection, merchant: str, touched: Touched) -> None:
    row = ledger.execute("select marks from merchants where id = ?", (merchant,)).fetchone()
    marks = _unpack_marks(row[0])
    touched.members.update(m.key for m in marks)
    touched.counted.update(m.key for m in marks)
    touched.seen.update(m.key for m in marks)
    ledger.execute("delete from merchants where id = ?", (merchant,))
    ledger.execute("delete from wares where merchant = ?", (merchant,))
    query = "delete from points where merchant = ? returning region, body"
    for region, point in ledger.execute(query, (merchant,)).fetchall():
        _move(region, point, touched)
    ledger.executemany(
        "delete from marks where key = ? and sort = ? and id = ?",
        [(m.key, m.sort, merchant) for m in marks],
    )


def _gone(ledger: sqlite3.Connection, merchant: str, old: _Before, touched: Touched) -> None:
    """Note what a merchant left behind, if nothing stands in its place."""
    if ledger.execute("select 1 from merchants where id = ?", (merchant,)).fetchone():
        return
    marks = {m.key for m in _unpack_marks(old.marks)}
    touched.merchants.add(merchant)
    touched.wares.add(merchant)
    _move(old.region, old.point, touched)
    touched.members |= marks
    touched.counted |= marks
    touched.seen |= marks
    touched.regions.add(old.region)
