"""A merchant's own page, and the pages of the products that nobody else can have."""

from collections.abc import Iterator
from typing import Any

from halles import phones, prose, structured, text
from halles.addresses import Ways
from halles.catalogue import store_of
from halles.facts import (
    Back,
    CategoryFact,
    Facts,
    Neighbour,
    Outlet,
    RegionFact,
    Row,
    Site,
    StockFact,
)
from halles.model import Merchant, Picture
from halles.pages import (
    Ground,
    Leads,
    Page,
    PageKind,
    Seen,
    _beside,
    _hours,
    _maps,
    certified,
    frame,
    home_crumb,
    origin_needs,
    origin_view,
    regions_crumb,
    stock_view,
    words,
)
from halles.pages import _pictures as pictures
from halles.pages.product import lay_offers
from halles.pages.restocked import atom
from halles.pictures import ShareFact


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out a merchant's page, then one for each product that is only theirs."""
    if f"sheet:{key}" not in facts:
        return
    merchant: Merchant = facts[f"sheet:{key}"]
    rack: tuple[Row, ...] = facts[f"rack:{key}"]
    yield Page(
        ground.ways.to(lang, "merchants", key),
        "merchant.html",
        lang,
        tuple(dict.fromkeys(_needs(key, merchant, rack, facts))),
        lambda seen: _view(key, seen, lang, ground),
    )
    yield from _beside.lay(key, facts, lang, ground)
    name = f"stock:{key}"
    if name in facts and any(fact.restocked for _, fact in facts[name]):
        yield Page(
            f"{ground.ways.to(lang, 'merchants', key)}atom.xml",
            "atom.xml",
            lang,
            ("site", f"sheet:{key}", f"rack:{key}", f"stock:{key}"),
            lambda seen: _feed(key, seen, ground),
        )
    own = [row for row in rack if row.slug and "_" in row.slug]
    yield from lay_offers(key, own, facts, lang, ground)


def _needs(key: str, merchant: Merchant, rack: tuple[Row, ...], facts: Facts) -> Iterator[str]:
    yield from ("site", f"sheet:{key}", f"rack:{key}")
    if f"stock:{key}" in facts:
        yield f"stock:{key}"
    yield from _hours.needs(merchant)
    yield from (name for name in (f"near:{key}", f"branches:{key}") if name in facts)
    if "report" in facts:
        yield from ("report", f"file:{key}")
    yield from _names(merchant, rack)
    if merchant.location and merchant.status == "open":
        yield from _maps.needs(facts, merchant.region)


def _names(merchant: Merchant, rack: tuple[Row, ...]) -> Iterator[str]:
    yield from (f"region:{merchant.region}", f"share:region:{merchant.region}")
    yield from pictures.needs(merchant.logo, *merchant.photos)
    if any(row.image for row in rack):
        yield from pictures.needs(*(row.image for row in rack))
    for category in merchant.categories:
        yield f"category:{category}"
    yield from origin_needs(merchant.origin)
    for label in sorted({row.label for row in rack if row.label}):
        yield f"label:{label}"


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site: Site = seen["site"]
    merchant: Merchant = seen[f"sheet:{key}"]
    ways = ground.ways
    name = words(merchant.name, lang)
    region: RegionFact | None = seen.get(f"region:{merchant.region}")
    found = [seen.get(f"category:{c}") for c in merchant.categories]
    categories: list[CategoryFact] = [c for c in found if c]
    shop = _hours.found(merchant, seen)
    description = words(merchant.description, lang)
    path = ways.to(lang, "merchants", key)
    assert name is not None
    told: dict[str, StockFact] = dict(seen.get(f"stock:{key}", ()))
    rows: tuple[Row, ...] = seen[f"rack:{key}"]
    schema = next((c.schema for c in categories if c.schema), "")
    where = ", ".join(x for x in (merchant.municipality, region and region.text) if x)
    crumbs: list[Leads] = [home_crumb(site), regions_crumb(site)]
    crumbs += [region] if region else []
    own = [p for p in (*merchant.photos, merchant.logo) if pictures.plate_of(p, seen)]
    view = frame(
        site,
        ways,
        path=path,
        twins={other: ways.to(other, "merchants", key) for other in ways.languages},
        title=name.text,
        description=prose.gist(description.text, description.lang)
        if description
        else f"{name.text}, {where}.",
        crumbs=tuple(crumbs),
        ld=(
            structured.business(merchant, ways.url(path), name.text, schema)
            | (_hours.for_machines(shop) if shop else {})
            | _pictured(merchant, seen, ground)
            | certified(merchant.origin, seen)
            | _offers(rows, told, store_of(merchant), lang),
        ),
        kind="merchant",
        stock=next(iter(told.values())).shard if told else "",
        share=_share(own, seen, lang, seen.get(f"share:region:{merchant.region}"), ground),
        hours=_hours.until(seen),
    )
    place = merchant.location
    view |= {
        "id": key,
        "map": _maps.of_merchant(key, place, merchant.region, seen),
        "feed": f"{path}atom.xml" if any(fact.restocked for fact in told.values()) else "",
        "name": name,
        "closed": merchant.status == "closed",
        "closed_on": text.day(merchant.closed_on, lang) if merchant.closed_on else "",
        "town": merchant.municipality or "",
        "street": (merchant.address and merchant.address.street) or "",
        "postal_code": (merchant.address and merchant.address.postal_code) or "",
        "region": region,
        "phone": _phone(merchant.phone),
        "email": merchant.email or "",
        "website": merchant.website or "",
        "website_shown": _host(merchant.website or ""),
        "geo": {"lat": f"{place.lat:g}", "lon": f"{place.lon:g}"} if place else None,
        "categories": categories,
        "tags": merchant.tags,
        "logo": pictures.shown(merchant.logo, seen, lang),
        "photos": [p for x in merchant.photos if (p := pictures.shown(x, seen, lang))],
        "description": _prose(description),
        "hours": _hours.view(merchant, shop, lang) if shop else None,
        "beside": _beside.links(key, name.text, site, shop is not None, ways),
        "services": merchant.services,
        "payment": merchant.payment,
        "delivery": _delivery(merchant, lang),
        "origin": origin_view(merchant.origin, seen, lang) if merchant.origin else None,
        "neq": merchant.neq or "",
        "report": seen.get("report", ""),
        "file": seen.get(f"file:{key}", ""),
        "near": [_neighbour(n, lang, ways) for n in seen.get(f"near:{key}", ())],
        "branches": [_outlet(o, lang, ways) for o in seen.get(f"branches:{key}", ())],
        "products": [row_view(row, told.get(row.sku), seen, lang, ways) for row in rows],
    }
    return view


