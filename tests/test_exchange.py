"""Hours as iCalendar, a shop as a vCard: read back by other means than those that wrote them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from halles.exchange import calendar, card
from halles.feasts import almanac
from halles.model import Address, Both, Merchant, Position
from halles.openings import openings

YEAR = almanac("2026-07-01", "2027-12-31")
URL = "https://halles.example/commerces/alix/"
SHOP = Merchant(
    id="alix", name="Alix; fils, œuvres & Cie \\ de la très très longue rue Saint-Germain à Rimouski",
    region="r", categories=("c",), municipality="Rimouski",
    address=Address(street="12, rue du Four", postal_code="G5L 1A1"),
    location=Position(lat=48.4488, lon=-68.523), phone="418 555-0101", email="a@alix.example",
    website="https://alix.example/?a=1,2;b", hours="Mo-Fr 08:00-17:30",
)  # fmt: skip


def unfolded(body: bytes) -> list[str]:
    """Return the content lines of a file, which must be well folded."""
    assert body.endswith(b"\r\n")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no letter is cut
    return body.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events(lines: list[str]) -> list[dict[str, str]]:
    """Return the properties of each event; parameters stay with their names."""
    found: list[dict[str, str]] = []
    inside = False
    for line in lines:
        if line == "BEGIN:VEVENT":
            found.append({})
            inside = True
        elif line == "END:VEVENT":
            inside = False
        elif inside:
            name, _, value = line.partition(":")
            found[-1][name] = value
    return found


def occurrences(hours: str, zone: str) -> set[tuple[datetime, datetime]]:
    """Return when an agenda shows a shop open, expanded by another library."""
    year = openings(hours, False, YEAR)
    assert year is not None
    found = set()
    for event in events(unfolded(calendar(SHOP, year, YEAR, zone, "fr", URL))):
        if "DTSTART;VALUE=DATE" in event:
            continue
        first, last = (
            datetime.strptime(event[f"{name};TZID={zone}"], "%Y%m%dT%H%M%S").replace(tzinfo=ZoneInfo(zone))
            for name in ("DTSTART", "DTEND")
        )  # fmt: skip
        starts = [first]
        if "RRULE" in event:
            lines = [f"RRULE:{event['RRULE']}"]
            starts = list(rrulestr("\n".join(lines), dtstart=first))
            but = event.get(f"EXDATE;TZID={zone}", "").split(",")
            starts = [s for s in starts if s.strftime("%Y%m%dT%H%M%S") not in but]
        found |= {(s, s + (last - first)) for s in starts}
    return found


@pytest.mark.parametrize("zone", ["America/Montreal", "America/Halifax", "America/Blanc-Sablon"])
@pytest.mark.parametrize(
    "hours",
    [
        "Mo-Fr 08:00-17:30; Sa 09:00-12:00,13:00-16:00; PH off",
        "Tu-Sa 09:00-17:00; Jul-Aug Mo-Su 09:00-21:00; Dec 24 09:00-12:00",
        "Th-Sa 20:00-03:00",
        "24/7",
        "Nov 02 off; Mo-Fr 10:00-24:00; PH 10:00-12:00",
    ],
)
def test_an_agenda_shows_the_hours_of_each_day(hours: str, zone: str) -> None:
    """Day by day over the whole window, special days included, whatever the clock does."""
    year = openings(hours, False, YEAR)
    assert year is not None
    special = {s.day: s.hours for s in year.specials}
    expected = set()
    day, last = date.fromisoformat(YEAR.first), date.fromisoformat(YEAR.last)
    while day <= last:
        name = day.isoformat()
        for pair in (special[name] if name in special else year.usual(name)) or ():
            start, end = (
                datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
                + timedelta(hours=int(clock[:2]), minutes=int(clock[3:]))
                for clock in pair
            )
            expected.add((start, end))
        day += timedelta(days=1)

    assert expected == occurrences(hours, zone)


def test_days_that_nobody_answers_for_are_told() -> None:
    """As whole days that take no time, with the name of the feast."""
    year = openings("Mo-Su 08:00-22:00", False, YEAR)
    assert year is not None
    told = {
        event["DTSTART;VALUE=DATE"]: event["SUMMARY"]
        for event in events(unfolded(calendar(SHOP, year, YEAR, "America/Montreal", "fr", URL)))
        if "DTSTART;VALUE=DATE" in event
    }

    assert told["20261225"].endswith("\u00a0: à vérifier (Jour de Noël)")
    assert "20261012" in told


def test_every_event_has_its_own_name_and_a_time_from_the_content() -> None:
    """UIDs are unique, DTSTAMP is no clock's, and each zone that is named is described."""
    year = openings("Mo-Fr 08:00-17:30", False, YEAR)
    assert year is not None
    lines = unfolded(calendar(SHOP, year, YEAR, "America/Montreal", "fr", URL))
    found = events(lines)

    assert len(found) == len({event["UID"] for event in found}) > 1
    assert {"20260701T000000Z"} == {event["DTSTAMP"] for event in found}
    assert 1 == lines.count("TZID:America/Montreal")
    assert ("BEGIN:VCALENDAR", "END:VCALENDAR") == (lines[0], lines[-1])
    assert found[0]["SUMMARY"].startswith(r"Alix\; fils\, œuvres & Cie \\ de")


@pytest.mark.parametrize("zone", ["America/Montreal", "America/Halifax", "America/Blanc-Sablon"])
def test_a_zone_is_described_as_it_is(zone: str) -> None:
    """By its changes over the window: from any of them to the next, the offset is the zone's."""
    year = openings("Mo 08:00-17:30", False, YEAR)
    assert year is not None
    lines = unfolded(calendar(SHOP, year, YEAR, zone, "fr", URL))
    starts = [line[8:] for line in lines if line.startswith("DTSTART:")]
    offsets = [line[13:] for line in lines if line.startswith("TZOFFSETTO:")]
    offsets = [line.partition(":")[2] for line in lines if line.startswith("TZOFFSETTO")]
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    while moment < datetime(2027, 12, 31, tzinfo=UTC):
        here = moment.astimezone(ZoneInfo(zone))
        local = here.strftime("%Y%m%dT%H%M%S")
        told = [o for s, o in zip(starts, offsets, strict=True) if s <= local][-1]
        assert told == here.strftime("%z")
        moment += timedelta(days=1)


def test_a_card_for_an_address_book() -> None:
    """Names, a number that can be dialled, an address in its seven parts."""
    lines = unfolded(card(SHOP, "fr", URL))

    assert ["BEGIN:VCARD", "VERSION:3.0"] == lines[:2]
    assert r"ADR;TYPE=WORK:;;12\, rue du Four;Rimouski;QC;G5L 1A1;Canada" in lines
    assert "TEL;TYPE=WORK,VOICE:+14185550101" in lines
    assert "GEO:48.4488;-68.523" in lines
    assert "URL:https://alix.example/?a=1,2;b" in lines


def test_what_is_not_known_is_left_out() -> None:
    """A name and where it was found are enough for a card."""
    bare = Merchant(id="b", name=Both(fr="Chez B", en="B's"), region="r", categories=("c",))

    assert [
        "BEGIN:VCARD", "VERSION:3.0", "N:;Chez B;;;", "FN:Chez B", "ORG:Chez B",
        f"SOURCE:{URL}", f"UID:{URL}", "END:VCARD",
    ] == unfolded(card(bare, "fr", URL))  # fmt: skip
