"""The small records, indexed; and what one merchant means to the rest of the site.

Regions, categories, labels, pages and campaigns are few and always in memory. Merchants are many
and stay in the ledger: what the others need to know of one is its *marks* (under which names it
can be found), its *card* (what a listing shows) and its *slugs* (which product pages it calls for).
"""

from collections.abc import Iterable, Iterator
from struct import Struct as Layout

from msgspec import Struct
from msgspec.structs import replace

from halles.model import (
    Both,
    Campaign,
    Category,
    ContentPage,
    Label,
    Merchant,
    Picture,
    Product,
    Region,
    Synonyms,
    Text,
    said,
)
from halles.phones import international
from halles.text import collation_key, fold
from halles.zones import zone_of

_SPOT = Layout(">dd")
LABEL = "label:"
TOWN, FSA = "town:", "fsa:"
"""Marks by which a town, or the first half of a postal code, knows where it lies."""


class Branch(Struct, frozen=True):
    """A category in its place in the tree."""

    id: str
    name: Text
    schema: str | None
    parent: str | None
    children: tuple[str, ...]
    way: tuple[str, ...]
    """From the root to the category itself."""
    synonyms: Synonyms | None = None
    """What people type for it."""


class Catalogue(Struct, frozen=True, kw_only=True):
    """Everything that is few: what every merchant is read, checked and shown against."""

    regions: dict[str, Region] = {}
    categories: dict[str, Branch] = {}
    labels: dict[str, Label] = {}
    pages: dict[str, ContentPage] = {}
    campaigns: dict[str, Campaign] = {}
    unread: frozenset[str] = frozenset()
    """Kinds of which a file was left out: nothing is called unknown for lack of it."""

    def roots(self) -> tuple[str, ...]:
        """Return the trunk categories, in the editor's order."""
        return tuple(c.id for c in self.categories.values() if c.parent is None)


def branches(tree: tuple[Category, ...], way: tuple[str, ...] = ()) -> Iterator[Branch]:
    """Yield the categories of a tree, parents first, with whatever ids they have."""
    for category in tree:
        here = (*way, category.id)
        yield Branch(
            id=category.id,
            name=category.name,
            schema=category.schema,
            parent=way[-1] if way else None,
            children=tuple(child.id for child in category.children),
            way=here,
            synonyms=category.synonyms,
        )
        yield from branches(category.children, here)


def grown(found: Iterable[Branch]) -> dict[str, Branch]:
    """Return the branches that make a tree: an id stands where first met, under those that do."""
    known: dict[str, Branch] = {}
    for branch in found:
        above = known.get(branch.parent) if branch.parent else None
        if branch.id not in known and branch.way[:-1] == (above.way if above else ()):
            known[branch.id] = branch
    children: dict[str, list[str]] = {branch: [] for branch in known}
    for branch in known.values():
        if branch.parent:
            children[branch.parent].append(branch.id)
    return {b.id: replace(b, children=tuple(children[b.id])) for b in known.values()}


class Card(Struct, frozen=True, array_like=True):
    """What a listing shows of a merchant: a new phone number does not touch it."""

    id: str
    name: Text
    town: str
    """Where it stands; the street of one that names no town, so that branches can be told apart."""
    region: str
    categories: tuple[str, ...]
    label: str
    products: int
    hours: str
    exempt: bool
    zone: str
    """The time zone that its hours are told by; empty for the site's own."""
    proved: bool
    """Whether there is evidence for its label."""
    until: str
    """The last day on which that evidence is valid, if it gives one."""


class Mark(Struct, frozen=True, array_like=True, order=True):
    """A name under which a merchant can be found, and its place in the order there."""

    key: str
    sort: bytes = b""


def card_of(merchant: Merchant) -> Card:
    """Return what listings show of a merchant."""
    origin = merchant.origin
    return Card(
        id=merchant.id,
        name=merchant.name,
        town=merchant.municipality or (merchant.address and merchant.address.street) or "",
        region=merchant.region,
        categories=merchant.categories[:3],
        label=merchant.origin.label if merchant.origin else "",
        products=len(merchant.products),
        hours=merchant.hours or "",
        exempt=merchant.hours_exempt,
        zone=zone_of(merchant),
        proved=bool(origin and origin.proved),
        until=(origin.valid_until or "") if origin else "",
    )


