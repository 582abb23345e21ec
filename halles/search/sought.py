"""What there is to find, in the ledger: who has which records where, and what stands for them.

An edit makes the records of those it touches, and compares: a bundle is made again if what stands
for any of its records differs. Nobody else's records are looked at.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from halles import ledger as kept
from halles.catalogue import Catalogue
from halles.change import Change
from halles.digest import brief
from halles.search.records import Bearing, Found, stamp, terms_of
from halles.search.whose import GTIN, Whose, gtins_in, records_of, whose

A_JOB = 200
_pack = msgspec.msgpack.Encoder().encode
Map = Callable[["SoughtWork", Iterable[bytes], int], Iterator[bytes]]


class Row(Struct, array_like=True, frozen=True):
    """What the ledger keeps of someone's records in one cell: eight bytes a language."""

    region: str
    cell: str
    who: str
    count: int
    stamp: bytes


class SoughtWork:
    """The work of making records and telling what stands for them; it can travel."""

    def __init__(self, bearing: Bearing) -> None:
        self.bearing = bearing

    def __call__(self, raw: bytes) -> bytes:
        """Do one job: a Whose in, Rows out."""
        whose = msgspec.msgpack.decode(raw, type=Whose)
        found = records_of(whose, self.bearing)
        return _pack([row for who, cells in found for row in _rows(who, cells, self.bearing)])


def _rows(
    who: str, cells: dict[tuple[str, str], dict[str, list[Found]]], bearing: Bearing
) -> Iterator[Row]:
    for (region, cell), of in cells.items():
        stamps = b"".join(stamp(of[lang]) for lang in bearing.languages)
        yield Row(region, cell, who, len(of[bearing.languages[0]]), stamps)


@dataclass(slots=True)
class Moved:
    """What differs from the last build: regions, and who moved in each."""

    bearing: Bearing
    regions: dict[str, list[str]] = field(default_factory=dict)
    anew: bool = False
    """Whether nothing was known before."""


def may_move(ledger: sqlite3.Connection, change: Change, languages: tuple[str, ...]) -> bool:
    """Tell whether any record can be another than it was.

    A stock snapshot moves none, unless the site's day has come to which evidence was valid.
    """
    touched = change.touched
    read = touched.merchants or touched.seen or touched.members or touched.counted
    before = kept.recall(ledger, "search")
    same = before == _ground(change, languages) + _stamp_of_smalls(ledger)
    return bool(change.all or not same or read or touched.days[0] != touched.days[1])


def _ground(change: Change, languages: tuple[str, ...]) -> bytes:
    return brief((languages, change.policy))


def seek(
    ledger: sqlite3.Connection,
    change: Change,
    catalogue: Catalogue,
    languages: tuple[str, ...],
    run: Map,
) -> Moved:
    """Bring what there is to find up to date, and return what that moved."""
    ground, smalls = _ground(change, languages), _stamp_of_smalls(ledger)
    anew = change.all or (kept.recall(ledger, "search") or b"")[:8] != ground
    terms = {lang: terms_of(catalogue, lang) for lang in languages}
    bearing = Bearing(languages, change.policy, change.touched.days[1], terms)
    moved = Moved(bearing, anew=anew)
    if anew:
        gone = {who for (who,) in ledger.execute("select distinct who from sought")}
        gtins = {k.removeprefix(GTIN) for k in kept.keys_between(ledger, GTIN, "gtin;")}
        gtins |= {who.removeprefix(GTIN) for who in gone if who.startswith(GTIN)}
        merchants = {m for (m,) in ledger.execute("select id from merchants")}
        merchants |= {who for who in gone if not who.startswith(GTIN)}
    else:
        merchants, gtins = _touched(ledger, change, bearing)
    kept.remember(ledger, "search", ground + smalls)
    _remember_terms(ledger, bearing)
    then = _rows_of(ledger, [*merchants, *(f"{GTIN}{g}" for g in gtins)])
    now: dict[str, list[Row]] = {}
    jobs = _jobs(ledger, merchants, gtins, change.policy)
    for answer in run(SoughtWork(bearing), jobs, len(merchants) + len(gtins)):
        for row in msgspec.msgpack.decode(answer, type=list[Row]):
            now.setdefault(row.who, []).append(row)
    for who in sorted(then.keys() | now.keys()):
        old, new = set(then.get(who, ())), set(now.get(who, ()))
        for row in old ^ new:
            moved.regions.setdefault(row.region, []).append(who)
        if old != new:
            ledger.execute("delete from sought where who = ?", (who,))
            ledger.executemany(
                "insert into sought values (?, ?, ?, ?, ?)",
                [msgspec.structs.astuple(r) for r in new],
            )
    return moved


