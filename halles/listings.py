"""Listings: which of their pages may differ, each with who is on it and the counts beside it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

from halles import ledger as kept
from halles.catalogue import Catalogue
from halles.change import LISTINGS, Change
from halles.digest import brief
from halles.facts import Slice, Tally, packed
from halles.members import marks_of, members
from halles.render import Group


def listing_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue, page_size: int
) -> Iterator[tuple[Group, bytes]]:
    """Yield the pages of listings that may differ, each with a stamp."""
    for listing in sorted(_listings(ledger, change, catalogue)):
        yield from _slices(ledger, listing, change, catalogue, page_size)


def _listings(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> set[tuple[str, str]]:
    """Return (kind, key) of each listing that may differ."""
    touched = change.touched
    found = {
        (kind, name)
        for kind, _, name in (key.partition(":") for key in touched.members)
        if kind in LISTINGS
    }
    for marks in marks_of(ledger, touched.cards):
        names = (m.key.partition(":") for m in marks)
        found.update((kind, name) for kind, _, name in names if kind in LISTINGS)
    if touched.members or touched.cards:
        found.update(("campaign", c) for c in catalogue.campaigns)
    for name in change.facts:
        family, _, of = name.partition(":")
        kind, _, key = of.partition(":")
        if family in ("text", "ids") and kind in LISTINGS:
            found.add((kind, key))
    for kind in LISTINGS:
        if change.names or change.of(kind):
            found.update((kind, name) for name in _wanted(ledger, kind, catalogue))
            rows = ledger.execute("select key from groups where kind = ?", (kind,))
            found.update((kind, key.partition("#")[0]) for (key,) in rows)
    # A category counts its children, a region its categories: their first pages hold tallies.
    for kind, name in list(found):
        region, _, category = name.partition("/") if kind == "shelf" else ("", "", name)
        if kind in ("shelf", "category"):
            found.add(("category", category))
            branch = catalogue.categories.get(category)
            above = branch.parent if branch else None
            found |= {("category", above)} if above else set()
            found |= {("region", region)} if region else set()
            found |= {("shelf", f"{region}/{above}")} if region and above else set()
    return found


def _wanted(ledger: sqlite3.Connection, kind: str, catalogue: Catalogue) -> Iterator[str]:
    if kind == "shelf":
        keys = kept.keys_between(ledger, "shelf:", "shelf;")
        yield from (key.removeprefix("shelf:") for key in keys)
    else:
        yield from _small(kind, catalogue)


def _exists(kind: str, name: str, ids: list[str], catalogue: Catalogue) -> bool:
    if kind == "shelf":
        region, _, category = name.partition("/")
        return bool(ids) and region in catalogue.regions and category in catalogue.categories
    return name in _small(kind, catalogue)


def _small(kind: str, catalogue: Catalogue) -> Mapping[str, object]:
    """Return the small records that listings of a kind are of."""
    known: dict[str, Mapping[str, object]] = {
        "region": catalogue.regions,
        "category": catalogue.categories,
        "label": catalogue.labels,
        "campaign": catalogue.campaigns,
    }
    return known[kind]


def _slices(
    ledger: sqlite3.Connection,
    listing: tuple[str, str],
    change: Change,
    catalogue: Catalogue,
    page_size: int,
) -> Iterator[tuple[Group, bytes]]:
    """Yield the pages of one listing that may differ: another slice, another card, other words."""
    kind, name = listing
    ids = members(ledger, kind, name, catalogue)
    there = {
        int(key.rpartition("#")[2]): stamp
        for key, stamp in ledger.execute(
            "select key, stamp from groups where kind = ? and key >= ? and key < ?",
            (kind, f"{name}#", f"{name}$"),
        )
    }
    pages = -(-len(ids) // page_size) or 1 if _exists(kind, name, ids, catalogue) else 0
    tally = _tally(ledger, kind, name, len(ids), catalogue) if pages else None
    forced = change.names or change.of(kind) or f"text:{kind}:{name}" in change.facts
    for number in range(1, pages + 1):
        here = tuple(ids[(number - 1) * page_size : number * page_size])
        facts = [(f"slice:{kind}:{name}#{number}", packed(Slice(here, pages)))]
        if number == 1 and tally is not None:
            facts.append((f"tally:{kind}:{name}", packed(tally)))
        stamp = brief([raw for _, raw in facts])
        if forced or there.get(number) != stamp or not change.touched.cards.isdisjoint(here):
            yield Group(kind, f"{name}#{number}", facts), stamp
    for number in there.keys() - set(range(1, pages + 1)):
        yield Group(kind, f"{name}#{number}"), b""


def _tally(
    ledger: sqlite3.Connection, kind: str, name: str, total: int, catalogue: Catalogue
) -> Tally:
    """Return the counts that stand beside a listing's first page."""
    found: list[tuple[str, str, int]] = []
    if kind == "region":
        found = counts(ledger, f"shelf:{name}/", "category", catalogue.roots())
    elif kind == "shelf":
        region, _, category = name.partition("/")
        children = catalogue.categories[category].children
        found = counts(ledger, f"shelf:{region}/", "category", children)
    elif kind == "category":
        found = counts(ledger, "category:", "category", catalogue.categories[name].children)
        found += [
            ("region", region, n)
            for region in catalogue.regions
            if (n := kept.count(ledger, f"shelf:{region}/{name}"))
        ]
    return Tally(total, tuple(found))


def counts(
    ledger: sqlite3.Connection, prefix: str, family: str, ids: Iterable[str]
) -> list[tuple[str, str, int]]:
    """Return (family, id, merchants) of those that any merchant stands under."""
    return [(family, i, n) for i in ids if (n := kept.count(ledger, f"{prefix}{i}"))]
