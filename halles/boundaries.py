"""Outlines of the regions, where data/boundaries.geojson gives them.

Such files come from elsewhere and name their polygons as they like; which polygon draws which
region is decided here, once for all who ask.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from halles.model import Both, Position, Region, Text
from halles.text import fold


class Boundaries:
    """The polygons of each region that has any."""

    def __init__(self, outlines: Mapping[str, Sequence[Any]]) -> None:
        self._outlines = outlines

    def contains(self, region: str, point: Position) -> bool | None:
        """Tell whether a point is in a region; None where the region has no outline."""
        from shapely import Point

        if region not in self._outlines:
            return None
        return any(o.covers(Point(point.lon, point.lat)) for o in self._outlines[region])


def boundaries(path: str, stamp: str, regions: Iterable[Region]) -> Boundaries:
    """Return the outlines that a GeoJSON file gives of regions; one that cannot be read has none.

    ``stamp`` stands for the file's content: another content is another answer.
    """
    return _boundaries(path, stamp, tuple((r.id, r.code, r.name) for r in regions))


@lru_cache(maxsize=1)
def _boundaries(path: str, stamp: str, regions: tuple[tuple[str, str, Text], ...]) -> Boundaries:
    del stamp
    from shapely import make_valid, prepare
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    outlines: dict[str, list[Any]] = {}
    try:
        features = json.loads(Path(path).read_bytes())["features"]
        for index, region in _match(features, regions).items():
            outline = make_valid(shape(features[index]["geometry"]))
            prepare(outline)
            outlines.setdefault(region, []).append(outline)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ShapelyError):
        return Boundaries({})
    return Boundaries(outlines)


def match_polygons(features: Sequence[Any], regions: Iterable[Region]) -> dict[int, str]:
    """Return which region each polygon draws, by the columns of properties that tell it best.

    Ids and names come first. Codes are small numbers, and so is every other column of such files:
    a column of codes is believed where it agrees with the names, or, without any name, where it
    tells more regions than every other column.
    """
    return _match(features, [(r.id, r.code, r.name) for r in regions])


def _match(features: Sequence[Any], regions: Sequence[tuple[str, str, Text]]) -> dict[int, str]:
    names = {fold(label): own for own, _, name in regions for label in _labels(own, name)}
    codes = {code.lstrip("0"): own for own, code, _ in regions}
    owners: dict[int, str] = {}
    for column in _columns(features, lambda value: names.get(fold(mended(value)))):
        _add(owners, column)
    by_code = _columns(features, lambda value: codes.get(value.strip().lstrip("0")))
    if not owners:
        best, next_best = [*by_code, {}, {}][:2]
        return best if len(best) > len(next_best) else {}
    for column in by_code:
        if owners.items() & column.items():
            _add(owners, column)
    return owners


def _labels(region: str, name: Text) -> list[str]:
    if isinstance(name, Both):
        return [region, name.fr, name.en or region]
    return [region, name]


def _add(owners: dict[int, str], column: Mapping[int, str]) -> None:
    """Add the regions that still lack a polygon, if the column contradicts nothing known."""
    if all(owners.get(index, name) == name for index, name in column.items()):
        lacking = set(column.values()) - set(owners.values())
        owners |= {index: name for index, name in column.items() if name in lacking}


def _columns(features: Sequence[Any], name: Callable[[str], str | None]) -> list[dict[int, str]]:
    """Return, fullest first, what each property says of the features: whose region it is."""
    found: dict[str, dict[int, str]] = {}
    for index, feature in enumerate(features):
        for key, value in (feature.get("properties") or {}).items():
            owner = name(str(value))
            if owner:
                found.setdefault(key, {})[index] = owner
    return [column for _, column in sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))]


def mended(text: str) -> str:
    """Return text that was read in the wrong encoding as it was meant.

    >>> mended("MontrÃ©al"), mended("Montréal")
    ('Montréal', 'Montréal')
    """
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
