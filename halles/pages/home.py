"""The front page, the lists of regions and of categories, and the page for what is not there."""

from collections.abc import Iterator
from typing import Any

from halles import structured
from halles.addresses import Ways
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
    elif key == "search":
        needs = ["site", *listing.tally_needs("home", facts)]
        needs += listing.tally_needs("categories", facts)
        needs = list(dict.fromkeys(needs))
        path = ways.to(lang, "search")
        yield Page(path, "search.html", lang, tuple(needs), lambda s: _browse(s, lang, ground))
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
        or (
            "Les marchands du Québec, région par région, et ce qu’ils vendent."
            if lang == "fr"
            else "The merchants of Québec, region by region, and what they sell."
        ),
        ld=tuple(structured.website(site.title, ways.url(site.home), lang, _icon(site, ways))),
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


def _icon(site: Site, ways: Ways) -> str:
    path = site.assets.get("icon-512.png", "")
    return ways.url(path) if path else ""


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
        description="Les marchands, région par région."
        if lang == "fr"
        else "The merchants, region by region.",
        crumbs=(home_crumb(site),),
        ld=(
            _list([seen[f"region:{r}"] for r in _known(seen["tally:home"], "region", seen)], ways),
        ),
        kind="regions",
    )
    view["regions"] = listing.counted(seen["tally:home"], "region", seen)
    return view


def _categories(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    view = frame(
        site,
        ways,
        path=ways.to(lang, "categories"),
        twins={other: ways.to(other, "categories") for other in ways.languages},
        title=categories_crumb(site).text,
        description="Les marchands, par ce qu’ils vendent."
        if lang == "fr"
        else "The merchants, by what they sell.",
        crumbs=(home_crumb(site),),
        ld=(
            _list(
                [seen[f"category:{c}"] for c in _known(seen["tally:categories"], "category", seen)],
                ways,
            ),
        ),
        kind="categories",
    )
    view["categories"] = _tree(seen)
    return view


def _browse(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    """Return every region and category: the ways to find something without a script."""
    site, ways = seen["site"], ground.ways
    view = frame(
        site,
        ways,
        path=ways.to(lang, "search"),
        twins={other: ways.to(other, "search") for other in ways.languages},
        title="Parcourir le marché" if lang == "fr" else "Browse the market",
        description="Tous les marchands, par région et par catégorie."
        if lang == "fr"
        else "All merchants, by region and by category.",
        crumbs=(home_crumb(site),),
        kind="search",
    )
    view["regions"] = listing.counted(seen["tally:home"], "region", seen)
    view["categories"] = _tree(seen)
    return view


def _known(tally: Tally, family: str, seen: Seen) -> list[str]:
    found = [name for kind, name, _ in tally.counts if kind == family]
    return [name for name in found if f"{family}:{name}" in seen]


def _list(found: list[Any], ways: Ways) -> dict[str, Any]:
    return structured.item_list([(fact.text, ways.url(fact.path)) for fact in found], 1)


def _tree(seen: Seen) -> list[dict[str, Any]]:
    tally: Tally = seen["tally:categories"]
    counts = {name: count for family, name, count in tally.counts if family == "category"}
    roots = [c for c in counts if len(seen[f"category:{c}"].way) == 1]
    return [_branch(c, counts, seen) for c in roots]


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
        description="Il n’y a rien à cette adresse."
        if lang == "fr"
        else "There is nothing at this address.",
        index=False,
        kind="404",
    )


PAGE = PageKind(
    name="home",
    templates=("home.html", "regions.html", "categories.html", "search.html", "404.html"),
    lay=lay,
)
