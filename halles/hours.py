"""Opening hours: OpenStreetMap's grammar in, days and an ordinary week out."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from opening_hours import OpeningHours

Pair: TypeAlias = tuple[str, str]
"""When a door opens and closes; past midnight is 24:00 and more."""
Day: TypeAlias = tuple[Pair, ...] | None
"""The hours of a day, none where it is closed; None where the rules leave it open."""

# A week in which no rule of a season or a holiday is likely to hold, and the days of it.
MONDAY = datetime(2029, 1, 8)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_PLAIN_WEEK = re.compile(
    r"((Mo|Tu|We|Th|Fr|Sa|Su|PH|[-,; ]|off|closed|open|24/7|[0-9]{2}:[0-9]{2})+)\Z"
)

_OR_ELSE = re.compile(r'"[^"]*"|\|\|')


class Week(Struct, frozen=True):
    """What a door says: the hours of each day, and what else the rules say."""

    days: tuple[Day, ...]
    """For each day from Monday, its (opens, closes) pairs."""
    more: str
    """The rules as written, where they hold more than a week can show."""
    holidays_off: bool


@lru_cache(maxsize=16384)
def week(hours: str) -> Week | None:
    """Return the ordinary week of opening hours, or None where the grammar refuses them."""
    found = by_day(hours, MONDAY, len(DAYS))
    if found is None:
        return None
    holidays_off = bool(re.search(r"\bPH\s+(off|closed)", hours))
    return Week(tuple(found), "" if _PLAIN_WEEK.match(hours) else hours, holidays_off)


def by_day(hours: str, first: datetime, count: int) -> list[Day] | None:
    """Return what the rules say of some days, or None where the grammar refuses them.

    A night belongs whole to the evening that it began on. What stands after ``||`` is what may be
    where no other rule opens: the library loses its way there, so such days are left open.
    """
    from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]

    sure, *otherwise = _alternatives(hours)
    try:
        rules = OpeningHours(sure.rstrip())
    except ParserError:
        return None
    days: list[list[Pair]] = [[] for _ in range(count)]
    doubted = set()
    # A day more on both sides: a night may begin before and end after.
    last = first + timedelta(days=count + 1)
    for start, end, certain in _stretches(rules, first - timedelta(days=1), last):
        for day, opens, closes in _cut(start, end, first):
            if not 0 <= day < count:
                continue
            if certain:
                days[day].append((opens, closes))
            else:
                doubted.add(day)
    return [
        tuple(pairs) if pairs or not (otherwise or i in doubted) else None
        for i, pairs in enumerate(days)
    ]


def _alternatives(hours: str) -> list[str]:
    """Return the rules before and after each ``||``, but for those within quotes."""
    return _OR_ELSE.sub(lambda said: "\0" if said[0] == "||" else said[0], hours).split("\0")


def _stretches(
    rules: "OpeningHours", first: datetime, last: datetime
) -> list[tuple[datetime, datetime, bool]]:
    """Return when the rules say open, or unknown, and whether they are sure of it.

    The library takes a bare comment ("by appointment") for open: a whole day that is explained.
    """
    from opening_hours import State

    found = []
    for start, end, state, comment in rules.intervals(first, last):
        if state == State.CLOSED or start is None:
            continue
        end = min(end, last) if end else last
        bare = bool(comment) and end - start >= timedelta(days=1)
        found.append((start, end, state == State.OPEN and not bare))
    return found


def _cut(start: datetime, end: datetime, first: datetime) -> list[tuple[int, str, str]]:
    """Cut one stretch into days; one that ends before 6 in the morning stays whole."""
    pieces = []
    while start < end:
        midnight = datetime(start.year, start.month, start.day) + timedelta(days=1)
        stop = end if end <= midnight + timedelta(hours=6) else midnight
        pieces.append(((start - first).days, _clock(start, start), _clock(stop, start)))
        start = stop
    return pieces


def _clock(moment: datetime, day: datetime) -> str:
    hours = moment.hour + 24 * (moment.date() - day.date()).days
    return f"{hours:02d}:{moment.minute:02d}"
