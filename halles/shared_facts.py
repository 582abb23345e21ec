"""The facts of every page of a language: what the small records and the settings are shown as."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from halles.addresses import Ways
from halles.catalogue import Catalogue
from halles.digest import digest
from halles.facts import (
    About,
    CategoryFact,
    LabelFact,
    Link,
    MapsFact,
    RegionFact,
    Shell,
    Site,
    SpotFact,
    TextFact,
    Words,
    packed,
)
from halles.feasts import Almanac
from halles.icons import icon_of
from halles.maps.frames import frames_of
from halles.model import Campaign, said
from halles.pictures import RECIPE, SITE, ShareFact
from halles.read.smalls import slug
from halles.settings import Settings, report_of, title_of
from halles.text import collation_key
from halles.theme import Theme

OWN_TEMPLATES = ("list.html", "choices.html", "offline.html")
"""What a browser keeps besides the theme's files, in each language."""


def shared_facts(
    catalogue: Catalogue,
    settings: Settings,
    theme: Theme,
    ways: Ways,
    stocked: bool,
    almanac: Almanac,
) -> dict[str, list[tuple[str, bytes]]]:
    """Return the shared facts of each language, ready to travel."""
    found = {
        lang: [
            (name, packed(value))
            for name, value in _of_language(catalogue, settings, theme, ways, lang, stocked)
        ]
        for lang in ways.languages
    }
    shell = Shell(settings.site.offline, _stamp(found, theme))
    of_all = [("almanac", packed(almanac)), ("shell", packed(shell))]
    if settings.map.on:
        tree = tuple((c.id, c.parent or "") for c in catalogue.categories.values())
        of_all += [("maps", packed(_maps(settings, theme))), ("tree", packed(tree))]
        of_all += [(f"frame:{key}", packed(x)) for key, x in frames_of(catalogue.regions).items()]
    return {lang: [*of, *of_all] for lang, of in found.items()}


def _maps(settings: Settings, theme: Theme) -> MapsFact:
    of = settings.map
    return MapsFact("leaflet.js" in theme.addresses, of.when, of.tiles, of.attribution, of.pmtiles)


def _stamp(facts: dict[str, list[tuple[str, bytes]]], theme: Theme) -> str:
    """Return what stands for all that a browser keeps so as to show anything offline."""
    parts = [raw for of in facts.values() for name, raw in of if name == "site"]
    for closures in theme.closures.values():
        parts += [closures[name] for name in OWN_TEMPLATES]
    return digest(b"".join(parts)).hex()[:10]


def _of_language(
    catalogue: Catalogue,
    settings: Settings,
    theme: Theme,
    ways: Ways,
    lang: str,
    stocked: bool,
) -> Iterator[tuple[str, Any]]:
    share = ""
    if theme.sign:
        title, sign = title_of(settings, lang), digest(packed(theme.sign))
        own = _share(lang, SITE, urlsplit(ways.base).netloc, title, sign)
        share = ways.url(own.path)
        yield f"share:{SITE}", own
        named: list[tuple[str, Any]] = [(f"region:{r.id}", r) for r in catalogue.regions.values()]
        named += [(f"category:{c.id}", c) for c in catalogue.categories.values()]
        for key, record in named:
            yield f"share:{key}", _share(lang, key, title, said(record.name, lang)[0], sign)
    yield "site", _site(catalogue, settings, theme, ways, lang, stocked, share)
    yield "about", _about(catalogue, settings, ways, lang)
    if report := report_of(settings):
        yield "report", report
    for region in catalogue.regions.values():
        path = ways.to(lang, "regions", region.id)
        yield f"region:{region.id}", RegionFact(region.id, *said(region.name, lang), path)
        spot = SpotFact(region.code, region.centre.lat, region.centre.lon)
        yield f"spot:{region.id}", spot
        yield f"text:region:{region.id}", _text(region, region.name, lang, ways)
    for category in catalogue.categories.values():
        yield (
            f"category:{category.id}",
            CategoryFact(
                category.id,
                *said(category.name, lang),
                ways.to(lang, "categories", category.id),
                category.schema or "",
                category.way,
                category.children,
                icon_of((c, catalogue.categories[c].schema or "") for c in category.way),
            ),
        )
    for label in catalogue.labels.values():
        path = ways.to(lang, "origin", label.id)
        yield f"label:{label.id}", LabelFact(label.id, *said(label.name, lang), path)
        more = {"body": label.body or "", "url": label.url or ""}
        yield (
            f"text:label:{label.id}",
            TextFact(
                Words(*said(label.name, lang)), "", Words(*said(label.definition, lang)), more
            ),
        )
    for page in catalogue.pages.values():
        yield f"text:page:{page.id}", _text(page, page.title, lang, ways)
    for campaign in catalogue.campaigns.values():
        yield f"text:campaign:{campaign.id}", _text(campaign, campaign.title, lang, ways)
        yield f"ids:campaign:{campaign.id}", tuple(_chosen(campaign))
    yield "ids:campaigns", tuple(sorted(catalogue.campaigns, key=_season(catalogue), reverse=True))
    yield "ids:regions", tuple(catalogue.regions)
    yield "ids:labels", tuple(catalogue.labels)
    yield "ids:categories", catalogue.roots()


