"""What can be found: one record a merchant, and one a product, in each language (pure).

A record says what the search page shows and sorts by, and no more: a phone number, a photo or
the stock is not in it, so that no bundle is made again for them.
"""

from collections.abc import Iterator, Sequence
from math import floor
from typing import NamedTuple

from msgspec import Struct

from halles.addresses import Ways
from halles.catalogue import Catalogue, product_slug, same_gtin
from halles.digest import brief
from halles.model import Merchant, Origin, Product, said
from halles.search.texts import ELLIPSIS, beginning

MERCHANTS = "m"
"""The cell of a region's merchants; its products stand in ``p:<category>``."""
DESCRIBED = {"m": 24, "p": 12}
"""Words of a description that are searched: its first ones say what it is."""
SELLERS = 40
"""Shops that one record names; a product that more of a region's sell says how many."""
STEPS = ((200, 100), (100, 10), (50, 5), (20, 2), (10, 1), (0, 0.5))
"""Prices are filtered, and sorted, step by step: from so many dollars on, by so many."""
DEAREST = 1000
SQUARES = 100
"""Parts of a degree: a square is a kilometre, so that those near by are few."""
UNTOLD = "-"


class Found(Struct, frozen=True, array_like=True):
    """A record: where it leads, what is searched, what is shown, what it is filtered by.

    What is searched is three lines: what a result says anyhow, what an excerpt may be of, and what
    it is only found by.
    """

    url: str
    title: str
    content: str
    meta: dict[str, str]
    filters: dict[str, tuple[str, ...]]


class Sold(NamedTuple):
    """An offer of a merchant."""

    merchant: Merchant
    product: Product


class Trade(Struct, frozen=True):
    """A category as it is searched: its own words, and the way to it."""

    name: str
    words: str
    """Its names and synonyms, with those of the categories above it."""
    way: tuple[str, ...]


class Terms(Struct, frozen=True):
    """What records say besides what merchants do, in one language."""

    lang: str
    trades: dict[str, Trade]
    regions: dict[str, str]


class Bearing(Struct, frozen=True):
    """What every record stands on."""

    languages: tuple[str, ...]
    policy: str
    today: str
    terms: dict[str, Terms]
    """By language."""


def terms_of(catalogue: Catalogue, lang: str) -> Terms:
    """Return the words of categories and regions in a language."""
    own = {}
    for branch in catalogue.categories.values():
        told = branch.synonyms
        synonyms = (told.en if lang == "en" else told.fr) if told else ()
        own[branch.id] = (said(branch.name, lang)[0], *synonyms)
    trades = {}
    for branch in catalogue.categories.values():
        other = "fr" if lang == "en" else "en"
        told = branch.synonyms
        foreign = (
            said(branch.name, other)[0],
            *((told.fr if lang == "en" else told.en) if told else ()),
        )
        words = [w for c in reversed(branch.way) for w in own[c]] + list(foreign)
        trades[branch.id] = Trade(own[branch.id][0], ", ".join(dict.fromkeys(words)), branch.way)
    regions = {r.id: said(r.name, lang)[0] for r in catalogue.regions.values()}
    return Terms(lang, trades, regions)


def merchant_records(
    merchant: Merchant,
    paged: frozenset[str],
    bearing: Bearing,
    lang: str,
    ways: Ways,
    cells: frozenset[str] = frozenset(),
) -> Iterator[tuple[str, Found]]:
    """Yield the records that are of one merchant alone, each with its cell.

    ``paged`` are its GTINs that have a page: those are everyone's who sells them. Records of
    other cells than these are not made, where any are named.
    """
    if merchant.status != "open":
        return
    if not cells or MERCHANTS in cells:
        yield MERCHANTS, _merchant(merchant, bearing, lang, ways)
    for product in merchant.products if cells != {MERCHANTS} else ():
        if product.gtin and same_gtin(product.gtin) in paged:
            continue
        sold = [Sold(merchant, product)]
        cell = _cell(sold, bearing, lang)
        if cells and cell not in cells:
            continue
        path = ways.to(lang, "merchants", merchant.id) + f"#{product.sku.lower()}"
        if bearing.policy == "all":
            path = ways.to(lang, "products", product_slug(merchant.id, product.sku))
        yield cell, _product(path, sold, 1, bearing, lang)


