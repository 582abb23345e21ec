"""A made-up site of any size: the same arguments give the same bytes, on every machine.

Each merchant is made from a random stream of its own, derived from the seed and its number, and
from nothing else: a smaller demo is the beginning of a bigger one, and memory does not grow. What
must be unique (ids, codes, phone numbers) is made from the merchant's number, not remembered.
Only ``random()`` is asked of a stream, and no function whose last bit depends on a machine.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from halles import demo_words as words
from halles.demo_dice import Dice
from halles.demo_frame import MARK, frame, mark, picture, pictures
from halles.demo_stock import HEAD, Churn, Stall, file_name, first, line, stamp
from halles.demo_words import Area, Town, Trade
from halles.text import fold

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
    rows: int
    """Of the snapshot."""


def make(root: Path, merchants: int, products: int, seed: int) -> Made:
    """Write a site of so many merchants, with so many products each on average, and its stock.

    Raises:
        DemoRefused: the folder holds a site that is not a demo.
    """
    _clear(root)
    for path, text in frame(merchants, products, seed):
        _write(f"{root}/{path}", text)
    for path, body in pictures():
        Path(root, path).parent.mkdir(parents=True, exist_ok=True)
        Path(root, path).write_bytes(body)
    sold = told = 0
    with _snapshot(root, 1) as feed:
        when = stamp(seed, 1)
        for index in range(merchants):
            path, text, stall = _merchant(seed, index, products)
            _write(f"{root}/{path}", text)
            sold += len(stall.offers)
            for row in first(seed, stall):
                feed.write(line(row, when))
                told += 1
    return Made(merchants, sold, told)


def restock(
    root: Path, merchants: int, products: int, seed: int, share: float, snapshot: int
) -> int:
    """Write a later snapshot of a demo's stock, and return its rows; the site is left alone.

    It is the first one with the changes of each snapshot up to this one, a share of the rows in
    each; none of those need have been written.

    Raises:
        DemoRefused: the folder holds no site, or a demo made otherwise.
    """
    _meet(root, mark(merchants, products, seed).encode())
    churn, when, told = Churn(seed, share, snapshot), stamp(seed, snapshot), 0
    with _snapshot(root, snapshot) as feed:
        for index in range(merchants):
            for row in first(seed, _merchant(seed, index, products)[2]):
                feed.write(line(churn.on(row), when))
                told += 1
    return told


@contextmanager
def _snapshot(root: Path, snapshot: int) -> Iterator[IO[str]]:
    """Let a snapshot be written; it has its name once it is whole."""
    scratch = root / f"{file_name(snapshot)}.new"
    with scratch.open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        yield file
    scratch.replace(root / file_name(snapshot))


def _meet(root: Path, expected: bytes) -> None:
    """See to it that a site is there for which a snapshot can be made."""
    settings = root / "halles.toml"
    if not settings.is_file():
        raise DemoRefused(
            f"{root} n'a pas de site ; faites-le d'abord, sans --churn.",
            f"{root} has no site; make it first, without --churn.",
        )
    with settings.open("rb") as file:
        made = file.readline()
    if made.startswith(MARK.encode()) and made != expected:
        how = made.decode(errors="replace").partition(MARK)[2].strip(" .\n")
        raise DemoRefused(
            f"{root} a été fait autrement {how} ; donnez les mêmes nombres.",
            f"{root} was made otherwise {how}; give the same numbers.",
        )


def _clear(root: Path) -> None:
    """Make room for a demo where there is nothing, or one made earlier."""
    settings, content = root / "halles.toml", root / "content"
    if root.exists() and not root.is_dir():
        raise DemoRefused(f"{root} n'est pas un dossier.", f"{root} is not a folder.")
    if settings.is_file() and settings.read_bytes().startswith(MARK.encode()):
        if content.exists():
            shutil.rmtree(content)
        for snapshot in root.glob("stock-[0-9]*.csv"):
            snapshot.unlink()
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


# --- a merchant ---------------------------------------------------------------------------------


_BY_SHARE = tuple(area for area in words.AREAS for _ in range(area.share))
_NAMES = tuple((name, fold(name).replace(" ", "-")) for name in words.NAMES)
_CODES = {fr: fold(fr).replace(" ", "-").upper() for t in words.TRADES for fr, _ in t.goods}
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS = "ABCEGHJKLMNPRSTVWXYZ"
_CLOSED = "status: closed\n"


def _merchant(seed: int, index: int, products: int) -> tuple[str, str, Stall]:
    """Return a merchant's file, its text, and what it has to sell."""
    dice = Dice(seed, index)
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
    offers: list[tuple[str, int]] = []
    coded, closed = _store_code(index) in lines, _CLOSED in lines
    goods = list(_products(dice, index, trade, count, offers)) if count else []
    lines += _entered(dice)
    lines += ["products:\n", *goods] if goods else []
    path = f"content/merchants/{area.id}/{own[:2]}/{own}.yaml"
    return path, "".join(lines), Stall(f"S{index:06d}" if coded else own, offers, not closed)


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = _DIGITS[rest] + text
    return text or "0"


def _standing(dice: Dice, index: int, area: Area, town: Town, own: str) -> Iterator[str]:
    """Yield who and where a merchant is, and how to reach it."""
    if dice.often(60):
        twin = index - 1 if index and dice.roll() < 0.005 else index
        yield f'neq: "11{twin * 61_803_399 % 100_000_000:08d}"\n'
    if dice.often(2):
        yield _CLOSED
        yield f"closed_on: {dice.day(2025)}\n" if dice.often(50) else ""
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


