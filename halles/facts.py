"""The small values that pages may see, and nothing else that they may.

A fact has a name, ``family:key``. A page declares the names it needs; the digests of those facts
decide whether it is rendered. Facts are cut to what is shown: a new phone number changes a
merchant's sheet and stall, not the card that listings show.

Families, and the record or count that each is cut from:
    site                  settings, menus and the theme's files, in one language
    region, category, label, campaign, page      one small record, in one language
    sheet, rack, stall    a merchant: for its page, its products there, and for product pages
    door                  the same: for its calendar, poster and widget
    offer, line           a product: for its own page, and for its neighbours'
    stock                 a merchant's offers, or one: what feeds last said of it
    towns                 where the file of towns and their centres is
    restocked             what came back in stock in a region
    over                  evidence of origin that was valid until that day has run out
    card                  a merchant, for listings
    report                where mistakes are told
    file                  where a merchant's record stands, for whoever tells of one
    near, branches        who is near a merchant, in its trade; the other shops of its enterprise
    slice, tally          one page of a listing: who is on it, in order; counts beside a listing
    picture, plate        a file that a page shows; the same, to be drawn
    share                 the picture that links to a region's or a category's pages are shared with
    urls, raw             a part of the sitemap; a file as it is
    about                 what the files for machines say of the site
    spot                  where a region lies, and its number, for the plan of the market
    news, state, day      who came and who closed; how the site stands; the site's day
    rows, holdings        merchants of a file of open data; how much of it there is, by region
    shell, packs          what a browser keeps so as to work offline; what it may keep of a region
    frame, ground         what a region's picture shows of the earth, and what lies there
    points, tree          where a region's merchants are; each category and the one above it
    maps                  what settings say of maps, and where their scripts are
    ids                   which labels, which campaigns there are
    almanac               the holidays and closing days that hours are told for
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec import Struct

from halles.catalogue import Card
from halles.digest import brief
from halles.feasts import Almanac
from halles.maps.frames import Frame
from halles.maps.ground import Ground
from halles.model import LongText, Merchant, Picture, Text
from halles.pictures import Negative, Plate, ShareFact
from halles.points import Point

_pack = msgspec.msgpack.Encoder().encode


class Words(Struct, frozen=True, array_like=True):
    """Words and the language they are really in."""

    text: str
    lang: str

    def __str__(self) -> str:
        return self.text


class Link(Struct, frozen=True, array_like=True):
    """Words that lead somewhere."""

    text: str
    lang: str
    path: str

    def __str__(self) -> str:
        return self.text


class Site(Struct, frozen=True, array_like=True):
    """What stands on every page of one language."""

    lang: str
    title: str
    tagline: str
    base: str
    home: str
    regions: str
    categories: str
    search: str
    feeds: str
    data: str
    zone: str
    stock: bool
    """Whether any feed was ever taken in."""
    header: tuple[Link, ...]
    footer: tuple[Link, ...]
    assets: dict[str, str]
    languages: tuple[str, ...]
    extras: tuple[str, ...]
    list: str
    choices: str
    told: dict[str, str] = {}
    """What pages say of themselves, from French, where the theme's catalogue has it."""

    map: str = ""
    """Where the map of everything is, if there are maps."""
    share: str = ""
    """The whole address of the picture that pages without another are shared with, if any."""

    search_on: bool = False
    """Whether merchants and products are indexed; the indexer may be missing all the same."""

    def say(self, french: str) -> str:
        """Return, in this language, what a page says of itself (`spoken.py`)."""
        return self.told.get(french, french)


class RegionFact(Struct, frozen=True, array_like=True, cache_hash=True):
    """A region's name and address: a link, that knows what it leads to."""

    id: str
    text: str
    lang: str
    path: str


class CategoryFact(Struct, frozen=True, array_like=True, cache_hash=True):
    """A category's name, address and place in the tree."""

    id: str
    text: str
    lang: str
    path: str
    schema: str
    way: tuple[str, ...]
    children: tuple[str, ...]
    icon: str = ""