def gtin_records(
    gtin: str, sold: Sequence[Sold], bearing: Bearing, lang: str, ways: Ways
) -> Iterator[tuple[str, str, Found]]:
    """Yield the records of a product that several may sell: one a region, with its cell."""
    path = ways.to(lang, "products", gtin)
    for region in sorted({s.merchant.region for s in sold}):
        here = [s for s in sold if s.merchant.region == region]
        # Its page is called as the first of all sellers calls it.
        first = here if here[0] is sold[0] else [Sold(here[0].merchant, sold[0].product), *here]
        title = said(first[0].product.name, lang)[0]
        yield (
            region,
            _cell(here, bearing, lang),
            _product(path, here, len(here), bearing, lang, title),
        )


def stamp(found: Sequence[Found]) -> bytes:
    """Return what stands for some records."""
    return brief(found)


def _merchant(merchant: Merchant, bearing: Bearing, lang: str, ways: Ways) -> Found:
    terms = bearing.terms[lang]
    title = said(merchant.name, lang)[0]
    trades = [terms.trades[c] for c in merchant.categories if c in terms.trades]
    town, region = merchant.municipality or "", terms.regions.get(merchant.region, "")
    described = said(merchant.description, lang)[0] if merchant.description else ""
    head = [
        title,
        ", ".join(t.name for t in trades),
        town if town == region else f"{town}, {region}".strip(", "),
    ]
    more = [beginning(described, DESCRIBED["m"]), ", ".join(merchant.tags)]
    origin = merchant.origin
    return Found(
        ways.to(lang, "merchants", merchant.id),
        title,
        content(head, more, [t.words for t in trades]),
        _meta(
            title=title, kind="m", sid=merchant.id, town=town, region=merchant.region,
            category=merchant.categories[0], ll=_place(merchant),
            label=origin.label if origin else "", level=_level(origin, bearing),
            added=merchant.added_on or "",
        ),
        {
            "category": _ways(merchant.categories, terms),
            "label": _labels([origin], bearing),
            "service": tuple(sorted(merchant.services)) or (UNTOLD,),
            "town": (town or UNTOLD,),
            "cell": (_square(merchant),),
            "price": (UNTOLD,),
            "fresh": ((merchant.added_on or UNTOLD)[:7],),
        },
    )  # fmt: skip


def _product(
    path: str, sold: Sequence[Sold], count: int, bearing: Bearing, lang: str, title: str = ""
) -> Found:
    """Return the record of a product, as the shops of one region sell it."""
    terms = bearing.terms[lang]
    shops, products = [s.merchant for s in sold], [s.product for s in sold]
    title = title or said(products[0].name, lang)[0]
    names = dict.fromkeys(said(p.name, lang)[0] for p in products)
    trade = terms.trades.get(_category(sold, terms))
    described = next((p.description for p in products if p.description), None)
    towns = dict.fromkeys(m.municipality for m in shops if m.municipality)
    region = terms.regions.get(shops[0].region, "")
    prices = [p.price for p in products if p.price]
    cheapest = min(prices, key=float, default="")
    brands = dict.fromkeys(p.brand for p in products if p.brand)
    codes = dict.fromkeys([same_gtin(p.gtin) for p in products if p.gtin])
    skus = dict.fromkeys(p.sku for p in products[:SELLERS])
    shop_names = dict.fromkeys(said(m.name, lang)[0] for m in shops[:SELLERS])
    head = [title, trade.name if trade else ""]
    more = [", ".join(n for n in names if n != title), ", ".join(brands)]
    # A result names the shop where there is one, and only counts several.
    (head if count == 1 else more).extend([
        ", ".join(shop for shop in shop_names if shop not in brands),
        ", ".join(dict.fromkeys((*towns, region) if region else towns)),
    ])  # fmt: skip
    more.append(beginning(said(described, lang)[0], DESCRIBED["p"]) if described else "")
    added = max((m.added_on for m in shops if m.added_on), default="")
    origins = [p.origin for p in products]
    named = next((o for o in origins if o), None)
    some = shops[:SELLERS]
    return Found(
        path,
        title,
        content(head, more, [" ".join((*skus, *codes)), trade.words if trade else ""]),
        _meta(
            title=title, kind="p", sid=" ".join(m.id for m in some),
            shop=next(iter(shop_names)) if count == 1 else "",
            shops=str(count) if count > 1 else "",
            sku=" ".join(p.sku for p in products[:SELLERS]),
            town=next(iter(towns), "") if len(towns) == 1 else "", region=shops[0].region,
            category=_category(sold, terms), price=cheapest,
            ll=";".join(_place(m) for m in some) if any(m.location for m in some) else "",
            brand=next(iter(brands), ""), label=named.label if named else "",
            level=_level(named, bearing), added=added,
        ),
        {
            "category": _ways([_category(sold, terms)], terms),
            "label": _labels(origins, bearing),
            "service": tuple(sorted({s for m in shops for s in m.services})) or (UNTOLD,),
            "town": tuple(towns) or (UNTOLD,),
            "cell": tuple(sorted({_square(m) for m in shops})),
            "price": (_step(cheapest),),
            "fresh": ((added or UNTOLD)[:7],),
        },
    )  # fmt: skip


