import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from halles.phones import international, shown
from halles.text import NBSP

QUEBEC = (263, 354, 367, 418, 438, 450, 468, 514, 579, 581, 819, 873)
CANADA = (204, 236, 416, 506, 604, 613, 709, 867, 902)
FAR = (212, 310, 617, 800, 844, 888)
areas = st.sampled_from((*QUEBEC, *CANADA, *FAR))
exchanges = st.integers(200, 999)
lines = st.integers(0, 9999).map(lambda n: f"{n:04d}")
WAYS = (
    "{0} {1}-{2}", "({0}) {1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "{0}{1}{2}",
    "+1 {0} {1} {2}", "1-{0}-{1}-{2}", "+1{0}{1}{2}", "1 ({0}) {1}-{2}",
)  # fmt: skip


def library(written: str) -> str | None:
    """Return what the phone library alone would answer."""
    try:
        number = phonenumbers.parse(written, "CA")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(areas, exchanges, lines, st.sampled_from(WAYS))
def test_the_quick_way_answers_as_the_library(
    area: int, exchange: int, line: str, way: str
) -> None:
    """However a number of this continent is written, the short cut agrees with the library."""
    written = way.format(area, exchange, line)

    assert library(written) == international(written)


@given(areas, exchanges, lines)
def test_one_number_has_one_name(area: int, exchange: int, line: str) -> None:
    """All ways of writing a number are one E.164 and are shown alike."""
    written = [way.format(area, exchange, line) for way in WAYS]

    assert {f"+1{area}{exchange}{line}"} == {international(w) for w in written}
    assert {f"{area}{NBSP}{exchange}-{line}"} == {shown(w) for w in written}


@pytest.mark.parametrize(
    "written",
    ["", "abc", "911", "555-0123", "999 555-0123", "418 155-0123", "418 055 0123",
     "418 555-012", "418 555-01234", "javascript:alert(1)", "418 555-0123\n514 555-0123"],
)  # fmt: skip
def test_what_cannot_ring_is_no_number(written: str) -> None:
    """No such area, too short, too long, not a number at all: None, never a guess."""
    assert None is international(written)
    assert written == shown(written)


def test_a_number_from_elsewhere_is_understood_and_left_as_written() -> None:
    """Only numbers of this continent are set as Québec sets them."""
    assert "+33142685300" == international("+33 1 42 68 53 00")
    assert "+33 1 42 68 53 00" == shown("+33 1 42 68 53 00")


def test_an_extension_is_not_lost() -> None:
    """The telephone dials the number; the reader still sees whom to ask for."""
    assert "+14185550123" == international("418 555-0123 x22")
    assert "418 555-0123 x22" == shown("418 555-0123 x22")
