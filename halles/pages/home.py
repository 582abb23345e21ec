"""The front page, the lists of regions and of categories, and the page for what is not there."""

from collections.abc import Iterator
from typing import Any

from halles.facts import Facts, Link, Site, Tally, TextFact
from halles.pages import (
    Ground,
    Page,
    PageKind,
    Seen,
    categories_crumb,
    frame,
    home_crumb,
    regions_crumb,
)
from halles.pages import _listing as listing


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one of the few pages that a site has once."""
    ways = ground.ways
    if key == "home":
        campaigns = [f"text:campaign:{c}" for c in facts["ids:campaigns"]]
        needs = ["site", *listing.tally_needs("home", facts), "ids:campaigns", *campaigns]
        needs += [f"label:{x}" for x in facts["ids:labels"]] + ["ids:labels"]
        yield Page(
            ways.home(lang), "home.html", lang, tuple(needs), lambda s: _home(s, lang, ground)
        )
    elif key == "regions":
        needs = ["site", *listing.tally_needs("home", facts)]
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
        description=site.tagline,
        ld=(
            {
                "@type": "WebSite",
                "name": site.title,
                "url": ways.url(ways.home(lang)),
                "inLanguage": f"{lang}-CA",
            },
        ),
        kind="home",
    )
    view |= {
        "total": tally.total,
        "regions": listing.counted(tally, "region", seen),
        "categories": listing.counted(tally, "category", seen),
        "labels": [seen[f"label:{x}"] for x in seen["ids:labels"]],
        "campaigns": [
            _campaign(seen[f"text:campaign:{c}"], lang, ground) for c in seen["ids:campaigns"]
        ],
    }
    return view


def _campaign(text: TextFact, lang: str, ground: Ground) -> dict[str, Any]:
    path = ground.ways.to(lang, "campaigns", text.more[f"slug_{lang}"])
    return {"link": Link(text.title.text, text.title.lang, path), "summary": text.summary}


def _regions(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    view = frame(
        site,
        ways,
        path=ways.to(lang, "regions"),
        twins={other: ways.to(other, "regions") for other in ways.languages},
        title=regions_crumb(site).text,
        crumbs=(home_crumb(site),),
        kind="regions",
    )
    view["regions"] = listing.counted(seen["tally:home"], "region", seen)
    return view


def _categories(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    tally: Tally = seen["tally:categories"]
    counts = {name: count for family, name, count in tally.counts if family == "category"}
    view = frame(
        site,
        ways,
        path=ways.to(lang, "categories"),
        twins={other: ways.to(other, "categories") for other in ways.languages},
        title=categories_crumb(site).text,
        crumbs=(home_crumb(site),),
        kind="categories",
    )
    roots = [c for c in counts if len(seen[f"category:{c}"].way) == 1]
    view["categories"] = [_branch(c, counts, seen) for c in roots]
    return view


def _branch(category: str, counts: dict[str, int], seen: Seen) -> dict[str, Any]:
    fact = seen[f"category:{category}"]
    return {
        "link": fact,
        "count": counts[category],
        "children": [_branch(c, counts, seen) for c in fact.children if c in counts],
    }


def _lost(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    return frame(
        site,
        ways,
        path=f"{ways.home(lang)}404.html",
        twins={other: f"{ways.home(other)}404.html" for other in ways.languages},
        title="Page introuvable" if lang == "fr" else "Page not found",
        index=False,
        kind="404",
    )


PAGE = PageKind(
    name="home",
    templates=("home.html", "regions.html", "categories.html", "404.html"),
    lay=lay,
)