def same_gtin(gtin: str) -> str:
    """Return the one way in which a GTIN is written here, since bar codes have several.

    A 12-digit code and the same one with zeros before it name one product.

    >>> same_gtin("624153607116"), same_gtin("00624153607116"), same_gtin("00000096385074")
    ('0624153607116', '0624153607116', '96385074')
    """
    digits = gtin.zfill(14)
    if digits.startswith("000000"):
        return digits[6:]
    return digits.removeprefix("0")


def has_own_page(product: Product, policy: str) -> bool:
    """Tell whether an offer is a page by itself: it is, unless its GTIN is what the page is of."""
    return policy == "all" and product.gtin is None


def product_slug(merchant: str, sku: str) -> str:
    """Return the last piece of an offer's address.

    No merchant's id holds an underscore, so two offers can never claim one address.
    """
    return f"{merchant}_{sku.lower()}"


def slugs_of(merchant: Merchant, policy: str) -> tuple[str, ...]:
    """Return the slugs of the product pages that belong to this merchant alone."""
    if merchant.status == "closed":
        return ()
    return tuple(
        product_slug(merchant.id, p.sku) for p in merchant.products if has_own_page(p, policy)
    )


class Ware(Struct, frozen=True, array_like=True):
    """An offer, as a stock feed may name it."""

    sku: str
    gtin: str = ""


def store_of(merchant: Merchant) -> str:
    """Return what stock feeds call a merchant."""
    return merchant.store_code or merchant.id


def wares_of(merchant: Merchant) -> tuple[Ware, ...]:
    """Return what stock feeds may speak of."""
    return tuple(Ware(p.sku, same_gtin(p.gtin) if p.gtin else "") for p in merchant.products)


def marks_of(merchant: Merchant, catalogue: Catalogue) -> tuple[Mark, ...]:
    """Return the names under which a merchant is found; a closed one leaves every listing."""
    store = f"store:{store_of(merchant)}"
    found = {*_dates(merchant), *_news(merchant)}
    found.update(Mark(f"media:{picture.file}") for _, picture in pictures_of(merchant))
    if merchant.status == "closed":
        found.update(Mark(f"was:{key}") for key in (store, *_shelves(merchant, catalogue)))
        return tuple(sorted(found))
    found |= {Mark(store), *_likeness(merchant)}
    sort = collation_key(said(merchant.name, "fr")[0]) + b"\0" + merchant.id.encode()
    for key in _shelves(merchant, catalogue):
        found.add(Mark(key, _weight(merchant, key) + sort if key.startswith(LABEL) else sort))
    found.update(_spot(merchant, catalogue))
    found.update(_whereabouts(merchant))
    found.update(Mark(f"gtin:{same_gtin(p.gtin)}") for p in merchant.products if p.gtin)
    return tuple(sorted(found))


def _weight(merchant: Merchant, key: str) -> bytes:
    """Return what puts those with evidence first on a label's page, then those who declare it.

    Last come those of whom only a product carries it.
    """
    origin = merchant.origin
    if origin is None or f"{LABEL}{origin.label}" != key:
        return b"2"
    return b"0" if origin.proved else b"1"


def _shelves(merchant: Merchant, catalogue: Catalogue) -> Iterator[str]:
    yield f"region:{merchant.region}"
    used = {*merchant.categories, *(p.category for p in merchant.products if p.category)}
    ways = [catalogue.categories[c].way for c in used if c in catalogue.categories]
    for category in {c for way in ways for c in way}:
        yield f"category:{category}"
        yield f"shelf:{merchant.region}/{category}"
    for label in labels_of(merchant):
        yield f"label:{label}"
    for tag in merchant.tags:
        yield f"tag:{fold(tag)}"


def labels_of(merchant: Merchant) -> frozenset[str]:
    """Return the labels that a merchant or one of its products carries."""
    origins = [merchant.origin, *(p.origin for p in merchant.products)]
    return frozenset(o.label for o in origins if o)


