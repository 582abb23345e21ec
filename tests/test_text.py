from datetime import date, timedelta

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from halles.text import NBSP, clock, collation_key, day, fold, number, price

LOCALES = {"fr": "fr_CA", "en": "en_CA"}
langs = st.sampled_from(sorted(LOCALES))
amounts = st.builds(lambda cents: f"{cents // 100}.{cents % 100:02d}", st.integers(0, 999_999_999))


# Prices, numbers, dates: the libraries' own words, without the libraries' milliseconds


@given(amounts, langs)
def test_a_price_is_written_as_cldr_has_it(amount: str, lang: str) -> None:
    """Every price that the format allows reads as Babel would write it in Canada."""
    expected = format_currency(amount, "CAD", locale=LOCALES[lang])

    assert expected == price(amount, lang)


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("12.34", "12,34 $", "$12.34"),
        ("6.5", "6,50 $", "$6.50"),
        ("7", "7,00 $", "$7.00"),
        ("0.05", "0,05 $", "$0.05"),
        ("1000", "1 000,00 $", "$1,000.00"),
    ],
)
def test_prices_as_the_style_guide_prints_them(amount: str, french: str, english: str) -> None:
    """A comma and a dollar sign after a no-break space in French; a sign first in English."""
    assert french.replace(" ", NBSP) == price(amount, "fr")
    assert english == price(amount, "en")


@given(st.integers(0, 10**12), langs)
def test_a_number_is_written_as_cldr_has_it(value: int, lang: str) -> None:
    """Thousands stand apart as Babel sets them in Canada."""
    assert format_decimal(value, locale=LOCALES[lang]) == number(value, lang)


def test_every_day_is_written_as_cldr_has_it() -> None:
    """Over fifteen years, each date is Babel's long form; in French the first is « 1er »."""
    first = date(2019, 12, 25)
    for when in (first + timedelta(days=n) for n in range(15 * 365)):
        iso = when.isoformat()
        french = format_date(when, "long", locale="fr_CA")
        french = french.replace("1 ", "1er ", 1) if when.day == 1 else french

        assert french == day(iso, "fr")
        assert format_date(when, "long", locale="en_CA") == day(iso, "en")


@pytest.mark.parametrize(
    ("time", "french", "english"),
    [
        ("08:30", "8 h 30", "8:30 a.m."),
        ("17:00", "17 h", "5 p.m."),
        ("00:00", "0 h", "12 a.m."),
        ("12:05", "12 h 05", "12:05 p.m."),
        ("24:00", "minuit", "midnight"),
        ("26:00", "2 h", "2 a.m."),
    ],
)
def test_an_hour_as_a_door_shows_it(time: str, french: str, english: str) -> None:
    """Hours past midnight are the next morning's."""
    assert (french.replace(" ", NBSP), english.replace(" ", NBSP)) == (
        clock(time, "fr"),
        clock(time, "en"),
    )


# Order


@pytest.mark.parametrize(
    "ordered",
    [
        # CLDR fr_CA is [backwards 2]: accents count from the end of the word.
        ["cote", "côte", "coté", "côté"],
        ["peche", "pêche", "péché", "pécher", "pêcher"],
        ["eleve", "éleve", "elève", "élève", "elevé", "élevé"],
        # Without an accent, then acute, grave, circumflex, diaeresis.
        ["e", "é", "è", "ê", "ë"],
        ["pécheur", "pècheur", "pêcheur"],
        # Small letters before capitals, where nothing else differs.
        ["du", "Du", "DU", "dû", "Dû"],
        # Letters first, whatever the accents: an accent never moves a word past another.
        ["cafe", "café", "Café", "caféine", "cafetière"],
        # A ligature is its two letters.
        ["cœliaque", "coeur", "cœur", "coffre"],
        # A shorter word first; digits before letters; spaces and marks before both.
        ["Au pain", "Au Pain doré", "Aube", "Auberge"],
        ["3 Brasseurs", "Abeille"],
        ["L’Abeille", "L’Épi", "Labelle"],
        ["Île", "Îlot", "Imprimerie"],
    ],
)
def test_words_stand_in_quebecs_alphabetical_order(ordered: list[str]) -> None:
    """Given any order, the one that CLDR's fr_CA has comes out."""
    assert ordered == sorted(reversed(ordered), key=collation_key)


def test_the_accent_nearest_the_end_decides() -> None:
    """This is what sets fr_CA apart from fr, where côte would come after coté."""
    assert collation_key("côte") < collation_key("coté")


written = st.text(alphabet="abcdeé èêëàçœŒÉ'’-AZ09", max_size=12)


@given(written, written)
def test_order_never_depends_on_the_order_of_asking(one: str, other: str) -> None:
    """Two texts that differ have different keys, so a listing has one order only."""
    assert (one == other) == (collation_key(one) == collation_key(other))


@given(st.text(alphabet="abcXYZ 09", min_size=1, max_size=12).map(lambda t: " ".join(t.split())))
def test_the_quick_way_is_the_long_way(plain: str) -> None:
    """A text of plain letters is placed among accented ones as if it were treated like them."""
    accented = f"{plain}é"

    assert collation_key(plain) < collation_key(accented)
    assert collation_key(f"{plain}e") < collation_key(accented) < collation_key(f"{plain}ea")


# Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Œuf d'Érable", "l oeuf d erable"),
        ("  Crème-glacée,  2 boules! ", "creme glacee 2 boules"),
        ("ÎLE-AUX-COUDRES", "ile aux coudres"),
        ("no_dash", "no dash"),
        ("Straße", "strasse"),
        ("cœur à la crème", "coeur a la creme"),
        ("…", ""),
    ],
)
def test_fold_is_what_a_hurried_hand_types(text: str, folded: str) -> None:
    """No accent, no capital, one space between words, no mark."""
    assert folded == fold(text)


@given(st.text(max_size=40))
def test_fold_is_settled_at_once(text: str) -> None:
    """Folding what is folded changes nothing, and leaves no capital and no double space."""
    once = fold(text)

    assert once == fold(once)
    assert once == once.lower()
    assert once.split() == once.split(" ") or not once
