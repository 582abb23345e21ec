"""Files for machines: manifest, OpenSearch, humans.txt, security.txt, headers, how things stand."""

from collections.abc import Iterator
from typing import Any

import msgspec

from halles import headers
from halles.addresses import SEGMENTS
from halles.facts import About, Facts, State
from halles.pages import Ground, Page, PageKind, Seen

ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable.png", "512x512", "maskable"),
    ("favicon.svg", "any", "any"),
)
"""Files of the theme, their size, and what they are for; one that a theme lacks is left out."""


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out what there is once: of the site, of its safety, of its state."""
    ways = ground.ways
    home, first = ways.home(lang), lang == ways.languages[0]
    if key == "site":
        both = ("site", "about")
        for name in ("manifest.txt", "opensearch.xml"):
            path = f"{home}{name.replace('.txt', '.webmanifest')}"
            yield Page(path, name, lang, both, lambda seen: _said(seen, ground))
        if first:
            yield Page("/humans.txt", "humans.txt", lang, both, lambda seen: _said(seen, ground))
            yield Page("/_headers", "", lang, both, _headers)
            yield Page("/_redirects", "", lang, ("site", "about"), _redirects)
    elif key == "security" and first and "day:site" in facts and facts["about"].contact:
        yield Page(
            "/.well-known/security.txt", "", lang, ("site", "about", "day:site"), _security,
        )  # fmt: skip
    elif key == "state" and first and "state:site" in facts:
        yield Page("/etat.json", "", lang, ("about", "state:site"), _state)


def _said(seen: Seen, ground: Ground) -> dict[str, Any]:
    site, about = seen["site"], seen["about"]
    icons = [
        {"src": site.assets[name], "sizes": size, "purpose": purpose, "type": _type(name)}
        for name, size, purpose in ICONS
        if name in site.assets
    ]
    ways = ground.ways
    return {
        "site": site,
        "about": about,
        "lang": site.lang,
        "icons": icons,
        "icon": next((ways.url(i["src"]) for i in icons if i["sizes"] == "192x192"), ""),
        "short": _short(site.title),
        "search": ways.url(site.search),
        "languages": ways.languages,
    }


def _short(title: str) -> str:
    """Return as many whole words of a title as 16 characters hold, which is what OpenSearch takes.

    >>> _short("Les Halles"), _short("The little market")
    ('Les Halles', 'The little')
    """
    return title if len(title) <= 16 else title[:17].rpartition(" ")[0] or title[:16]


def _type(name: str) -> str:
    return "image/svg+xml" if name.endswith(".svg") else "image/png"


def _headers(seen: Seen) -> bytes:
    site, about = seen["site"], seen["about"]
    return headers.written(
        headers.rules(site.languages, about.pages, about.tiles, about.search, about.files)
    )


def _redirects(seen: Seen) -> bytes:
    """Return ways that people guess, and where they lead."""
    first, *others = seen["site"].languages
    lines = [f"/{first}/* /:splat 301"]
    if seen["about"].contact:
        lines.append("/security.txt /.well-known/security.txt 301")
    for lang in others:
        names = SEGMENTS["search"]
        lines.append(f"/{names[lang]}/* /{lang}/{names[lang]}/ 301")
    return "\n".join([*lines, ""]).encode()


def _security(seen: Seen) -> bytes:
    """Return security.txt (RFC 9116); it expires within a year of the site's own day."""
    about: About = seen["about"]
    year, month = seen["day:site"][:4], seen["day:site"][5:7]
    languages = ", ".join(seen["site"].languages)
    url = f"{about.base}/.well-known/security.txt"
    return (
        f"Contact: mailto:{about.contact}\n"
        f"Expires: {int(year) + 1:04d}-{month}-01T00:00:00Z\n"
        f"Preferred-Languages: {languages}\nCanonical: {url}\n"
    ).encode()


def _state(seen: Seen) -> bytes:
    state: State = seen["state:site"]
    told = {
        "site": seen["about"].base,
        "day": state.day or None,
        "snapshot": state.snapshot or None,
        "counts": {
            "merchants": state.merchants,
            "closed": state.closed,
            "products": state.products,
            "regions": state.regions,
            "categories": state.categories,
        },
    }
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


PAGE = PageKind(name="public", templates=("manifest.txt", "opensearch.xml", "humans.txt"), lay=lay)
