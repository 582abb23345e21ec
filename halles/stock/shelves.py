"""Who takes part in stock, what is said of their offers, and the shards that say it live.

A merchant takes part once a feed has named its store, and nobody else claims that store.
data/stock/ says what feeds said; the ledger holds a copy by store, so that a page costs one look.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from halles import ledger as kept
from halles.catalogue import Ware
from halles.digest import digest
from halles.stock.folder import Current
from halles.stock.guard import Counts
from halles.stock.shown import EMPTY, THERE, Held, Moment, Store, entry, fragment, live, shard_of

Family: TypeAlias = Literal["m", "p"]
"""Shards of merchants, and of products that several merchants sell."""
FAMILIES: tuple[Family, ...] = ("m", "p")
_pack = msgspec.msgpack.Encoder().encode
_rows = msgspec.msgpack.Decoder(tuple[Held, ...]).decode
_wares = msgspec.msgpack.Decoder(tuple[Ware, ...]).decode


class Ground(Struct, frozen=True):
    """What all of it stands on: another ground, and everything is told anew."""

    stamp: bytes = b""
    """What stands for data/stock/."""
    moment: Moment = Moment()
    shards: int = 0


@dataclass(slots=True)
class StockChange:
    """What pages and shards may say otherwise than the last build."""

    ground: Ground
    moved: bool = False
    """Whether there is another snapshot, or another setting, than the last build stood on."""
    merchants: set[str] = field(default_factory=set)
    """Whose pages may differ."""
    counts: Counts | None = None
    current: Current | None = None
    """What data/stock/ will hold once the ledger knows of it; None where it stays as it is."""
    written: Callable[[], None] = lambda: None
    """Waits until the files that it names are written."""
    standing: set[str] = field(default_factory=set)
    """Merchants who may stand otherwise in their shards; some may be no more."""
    gtins: set[str] = field(default_factory=set)
    """Products that gained or lost a seller."""
    dirty: dict[Family, set[int]] = field(default_factory=lambda: {"m": set(), "p": set()})
    """Shards that may differ."""


def ground_of(ledger: sqlite3.Connection) -> Ground:
    """Return what the last build stood on."""
    raw = kept.recall(ledger, "stock")
    return msgspec.msgpack.decode(raw, type=Ground) if raw else Ground()


# What feeds said


def say_all(ledger: sqlite3.Connection, stores: Iterable[tuple[str, Store]], now: int) -> set[str]:
    """Take everything that feeds said; return the stores that are or were spoken of."""
    before = {store for (store,) in ledger.execute("select store from said")}
    ledger.execute("delete from said")
    return before | say(ledger, stores, now)


def say(ledger: sqlite3.Connection, stores: Iterable[tuple[str, Store]], now: int) -> set[str]:
    """Take what feeds said of some stores by the newest moment; return them."""
    found = set()

    def rows() -> Iterator[tuple[str, int, int, bytes]]:
        for name, store in stores:
            found.add(name)
            restocked = max((row.restocked for row in store.rows if row.state in THERE), default=0)
            yield name, 0 if store.seen == now else store.seen, restocked, _pack(store.rows)

    ledger.executemany("insert or replace into said values (?, ?, ?, ?)", rows())
    return found


def hear(ledger: sqlite3.Connection, seen: Iterable[tuple[str, int]]) -> set[str]:
    """Take when some stores were heard of, where it is told otherwise than it was; return them.

    Nothing stands for the newest moment: a snapshot of the whole market moves no store's time.
    """
    times = list(seen)
    ledger.executemany("update said set seen = ? where store = ?", ((s, n) for n, s in times))
    return {name for name, _ in times}


# Who is concerned


def concerned(ledger: sqlite3.Connection, stores: Iterable[str]) -> set[str]:
    """Return the open merchants that go by these store codes."""
    found: set[str] = set()
    for handful in kept.in_handfuls(stores):
        query = f"select merchant from wares where store in ({kept.places(len(handful))})"  # noqa: S608
        found.update(merchant for (merchant,) in ledger.execute(query, handful))
    return found


_ALONE = "(select count(*) from wares x where x.store = w.store) = 1"
_TAKES_PART = f"from wares w join said s using (store) where {_ALONE}"


def stock_of(ledger: sqlite3.Connection, merchants: Sequence[str], now: int) -> dict[str, bytes]:
    """Return what feeds said of those of these merchants that take part, each an encoded Store."""
    query = f"select merchant, seen, rows {_TAKES_PART} and merchant in "
    rows = ledger.execute(f"{query} ({kept.places(len(merchants))})", merchants)
    return {merchant: _pack((seen or now, msgspec.Raw(held))) for merchant, seen, held in rows}


def told(
    ledger: sqlite3.Connection, merchants: Iterable[str], now: int
) -> Iterator[tuple[str, bytes, Store]]:
    """Yield those of these merchants that take part: their offers, encoded, and what is said."""
    for handful in kept.in_handfuls(sorted(set(merchants))):
        rows = ledger.execute(
            f"select merchant, offers, seen, rows {_TAKES_PART} and merchant in "
            f"({kept.places(len(handful))}) order by merchant",
            handful,
        )
        for merchant, offers, seen, held in rows:
            yield merchant, offers, Store(seen or now, _rows(held))


def newly_restocked(
    ledger: sqlite3.Connection, regions: Set[str], now: int
) -> Iterator[tuple[str, str, int, Store]]:
    """Yield region, merchant, when, and what is said, where what is there came back: newest first.

    ``regions`` may lose some on the way; it ends when there are none.
    """
    rows = ledger.execute(
        "select w.region, merchant, restocked, seen, rows from said s "  # noqa: S608
        f"cross join wares w using (store) where restocked > 0 and {_ALONE} "
        "order by restocked desc, merchant"
    )
    for region, merchant, when, seen, held in rows:
        if region in regions:
            yield region, merchant, when, Store(seen or now, _rows(held))
        if not regions:
            return


# Shards


def refresh(ledger: sqlite3.Connection, change: StockChange) -> None:
    """Write down how merchants and products stand in their shards, and note which those are."""
    shards, moment = change.ground.shards, change.ground.moment
    concerned_gtins = set(change.gtins)
    for handful in kept.in_handfuls(sorted(change.standing)):
        places = kept.places(len(handful))
        said = {merchant: store for merchant, _, store in told(ledger, handful, moment.now)}
        offered = ledger.execute(
            f"select merchant, offers from wares where merchant in ({places})",  # noqa: S608
            handful,
        ).fetchall()
        lines = []
        for merchant, raw in offered:
            wares, store = _wares(raw), said.get(merchant)
            body = fragment(merchant, store, (w.sku for w in wares), moment) if store else None
            lines.append((shard_of(merchant, shards), body, merchant))
            concerned_gtins.update(w.gtin for w in wares if w.gtin)
        ledger.executemany("update wares set shard = ?, live = ? where merchant = ?", lines)
    change.dirty["m"] |= {shard_of(merchant, shards) for merchant in change.standing}
    change.dirty["p"] |= {shard_of(gtin, shards) for gtin in concerned_gtins}
    for gtin in sorted(concerned_gtins):
        _refresh_product(ledger, gtin, change.ground)


def _refresh_product(ledger: sqlite3.Connection, gtin: str, ground: Ground) -> None:
    """Write down how a product stands in its shard: it does where several merchants sell it."""
    sellers = kept.holders(ledger, f"gtin:{gtin}")
    found = {}
    if len(sellers) > 1:
        for merchant, offers, store in told(ledger, sellers, ground.moment.now):
            skus = {w.sku for w in _wares(offers) if w.gtin == gtin}
            for row in store.rows:
                if row.sku in skus:
                    found[merchant] = _timed(
                        live(row, store, ground.moment), store.seen, ground.moment
                    )
    ledger.execute("delete from lives where gtin = ?", (gtin,))
    if found:
        line = (gtin, shard_of(gtin, ground.shards), entry(gtin, found))
        ledger.execute("insert into lives values (?, ?, ?)", line)


def _timed(said: list[int | None], seen: int, moment: Moment) -> list[int | None]:
    """Return an offer with the time it was confirmed, unless that is the newest moment."""
    if len(said) == 6 or seen == moment.now:
        return said
    return [*said, *[None] * (5 - len(said)), seen]


def shard_bodies(
    ledger: sqlite3.Connection, family: Family, numbers: Collection[int]
) -> dict[int, bytes]:
    """Return shards as they are published; one in which nobody stands is left out."""
    table, key = {"m": ("wares", "merchant"), "p": ("lives", "gtin")}[family]
    query = f"select live from {table} where shard = ? and live is not null order by {key}"  # noqa: S608
    found = {}
    for number in numbers:
        parts = [said for (said,) in ledger.execute(query, (number,))]
        if parts:
            found[number] = b"{%s}" % b",".join(parts)
    return found


def hashes(ledger: sqlite3.Connection, shards: int) -> dict[Family, bytearray]:
    """Return what stands for each shard as it was published last, four bytes each."""
    raw = kept.recall(ledger, "shards")
    found: dict[Family, bytes] = msgspec.msgpack.decode(raw, type=dict) if raw else {}
    none = bytes(len(EMPTY) * shards)
    sized = {family: known for family, known in found.items() if len(known) == len(none)}
    return {family: bytearray(sized.get(family, none)) for family in FAMILIES}


def remember_hashes(ledger: sqlite3.Connection, found: dict[Family, bytearray]) -> None:
    """Remember what stands for each shard."""
    kept.remember(ledger, "shards", _pack({f: bytes(h) for f, h in found.items()}))


# What there is to match feeds with


def stamp_of_wares(ledger: sqlite3.Connection, before: bytes, merchants: Iterable[str]) -> bytes:
    """Return what stands for every offer, now that those of some merchants may be others."""
    stamp = before
    for handful in kept.in_handfuls(sorted(merchants)):
        rows = ledger.execute(
            "select merchant, store, offers from wares where merchant in "  # noqa: S608
            f"({kept.places(len(handful))}) order by merchant",
            handful,
        )
        stamp = digest(stamp + _pack((handful, rows.fetchall())))
    return stamp


def write_wares(ledger: sqlite3.Connection, path: Path) -> None:
    """Write every offer of an open merchant: its store, sku, GTIN of 14 digits or nothing."""
    with path.open("w", encoding="utf-8") as file:
        for store, raw in ledger.execute("select store, offers from wares"):
            wares = _wares(raw)
            gtins = (w.gtin.zfill(14) if w.gtin else "" for w in wares)
            lines = [f"{store}\t{w.sku}\t{g}\n" for w, g in zip(wares, gtins, strict=True)]
            file.write("".join(lines) or f"{store}\t\t\n")


def closed_stores(ledger: sqlite3.Connection) -> tuple[str, ...]:
    """Return the store codes of closed merchants that no open one goes by."""
    keys = kept.keys_between(ledger, "was:store:", "was:store;")
    codes = {key.removeprefix("was:store:") for key in keys}
    return tuple(sorted(codes - {s for s in codes if kept.holders(ledger, f"store:{s}")}))


def shared_stores(ledger: sqlite3.Connection) -> tuple[str, ...]:
    """Return the store codes that several open merchants claim."""
    rows = ledger.execute("select store from wares group by store having count(*) > 1")
    return tuple(sorted(store for (store,) in rows))
