"""A few files, checked beside a site that was built: what is said is what checking all says."""

from collections.abc import Callable

import pytest

from halles.checking import check_files, check_site
from halles.notices import Notice
from tests.market import Market

ALIX = "content/merchants/nord/al/alix.yaml"
BERTHE = "content/merchants/nord/be/berthe.yaml"
DALIA = "content/merchants/sud/da/dalia.yaml"
ELIE = "content/merchants/sud/el/elie.yaml"
ORIGIN = "\norigin: {label: ici, checked_on: %s}"


def checked(market: Market, *paths: str) -> list[Notice]:
    """Return what is said because of some files."""
    return check_files(market.root, [market.root / path for path in paths])


def codes(notices: list[Notice]) -> list[tuple[str, str]]:
    """Return what is said of which file."""
    return [(notice.code, notice.path) for notice in notices]


def store_taken(market: Market) -> tuple[str, str]:
    """The code of a file further down is taken: that file is told."""
    market.edit(ALIX, "region: nord", "region: nord\nstore_code: ELIE-1")
    return "duplicate-store-code", ELIE


def phone_taken(market: Market) -> tuple[str, str]:
    """A number is written twice."""
    market.edit(ALIX, "418 555-0101", "418 555-0102")
    return "same-phone", BERTHE


def id_taken(market: Market) -> tuple[str, str]:
    """A copy stands before the file that it was made of."""
    market.write("content/merchants/est/al/alix.yaml", market.read(ALIX).replace(": nord", ": est"))
    return "duplicate-id", ALIX


def address_taken(market: Market) -> tuple[str, str]:
    """A page claims the address of one further down."""
    text = market.read("content/pages/a-propos.md").replace("id: a-propos", "id: a-a")
    market.write("content/pages/a-a.md", text)
    return "path-claimed-twice", "content/pages/a-propos.md"


def evidence_over(market: Market) -> tuple[str, str]:
    """A new date lets the evidence of another run out."""
    market.edit(BERTHE, "region: nord", "region: nord" + ORIGIN % "2027-05-02")
    market.edit(DALIA, "region: sud", "region: sud" + ORIGIN % "2027-05-02")
    market.build()
    market.edit(ALIX, "checked_on: 2026-05-01, valid_until: 2027-05-01", "valid_until: 2027-05-20")
    market.build()
    market.edit(BERTHE, "2027-05-02", "2027-05-21")
    return "expired-evidence", ALIX


@pytest.mark.parametrize(
    ("edit", "file"),
    [
        (store_taken, ALIX),
        (phone_taken, ALIX),
        (id_taken, "content/merchants/est/al/alix.yaml"),
        (address_taken, "content/pages/a-a.md"),
        (evidence_over, BERTHE),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
def test_what_a_file_breaks_elsewhere_is_said(
    market: Market, edit: Callable[[Market], tuple[str, str]], file: str
) -> None:
    """A notice may stand in the other file; it is the file that was given that brought it about."""
    market.build()
    expected = edit(market)
    found = checked(market, file)

    assert expected in codes(found)
    assert set(codes(found)) <= set(codes(check_site(market.root)))
    assert expected not in codes(checked(market, "content/merchants/nord/co/come.yaml"))


def test_a_file_that_moved_is_not_its_own_rival(market: Market) -> None:
    """Neither its id, nor its phone, nor its neighbour: the old file is there no more."""
    market.build()
    market.move(ALIX, "content/merchants/sud/al/alix.yaml")
    market.edit("content/merchants/sud/al/alix.yaml", "region: nord", "region: sud")
    market.edit(
        "content/merchants/sud/al/alix.yaml", "lat: 48.4488, lon: -68.5230", "lat: 45.5, lon: -73.5"
    )

    assert [] == checked(market, "content/merchants/sud/al/alix.yaml")


def test_a_neighbour_is_asked_what_it_says_now(market: Market) -> None:
    """The other file was mended since the build: there is nothing left to say; nor once it broke."""
    market.edit(BERTHE, "418 555-0102", "418 555-0101")
    market.build()
    told = checked(market, BERTHE)
    market.edit(ALIX, "418 555-0101", "418 555-0103")

    assert [("same-phone", BERTHE)] == codes(told)
    assert [] == checked(market, BERTHE)

    market.edit(BERTHE, "418 555-0101", "418 555-0104")
    market.edit(ALIX, "418 555-0103", "418 555-0104\nneq: 1")

    assert [] == checked(market, BERTHE)


@pytest.mark.parametrize("built", ["before", "after"])
def test_a_lonely_date_is_lonely_beside_itself(market: Market, built: str) -> None:
    """The ledger knows the file's own date; it does not bear itself out."""
    if built == "before":
        market.build()
    market.edit(ALIX, "checked_on: 2026-05-01", "checked_on: 2027-04-01")
    market.edit(BERTHE, "region: nord", "region: nord" + ORIGIN % "2026-05-01")
    market.build()

    assert [("lonely-date", ALIX)] == codes(checked(market, ALIX))


def test_the_day_is_not_known_without_the_others(market: Market) -> None:
    """Without a build nobody can say which date is alone, nor what has run out."""
    market.edit(ALIX, "number: A-1, checked_on: 2026-05-01, valid_until: 2027", "valid_until: 2025")
    market.edit(BERTHE, "region: nord", "region: nord" + ORIGIN % "2026-05-01")

    assert ("expired-evidence", ALIX) in codes(check_site(market.root))
    market.remove(".halles")
    assert [] == checked(market, ALIX, BERTHE)
