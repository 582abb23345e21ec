"""What a merchant has besides a page: calendar, vCard, poster, widget. Settings say which."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from halles import exchange, phones, text
from halles.addresses import Ways
from halles.codes import qr
from halles.facts import Facts, RegionFact, Row, Site, StockFact
from halles.model import Merchant, said
from halles.pages import Ground, Page, Seen, _hours, frame, stock_view, words
from halles.zones import zone_of

CALENDAR, CARD, CODE = "horaire.ics", "fiche.vcf", "qr.svg"
POSTER = {"fr": "affiche", "en": "poster"}
ON_WIDGET = 12
"""Products that a widget shows."""


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out what an open merchant has besides a page; files are the same in all languages."""
    merchant: Merchant = facts[f"sheet:{key}"]
    site: Site = facts["site"]
    if merchant.status == "closed":
        return
    door, needs = f"door:{key}", tuple(_hours.needs(merchant))
    home = lang == ground.ways.languages[0]
    at = folder(key, ground.ways)
    if home and "calendar" in site.extras and needs:
        view = partial(_calendar, key, ground)
        yield Page(f"{at}{CALENDAR}", "", lang, ("site", door, *needs), view)
    if home and "card" in site.extras:
        url = ground.ways.url(at)
        view = partial(_card, key, lang, url)
        yield Page(f"{at}{CARD}", "", lang, ("site", f"sheet:{key}"), view)
    if "poster" in site.extras:
        if home:
            yield Page(f"{at}{CODE}", "", lang, ("site",), partial(_code, ground.ways.url(at)))
        region = f"region:{merchant.region}"
        poster = poster_of(key, lang, ground.ways)
        wanted = ("site", door, region, *needs)
        yield Page(poster, "poster.html", lang, wanted, partial(_poster, key, lang, ground))
    if "widget" in site.extras:
        told = [name for name in (f"stock:{key}",) if name in facts]
        wanted = ("site", door, f"rack:{key}", *told, *needs)
        path = ground.ways.to(lang, "widget", key)
        yield Page(path, "widget.html", lang, wanted, partial(_widget, key, lang, ground))


def folder(key: str, ways: Ways) -> str:
    """Return where a merchant's files stand, whatever the language."""
    return ways.to(ways.languages[0], "merchants", key)


def poster_of(key: str, lang: str, ways: Ways) -> str:
    """Return the address of a poster."""
    return f"{ways.to(lang, 'merchants', key)}{POSTER[lang]}/"


def links(key: str, name: str, site: Site, hours: bool, ways: Ways) -> dict[str, str]:
    """Return where a merchant's page leads to besides; empty where a thing is not made."""
    at, has, lang = folder(key, ways), site.extras, site.lang
    widget = ways.to(lang, "widget", key)
    return {
        "calendar": f"{at}{CALENDAR}" if "calendar" in has and hours else "",
        "card": f"{at}{CARD}" if "card" in has else "",
        "poster": poster_of(key, lang, ways) if "poster" in has else "",
        "code": f"{at}{CODE}" if "poster" in has else "",
        "widget": widget if "widget" in has else "",
        "embed": _embed(ways.url(widget), name) if "widget" in has else "",
    }


def _embed(url: str, name: str) -> str:
    """Return what a merchant copies into a page of their own."""
    title = name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return (
        f'<iframe src="{url}" title="{title}" width="100%" height="480" loading="lazy" '
        'style="border:0"></iframe>'
    )


def _calendar(key: str, ground: Ground, seen: Seen) -> bytes:
    site: Site = seen["site"]
    merchant: Merchant = seen[f"door:{key}"]
    found = _hours.found(merchant, seen)
    url = ground.ways.url(folder(key, ground.ways))
    if found is None:
        return b""
    zone = zone_of(merchant) or site.zone
    return exchange.calendar(merchant, found, seen["almanac"], zone, site.lang, url)


def _card(key: str, lang: str, url: str, seen: Seen) -> bytes:
    return exchange.card(seen[f"sheet:{key}"], lang, url)


def _code(url: str, seen: Seen) -> bytes:
    return qr(url)


def _poster(key: str, lang: str, ground: Ground, seen: Seen) -> dict[str, Any]:
    ways, site = ground.ways, seen["site"]
    merchant: Merchant = seen[f"door:{key}"]
    name = words(merchant.name, lang)
    region: RegionFact | None = seen.get(f"region:{merchant.region}")
    found = _hours.found(merchant, seen)
    assert name is not None
    page = ways.to(lang, "merchants", key)
    view = frame(
        site,
        ways,
        path=poster_of(key, lang, ways),
        twins={other: poster_of(key, other, ways) for other in ways.languages},
        title=f"{name.text} – {site.say('affiche')}",
        description=site.say("À imprimer\u00a0: l’adresse, les heures d’ouverture et un code QR."),
        index=False,
        kind="poster",
    )
    return view | {
        "name": name,
        "page": page,
        "shown": ways.url(page).partition("://")[2].rstrip("/"),
        "code": f"{folder(key, ways)}{CODE}",
        "street": (merchant.address and merchant.address.street) or "",
        "town": merchant.municipality or (region.text if region else ""),
        "phone": phones.shown(merchant.phone) if merchant.phone else "",
        "hours": _hours.view(merchant, found, lang) if found else None,
    }


def _widget(key: str, lang: str, ground: Ground, seen: Seen) -> dict[str, Any]:
    ways, site = ground.ways, seen["site"]
    merchant: Merchant = seen[f"door:{key}"]
    rows: tuple[Row, ...] = seen[f"rack:{key}"]
    told: dict[str, StockFact] = dict(seen.get(f"stock:{key}", ()))
    found = _hours.found(merchant, seen)
    name = said(merchant.name, lang)[0]
    some = [row for row in rows if row.sku in told][:ON_WIDGET]
    view = frame(
        site,
        ways,
        path=ways.to(lang, "widget", key),
        twins={other: ways.to(other, "widget", key) for other in ways.languages},
        title=name,
        index=False,
        kind="widget",
        stock=next(iter(told.values())).shard if told else "",
        hours=_hours.until(seen),
    )
    return view | {
        "id": key,
        "name": words(merchant.name, lang),
        "page": ways.to(lang, "merchants", key),
        "hours": _hours.view(merchant, found, lang) if found else None,
        "products": [_offer(row, told[row.sku], lang, ways) for row in some],
        "more": len(rows) - len(some),
    }


def _offer(row: Row, told: StockFact, lang: str, ways: Ways) -> dict[str, Any]:
    return {
        "sku": row.sku,
        "name": words(row.name, lang),
        "path": ways.to(lang, "products", row.slug) if row.slug else "",
        "price": text.price(row.price, lang) if row.price else "",
        "stock": stock_view(told, lang),
    }
