"""The records: what content/ says, once it has been read and found well formed.

Every type is a frozen struct. A field's type carries its format (a pattern) so that the decoder,
the JSON Schemas and the notices all follow from this one page. Patterns end in ``$(?!\\n)``, since
Python's ``$`` alone lets a last line break through.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Lang: TypeAlias = str

Id = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$(?!\n)", extra={"format": "id"})]
Sku = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,50}$(?!\n)", extra={"format": "sku"})]
Gtin = Annotated[str, Meta(pattern=r"^([0-9]{8}|[0-9]{12,14})$(?!\n)", extra={"format": "gtin"})]
Neq = Annotated[str, Meta(pattern=r"^[0-9]{10}$(?!\n)", extra={"format": "neq"})]
Price = Annotated[
    str, Meta(pattern=r"^[0-9]{1,7}(\.[0-9]{1,2})?$(?!\n)", extra={"format": "price"})
]
Day = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$(?!\n)",
        extra={"format": "day"},
    ),
]
PostalCode = Annotated[
    str,
    Meta(
        pattern=r"^[GHJK][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9]$(?!\n)",
        extra={"format": "postal-code"},
    ),
]
Url = Annotated[
    str,
    Meta(
        pattern=r"""^https?://[^\s<>"'\\^`{}|]+$(?!\n)""", max_length=2000, extra={"format": "url"}
    ),
]
Email = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$(?!\n)",
        max_length=254,
        extra={"format": "email"},
    ),
]
Segment = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$(?!\n)", extra={"format": "segment"})
]
MediaFile = Annotated[
    str,
    Meta(
        pattern=r"^media/([A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*$(?!\n)",
        extra={"format": "media-file"},
    ),
]
Line = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=300,
        pattern=r"^[^\S\n]*\S[^\n]*$(?!\n)",
        extra={"format": "line"},
    ),
]
Prose = Annotated[str, Meta(min_length=1, max_length=100_000, extra={"format": "prose"})]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Anything content/ can say; an unknown key is a mistake, never ignored."""


class Both(Record, frozen=True, kw_only=True):
    """A line in both languages; French is what the other falls back to."""

    fr: Line
    en: Line | None = None


class BothProse(Record, frozen=True, kw_only=True):
    """Markdown in both languages."""

    fr: Prose
    en: Prose | None = None


class BothSegments(Record, frozen=True, kw_only=True):
    """A piece of URL in both languages."""

    fr: Segment
    en: Segment | None = None


Text: TypeAlias = Line | Both
LongText: TypeAlias = Prose | BothProse


class Position(Record, frozen=True, kw_only=True):
    """Degrees, WGS 84."""

    lat: Latitude
    lon: Longitude


class Address(Record, frozen=True, kw_only=True):
    """Where the post goes; the municipality stands on the merchant."""

    street: Line | None = None
    postal_code: PostalCode | None = None


class Delivery(Record, frozen=True, kw_only=True):
    """How far the merchant delivers, and for how much."""

    radius_km: Annotated[float, Meta(gt=0, le=5000)] | None = None
    fee: Price | None = None


class Origin(Record, frozen=True, kw_only=True):
    """A claim of origin, with whatever evidence there is for it."""

    label: Id
    body: Line | None = None
    number: Line | None = None
    url: Url | None = None
    checked_on: Day | None = None
    valid_until: Day | None = None

    @property
    def proved(self) -> bool:
        """Whether anything can be looked up: a number, or an address."""
        return bool(self.number or self.url)


class Picture(Record, frozen=True, kw_only=True):
    """A file under content/media/; what it shows is told to those who cannot see it.

    Without those words it is not shown, and a notice says so: nobody's page goes for it.
    """

    file: MediaFile
    alt: Text | None = None


Service: TypeAlias = Literal["pickup", "delivery", "shipping", "wheelchair"]
Payment: TypeAlias = Literal[
    "cash", "debit", "credit", "interac", "cheque", "gift_card", "transfer"
]


class Product(Record, frozen=True, kw_only=True):
    """One thing one merchant sells."""

    sku: Sku
    name: Text
    gtin: Gtin | None = None
    brand: Line | None = None
    price: Price | None = None
    category: Id | None = None
    description: LongText | None = None
    origin: Origin | None = None
    url: Url | None = None
    image: Picture | None = None


class Merchant(Record, frozen=True, kw_only=True):
    """One shop, at one place."""

    id: Id
    name: Text
    region: Id
    categories: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=20)]
    neq: Neq | None = None
    status: Literal["open", "closed"] = "open"
    closed_on: Day | None = None
    added_on: Day | None = None
    updated_on: Day | None = None
    municipality: Line | None = None
    address: Address | None = None
    location: Position | None = None
    phone: Line | None = None
    email: Email | None = None
    website: Url | None = None
    tags: tuple[Line, ...] = ()
    description: LongText | None = None
    hours: Line | None = None
    hours_exempt: bool = False
    services: tuple[Service, ...] = ()
    delivery: Delivery | None = None
    payment: tuple[Payment, ...] = ()
    origin: Origin | None = None
    store_code: (
        Annotated[str, Meta(pattern=r"^\S{1,64}$(?!\n)", extra={"format": "code"})] | None
    ) = None
    logo: Picture | None = None
    photos: tuple[Picture, ...] = ()
    products: tuple[Product, ...] = ()


Corner: TypeAlias = tuple[Latitude, Longitude]


class Region(Record, frozen=True, kw_only=True):
    """One of the regions; its introduction is Markdown."""

    id: Id
    name: Text
    code: Annotated[str, Meta(pattern=r"^[0-9]{2}$(?!\n)", extra={"format": "region-code"})]
    centre: Position
    bounds: tuple[Corner, Corner]
    body: LongText | None = None


class Synonyms(Record, frozen=True, kw_only=True):
    """What people type for it."""

    fr: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Category(Record, frozen=True, kw_only=True):
    """A branch of the tree that merchants and products share."""

    id: Id
    name: Text
    synonyms: Synonyms | None = None
    schema: Annotated[
        str, Meta(pattern=r"^[A-Z][A-Za-z]+$(?!\n)", extra={"format": "schema-type"})
    ] | (None) = None
    children: tuple["Category", ...] = ()


class Label(Record, frozen=True, kw_only=True):
    """A mark of origin: what it promises, and who certifies it."""

    id: Id
    name: Text
    definition: LongText
    body: Line | None = None
    url: Url | None = None


class ContentPage(Record, frozen=True, kw_only=True):
    """A page of prose."""

    id: Id
    title: Text
    slug: Segment | BothSegments | None = None
    summary: Text | None = None
    menu: Literal["header", "footer"] | None = None
    body: LongText | None = None


class Campaign(Record, frozen=True, kw_only=True):
    """A selection of merchants for a season.

    A merchant belongs when ``merchants`` names it, or when it meets each of the other selectors
    that are given (one of the regions, and one of the categories, ...).
    """

    id: Id
    title: Text
    slug: Segment | BothSegments | None = None
    summary: Text | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    merchants: tuple[Id, ...] = ()
    regions: tuple[Id, ...] = ()
    categories: tuple[Id, ...] = ()
    labels: tuple[Id, ...] = ()
    tags: tuple[Line, ...] = ()
    body: LongText | None = None


def said(text: "str | Both | BothProse | BothSegments", lang: Lang) -> tuple[str, Lang]:
    """Return the words for a language, and the language they are really in.

    >>> said("Pain", "en")
    ('Pain', 'fr')
    """
    if isinstance(text, str):
        return text, "fr"
    if lang == "en" and text.en is not None:
        return text.en, "en"
    return text.fr, "fr"
