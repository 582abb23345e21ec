"""A region's page of what came back in stock, and the same as an Atom feed."""

from collections.abc import Iterator
from typing import Any

from halles import text
from halles.addresses import Ways
from halles.facts import Back, Facts, Link, Site
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb, regions_crumb, words


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out a region's page and feed; without anything back, the page says so."""
    if f"region:{key}" not in facts or f"restocked:{key}" not in facts:
        return
    needs = ("site", f"region:{key}", f"restocked:{key}")
    path = ground.ways.to(lang, "restocked", key)
    yield Page(path, "restocked.html", lang, needs, lambda seen: _view(key, seen, lang, ground))
    feed = f"{path}atom.xml"
    yield Page(feed, "atom.xml", lang, needs, lambda seen: _feed(key, seen, lang, ground))


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    ways, region = ground.ways, seen[f"region:{key}"]
    site = seen["site"]
    path = ways.to(lang, "restocked", key)
    view = frame(
        site,
        ways,
        path=path,
        twins={other: ways.to(other, "restocked", key) for other in ways.languages},
        title=f"{site.say('De retour en stock')} – {region.text}",
        description=site.say("Les produits de la région que les magasins ont de nouveau."),
        crumbs=(home_crumb(site), regions_crumb(site), region),
        kind="restocked",
    )
    view |= {
        "region": region,
        "feed": f"{path}atom.xml",
        "backs": [_back(back, lang, ways) for back in seen[f"restocked:{key}"]],
    }
    return view


def _feed(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    region = seen[f"region:{key}"]
    path = ground.ways.to(lang, "restocked", key)
    title = f"{seen['site'].say('De retour en stock')} – {region.text}"
    return atom(seen["site"], title, path, seen[f"restocked:{key}"], ground.ways)


def atom(site: Site, title: str, path: str, backs: tuple[Back, ...], ways: Ways) -> dict[str, Any]:
    """Return what the template of a feed shows; the feed stands beside its page."""
    lang = site.lang
    entries = [_back(back, lang, ways) for back in backs]
    return {
        "site": site,
        "title": title,
        "lang": lang,
        "url": ways.url(path),
        "feed": ways.url(f"{path}atom.xml"),
        "updated": max((e["updated"] for e in entries), default="1970-01-01T00:00:00Z"),
        "entries": entries,
    }


def _back(back: Back, lang: str, ways: Ways) -> dict[str, Any]:
    product, merchant = words(back.product, lang), words(back.name, lang)
    assert product is not None
    assert merchant is not None
    shop = ways.to(lang, "merchants", back.merchant)
    path = ways.to(lang, "products", back.slug) if back.slug else f"{shop}#{back.sku.lower()}"
    return {
        "product": Link(product.text, product.lang, path),
        "merchant": Link(merchant.text, merchant.lang, shop),
        "town": back.town,
        "price": text.price(back.price, lang) if back.price else "",
        "since": text.moment(back.since, lang),
        "iso": back.since,
        "updated": f"{back.since[:16]}:00{back.since[16:]}",
        "url": ways.url(path),
        "id": f"{ways.url(shop)}#{back.sku}-{back.since}",
    }


PAGE = PageKind(name="restocked", templates=("restocked.html", "atom.xml"), lay=lay)