class SpotFact(Struct, frozen=True, array_like=True):
    """Where a region lies, and the number that Québec gives it."""

    code: str
    lat: float
    lon: float


class LabelFact(Struct, frozen=True, array_like=True):
    """An origin label, as merchants and products wear it."""

    id: str
    text: str
    lang: str
    path: str


class TextFact(Struct, frozen=True, array_like=True):
    """The prose of a small record: an introduction, a definition, a page's body."""

    title: Words
    summary: str
    body: Words
    more: dict[str, str]


class Stall(Struct, frozen=True, array_like=True, cache_hash=True):
    """What a product's page shows of a merchant who sells it."""

    id: str
    name: Text
    town: str
    region: str
    phone: str
    website: str
    store: str
    """What stock feeds call it."""
    lat: float | None
    lon: float | None


class Row(Struct, frozen=True, array_like=True):
    """What a merchant's page shows of a product; its description only where it has no page."""

    sku: str
    name: Text
    slug: str
    price: str
    brand: str
    label: str
    description: LongText | None
    image: Picture | None = None


class LineFact(Struct, frozen=True, array_like=True, cache_hash=True):
    """What a product's page shows of another one of the same merchant: no price, for there it
    would be a claim without a date that nothing brings up to date."""

    name: Text
    slug: str


class StockFact(Struct, frozen=True, array_like=True):
    """What a feed said of an offer, and the shard that has more."""

    shard: str
    state: str
    since: str
    """Local time, ISO 8601; of the unknown, when it was last known; empty if it never was."""
    sale: str = ""
    sale_until: str = ""
    """Its last minute, local time: the last day is the one that people are told."""
    restocked: str = ""
    """When it came back, if it did and is there."""


class Back(Struct, frozen=True, array_like=True):
    """An offer that came back in stock, as a list or a feed tells it."""

    merchant: str
    name: Text
    town: str
    sku: str
    product: Text
    slug: str
    price: str
    since: str
    """Local time, ISO 8601."""


class Neighbour(Struct, frozen=True, array_like=True):
    """A merchant who is near another, as that one's page shows it."""

    id: str
    name: Text
    town: str
    tenths: int
    """How far, in tenths of a kilometre."""


class Outlet(Struct, frozen=True, array_like=True):
    """Another shop of the same enterprise, as a merchant's page shows it."""

    id: str
    name: Text
    town: str
    street: str


class Slice(Struct, frozen=True, array_like=True):
    """Who is on one page of a listing, in order, and how many pages there are."""

    ids: tuple[str, ...]
    pages: int


class Tally(Struct, frozen=True, array_like=True):
    """How many merchants stand under each name; ``total`` counts each once."""

    total: int
    counts: tuple[tuple[str, str, int], ...]
    """(family, id, merchants)."""


class Urls(Struct, frozen=True, array_like=True):
    """Addresses for one file of the sitemap; ``parts`` are the other files, in the index."""

    paths: tuple[str, ...]
    parts: tuple[str, ...] = ()
    days: dict[str, str] = {}
    """When a page last changed, by its address, where the content says so."""


class About(Struct, frozen=True, array_like=True):
    """What files for machines say of the site, and no page shows."""

    title: str
    base: str
    contact: str
    licence: str
    credit: str
    tiles: str
    """The origin that map tiles come from; empty: this site."""
    pages: tuple[str, ...]
    """Addresses of the content pages in this language."""
    search: bool = False
    """Whether pages search, so that their policy must let Pagefind run."""
    files: str = ""
    """The origin that a file of vector tiles comes from; empty: this site."""


class News(Struct, frozen=True, array_like=True):
    """A merchant who came or closed, as a feed tells it."""

    merchant: str
    name: Text
    town: str
    region: str
    what: str
    """``added`` or ``closed``."""
    day: str


class State(Struct, frozen=True, array_like=True):
    """How the site stands: its day, its snapshot, and how much there is."""

    day: str
    snapshot: str
    """Local time, ISO 8601; empty if no feed was ever taken in."""
    merchants: int
    closed: int
    products: int
    regions: int
    categories: int


