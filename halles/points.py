"""Points: where merchants are, as the files that maps and "near me" read say it.

A merchant stands in the file of its region, and in that of each root category that it, or one of
its products, is under, as it does in the lists. A file of many points is cut in squares of the
web's maps, so that a reader asks for those nearby and an edit rewrites few.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import asinh, pi, radians, tan
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from halles.catalogue import Catalogue, labels_of
from halles.digest import digest
from halles.feasts import Almanac
from halles.model import Both, Merchant, Text
from halles.openings import coded, openings
from halles.zones import zone_of

MOST = 350
"""Points of one file, beyond which it is cut in four."""
DEEPEST = 18
"""Cuts after which points are taken to stand in one spot."""
EVERY = "_"
"""Stands for all root categories, and none: no category is called so."""
GRAIN = 100_000
"""Places are told in parts of a degree: a metre."""

Box: TypeAlias = tuple[float, float, float, float]
"""South, west, north, east."""
_json = msgspec.json.Encoder().encode


class Point(Struct, frozen=True, array_like=True):
    """What a map shows of an open merchant: another price, phone or photo does not touch it."""

    id: str
    name: Text
    town: str
    lat: int
    lon: int
    """Both in parts of a degree."""
    categories: tuple[str, ...]
    """All that it is under, as written: its own first, then those of its products."""
    roots: tuple[str, ...]
    """The files that it stands in: of all, then of root categories."""
    labels: tuple[str, ...]
    hours: str
    exempt: bool
    zone: str


class File(Struct, frozen=True, array_like=True):
    """A file of points, as the manifest names it."""

    path: str
    points: int
    box: Box


class Held(Struct, frozen=True, array_like=True):
    """What the manifest says of a region: each merchant is counted once."""

    points: int
    box: Box
    counts: dict[str, int]
    """By category, with those above it."""
    files: dict[str, tuple[File, ...]]
    """By root category, and of all."""


def point_of(merchant: Merchant, catalogue: Catalogue) -> Point | None:
    """Return an open merchant's point, or None where nobody says where it is."""
    if merchant.location is None or merchant.status != "open":
        return None
    written = (*merchant.categories, *(p.category for p in merchant.products if p.category))
    known = tuple(dict.fromkeys(c for c in written if c in catalogue.categories))
    roots = {catalogue.categories[c].way[0] for c in known}
    return Point(
        merchant.id,
        merchant.name,
        merchant.municipality or "",
        round(merchant.location.lat * GRAIN),
        round(merchant.location.lon * GRAIN),
        known,
        (EVERY, *sorted(roots)),
        tuple(sorted(labels_of(merchant))),
        merchant.hours or "",
        merchant.hours_exempt,
        zone_of(merchant) if merchant.hours else "",
    )


def box_of(points: Iterable[Point]) -> Box:
    """Return the box that holds some points, of which there is one at least."""
    lats, lons = zip(*((p.lat, p.lon) for p in points), strict=True)
    return (
        min(lats) / GRAIN, min(lons) / GRAIN, max(lats) / GRAIN, max(lons) / GRAIN,
    )  # fmt: skip


def counted(points: Sequence[Point], catalogue: Catalogue) -> dict[str, int]:
    """Return how many points stand under each category, those of its branches included."""
    found: Counter[str] = Counter()
    for point in points:
        own = (c for c in point.categories if c in catalogue.categories)
        found.update({c for category in own for c in catalogue.categories[category].way})
    return dict(sorted(found.items()))


def square(lat: float, lon: float, depth: int) -> str:
    """Return the key of the square of the web's maps that holds a place, four to each above it.

    >>> square(45.5, -73.57, 6)
    '030301'
    """
    across = (lon + 180) / 360
    down = (1 - asinh(tan(radians(max(-85.0, min(85.0, lat))))) / pi) / 2
    x, y = int(across * (1 << depth)), int(down * (1 << depth))
    return "".join(str((x >> i & 1) | (y >> i & 1) << 1) for i in reversed(range(depth)))


def cut(points: Sequence[Point], most: int = MOST) -> Iterator[tuple[str, list[Point]]]:
    """Yield some points by squares, each as big as it may be with so many points at most."""
    if len(points) <= most:
        yield "", list(points)
        return
    keyed = sorted((square(p.lat / GRAIN, p.lon / GRAIN, DEEPEST), p.id, p) for p in points)
    yield from _cut([(key, p) for key, _, p in keyed], 0, most)


def _cut(
    keyed: Sequence[tuple[str, Point]], depth: int, most: int
) -> Iterator[tuple[str, list[Point]]]:
    if len(keyed) <= most or depth == DEEPEST:
        yield keyed[0][0][:depth], [p for _, p in keyed]
        return
    for digit in "0123":
        if inner := [one for one in keyed if one[0][depth] == digit]:
            yield from _cut(inner, depth + 1, most)


def body_of(points: Iterable[Point], year: Almanac) -> bytes:
    """Return a file of points: columns, since alike things pack well together."""
    here = sorted(points, key=lambda p: p.id)
    towns, categories = _Column(), _Column()
    hours, labels = _Column(), _Column()
    rows: dict[str, list[Any]] = {
        "ids": [p.id for p in here],
        "names": [_name(p.name) for p in here],
        "lat": _steps([p.lat for p in here]),
        "lon": _steps([p.lon for p in here]),
        "town": [towns.of(p.town) for p in here],
        "of": [categories.all_of(p.categories) for p in here],
        "open": [hours.of(_code(p, year)) for p in here],
        "label": [labels.all_of(p.labels) for p in here],
    }
    tables = {
        "towns": towns.said, "categories": categories.said,
        "hours": hours.said, "labels": labels.said,
    }  # fmt: skip
    return _json(rows | tables)


def path_of(region: str, root: str, key: str, body: bytes) -> str:
    """Return where a file of points stands: its name tells its bytes."""
    cell = f"-{key}" if key else ""
    return f"/points/of/{region}-{root}{cell}.{digest(body).hex()[:10]}.json"


class _Column:
    """The words of a column, each once, in the order in which they came up."""

    def __init__(self) -> None:
        self.at: dict[str, int] = {}

    @property
    def said(self) -> list[str]:
        return list(self.at)

    def of(self, word: str) -> int:
        """Return where a word stands; nothing stands nowhere."""
        return self.at.setdefault(word, len(self.at)) if word else -1

    def all_of(self, words: Sequence[str]) -> int | list[int]:
        """Return where some words stand; alone, a word needs no list."""
        found = [self.of(word) for word in words]
        return found[0] if len(found) == 1 else found if found else -1


def _name(name: Text) -> str | list[str]:
    if isinstance(name, Both):
        return [name.fr, name.en] if name.en else name.fr
    return name


def _steps(values: Sequence[int]) -> list[int]:
    return [values[0], *(b - a for a, b in pairwise(values))]


def _code(point: Point, year: Almanac) -> str:
    """Return a shop's hours as the script reads them, with its zone if it has its own."""
    shop = openings(point.hours, point.exempt, year) if point.hours else None
    if shop is None:
        return ""
    return f"{coded(shop)}@{point.zone}" if point.zone else coded(shop)
