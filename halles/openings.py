"""When a shop is open, over the window of time that its page speaks of.

An ordinary week, seasons that have another, and single days that are not as their week says:
rules of one day, holidays, and the days on which the law closes most shops. Of a day that nobody
answers for, nothing is claimed.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from halles.feasts import Almanac, Feast
from halles.hours import DAYS, Day, by_day, week

_HOLIDAY = re.compile(r'"[^"]*"|\bPH\b')
_OFF_AT_LAST = re.compile(r"(?:^|;)\s*PH\s+(?:off|closed)\s*$")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
A_SEASON = 14
"""Days from which what differs from the ordinary week is a season, with a week of its own."""
A_FEW = 5
"""Days of a season that may differ from its week, before it is no season at all."""


class Special(Struct, frozen=True, array_like=True):
    """A day that is not, or might not be, as its week says."""

    day: str
    hours: Day
    """None where nobody answers for it."""
    law: bool = False
    """Whether it is closed because the law closes most shops, whatever the rules say."""
    feast: Feast | None = None


class Season(Struct, frozen=True, array_like=True):
    """From one day to another, a week of its own."""

    first: str
    last: str
    days: tuple[Day, ...]


class Openings(Struct, frozen=True, array_like=True, cache_hash=True):
    """The hours of a shop over a window of time."""

    days: tuple[Day, ...]
    """The ordinary week, from Monday."""
    seasons: tuple[Season, ...]
    specials: tuple[Special, ...]
    more: str
    """The rules as written, where they say more than all this can show."""

    def week_of(self, day: str) -> tuple[Day, ...]:
        """Return the week that a day belongs to."""
        return next((s.days for s in self.seasons if s.first <= day <= s.last), self.days)

    def usual(self, day: str) -> Day:
        """Return what a day would be, were it not special."""
        return self.week_of(day)[date.fromisoformat(day).weekday()]


@lru_cache(maxsize=32768)
def openings(hours: str, exempt: bool, year: Almanac) -> Openings | None:
    """Return when a shop is open, or None where the grammar refuses its hours."""
    ordinary = week(hours)
    if ordinary is None:
        return None
    if not ordinary.more:
        found = Openings(ordinary.days, (), (), "")
    else:
        first, last = datetime.fromisoformat(year.first), datetime.fromisoformat(year.last)
        every = by_day(hours, first, (last - first).days + 1)
        assert every is not None
        found = _seasons(hours, first.date(), every)
    single = {s.day: s for s in found.specials}
    for feast in year.feasts:
        usual = single[feast.day].hours if feast.day in single else found.usual(feast.day)
        if special := _feast(hours, exempt, feast, usual):
            single[feast.day] = special
    specials = tuple(single[day] for day in sorted(single))
    return Openings(found.days, found.seasons, specials, found.more)


def _feast(hours: str, exempt: bool, feast: Feast, usual: Day) -> Special | None:
    """Return what a holiday or a closing day is like; None where it is closed in any case."""
    day, told = usual, _names(hours, feast.day)
    if feast.public and not told and _says_holidays(hours):
        day, told = _on_a_holiday(hours, feast.day), True
    if feast.closing and not exempt:
        if day == () and usual == () and not told:
            return None
        return Special(feast.day, (), day != (), feast)
    if told:
        return Special(feast.day, day, False, feast) if (day, usual) != ((), ()) else None
    if feast.public and usual != ():
        return Special(feast.day, None, False, feast)
    return None


def _names(hours: str, day: str) -> bool:
    """Tell whether the rules name this very day of the year."""
    month = _MONTHS[int(day[5:7]) - 1]
    return month in hours and bool(re.search(rf"\b{month} 0?{int(day[8:])}\b", hours))


def _says_holidays(hours: str) -> bool:
    return "PH" in hours and any(said == "PH" for said in _HOLIDAY.findall(hours))


@lru_cache(maxsize=32768)
def _on_a_holiday(hours: str, day: str) -> Day:
    """Return what the rules say of a day if it is a holiday.

    The library knows no holiday of Québec. A rule for holidays holds on this day just as a rule
    for its day of the week would, so that one is written in its place.
    """
    if _OFF_AT_LAST.search(hours):
        return ()
    first = datetime.fromisoformat(day)
    name = DAYS[first.weekday()]
    found = by_day(_HOLIDAY.sub(lambda said: name if said[0] == "PH" else said[0], hours), first, 1)
    return found[0] if found else None


def _seasons(hours: str, first: date, every: Sequence[Day]) -> Openings:
    """Return the ordinary week of a window, and what differs from it."""
    days = _usual_week(first, every)
    odd = [i for i, day in enumerate(every) if day != days[(first + timedelta(days=i)).weekday()]]
    seasons, specials = [], []
    scattered = False
    for run in _runs(odd):
        start = first + timedelta(days=run[0])
        inside = every[run[0] : run[-1] + 1]
        own = _usual_week(start, inside) if len(inside) >= A_SEASON else days
        within = range(run[0], run[-1] + 1)
        rest = [i for i in within if every[i] != own[(first + timedelta(days=i)).weekday()]]
        if own != days and len(rest) <= A_FEW:
            end = first + timedelta(days=run[-1])
            seasons.append(Season(start.isoformat(), end.isoformat(), own))
        else:
            rest, scattered = run, scattered or len(run) > A_FEW
        specials += [Special((first + timedelta(days=i)).isoformat(), every[i]) for i in rest]
    explained = scattered or '"' in hours or any(day is None for day in every)
    specials.sort(key=lambda special: special.day)
    return Openings(days, tuple(seasons), tuple(specials), hours if explained else "")


def _usual_week(first: date, every: Sequence[Day]) -> tuple[Day, ...]:
    """Return the week that most days agree with."""
    found = []
    for weekday in range(7):
        said = Counter(every[(weekday - first.weekday()) % 7 :: 7])
        found.append(said.most_common(1)[0][0] if said else ())
    return tuple(found)


def _runs(odd: Sequence[int]) -> Iterator[list[int]]:
    """Yield days that stand together: no whole week lies between one and the next."""
    run: list[int] = []
    for i in odd:
        if run and i - run[-1] > 7:
            yield run
            run = []
        run.append(i)
    if run:
        yield run


@lru_cache(maxsize=32768)
def coded(found: Openings) -> str:
    """Return openings as the script of the page reads them.

    Days are cut by ``|``, pairs by ``,``, in minutes: ``480-1050``. After a ``;`` stands each
    season, ``270701-270831:`` and its week, and each day that differs from its week:
    ``261224:480-720``, ``261226:`` closed, ``261225!`` closed by law, ``271011?`` nobody knows.
    """
    parts = [_week(found.days)]
    parts += [f"{_short(s.first)}-{_short(s.last)}:{_week(s.days)}" for s in found.seasons]
    for special in found.specials:
        if special.law or special.hours != found.usual(special.day):
            mark = "!" if special.law else "?" if special.hours is None else ":"
            hours = "" if special.law or special.hours is None else _day(special.hours)
            parts.append(f"{_short(special.day)}{mark}{hours}")
    return ";".join(parts)


def _short(day: str) -> str:
    return day[2:].replace("-", "")


def _week(days: tuple[Day, ...]) -> str:
    return "|".join(map(_day, days))


def _day(day: Day) -> str:
    if day is None:
        return "?"
    return ",".join(f"{minutes(opens)}-{minutes(closes)}" for opens, closes in day)


def minutes(clock: str) -> int:
    """Return the minutes since midnight."""
    return 60 * int(clock[:2]) + int(clock[3:5])