def _share(
    own: list[Picture | None], seen: Seen, lang: str, fact: ShareFact | None, ground: Ground
) -> dict[str, Any] | None:
    """Return the picture to share: the first photo, else the logo, else the region's."""
    first = own[0] if own else None
    alt = words(first.alt, lang) if first else None
    return pictures.to_share(pictures.plate_of(first, seen), alt.text if alt else "", fact, ground)


def _pictured(merchant: Merchant, seen: Seen, ground: Ground) -> dict[str, Any]:
    """Return logo and photos as structured data."""
    found: dict[str, Any] = {}
    if logo := pictures.plate_of(merchant.logo, seen):
        found["logo"] = pictures.url(logo, ground)
    plates = [p for photo in merchant.photos if (p := pictures.plate_of(photo, seen))]
    if plates or logo:
        found["image"] = [pictures.url(p, ground) for p in plates] or found["logo"]
    return found


def _feed(key: str, seen: Seen, ground: Ground) -> dict[str, Any]:
    """Return what came back in stock at a merchant's, newest first, for its Atom feed."""
    site: Site = seen["site"]
    merchant: Merchant = seen[f"sheet:{key}"]
    told: dict[str, StockFact] = dict(seen[f"stock:{key}"])
    back = [row for row in seen[f"rack:{key}"] if row.sku in told and told[row.sku].restocked]
    back.sort(key=lambda row: (told[row.sku].restocked, row.sku), reverse=True)
    name = words(merchant.name, site.lang)
    assert name is not None
    backs = tuple(
        Back(
            key, merchant.name, merchant.municipality or "", row.sku, row.name, row.slug,
            row.price, told[row.sku].restocked,
        )
        for row in back[:20]
    )  # fmt: skip
    title = f"{name.text} – {site.say('de retour en stock')}"
    return atom(site, title, ground.ways.to(site.lang, "merchants", key), backs, ground.ways)


def _offers(
    rows: tuple[Row, ...], told: dict[str, StockFact], store: str, lang: str
) -> dict[str, Any]:
    """Return, as structured data, the products of which something is known."""
    offers = [
        structured.stocked(text_of.text, row.price, told[row.sku], store)
        for row in rows
        if row.sku in told
        and told[row.sku].state != "unknown"
        and (text_of := words(row.name, lang))
    ]
    return {"makesOffer": offers} if offers else {}


def row_view(row: Row, told: StockFact | None, seen: Seen, lang: str, ways: Ways) -> dict[str, Any]:
    """Return a product as a line of a merchant's rack."""
    label = seen.get(f"label:{row.label}")
    return {
        "anchor": row.sku.lower(),
        "sku": row.sku,
        "stock": stock_view(told, lang),
        "name": words(row.name, lang),
        "path": ways.to(lang, "products", row.slug) if row.slug else "",
        "price": text.price(row.price, lang) if row.price else "",
        "brand": row.brand,
        "image": pictures.shown(row.image, seen, lang),
        "label": label,
        "description": _prose(words(row.description, lang)),
    }


def _neighbour(near: Neighbour, lang: str, ways: Ways) -> dict[str, Any]:
    return {
        "name": words(near.name, lang),
        "path": ways.to(lang, "merchants", near.id),
        "town": near.town,
        "distance": text.distance(near.tenths, lang),
    }


def _outlet(outlet: Outlet, lang: str, ways: Ways) -> dict[str, Any]:
    return {
        "name": words(outlet.name, lang),
        "path": ways.to(lang, "merchants", outlet.id),
        "town": outlet.town,
        "street": outlet.street,
    }


def _prose(found: Any) -> dict[str, str] | None:
    return {"html": prose.html(found.text, lang=found.lang), "lang": found.lang} if found else None


def _phone(written: str | None) -> dict[str, str] | None:
    if not written:
        return None
    return {"shown": phones.shown(written), "number": phones.international(written) or written}


def _host(url: str) -> str:
    return url.partition("://")[2].rstrip("/").removeprefix("www.")


def _delivery(merchant: Merchant, lang: str) -> dict[str, str] | None:
    if merchant.delivery is None:
        return None
    radius, fee = merchant.delivery.radius_km, merchant.delivery.fee
    shown = f"{radius:g}" if radius else ""
    return {
        "radius": shown.replace(".", ",") if lang == "fr" else shown,
        "fee": text.price(fee, lang) if fee else "",
    }


PAGE = PageKind(
    name="merchant",
    templates=("merchant.html", "product.html", "atom.xml", "poster.html", "widget.html"),
    lay=lay,
)
