"""An origin label: what it promises, and who carries it."""

from collections.abc import Iterator
from typing import Any

from halles import prose
from halles.facts import Facts, TextFact
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb
from halles.pages import _listing as listing


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one page of a label's listing."""
    label, number = listing.split(key)
    if f"slice:label:{key}" not in facts or f"label:{label}" not in facts:
        return
    needs = ["site", f"label:{label}", f"text:label:{label}"]
    needs += listing.needs(f"label:{key}", facts)
    if number == 1:
        needs += listing.tally_needs(f"label:{label}", facts)
    yield Page(
        ground.ways.to(lang, "origin", label, page=number),
        "label.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(key, seen, lang, ground),
    )


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    label, number = listing.split(key)
    site, here = seen["site"], seen[f"label:{label}"]
    text: TextFact = seen[f"text:label:{label}"]
    tally = seen.get(f"tally:label:{label}")
    groups = _groups(listing.cards(f"label:{key}", seen, lang, ground), label)
    cards = [card for group in groups for card in group["cards"]]
    view = frame(
        site,
        ground.ways,
        path=ground.ways.to(lang, "origin", label, page=number),
        twins=listing.twins("origin", (label,), number, ground),
        title=listing.numbered(here.text, number),
        description=prose.gist(text.body.text, text.body.lang),
        crumbs=(home_crumb(site), *([here] if number > 1 else [])),
        ld=(listing.item_list(cards, number, ground),),
        kind="label",
        hours=listing.until(seen),
    )
    view |= {
        "name": here,
        "number": number,
        "total": tally.total if tally else 0,
        "definition": {
            "html": prose.html(text.body.text, lang=text.body.lang),
            "lang": text.body.lang,
        },
        "body": text.more.get("body", ""),
        "website": text.more.get("url", ""),
        "cards": cards,
        "groups": groups,
        "pager": listing.pager(
            "origin", (label,), number, seen[f"slice:label:{key}"].pages, lang, ground
        ),
    }
    return view


def _groups(cards: list[dict[str, Any]], label: str) -> list[dict[str, Any]]:
    """Return the merchants of a page by what their claim is worth, the best first."""
    found: dict[str, list[dict[str, Any]]] = {
        level: [] for level in ("certified", "expired", "declared", "products")
    }
    for card in cards:
        own = card["label"] and card["label"].id == label
        found[card["level"] if own else "products"].append(card)
    return [{"level": level, "cards": of} for level, of in found.items() if of]


PAGE = PageKind(name="label", templates=("label.html",), lay=lay)