def pictures_of(merchant: Merchant) -> Iterator[tuple[tuple[str | int, ...], Picture]]:
    """Yield the pictures that a merchant's page shows, each with its place in the record.

    One of which nobody says what it shows is shown to nobody; a closed shop sells nothing.
    """
    if merchant.logo and merchant.logo.alt is not None:
        yield ("logo",), merchant.logo
    for i, photo in enumerate(merchant.photos):
        if photo.alt is not None:
            yield ("photos", i), photo
    if merchant.status == "open":
        for i, product in enumerate(merchant.products):
            if product.image and product.image.alt is not None:
                yield ("products", i, "image"), product.image


def _likeness(merchant: Merchant) -> Iterator[Mark]:
    if merchant.neq:
        yield Mark(f"neq:{merchant.neq}")
    if merchant.phone and (number := international(merchant.phone)):
        yield Mark(f"phone:{number}")
    if merchant.location:
        name = fold(said(merchant.name, "fr")[0])
        for square in squares(merchant.location.lat, merchant.location.lon):
            yield Mark(f"near:{name}|{square}")


def _spot(merchant: Merchant, catalogue: Catalogue) -> Iterator[Mark]:
    """Yield the mark by which neighbours of a trade find each other; its place is the place."""
    main = next((c for c in merchant.categories if c in catalogue.categories), None)
    if main and merchant.location:
        yield Mark(f"spot:{main}", _SPOT.pack(merchant.location.lat, merchant.location.lon))


def _whereabouts(merchant: Merchant) -> Iterator[Mark]:
    """Yield the marks by which its town and its postal code have their centres."""
    if merchant.location is None:
        return
    place = _SPOT.pack(merchant.location.lat, merchant.location.lon)
    if merchant.municipality:
        yield Mark(f"{TOWN}{merchant.region}/{merchant.municipality}", place)
    if merchant.address and merchant.address.postal_code:
        yield Mark(f"{FSA}{merchant.address.postal_code[:3].upper()}", place)


def spot(sort: bytes) -> tuple[float, float]:
    """Return the latitude and longitude that a spot's mark holds."""
    lat, lon = _SPOT.unpack(sort)
    return lat, lon


def squares(lat: float, lon: float) -> Iterator[str]:
    """Yield the squares that a circle of 50 m touches, so that neighbours share one at least.

    0.0005° is 55 m of latitude; 0.0012° of longitude is 50 m and more up to 68° N.
    """
    for i in {_square(lat - 0.0005, 0.01), _square(lat + 0.0005, 0.01)}:
        for j in {_square(lon - 0.0012, 0.02), _square(lon + 0.0012, 0.02)}:
            yield f"{i},{j}"


def _square(degrees: float, size: float) -> int:
    return int(degrees // size)


def _dates(merchant: Merchant) -> Iterator[Mark]:
    origins = [o for o in (merchant.origin, *(p.origin for p in merchant.products)) if o]
    for origin in origins:
        if origin.valid_until:
            yield Mark(f"until:{origin.valid_until}")
    seen = [o.checked_on for o in origins if o.checked_on]
    seen += [d for d in (merchant.closed_on, merchant.added_on, merchant.updated_on) if d]
    if seen:
        yield Mark(f"dated:{max(seen)}")


def _news(merchant: Merchant) -> Iterator[Mark]:
    """Yield what a region's feed may tell of a merchant, in the order of the days."""
    if merchant.added_on:
        yield Mark(f"news:{merchant.region}", f"{merchant.added_on} added".encode())
    if merchant.status == "closed" and merchant.closed_on:
        yield Mark(f"news:{merchant.region}", f"{merchant.closed_on} closed".encode())


def selectors_of(campaign: Campaign) -> tuple[tuple[str, ...], ...]:
    """Return the marks that a campaign selects by: one of each group that is not empty."""
    return (
        tuple(f"region:{r}" for r in campaign.regions),
        tuple(f"category:{c}" for c in campaign.categories),
        tuple(f"label:{x}" for x in campaign.labels),
        tuple(f"tag:{fold(t)}" for t in campaign.tags),
    )


def plain(name: Text) -> str:
    """Return a name's French, which is always there."""
    return name.fr if isinstance(name, Both) else name
