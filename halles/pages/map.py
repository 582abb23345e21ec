"""The map of everything: each region with its merchants, and the explorer that takes its place."""

from collections.abc import Iterator
from typing import Any

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind, Seen, _maps, frame, home_crumb
from halles.pages import _listing as listing

WHAT = "Tous les marchands sur une carte, par région, par catégorie et par marque d’origine."


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the page, where there are maps and merchants."""
    sited = [*_maps.tally_needs(facts, "home")]
    if not sited:
        return
    needs = ["site", *listing.tally_needs("home", facts), *sited, "almanac"]
    path = ground.ways.to(lang, "map")
    yield Page(path, "map.html", lang, tuple(needs), lambda seen: _view(seen, lang, ground))
    yield Page(
        f"{path}mots.json", "map-words.txt", lang, ("site",), lambda seen: {"site": seen["site"]}
    )


def _view(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, ways, tally = seen["site"], ground.ways, seen["tally:home"]
    view = frame(
        site,
        ways,
        path=ways.to(lang, "map"),
        twins={other: ways.to(other, "map") for other in ways.languages},
        title=site.say("La carte"),
        description=site.say(WHAT),
        crumbs=(home_crumb(site),),
        kind="explorer",
        hours=listing.until(seen),
    )
    return view | {
        "map": _maps.of_all(tally, None, seen, {}),
        "total": tally.total,
        "regions": listing.counted(tally, "region", seen),
    }


PAGE = PageKind(name="map", templates=("map.html", "map-words.txt"), lay=lay)
