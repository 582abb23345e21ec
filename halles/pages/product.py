"""A product's page: one offer's, or that of a GTIN with everyone who sells it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from halles import phones, prose, structured, text
from halles.addresses import Ways
from halles.catalogue import same_gtin
from halles.facts import Facts, LineFact, Link, RegionFact, Row, Site, Stall, StockFact
from halles.maps.frames import PROVINCE
from halles.model import Picture, Product
from halles.pages import (
    Ground,
    Page,
    PageKind,
    Seen,
    _maps,
    certified,
    frame,
    home_crumb,
    origin_needs,
    origin_view,
    stock_view,
    words,
)
from halles.pages import _pictures as pictures
from halles.stock.shown import BEST_FIRST
from halles.text import collation_key

BESIDE = 5
"""Products of the same merchant that a product's page leads to."""


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the page of a GTIN; ``holders:<gtin>`` names its offers, (merchant, sku)."""
    if f"holders:{key}" not in facts:
        return
    offers: tuple[tuple[str, str], ...] = facts[f"holders:{key}"]
    yield _page(key, offers, (), facts, lang, ground)


def lay_offers(
    merchant: str, rows: list[Row], facts: Facts, lang: str, ground: Ground
) -> Iterator[Page]:
    """Lay out the pages of the offers that nobody else has.

    Each leads to the next ones, round the end, so that each is shown somewhere.
    """
    ring = [f"line:{merchant}/{row.sku}" for row in rows] * 2
    count = min(BESIDE, len(rows) - 1)
    for i, row in enumerate(rows, 1):
        yield _page(row.slug, ((merchant, row.sku),), ring[i : i + count], facts, lang, ground)


def _page(
    slug: str,
    offers: tuple[tuple[str, str], ...],
    others: Sequence[str],
    facts: Facts,
    lang: str,
    ground: Ground,
) -> Page:
    """Lay out a page; ``others`` are the facts of the products that it leads to."""
    first = offers[0][0]
    needs = ["site"]
    for merchant, sku in offers:
        stall: Stall = facts[f"stall:{merchant}"]
        needs += (f"stall:{merchant}", f"offer:{merchant}/{sku}", f"region:{stall.region}")
        offer: Product = facts[f"offer:{merchant}/{sku}"]
        needs += origin_needs(offer.origin)
        if offer.image is not None:
            needs += pictures.needs(offer.image)
        if f"stock:{merchant}/{sku}" in facts:
            needs.append(f"stock:{merchant}/{sku}")
    needs += others
    product: Product = facts[f"offer:{first}/{offers[0][1]}"]
    if product.category and f"category:{product.category}" in facts:
        needs += [f"category:{c}" for c in facts[f"category:{product.category}"].way]
    if len(offers) > 1:
        needs.append(f"holders:{slug}")
        if f"shard:{slug}" in facts:
            needs.append(f"shard:{slug}")
        needs += _sited(offers, facts)
        needs = list(dict.fromkeys(needs))
    return Page(
        ground.ways.to(lang, "products", slug),
        "product.html",
        lang,
        tuple(needs),
        lambda seen: _view(slug, offers, others, seen, lang, ground),
    )


def _sited(offers: tuple[tuple[str, str], ...], facts: Facts) -> Iterator[str]:
    """Yield what the map of its sellers is shown from, where two of them have a place."""
    stalls: list[Stall] = [facts[f"stall:{merchant}"] for merchant, _ in offers]
    there = [stall.region for stall in stalls if stall.lat is not None]
    if len(there) > 1:
        yield from _maps.needs(facts, there[0] if len(set(there)) == 1 else PROVINCE)


def _view(
    slug: str,
    offers: tuple[tuple[str, str], ...],
    others: Sequence[str],
    seen: Seen,
    lang: str,
    ground: Ground,
) -> dict[str, Any]:
    site: Site = seen["site"]
    ways = ground.ways
    first = offers[0][0]
    product: Product = seen[f"offer:{first}/{offers[0][1]}"]
    name = words(product.name, lang)
    assert name is not None
    description = words(product.description, lang)
    path = ways.to(lang, "products", slug)
    sellers = [_seller(merchant, sku, seen, lang, ground) for merchant, sku in offers]
    if len(sellers) > 1:
        sellers.sort(key=_best_first)
    category = seen.get(f"category:{product.category}")
    way = [seen[f"category:{c}"] for c in category.way] if category else []
    crumbs = (home_crumb(site), *way)
    shown = (
        prose.gist(description.text, description.lang)
        if description
        else _summary(name.text, sellers)
    )
    images = [x for m, sku in offers if (x := seen[f"offer:{m}/{sku}"].image)]
    image = next((x for x in images if pictures.plate_of(x, seen)), None)
    plate = pictures.plate_of(image, seen)
    view = frame(
        site,
        ways,
        path=path,
        twins={other: ways.to(other, "products", slug) for other in ways.languages},
        title=name.text,
        description=shown,
        crumbs=crumbs,
        ld=(
            _ld(product, name.text, shown, sellers, ways.url(path))
            | (certified(product.origin, seen) if len(sellers) == 1 else {})
            | ({"image": pictures.url(plate, ground)} if plate else {}),
        ),
        kind="product",
        stock=_shard(slug, offers, seen),
        share=pictures.to_share(plate, _alt(image, lang), None, ground) if plate else None,
    )
    view |= {
        "name": name,
        "map": _maps.of_shops(_places(offers, seen), seen) if len(offers) > 1 else None,
        "brand": product.brand or "",
        "image": pictures.shown(image, seen, lang) if plate else None,
        "gtin": product.gtin or "",
        "sku": "" if len(offers) > 1 else product.sku,
        "description": {
            "html": prose.html(description.text, lang=description.lang),
            "lang": description.lang,
        }
        if description
        else None,
        "category": category,
        # Several merchants may claim several things, with evidence or without: each its own.
        "origin": sellers[0]["origin"] if len(sellers) == 1 else None,
        "offers": sellers,
        "prices": _prices(sellers, lang),
        "others": [_other(seen[name], lang, ways) for name in others],
    }
    return view


def _places(
    offers: tuple[tuple[str, str], ...], seen: Seen
) -> Iterator[tuple[str, str, float | None, float | None]]:
    for merchant in dict.fromkeys(merchant for merchant, _ in offers):
        stall: Stall = seen[f"stall:{merchant}"]
        yield merchant, stall.region, stall.lat, stall.lon


def _alt(image: Picture | None, lang: str) -> str:
    alt = words(image.alt, lang) if image else None
    return alt.text if alt else ""


def _shard(slug: str, offers: tuple[tuple[str, str], ...], seen: Seen) -> str:
    """Return the shard that keeps the page up to date, or nothing if no seller takes part."""
    if len(offers) > 1:
        return str(seen.get(f"shard:{slug}", ""))
    fact: StockFact | None = seen.get("stock:{}/{}".format(*offers[0]))
    return fact.shard if fact else ""


def _best_first(seller: dict[str, Any]) -> tuple[int, float, bytes, str]:
    state = seller["stock"]["state"] if seller["stock"] else "unknown"
    price = float(seller["amount"] or "inf")
    return BEST_FIRST[state], price, collation_key(seller["name"].text), seller["id"]


def _seller(merchant: str, sku: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    stall: Stall = seen[f"stall:{merchant}"]
    product: Product = seen[f"offer:{merchant}/{sku}"]
    told: StockFact | None = seen.get(f"stock:{merchant}/{sku}")
    return _shop(stall, seen.get(f"region:{stall.region}"), lang, ground.ways) | {
        "sku": sku,
        "stock": stock_view(told, lang),
        "told": told,
        "amount": product.price or "",
        "price": text.price(product.price, lang) if product.price else "",
        "url": product.url or "",
        "origin": origin_view(product.origin, seen, lang) if product.origin else None,
    }


@lru_cache(maxsize=256)  # a merchant's products come one after another
def _shop(stall: Stall, region: RegionFact | None, lang: str, ways: Ways) -> dict[str, Any]:
    """Return what a seller shows on each of their products' pages."""
    path = ways.to(lang, "merchants", stall.id)
    return {
        "id": stall.id,
        "name": words(stall.name, lang),
        "path": path,
        "page": ways.url(path),
        "town": stall.town,
        "region": region,
        "sited": stall.lat is not None,
        "phone": {"shown": phones.shown(stall.phone), "number": phones.international(stall.phone)}
        if stall.phone
        else None,
        "store": stall.store,
    }


