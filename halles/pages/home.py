"""The front page, the lists of regions and of categories, and the page for what is not there."""

import re
from collections.abc import Iterator
from typing import Any

from halles import structured, text
from halles.addresses import Ways
from halles.facts import Facts, Link, News, Site, Tally, TextFact
from halles.floorplan import Spot, floor_plan
from halles.pages import (
    Ground,
    Page,
    PageKind,
    Seen,
    categories_crumb,
    frame,
    home_crumb,
    regions_crumb,
    words,
)
from halles.pages import _listing as listing
from halles.text import collation_key

STALL_WIDE, STALL_HIGH = 74, 62
"""The measures of a stall in the plan of the market."""
LINE, LINES = 11, 3
"""Letters that a stall's line holds, and lines."""


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one of the few pages that a site has once."""
    ways = ground.ways
    if key == "home":
        campaigns = [f"text:campaign:{c}" for c in facts["ids:campaigns"]]
        needs = ["site", *listing.tally_needs("home", facts), "ids:campaigns", *campaigns]
        needs.append("almanac")  # for who is near, and open
        needs += [*_spots(facts), "news:home"]
        needs += [f"region:{news.region}" for news in facts["news:home"]]
        needs += [f"label:{x}" for x in facts["ids:labels"]] + ["ids:labels"]
        yield Page(
            ways.home(lang),
            "home.html",
            lang,
            tuple(dict.fromkeys(needs)),
            lambda s: _home(s, lang, ground),
        )
    elif key == "regions":
        needs = ["site", *listing.tally_needs("home", facts), *_spots(facts)]
        path = ways.to(lang, "regions")
        yield Page(path, "regions.html", lang, tuple(needs), lambda s: _regions(s, lang, ground))
    elif key == "categories":
        needs = ["site", *listing.tally_needs("categories", facts)]
        path = ways.to(lang, "categories")
        yield Page(
            path, "categories.html", lang, tuple(needs), lambda s: _categories(s, lang, ground)
        )
    elif key == "404":
        path = f"{ways.home(lang)}404.html"
        yield Page(path, "404.html", lang, ("site",), lambda s: _lost(s, lang, ground))


def _home(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site: Site = seen["site"]
    tally: Tally = seen["tally:home"]
    ways = ground.ways
    view = frame(
        site,
        ways,
        path=ways.home(lang),
        twins={other: ways.home(other) for other in ways.languages},
        title=site.title,
        description=site.tagline
        or site.say("Les marchands du Québec, région par région, et ce qu’ils vendent."),
        ld=tuple(structured.website(site.title, ways.url(site.home), lang, _icon(site, ways))),
        kind="home",
        hours=listing.until(seen),
    )
    view |= {
        "total": tally.total,
        "regions": [
            region | {"back": ways.to(lang, "restocked", region["link"].id)}
            for region in _numbered(tally, seen)
        ],
        "plan": _plan(tally, seen),
        "categories": listing.counted(tally, "category", seen),
        "arrivals": [_arrival(news, seen, lang, ground) for news in seen["news:home"]],
        "labels": [seen[f"label:{x}"] for x in seen["ids:labels"]],
        "campaigns": [
            _campaign(seen[f"text:campaign:{c}"], lang, ground) for c in seen["ids:campaigns"]
        ],
    }
    return view


def _icon(site: Site, ways: Ways) -> str:
    path = site.assets.get("icon-512.png", "")
    return ways.url(path) if path else ""


def _campaign(told: TextFact, lang: str, ground: Ground) -> dict[str, Any]:
    path = ground.ways.to(lang, "campaigns", told.more[f"slug_{lang}"])
    return {"link": Link(told.title.text, told.title.lang, path), "summary": told.summary}


def _regions(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    view = frame(
        site,
        ways,
        path=ways.to(lang, "regions"),
        twins={other: ways.to(other, "regions") for other in ways.languages},
        title=regions_crumb(site).text,
        description=site.say("Les marchands, région par région."),
        crumbs=(home_crumb(site),),
        ld=(
            _list([seen[f"region:{r}"] for r in _known(seen["tally:home"], "region", seen)], ways),
        ),
        kind="regions",
    )
    view["regions"] = _numbered(seen["tally:home"], seen)
    view["plan"] = _plan(seen["tally:home"], seen)
    return view


def _spots(facts: Facts) -> Iterator[str]:
    """Yield where the regions lie that the front page counts."""
    return (f"spot:{r}" for family, r, _ in facts["tally:home"].counts if family == "region")


def _numbered(tally: Tally, seen: Seen) -> list[dict[str, Any]]:
    """Return the regions with their numbers and their merchants, in the order of their names."""
    found = [
        {"link": seen[f"region:{r}"], "code": seen[f"spot:{r}"].code, "count": count}
        for family, r, count in tally.counts
        if family == "region" and f"region:{r}" in seen
    ]
    return sorted(found, key=lambda region: collation_key(region["link"].text))


def _plan(tally: Tally, seen: Seen) -> dict[str, Any] | None:
    """Return the plan of the market: each region's stall, in sizes of its picture."""
    regions = _numbered(tally, seen)
    spots = [(r["link"].id, seen[f"spot:{r['link'].id}"]) for r in regions]
    cells = floor_plan(tuple(Spot(name, spot.lat, spot.lon) for name, spot in spots))
    if len(cells) < 2:
        return None
    return {
        "width": STALL_WIDE * (1 + max(x for x, _ in cells.values())),
        "height": STALL_HIGH * (1 + max(y for _, y in cells.values())),
        "stalls": [
            {
                **region,
                "x": STALL_WIDE * cells[region["link"].id][0],
                "y": STALL_HIGH * cells[region["link"].id][1],
                "lines": _lines(region["link"].text),
            }
            for region in regions
        ],
    }