def _filing(dice: Dice, trade: Trade) -> Iterator[str]:
    second = dice.one(words.TRADES).id if dice.often(20) else trade.id
    yield f"categories: [{', '.join(dict.fromkeys((trade.id, second)))}]\n"
    tags = dict.fromkeys(dice.one(words.TAGS) for _ in range(dice.below(5)))
    yield f"tags: [{', '.join(tags)}]\n" if tags else ""


def _words(dice: Dice, town: Town, called: str) -> Iterator[str]:
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


def _terms(dice: Dice, index: int) -> Iterator[str]:
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
    yield _store_code(index) if dice.often(40) else ""
    if dice.often(8):
        yield f"logo: {{file: {picture(dice.one(words.COLOURS))}, alt: L’enseigne}}\n"
    if dice.often(5):
        yield f"photos: [{{file: {picture(dice.one(words.COLOURS))}, alt: La devanture}}]\n"


def _entered(dice: Dice) -> Iterator[str]:
    """Yield when the record came into the directory, and when it last changed."""
    yield f"added_on: {dice.day(2019 + dice.below(6))}\n" if dice.often(60) else ""
    yield f"updated_on: {dice.day(2026)}\n" if dice.often(40) else ""


def _store_code(index: int) -> str:
    return f"store_code: S{index:06d}\n"


def _origin(dice: Dice, index: int, indent: str) -> Iterator[str]:
    """Yield a claim of origin; half of them with evidence, some of which has run out."""
    label, *_, body = dice.early(words.LABELS)
    if dice.often(50):
        yield f"{indent}origin: {{label: {label}}}\n"
        return
    number = f"{label[:2].upper()}-{index:06d}"
    seen = dice.day(2024 if dice.often(6) else 2026)
    yield f"{indent}origin:\n{indent}  label: {label}\n{indent}  body: {body}\n"
    yield f"{indent}  number: {number}\n{indent}  url: https://marques.example/{number.lower()}\n"
    yield f"{indent}  checked_on: {seen}\n{indent}  valid_until: {int(seen[:4]) + 1}{seen[4:]}\n"


# --- its products -------------------------------------------------------------------------------


def _products(
    dice: Dice, index: int, trade: Trade, count: int, offers: list[tuple[str, int]]
) -> Iterator[str]:
    """Yield a merchant's products: some that others sell too, then its own; note code and price."""
    shared = _shared(dice, index, count)
    for position, number in enumerate(shared):
        yield from _common(dice, position, number, offers)
    for position in range(len(shared), count):
        yield from _own(dice, index, position, trade, offers)


def _shared(dice: Dice, index: int, count: int) -> list[int]:
    """Return the numbers of the products that this merchant and others sell, each once."""
    first, classic = dice.below(SHARED), dice.below(CLASSICS)
    block = CLASSICS + index // NEIGHBOURS * SHARED
    found = [block + (first + 7 * i) % SHARED for i in range(dice.below(4))]
    found += [classic] if dice.often(8) else []
    return found[:count]


def _common(dice: Dice, position: int, number: int, offers: list[tuple[str, int]]) -> Iterator[str]:
    """Yield an offer of a shared product, which is the same thing whoever sells it."""
    trade = words.TRADES[number * 5 % len(words.TRADES)]
    good = trade.goods[number * 3 % len(trade.goods)]
    manners, sizes = _ways(trade)
    tail, size = manners[number * 11 % len(manners)], sizes[number % len(sizes)]
    sku = f"{_CODES[good[0]]}-{position + 1}"
    yield f"  - sku: {sku}\n"
    yield f'    gtin: "{_gtin(290_000_000_000 + number)}"\n'
    yield f"    name: {_both(*(f'{good[i]} {tail[i]}, {size[i]}' for i in (0, 1)))}\n"
    yield f"    brand: {words.BRANDS[number % len(words.BRANDS)]}\n"
    cents = _cents(dice, trade)
    offers.append((sku, cents))
    yield from _sale(dice, trade, cents)


def _own(
    dice: Dice, index: int, position: int, trade: Trade, offers: list[tuple[str, int]]
) -> Iterator[str]:
    """Yield a product that only this merchant sells."""
    manners, sizes = _ways(trade)
    good, tail, size = dice.one(trade.goods), dice.one(manners), dice.one(sizes)
    sku = f"{_CODES[good[0]]}-{position + 1}"
    yield f"  - sku: {sku}\n"
    if dice.often(35) and position < SKUS:
        yield f'    gtin: "{_gtin(200_000_000_000 + index * SKUS + position)}"\n'
    called = [f"{good[i]} {tail[i]}, {size[i]}" for i in (0, 1)]
    yield f"    name: {_both(*called) if dice.often(8) else called[0]}\n"
    yield "    brand: Maison\n" if dice.often(20) else ""
    cents = _cents(dice, trade)
    offers.append((sku, cents))
    yield from _sale(dice, trade, cents)
    if dice.often(60):
        note = dice.one(words.NOTES)
        yield f"    description: {_both(*note) if dice.often(8) else note[0]}\n"
    yield from _origin(dice, index * SKUS + position, "    ") if dice.often(15) else ()
    if dice.often(5):
        yield f"    url: https://boutique.example/{_base36(index)}/{position + 1}\n"
    if dice.often(6):
        yield f"    image: {{file: {picture(dice.one(words.COLOURS))}, alt: {good[0]}}}\n"


def _cents(dice: Dice, trade: Trade) -> int:
    """Return a price; the till knows it, though the merchant's file may not say it."""
    return trade.cents * (60 + dice.below(90)) // 500 * 5


def _sale(dice: Dice, trade: Trade, cents: int) -> Iterator[str]:
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