class Holding(Struct, frozen=True, array_like=True):
    """How much open data there is of a region, and in how many parts."""

    region: str
    merchants: int
    products: int
    parts: int


class Holdings(Struct, frozen=True, array_like=True):
    """The open data, by region; ``whole`` where there are files of all of it too."""

    regions: tuple[Holding, ...]
    whole: bool


class Shell(Struct, frozen=True, array_like=True):
    """What a browser keeps so as to work offline: whether it may, and a stamp of all it is."""

    offline: bool
    stamp: str


class Pack(Struct, frozen=True, array_like=True):
    """The pages of one region that can be kept at once: how many, about how big, listed where."""

    region: str
    pages: int
    size: int
    """Bytes, in round numbers."""
    lists: dict[str, str]
    """The address of the list, by language."""


class MapsFact(Struct, frozen=True, array_like=True):
    """What pages say of their maps."""

    live: bool
    """Whether the scripts are there that draw a map to be moved."""
    when: str
    """``tap`` or ``view``."""
    tiles: str
    """Whose tiles a reader may ask for, if any."""
    attribution: str
    pmtiles: str
    """A file of this site, if there is one."""


class Raw(Struct, frozen=True, array_like=True):
    """A file that is published as it is."""

    body: bytes


FAMILIES: Mapping[str, Any] = {
    "site": Site,
    "region": RegionFact,
    "category": CategoryFact,
    "label": LabelFact,
    "spot": SpotFact,
    "text": TextFact,
    "card": Card,
    "file": str,
    "report": str,
    "near": tuple[Neighbour, ...],
    "branches": tuple[Outlet, ...],
    "slice": Slice,
    "tally": Tally,
    "urls": Urls,
    "raw": Raw,
    "picture": Plate,
    "plate": Negative,
    "share": ShareFact,
    "shell": Shell,
    "packs": tuple[Pack, ...],
    "ids": tuple[str, ...],
    "frame": Frame,
    "ground": Ground,
    "points": tuple[Point, ...],
    "tree": tuple[tuple[str, str], ...],
    "maps": MapsFact,
    "restocked": tuple[Back, ...],
    "almanac": Almanac,
    "about": About,
    "news": tuple[News, ...],
    "towns": str,
    "state": State,
    "day": str,
    "rows": tuple[Merchant, ...],
    "holdings": Holdings,
}
_ABSENT = b"\0" * 8
_DECODERS = {family: msgspec.msgpack.Decoder(kind).decode for family, kind in FAMILIES.items()}


class Facts(dict[str, Any]):
    """Facts by name, and the eight bytes that stand for each."""

    __slots__ = ("stamps",)

    def __init__(self) -> None:
        self.stamps: dict[str, bytes] = {}

    def over(self, beneath: "Facts") -> "Facts":
        """Return these facts over those of one language."""
        found = Facts()
        for facts in (beneath, self):
            found.update(facts)
            found.stamps.update(facts.stamps)
        return found

    def put(self, name: str, value: Any) -> None:
        """Add a fact."""
        self[name] = value
        self.stamps[name] = brief(value)

    def put_raw(self, name: str, raw: bytes) -> None:
        """Add a fact as it travelled."""
        self[name] = _DECODERS[name.partition(":")[0]](raw)
        self.stamps[name] = blake2b(raw, digest_size=8).digest()

    def stamp(self, needs: Iterable[str]) -> bytes:
        """Return what stands for these facts, in this order; eight zeros for what is not there."""
        stamps = self.stamps
        return b"".join([stamps.get(name, _ABSENT) for name in needs])

    def only(self, needs: Iterable[str]) -> dict[str, Any]:
        """Return the facts that a page declared, and no other."""
        return {name: self[name] for name in needs if name in self}


def packed(value: Any) -> bytes:
    """Return a fact ready to travel."""
    return _pack(value)
