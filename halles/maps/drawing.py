"""Pictures of maps: what lies there, and where merchants are, by category.

Pages take the parts they need with ``use``, and give them the theme's colours, so that a dark page
has a dark map. The colours written here are those of a picture that is opened by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from halles.maps.frames import WIDTH, Frame
from halles.maps.ground import Ground
from halles.points import GRAIN, Point

SEA, LAND, OWN = "var(--sea,#c4d8d4)", "var(--land,#e9e4d3)", "var(--here,#fbfaf5)"
EDGE, DOT = "var(--edge,#b8b199)", "var(--dot,#a3331e)"
CELL = 40
"""Points closer than this are one dot: half its width."""
_ALONE = "_"
"""Stands for the category of those who have none: no category is called so."""
_DOTS = f'fill="none" stroke="{DOT}" stroke-width="{2 * CELL}" stroke-linecap="round"'


def ground_picture(ground: Ground, title: str) -> bytes:
    """Return the picture of what lies there; ``all`` is all of it."""
    still = 'vector-effect="non-scaling-stroke"'
    parts = (
        (f'fill="{LAND}"', ground.land),
        (f'fill="{OWN}"', ground.own),
        (f'fill="{SEA}"', ground.lakes),
        (f'fill="none" stroke="{SEA}" stroke-width="1.5" {still}', ground.rivers),
        (f'fill="none" stroke="{EDGE}" {still}', ground.edges),
    )
    drawn = "".join(f'<path {how} d="{path}"/>' for how, path in parts if path)
    left, top, wide, tall = ground.frame.drawn()
    # No further: on a live map a region's picture lies on that of all of them.
    sea = f'<path fill="{SEA}" d="M{left} {top}h{wide}v{tall}h{-wide}z"/>'
    far = f'<path fill="{LAND}" d="{ground.far}"/>' if ground.far else ""
    return (
        f'{_start(ground.frame, title)}<g id="all" stroke-linejoin="round">'
        f"{far}{sea}{drawn}</g></svg>\n"
    ).encode()


def points_picture(
    frame: Frame, points: Sequence[Point], tree: Mapping[str, str], title: str, ground: str
) -> bytes:
    """Return the picture of where merchants are: a group for each category, in those above it.

    ``tree`` gives each category, parents first, its parent or nothing.
    """
    own: dict[str, set[tuple[int, int]]] = {}
    for point in points:
        x, y = frame.place(point.lat / GRAIN, point.lon / GRAIN)
        spot = (round(x / CELL) * CELL, round(y / CELL) * CELL)
        for category in point.categories or (_ALONE,):
            own.setdefault(category, set()).add(spot)
    below: dict[str, list[str]] = {}
    for category, parent in tree.items():
        below.setdefault(parent, []).append(category)

    def group(category: str) -> str:
        inside = "".join(map(group, below.get(category, ())))
        path = f'<path {_DOTS} d="{_dots(own[category])}"/>' if category in own else ""
        return f'<g id="c-{category}">{path}{inside}</g>' if path or inside else ""

    roots = [*below.get("", ()), _ALONE]
    every: set[tuple[int, int]] = set().union(*own.values()) if own else set()
    return (
        f'{_start(frame, title)}<image href="{ground}" width="{WIDTH}" height="{frame.height}"/>'
        f'<path id="all" {_DOTS} d="{_dots(every)}"/>'
        f'<g display="none">{"".join(map(group, roots))}</g></svg>\n'
    ).encode()


def _start(frame: Frame, title: str) -> str:
    edges = (frame.south, frame.west, frame.north, frame.east, frame.height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {frame.height}" fill="none" '
        f'data-frame="{" ".join(map(str, edges))}"><title>{escape(title)}</title>'
    )


def _dots(spots: Iterable[tuple[int, int]]) -> str:
    """Return spots as a path of lines without length, whose round ends are what is seen."""
    steps = []
    x0 = y0 = 0
    for y, x in sorted((y, x) for x, y in spots):
        steps.append(f"m{x - x0} {y - y0}h0".replace(" -", "-"))
        x0, y0 = x, y
    return "".join(steps)
