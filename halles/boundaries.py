"""Outlines of the regions, where data/boundaries.geojson gives them."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from halles.catalogue import plain
from halles.model import Position, Region
from halles.text import fold


class Boundaries:
    """Polygons by the names their features carry: a region's id, its code or its name."""

    def __init__(self, outlines: Mapping[str, Any]) -> None:
        self._outlines = outlines

    def contains(self, region: Region, point: Position) -> bool | None:
        """Tell whether a point is in a region; None where the region has no outline."""
        from shapely import Point

        names = (region.id, region.code, fold(plain(region.name)))
        outline = next((self._outlines[n] for n in names if n in self._outlines), None)
        return None if outline is None else bool(outline.covers(Point(point.lon, point.lat)))


@lru_cache(maxsize=1)
def boundaries(path: str, stamp: str) -> Boundaries:
    """Return the outlines of a GeoJSON file; one that cannot be read has none.

    ``stamp`` stands for the file's content: another content is another answer.
    """
    del stamp
    from shapely import prepare
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    outlines: dict[str, Any] = {}
    try:
        features = json.loads(Path(path).read_bytes())["features"]
        for feature in features:
            outline = shape(feature["geometry"])
            prepare(outline)
            for value in feature.get("properties", {}).values():
                outlines.setdefault(str(value), outline)
                outlines.setdefault(fold(str(value)), outline)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ShapelyError):
        return Boundaries({})
    return Boundaries(outlines)
