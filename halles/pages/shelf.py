"""A region's shelf: its merchants of one category."""

from collections.abc import Iterator
from typing import Any

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind, Seen, _maps, frame, home_crumb, regions_crumb
from halles.pages import _listing as listing
from halles.pages import _pictures as pictures


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one page of a shelf, whose key is ``<region>/<category>#<page>``."""
    name, number = listing.split(key)
    region, _, category = name.partition("/")
    wanted = (f"slice:shelf:{key}", f"region:{region}", f"category:{category}")
    if not all(fact in facts for fact in wanted):
        return
    way = facts[f"category:{category}"].way
    needs = ["site", f"region:{region}", *(f"category:{c}" for c in way)]
    needs.append(f"share:category:{category}")
    needs += listing.needs(f"shelf:{key}", facts)
    if number == 1:
        needs += listing.tally_needs(f"shelf:{name}", facts)
        needs += _maps.needs(facts, region)
    yield Page(
        ground.ways.to(lang, "regions", region, category, page=number),
        "shelf.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(key, seen, lang, ground),
    )


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    name, number = listing.split(key)
    region, _, category = name.partition("/")
    site, place, here = seen["site"], seen[f"region:{region}"], seen[f"category:{category}"]
    tally = seen.get(f"tally:shelf:{name}")
    cards = listing.cards(f"shelf:{key}", seen, lang, ground)
    ways = ground.ways
    title = f"{here.text} – {place.text}"
    crumbs = (home_crumb(site), regions_crumb(site), place)
    inner = {c: ways.to(lang, "regions", region, c) for c in here.children}
    view = frame(
        site,
        ways,
        path=ways.to(lang, "regions", region, category, page=number),
        twins=listing.twins("regions", (region, category), number, ground),
        title=listing.numbered(title, number),
        description=listing.gist(title, site),
        crumbs=crumbs,
        ld=(listing.item_list(cards, number, ground),),
        kind="shelf",
        share=pictures.to_share(None, "", seen.get(f"share:category:{category}"), ground),
        hours=listing.until(seen),
    )
    view |= {
        "name": here,
        "map": _maps.of_region(place, here, seen) if number == 1 else None,
        "region": place,
        "category": here,
        "number": number,
        "total": tally.total if tally else 0,
        "categories": listing.counted(tally, "category", seen, inner) if tally else [],
        "cards": cards,
        "pager": listing.pager(
            "regions",
            (region, category),
            number,
            seen[f"slice:shelf:{key}"].pages,
            lang,
            ground,
        ),
    }
    return view


PAGE = PageKind(name="shelf", templates=("shelf.html",), lay=lay)
