"""A category, province-wide: its regions, its branches, its merchants."""

from collections.abc import Iterator
from typing import Any

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind, Seen, _maps, categories_crumb, frame, home_crumb
from halles.pages import _listing as listing
from halles.pages import _pictures as pictures


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one page of a category's listing; an empty category has one page all the same."""
    category, number = listing.split(key)
    if f"slice:category:{key}" not in facts or f"category:{category}" not in facts:
        return
    way = facts[f"category:{category}"].way
    needs = ["site", f"share:category:{category}", *(f"category:{c}" for c in way)]
    needs += listing.needs(f"category:{key}", facts)
    if number == 1:
        needs += listing.tally_needs(f"category:{category}", facts)
        needs += _maps.tally_needs(facts, f"category:{category}")
    yield Page(
        ground.ways.to(lang, "categories", category, page=number),
        "category.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(key, seen, lang, ground),
    )


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    category, number = listing.split(key)
    site, here = seen["site"], seen[f"category:{category}"]
    tally = seen.get(f"tally:category:{category}")
    cards = listing.cards(f"category:{key}", seen, lang, ground)
    above = [seen[f"category:{c}"] for c in here.way[: None if number > 1 else -1]]
    in_regions = {
        name: ground.ways.to(lang, "regions", name, category)
        for family, name, _ in (tally.counts if tally else ())
        if family == "region"
    }
    view = frame(
        site,
        ground.ways,
        path=ground.ways.to(lang, "categories", category, page=number),
        twins=listing.twins("categories", (category,), number, ground),
        title=listing.numbered(here.text, number),
        description=listing.gist(listing.numbered(here.text, number), site),
        crumbs=(home_crumb(site), categories_crumb(site), *above),
        ld=(listing.item_list(cards, number, ground),),
        kind="category",
        share=pictures.to_share(None, "", seen.get(f"share:category:{category}"), ground),
        hours=listing.until(seen),
    )
    view |= {
        "name": here,
        "map": _maps.of_all(tally, here, seen, in_regions) if number == 1 else None,
        "number": number,
        "total": tally.total if tally else 0,
        "categories": listing.counted(tally, "category", seen) if tally else [],
        "regions": listing.counted(tally, "region", seen, in_regions) if tally else [],
        "cards": cards,
        "pager": listing.pager(
            "categories", (category,), number, seen[f"slice:category:{key}"].pages, lang, ground
        ),
    }
    return view


PAGE = PageKind(name="category", templates=("category.html",), lay=lay)
