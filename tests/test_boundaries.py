"""Polygons and the regions they draw."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from halles.boundaries import (
    BAD_BOUNDARIES,
    Boundaries,
    boundaries,
    match_polygons,
    mended,
    why_unusable,
)
from halles.checks import Bearings
from halles.checks.places import CHECK
from halles.model import Both, Merchant, Position, Region
from halles.notices import message
from halles.read.smalls import gather, small_files
from tests.invalid.test_invalid import refuse
from tests.market import Market, differences, said_by

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


def drawn(geometry: object, **properties: object) -> str:
    """Return a file with one feature."""
    properties = properties or {"id": "ouest"}
    return json.dumps({"features": [{"properties": properties, "geometry": geometry}]})


RING = [[-73, 46], [-72, 46], [-72, 47], [-73, 46]]
USELESS = [
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[" * 100_000, "too deeply nested"),
    ("[]", "not a FeatureCollection"),
    ("{}", "not a FeatureCollection"),
    ('{"features": null}', "not a FeatureCollection"),
    ('{"features": []}', "or an empty one"),
    ('{"features": [1]}', "not those of GeoJSON"),
    ('{"features": [{"properties": [1]}]}', "not those of GeoJSON"),
    (drawn({"type": "Polygon", "coordinates": [RING]}, id="est"), "no region is named"),
    (drawn(None), "the polygon of the region “ouest”"),
    (drawn({"type": "Oops"}), "the polygon of the region “ouest”"),
    (drawn({"type": "Polygon"}), "the polygon of the region “ouest”"),
    (drawn({"type": "Polygon", "coordinates": []}), "the polygon of the region “ouest”"),
    (drawn({"type": "Polygon", "coordinates": [RING[:2]]}), "the polygon of the region “ouest”"),
    (drawn({"type": "Polygon", "coordinates": [[[10**400, 1]] * 4]}), "the polygon of"),
    (drawn({"type": "LineString", "coordinates": RING}), "the polygon of the region “ouest”"),
]


@pytest.mark.parametrize(("text", "why"), USELESS)
def test_a_useless_file_draws_nothing_and_it_is_known_why(
    tmp_path: Path, text: str, why: str
) -> None:
    """Bounds go on being used where the outlines cannot be; there are words for it."""
    path = tmp_path / "boundaries.geojson"
    path.write_text(text)
    found = why_unusable(path.read_bytes(), [OUEST])

    assert boundaries(str(path), text, [OUEST]).contains("ouest", EST.centre) is None
    assert found is not None
    assert why in found.en
    assert found.fr != found.en


def test_one_region_is_enough() -> None:
    """A file that draws one of the regions is of use; it may draw others, and hold points too."""
    features = [square(-73, id="ouest"), square(-72, id="ailleurs")]
    point = {"type": "Point", "coordinates": [-72.5, 46.5]}
    features.append({"type": "Feature", "properties": {"id": "ouest"}, "geometry": point})

    assert why_unusable(json.dumps({"features": features}).encode(), [OUEST, EST]) is None


# What a build says of the file


OUTLINES = "data/boundaries.geojson"
NORD = json.dumps({"features": [square(-69, id="nord")]})


def told(market: Market) -> list[str]:
    """Build, hold the build against a clean one, and return what it says of the outlines."""
    outcome = market.build()
    assert [] == list(differences(said_by(market.root, outcome), market.clean()))
    return [n.given["why.en"] for n in outcome.notices if n.code == "bad-boundaries"]


def test_a_useless_file_is_told_once_and_until_it_is_mended(market: Market) -> None:
    """Whatever else is edited meanwhile, and though no merchant is read again."""
    assert [] == told(market)
    market.write(OUTLINES, "{")
    assert ["it is not JSON"] == told(market)
    market.edit("content/pages/a-propos.md", "Qui nous sommes.", "Nous.")
    assert ["it is not JSON"] == told(market)
    market.write(OUTLINES, "[" * 100_000)
    assert ["its data are too deeply nested"] == told(market)
    market.write(OUTLINES, NORD)
    assert [] == told(market)
    market.write(OUTLINES, NORD.replace("nord", "norte"))
    assert ["no region is named in it"] == told(market)
    market.remove(OUTLINES)
    assert [] == told(market)


def test_a_file_that_names_no_region_any_more_is_told(market: Market) -> None:
    """It is the same file; the region has gone. One that is only broken may well be named."""
    region = "content/regions/nord.md"
    sound = market.read(region)
    market.write(OUTLINES, NORD)
    assert [] == told(market)
    market.remove(region)
    assert ["no region is named in it"] == told(market)
    market.write(region, sound.replace("code:", "kode:"))
    assert [] == told(market)
    market.write(region, sound)
    assert [] == told(market)


def test_outlines_are_looked_at_once(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given an edit of another small record, what was found of them is taken from the ledger."""
    market.write(OUTLINES, NORD.replace("nord", "norte"))
    market.build()
    monkeypatch.setattr("halles.boundaries.why_unusable", lambda *_: pytest.fail("looked again"))
    market.edit("content/pages/a-propos.md", "Qui nous sommes.", "Nous.")

    assert ["bad-boundaries"] == [n.code for n in market.build().notices if OUTLINES == n.path]


def test_a_file_that_the_system_refuses_is_told(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The build goes on without it."""
    market.write(OUTLINES, NORD)
    refuse(monkeypatch, market.root / OUTLINES)
    found = [n for n in market.build().notices if n.path == OUTLINES]

    assert ["the system refuses to read it"] == [n.given["why.en"] for n in found]


def test_the_reason_is_said_in_the_readers_language() -> None:
    """Both languages travel with the notice; a sentence takes its own."""
    notice = BAD_BOUNDARIES.at(OUTLINES, (0, 0), **{"why.fr": "bris", "why.en": "broken"})

    assert message(notice, BAD_BOUNDARIES, "fr").endswith(" : bris.")
    assert message(notice, BAD_BOUNDARIES, "en").endswith(": broken.")


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
