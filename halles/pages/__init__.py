"""Page kinds: one a file. A kind lays out the pages that one key calls for, from facts alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from halles import structured
from halles import text as written
from halles.addresses import Ways
from halles.facts import CategoryFact, Facts, LabelFact, Link, RegionFact, Site, StockFact, Words
from halles.model import Both, BothProse, Origin, said
from halles.pictures.studio import Studio

LISTINGS = ("region", "shelf", "category", "label", "campaign", "restocked")
"""Kinds of pages that list merchants, and say when their stock was last told of."""

Seen: TypeAlias = Mapping[str, Any]
Leads: TypeAlias = Link | RegionFact | CategoryFact | LabelFact
"""Anything with a text, its language and a path."""


class Page(NamedTuple):
    """A path, the facts it declares it needs, and how its view is made of them.

    ``view`` gets the declared facts and no other: reading another is a KeyError. Without a
    template, the view is the file's bytes.
    """

    path: str
    template: str
    lang: str
    needs: tuple[str, ...]
    view: Callable[[Seen], Any]


class Ground(NamedTuple):
    """What a kind stands on when it lays out pages: the same for every page of a site."""

    ways: Ways
    policy: str
    page_size: int
    studio: Studio
    """Where the files of pictures come from; only their own pages ask there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKind:
    """How the pages of one key are laid out, in one language."""

    name: str
    templates: tuple[str, ...]
    lay: Callable[[str, Facts, str, Ground], Iterator[Page]]


def words(text: str | Both | BothProse | None, lang: str) -> Words | None:
    """Return a text in a language, or in the one it has."""
    return Words(*said(text, lang)) if text is not None else None


def frame(  # the part of a view that every page has
    site: Site,
    ways: Ways,
    *,
    path: str,
    twins: Mapping[str, str],
    title: str,
    description: str = "",
    crumbs: tuple[Leads, ...] = (),
    ld: tuple[dict[str, Any], ...] = (),
    index: bool = True,
    kind: str = "",
    stock: str = "",
    share: dict[str, Any] | None = None,
    hours: str = "",
    feeds: str = "",
) -> dict[str, Any]:
    """Return what the base template shows: title, addresses, languages, crumbs, JSON-LD.

    ``twins`` are the page's addresses by language, ``stock`` the shard that keeps it up to date,
    ``share`` the picture that links to it are shared with,
    ``hours`` the last day that its hours are known of,
    ``feeds`` the folder of its own feeds.
    """
    trail = [_breadcrumbs(ways, crumbs, title)] if crumbs else []
    url = ways.base + path
    return {
        "site": site,
        "lang": site.lang,
        "kind": kind,
        "path": path,
        "url": url,
        "twins": [
            {"lang": lang, "url": ways.base + twin, "path": twin} for lang, twin in twins.items()
        ],
        "title": title,
        "head_title": title if title == site.title else f"{title} – {site.title}",
        "gist": description,
        "crumbs": crumbs,
        "ld": {"@context": "https://schema.org", "@graph": [*ld, *trail]} if ld or trail else None,
        "index": index,
        "stock": stock,
        "share": share,
        "hours_until": hours,
        "feeds": feeds,
        "live": site.stock and kind in LISTINGS,
    }


def _breadcrumbs(ways: Ways, crumbs: tuple[Leads, ...], title: str) -> dict[str, Any]:
    steps = [
        {"@type": "ListItem", "position": i, "name": c.text, "item": ways.base + c.path}
        for i, c in enumerate(crumbs, 1)
    ]
    # The last step is this page itself, whose address needs no saying.
    steps.append({"@type": "ListItem", "position": len(steps) + 1, "name": title})
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def home_crumb(site: Site) -> Link:
    """Return the way back to the front page."""
    return Link(site.title, site.lang, site.home)


def regions_crumb(site: Site) -> Link:
    """Return the way back to the list of regions."""
    return Link(site.say("Régions"), site.lang, site.regions)


def categories_crumb(site: Site) -> Link:
    """Return the way back to the list of categories."""
    return Link(site.say("Catégories"), site.lang, site.categories)


def stock_view(fact: StockFact | None, lang: str) -> dict[str, str] | None:
    """Return what feeds said of an offer, in words; None of a merchant that takes no part."""
    if fact is None:
        return None
    return {
        "state": fact.state,
        "iso": fact.since,
        "since": written.moment(fact.since, lang) if fact.since else "",
        "sale": written.price(fact.sale, lang) if fact.sale else "",
        "sale_until": written.day(fact.sale_until[:10], lang) if fact.sale_until else "",
    }


def origin_needs(origin: Origin | None) -> Iterator[str]:
    """Yield the facts that a claim of origin is shown from."""
    if origin:
        yield f"label:{origin.label}"
        if origin.valid_until:
            yield f"over:{origin.valid_until}"


def level(proved: bool, over: bool) -> str:
    """Return what a claim of origin is worth today."""
    return "declared" if not proved else "expired" if over else "certified"


def certified(origin: Origin | None, seen: Seen) -> dict[str, Any]:
    """Return, as structured data, a claim of origin whose evidence holds today."""
    if origin is None or not origin.proved or f"over:{origin.valid_until}" in seen:
        return {}
    label = seen.get(f"label:{origin.label}")
    return structured.certified(origin, label.text) if label else {}


def origin_view(origin: Origin, seen: Seen, lang: str) -> dict[str, Any]:
    """Return a claim of origin with what evidence there is."""
    label = seen.get(f"label:{origin.label}")
    proved, over = origin.proved, f"over:{origin.valid_until}" in seen
    return {
        "label": label or Link(origin.label, "fr", ""),
        "body": origin.body or "",
        "number": origin.number or "",
        "url": origin.url or "",
        "checked_on": written.day(origin.checked_on, lang) if origin.checked_on else "",
        "valid_until": written.day(origin.valid_until, lang) if origin.valid_until else "",
        "evidence": proved,
        "over": over,
        "level": level(proved, over),
    }
