"""Polygons and the regions they draw."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from halles.boundaries import Boundaries, boundaries, match_polygons, mended
from halles.checks import Bearings
from halles.checks.places import CHECK
from halles.model import Both, Merchant, Position, Region
from halles.read.smalls import gather, small_files

REAL = Path(__file__).parents[2] / "shared" / "data" / "regions17.geojson"
CONTENT = Path(__file__).parents[1]


def square(west: float, **properties: object) -> dict[str, Any]:
    """Return a feature: one degree wide from ``west``, between 46 and 47 north."""
    ring = [[west, 46], [west + 1, 46], [west + 1, 47], [west, 47], [west, 46]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def region(own: str, code: str, name: str | Both) -> Region:
    """Return a region whose bounds are the whole of Québec."""
    centre = Position(lat=46.5, lon=-72.5)
    return Region(
        id=own, code=code, name=name, centre=centre, bounds=((44.0, -80.0), (63.0, -57.0))
    )


OUEST = region("ouest", "01", "Ouest")
EST = region("est", "02", Both(fr="Est-du-Québec", en="Eastern Québec"))
SUD = region("sud", "03", "Sud")


def outlines(folder: Path, features: list[dict[str, Any]], *regions: Region) -> Boundaries:
    """Return the outlines of a file with these features."""
    path = folder / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    stamp = hashlib.sha256(path.read_bytes()).hexdigest()
    return boundaries(str(path), stamp, regions)


def test_names_before_numbers() -> None:
    """A row number that looks like another region's code is not taken for it."""
    features = [
        square(-73, row=2, code=1, name="OUEST"),
        square(-72, row=1, code=2, name="Est du Quebec"),
    ]

    assert {0: "ouest", 1: "est"} == match_polygons(features, [OUEST, EST])


def test_a_column_of_codes_fills_in() -> None:
    """A code draws the region that no name matches, if its column agrees with the names."""
    features = [
        square(-73, row=3, code="01", name="Ouest"),
        square(-72, row=1, code="02", name="Eastern Québec"),
        square(-71, row=2, code="03", name="Le bas"),
    ]

    assert {0: "ouest", 1: "est", 2: "sud"} == match_polygons(features, [OUEST, EST, SUD])


def test_two_columns_of_numbers_tell_nothing() -> None:
    """Where no name helps and two columns could be the codes, no polygon is believed."""
    features = [square(-73, a=1, b=2), square(-72, a=2, b=1)]

    assert {} == match_polygons(features, [OUEST, EST])


def test_one_column_of_codes_is_enough() -> None:
    """Where only one column can be the codes, it is."""
    features = [square(-73, code=1, row=11), square(-72, code=2, row=12)]

    assert {0: "ouest", 1: "est"} == match_polygons(features, [OUEST, EST])


def test_mis_encoded_labels() -> None:
    """A label that was read in the wrong encoding still names its region."""
    assert ["Montréal", "Montréal", "Œuf"] == [
        mended(text) for text in ("MontrÃ©al", "Montréal", "Œuf")
    ]


def test_inside_outside_unknown(tmp_path: Path) -> None:
    """A point is in or out of a region that is drawn; of another, the outlines say nothing."""
    known = outlines(tmp_path, [square(-73, id="ouest"), square(-71, id="ouest")], OUEST, EST)

    assert [True, True, False, None] == [
        known.contains("ouest", Position(lat=46.5, lon=-72.5)),
        known.contains("ouest", Position(lat=46.5, lon=-70.5)),
        known.contains("ouest", Position(lat=46.5, lon=-71.5)),
        known.contains("est", Position(lat=46.5, lon=-72.5)),
    ]


def test_a_bow_tie_is_made_valid(tmp_path: Path) -> None:
    """A ring that crosses itself still has an inside."""
    tie = square(-73, id="ouest")
    tie["geometry"]["coordinates"] = [[[-73, 46], [-72, 47], [-72, 46], [-73, 47], [-73, 46]]]

    assert outlines(tmp_path, [tie], OUEST).contains("ouest", Position(lat=46.5, lon=-72.9))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"features": [1]}', '{"features": null}'])
def test_an_unreadable_file_draws_nothing(tmp_path: Path, text: str) -> None:
    """Bounds go on being used where the outlines cannot be read."""
    path = tmp_path / "boundaries.geojson"
    path.write_text(text)

    assert boundaries(str(path), text, [OUEST]).contains("ouest", EST.centre) is None


@pytest.mark.skipif(not REAL.is_file(), reason=f"{REAL.name} is not on this machine")
def test_the_real_regions() -> None:
    """The example merchants stand inside the real outline of their own region."""
    catalogue = gather(dict(small_files(CONTENT)), ("fr",)).catalogue
    stamp = hashlib.sha256(REAL.read_bytes()).hexdigest()
    bearings = Bearings(catalogue=catalogue, boundaries=(str(REAL), stamp))
    features = json.loads(REAL.read_text())["features"]
    drummondville = Merchant(
        id="x",
        name="X",
        region="centre-du-quebec",
        categories=("fromagerie",),
        location=Position(lat=45.88, lon=-72.49),
    )

    assert set(catalogue.regions) == set(
        match_polygons(features, list(catalogue.regions.values())).values()
    )
    assert [] == list(CHECK.find(drummondville, "", bearings))
