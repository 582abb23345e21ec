"""A shop's hours as a page shows them: the table, the days ahead, and what the script reads."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

from halles import structured, text
from halles.catalogue import Card
from halles.feasts import Almanac
from halles.hours import Day
from halles.model import Merchant
from halles.openings import Openings, Special, coded, openings
from halles.pages import Seen
from halles.zones import zone_of

MANY = 40
"""Single days beyond which those of the rules are not listed: the rules are shown as written."""


def needs(merchant: Merchant) -> Iterator[str]:
    """Yield the fact that hours are shown by, where there are any."""
    if merchant.hours and merchant.status == "open":
        yield "almanac"


def found(merchant: Merchant, seen: Seen) -> Openings | None:
    """Return when a shop is open."""
    year: Almanac | None = seen.get("almanac")
    if year is None or not merchant.hours:
        return None
    return openings(merchant.hours, merchant.hours_exempt, year)


def until(seen: Seen) -> str:
    """Return the last day that the script knows the special days of."""
    year: Almanac | None = seen.get("almanac")
    return year.last[2:].replace("-", "") if year else ""


def of_card(card: Card, seen: Seen) -> dict[str, str] | None:
    """Return what the script reads on a card of a listing."""
    year: Almanac | None = seen.get("almanac")
    if year is None or not card.hours:
        return None
    shop = openings(card.hours, card.exempt, year)
    return {"code": coded(shop), "zone": card.zone} if shop else None


def view(merchant: Merchant, shop: Openings, lang: str) -> dict[str, Any]:
    """Return hours in words."""
    return {"zone": zone_of(merchant), **_in_words(shop, lang)}


@lru_cache(maxsize=4096)
def for_machines(shop: Openings) -> dict[str, Any]:
    """Return hours as structured data."""
    return structured.hours(shop, listed(shop))


@lru_cache(maxsize=4096)  # shops share their hours, and a shop's page, poster and widget do
def _in_words(shop: Openings, lang: str) -> dict[str, Any]:
    specials = list(listed(shop))
    known = any(day is not None for days in (shop.days, *(s.days for s in shop.seasons))
                for day in days)  # fmt: skip
    return {
        "code": coded(shop),
        "days": _week(shop.days, lang) if known else [],
        "seasons": [
            {
                "first": text.day(season.first, lang),
                "last": text.day(season.last, lang),
                "shut": not any(season.days),
                "days": _week(season.days, lang),
            }
            for season in shop.seasons
        ],
        "specials": [_special(special, lang) for special in specials],
        "law": any(special.law for special in specials),
        "more": shop.more,
    }


def listed(shop: Openings) -> Iterator[Special]:
    """Yield the single days that a page lists; the script knows them all."""
    many = len(shop.specials) > MANY
    return (special for special in shop.specials if special.feast or not many)


def _week(days: tuple[Day, ...], lang: str) -> list[dict[str, Any]]:
    """Return the week in runs of days that are alike: Monday to Friday is one line."""
    starts = [i for i in range(len(days)) if i == 0 or days[i] != days[i - 1]]
    return [
        {
            "first": first,
            "last": after - 1,
            "ask": days[first] is None,
            "hours": _pairs(days[first], lang),
        }
        for first, after in pairwise([*starts, len(days)])
    ]


def _pairs(day: Day, lang: str) -> list[dict[str, str]]:
    return [{"opens": text.clock(o, lang), "closes": text.clock(c, lang)} for o, c in day or ()]


def _special(special: Special, lang: str) -> dict[str, Any]:
    feast = special.feast
    return {
        "iso": special.day,
        "key": special.day[2:].replace("-", ""),
        "weekday": date.fromisoformat(special.day).weekday(),
        "day": text.day(special.day, lang),
        "name": (feast.fr if lang == "fr" else feast.en) if feast else "",
        "law": special.law,
        "ask": special.hours is None,
        "hours": _pairs(special.hours, lang),
    }