def _share(lang: str, key: str, title: str, text: str, sign: bytes) -> ShareFact:
    """Return a picture to share; its address holds all that it is drawn from, as its name."""
    stamp = digest(packed((RECIPE, title, text)) + sign).hex()[:10]
    return ShareFact(f"/media/{lang}-{key.replace(':', '-')}-{stamp}.png", title, text)


def _chosen(campaign: Campaign) -> Iterator[str]:
    """Yield what decides who is in a campaign: no page shows it, but its listing follows."""
    for name in ("merchants", "regions", "categories", "labels", "tags"):
        yield from (f"{name}:{given}" for given in getattr(campaign, name))


def _season(catalogue: Catalogue) -> Any:
    return lambda c: (catalogue.campaigns[c].starts_on or "", c)


def _site(
    catalogue: Catalogue,
    settings: Settings,
    theme: Theme,
    ways: Ways,
    lang: str,
    stocked: bool,
    share: str,
) -> Site:
    def menu(place: str) -> tuple[Link, ...]:
        pages = [p for p in catalogue.pages.values() if p.menu == place]
        pages.sort(key=lambda p: collation_key(said(p.title, lang)[0]))
        return tuple(
            Link(*said(p.title, lang), f"{ways.home(lang)}{slug(p, lang)}/") for p in pages
        )

    tagline = settings.site.tagline
    return Site(
        lang,
        title_of(settings, lang),
        said(tagline, lang)[0] if tagline else "",
        ways.base,
        ways.home(lang),
        ways.to(lang, "regions"),
        ways.to(lang, "categories"),
        ways.to(lang, "search"),
        ways.to(lang, "feeds"),
        ways.to(lang, "data"),
        settings.site.timezone,
        stocked,
        menu("header"),
        menu("footer"),
        theme.addresses,
        ways.languages,
        settings.site.extras,
        ways.to(lang, "list"),
        ways.to(lang, "choices"),
        theme.told.get(lang, {}),
        ways.to(lang, "map") if settings.map.on and catalogue.regions else "",
        share,
        settings.search.on,
    )


def _origin(address: str) -> str:
    """Return the origin that a policy lets maps ask; nothing stands for this site.

    >>> _origin("https://{s}.tuiles.example/{z}/{x}/{y}.png"), _origin("/fond.pmtiles")
    ('https://*.tuiles.example', '')
    """
    parts = urlsplit(address.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _about(catalogue: Catalogue, settings: Settings, ways: Ways, lang: str) -> About:
    title = title_of(settings, lang)
    tiles, files = (
        _origin(url) if settings.map.on else ""
        for url in (settings.map.tiles, settings.map.pmtiles)
    )
    return About(
        title,
        ways.base,
        settings.site.contact or "",
        settings.site.licence,
        settings.site.credit or title,
        tiles,
        tuple(sorted(f"{ways.home(lang)}{slug(p, lang)}/" for p in catalogue.pages.values())),
        settings.search.on,
        files,
    )


def _text(record: Any, title: Any, lang: str, ways: Ways) -> TextFact:
    more = {
        f"slug_{other}": slug(record, other) for other in ways.languages if hasattr(record, "slug")
    }
    for name in ("starts_on", "ends_on"):
        more[name] = getattr(record, name, None) or ""
    summary = getattr(record, "summary", None)
    body = Words(*said(record.body, lang)) if record.body else Words("", lang)
    return TextFact(
        Words(*said(title, lang)), said(summary, lang)[0] if summary else "", body, more
    )
