import pytest
from hypothesis import given
from hypothesis import strategies as st

from halles.checks.contact import understood
from halles.hours import DAYS, Week, week

NINE_TO_FIVE = (("09:00", "17:00"),)
clocks = st.integers(0, 23 * 4).map(lambda q: f"{q // 4:02d}:{q % 4 * 15:02d}")


def days(hours: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the open days of a week."""
    found = week(hours)
    assert found is not None
    return {day: pairs for day, pairs in zip(DAYS, found.days, strict=True) if pairs}


def test_an_ordinary_week() -> None:
    """The example of the design: five days, a Saturday, a Sunday off, holidays off."""
    found = week("Mo-Fr 08:00-17:30; Sa 08:00-16:00; PH off")

    weekday = (("08:00", "17:30"),)
    assert Week((*[weekday] * 5, (("08:00", "16:00"),), ()), "", True) == found


def test_a_break_at_noon() -> None:
    """A day has as many pairs as there are times that the door opens."""
    assert {"Tu": (("09:00", "12:00"), ("13:00", "17:00"))} == days("Tu 09:00-12:00,13:00-17:00")


def test_always_open() -> None:
    """Round the clock is seven whole days."""
    assert dict.fromkeys(DAYS, (("00:00", "24:00"),)) == days("24/7")


@pytest.mark.parametrize("day", DAYS)
def test_a_night_belongs_to_the_evening_that_it_began_on(day: str) -> None:
    """On any day, Sunday too, a bar that closes at 3 in the morning closes at 27:00."""
    assert {day: (("20:00", "27:00"),)} == days(f"{day} 20:00-03:00")


def test_every_night_of_the_week() -> None:
    """Seven late evenings are seven pairs: none is cut in two where the week ends."""
    assert dict.fromkeys(DAYS, (("20:00", "27:00"),)) == days("Mo-Su 20:00-03:00")


def test_a_later_rule_overrides() -> None:
    """Closed on Wednesday means closed on Wednesday."""
    expected = {day: NINE_TO_FIVE for day in DAYS if day != "We"}

    assert expected == days("Mo-Su 09:00-17:00; We off")


@pytest.mark.parametrize(
    "hours",
    ["Mo-Fr 09:00-17:00; Jan-Mar off", "Mo[1] 10:00-12:00", "sunrise-sunset",
     'Mo 08:00-12:00 "sur rendez-vous"', "May-Oct: Mo-Su 09:00-17:00", "easter off"],
)  # fmt: skip
def test_what_a_week_cannot_show_is_shown_as_written(hours: str) -> None:
    """Seasons, comments and the like are not swallowed: the rule itself goes on the page."""
    found = week(hours)

    assert found is not None
    assert hours == found.more


@pytest.mark.parametrize("hours", ["Mo-Fr 25:99", "lundi au vendredi", "9 à 5", "Mo-Fr 9h-17h"])
def test_what_the_grammar_refuses_has_no_week(hours: str) -> None:
    """No guess is made, and the check says the same."""
    assert None is week(hours)
    assert not understood(hours)


@pytest.mark.parametrize(
    ("hours", "off"),
    [("Mo 09:00-17:00; PH off", True), ("Mo 09:00-17:00; PH closed", True),
     ("Mo 09:00-17:00", False), ("Mo 09:00-17:00; PH 10:00-12:00", False)],
)  # fmt: skip
def test_holidays_off_is_said_only_where_it_is_said(hours: str, off: bool) -> None:
    """Silence about holidays is not a promise."""
    found = week(hours)

    assert found is not None
    assert off == found.holidays_off


@given(st.dictionaries(st.sampled_from(DAYS), st.tuples(clocks, clocks), min_size=1))
def test_hours_come_out_as_they_went_in(written: dict[str, tuple[str, str]]) -> None:
    """Whatever day opens whenever, the week shows just those days and hours."""
    sound = {day: pair for day, pair in written.items() if pair[0] < pair[1]}
    rules = "; ".join(f"{day} {opens}-{closes}" for day, (opens, closes) in sound.items())
    if sound:
        assert {day: (pair,) for day, pair in sound.items()} == days(rules)
