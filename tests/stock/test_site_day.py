"""The site's day: the newest snapshot's, where no content is newer; evidence of origin ends by it."""

from datetime import UTC, datetime

import pytest

from halles.checking import check_files, check_site
from halles.outcome import Outcome
from halles.stock.arrival import Feeds, Given
from halles.stock.folder import go_back
from tests.market import words_of
from tests.stock.arrivals import HOUR, START, Stocked, feed, same_as_clean, told

ALIX = "content/merchants/nord/al/alix.yaml"
PAGE = "/commerces/alix/"
EVENING, MIDNIGHT = datetime(2027, 5, 2, 3, tzinfo=UTC), datetime(2027, 5, 2, 4, tzinfo=UTC)
"""The last hour of the first of May in Montréal, until which the evidence stands; and its end."""


def take(market: Stocked, when: datetime, quantity: int = 3) -> Outcome:
    """Take in a feed of that moment, and build."""
    hours = (when.timestamp() - START) / HOUR
    path = market.put("feed.csv", feed(told("alix", "MICHE", quantity), hours=hours), hours)
    return market.build(feeds=Feeds((Given(path, False),), clock=2_000_000_000))


def over(market: Stocked) -> bool:
    """Tell whether the page says that the evidence has run out, and no plate is left of it."""
    page = market.page(PAGE)
    said = "échue" in page.text_content()
    assert said != bool(
        page.xpath("//*[contains(@class, 'plaque') and contains(@class, 'is-certified')]")
    )
    return said


def expired(outcome: Outcome) -> list[str]:
    """Return the files that are told of evidence that ran out."""
    return [n.path for n in outcome.notices if n.code == "expired-evidence"]


def test_evidence_ends_at_the_snapshots_midnight(market: Stocked) -> None:
    """The day is told by the site's own clock; all that shows the mark says so, and says it clean."""
    market.build()
    first = take(market, EVENING)
    assert ([], False) == (expired(first), over(market))

    second = take(market, MIDNIGHT)

    assert ([ALIX], True) == (expired(second), over(market))
    assert "over:2027-05-01 changed" == second.why["/regions/nord/"]
    assert '"day": "2027-05-02"' in market.read("output/etat.json")
    assert same_as_clean(market)


def test_it_stands_again_after_going_back(market: Stocked) -> None:
    """An earlier snapshot is an earlier day."""
    market.build()
    take(market, EVENING)
    take(market, MIDNIGHT)
    go_back(market.root)

    assert [] == expired(market.build())
    assert not over(market)
    assert same_as_clean(market)


def test_newer_content_leads(market: Stocked) -> None:
    """A snapshot that is older than the content says nothing of the day."""
    market.edit("content/merchants/est/fa/fanny.yaml", "2026-04-01", "2027-05-02")
    market.edit("content/merchants/nord/be/berthe.yaml", "region: nord",
                "region: nord\norigin: {label: ici, checked_on: 2027-05-02}")  # fmt: skip
    market.build()
    before = expired(market.build())

    assert before == expired(take(market, EVENING)) == [ALIX]
    assert same_as_clean(market)


def test_a_day_that_passes_without_an_end_touches_no_page(market: Stocked) -> None:
    """Another day is a page's business only where some evidence ends by it."""
    take(market, datetime(2026, 8, 1, 12, tzinfo=UTC))
    outcome = take(market, datetime(2026, 8, 2, 12, tzinfo=UTC))

    touched = {path for path in outcome.written if path.endswith("/")}
    assert touched <= {f"{lang}{path}" for lang, path in (("", PAGE), ("/en", "/merchants/alix/"))}


def test_check_knows_the_day(market: Stocked) -> None:
    """The site and a file alone are told of what ran out by the newest snapshot."""
    market.build()
    outcome = take(market, MIDNIGHT)

    assert words_of(outcome.notices) == words_of(check_site(market.root))
    assert "expired-evidence" in [n.code for n in check_files(market.root, [market.root / ALIX])]


@pytest.mark.parametrize("current", ["{", '{"form": 99}'])
def test_a_stock_that_cannot_be_read_is_not_checks_business(market: Stocked, current: str) -> None:
    """What is wrong with data/stock/ is told by the build; the content is checked without."""
    market.build()
    take(market, MIDNIGHT)
    (market.root / "data/stock/current.json").write_text(current)

    assert "expired-evidence" not in [n.code for n in check_site(market.root)]
