"""A region: its introduction, its categories, its merchants."""

from collections.abc import Iterator
from typing import Any

from halles import prose
from halles.facts import Facts, TextFact
from halles.pages import Ground, Page, PageKind, Seen, _maps, frame, home_crumb, regions_crumb
from halles.pages import _listing as listing
from halles.pages import _pictures as pictures


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one page of a region's listing."""
    region, number = listing.split(key)
    if f"slice:region:{key}" not in facts or f"region:{region}" not in facts:
        return
    needs = ["site", f"region:{region}", f"share:region:{region}"]
    needs += listing.needs(f"region:{key}", facts)
    if number == 1:
        needs += [f"text:region:{region}", *listing.tally_needs(f"region:{region}", facts)]
        needs += _maps.needs(facts, region)
    yield Page(
        ground.ways.to(lang, "regions", region, page=number),
        "region.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(key, seen, lang, ground),
    )


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    region, number = listing.split(key)
    site, here = seen["site"], seen[f"region:{region}"]
    text: TextFact | None = seen.get(f"text:region:{region}")
    tally = seen.get(f"tally:region:{region}")
    cards = listing.cards(f"region:{key}", seen, lang, ground)
    crumbs = [home_crumb(site), regions_crumb(site)] + ([here] if number > 1 else [])
    shelves = {
        c: ground.ways.to(lang, "regions", region, c)
        for c in (i for _, i, _ in (tally.counts if tally else ()))
    }
    view = frame(
        site,
        ground.ways,
        path=ground.ways.to(lang, "regions", region, page=number),
        twins=listing.twins("regions", (region,), number, ground),
        title=listing.numbered(here.text, number),
        description=prose.gist(text.body.text, text.body.lang)
        if text and text.body.text
        else listing.gist(listing.numbered(here.text, number), site),
        crumbs=tuple(crumbs),
        ld=(listing.item_list(cards, number, ground),),
        kind="region",
        share=pictures.to_share(None, "", seen.get(f"share:region:{region}"), ground),
        hours=listing.until(seen),
        feeds=f"{site.feeds}{region}/" if number == 1 else "",
    )
    view |= {
        "name": here,
        "map": _maps.of_region(here, None, seen) if number == 1 else None,
        "number": number,
        "restocked": ground.ways.to(lang, "restocked", region),
        "intro": _intro(text) if number == 1 else None,
        "total": tally.total if tally else 0,
        "categories": listing.counted(tally, "category", seen, shelves) if tally else [],
        "cards": cards,
        "pager": listing.pager(
            "regions", (region,), number, seen[f"slice:region:{key}"].pages, lang, ground
        ),
    }
    return view


def _intro(text: TextFact | None) -> dict[str, str] | None:
    if text is None or not text.body.text:
        return None
    return {"html": prose.html(text.body.text, lang=text.body.lang), "lang": text.body.lang}


PAGE = PageKind(name="region", templates=("region.html",), lay=lay)
