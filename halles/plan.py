"""From what was touched to the groups of pages that may have changed, with their facts.

A group that is named here in vain costs a look at its facts; one that is forgotten here is a stale
page. So each reason why a page can change stands below, once.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Catalogue, Mark
from halles.charts import Sources, chart_groups
from halles.digest import brief
from halles.facts import Outlet, Raw, Slice, Tally, packed
from halles.holdings import filled, holdings
from halles.members import members
from halles.neighbours import lists_of, refresh
from halles.outlets import outlets_of
from halles.packs import pack_groups
from halles.pictures import SITE
from halles.pointfiles import almanac_of, point_groups
from halles.public import arrivals, news_groups, news_moved, public_groups
from halles.read.harvest import Touched
from halles.read.pictures import MARK as MEDIA
from halles.read.pictures import negative_of
from halles.render import NOTHING, Group, Job
from halles.restocked import back_in_stock
from halles.sitemaps import sitemap_groups
from halles.stock import shelves
from halles.stock.shelves import StockChange, stock_of
from halles.stock.shown import EMPTY, shard_stamp
from halles.towns import towns_path

_unpack_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode
LISTINGS = ("region", "shelf", "category", "label", "campaign")
TIMED = (*LISTINGS, "merchant", "map")
"""Kinds that tell whether a merchant is open."""
SITED = ("region", "shelf", "category", "merchant", "product", "home", "map", "chart")
"""Kinds that have a map."""
SHOWN = (*LISTINGS, "gtin", "tag")
"""What a merchant can come to or leave so that a page comes or goes."""
MERCHANTS_A_JOB = 24
PAGES_A_JOB = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything that differs from the last build."""

    touched: Touched
    facts: frozenset[str]
    """Shared facts that differ, in some language."""
    kinds: frozenset[str]
    """Page kinds with another template."""
    stock: StockChange
    zone: str
    policy: str
    offline: bool
    """Whether readers may keep pages."""
    maps: Sources | None
    """What maps are drawn from; None where there are none."""
    centroids: bytes
    """The table of postal codes, as it stands; empty where there is none."""
    all: bool
    """Whether to look at every page: a first build, an unfinished one, or because asked."""

    @property
    def names(self) -> bool:
        """Whether a region, category or label is called or placed otherwise."""
        families = {name.partition(":")[0] for name in self.facts}
        moved = bool(families & {"site", "region", "category", "label", "share"})
        return self.all or moved or "ids:categories" in self.facts

    def of(self, kind: str) -> bool:
        """Whether every page of a kind must be looked at."""
        timed = "almanac" in self.facts and kind in TIMED
        ground = ("frame:", "maps", "spot:") if kind == "category" else ("frame:", "maps")
        sited = kind in SITED and any(name.startswith(ground) for name in self.facts)
        return self.all or timed or sited or kind in self.kinds or "site" in self.facts


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

    def keys(self) -> Iterator[tuple[str, str]]:
        """Yield (kind, key) of every group."""
        yield from (("merchant", m) for m in self.merchants)
        yield from (("product", g) for g in self.gtins)
        yield from (("picture", p) for p in self.pictures)
        yield from (("data", key) for key in self.data)
        yield from self.others


def plan(
    ledger: sqlite3.Connection,
    change: Change,
    catalogue: Catalogue,
    ways: Ways,
    page_size: int,
    assets: Mapping[str, bytes],
) -> Plan:
    """Return the groups to look at."""
    found = Plan()
    found.merchants = set(_merchants(ledger, change))
    found.gtins = set(_gtins(ledger, change, found.merchants))
    if change.policy == "shared":
        found.merchants |= _sharing(ledger, change)
    touched = change.touched
    found.merchants |= refresh(ledger, catalogue, touched.members, touched.cards, touched.merchants)
    found.pictures = set(_pictures(ledger, change))
    for listing in sorted(_listings(ledger, change, catalogue)):
        _slices(ledger, listing, change, catalogue, page_size, found)
    for group in _single(ledger, change, catalogue):
        found.others[group.kind, group.key] = group
    for group in _shares(ledger, change, catalogue):
        found.others[group.kind, group.key] = group
    for group in _assets(ledger, change, assets):
        found.others[group.kind, group.key] = group
    for group, stamp in _restocked(ledger, change, catalogue):
        found.others[group.kind, group.key] = group
        found.stamps[group.kind, group.key] = stamp
    for group, stamp in _shards(ledger, change):
        found.others[group.kind, group.key] = group
        found.stamps[group.kind, group.key] = stamp
    found.data, index = holdings(ledger, change, catalogue)
    machines = (public_groups, news_groups)
    for group, stamp in (*index, *(g for of in machines for g in of(ledger, change, catalogue))):
        found.others[group.kind, group.key] = group
        found.stamps[group.kind, group.key] = stamp
    for group, stamp in point_groups(ledger, change, catalogue, ways, almanac_of(ledger)):
        found.others[group.kind, group.key] = group
        found.stamps[group.kind, group.key] = stamp
    for group in chart_groups(ledger, change, catalogue, change.maps):
        found.others[group.kind, group.key] = group
    if change.touched.regions or change.facts or change.all or _counted(change, SHOWN):
        for group, stamp in sitemap_groups(ledger, change, catalogue, ways, page_size):
            found.others[group.kind, group.key] = group
            found.stamps[group.kind, group.key] = stamp
    if _moved(change) or change.of("choices"):
        for group, stamp in pack_groups(ledger, change, catalogue, ways, page_size):
            found.others[group.kind, group.key] = group
            found.stamps[group.kind, group.key] = stamp
    return found


