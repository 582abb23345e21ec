"""Which bundles there should be, and what stands for each, by what the ledger says is found."""

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

from halles.addresses import Ways
from halles.catalogue import Catalogue
from halles.digest import digest
from halles.search.bundle import SITE
from halles.search.cut import Cut, cuts, holds
from halles.search.places import site_records
from halles.search.sought import Moved

_pack = msgspec.msgpack.Encoder().encode


class Wanted(msgspec.Struct, frozen=True):
    """A bundle to make, and why. The site's own has no language, since it holds each."""

    lang: str
    region: str
    cut: Cut
    stamp: bytes
    count: int
    why: str


def wanted(
    ledger: sqlite3.Connection,
    regions: Iterable[str],
    moved: Moved,
    catalogue: Catalogue,
    made_by: bytes,
) -> Iterator[Wanted]:
    """Yield the bundles of some regions as they should be."""
    tree = {c.id: c.children for c in catalogue.categories.values()}
    languages = moved.bearing.languages
    for region in sorted(set(regions) - {""}):
        query = "select cell, sum(count) from sought where region = ? group by cell"
        counts = dict(ledger.execute(query, (region,)).fetchall())
        movers = sorted(set(moved.regions.get(region, ())))
        why = "new bundle" if moved.anew else _why(movers)
        for cut in cuts(region, counts, tree):
            parts: list[bytes] = []
            count = 0
            for who, rows, stamp in holders(ledger, region, cut):
                parts.append(who.encode() + b"\0" + stamp)
                count += rows
            for i, lang in enumerate(languages):
                said = [p[: -8 * len(languages)] + _of(p, i, len(languages)) for p in parts]
                stamp = digest(made_by + b"\0".join(said))
                yield Wanted(lang, region, cut, stamp, count, why)


def _why(movers: list[str]) -> str:
    if not movers:
        return "made by another indexer, or not made yet"
    more = f" and {len(movers) - 3} more" if len(movers) > 3 else ""
    return f"{', '.join(movers[:3])}{more} changed"


def _of(part: bytes, i: int, languages: int) -> bytes:
    """Return what stands for someone's records in one language."""
    return part[-8 * languages :][8 * i : 8 * i + 8]


def holders(ledger: sqlite3.Connection, region: str, cut: Cut) -> Iterator[tuple[str, int, bytes]]:
    """Yield who has records in a bundle, with their number and what stands for them."""
    for cell in cut.cells:
        query = "select who, count, stamp from sought where region = ? and cell = ? order by who"
        for who, count, stamp in ledger.execute(query, (region, cell)):
            if holds(cut, who):
                yield who, count, stamp


def the_site(catalogue: Catalogue, ways: Ways, made_by: bytes) -> Wanted:
    """Return the site's own bundle as it should be."""
    records = list(site_records(catalogue, ways))
    stamp = digest(made_by + _pack(records))
    return Wanted("", "", Cut(SITE, SITE, ()), stamp, len(records), "places changed")
