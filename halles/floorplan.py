"""A picture of the market's regions: each a stall of a plan, about where it lies in the land."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil, cos, radians, sqrt
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = tuple[int, int]
"""A column and a row, from the west and from the north."""

MOST = 60
"""Regions beyond which a plan of equal stalls says nothing any more."""


class Spot(NamedTuple):
    """Where a region lies, in degrees."""

    id: str
    lat: float
    lon: float


@lru_cache(maxsize=4)
def floor_plan(spots: tuple[Spot, ...]) -> dict[str, Cell]:
    """Return the cell of each region, no two in one, each as near as can be to where it lies.

    Places are levelled first, half as they are and half by rank, so that neighbours in a crowded
    valley get as much room as those of the north. Then stalls are moved and exchanged as long as
    that brings them nearer. The same regions give the same plan, in whichever order they come.

    >>> floor_plan((Spot("sud", 45, -73), Spot("nord", 54, -73)))
    {'nord': (0, 0), 'sud': (0, 1)}
    """
    spots = tuple(sorted(spots, key=lambda spot: (-spot.lat, spot.lon, spot.id)))
    if not spots or len(spots) > MOST:
        return {}
    middle = cos(radians(sum(spot.lat for spot in spots) / len(spots)))
    width = (max(s.lon for s in spots) - min(s.lon for s in spots)) * middle
    height = max(s.lat for s in spots) - min(s.lat for s in spots)
    slant = min(max(sqrt(width / height) if height else 9.0, 1 / 3), 1.15)
    rows = max(1, round(sqrt(1.5 * len(spots)) / slant))
    columns = ceil(1.5 * len(spots) / rows) if width else 1
    rows = rows if columns > 1 else len(spots)
    across = _levelled([spot.lon for spot in spots], columns - 1)
    down = _levelled([-spot.lat for spot in spots], rows - 1)
    wanted = list(zip(across, down, strict=True))
    cells = [(x, y) for y in range(rows) for x in range(columns)]
    return _trimmed({s.id: c for s, c in zip(spots, _placed(wanted, cells), strict=True)})


def _levelled(values: Sequence[float], span: int) -> list[float]:
    """Return values on a scale from 0 to a span, half of it their rank's."""
    low, high, ranks = min(values), max(values), sorted(set(values))
    if low == high:
        return [span / 2] * len(values)
    return [
        span * ((v - low) / (high - low) + ranks.index(v) / (len(ranks) - 1)) / 2 for v in values
    ]


def _placed(wanted: Sequence[tuple[float, float]], cells: Sequence[Cell]) -> list[Cell]:
    """Return a cell for each: first come first served, then exchanged as long as it helps."""

    def far(i: int, cell: Cell) -> float:
        return (wanted[i][0] - cell[0]) ** 2 + (wanted[i][1] - cell[1]) ** 2

    free = list(cells)
    taken: list[Cell] = []
    for i in range(len(wanted)):
        taken.append(min(free, key=lambda cell, i=i: (far(i, cell), cell)))  # type: ignore[misc]
        free.remove(taken[-1])
    better = True
    while better:
        better = False
        for i in range(len(taken)):
            for j in range(i):
                now = far(i, taken[i]) + far(j, taken[j])
                if far(i, taken[j]) + far(j, taken[i]) < now - 1e-9:
                    taken[i], taken[j] = taken[j], taken[i]
                    better = True
            for n, cell in enumerate(free):
                if far(i, cell) < far(i, taken[i]) - 1e-9:
                    free[n], taken[i] = taken[i], cell
                    better = True
    return taken


def _trimmed(plan: dict[str, Cell]) -> dict[str, Cell]:
    """Return the plan without the columns and rows in which nobody stands."""
    columns = sorted({x for x, _ in plan.values()})
    rows = sorted({y for _, y in plan.values()})
    return {name: (columns.index(x), rows.index(y)) for name, (x, y) in plan.items()}
