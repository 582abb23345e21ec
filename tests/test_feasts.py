"""Québec's holidays and closing days, and the window of time that pages speak of."""

import pytest

from halles.feasts import almanac, window

YEAR = almanac("2026-07-01", "2027-12-31")


def test_the_closing_days_are_those_of_the_law() -> None:
    """H-2.1, s. 3: seven days a year, on their own date whatever day of the week that is."""
    expected = {
        "2026-07-01", "2026-09-07", "2026-12-25",
        "2027-01-01", "2027-01-02", "2027-03-28", "2027-06-24", "2027-07-01", "2027-09-06",
        "2027-12-25",
    }  # fmt: skip

    assert expected == {feast.day for feast in YEAR.feasts if feast.closing}


def test_nothing_stands_in_for_a_day_of_the_law() -> None:
    """In 2029, Saint-Jean and Canada Day are Sundays: no Monday is closed instead."""
    days = {feast.day for feast in almanac("2029-01-01", "2029-12-31").feasts}

    assert {"2029-06-24", "2029-07-01"} <= days
    assert not {"2029-06-25", "2029-07-02"} & days


def test_holidays_of_quebec_that_close_nothing() -> None:
    """Good Friday, the Patriots and Thanksgiving; not the Queen, nor Remembrance Day."""
    free = {feast.day: feast.fr for feast in YEAR.feasts if feast.public and not feast.closing}

    assert {
        "2026-10-12": "Action de grâce",
        "2027-03-26": "Vendredi saint",
        "2027-05-24": "Journée nationale des patriotes",
        "2027-10-11": "Action de grâce",
    } == free


def test_days_have_names_in_both_languages() -> None:
    """With the typographer's apostrophe, and never the other language's words."""
    names = {feast.day: (feast.fr, feast.en) for feast in YEAR.feasts}

    assert ("Jour de l’an", "New Year’s Day") == names["2027-01-01"]
    assert ("Lendemain du jour de l’an", "Day after New Year’s") == names["2027-01-02"]
    assert ("Dimanche de Pâques", "Easter Sunday") == names["2027-03-28"]
    assert not [pair for pair in names.values() if "'" in pair[0] + pair[1]]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2027-06-30"),
        ("2026-06-30", "2026-01-01", "2027-06-30"),
        ("2026-07-01", "2026-07-01", "2027-12-31"),
        ("2026-12-31", "2026-07-01", "2027-12-31"),
    ],
)
def test_the_window_moves_twice_a_year(day: str, first: str, last: str) -> None:
    """On 1 January and 1 July: between them no page changes for the days that pass."""
    assert (first, last) == window(day)