def content(*lines: Sequence[str]) -> str:
    """Return what is searched of a record, by lines of sentences.

    >>> content(["Chez Alix", "Boulangerie"], ["Du pain!", ""], ["miche"])
    'Chez Alix. Boulangerie.\\nDu pain!\\nmiche.'
    """
    return "\n".join(
        " ".join(_sentence(part) for part in dict.fromkeys(line) if part) for line in lines
    )


def _sentence(part: str) -> str:
    said = " ".join(part.split())
    return said if said.endswith((".", "!", "?", ELLIPSIS)) else f"{said}."


def _meta(**said_of: str) -> dict[str, str]:
    return {name: value for name, value in said_of.items() if value}


def _category(sold: Sequence[Sold], terms: Terms) -> str:
    """Return where a product stands: its own category, or else its merchant's main one."""
    own = (s.product.category for s in sold)
    known = next((c for c in own if c and c in terms.trades), "")
    return known or next((c for c in sold[0].merchant.categories if c in terms.trades), "")


def _cell(sold: Sequence[Sold], bearing: Bearing, lang: str) -> str:
    return f"p:{_category(sold, bearing.terms[lang])}"


def _ways(categories: Sequence[str], terms: Terms) -> tuple[str, ...]:
    known = [terms.trades[c].way for c in categories if c in terms.trades]
    return tuple(dict.fromkeys(c for way in known for c in way)) or (UNTOLD,)


def _level(origin: Origin | None, bearing: Bearing) -> str:
    """Return whether a label is proved today or only told."""
    if origin is None:
        return ""
    stands = not origin.valid_until or origin.valid_until >= bearing.today
    return "proved" if origin.proved and stands else "said"


def _labels(origins: Sequence[Origin | None], bearing: Bearing) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for origin in origins:
        if origin is not None:
            found |= {origin.label: None, f"{origin.label}:{_level(origin, bearing)}": None}
    return tuple(found) or (UNTOLD,)


def _place(merchant: Merchant) -> str:
    where = merchant.location
    return f"{where.lat:.4f},{where.lon:.4f}" if where else ""


def _square(merchant: Merchant) -> str:
    """Return the square of the map that a merchant stands in, by its lower corner."""
    where = merchant.location
    if where is None:
        return UNTOLD
    south, west = floor(where.lat * SQUARES) / SQUARES, floor(where.lon * SQUARES) / SQUARES
    return f"{south:.2f},{west:.2f}"


def _step(price: str) -> str:
    """Return the step that a price falls to, by its least.

    >>> [_step(price) for price in ("0.25", "6.99", "21", "350.00", "4000", "")]
    ['0', '6.5', '20', '300', '1000', '-']
    """
    if not price:
        return UNTOLD
    dollars = min(float(price), DEAREST)
    start, step = next((s, by) for s, by in STEPS if dollars >= s)
    return f"{start + (dollars - start) // step * step:g}"