def _moved(change: Change) -> bool:
    """Tell whether a region may have other pages, or other things to show on them."""
    touched = change.touched
    moved = touched.regions or touched.cards or _counted(change, ("region", "shelf"))
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
    for marks in _marks(ledger, merchants):
        yield from (m.key.removeprefix("gtin:") for m in marks if m.key.startswith("gtin:"))


def _marks(ledger: sqlite3.Connection, merchants: Iterable[str]) -> Iterator[tuple[Mark, ...]]:
    for handful in kept.in_handfuls(merchants):
        rows = ledger.execute(
            f"select marks from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        yield from (_unpack_marks(marks) for (marks,) in rows)


def _sharing(ledger: sqlite3.Connection, change: Change) -> set[str]:
    """Return the merchants of each GTIN that gained or lost a seller: it may have a page now."""
    gtins = [key for key in change.touched.counted if key.startswith("gtin:")]
    return {m for key in gtins for m in kept.holders(ledger, key)}


# Listings


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
    for marks in _marks(ledger, touched.cards):
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
    found: Plan,
) -> None:
    """Add the pages of one listing that may differ: another slice, another card, other words."""
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
            group = Group(kind, f"{name}#{number}", facts)
            found.others[kind, group.key] = group
            found.stamps[kind, group.key] = stamp
    for number in there.keys() - set(range(1, pages + 1)):
        found.others[kind, f"{name}#{number}"] = Group(kind, f"{name}#{number}")


def _tally(
    ledger: sqlite3.Connection, kind: str, name: str, total: int, catalogue: Catalogue
) -> Tally:
    """Return the counts that stand beside a listing's first page."""
    counts: list[tuple[str, str, int]] = []
    if kind == "region":
        counts = _counts(ledger, f"shelf:{name}/", "category", catalogue.roots())
    elif kind == "shelf":
        region, _, category = name.partition("/")
        children = catalogue.categories[category].children
        counts = _counts(ledger, f"shelf:{region}/", "category", children)
    elif kind == "category":
        counts = _counts(ledger, "category:", "category", catalogue.categories[name].children)
        counts += [
            ("region", region, n)
            for region in catalogue.regions
            if (n := _count(ledger, f"shelf:{region}/{name}"))
        ]
    return Tally(total, tuple(counts))


def _counts(
    ledger: sqlite3.Connection, prefix: str, family: str, ids: Iterable[str]
) -> list[tuple[str, str, int]]:
    return [(family, i, n) for i in ids if (n := _count(ledger, f"{prefix}{i}"))]


def _count(ledger: sqlite3.Connection, key: str) -> int:
    found: int = ledger.execute("select count(*) from marks where key = ?", (key,)).fetchone()[0]
    return found


def _counted(change: Change, families: tuple[str, ...]) -> bool:
    """Tell whether any listing of these families gained or lost a merchant."""
    return any(key.partition(":")[0] in families for key in change.touched.counted)


# Pages that a site has once