def _stamp_of_smalls(ledger: sqlite3.Connection) -> bytes:
    """Return what stands for regions, categories and the other small records."""
    query = "select substr(value, 1, 16) from meta where name = 'smalls'"
    row = ledger.execute(query).fetchone()
    return bytes(row[0]) if row else b""


def _touched(
    ledger: sqlite3.Connection, change: Change, bearing: Bearing
) -> tuple[set[str], set[str]]:
    """Return the merchants and GTINs whose records may be others."""
    touched = change.touched
    merchants = set(touched.merchants)
    first, last = sorted(touched.days)
    for key in kept.keys_between(ledger, f"until:{first}", f"until:{last}"):
        merchants.update(kept.holders(ledger, key))
    for key in _other_terms(ledger, bearing):
        merchants.update(kept.holders(ledger, key))
    if change.policy == "shared":
        for key in touched.counted:
            if key.startswith(GTIN):
                merchants.update(kept.holders(ledger, key))
    seen = touched.seen | touched.members
    gtins = {key.removeprefix(GTIN) for key in seen if key.startswith(GTIN)}
    for handful in kept.in_handfuls(merchants):
        rows = ledger.execute(
            f"select marks from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        for (raw,) in rows:
            gtins.update(gtins_in(raw))
    return merchants, gtins


def _stamps_of_terms(bearing: Bearing) -> dict[str, bytes]:
    of = bearing.terms.values()
    names = {c for terms in of for c in terms.trades}
    found = {f"category:{c}": brief([t.trades.get(c) for t in of]) for c in sorted(names)}
    regions = {r for terms in of for r in terms.regions}
    return found | {f"region:{r}": brief([t.regions.get(r) for t in of]) for r in sorted(regions)}


def _other_terms(ledger: sqlite3.Connection, bearing: Bearing) -> list[str]:
    """Return the categories and regions that are searched by other words than they were."""
    raw, now = kept.recall(ledger, "search terms"), _stamps_of_terms(bearing)
    before: dict[str, bytes] = msgspec.msgpack.decode(raw) if raw else {}
    return [k for k in sorted(before.keys() | now.keys()) if before.get(k) != now.get(k)]


def _remember_terms(ledger: sqlite3.Connection, bearing: Bearing) -> None:
    kept.remember(ledger, "search terms", _pack(_stamps_of_terms(bearing)))


def _rows_of(ledger: sqlite3.Connection, whos: Iterable[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    if not ledger.execute("select 1 from sought limit 1").fetchone():
        return found
    for handful in kept.in_handfuls(whos):
        rows = ledger.execute(
            "select region, cell, who, count, stamp from sought where who in "  # noqa: S608
            f"({kept.places(len(handful))})",
            handful,
        )
        for row in rows:
            found.setdefault(row[2], []).append(Row(*row))
    return found


def _jobs(
    ledger: sqlite3.Connection, merchants: Iterable[str], gtins: Iterable[str], policy: str
) -> Iterator[bytes]:
    for handful in kept.in_handfuls(sorted(merchants), A_JOB):
        yield _pack(whose(ledger, handful, (), policy))
    for handful in kept.in_handfuls(sorted(gtins), A_JOB):
        yield _pack(whose(ledger, (), handful, policy))
