"""Maps as a build leaves them: whoever has a place is on its maps, and on no other."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from halles.maps import library, shells
from halles.maps.frames import apart, framed
from halles.outcome import Options
from halles.read.importers.osm import bring_in
from halles.settings import Map
from halles.site import MODULES, build
from tests.example import share_drawings
from tests.market import HERE, Market

EXTRACT = HERE.parent / "shared" / "data" / "osm_montreal_food.geojson"
NPM = pytest.mark.skipif(not library.is_there(MODULES), reason="npm's packages are not installed")


@pytest.fixture
def sited(market: Market) -> Market:
    """Return the market with maps, built."""
    market.edit("halles.toml", "[map]\non = false", "[map]\non = true")
    market.build()
    return market


def on_map(output: Path, region: str, category: str = "") -> set[str]:
    """Return who is on the live map of a region or of one of its categories, as points.js reads it."""
    manifest = json.loads((output / "points/manifest.json").read_bytes())
    ids = [name for name, *_ in manifest["categories"]]
    parents = {
        name: ids[parent] if parent >= 0 else "" for name, parent, *_ in manifest["categories"]
    }

    def under(found: str) -> bool:
        while found and found != category:
            found = parents[found]
        return bool(found)

    there = set()
    for of, _, path, _, _ in manifest["files"]:
        if of != region:
            continue
        told = json.loads((output / path[1:]).read_bytes())
        for merchant, at in zip(told["ids"], told["of"], strict=True):
            own = [told["categories"][i] for i in (at if isinstance(at, list) else [at]) if i >= 0]
            if not category or any(map(under, own)):
                there.add(merchant)
    return there


def listed(output: Path, path: str) -> set[str]:
    """Return who is in a list, on all of its pages."""
    pages = [output / path / "index.html", *(output / path / "page").glob("*/index.html")]
    return {
        merchant
        for page in pages
        for merchant in re.findall(r'</svg><a href="/commerces/([^/]+)/"', page.read_text("utf-8"))
    }


def placed(output: Path, region: str) -> set[str]:
    """Return who of a region has a place, as the open data say it."""
    told = json.loads((output / "carte" / f"{region}.geojson").read_bytes())
    return {feature["id"] for feature in told["features"]}


def test_who_has_a_place_is_on_exactly_the_maps_of_its_lists(sited: Market) -> None:
    """Of each region, and of each category in it."""
    output = sited.root / "output"
    for region in ("nord", "sud"):
        assert on_map(output, region) == listed(output, f"regions/{region}") & placed(
            output, region
        )
        for shelf in (output / "regions" / region).iterdir():
            if shelf.is_dir() and shelf.name != "page":
                there = listed(output, f"regions/{region}/{shelf.name}") & placed(output, region)
                assert on_map(output, region, shelf.name) == there
    assert (placed(output, "nord"), placed(output, "sud")) == ({"alix"}, {"dalia"})


def test_an_edit_rewrites_one_picture_one_file_of_points_and_the_exports(sited: Market) -> None:
    """A place that moved: no page of a list is rendered again for it."""
    sited.edit("content/merchants/nord/al/alix.yaml", "lat: 48.4488", "lat: 48.6")
    written = {
        p
        for p in sited.build().written
        if not p.startswith(("/donnees/", "/points/of/", "/commerces/", "/en/", "/produits/"))
    }

    assert {
        "/carte/nord_points.svg",
        "/carte/nord.geojson",
        "/carte/nord.kml",
        "/points/manifest.json",
    } == written


def test_a_price_draws_nothing(sited: Market) -> None:
    """What maps do not show does not touch them."""
    sited.edit("content/merchants/nord/al/alix.yaml", 'price: "6.50"', 'price: "6.75"')

    assert not [p for p in sited.build().why if p.startswith(("/carte/", "/points/"))]


def test_maps_come_and_go_with_the_setting(sited: Market) -> None:
    """Pictures, exports, the page of all and what pages show: as if they had never been."""
    assert "carte/index.html" in sited.tree()
    sited.edit("halles.toml", "[map]\non = true", "[map]\non = false")
    said = sited.said()

    assert not [path for path in said.tree if path.startswith(("carte/", "en/map/"))]
    assert said == sited.clean()
    sited.edit("halles.toml", "[map]\non = false", "[map]\non = true")
    assert sited.said() == sited.clean()


def test_without_npm_maps_stay_pictures_and_it_is_said_once(
    market: Market, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The site is built; no button promises a map that cannot come."""
    monkeypatch.setattr("halles.site.MODULES", tmp_path)
    market.edit("halles.toml", "[map]\non = false", "[map]\non = true")
    outcome = market.build()
    page = market.tree()["regions/nord/index.html"].decode()

    assert [n.code for n in outcome.notices].count("map-missing") == 1
    assert 'class="chart"' in page
    assert "<button" not in page
    assert not outcome.failed