def _single(ledger: sqlite3.Connection, change: Change, catalogue: Catalogue) -> Iterator[Group]:
    moved = _counted(change, ("region", "category"))
    texts = {name for name in change.facts if name.startswith(("text:", "ids:"))}
    placed = any(name.startswith("spot:") for name in change.facts)
    shown = moved or texts or placed or change.names or change.of("home") or change.of("find")
    shown = shown or change.of("map")
    towns, file = towns_path(ledger, change)
    if file:
        yield file
    if shown or file or news_moved(ledger, change):
        home = Tally(
            ledger.execute("select count(*) from merchants where open").fetchone()[0],
            (
                *(("region", r, _count(ledger, f"region:{r}")) for r in catalogue.regions),
                *_counts(ledger, "category:", "category", catalogue.roots()),
            ),
        )
        every = Tally(
            home.total,
            tuple(("category", c, _count(ledger, f"category:{c}")) for c in catalogue.categories),
        )
        facts = [
            ("tally:home", packed(home)),
            ("tally:categories", packed(every)),
            ("news:home", packed(arrivals(ledger, catalogue))),
        ]
        yield Group("map", "map", facts[:1])
        yield from (Group("home", key, facts) for key in ("home", "regions", "categories", "404"))
        yield Group("find", "find", [*facts[:2], ("towns:site", packed(towns))])
    if change.of("choices") or "shell" in change.facts:
        yield from (Group("choices", key) for key in ("list", "offline", "worker"))
    if texts or change.of("page"):
        there = ledger.execute("select key from groups where kind = 'page'")
        for key in sorted({*catalogue.pages, *(k for (k,) in there)}):
            yield Group("page", key)


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


