"""Open data: which of its files may differ, and the merchants of each, read when its turn comes.

A region of many merchants is cut in parts by a digest of their ids, so that an edit rewrites one
small part; and files of all of it are only made where making them again costs little.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles import ledger as kept
from halles.catalogue import Catalogue
from halles.change import Change
from halles.digest import brief, digest
from halles.facts import Holding, Holdings, packed
from halles.pages.data import INDEX, WHOLE
from halles.render import Group

A_MERCHANT = 6
"""What a merchant costs to write, where a product costs one."""
A_PART, A_WHOLE = 12_000, 40_000
"""What a part may cost, on average, and files of the whole: some 60 ms, and 200."""
FEW = 500
"""Merchants up to which the part of each is looked for; beyond, all parts are looked at."""


def holdings(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> tuple[dict[str, int], list[tuple[Group, bytes]]]:
    """Return the files that may differ, and the index with a stamp.

    Of the files, their keys and in how many parts their region is cut: none if they have gone.
    """
    touched = change.touched.merchants
    anew = change.all or "about" in change.facts
    if not (anew or touched or change.names or change.of("data")):
        return {}, []
    held = _held(ledger, catalogue)
    facts = [("holdings:all", packed(held))]
    stamp = brief(facts)
    there = dict(ledger.execute("select key, stamp from groups where kind = 'data'"))
    index = []
    if anew or change.names or change.of("data") or there.pop(INDEX, b"") != stamp:
        index.append((Group("data", INDEX, facts), stamp))
    there.pop(INDEX, None)
    parts = {holding.region: holding.parts for holding in held.regions}
    parts |= {WHOLE: 1} if held.whole else {}
    wanted = {key: count for region, count in parts.items() for key in _keys(region, count)}
    if anew or len(touched) > FEW:
        found = wanted.keys() | there.keys()
    else:
        found = wanted.keys() ^ there.keys()
        recut = {key.partition("#")[0] for key in found}
        found |= {key for key in wanted if key.partition("#")[0] in recut}
        found |= {WHOLE} & wanted.keys() if touched else set()
        for merchant in touched:
            for region in {*change.touched.regions, *_region_of(ledger, merchant)} & parts.keys():
                found.add(_key(region, merchant, parts[region]))
    return {key: wanted.get(key, 0) for key in found}, index


def _held(ledger: sqlite3.Connection, catalogue: Catalogue) -> Holdings:
    """Return how much there is of each region; products are those of open merchants."""
    rows = ledger.execute(
        "select region, count(*), sum(products * open) from merchants group by region"
    )
    counted = {region: (count, products) for region, count, products in rows}
    found = []
    for region in catalogue.regions:
        count, products = counted.get(region, (0, 0))
        parts = 1
        while count * A_MERCHANT + products > parts * A_PART:
            parts *= 2
        found.append(Holding(region, count, products, parts))
    cost = sum(h.merchants * A_MERCHANT + h.products for h in found)
    return Holdings(tuple(found), cost <= A_WHOLE)


def _keys(region: str, parts: int) -> Iterator[str]:
    """Yield the keys of a region's files."""
    yield from [region] if parts == 1 else (f"{region}#{i + 1}" for i in range(parts))


def _key(region: str, merchant: str, parts: int) -> str:
    return region if parts == 1 else f"{region}#{_part(merchant, parts)}"


def _part(merchant: str, parts: int) -> int:
    return int.from_bytes(digest(merchant.encode())[:4], "big") % parts + 1


def _region_of(ledger: sqlite3.Connection, merchant: str) -> tuple[str, ...]:
    row = ledger.execute("select region from merchants where id = ?", (merchant,)).fetchone()
    return tuple(row or ())


def filled(ledger: sqlite3.Connection, key: str, parts: int) -> Group:
    """Return a file's group with its merchants, read just now: one group at a time is in memory."""
    if not parts:
        return Group("data", key)
    region, _, part = key.partition("#")
    some = "" if key == WHOLE else "where region = ?"
    every = ledger.execute(f"select id from merchants {some}", (region,) if some else ())  # noqa: S608
    ids = sorted(m for (m,) in every if parts == 1 or _part(m, parts) == int(part))
    records = dict(kept.records(ledger, ids))  # of a large region, only those of this part
    here = [msgspec.Raw(records[merchant]) for merchant in ids]
    return Group("data", key, [(f"rows:{key}", packed(here))])
