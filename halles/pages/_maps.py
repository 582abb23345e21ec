"""Maps as pages show them: which picture, which part of it, and what the live map starts from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import sqrt
from typing import Any
from urllib.parse import urlsplit

from halles.facts import CategoryFact, Facts, MapsFact, RegionFact, SpotFact, Tally
from halles.maps.frames import PROVINCE, WIDTH, Frame, apart
from halles.model import Position
from halles.pages import Seen
from halles.pages.chart import FOLDER, ground_of, points_of

NEAR = 2600
"""How much of a region is shown around one shop."""
SHOP = 1500
"""How high that is."""
SMALLEST, BIGGEST = 165, 330
"""Of the discs that stand for the merchants of a region."""
BIGGEST_TEXT = 200
"""In them."""


def needs(facts: Facts, *frames: str) -> Iterator[str]:
    """Yield the facts that a map is shown from, where there are maps."""
    if "maps" in facts and any(f"frame:{frame}" in facts for frame in frames):
        yield "maps"
        yield from (f"frame:{frame}" for frame in frames)


def tally_needs(facts: Facts, tally: str) -> Iterator[str]:
    """Yield what the map of all regions is shown from: where each lies that is counted."""
    if f"tally:{tally}" in facts and (found := [*needs(facts, PROVINCE)]):
        counts = facts[f"tally:{tally}"].counts
        yield from found
        yield from (f"spot:{name}" for family, name, _ in counts if family == "region")


def of_region(region: RegionFact, category: CategoryFact | None, seen: Seen) -> Any:
    """Return the map of a region, of all in it or of one category."""
    frame: Frame | None = seen.get(f"frame:{region.id}")
    if frame is None:
        return None
    part = f"c-{category.id}" if category else "all"
    exports = () if category else (f"{FOLDER}{region.id}.geojson", f"{FOLDER}{region.id}.kml")
    return _view("region", frame, seen) | {
        "region": region.id,
        "category": category.id if category else "",
        "ground": ground_of(region.id),
        "points": f"{points_of(region.id)}#{part}",
        "exports": exports,
    }


def of_all(
    tally: Tally | None, category: CategoryFact | None, seen: Seen, paths: Mapping[str, str]
) -> Any:
    """Return the map of all regions, each with a disc as big as it has merchants."""
    frame: Frame | None = seen.get(f"frame:{PROVINCE}")
    if frame is None or tally is None:
        return None
    counts = {name: n for family, name, n in tally.counts if family == "region" and n}
    return _view("province", frame, seen) | {
        "category": category.id if category else "",
        "ground": ground_of(PROVINCE),
        "discs": [*_discs(counts, frame, seen, paths)],
    }


def _discs(
    counts: Mapping[str, int], frame: Frame, seen: Seen, paths: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    known = [(r, n) for r, n in counts.items() if f"region:{r}" in seen and f"spot:{r}" in seen]
    biggest = max((n for _, n in known), default=1)
    circles = []
    for region, n in known:
        spot: SpotFact = seen[f"spot:{region}"]
        radius = SMALLEST + (BIGGEST - SMALLEST) * sqrt(n / biggest)
        x, y = frame.place(spot.lat, spot.lon)
        circles.append((float(x), float(y), radius))
    placed = apart(circles, (WIDTH, frame.height))
    for (region, n), (across, down, radius) in zip(known, placed, strict=True):
        link = seen[f"region:{region}"]
        to = paths.get(region, link.path)
        # As large as its number fits the disc.
        size = min(BIGGEST_TEXT, 3 * radius / len(f"{n:,}"))
        where = {"x": round(across), "y": round(down), "r": round(radius), "size": round(size)}
        yield {"link": link, "path": to, "count": n, **where}


def of_merchant(key: str, place: Position | None, region: str, seen: Seen) -> Any:
    """Return the map on which a shop stands in its region."""
    frame: Frame | None = seen.get(f"frame:{region}")
    if frame is None or place is None:
        return None
    x, y = frame.place(place.lat, place.lon)
    left = min(max(x - NEAR // 2, 0), WIDTH - NEAR)
    top = min(max(y - SHOP // 2, 0), frame.height - SHOP)
    return _view("merchant", frame, seen) | {
        "view": (left, top, NEAR, SHOP),
        "region": region,
        "ground": ground_of(region),
        "pins": [_pin(key, place.lat, place.lon, x, y)],
    }


def of_shops(shops: Iterable[tuple[str, str, float | None, float | None]], seen: Seen) -> Any:
    """Return the map of who sells a product, where several of them have a place.

    Of each its id, its region and where it is.
    """
    there = [(i, r, lat, lon) for i, r, lat, lon in shops if lat is not None and lon is not None]
    regions = {region for _, region, _, _ in there}
    shown = next(iter(regions)) if len(regions) == 1 else PROVINCE
    frame: Frame | None = seen.get(f"frame:{shown}")
    if frame is None or len(there) < 2:
        return None
    pins = [_pin(i, lat, lon, *frame.place(lat, lon)) for i, _, lat, lon in there]
    return _view("product", frame, seen) | {
        "view": _around(pins, frame),
        "region": shown if shown != PROVINCE else "",
        "regions": sorted(regions),
        "ground": ground_of(shown),
        "pins": pins,
    }


def _around(pins: Sequence[Mapping[str, Any]], frame: Frame) -> tuple[int, int, int, int]:
    """Return the part of a picture that shows all pins, and some room around them."""
    xs, ys = [p["x"] for p in pins], [p["y"] for p in pins]
    wide = max(max(xs) - min(xs) + 900, (max(ys) - min(ys) + 900) * 8 // 5, NEAR)
    wide = min(wide, WIDTH, frame.height * 8 // 5)
    high = wide * 5 // 8
    left = min(max((min(xs) + max(xs) - wide) // 2, 0), WIDTH - wide)
    top = min(max((min(ys) + max(ys) - high) // 2, 0), frame.height - high)
    return left, top, wide, high


def _pin(key: str, lat: float, lon: float, x: int, y: int) -> dict[str, Any]:
    return {"id": key, "lat": f"{lat:g}", "lon": f"{lon:g}", "x": x, "y": y}


def _view(kind: str, frame: Frame, seen: Seen) -> dict[str, Any]:
    """Return what every map has."""
    maps: MapsFact = seen["maps"]
    return {
        "kind": kind,
        "view": (0, 0, WIDTH, frame.height),
        "frame": (frame.south, frame.west, frame.north, frame.east, frame.height),
        "region": "",
        "category": "",
        "points": "",
        "regions": (),
        "pins": [],
        "discs": [],
        "exports": (),
        "live": maps.live,
        "when": maps.when,
        "host": urlsplit(maps.tiles.replace("{s}.", "")).netloc if maps.tiles else "",
        "outside": maps.pmtiles,
    }