def _lines(name: str) -> list[str]:
    """Return a name in lines that a stall is wide enough for, three at the most.

    >>> _lines("Chaudière-Appalaches"), _lines("Gaspésie–Îles-de-la-Madeleine")
    (['Chaudière-', 'Appalaches'], ['Gaspésie–', 'Îles-de-la-', 'Madeleine'])
    >>> _lines("Nord-du-Québec")
    ['Nord-du-', 'Québec']
    """
    lines = [""]
    for piece in re.findall(r"[^-–\s]+[-–\s]*", name):
        if lines[-1] and len(lines[-1]) + len(piece.rstrip()) > LINE and len(lines) < LINES:
            lines.append("")
        lines[-1] += piece
    lines = [line.strip() for line in lines]
    return [line if len(line) <= LINE + 2 else f"{line[:LINE]}…" for line in lines]


def _arrival(news: News, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    name = words(news.name, lang)
    assert name is not None
    return {
        "link": Link(name.text, name.lang, ground.ways.to(lang, "merchants", news.merchant)),
        "town": news.town,
        "region": seen.get(f"region:{news.region}"),
        "day": text.day(news.day, lang),
        "iso": news.day,
    }


def _categories(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    view = frame(
        site,
        ways,
        path=ways.to(lang, "categories"),
        twins={other: ways.to(other, "categories") for other in ways.languages},
        title=categories_crumb(site).text,
        description=site.say("Les marchands, par ce qu’ils vendent."),
        crumbs=(home_crumb(site),),
        ld=(
            _list(
                [seen[f"category:{c}"] for c in _known(seen["tally:categories"], "category", seen)],
                ways,
            ),
        ),
        kind="categories",
    )
    view["categories"] = listing.tree(seen)
    return view


def _known(tally: Tally, family: str, seen: Seen) -> list[str]:
    found = [name for kind, name, _ in tally.counts if kind == family]
    return [name for name in found if f"{family}:{name}" in seen]


def _list(found: list[Any], ways: Ways) -> dict[str, Any]:
    return structured.item_list([(fact.text, ways.url(fact.path)) for fact in found], 1)


def _lost(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    return frame(
        site,
        ways,
        path=f"{ways.home(lang)}404.html",
        twins={other: f"{ways.home(other)}404.html" for other in ways.languages},
        title=site.say("Page introuvable"),
        description=site.say("Il n’y a rien à cette adresse."),
        index=False,
        kind="404",
    )


PAGE = PageKind(
    name="home",
    templates=("home.html", "regions.html", "categories.html", "404.html"),
    lay=lay,
)
