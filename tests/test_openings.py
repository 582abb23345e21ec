"""When a shop is open, over the window of time that its page speaks of."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halles.feasts import Almanac, almanac
from halles.hours import Day, by_day
from halles.openings import Openings, coded, openings

YEAR = almanac("2026-07-01", "2027-12-31")
EIGHT_TO_TEN = (("08:00", "22:00"),)


def of(hours: str, exempt: bool = False, year: Almanac = YEAR) -> Openings:
    """Return the openings of hours that the grammar accepts."""
    found = openings(hours, exempt, year)
    assert found is not None
    return found


def day(found: Openings, name: str) -> tuple[Day, bool]:
    """Return the hours of a day, and whether the law closes it."""
    for special in found.specials:
        if special.day == name:
            return special.hours, special.law
    return found.usual(name), False


def test_silence_about_holidays_is_doubt() -> None:
    """Thanksgiving of a shop that says nothing of holidays: nobody knows."""
    assert (None, False) == day(of("Mo-Su 08:00-22:00"), "2026-10-12")


@pytest.mark.parametrize("name", ["2026-12-25", "2027-01-02", "2027-03-28", "2027-06-24"])
def test_the_law_closes_a_shop_that_is_not_exempt(name: str) -> None:
    """Whatever its rules say: to announce otherwise would be an offence."""
    for hours in ("Mo-Su 08:00-22:00", "Mo-Su,PH 08:00-22:00", "24/7"):
        assert ((), True) == day(of(hours), name), hours


def test_an_exempt_shop_is_taken_at_its_word() -> None:
    """Where it speaks of holidays, and on closing days that are no holiday; else it is doubted."""
    said, silent = of("Mo-Su,PH 08:00-22:00", True), of("Mo-Su 08:00-22:00", True)

    assert (EIGHT_TO_TEN, False) == day(said, "2026-12-25")
    assert (EIGHT_TO_TEN, False) == day(silent, "2027-01-02")
    assert (None, False) == day(silent, "2026-12-25")


def test_closed_on_holidays_is_closed_for_its_own_reason() -> None:
    """A shop that says so is closed, not closed by law; 2 January is no holiday."""
    found = of("Mo-Sa 09:00-17:00; PH off")

    assert ((), False) == day(found, "2026-12-25")
    assert ((), True) == day(found, "2027-01-02")


def test_a_day_that_is_closed_anyway_is_not_special() -> None:
    """Easter Sunday, of a shop that closes on Sundays."""
    assert "2027-03-28" not in {s.day for s in of("Mo-Sa 09:00-17:00").specials}


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ("Mo-Sa 10:00-18:00; PH 10:00-15:00", (("10:00", "15:00"),)),
        ("PH,Su 10:00-12:00; Tu-Sa 10:00-18:00", (("10:00", "12:00"),)),
        ("Mo-Sa 10:00-18:00; Oct PH 11:00-12:00", (("11:00", "12:00"),)),
        ("Mo-Sa 10:00-18:00; Jul PH 11:00-12:00", (("10:00", "18:00"),)),
        ('Mo-Sa 10:00-18:00 "PH"; PH off', ()),
        ("Mo-Sa 10:00-18:00; Oct 12 off", ()),
        ("Mo-Sa 10:00-18:00; Oct 12 09:00-10:00", (("09:00", "10:00"),)),
        ("Mo-Sa 10:00-18:00; PH -1 day 10:00-12:00", None),
    ],
)
def test_a_rule_for_holidays_holds_on_quebecs(hours: str, expected: Day) -> None:
    """On Thanksgiving 2026, a Monday: however the rule is written; what cannot be told is doubt."""
    assert (expected, False) == day(of(hours), "2026-10-12")


def test_a_season_has_a_week_of_its_own() -> None:
    """July and August, in both years of the window; holidays within are told apart."""
    found = of("Tu-Sa 09:00-17:00; Jul-Aug Mo-Su 09:00-21:00; PH off")

    assert [("2026-07-01", "2026-08-31"), ("2027-07-01", "2027-08-31")] == [
        (s.first, s.last) for s in found.seasons
    ]
    assert {((("09:00", "21:00")),)} == {pairs for s in found.seasons for pairs in s.days}
    assert () == found.days[0]
    assert "" == found.more


def test_a_shop_of_the_summer_is_closed_for_a_season() -> None:
    """Its ordinary week is what holds most of the time."""
    found = of("May-Oct Mo-Su 09:00-17:00")

    assert {(("09:00", "17:00"),)} == set(found.days)
    assert [("2026-11-01", "2027-04-30"), ("2027-11-01", "2027-12-31")] == [
        (s.first, s.last) for s in found.seasons
    ]
    assert not any(pairs for s in found.seasons for pairs in s.days)


def test_single_days_are_special() -> None:
    """Rules of a day or two are no season."""
    found = of("Mo-Sa 09:00-17:00; Nov 02-03 off; Dec 24 09:00-12:00")

    assert ((), False) == day(found, "2026-11-02")
    assert ((("09:00", "12:00"),), False) == day(found, "2027-12-24")
    assert () == found.seasons


@pytest.mark.parametrize("hours", ['"sur rendez-vous"', 'Mo-Fr 09:00-17:00 || "rdv"', "Mo unknown"])
def test_what_nobody_knows_is_not_called_open(hours: str) -> None:
    """The library takes a bare comment for open; no page may."""
    found = of(hours)

    assert None in found.days
    assert hours == found.more


def test_what_may_be_otherwise_leaves_the_rest_as_it_is() -> None:
    """After ``||`` stands what may be on other days: those are in doubt, and these are not."""
    found = of('Mo-Fr 09:00-17:00 "sonnez || frappez" || "rdv"')

    assert ((("09:00", "17:00"),), None) == (found.days[0], found.days[6])


def test_codes() -> None:
    """What the script reads: minutes by day, then what differs."""
    found = of("Mo-Fr 22:00-02:00; Su 10:00-12:00,13:00-17:00; Dec 24 off", True)
    week, *others = coded(found).split(";")

    assert "|".join(["1320-1560"] * 5 + ["", "600-720,780-1020"]) == week
    assert {"261012?", "261224:", "261225?"} <= set(others)
    assert "261225!" in coded(of("Mo-Su 08:00-22:00"))


clocks = st.integers(0, 95).map(lambda q: f"{q // 4:02d}:{q % 4 * 15:02d}")
spans = st.tuples(clocks, clocks).filter(lambda p: p[0] < p[1]).map("-".join)
months = st.sampled_from(["", "Jul-Aug ", "Nov-Mar ", "2026 Dec ", "Dec 20-Jan 05 ", "week 10-20 "])
weekdays = st.sampled_from(["Mo-Fr", "Sa", "Su", "Mo-Su", "Tu,Th", "We[1]"])
rules = st.lists(st.builds("{}{} {}".format, months, weekdays, spans), min_size=1, max_size=4)


@settings(max_examples=60)
@given(rules.map("; ".join))
def test_week_seasons_and_days_say_what_the_rules_say(hours: str) -> None:
    """Whatever the rules, each day of the window is the library's, holidays apart."""
    bare = Almanac(YEAR.first, YEAR.last)
    found = of(hours, year=bare)
    first = datetime.fromisoformat(YEAR.first)
    count = (date.fromisoformat(YEAR.last) - first.date()).days + 1
    every = by_day(hours, first, count)

    assert every == [
        day(found, (first + timedelta(days=i)).date().isoformat())[0] for i in range(count)
    ]
