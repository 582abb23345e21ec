"""From what was touched to the groups of pages that may have changed, with their facts.

A group that is named here in vain costs a look at its facts; one that is forgotten here is a stale
page. So each reason why a page can change stands below, once.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import msgspec

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Catalogue
from halles.change import SHOWN, Change
from halles.charts import chart_groups
from halles.facts import Raw, Tally, packed
from halles.holdings import holdings
from halles.listings import counts, listing_groups
from halles.members import marks_of
from halles.neighbours import refresh
from halles.packs import pack_groups
from halles.pictures import SITE
from halles.pointfiles import almanac_of, point_groups
from halles.public import arrivals, news_groups, news_moved, public_groups
from halles.read.harvest import Touched
from halles.render import Group
from halles.restocked import restocked_groups
from halles.shards import shard_groups
from halles.sitemaps import sitemap_groups
from halles.stock import shelves
from halles.towns import towns_path

_unpack_tallies = msgspec.msgpack.Decoder(tuple[tuple[str, bytes], ...]).decode


@dataclass(slots=True)
class Plan:
    """Which groups to look at, and the facts of those that are not made of merchants."""

    merchants: set[str] = field(default_factory=set)
    gtins: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    """Stems of pictures to draw, or to take away."""
    others: dict[tuple[str, str], Group] = field(default_factory=dict)
    stamps: dict[tuple[str, str], bytes] = field(default_factory=dict)
    data: dict[str, int] = field(default_factory=dict)
    """Files of open data, and in how many parts their region is cut."""

    def __len__(self) -> int:
        counted = (self.merchants, self.gtins, self.pictures, self.others, self.data)
        return sum(map(len, counted))

    def add(self, group: Group, stamp: bytes = b"") -> None:
        """Add a group that is not made of merchants; the stamp is what it is known by next time."""
        self.others[group.kind, group.key] = group
        self.stamps[group.kind, group.key] = stamp

    def keys(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, key) of every group."""
        yield from (("merchant", m) for m in self.merchants)
        yield from (("product", g) for g in self.gtins)
        yield from (("picture", p) for p in self.pictures)
        yield from (("data", key) for key in self.data)
        yield from self.others


def at_once(change: Change) -> set[str]:
    """Return merchants whose pages can be rendered while the rest is planned.

    So it is where a snapshot came and nothing else: of a build that is killed before all is
    planned, the ledger knows another snapshot than the current one, and all is told anew.
    """
    touched, stock = change.touched, change.stock
    alone = touched == Touched(days=touched.days) and len(set(touched.days)) == 1
    other = change.facts or change.kinds or change.all
    return set(stock.merchants) if stock.current and alone and not other else set()


def plan(
    ledger: sqlite3.Connection,
    change: Change,
    catalogue: Catalogue,
    ways: Ways,
    page_size: int,
    assets: Mapping[str, bytes],
) -> Plan:
    """Return the groups to look at."""
    shelves.refresh(ledger, change.stock)
    found = Plan()
    found.merchants = set(_merchants(ledger, change))
    found.gtins = set(_gtins(ledger, change, found.merchants))
    if change.policy == "shared":
        found.merchants |= _sharing(ledger, change)
    touched = change.touched
    found.merchants |= refresh(ledger, catalogue, touched.members, touched.cards, touched.merchants)
    found.pictures = set(_pictures(ledger, change))
    for group in chain(
        _single(ledger, change, catalogue),
        _shares(ledger, change, catalogue),
        _assets(ledger, change, assets),
        chart_groups(ledger, change, catalogue),
    ):
        found.add(group)
    found.data, index = holdings(ledger, change, catalogue)
    for group, stamp in chain(
        listing_groups(ledger, change, catalogue, page_size),
        restocked_groups(ledger, change, catalogue),
        shard_groups(ledger, change),
        index,
        public_groups(ledger, change, catalogue),
        news_groups(ledger, change, catalogue),
        point_groups(ledger, change, catalogue, ways, almanac_of(ledger)),
    ):
        found.add(group, stamp)
    if change.touched.regions or change.facts or change.all or change.counted(*SHOWN):
        for group, stamp in sitemap_groups(ledger, change, catalogue, ways, page_size):
            found.add(group, stamp)
    if _moved(change) or change.of("choices"):
        for group, stamp in pack_groups(ledger, change, catalogue, ways, page_size):
            found.add(group, stamp)
    return found


def _moved(change: Change) -> bool:
    """Tell whether a region may have other pages, or other things to show on them."""
    touched = change.touched
    moved = touched.regions or touched.cards or change.counted("region", "shelf")
    return bool(moved or change.facts)


def _merchants(ledger: sqlite3.Connection, change: Change) -> Iterator[str]:
    """Yield the merchants whose own pages may differ."""
    yield from change.touched.merchants
    yield from change.stock.merchants
    if change.of("merchant") or "report" in change.facts:
        yield from (m for (m,) in ledger.execute("select id from merchants"))
        yield from (k for (k,) in ledger.execute("select key from groups where kind = 'merchant'"))
        return
    first, last = sorted(change.touched.days)  # evidence of origin runs out
    for key in kept.keys_between(ledger, f"until:{first}", f"until:{last}"):
        yield from kept.holders(ledger, key)
    for key in change.touched.seen:  # other shops of one enterprise name each other
        if key.startswith("neq:"):
            yield from kept.holders(ledger, key)
    for name in change.facts:
        if name.startswith(("region:", "category:", "label:")):
            yield from kept.holders(ledger, name)
            yield from kept.holders(ledger, f"was:{name}")
        elif name.startswith("share:region:"):  # who has no photo shares that of the region
            region = name.removeprefix("share:")
            yield from kept.holders(ledger, region)
            yield from kept.holders(ledger, f"was:{region}")


