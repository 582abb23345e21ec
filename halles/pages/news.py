"""Who came and who closed, in a region and everywhere: an Atom feed, and the same as JSON Feed."""

from collections.abc import Iterator
from html import escape
from typing import Any

import msgspec

from halles.facts import Facts, News, Site
from halles.pages import Ground, Page, PageKind, Seen, words

ALL = "_all"
"""The key of the whole market's feeds; no region's id begins with an underscore."""
_TOLD = {"added": "Nouveau marchand\u00a0: {name}", "closed": "Fermé\u00a0: {name}"}
_NEVER = "1970-01-01"


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the two feeds of a region, or of the whole market."""
    if f"news:{key}" not in facts:
        return
    told: tuple[News, ...] = facts[f"news:{key}"]
    regions = sorted({news.region for news in told} | ({key} - {ALL}))
    needs = ("site", f"news:{key}", *(f"region:{region}" for region in regions))
    folder = folder_of(key, lang, ground)
    yield Page(f"{folder}atom.xml", "", lang, needs, lambda seen: _atom(key, seen, ground))
    yield Page(f"{folder}feed.json", "", lang, needs, lambda seen: _json(key, seen, ground))


def folder_of(key: str, lang: str, ground: Ground) -> str:
    """Return where the feeds of a region, or of the whole market, stand."""
    return ground.ways.to(lang, "feeds", *(() if key == ALL else (key,)))


def _about(key: str, seen: Seen, ground: Ground) -> tuple[str, str]:
    """Return the title of a feed, and the page that it belongs to."""
    site: Site = seen["site"]
    what = site.say("Arrivées et fermetures")
    if key == ALL:
        return f"{what} – {site.title}", ground.ways.url(site.home)
    region = seen[f"region:{key}"]
    return f"{what} – {region.text}", ground.ways.url(region.path)


def _entries(key: str, seen: Seen, ground: Ground) -> Iterator[dict[str, str]]:
    """Yield what there is to tell, newest first."""
    site: Site = seen["site"]
    lang = site.lang
    for news in seen[f"news:{key}"]:
        name, region = words(news.name, lang), seen.get(f"region:{news.region}")
        assert name is not None
        url = ground.ways.url(ground.ways.to(lang, "merchants", news.merchant))
        yield {
            "id": f"{url}#{news.what}-{news.day}",
            "url": url,
            "title": site.say(_TOLD[news.what]).replace("{name}", name.text),
            "text": ", ".join(x for x in (name.text, news.town, region and region.text) if x),
            # A day is all that is known of the moment: noon of it, which is that day in Québec.
            "at": f"{news.day}T12:00:00Z",
        }


def _atom(key: str, seen: Seen, ground: Ground) -> bytes:
    site: Site = seen["site"]
    title, page = _about(key, seen, ground)
    feed = ground.ways.url(f"{folder_of(key, site.lang, ground)}atom.xml")
    entries = list(_entries(key, seen, ground))
    updated = max((e["at"] for e in entries), default=f"{_NEVER}T12:00:00Z")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.lang}-CA">',
        f"<id>{escape(feed)}</id>",
        f"<title>{escape(title)}</title>",
        f"<updated>{updated}</updated>",
        f"<author><name>{escape(site.title)}</name></author>",
        f'<link rel="self" type="application/atom+xml" href="{escape(feed)}"/>',
        f'<link rel="alternate" type="text/html" href="{escape(page)}"/>',
    ]
    for e in entries:
        lines += [
            "<entry>",
            f"<id>{escape(e['id'])}</id>",
            f"<title>{escape(e['title'])}</title>",
            f"<published>{e['at']}</published>",
            f"<updated>{e['at']}</updated>",
            f'<link rel="alternate" type="text/html" href="{escape(e["url"])}"/>',
            f"<summary>{escape(e['text'])}</summary>",
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""]).encode()


def _json(key: str, seen: Seen, ground: Ground) -> bytes:
    site: Site = seen["site"]
    title, page = _about(key, seen, ground)
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": page,
        "feed_url": ground.ways.url(f"{folder_of(key, site.lang, ground)}feed.json"),
        "language": f"{site.lang}-CA",
        "authors": [{"name": site.title, "url": ground.ways.url(site.home)}],
        "items": [
            {
                "id": e["id"],
                "url": e["url"],
                "title": e["title"],
                "content_text": e["text"],
                "date_published": e["at"],
            }
            for e in _entries(key, seen, ground)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(feed), indent=1) + b"\n"


PAGE = PageKind(name="news", templates=(), lay=lay)
