"""The picture that a link is shared with holds any name, whole where it can be."""

import tomllib
from io import BytesIO

import pytest
from PIL import Image

from halles.pictures import Sign
from halles.pictures.share import _font, _known, card
from tests.market import MARCHE

COLOURS = tomllib.loads((MARCHE / "theme.toml").read_text("utf-8"))["share"]
SIGN = Sign(next((MARCHE / "share").glob("*.woff")).read_bytes(), **COLOURS)
FRENCH = "ÀÂÇÉÈÊËÎÏÔÙÛÜŒÆ àâçéèêëîïôùûüœæ « » ’ – — … 0123456789 $ %"


def test_the_font_writes_french() -> None:
    """Each accent, ligature and quote of both languages has its letter."""
    font = _font(SIGN, 60)

    assert FRENCH.replace("\u00a0", " ") == _known(FRENCH, font)
    assert "Zilvinas" == _known("Žilvinas", font)
    assert "Ka" == _known("Kᐃa", font)


@pytest.mark.parametrize(
    "name",
    [
        "Pain",
        "Gaspésie–Îles-de-la-Madeleine",
        "Anticonstitutionnellement" * 4,
        "Un mot " * 40,
        "",
        "ᐃ",
    ],
)
def test_any_name_fits(name: str) -> None:
    """The card has its size and margins, whatever it is to say."""
    image = Image.open(BytesIO(card(SIGN, "Les Halles", name)))
    words = image.convert("RGB").crop((1125, 120, 1200, 630))

    assert (1200, 630) == image.size
    assert 1 == len(words.getcolors() or ())


def test_a_card_is_light_and_always_the_same() -> None:
    """A few kilobytes, in the theme's own colours, twice the same."""
    body = card(SIGN, "Les Halles", "Bas-Saint-Laurent")
    card.cache_clear()

    assert body == card(SIGN, "Les Halles", "Bas-Saint-Laurent")
    assert len(body) < 20_000
    assert bytes.fromhex(COLOURS["ground"][1:]) == bytes(
        Image.open(BytesIO(body)).convert("RGB").getpixel((5, 400))
    )
