"""The pictures that links are shared with: a name under the awning, and whose site it is."""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from halles.pictures import Sign

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
LEFT, ROOM = 80, 1040
LEVELS = 14
"""Shades between ground and ink; with the two of the awning they make a palette of 16."""
STRIPE = 60
LARGEST, LEAST = 112, 52


@lru_cache(maxsize=512)
def card(sign: Sign, title: str, text: str) -> bytes:
    """Return a PNG of 1200 by 630 with a name, and the title of the site below it."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (WIDTH, HEIGHT), 0)
    pen: Any = ImageDraw.Draw(picture)
    small = _font(sign, 44)
    pen.text((LEFT, 560), _cut(_known(title, small), small), font=small, fill=255, anchor="ls")
    font, lines = _set(sign, text)
    step = font.size * 1.12
    first = 345 + font.size * 0.35 - step * (len(lines) - 1) / 2
    for i, line in enumerate(lines):
        pen.text((LEFT, first + i * step), line, font=font, fill=255, anchor="ls")
    picture = picture.point([level * (LEVELS - 1) // 255 for level in range(256)])
    pen = ImageDraw.Draw(picture)
    for i, x in enumerate(range(0, WIDTH, STRIPE)):
        pen.rectangle((x, 0, x + STRIPE - 1, 70), fill=LEVELS + i % 2)
        pen.ellipse((x, 41, x + STRIPE - 1, 100), fill=LEVELS + i % 2)
    picture.putpalette([level for shade in _palette(sign) for level in shade])
    out = BytesIO()
    picture.save(out, "PNG", bits=4, compress_level=6)
    return out.getvalue()


def _palette(sign: Sign) -> list[tuple[int, ...]]:
    ground, ink, stripe, canvas = map(_levels, (sign.ground, sign.ink, sign.stripe, sign.canvas))
    shades = [
        tuple(
            (a * (LEVELS - 1 - i) + b * i) // (LEVELS - 1) for a, b in zip(ground, ink, strict=True)
        )
        for i in range(LEVELS)
    ]
    return [*shades, stripe, canvas]


def _levels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def _font(sign: Sign, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    # The basic layout is part of every Pillow; a finer one gives other bytes where it is there.
    return ImageFont.truetype(BytesIO(sign.font), size, layout_engine=ImageFont.Layout.BASIC)


def _set(sign: Sign, text: str) -> tuple["FreeTypeFont", list[str]]:
    """Return the largest letters in which a name takes two lines at most; else it is cut."""
    size = LARGEST
    while True:
        font = _font(sign, size)
        lines = _lines(_known(text, font), font)
        if len(lines) <= 2 and all(font.getlength(line) <= ROOM for line in lines):
            return font, lines
        if size <= LEAST:
            return font, [_cut(line, font) for line in (*lines[:1], " ".join(lines[1:]))]
        size -= 12


def _lines(text: str, font: "FreeTypeFont") -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= ROOM:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def _cut(text: str, font: "FreeTypeFont") -> str:
    if font.getlength(text) <= ROOM:
        return text
    while text and font.getlength(f"{text}…") > ROOM:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _known(text: str, font: "FreeTypeFont") -> str:
    """Return a text without what the font cannot write: accents first, then whole letters."""
    import unicodedata

    unknown = bytes(font.getmask("\uffff"))
    found = []
    for letter in text:
        if letter.isspace():
            found.append(" ")
        elif bytes(font.getmask(letter)) != unknown:
            found.append(letter)
        else:
            plain = unicodedata.normalize("NFKD", letter)[0]
            found.append(plain if bytes(font.getmask(plain)) != unknown else "")
    return "".join(found)