def _gtins(ledger: sqlite3.Connection, change: Change, merchants: Iterable[str]) -> Iterator[str]:
    """Yield the GTINs whose page may differ: those of the merchants above, then and now."""
    seen = change.touched.seen | change.touched.members
    yield from (key.removeprefix("gtin:") for key in seen if key.startswith("gtin:"))
    if change.of("product"):
        keys = kept.keys_between(ledger, "gtin:", "gtin;")
        yield from (key.removeprefix("gtin:") for key in keys)
        yield from (k for (k,) in ledger.execute("select key from groups where kind = 'product'"))
        return
    for marks in marks_of(ledger, merchants):
        yield from (m.key.removeprefix("gtin:") for m in marks if m.key.startswith("gtin:"))


def _sharing(ledger: sqlite3.Connection, change: Change) -> set[str]:
    """Return the merchants of each GTIN that gained or lost a seller: it may have a page now."""
    gtins = [key for key in change.touched.counted if key.startswith("gtin:")]
    return {m for key in gtins for m in kept.holders(ledger, key)}


# Pages that a site has once


def _single(ledger: sqlite3.Connection, change: Change, catalogue: Catalogue) -> Iterator[Group]:
    moved = change.counted("region", "category")
    texts = {name for name in change.facts if name.startswith(("text:", "ids:"))}
    placed = any(name.startswith("spot:") for name in change.facts)
    shown = moved or texts or placed or change.names or change.of("home") or change.of("find")
    shown = shown or change.of("map")
    towns, file = towns_path(ledger, change)
    if file:
        yield file
    if shown or file or news_moved(ledger, change):
        tallies = _tallies(ledger, catalogue, anew=bool(moved or change.facts or change.all))
        facts = [*tallies, ("news:home", packed(arrivals(ledger, catalogue)))]
        yield Group("map", "map", facts[:1])
        yield from (Group("home", key, facts) for key in ("home", "regions", "categories", "404"))
        yield Group("find", "find", [*facts[:2], ("towns:site", packed(towns))])
    if change.of("choices") or "shell" in change.facts:
        yield from (Group("choices", key) for key in ("list", "offline", "worker"))
    if texts or change.of("page"):
        there = ledger.execute("select key from groups where kind = 'page'")
        for key in sorted({*catalogue.pages, *(k for (k,) in there)}):
            yield Group("page", key)


def _tallies(
    ledger: sqlite3.Connection, catalogue: Catalogue, *, anew: bool
) -> tuple[tuple[str, bytes], ...]:
    """Return how many merchants there are, in all and by region and category, as facts.

    To count is to look at every mark: it is done ``anew`` where one came or went.
    """
    raw = None if anew else kept.recall(ledger, "tallies")
    if raw is not None:
        return _unpack_tallies(raw)
    home = Tally(
        ledger.execute("select count(*) from merchants where open").fetchone()[0],
        (
            *(("region", r, kept.count(ledger, f"region:{r}")) for r in catalogue.regions),
            *counts(ledger, "category:", "category", catalogue.roots()),
        ),
    )
    every = Tally(
        home.total,
        tuple(("category", c, kept.count(ledger, f"category:{c}")) for c in catalogue.categories),
    )
    found = ("tally:home", packed(home)), ("tally:categories", packed(every))
    kept.remember(ledger, "tallies", packed(found))
    return found


def _assets(
    ledger: sqlite3.Connection, change: Change, assets: Mapping[str, bytes]
) -> Iterator[Group]:
    if not change.of("asset"):
        return
    there = {key for (key,) in ledger.execute("select key from groups where kind = 'asset'")}
    for key in sorted({*assets, *there}):
        facts = [(f"raw:{key}", packed(Raw(assets[key])))] if key in assets else []
        yield Group("asset", key, facts)


# Pictures


def _pictures(ledger: sqlite3.Connection, change: Change) -> Iterator[str]:
    """Yield the pictures that pages began or ceased to show."""
    yield from change.touched.pictures
    if change.all:
        yield from (s for (s,) in ledger.execute("select stem from media where stem is not null"))
        yield from (k for (k,) in ledger.execute("select key from groups where kind = 'picture'"))


def _shares(ledger: sqlite3.Connection, change: Change, catalogue: Catalogue) -> Iterator[Group]:
    """Yield the site, regions and categories whose name, or the site's, is drawn otherwise."""
    keys = {n.removeprefix("share:") for n in change.facts if n.startswith("share:")}
    if change.all:
        keys.add(SITE)
        keys.update(f"region:{region}" for region in catalogue.regions)
        keys.update(f"category:{category}" for category in catalogue.categories)
        keys.update(k for (k,) in ledger.execute("select key from groups where kind = 'share'"))
    yield from (Group("share", key) for key in sorted(keys))