def _restocked(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> Iterator[tuple[Group, bytes]]:
    """Yield the regions in which something else is back in stock."""
    ground = change.stock.ground
    forced = change.names or change.of("restocked")
    if not (forced or change.stock.moved or change.touched.merchants):
        return
    there = dict(ledger.execute("select key, stamp from groups where kind = 'restocked'"))
    backs: dict[str, bytes] = {}
    if ground.stamp:
        found = back_in_stock(ledger, catalogue.regions, ground.moment, change.zone, change.policy)
        backs = {region: found.get(region, packed(())) for region in catalogue.regions}
    for region in sorted({*backs, *there}):
        facts = [(f"restocked:{region}", backs[region])] if region in backs else []
        stamp = brief(facts)
        if forced or there.get(region) != stamp:
            yield Group("restocked", region, facts), stamp


def _shards(ledger: sqlite3.Connection, change: Change) -> Iterator[tuple[Group, bytes]]:
    """Yield the shards of live stock that differ, and the manifest that names them all."""
    ground, dirty = change.stock.ground, change.stock.dirty
    if not (change.all or change.stock.moved or any(dirty.values())):
        return
    there = {key for (key,) in ledger.execute("select key from groups where kind = 'shard'")}
    if not ground.stamp and not there:
        return
    hashes = shelves.hashes(ledger, ground.shards if ground.stamp else 0)
    for family in shelves.FAMILIES:
        numbers = set(range(ground.shards)) if change.all else dirty[family]
        used = [n for n in numbers if n < ground.shards and ground.stamp]
        bodies = shelves.shard_bodies(ledger, family, used)
        for number in sorted(numbers):
            key, at = f"{family}{number}", len(EMPTY) * number
            body = bodies.get(number, b"")
            if number < ground.shards and ground.stamp:
                hashes[family][at : at + len(EMPTY)] = shard_stamp(body)
            if body or key in there:
                facts = [(f"raw:{key}", packed(Raw(body)))] if body else []
                yield Group("shard", key, facts), b""
    shelves.remember_hashes(ledger, hashes)
    names = {family: found.hex() for family, found in hashes.items()}
    facts = []
    if ground.stamp:
        manifest = msgspec.json.encode({"at": ground.moment.now, **names})
        facts = [("raw:manifest", packed(Raw(manifest)))]
    yield Group("shard", "manifest", facts), brief(facts)


# Jobs


def forget(ledger: sqlite3.Connection, found: Plan) -> dict[tuple[str, str], bytes]:
    """Take the groups out of the ledger and return what it knew of them."""
    known: dict[tuple[str, str], bytes] = {}
    if not ledger.execute("select 1 from groups limit 1").fetchone():
        return known
    keys = list(found.keys())
    for kind, key in keys:
        row = ledger.execute(
            "select pages from groups where kind = ? and key = ?", (kind, key)
        ).fetchone()
        if row:
            known[kind, key] = row[0]
    ledger.executemany("delete from groups where kind = ? and key = ?", known)
    return known


def jobs(
    ledger: sqlite3.Connection,
    found: Plan,
    known: Mapping[tuple[str, str], bytes],
    policy: str,
    now: int,
) -> Iterator[Job]:
    """Yield the work, in batches: merchants, then GTINs, then everything else.

    ``now`` is the moment of the stock.
    """

    def before(kind: str, key: str) -> msgspec.Raw:
        return msgspec.Raw(known.get((kind, key), NOTHING))

    # A picture takes as long as a hundred pages: first, and each a job of its own.
    for stem in sorted(found.pictures):
        negative = negative_of(ledger, stem)
        facts = [(f"plate:{stem}", packed(negative))] if negative else []
        yield Job([Group("picture", stem, facts, known=before("picture", stem))], {})
    for handful in kept.in_handfuls(sorted(found.merchants), MERCHANTS_A_JOB):
        near = lists_of(ledger, handful)
        groups = [
            Group("merchant", m, [(f"near:{m}", near[m])] if m in near else [],
                  known=before("merchant", m))
            for m in handful
        ]  # fmt: skip
        yield _job(ledger, groups, {m: [m] for m in handful}, policy, now)
    for handful in kept.in_handfuls(sorted(found.gtins), MERCHANTS_A_JOB):
        sellers = {g: kept.holders(ledger, f"gtin:{g}") for g in handful}
        least = {"all": 1, "shared": 2}.get(policy, 1 << 30)
        sellers = {g: sorted(ids) if len(ids) >= least else [] for g, ids in sellers.items()}
        groups = [Group("product", g, known=before("product", g)) for g in handful]
        yield _job(ledger, groups, sellers, policy, now)
    rest = [found.others[pair] for pair in sorted(found.others)]
    for start in range(0, len(rest), PAGES_A_JOB):
        groups = rest[start : start + PAGES_A_JOB]
        for group in groups:
            group.known = before(group.kind, group.key)
        _deal_cards(ledger, groups)
        yield Job(groups, {})
    for key in sorted(found.data):
        group = filled(ledger, key, found.data[key])
        group.known = before("data", key)
        yield Job([group], {})


def _job(
    ledger: sqlite3.Connection,
    groups: list[Group],
    shown: Mapping[str, list[str]],
    policy: str,
    now: int,
) -> Job:
    ids = sorted({m for group in groups for m in shown[group.key]})
    records: dict[str, msgspec.Raw] = {}
    shared: dict[str, tuple[str, ...]] = {}
    said: dict[str, msgspec.Raw] = {}
    plates: dict[str, list[tuple[str, bytes]]] = {}
    outlets: dict[str, tuple[Outlet, ...]] = {}
    sources: dict[str, bytes] = {}
    for handful in kept.in_handfuls(ids):
        rows = ledger.execute(
            "select id, record, marks, source from merchants where id in "  # noqa: S608
            f"({kept.places(len(handful))})",
            handful,
        )
        for merchant, record, marks, source in rows:
            sources[merchant] = packed(source)
            records[merchant] = msgspec.Raw(record)
            if b"media:" in marks:
                plates[merchant] = list(_plates(ledger, _unpack_marks(marks)))
            if b"neq:" in marks:
                outlets[merchant] = outlets_of(ledger, merchant, _unpack_marks(marks))
            if policy == "shared":
                shared[merchant] = tuple(_shared(ledger, _unpack_marks(marks)))
        said |= {m: msgspec.Raw(raw) for m, raw in stock_of(ledger, handful, now).items()}
    for group in groups:
        if group.kind == "merchant" and group.key in sources:
            group.facts.append((f"file:{group.key}", sources[group.key]))
        if group.kind == "merchant" and outlets.get(group.key):
            group.facts.append((f"branches:{group.key}", packed(outlets[group.key])))
        group.merchants = tuple(m for m in shown[group.key] if m in records)
        group.shared = tuple(g for m in group.merchants for g in shared.get(m, ()))
        for merchant in group.merchants if plates else ():
            group.facts += plates.get(merchant, ())
    return Job(groups, records, said)


def _plates(ledger: sqlite3.Connection, marks: tuple[Mark, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield what can be shown of the pictures that a merchant names."""
    for file in (m.key.removeprefix(MEDIA) for m in marks if m.key.startswith(MEDIA)):
        folder, _, name = file.rpartition("/")
        query = "select plate from media where folder = ? and name = ? and plate is not null"
        for (plate,) in ledger.execute(query, (folder, name)):
            yield f"picture:{file}", plate


def _shared(ledger: sqlite3.Connection, marks: tuple[Mark, ...]) -> Iterator[str]:
    for mark in marks:
        if mark.key.startswith("gtin:") and _count(ledger, mark.key) > 1:
            yield mark.key.removeprefix("gtin:")


def _deal_cards(ledger: sqlite3.Connection, groups: list[Group]) -> None:
    """Give each page of a listing the cards of those who are on it."""
    wanted: dict[int, tuple[str, ...]] = {}
    for i, group in enumerate(groups):
        if group.kind in LISTINGS and group.facts:
            wanted[i] = msgspec.msgpack.decode(group.facts[0][1], type=Slice).ids
    cards: dict[str, bytes] = {}
    for handful in kept.in_handfuls({m for ids in wanted.values() for m in ids}):
        cards.update(
            ledger.execute(
                f"select id, card from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
                handful,
            )
        )
    for i, ids in wanted.items():
        groups[i].facts += [(f"card:{m}", cards[m]) for m in ids]
