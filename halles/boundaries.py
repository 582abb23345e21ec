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
from halles.notices import Rule, Words
from halles.text import fold

BAD_BOUNDARIES = Rule(
    code="bad-boundaries",
    severity="warning",
    says=Words(
        "ce fichier ne dessine aucune région : {why}.",
        "this file draws none of the regions: {why}.",
    ),
    hint=Words(
        "Mettez-y une FeatureCollection en GeoJSON dont chaque polygone nomme sa région, ou "
        "enlevez le fichier : « bounds » de chaque région sert à sa place.",
        "Put a GeoJSON FeatureCollection there in which each polygon names its region, or take "
        "the file away: the “bounds” of each region serve instead.",
    ),
    about=Words(
        "Le fichier data/boundaries.geojson est là, mais ne peut pas être lu, ou ne nomme aucune "
        "région.",
        "The file data/boundaries.geojson is there, but cannot be read, or names none of the "
        "regions.",
    ),
)
REFUSED = Words("le système refuse de le lire", "the system refuses to read it")
NOT_JSON = Words("ce n'est pas du JSON", "it is not JSON")
TOO_DEEP = Words("ses données s'emboîtent trop", "its data are too deeply nested")
NO_FEATURES = Words(
    "ce n'est pas une FeatureCollection, ou elle est vide",
    "it is not a FeatureCollection, or an empty one",
)
NOT_FEATURES = Words(
    "ses « features » ne sont pas celles de GeoJSON", "its “features” are not those of GeoJSON"
)
NO_REGION = Words("aucune région n'y est nommée", "no region is named in it")


class Undrawn(Exception):
    """A file gives no outlines; says why, as the end of a sentence."""

    def __init__(self, why: Words) -> None:
        super().__init__(why.en)
        self.why = why


class Boundaries:
    """The polygons of each region that has any."""

    def __init__(self, outlines: Mapping[str, Sequence[Any]]) -> None:
        self._outlines = outlines

    def of(self, region: str) -> Sequence[Any]:
        """Return the outlines of a region; none where the file draws none."""
        return self._outlines.get(region, ())

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
    from shapely import prepare

    try:
        outlines = _drawn(Path(path).read_bytes(), regions)
    except (OSError, Undrawn):
        return Boundaries({})
    for outline in (one for several in outlines.values() for one in several):
        prepare(outline)
    return Boundaries(outlines)


def why_unusable(body: bytes, regions: Iterable[Region]) -> Words | None:
    """Return why a file draws none of these regions, or None if it draws one."""
    try:
        _drawn(body, [(r.id, r.code, r.name) for r in regions])
    except Undrawn as fault:
        return fault.why
    return None


def _drawn(body: bytes, regions: Sequence[tuple[str, str, Text]]) -> dict[str, list[Any]]:
    """Return the outlines of the regions that are named; all of them can be used, or none is.

    Raises:
        Undrawn: there are none.
    """
    try:
        features = _features(body)
        owners = _matched(features, regions)
        outlines: dict[str, list[Any]] = {}
        for index, region in owners.items():
            outlines.setdefault(region, []).append(_outline(features[index], region))
    except RecursionError:
        raise Undrawn(TOO_DEEP) from None
    for region, several in outlines.items():
        if not any(outline.area > 0 for outline in several):
            raise Undrawn(_bad_polygon(region))
    return outlines


def _features(body: bytes) -> list[Any]:
    try:
        found = json.loads(body)
    except ValueError:
        raise Undrawn(NOT_JSON) from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or not features:
        raise Undrawn(NO_FEATURES)
    return features


def _matched(features: list[Any], regions: Sequence[tuple[str, str, Text]]) -> dict[int, str]:
    try:
        owners = _match(features, regions)
    except (AttributeError, TypeError, ValueError):
        raise Undrawn(NOT_FEATURES) from None
    if not owners:
        raise Undrawn(NO_REGION)
    return owners


def _outline(feature: Any, region: str) -> Any:
    from shapely import make_valid
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    try:
        return make_valid(shape(feature["geometry"]))
    except (ArithmeticError, AttributeError, LookupError, ShapelyError, TypeError, ValueError):
        raise Undrawn(_bad_polygon(region)) from None


def _bad_polygon(region: str) -> Words:
    return Words(
        f"le polygone de la région « {region} » est illisible",
        f"the polygon of the region “{region}” cannot be read",
    )


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
