"""The site's day: the newest date that another bears out."""

import pytest

from halles.verdicts import day_of


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ([], ""),
        (["2026-05-01"], "2026-05-01"),
        (["2026-05-01", "2026-05-01"], "2026-05-01"),
        (["2026-08-01", "2026-05-01", "2026-04-01"], "2026-08-01"),
        (["2026-08-02", "2026-05-01", "2026-04-01"], "2026-05-01"),
        (["2027-05-01", "2026-05-01", "2026-04-01"], "2026-05-01"),
        (["2062-05-01", "2027-05-01", "2026-05-01", "2026-04-01"], "2026-05-01"),
        (["2062-05-01", "2062-04-01", "2026-04-01"], "2062-05-01"),
        (["2027-05-01", "2026-05-01", "2026-01-01"], "2026-05-01"),
        (["2027-05-01", "2026-05-01"], "2027-05-01"),
    ],
)
def test_a_date_that_is_alone_for_a_quarter_does_not_count(dates: list[str], day: str) -> None:
    """92 days are near enough; beyond, it is a slip of the pen, unless there are but two dates."""
    assert day == day_of(dates)
