"""A made-up site of any size: the same arguments give the same bytes, on every machine.

Each merchant is made from a random stream of its own, derived from the seed and its number, and
from nothing else: a smaller demo is the beginning of a bigger one, and memory does not grow. What
must be unique (ids, codes, phone numbers) is made from the merchant's number, not remembered.
Only ``random()`` is asked of a stream, and no function whose last bit depends on a machine.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar

from halles import demo_words as words
from halles.demo_words import Area, Town, Trade
from halles.text import fold

T = TypeVar("T")

MARK = "# Un site inventé par « build.py demo »"
"""How the settings of a demo begin: who adopts the site removes the line, and keeps the site."""

PHONES = 30_000
"""Merchants that have a phone number: as many as three area codes have numbers in 555."""
NEIGHBOURS = 64
"""Merchants among whom shared products are drawn, so that their pages do not grow with the site."""
SHARED = 24
CLASSICS = 200
"""Products that anyone anywhere may sell."""
SKUS = 1000
"""Products of one merchant that can have a GTIN of their own."""


class DemoRefused(Exception):
    """Nothing was written; the sentences say why, in French and English."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr = fr
        self.en = en


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made."""

    merchants: int
    products: int


def make(root: Path, merchants: int, products: int, seed: int) -> Made:
    """Write a site of so many merchants, with so many products each on average.

    Raises:
        DemoRefused: the folder holds a site that is not a demo.
    """
    _clear(root)
    for path, text in _frame(merchants, products, seed):
        _write(f"{root}/{path}", text)
    sold = 0
    for index in range(merchants):
        path, text, count = _merchant(seed, index, products)
        _write(f"{root}/{path}", text)
        sold += count
    return Made(merchants, sold)


def _clear(root: Path) -> None:
    """Make room for a demo where there is nothing, or one made earlier."""
    settings, content = root / "halles.toml", root / "content"
    if root.exists() and not root.is_dir():
        raise DemoRefused(f"{root} n'est pas un dossier.", f"{root} is not a folder.")
    if settings.is_file() and settings.read_bytes().startswith(MARK.encode()):
        if content.exists():
            shutil.rmtree(content)
    elif settings.exists() or content.exists():
        raise DemoRefused(
            f"{root} contient déjà un site ; donnez à --root un dossier vide ou absent.",
            f"{root} already holds a site; give --root a folder that is empty or absent.",
        )


def _write(path: str, text: str) -> None:
    try:
        file = open(path, "wb", buffering=0)  # noqa: PTH123, SIM115 (a Path a file is dear)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        file = open(path, "wb", buffering=0)  # noqa: PTH123, SIM115
    with file:
        file.write(text.encode())


# --- all but the merchants ----------------------------------------------------------------------


def _frame(merchants: int, products: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield the settings first, which mark the folder as a demo, then the small records."""
    yield (
        "halles.toml",
        f"{MARK} (--merchants {merchants} --products {products} --seed {seed}).\n"
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
    for colour in words.COLOURS:
        yield f"content/{_picture(colour)}", _drawing(colour)


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


def _picture(colour: str) -> str:
    return f"media/demo/{colour}.svg"


def _drawing(colour: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3" width="400" height="300">'
        f'<path fill="#{colour}" d="M0 0h4v3H0z"/></svg>\n'
    )


# --- a merchant ---------------------------------------------------------------------------------


class _Dice:
    """One merchant's random stream, and what is drawn from it."""

    __slots__ = ("roll",)

    def __init__(self, seed: int, index: int) -> None:
        self.roll = Random(f"{seed}:{index}").random  # noqa: S311 (no secret)

    def below(self, count: int) -> int:
        """Return a number from 0 to count - 1, each as likely."""
        return int(self.roll() * count)

    def one(self, of: Sequence[T]) -> T:
        """Return one of several, each as likely."""
        return of[int(self.roll() * len(of))]

    def early(self, of: Sequence[T]) -> T:
        """Return one of several, the first ones more likely."""
        return of[int(self.roll() * self.roll() * len(of))]

    def often(self, percent: int) -> bool:
        """Return true so many times in a hundred."""
        return self.roll() * 100 < percent


_BY_SHARE = tuple(area for area in words.AREAS for _ in range(area.share))
_NAMES = tuple((name, fold(name).replace(" ", "-")) for name in words.NAMES)
_CODES = {fr: fold(fr).replace(" ", "-").upper() for t in words.TRADES for fr, _ in t.goods}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS = "ABCEGHJKLMNPRSTVWXYZ"


def _merchant(seed: int, index: int, products: int) -> tuple[str, str, int]:
    """Return a merchant's file, its text, and how many products it holds."""
    dice = _Dice(seed, index)
    area = dice.one(_BY_SHARE)
    town = dice.early(area.towns)
    trade = dice.early(words.TRADES)
    called, start = dice.one(_NAMES)
    own = f"{start}-{trade.id}-{_base36(index)}"
    name = f"{dice.one(trade.heads)} {called}{dice.one(('', '', '', ' et filles', ' et fils'))}"
    lines = [f"id: {own}\nname: {name}\n"]
    lines += _standing(dice, index, area, town, own)
    lines += _filing(dice, trade)
    lines += _words(dice, town, called)
    lines += _terms(dice, index)
    count = int(products * 3 * dice.roll() ** 2 + dice.roll())
    if count:
        lines.append("products:\n")
        lines += _products(dice, index, trade, count)
    path = f"content/merchants/{area.id}/{own[:2]}/{own}.yaml"
    return path, "".join(lines), count


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text or "0"


def _standing(dice: _Dice, index: int, area: Area, town: Town, own: str) -> Iterator[str]:
    """Yield who and where a merchant is, and how to reach it."""
    if dice.often(60):
        twin = index - 1 if index and dice.roll() < 0.005 else index
        yield f'neq: "11{twin * 61_803_399 % 100_000_000:08d}"\n'
    if dice.often(2):
        yield "status: closed\n"
        yield f"closed_on: {_day(dice, 2025)}\n" if dice.often(50) else ""
    yield f"region: {area.id}\nmunicipality: {town.name}\n"
    if dice.often(92):
        yield f'address:\n  street: "{1 + dice.below(2400)}, {dice.one(words.STREETS)}"\n'
        yield f"  postal_code: {dice.one(area.postal)} {dice.below(10)}{dice.one(_LETTERS)}"
        yield f"{dice.below(10)}\n"
    if dice.often(95):
        lat = town.lat + (dice.roll() + dice.roll() - 1) * 0.04
        lon = town.lon + (dice.roll() + dice.roll() - 1) * 0.05
        yield f"location: {{lat: {lat:.4f}, lon: {lon:.4f}}}\n"
    if dice.often(88) and index < PHONES:
        yield f"phone: {area.phones[index % 3]} 555-{(100 + index // 3) % 10_000:04d}\n"
    yield f"email: bonjour@{own}.example\n" if dice.often(45) else ""
    yield f"website: https://{own}.example\n" if dice.often(62) else ""


def _filing(dice: _Dice, trade: Trade) -> Iterator[str]:
    second = dice.one(words.TRADES).id if dice.often(20) else trade.id
    yield f"categories: [{', '.join(dict.fromkeys((trade.id, second)))}]\n"
    tags = dict.fromkeys(dice.one(words.TAGS) for _ in range(dice.below(5)))
    yield f"tags: [{', '.join(tags)}]\n" if tags else ""


def _words(dice: _Dice, town: Town, called: str) -> Iterator[str]:
    """Yield a description, mostly in French alone."""
    if not dice.often(85):
        return
    parts = dice.one(words.OPENERS), dice.one(words.MIDDLES)
    given = {"town": town.name, "year": 1950 + dice.below(75), "name": called}
    fr, en = ([part[lang].format(**given) for part in parts] for lang in (0, 1))
    if dice.often(18):
        yield f"description:\n  fr: |\n    {fr[0]}\n\n    {fr[1]}\n"
        yield f"  en: |\n    {en[0]}\n\n    {en[1]}\n"
    else:
        yield f"description: |\n  {fr[0]}\n\n  {fr[1]}\n"


def _terms(dice: _Dice, index: int) -> Iterator[str]:
    """Yield when a merchant opens, what it offers, and what it can prove."""
    yield f"hours: {dice.early(words.HOURS)}\n" if dice.often(75) else ""
    yield "hours_exempt: true\n" if dice.often(6) else ""
    services = [s for s in ("pickup", "delivery", "shipping", "wheelchair") if dice.often(35)]
    yield f"services: [{', '.join(services)}]\n" if services else ""
    if "delivery" in services and dice.often(60):
        yield f'delivery: {{radius_km: {5 + dice.below(60)}, fee: "{3 + dice.below(9)}.00"}}\n'
    if dice.often(70):
        also = [p for p in ("interac", "cheque", "gift_card", "transfer") if dice.often(25)]
        yield f"payment: [{', '.join(['cash', 'debit', 'credit', *also])}]\n"
    yield from _origin(dice, index, "") if dice.often(35) else ()
    yield f"store_code: S{index:06d}\n" if dice.often(40) else ""
    if dice.often(8):
        yield f"logo: {{file: {_picture(dice.one(words.COLOURS))}, alt: L’enseigne}}\n"
    if dice.often(5):
        yield f"photos: [{{file: {_picture(dice.one(words.COLOURS))}, alt: La devanture}}]\n"


def _origin(dice: _Dice, index: int, indent: str) -> Iterator[str]:
    """Yield a claim of origin; half of them with evidence, some of which has run out."""
    label, *_, body = dice.early(words.LABELS)
    if dice.often(50):
        yield f"{indent}origin: {{label: {label}}}\n"
        return
    number = f"{label[:2].upper()}-{index:06d}"
    seen = _day(dice, 2024 if dice.often(6) else 2026)
    yield f"{indent}origin:\n{indent}  label: {label}\n{indent}  body: {body}\n"
    yield f"{indent}  number: {number}\n{indent}  url: https://marques.example/{number.lower()}\n"
    yield f"{indent}  checked_on: {seen}\n{indent}  valid_until: {int(seen[:4]) + 1}{seen[4:]}\n"


def _day(dice: _Dice, year: int) -> str:
    return f"{year}-{1 + dice.below(6):02d}-{1 + dice.below(28):02d}"


# --- its products -------------------------------------------------------------------------------


def _products(dice: _Dice, index: int, trade: Trade, count: int) -> Iterator[str]:
    """Yield a merchant's products: some that others sell too, then its own."""
    shared = _shared(dice, index, count)
    for position, number in enumerate(shared):
        yield from _common(dice, position, number)
    for position in range(len(shared), count):
        yield from _own(dice, index, position, trade)


def _shared(dice: _Dice, index: int, count: int) -> list[int]:
    """Return the numbers of the products that this merchant and others sell, each once."""
    first, classic = dice.below(SHARED), dice.below(CLASSICS)
    block = CLASSICS + index // NEIGHBOURS * SHARED
    found = [block + (first + 7 * i) % SHARED for i in range(dice.below(4))]
    found += [classic] if dice.often(8) else []
    return found[:count]


def _common(dice: _Dice, position: int, number: int) -> Iterator[str]:
    """Yield an offer of a shared product, which is the same thing whoever sells it."""
    trade = words.TRADES[number * 5 % len(words.TRADES)]
    good = trade.goods[number * 3 % len(trade.goods)]
    manners, sizes = _ways(trade)
    tail, size = manners[number * 11 % len(manners)], sizes[number % len(sizes)]
    yield f"  - sku: {_CODES[good[0]]}-{position + 1}\n"
    yield f'    gtin: "{_gtin(290_000_000_000 + number)}"\n'
    yield f"    name: {_both(*(f'{good[i]} {tail[i]}, {size[i]}' for i in (0, 1)))}\n"
    yield f"    brand: {words.BRANDS[number % len(words.BRANDS)]}\n"
    yield from _sale(dice, trade)


def _own(dice: _Dice, index: int, position: int, trade: Trade) -> Iterator[str]:
    """Yield a product that only this merchant sells."""
    manners, sizes = _ways(trade)
    good, tail, size = dice.one(trade.goods), dice.one(manners), dice.one(sizes)
    yield f"  - sku: {_CODES[good[0]]}-{position + 1}\n"
    if dice.often(35) and position < SKUS:
        yield f'    gtin: "{_gtin(200_000_000_000 + index * SKUS + position)}"\n'
    called = [f"{good[i]} {tail[i]}, {size[i]}" for i in (0, 1)]
    yield f"    name: {_both(*called) if dice.often(8) else called[0]}\n"
    yield "    brand: Maison\n" if dice.often(20) else ""
    yield from _sale(dice, trade)
    if dice.often(60):
        note = dice.one(words.NOTES)
        yield f"    description: {_both(*note) if dice.often(8) else note[0]}\n"
    yield from _origin(dice, index * SKUS + position, "    ") if dice.often(15) else ()
    if dice.often(5):
        yield f"    url: https://boutique.example/{_base36(index)}/{position + 1}\n"
    if dice.often(6):
        yield f"    image: {{file: {_picture(dice.one(words.COLOURS))}, alt: {good[0]}}}\n"


def _sale(dice: _Dice, trade: Trade) -> Iterator[str]:
    cents = trade.cents * (60 + dice.below(90)) // 500 * 5
    yield f'    price: "{cents // 100}.{cents % 100:02d}"\n' if dice.often(96) else ""
    yield f"    category: {trade.id}\n" if dice.often(90) else ""


def _ways(trade: Trade) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """Return how the things of a trade differ: in flavour or manner, and in size."""
    return (words.FLAVOURS, words.WEIGHTS) if trade.eaten else (words.MANNERS, words.FORMATS)


def _both(fr: str, en: str) -> str:
    """Return a text in both languages; no table holds a quote."""
    return f'{{fr: "{fr}", en: "{en}"}}'


def _gtin(body: int) -> str:
    """Return a GTIN-13, with its check digit, of the range that no one is ever given."""
    digits = f"{body:012d}"
    odd, even = sum(map(int, digits[::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"
