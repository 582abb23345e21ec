"""Québec's holidays, and the days on which the law closes most shops."""

from datetime import date, timedelta
from typing import Any

from msgspec import Struct

UNTOLD = "2026-11-01"
"""The day of a site whose content and stock tell none: that on which this was written."""

_APOSTROPHE = str.maketrans("'", "\u2019")
_CLOSING = ((1, 1), (1, 2), (6, 24), (7, 1), (12, 25))
"""H-2.1, s. 3: with Easter Sunday and Labour Day; no other day stands in for one of them."""


class Feast(Struct, frozen=True, array_like=True):
    """A day that is not like others: a holiday, or one on which the law closes most shops."""

    day: str
    fr: str
    en: str
    public: bool
    closing: bool


class Almanac(Struct, frozen=True, array_like=True, cache_hash=True):
    """The special days of a window of time, which moves every half year."""

    first: str
    last: str
    feasts: tuple[Feast, ...] = ()


def window(day: str) -> tuple[str, str]:
    """Return the first and last day that a site speaks of, by the site's day.

    >>> window("2026-11-25"), window("2027-01-01")
    (('2026-07-01', '2027-12-31'), ('2027-01-01', '2028-06-30'))
    """
    year, half = int(day[:4]), day[5:7] >= "07"
    if half:
        return f"{year}-07-01", f"{year + 1}-12-31"
    return f"{year}-01-01", f"{year + 1}-06-30"


def almanac(first: str, last: str) -> Almanac:
    """Return the special days of a window. It costs a tenth of a second: ask once."""
    from holidays import country_holidays

    years = range(int(first[:4]), int(last[:4]) + 1)
    said = {
        lang: country_holidays("CA", subdiv="QC", years=years, language=spoken, observed=False)
        for lang, spoken in (("fr", "fr"), ("en", "en_CA"))
    }
    names = {day: (name, said["en"][day]) for day, name in said["fr"].items()}
    closing = {date(year, month, day) for year in years for month, day in _CLOSING}
    closing |= {*said["en"].get_named("Labour Day"), *_easters(said["en"])}
    for year in years:
        names.setdefault(date(year, 1, 2), ("Lendemain du jour de l'an", "Day after New Year's"))
    for day in _easters(said["en"]):
        names.setdefault(day, ("Dimanche de Pâques", "Easter Sunday"))
    found = (
        Feast(
            day.isoformat(), fr.translate(_APOSTROPHE), en.translate(_APOSTROPHE),
            day in said["fr"], day in closing,
        )
        for day, (fr, en) in sorted(names.items())
    )  # fmt: skip
    return Almanac(first, last, tuple(f for f in found if first <= f.day <= last))


def _easters(holidays: Any) -> list[date]:
    """Return the Sundays after the Good Fridays: Easter itself is no holiday."""
    return [friday + timedelta(days=2) for friday in holidays.get_named("Good Friday")]
