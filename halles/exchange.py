"""What other programs take in: hours as iCalendar (RFC 5545), a shop as a vCard (RFC 2426)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from halles.feasts import Almanac
from halles.hours import Pair
from halles.model import Merchant, said
from halles.openings import Openings, minutes
from halles.phones import international

_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar(
    merchant: Merchant, found: Openings, year: Almanac, zone: str, lang: str, url: str
) -> bytes:
    """Return when a shop is open, over the window that its page speaks of.

    Days on which nobody answers for its hours, or the law closes it, are told as such.
    """
    name = said(merchant.name, lang)[0]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Halles//FR",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"X-WR-TIMEZONE:{zone}",
        "REFRESH-INTERVAL;VALUE=DURATION:P7D",
        *_zone(zone, year.first, year.last),
    ]
    about = [
        f"DTSTAMP:{year.first.replace('-', '')}T000000Z",
        f"URL:{url}",
        *([f"LOCATION:{_text(where)}"] if (where := ", ".join(_place(merchant))) else ()),
        *([f"GEO:{p.lat:g};{p.lon:g}"] if (p := merchant.location) else ()),
    ]
    host = url.split("/")[2]
    for number, (doubt, event) in enumerate(_events(found, year, zone, lang)):
        lines += ["BEGIN:VEVENT", f"UID:{merchant.id}-{number}@{host}", *about]
        lines += [f"SUMMARY:{_text(name + doubt)}", *event, "END:VEVENT"]
    return _folded([*lines, "END:VCALENDAR"])


_Event: TypeAlias = tuple[str, tuple[str, ...]]
"""What is doubtful about it, and its lines."""


@lru_cache(maxsize=4096)
def _events(found: Openings, year: Almanac, zone: str, lang: str) -> tuple[_Event, ...]:
    """Return the events of some hours; many shops have the same."""
    return (*_weeks(found, year, zone), *_single_days(found, zone, lang))


def _weeks(found: Openings, year: Almanac, zone: str) -> Iterator[_Event]:
    """Yield the hours of ordinary weeks and of seasons, a pair at a time."""
    special = [date.fromisoformat(s.day) for s in found.specials]
    for first, last in _spans(found, year):
        days: dict[Pair, list[int]] = {}
        for weekday, pairs in enumerate(found.week_of(first.isoformat())):
            for pair in pairs or ():
                days.setdefault(pair, []).append(weekday)
        for pair, weekdays in days.items():
            start = next((d for d in _days(first, last) if d.weekday() in weekdays
                          and d not in special), None)  # fmt: skip
            if start is None:
                continue
            until = datetime.combine(last, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)
            but = [d for d in special if start < d <= last and d.weekday() in weekdays]
            lines = [
                *_when(start, pair, zone),
                f"RRULE:FREQ=WEEKLY;BYDAY={','.join(_BYDAY[w] for w in weekdays)}"
                f";UNTIL={until:%Y%m%dT%H%M%SZ}",
            ]
            if but:
                lines.append(f"EXDATE;TZID={zone}:{','.join(_at(day, pair[0]) for day in but)}")
            yield "", tuple(lines)


def _single_days(found: Openings, zone: str, lang: str) -> Iterator[_Event]:
    for special in found.specials:
        day = date.fromisoformat(special.day)
        if special.law or special.hours is None:
            feast = special.feast
            of = f" ({feast.fr if lang == 'fr' else feast.en})" if feast else ""
            doubt = "à vérifier" if lang == "fr" else "to be checked"
            colon = "\u00a0: " if lang == "fr" else ": "
            yield (
                f"{colon}{doubt}{of}",
                (
                    f"DTSTART;VALUE=DATE:{_plain(day)}",
                    f"DTEND;VALUE=DATE:{_plain(day + timedelta(days=1))}",
                    "TRANSP:TRANSPARENT",
                ),
            )
            continue
        for pair in special.hours:
            yield "", _when(day, pair, zone)


def _spans(found: Openings, year: Almanac) -> Iterator[tuple[date, date]]:
    """Yield the window cut at the borders of its seasons."""
    first, last = date.fromisoformat(year.first), date.fromisoformat(year.last)
    for season in found.seasons:
        start, end = date.fromisoformat(season.first), date.fromisoformat(season.last)
        if first < start:
            yield first, start - timedelta(days=1)
        yield start, end
        first = end + timedelta(days=1)
    if first <= last:
        yield first, last


def _days(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=i) for i in range((last - first).days + 1))


def _when(day: date, pair: Pair, zone: str) -> tuple[str, str]:
    return (
        f"DTSTART;TZID={zone}:{_at(day, pair[0])}",
        f"DTEND;TZID={zone}:{_at(day, pair[1])}",
    )


def _at(day: date, clock: str) -> str:
    over, minute = divmod(minutes(clock), 1440)
    return f"{_plain(day + timedelta(days=over))}T{minute // 60:02d}{minute % 60:02d}00"


def _plain(day: date) -> str:
    return day.isoformat().replace("-", "")


@lru_cache(maxsize=64)
def _zone(zone: str, first: str, last: str) -> tuple[str, ...]:
    """Return a time zone as it holds over a window: what it is at first, and each change."""
    clock = ZoneInfo(zone)
    start = datetime.fromisoformat(first).replace(tzinfo=UTC) - timedelta(days=2)
    hours = (datetime.fromisoformat(last).replace(tzinfo=UTC) - start).days * 24 + 96
    lines = ["BEGIN:VTIMEZONE", f"TZID:{zone}"]
    before = None
    for hour in range(hours):
        here = (start + timedelta(hours=hour)).astimezone(clock)
        now = here.utcoffset()
        if now == before or now is None:
            continue
        was = now if before is None else before
        kind = "DAYLIGHT" if here.dst() else "STANDARD"
        onset = (start + timedelta(hours=hour) + was).replace(tzinfo=None)
        lines += [
            f"BEGIN:{kind}", f"DTSTART:{onset:%Y%m%dT%H%M%S}", f"TZOFFSETFROM:{_offset(was)}",
            f"TZOFFSETTO:{_offset(now)}", f"TZNAME:{here.tzname()}", f"END:{kind}",
        ]  # fmt: skip
        before = now
    return (*lines, "END:VTIMEZONE")


def _offset(delta: timedelta) -> str:
    whole = int(delta.total_seconds()) // 60
    return f"{'-' if whole < 0 else '+'}{abs(whole) // 60:02d}{abs(whole) % 60:02d}"


def card(merchant: Merchant, lang: str, url: str) -> bytes:
    """Return a shop for an address book."""
    name = _text(said(merchant.name, lang)[0])
    address, place = merchant.address, merchant.location
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:;{name};;;", f"FN:{name}", f"ORG:{name}"]
    if address or merchant.municipality:
        parts = (
            (address and address.street) or "", merchant.municipality or "", "QC",
            (address and address.postal_code) or "", "Canada",
        )  # fmt: skip
        lines.append(f"ADR;TYPE=WORK:;;{';'.join(map(_text, parts))}")
    if merchant.phone:
        number = international(merchant.phone) or merchant.phone
        lines.append(f"TEL;TYPE=WORK,VOICE:{_text(number)}")
    lines += [f"EMAIL;TYPE=INTERNET:{_text(merchant.email)}"] if merchant.email else []
    lines += [f"GEO:{place.lat:g};{place.lon:g}"] if place else []
    lines += [f"URL:{merchant.website}"] if merchant.website else []
    return _folded([*lines, f"SOURCE:{url}", f"UID:{url}", "END:VCARD"])


def _place(merchant: Merchant) -> Iterator[str]:
    if merchant.address and merchant.address.street:
        yield merchant.address.street
    if merchant.municipality:
        yield f"{merchant.municipality} (Québec)"
    if merchant.address and merchant.address.postal_code:
        yield merchant.address.postal_code


def _text(words: str) -> str:
    return words.translate(_ESCAPES)


def _folded(lines: list[str]) -> bytes:
    """Return lines of 75 bytes at most, none cut within a letter."""
    found = bytearray()
    for line in lines:
        raw = line.encode()
        room = 75
        while len(raw) > room:
            end = room
            while raw[end] & 0xC0 == 0x80:
                end -= 1
            found += raw[:end] + b"\r\n "
            raw, room = raw[end:], 74
        found += raw + b"\r\n"
    return bytes(found)
