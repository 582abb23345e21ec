"""A made-up site but for its merchants: settings, categories, labels, regions, pages, pictures."""

import struct
import zlib
from collections.abc import Iterator

from halles import demo_words as words
from halles.demo_words import Area

MARK = "# Un site inventé par « build.py demo »"
"""How the settings of a demo begin: who adopts the site removes the line, and keeps the site."""


def mark(merchants: int, products: int, seed: int) -> str:
    """Return the first line of a demo's settings, which tells it from every other."""
    return f"{MARK} (--merchants {merchants} --products {products} --seed {seed}).\n"


def frame(merchants: int, products: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the settings first, which mark the folder as a demo, then the small records."""
    yield (
        "halles.toml",
        f"{mark(merchants, products, seed)}"
        "# Retirez ces lignes si vous l'adoptez : demo n'y écrira plus.\n"
        '\n[site]\ntitle = { fr = "Halles d’essai", en = "Trial Halles" }\n'
        'base_url = "https://essai.example"\nlanguages = ["fr", "en"]\ntheme = "marche"\n'
        'product_pages = "all"\n',
    )
    yield "content/categories.yaml", "".join(_categories())
    yield "content/labels.yaml", "".join(_labels())
    for area in words.AREAS:
        yield from _region(area)
    yield from _page("pages", "a-propos", "menu: footer\n")
    yield from _page("campaigns", "cadeaux", "tags: [cadeaux]\n")


def _categories() -> Iterator[str]:
    for trunk, fr, en in words.TRUNKS:
        yield f"- id: {trunk}\n  name: {{fr: {fr}, en: {en}}}\n  children:\n"
        for trade in words.TRADES_OF[trunk]:
            yield f"    - id: {trade.id}\n      name: {{fr: {trade.fr}, en: {trade.en}}}\n"
            typed = [fr.lower() for fr, _ in trade.goods[:3]], [en for _, en in trade.goods[:3]]
            yield f"      synonyms: {{fr: [{', '.join(typed[0])}], en: [{', '.join(typed[1])}]}}\n"
            yield f"      schema: {trade.schema}\n" if trade.schema else ""


def _labels() -> Iterator[str]:
    for own, fr, en, promise, promised, body in words.LABELS:
        yield f"- id: {own}\n  name: {{fr: {fr}, en: {en}}}\n  definition:\n    fr: {promise}\n"
        yield f"    en: {promised}\n  body: {body}\n  url: https://marques.example/{own}\n"


def _region(area: Area) -> Iterator[tuple[str, str]]:
    lats, lons = [t.lat for t in area.towns], [t.lon for t in area.towns]
    south, north = min(lats) - 0.2, max(lats) + 0.2
    west, east = min(lons) - 0.3, max(lons) + 0.3
    path = f"content/regions/{area.id}"
    towns = ", ".join(town.name for town in area.towns[:3])
    yield (
        f"{path}.md",
        f'---\nid: {area.id}\ncode: "{area.code}"\nname: {{fr: {area.name}, en: {area.name}}}\n'
        f"centre: {{lat: {(south + north) / 2:.2f}, lon: {(west + east) / 2:.2f}}}\n"
        f"bounds: [[{south:.2f}, {west:.2f}], [{north:.2f}, {east:.2f}]]\n---\n"
        f"Des commerces inventés, de {towns} et d’ailleurs.\n",
    )
    yield f"{path}.en.md", f"Made-up shops from {towns} and elsewhere.\n"


def _page(folder: str, own: str, more: str) -> Iterator[tuple[str, str]]:
    names = {"a-propos": ("À propos", "About"), "cadeaux": ("Des cadeaux", "Gifts")}
    fr, en = names[own]
    head = f"id: {own}\ntitle: {{fr: {fr}, en: {en}}}\n{more}"
    yield f"content/{folder}/{own}.md", f"---\n{head}---\nTout est inventé ici, sauf les villes.\n"
    yield f"content/{folder}/{own}.en.md", "Everything here is made up, except the towns.\n"


def picture(colour: str) -> str:
    """Return where the picture of a colour is, under content/."""
    return f"media/demo/{colour}.png"


def pictures() -> Iterator[tuple[str, bytes]]:
    """Yield a picture of each colour: 400 by 300 pixels of it, as the plainest PNG there is."""
    for colour in words.COLOURS:
        head = struct.pack(">IIBBBBB", 400, 300, 1, 3, 0, 0, 0)
        rows = bytes(300 * (1 + 50))
        # Not compressed: the same bytes with every zlib there is.
        parts = (
            (b"IHDR", head),
            (b"PLTE", bytes.fromhex(colour)),
            (b"IDAT", zlib.compress(rows, 0)),
        )
        body = b"".join(_chunk(name, data) for name, data in (*parts, (b"IEND", b"")))
        yield f"content/{picture(colour)}", b"\x89PNG\r\n\x1a\n" + body


def _chunk(name: bytes, data: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + crc
