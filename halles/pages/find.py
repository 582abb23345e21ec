"""The page of the search: its form and its words, and without a script every way to browse."""

from collections.abc import Iterator
from typing import Any

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb
from halles.pages import _listing as listing


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the page; the script's results are called by the names that are given here."""
    needs = ["site", *listing.tally_needs("home", facts)]
    needs += listing.tally_needs("categories", facts)
    if facts["site"].search_on:
        needs += ["ids:labels", *(f"label:{x}" for x in facts["ids:labels"]), "towns:site"]
    yield Page(
        ground.ways.to(lang, "search"),
        "search.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(seen, lang, ground),
    )


def _view(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways = seen["site"], ground.ways
    view = frame(
        site,
        ways,
        path=ways.to(lang, "search"),
        twins={other: ways.to(other, "search") for other in ways.languages},
        title=site.say("Chercher dans le marché" if site.search_on else "Parcourir le marché"),
        description=site.say("Tous les marchands, par région et par catégorie."),
        crumbs=(home_crumb(site),),
        kind="search",
    )
    view["regions"] = listing.counted(seen["tally:home"], "region", seen)
    view["categories"] = listing.tree(seen)
    if not site.search_on:
        return view
    view["places"] = seen["towns:site"]
    view["found"] = {
        "regions": list(_regions(seen)),
        "categories": list(_named(seen)),
        "labels": [(x, seen[f"label:{x}"].text) for x in seen["ids:labels"]],
    }
    return view


def _regions(seen: Seen) -> Iterator[tuple[str, str]]:
    for family, region, _ in seen["tally:home"].counts:
        if family == "region" and f"region:{region}" in seen:
            yield region, seen[f"region:{region}"].text


def _named(seen: Seen) -> Iterator[tuple[str, str, str, str]]:
    """Yield the categories that have merchants: id, the one above, name, drawing."""
    for family, category, _ in seen["tally:categories"].counts:
        if family == "category" and f"category:{category}" in seen:
            fact = seen[f"category:{category}"]
            yield category, fact.way[-2] if len(fact.way) > 1 else "", fact.text, fact.icon


PAGE = PageKind(name="find", templates=("search.html",), lay=lay)