def test_a_product_of_one_seller_leads_to_where_that_is(sited: Market) -> None:
    """On its merchant's page; not where nobody knows the place, nor where there are no maps."""
    tree = sited.tree()
    pages = {path: body.decode() for path, body in tree.items() if path.startswith("produits/")}
    sur = {
        re.findall(r'href="/commerces/(\w+)/#Carte"', body)[0]
        for body in pages.values()
        if "#Carte" in body
    }

    assert sur == {"alix", "dalia"}
    for merchant in sur:
        assert b'id="Carte"' in tree[f"commerces/{merchant}/index.html"]
    assert "#Carte" not in pages["produits/0624153607116/index.html"]
    sited.edit("halles.toml", "[map]\non = true", "[map]\non = false")
    assert not [path for path, body in sited.said().tree.items() if b"#Carte" in body]


def test_exports_say_the_points(sited: Market) -> None:
    """GeoJSON with longitude first; KML that can be parsed, with the page of each."""
    tree = sited.tree()
    (feature,) = json.loads(tree["carte/nord.geojson"])["features"]
    mark = ElementTree.fromstring(tree["carte/nord.kml"]).find(".//{*}Placemark")

    assert feature["geometry"] == {"type": "Point", "coordinates": [-68.523, 48.4488]}
    assert mark is not None
    assert mark.findtext("{*}name") == "Boulangerie Alix"
    assert mark.findtext(".//{*}coordinates") == "-68.52300,48.44880"


@NPM
def test_the_same_settings_give_the_same_shells() -> None:
    """Without chance, without anybody else's address, and tiles only where they are named."""
    first = library.files(MODULES, Map())
    shells.shells.cache_clear()

    assert library.files(MODULES, Map()) == first
    for name, body in first.items():
        if name.startswith("shell-"):
            assert b"http" not in body, name
            assert not re.search(rb"[0-9a-f]{32}", body), name
    tiled = library.files(MODULES, Map(tiles="https://t.example/{z}/{x}/{y}.png"))
    assert b"https://t.example" in tiled["shell-region.js"]
    assert all(b"url(" not in body for name, body in first.items() if name.endswith(".css"))


def test_a_frame_holds_its_places() -> None:
    """Corners inside, and what is outside at the nearest edge."""
    frame = framed(45.24, -74.10, 45.80, -73.27)

    assert frame.place(45.24, -74.10)[0] > 0
    assert frame.place(frame.north, frame.west) == (0, 0)
    assert frame.place(frame.south, frame.east) == (6400, frame.height)
    assert frame.place(0, 0) == (6400, frame.height)


@NPM
def test_a_region_s_picture_can_lie_on_that_of_all(sited: Market) -> None:
    """Its sea ends where its land does; that of all regions has the land far around."""
    pictures = {p: b.decode() for p, b in sited.tree().items() if p.startswith("carte/")}
    frame = framed(48.0, -70.0, 49.0, -67.0)
    left, top, wide, tall = frame.drawn()

    assert (left, wide) == (-2560, 11520)
    assert top < 0 < frame.height < top + tall
    assert f'd="M{left} {top}h{wide}v{tall}h{-wide}z"' in pictures["carte/nord.svg"]
    assert pictures["carte/nord.svg"].count('fill="var(--land') == 1
    assert pictures["carte/_.svg"].count('fill="var(--land') == 2


def test_discs_part_until_none_hides_another() -> None:
    """Even two that stand in one spot."""
    found = apart([(100, 100, 50), (100, 100, 50), (130, 100, 40)])
    for i, (x, y, r) in enumerate(found):
        for x2, y2, r2 in found[:i]:
            assert ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 > r + r2 - 5


@pytest.mark.slow
@pytest.mark.skipif(not EXTRACT.is_file(), reason=f"{EXTRACT.name} is not on this machine")
def test_the_real_extract_of_montreal_is_on_its_map_as_it_is_in_its_list(tmp_path: Path) -> None:
    """Six thousand restaurants, cafés and bars: counts on the map are counts in the list."""
    root = tmp_path / "site"
    shutil.copytree(HERE / "content", root / "content", ignore=shutil.ignore_patterns("merchants"))
    settings = (
        (HERE / "halles.toml").read_text("utf-8").replace("page_size = 50", "page_size = 1000")
    )
    settings = settings.replace('languages = ["fr", "en"]', 'languages = ["fr"]')
    (root / "halles.toml").write_text(
        re.sub(r"(\[search\]\non = )true", r"\1false", settings), "utf-8"
    )
    share_drawings(root)
    (root / "data").mkdir()
    shutil.copy(EXTRACT.parent / "regions17.geojson", root / "data" / "boundaries.geojson")
    outcomes = list(bring_in([EXTRACT], root, dry_run=False))
    build(root, Options())
    output = root / "output"

    assert len(outcomes) > 5000
    assert len(placed(output, "montreal")) > 4000
    assert on_map(output, "montreal") == listed(output, "regions/montreal") & placed(
        output, "montreal"
    )
    for shelf in (output / "regions" / "montreal").iterdir():
        if shelf.is_dir() and shelf.name != "page":
            there = listed(output, f"regions/montreal/{shelf.name}") & placed(output, "montreal")
            assert on_map(output, "montreal", shelf.name) == there
