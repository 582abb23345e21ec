"""What robots read: the sitemap, in one file or in parts with an index, and robots.txt."""

from collections.abc import Iterator
from html import escape

from halles.facts import Facts, Site, Urls
from halles.pages import Ground, Page, PageKind, Seen

MOST = 50_000
"""Addresses in one file of a sitemap, as sitemaps.org has it."""
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one file; the first language does it, since the others' addresses stand there too."""
    if lang != ground.ways.languages[0]:
        return
    if key == "_robots":
        yield Page("/robots.txt", "", lang, ("site",), _robots)
    elif f"urls:{key}" in facts:
        yield Page(
            path_of(key), "", lang, ("site", f"urls:{key}"), lambda s: _map(s[f"urls:{key}"], s)
        )


def path_of(key: str) -> str:
    """Return where a part of the sitemap stands; the whole, or its index, is part ``""``.

    The program's own parts begin with an underscore, as no region does: a region may be ``pages``.
    """
    return f"/sitemap-{key}.xml" if key else "/sitemap.xml"


def _robots(seen: Seen) -> bytes:
    site: Site = seen["site"]
    return f"User-agent: *\nAllow: /\nSitemap: {site.base}/sitemap.xml\n".encode()


def _map(urls: Urls, seen: Seen) -> bytes:
    base = escape(seen["site"].base)
    if urls.parts:
        rows = [f"<sitemap><loc>{base}{path_of(p)}</loc></sitemap>\n" for p in urls.parts]
        return _document("sitemapindex", rows)
    rows = [
        f"<url><loc>{base}{path}</loc>{_changed(urls.days.get(path))}</url>\n"
        for path in urls.paths
    ]
    return _document("urlset", rows)


def _changed(day: str | None) -> str:
    return f"<lastmod>{day}</lastmod>" if day else ""


def _document(root: str, rows: list[str]) -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SPACE}">\n'
    return f"{head}{''.join(rows)}</{root}>\n".encode()


PAGE = PageKind(name="sitemap", templates=(), lay=lay)
