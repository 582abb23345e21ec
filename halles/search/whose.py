"""Whose records to make, and making them: merchants, and products that several may sell.

A merchant's record travels once to where that is done, whatever of it is asked for.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator

import msgspec
from msgspec import Struct

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Mark, same_gtin
from halles.model import Merchant
from halles.search.records import Bearing, Found, Sold, gtin_records, merchant_records

GTIN = "gtin:"
_unpack_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode
_merchant = msgspec.msgpack.Decoder(Merchant).decode


class Whose(Struct, array_like=True, frozen=True):
    """Whose records to make: merchants with their GTINs that have pages, and such GTINs."""

    merchants: list[tuple[msgspec.Raw, tuple[str, ...]]] = []
    gtins: list[tuple[str, list[str]]] = []
    """With the ids of those who sell them."""
    sellers: dict[str, msgspec.Raw] = {}


def records_of(
    whose: Whose,
    bearing: Bearing,
    languages: tuple[str, ...] = (),
    only: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, dict[tuple[str, str], dict[str, list[Found]]]]]:
    """Yield each merchant or GTIN, with its records by (region, cell), then by language.

    ``only`` these cells, where any are named, at least.
    """
    ways = Ways(bearing.languages, "")
    for record, paged in whose.merchants:
        merchant, found = _merchant(record), _Cells()
        for lang in languages or bearing.languages:
            made = merchant_records(merchant, frozenset(paged), bearing, lang, ways, only)
            for cell, one in made:
                found.add(merchant.region, cell, lang, one)
        yield merchant.id, found.cells
    goods = {seller: _goods(_merchant(raw)) for seller, raw in whose.sellers.items()}
    for gtin, sellers in whose.gtins:
        sold = [one for seller in sellers for one in goods[seller].get(gtin, ())]
        found = _Cells()
        for lang in (languages or bearing.languages) if sold else ():
            for region, cell, one in gtin_records(gtin, sold, bearing, lang, ways):
                found.add(region, cell, lang, one)
        yield f"{GTIN}{gtin}", found.cells


def _goods(merchant: Merchant) -> dict[str, list[Sold]]:
    """Return what a merchant sells, by GTIN."""
    found: dict[str, list[Sold]] = {}
    for product in merchant.products:
        if product.gtin:
            found.setdefault(same_gtin(product.gtin), []).append(Sold(merchant, product))
    return found


class _Cells:
    def __init__(self) -> None:
        self.cells: dict[tuple[str, str], dict[str, list[Found]]] = {}

    def add(self, region: str, cell: str, lang: str, found: Found) -> None:
        self.cells.setdefault((region, cell), {}).setdefault(lang, []).append(found)


def whose(
    ledger: sqlite3.Connection, merchants: Collection[str], gtins: Iterable[str], policy: str
) -> Whose:
    """Return these merchants and GTINs with all that their records are made of."""
    sellers = {}
    for gtin in gtins:
        ids = kept.holders(ledger, f"{GTIN}{gtin}")
        if _has_page(len(ids), policy):
            sellers[gtin] = sorted(ids)
    selling = {m for ids in sellers.values() for m in ids}
    records: dict[str, tuple[bytes, bytes]] = {}
    for handful in kept.in_handfuls(sorted({*merchants, *selling})):
        rows = ledger.execute(
            f"select id, record, marks from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        records |= {m: (record, marks) for m, record, marks in rows}
    there = [records[m] for m in merchants if m in records]
    return Whose(
        [(msgspec.Raw(record), _paged(ledger, marks, policy)) for record, marks in there],
        [(gtin, [m for m in ids if m in records]) for gtin, ids in sellers.items()],
        {m: msgspec.Raw(records[m][0]) for m in sorted(selling) if m in records},
    )


def gtins_in(marks: bytes) -> list[str]:
    """Return the GTINs that a merchant's marks name."""
    if b"gtin:" not in marks:
        return []
    keys = (mark.key for mark in _unpack_marks(marks))
    return [key.removeprefix(GTIN) for key in keys if key.startswith(GTIN)]


def _has_page(sellers: int, policy: str) -> bool:
    return sellers >= {"all": 1, "shared": 2}.get(policy, 1 << 30)


def _paged(ledger: sqlite3.Connection, marks: bytes, policy: str) -> tuple[str, ...]:
    """Return the GTINs of a merchant that have a page."""
    gtins = [] if policy == "none" else gtins_in(marks)
    if policy != "shared":
        return tuple(gtins)
    return tuple(g for g in gtins if len(kept.holders(ledger, f"{GTIN}{g}")) > 1)
