"""A campaign: a season's story, and the merchants who take part."""

from collections.abc import Iterator
from typing import Any

from halles import prose, text
from halles.facts import Facts, TextFact
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb
from halles.pages import _listing as listing


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one page of a campaign's listing."""
    campaign, number = listing.split(key)
    if f"slice:campaign:{key}" not in facts or f"text:campaign:{campaign}" not in facts:
        return
    needs = ["site", f"text:campaign:{campaign}", *listing.needs(f"campaign:{key}", facts)]
    if number == 1:
        needs += listing.tally_needs(f"campaign:{campaign}", facts)
    slug = facts[f"text:campaign:{campaign}"].more[f"slug_{lang}"]
    yield Page(
        ground.ways.to(lang, "campaigns", slug, page=number),
        "campaign.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(key, seen, lang, ground),
    )


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    campaign, number = listing.split(key)
    site = seen["site"]
    here: TextFact = seen[f"text:campaign:{campaign}"]
    tally = seen.get(f"tally:campaign:{campaign}")
    cards = listing.cards(f"campaign:{key}", seen, lang, ground)
    ways = ground.ways
    slug = here.more[f"slug_{lang}"]
    view = frame(
        site,
        ways,
        path=ways.to(lang, "campaigns", slug, page=number),
        twins={
            other: ways.to(other, "campaigns", here.more[f"slug_{other}"], page=number)
            for other in ways.languages
        },
        title=listing.numbered(here.title.text, number),
        description=here.summary
        or prose.gist(here.body.text, here.body.lang)
        or listing.gist(here.title.text, site),
        crumbs=(home_crumb(site),),
        ld=(listing.item_list(cards, number, ground),),
        kind="campaign",
        hours=listing.until(seen),
    )
    view |= {
        "name": here.title,
        "number": number,
        "total": tally.total if tally else 0,
        "summary": here.summary,
        "starts_on": _day(here.more.get("starts_on", ""), lang),
        "ends_on": _day(here.more.get("ends_on", ""), lang),
        "body": {"html": prose.html(here.body.text, 2, here.body.lang), "lang": here.body.lang},
        "cards": cards,
        "pager": listing.pager(
            "campaigns", (slug,), number, seen[f"slice:campaign:{key}"].pages, lang, ground
        ),
    }
    return view


def _day(date: str, lang: str) -> str:
    return text.day(date, lang) if date else ""


PAGE = PageKind(name="campaign", templates=("campaign.html",), lay=lay)
