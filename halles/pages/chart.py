"""The files of a region's map: what lies there, where merchants are, and both for other maps."""

from collections.abc import Iterator
from functools import partial

from halles.facts import Facts
from halles.maps.drawing import ground_picture, points_picture
from halles.maps.exports import geojson, kml
from halles.maps.frames import PROVINCE
from halles.pages import Ground, Page, PageKind, Seen

FOLDER = "/carte/"
"""Whatever the language: a picture says nothing but a name."""


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out a region's pictures and exports, or the picture of all regions."""
    under = f"ground:{key}"
    if lang != ground.ways.languages[0] or under not in facts:
        return
    named = "site" if key == PROVINCE else f"region:{key}"
    yield Page(ground_of(key), "", lang, (under, named), partial(_ground, under, named))
    if key == PROVINCE:
        return
    needs = (f"frame:{key}", f"points:{key}", named)
    tree = (*needs, "tree")
    yield Page(points_of(key), "", lang, tree, partial(_points, key))
    for ending in ("geojson", "kml"):
        view = partial(_export, key, ending, ground)
        yield Page(f"{FOLDER}{key}.{ending}", "", lang, ("site", *needs[1:]), view)


def ground_of(region: str) -> str:
    """Return where the picture of what lies there stands."""
    return f"{FOLDER}{region}.svg"


def points_of(region: str) -> str:
    """Return where the picture of its points stands."""
    return f"{FOLDER}{region}_points.svg"


def _ground(under: str, named: str, seen: Seen) -> bytes:
    name = seen[named]
    return ground_picture(seen[under], name.title if named == "site" else name.text)


def _points(key: str, seen: Seen) -> bytes:
    title = seen[f"region:{key}"].text
    tree = dict(seen["tree"])
    return points_picture(
        seen[f"frame:{key}"], seen[f"points:{key}"], tree, title, ground_of(key)
    )  # fmt: skip


def _export(key: str, ending: str, ground: Ground, seen: Seen) -> bytes:
    points, ways = seen[f"points:{key}"], ground.ways
    start = ways.url(ways.to(ways.languages[0], "merchants"))
    if ending == "geojson":
        return geojson(points, start)
    return kml(points, start, seen[f"region:{key}"].text)


PAGE = PageKind(name="chart", templates=(), lay=lay)
