"""What part of the earth a picture shows, and where a place stands on it.

Pictures are drawn as the web's maps are, so that one can lie under a live map as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import asinh, atan, degrees, inf, radians, sinh, tan

from msgspec import Struct

from halles.model import Region

WIDTH = 6400
"""Across a picture, whatever its size on the page: a tenth of a pixel of 640."""
LOW, HIGH = 3400, 5000
"""How high a picture is: what it shows is widened where it would be lower or higher."""
PADDING = 0.05
AROUND = 0.4
"""How much of what lies around a frame is drawn, for whoever moves a live map: a share of it."""
PROVINCE = "_"
"""Stands for all regions together: none is called so."""


class Frame(Struct, frozen=True, array_like=True, cache_hash=True):
    """A rectangle of the earth, in degrees, and how high it is drawn."""

    south: float
    west: float
    north: float
    east: float
    height: int

    def place(self, lat: float, lon: float) -> tuple[int, int]:
        """Return where a place is drawn, the nearest edge if it is outside."""
        x = (lon - self.west) / (self.east - self.west) * WIDTH
        top = north_of(self.north)
        y = (top - north_of(lat)) / (top - north_of(self.south)) * self.height
        return round(min(max(x, 0), WIDTH)), round(min(max(y, 0), self.height))

    def around(self) -> tuple[float, float, float, float]:
        """Return south, west, north and east of what is drawn."""
        x, y = AROUND * (self.east - self.west), AROUND * (self.north - self.south)
        return self.south - y, self.west - x, self.north + y, self.east + x

    def drawn(self) -> tuple[int, int, int, int]:
        """Return the same in units of the picture: left, top, width and height."""
        south, _, north, _ = self.around()
        unit = self.height / (north_of(self.north) - north_of(self.south))
        top = (north_of(self.north) - north_of(north)) * unit
        tall = (north_of(north) - north_of(south)) * unit
        return round(-AROUND * WIDTH), round(top), round((1 + 2 * AROUND) * WIDTH), round(tall)


def north_of(lat: float) -> float:
    """Return how far north of the equator a latitude is drawn, in degrees of longitude."""
    return degrees(asinh(tan(radians(lat))))


def _south(north: float) -> float:
    return degrees(atan(sinh(radians(north))))


def framed(south: float, west: float, north: float, east: float) -> Frame:
    """Return the frame that shows all of a rectangle, with some room around it.

    >>> framed(45.24, -74.10, 45.80, -73.27).height
    5000
    """
    low, high = north_of(max(-85.0, south)), north_of(min(85.0, north))
    wide, tall = max(east - west, 0.02), max(high - low, 0.02)
    room = PADDING * max(wide, tall)
    wide, tall = wide + 2 * room, tall + 2 * room
    ratio = min(max(tall / wide, LOW / WIDTH), HIGH / WIDTH)
    if tall / wide > ratio:
        wide = tall / ratio
    else:
        tall = wide * ratio
    x, y = (west + east) / 2, (low + high) / 2
    south, north = (round(_south(y + half), 5) for half in (-tall / 2, tall / 2))
    west, east = round(x - wide / 2, 5), round(x + wide / 2, 5)
    return Frame(south, west, north, east, round(WIDTH * ratio))


def frame_of(region: Region) -> Frame:
    """Return what a region's picture shows: what its bounds say."""
    (south, west), (north, east) = region.bounds
    return framed(min(south, north), min(west, east), max(south, north), max(west, east))


def frame_of_all(regions: Iterable[Region]) -> Frame | None:
    """Return what the picture of all regions shows: their centres, and land around them.

    The far north is wide and nearly empty: to show all of it would leave no room for the others.
    """
    centres = [r.centre for r in regions]
    if not centres:
        return None
    lats, lons = [c.lat for c in centres], [c.lon for c in centres]
    room = 0.8 + 0.06 * max(max(lats) - min(lats), max(lons) - min(lons))
    return framed(min(lats) - room, min(lons) - room, max(lats) + room, max(lons) + room)


def frames_of(regions: Mapping[str, Region]) -> dict[str, Frame]:
    """Return what each region's picture shows, and that of all."""
    found = {name: frame_of(region) for name, region in regions.items()}
    every = frame_of_all(regions.values())
    return found | ({PROVINCE: every} if every else {})


def apart(
    circles: Sequence[tuple[float, float, float]],
    room: tuple[float, float] = (inf, inf),
    rounds: int = 120,
) -> list[tuple[float, float, float]]:
    """Return (x, y, radius) of circles, moved as little as it takes so that none hides another.

    They stay within ``room``, width and height.
    """
    found = [[_within(x, r, room[0]), _within(y, r, room[1]), r] for x, y, r in circles]
    for _ in range(rounds):
        still = True
        for i, one in enumerate(found):
            for other in found[:i]:
                dx, dy = one[0] - other[0], one[1] - other[1]
                far = (dx * dx + dy * dy) ** 0.5
                lack = one[2] + other[2] + 20 - far
                if lack <= 1:
                    continue
                still = False
                # Two that stand in one spot part along the parallel.
                ux, uy = (dx / far, dy / far) if far else (1.0, 0.0)
                for circle, way in ((one, 0.5), (other, -0.5)):
                    circle[0] = _within(circle[0] + ux * lack * way, circle[2], room[0])
                    circle[1] = _within(circle[1] + uy * lack * way, circle[2], room[1])
        if still:
            break
    return [(x, y, r) for x, y, r in found]


def _within(at: float, radius: float, most: float) -> float:
    """Return a circle's place between two edges, or near it where they are too close."""
    return at if most == inf else min(max(at, radius + 30), most - radius - 30)


__all__ = [
    "PROVINCE",
    "WIDTH",
    "Frame",
    "apart",
    "frame_of",
    "frame_of_all",
    "framed",
    "frames_of",
    "north_of",
]
