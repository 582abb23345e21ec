"""Opening hours: OpenStreetMap's grammar in, a week out."""

import re
from datetime import datetime, timedelta
from functools import lru_cache

from msgspec import Struct

# A week in which no rule of a season or a holiday is likely to hold, and the days of it.
MONDAY = datetime(2029, 1, 8)
NEXT_MONDAY = MONDAY + timedelta(days=7)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_PLAIN_WEEK = re.compile(
    r"((Mo|Tu|We|Th|Fr|Sa|Su|PH|[-,; ]|off|closed|open|24/7|[0-9]{2}:[0-9]{2})+)\Z"
)


class Week(Struct, frozen=True):
    """What a door says: the hours of each day, and what else the rules say."""

    days: tuple[tuple[tuple[str, str], ...], ...]
    """For each day from Monday, its (opens, closes) pairs; past midnight is 24:00 and more."""
    more: str
    """The rules as written, where they hold more than a week can show."""
    holidays_off: bool


@lru_cache(maxsize=16384)
def week(hours: str) -> Week | None:
    """Return the ordinary week of opening hours, or None where the grammar refuses them."""
    from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]

    try:
        rules = OpeningHours(hours)
    except ParserError:
        return None
    days: list[list[tuple[str, str]]] = [[] for _ in DAYS]
    # A day more on both sides: a night belongs whole to the evening that it began on.
    for found in rules.intervals(MONDAY - timedelta(days=1), NEXT_MONDAY + timedelta(days=1)):
        start, end, state = found[0], found[1], found[2]
        if state == State.OPEN and start is not None:
            for day, opens, closes in _by_day(start, end):
                if 0 <= day < len(DAYS):
                    days[day].append((opens, closes))
    holidays_off = bool(re.search(r"\bPH\s+(off|closed)", hours))
    more = "" if _PLAIN_WEEK.match(hours) else hours
    return Week(tuple(tuple(d) for d in days), more, holidays_off)


def _by_day(start: datetime, end: datetime | None) -> list[tuple[int, str, str]]:
    """Cut one open stretch into days; one that ends before 6 in the morning stays whole."""
    last = NEXT_MONDAY + timedelta(days=1)
    end = min(end, last) if end else last
    pieces = []
    while start < end:
        midnight = datetime(start.year, start.month, start.day) + timedelta(days=1)
        stop = end if end <= midnight + timedelta(hours=6) else midnight
        pieces.append(((start - MONDAY).days, _clock(start, start), _clock(stop, start)))
        start = stop
    return pieces


def _clock(moment: datetime, day: datetime) -> str:
    hours = moment.hour + 24 * (moment.date() - day.date()).days
    return f"{hours:02d}:{moment.minute:02d}"