@lru_cache(maxsize=1024)
def _other(line: LineFact, lang: str, ways: Ways) -> Link:
    """Return the way to a neighbour: each is shown on several pages of its merchant."""
    name = words(line.name, lang)
    assert name is not None
    return Link(name.text, name.lang, ways.to(lang, "products", line.slug))


def _prices(sellers: list[dict[str, Any]], lang: str) -> dict[str, str] | None:
    """Return the lowest and highest price, as shown."""
    if len(sellers) == 1:  # nearly always
        return {"low": sellers[0]["price"], "high": ""} if sellers[0]["price"] else None
    amounts = sorted((s["amount"] for s in sellers if s["amount"]), key=float)
    if not amounts:
        return None
    low, high = text.price(amounts[0], lang), text.price(amounts[-1], lang)
    return {"low": low, "high": high if high != low else ""}


def _summary(name: str, sellers: list[dict[str, Any]]) -> str:
    where = ", ".join(dict.fromkeys(s["name"].text for s in sellers[:3]))
    return f"{name} – {where}"


def _ld(
    product: Product, name: str, description: str, sellers: list[dict[str, Any]], url: str
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@type": "Product",
        "name": name,
        "description": description,
        "url": url,
    }
    if product.gtin:
        found["gtin"] = same_gtin(product.gtin)
    else:
        found["sku"] = product.sku
    if product.brand:
        found["brand"] = {"@type": "Brand", "name": product.brand}
    offers = [
        structured.offer(s["name"].text, s["page"], s["amount"], s["told"], s["store"])
        for s in sellers
    ]
    amounts = sorted((o["price"] for o in offers if "price" in o), key=float)
    if len(offers) > 1 and amounts:
        found["offers"] = {
            "@type": "AggregateOffer",
            "lowPrice": amounts[0],
            "highPrice": amounts[-1],
            "priceCurrency": "CAD",
            "offerCount": len(offers),
            "offers": offers,
        }
    else:
        found["offers"] = offers if len(offers) > 1 else offers[0]
    return found


PAGE = PageKind(name="product", templates=("product.html",), lay=lay)
