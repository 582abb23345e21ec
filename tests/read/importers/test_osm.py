"""The OSM importer: what becomes of an element, and what stays of an editor's work."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from time import perf_counter
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from halles.model import Merchant
from halles.read.importers import ImportRefused, Kept, Outcome, Skipped, Wrote, osm

DATA = Path(__file__).parents[4] / "shared" / "data"
EXTRACTS = {"osm_montreal_food.geojson": 6135, "osm_quebec_producers.geojson": 137}

REGION = """---
id: {id}
code: "{code}"
name: {{fr: {name}, en: {name}}}
centre: {{lat: {south}.5, lon: {west}.5}}
bounds: [[{south}, {west}], [{north}, {east}]]
---
Introduction.
"""
CATEGORIES = """
- id: manger
  name: {fr: Manger, en: Eat}
  children:
    - {id: restaurant, name: Restaurant}
    - {id: cafe, name: Café}
    - {id: bar, name: Bar}
    - {id: boulangerie, name: Boulangerie}
    - id: boire
      name: Boire
      children: [{id: microbrasserie, name: Microbrasserie}, {id: vignoble, name: Vignoble}]
"""
FILE = PurePosixPath("content/merchants/est/ch/chez-alix-n1.yaml")


class Site:
    """A site of two regions side by side: ouest (longitudes -74 to -73), est (-73 to -72)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name, code, west in (("ouest", "01", -74), ("est", "02", -73)):
            text = REGION.format(
                id=name, code=code, name=name.title(), south=45, north=46, west=west, east=west + 1
            )
            self.write(f"content/regions/{name}.md", text)
            self.write(f"content/regions/{name}.en.md", "Introduction.\n")
        self.write("content/categories.yaml", CATEGORIES)

    def write(self, path: str | PurePosixPath, text: str) -> None:
        """Put a file there."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())

    def read(self, path: str | PurePosixPath = FILE) -> str:
        """Return a file as it is, line ends and all."""
        return (self.root / path).read_bytes().decode()

    def edit(self, old: str, new: str, path: PurePosixPath = FILE) -> None:
        """Do what an editor does."""
        assert old in self.read(path)
        self.write(path, self.read(path).replace(old, new))

    def bring_in(self, *features: Any, dry_run: bool = False) -> list[Outcome]:
        """Import an extract of these features."""
        self.write("extract.geojson", collection(*features))
        return list(osm.bring_in([self.root / "extract.geojson"], self.root, dry_run=dry_run))

    def merchant(self, path: PurePosixPath = FILE) -> dict[str, Any]:
        """Return the fields of a merchant file, each scalar as its text."""
        fields: dict[str, Any] = yaml.load(self.read(path), Loader=yaml.CBaseLoader)
        return fields

    def bytes(self) -> Mapping[str, bytes]:
        """Return every file of the site but the extract."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        found = {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files}
        return {path: body for path, body in found.items() if path != "extract.geojson"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Give a site without any merchant."""
    return Site(tmp_path)


def collection(*features: Any) -> str:
    """Return GeoJSON."""
    return json.dumps({"type": "FeatureCollection", "features": features})


def shop(number: Any = 1, at: Any = (-72.5, 45.5), **tags: Any) -> dict[str, Any]:
    """A restaurant named Chez Alix, in est; a tag of None is taken away."""
    properties = {"name": "Chez Alix", "amenity": "restaurant"} | tags
    return {
        "type": "Feature",
        "id": f"node/{number}",
        "properties": {key: value for key, value in properties.items() if value is not None},
        "geometry": {"type": "Point", "coordinates": at},
    }


ALIASED = "id: chez-alix-n1\nname: &a Chez Alix\nregion: est\ndescription: *a\n"


# --- a first import -----------------------------------------------------------------------------


def test_a_whole_file(site: Site) -> None:
    """A file says where it comes from, and what the element's tags say, in plain YAML."""
    feature = shop(
        112637139,
        name="Piazza: Romana",
        cuisine="pizza;italian",
        **{
            "addr:city": "Rimouski",
            "addr:housenumber": "12",
            "addr:street": "Rue Saint-Germain Est",
            "addr:postcode": "g5l1a1",
            "phone": "+1-418-724-1234",
            "email": "bonjour@example.org",
            "website": "https://example.org",
            "opening_hours": "Mo-Fr 08:00-17:30; PH off",
            "wheelchair": "yes",
            "takeaway": "only",
            "payment:cash": "yes",
            "payment:visa": "yes",
        },
    )

    outcomes = site.bring_in(feature)

    path = PurePosixPath("content/merchants/est/pi/piazza-romana-n112637139.yaml")
    assert [Wrote(path, "added")] == outcomes
    assert site.read(path) == (
        "# osm: node/112637139, © OpenStreetMap contributors, ODbL 1.0\n"
        "id: piazza-romana-n112637139\n"
        'name: "Piazza: Romana"\n'
        "region: est\n"
        "municipality: Rimouski\n"
        "address:\n"
        "  street: 12, rue Saint-Germain Est\n"
        "  postal_code: G5L 1A1\n"
        "location: {lat: 45.5, lon: -72.5}\n"
        "phone: 418 724-1234\n"
        "email: bonjour@example.org\n"
        "website: https://example.org\n"
        "categories: [restaurant]\n"
        "tags: [pizza, cuisine italienne]\n"
        "hours: Mo-Fr 08:00-17:30; PH off\n"
        "services: [pickup, wheelchair]\n"
        "payment: [cash, credit]\n"
    )
    msgspec.convert(site.merchant(path), Merchant, strict=False)


@pytest.mark.parametrize(
    ("feature", "skipped"),
    [
        (shop(name=None), Skipped("node/1", "no-name", "amenity=restaurant")),
        (shop(name=" \u200e\t"), Skipped("node/1", "no-name", "amenity=restaurant")),
        (shop(amenity="bank"), Skipped("node/1", "no-category", "amenity=bank")),
        (shop(amenity=None), Skipped("node/1", "no-category", "")),
        (shop(amenity="ice_cream"), Skipped("node/1", "no-category", "glacier")),
        (shop(at=(-70, 45.5)), Skipped("node/1", "outside-every-region", "45.5 -70 Chez Alix")),
        (shop(at=()), Skipped("node/1", "not-a-point", "Chez Alix")),
        (shop(at=(-72.5, 95)), Skipped("node/1", "not-a-point", "Chez Alix")),
        (shop() | {"geometry": None}, Skipped("node/1", "not-a-point", "Chez Alix")),
        (
            shop() | {"geometry": {"type": "LineString", "coordinates": [[-72.5, 45.5]]}},
            Skipped("node/1", "not-a-point", "Chez Alix"),
        ),
        (shop(disused="yes"), Skipped("node/1", "closed", "amenity=restaurant")),
        (shop(opening_hours="off"), Skipped("node/1", "closed", "amenity=restaurant")),
        (shop(amenity=None, shop="vacant"), Skipped("node/1", "closed", "shop=vacant")),
        (
            shop(amenity=None, **{"disused:amenity": "cafe"}),
            Skipped("node/1", "closed", "disused:amenity=cafe"),
        ),
        (shop() | {"id": 12}, Skipped("extract.geojson#1", "unusable", "no OSM id")),
        (shop() | {"properties": None}, Skipped("extract.geojson#1", "unusable", "no OSM id")),
        ("?", Skipped("extract.geojson#1", "unusable", "no OSM id")),
    ],
)
def test_what_is_skipped(site: Site, feature: Any, skipped: Skipped) -> None:
    """A feature that makes no merchant is listed with its reason, and leaves no file."""
    before = site.bytes()

    assert [skipped] == site.bring_in(feature)
    assert before == site.bytes()


def test_duplicates(site: Site) -> None:
    """Of two features with one id the first wins, be they in one file or in two."""
    site.write("other.geojson", collection(shop(name="Autre")))
    site.write("extract.geojson", collection(shop(), shop(name="Encore")))
    files = [site.root / "extract.geojson", site.root / "other.geojson"]

    assert [
        Wrote(FILE, "added"),
        Skipped("node/1", "duplicate", "extract.geojson#2"),
        Skipped("node/1", "duplicate", "other.geojson#1"),
    ] == list(osm.bring_in(files, site.root, dry_run=False))


def test_a_file_of_someone_else(site: Site) -> None:
    """A merchant file that is not the element's own is never written over."""
    site.write(FILE, "id: chez-alix-n1\n")

    assert [Skipped("node/1", "id-taken", str(FILE))] == site.bring_in(shop())
    assert site.read() == "id: chez-alix-n1\n"


@pytest.mark.parametrize(
    ("tags", "key", "expected"),
    [
        ({"name": "a\x00b\n c\u200e"}, "name", "ab c"),
        ({"name": None, "name:fr": "Chez nous"}, "name", "Chez nous"),
        ({"phone": "(514) 555-1234"}, "phone", "514 555-1234"),
        ({"phone": "911; 5142709361 x12"}, "phone", "514 270-9361"),
        ({"contact:phone": "+1 450-328-1325"}, "phone", "450 328-1325"),
        ({"phone": "+33 1 42 68 53 00"}, "phone", None),
        ({"email": "a b@c"}, "email", None),
        ({"email": "x; info@example.org"}, "email", "info@example.org"),
        ({"website": "www.example.org/a"}, "website", "http://www.example.org/a"),
        ({"website": "HTTPS://example.org;http://b.ca"}, "website", "https://example.org"),
        ({"website": "javascript:alert(1)"}, "website", None),
        ({"website": "http://localhost"}, "website", None),
        ({"website": "http://[oops", "url": "http://b.ca"}, "website", "http://b.ca"),
        ({"opening_hours": "lundi 9h"}, "hours", None),
        ({"opening_hours": '"sur rendez-vous"'}, "hours", None),
        ({"opening_hours": "24/7"}, "hours", "24/7"),
        ({"addr:postcode": "H2J1H9"}, "address", {"postal_code": "H2J 1H9"}),
        ({"addr:postcode": "K0A 1A0"}, "address", {"postal_code": "K0A 1A0"}),
        ({"addr:postcode": "M5V 1A1"}, "address", None),
        ({"addr:housenumber": "12"}, "address", None),
        ({"addr:street": "Rue X"}, "address", {"street": "Rue X"}),
        (
            {"addr:street": "Rue X", "addr:housenumber": "1;3", "addr:unit": "B"},
            "address",
            {"street": "1-3, rue X, local B"},
        ),
        (
            {"addr:street": "St-Charles blvd", "addr:housenumber": "2A"},
            "address",
            {"street": "2A, St-Charles blvd"},
        ),
        ({"delivery": "yes", "takeaway": "yes"}, "services", ["pickup", "delivery"]),
        ({"wheelchair": "limited", "takeaway": "no"}, "services", None),
        ({"payment:interac": "yes", "payment:cash": "no"}, "payment", ["interac"]),
        ({"payment:debit_cards": "only"}, "payment", ["debit"]),
        ({"diet:vegan": "only"}, "tags", ["végane"]),
        ({"fixme": "x", "cuisine": "unheard_of"}, "tags", None),
        ({"amenity": "cafe", "shop": "pastry"}, "categories", ["cafe", "boulangerie"]),
        ({"amenity": "fast_food"}, "categories", ["restaurant"]),
        ({"amenity": "pub", "microbrewery": "yes"}, "categories", ["bar", "microbrasserie"]),
        ({"amenity": None, "craft": "vignoble"}, "categories", ["vignoble"]),
        ({"disused:amenity": "bar", "was:name": "Avant"}, "categories", ["restaurant"]),
    ],
)
def test_fields(site: Site, tags: dict[str, str], key: str, expected: Any) -> None:
    """A tag becomes its field; a piece that a merchant file could not hold is left out."""
    outcomes = site.bring_in(shop(**tags))

    assert isinstance(outcomes[0], Wrote)
    assert expected == site.merchant(outcomes[0].path).get(key)


@pytest.mark.parametrize(
    ("given_id", "at_id", "expected"),
    [
        ("way/7", None, "chez-alix-w7"),
        ("r7", None, "chez-alix-r7"),
        (12, "node/007", "chez-alix-n7"),
    ],
)
def test_ids(site: Site, given_id: object, at_id: str | None, expected: str) -> None:
    """An id is the name's slug, and the element's kind and number, wherever they are written."""
    feature = shop(**{"@id": at_id}) | {"id": given_id}

    assert expected == site.bring_in(feature)[0].path.stem  # type: ignore[union-attr]


def test_a_name_without_letters(site: Site) -> None:
    """A name that no slug can be made of still has an id."""
    assert [
        Wrote(PurePosixPath("content/merchants/est/co/commerce-n1.yaml"), "added")
    ] == site.bring_in(shop(name="😀"))


def test_an_area_stands_at_its_middle(site: Site) -> None:
    """A shop drawn as a building is where Overpass would put its centre."""
    ring = [[-72.6, 45.4], [-72.4, 45.4], [-72.4, 45.6], [-72.6, 45.6], [-72.6, 45.4]]
    feature = shop() | {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    site.bring_in(feature)

    assert site.merchant()["location"] == {"lat": "45.5", "lon": "-72.5"}


TEXTS = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1)


@given(text=TEXTS.map(osm.clean).filter(bool))
def test_any_text_is_read_back(text: str) -> None:
    """What the emitter writes, readers of YAML 1.1 and 1.2 read as the same text."""
    written = osm.render("name", text) + osm.render("tags", [text])

    assert {"name": text, "tags": [text]} == yaml.load(written, Loader=yaml.CBaseLoader)
    assert {"name": text} == yaml.safe_load(osm.render("name", text))


# --- regions ------------------------------------------------------------------------------------


def polygon(west: float, east: float, **properties: Any) -> dict[str, Any]:
    """Return a box between two longitudes, as high as the regions."""
    ring = [[west, 45], [east, 45], [east, 46], [west, 46], [west, 45]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def region_at(site: Site, lon: float) -> str:
    """Return the region that a shop at this longitude comes to stand in."""
    outcome = site.bring_in(shop(at=(lon, 45.5)), dry_run=True)[0]
    return outcome.path.parts[2] if isinstance(outcome, Wrote) else "nowhere"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (({"n": "Ouest", "serial": 2}, {"n": "Est", "serial": 1}), ("ouest", "est", "nowhere")),
        (({"n": "ouest", "code": 1}, {"n": "???", "code": "02"}), ("ouest", "est", "nowhere")),
        (({"code": 1}, {"code": 2}), ("ouest", "est", "nowhere")),
        (({"code": 1, "serial": 2}, {"code": 2, "serial": 1}), ("ouest", "ouest", "est")),
        (({"n": "Ouest"}, {"n": "Ailleurs"}), ("ouest", "nowhere", "est")),
    ],
)
def test_polygons_find_their_regions(
    site: Site, labels: tuple[Any, Any], expected: tuple[str, ...]
) -> None:
    """Names tell whose polygon it is, then codes that agree; what nobody tells, bounds do.

    The polygons part at -73.5 and end at -72.5; the bounds part at -73 and end at -72.
    """
    drawn = [polygon(-74, -73.5, **labels[0]), polygon(-73.5, -72.5, **labels[1])]
    site.write("data/boundaries.geojson", collection(*drawn))

    assert expected == tuple(region_at(site, lon) for lon in (-73.7, -73.2, -72.2))


def test_the_smallest_bounds_win(site: Site) -> None:
    """Where bounds overlap, a point is in the smaller box."""
    text = REGION.format(id="nord", code="03", name="Nord", south=40, north=50, west=-80, east=-60)
    site.write("content/regions/nord.md", text)

    assert (region_at(site, -72.5), region_at(site, -65)) == ("est", "nord")


# --- again --------------------------------------------------------------------------------------


def test_again_changes_nothing(site: Site) -> None:
    """A second import of the same extract keeps every byte."""
    site.bring_in(shop())
    before = site.bytes()

    assert [Kept(FILE)] == site.bring_in(shop())
    assert before == site.bytes()


def test_order_is_irrelevant(site: Site, tmp_path: Path) -> None:
    """The features of an extract may come in any order: the bytes are the same."""
    features = [shop(n, name=f"Chez {n}", at=(-72.1 - n / 10, 45.5)) for n in range(1, 15)]
    other = Site(tmp_path / "other")
    site.bring_in(*features)
    other.bring_in(*reversed(features))
    mine = {path: body for path, body in site.bytes().items() if not path.startswith("other/")}

    assert mine == other.bytes()


def test_a_dry_run_says_and_does_not(site: Site) -> None:
    """A dry run has the outcomes of a real one, and writes nothing."""
    before = site.bytes()

    assert [Wrote(FILE, "added")] == site.bring_in(shop(), dry_run=True)
    assert before == site.bytes()
    assert [Wrote(FILE, "added")] == site.bring_in(shop())
    before = site.bytes()
    assert [Wrote(FILE, "changed")] == site.bring_in(shop(name="Y"), dry_run=True)
    assert before == site.bytes()


def test_news_lands_and_nothing_else_moves(site: Site) -> None:
    """A change upstream changes its own line, is remembered, and the id stays."""
    site.bring_in(shop(phone="514 270-9361"))
    before = site.read()

    assert [Wrote(FILE, "changed")] == site.bring_in(shop(phone="514 270-9362", name="Chez Bo"))
    assert site.read() == before.replace("9361", "9362").replace("Alix", "Bo")
    assert [Kept(FILE)] == site.bring_in(shop(phone="514 270-9362", name="Chez Bo"))


def test_editors_additions_and_comments_stay(site: Site) -> None:
    """What an editor added is there, byte for byte, after news has come and gone around it."""
    site.bring_in(shop(phone="514 270-9361", website="https://a.ca", takeaway="yes"))
    site.edit("region: est\n", "region: est      # bien à l’est\n\n")
    site.edit("phone:", "# le soir seulement\nphone:")
    site.edit("9361\n", "9361   # demander Alix\n# avant le site\n")
    site.edit("categories: [restaurant]", "categories:\n  # le principal\n  - restaurant")
    site.edit("services: [pickup]\n", "services:\n- pickup   # au comptoir\n# fin\n")
    site.edit("location:", "description: |\n  Une *table* 😀.\n\n  # pas un commentaire\nlocation:")

    news = shop(cuisine="pizza", email="a@b.ca", delivery="yes", amenity="cafe")
    assert [Wrote(FILE, "changed")] == site.bring_in(news)
    assert site.read() == (
        "# osm: node/1, © OpenStreetMap contributors, ODbL 1.0\n"
        "id: chez-alix-n1\n"
        "name: Chez Alix\n"
        "region: est      # bien à l’est\n"
        "\n"
        "description: |\n"
        "  Une *table* 😀.\n"
        "\n"
        "  # pas un commentaire\n"
        "location: {lat: 45.5, lon: -72.5}\n"
        "email: a@b.ca\n"
        "# le soir seulement\n"
        "# demander Alix\n"
        "# avant le site\n"
        "# le principal\n"
        "categories: [cafe]\n"
        "tags: [pizza]\n"
        "# au comptoir\n"
        "services: [delivery]\n"
        "# fin\n"
    )


def test_a_byte_order_mark_stays(site: Site) -> None:
    """A file that begins with a byte order mark is edited in the right places."""
    site.bring_in(shop())
    site.write(FILE, "\ufeff" + site.read())
    before = site.read()
    site.bring_in(shop(name="Bo"))

    assert site.read() == before.replace("Chez Alix", "Bo")


def test_windows_lines_stay(site: Site) -> None:
    """A file with Windows line ends keeps them, on new lines too."""
    site.bring_in(shop())
    site.write(FILE, site.read().replace("\n", "\r\n"))
    site.bring_in(shop(phone="514 270-9361", name="Bo"))

    assert site.read().count("\n") == site.read().count("\r\n") == 7


def test_a_file_without_a_last_line_break(site: Site) -> None:
    """A field is added on a line of its own even after a last line that has no end."""
    site.bring_in(shop())
    site.write(FILE, site.read().rstrip("\n"))
    site.bring_in(shop(takeaway="yes"))

    assert site.read().endswith("categories: [restaurant]\nservices: [pickup]\n")


@pytest.mark.parametrize("mine", ["phone: 418 555-0000\n", ""])
def test_an_editors_word_wins(site: Site, mine: str) -> None:
    """A field that an editor changed or removed is the editor's, whatever comes upstream."""
    site.bring_in(shop(phone="514 270-9361"))
    site.edit("phone: 514 270-9361\n", mine)
    before = site.read()

    assert [Kept(FILE)] == site.bring_in(shop(phone="514 270-9362"))
    assert before == site.read()
    assert [Wrote(FILE, "changed")] == site.bring_in(shop(phone="514 270-9363", name="Bo"))
    assert before.replace("Chez Alix", "Bo") == site.read()


def test_an_address_is_merged_piece_by_piece(site: Site) -> None:
    """A street that an editor corrected stays, beside a postal code that came upstream."""
    site.bring_in(shop(**{"addr:street": "Rue X", "addr:postcode": "H2J 1H9"}))
    site.edit("street: Rue X", "street: 12, rue X")
    site.bring_in(shop(**{"addr:street": "Rue Y", "addr:postcode": "H2J 1H8"}))

    assert site.merchant()["address"] == {"street": "12, rue X", "postal_code": "H2J 1H8"}


def test_a_removed_file_stays_removed(site: Site) -> None:
    """A merchant whose file an editor deleted does not come back, whatever comes upstream."""
    site.bring_in(shop())
    (site.root / FILE).unlink()

    for feature in (shop(), shop(name="Bo")):
        assert [Skipped("node/1", "removed-here", str(FILE))] == site.bring_in(feature)
        assert not (site.root / FILE).exists()


def test_a_renamed_file_is_found(site: Site) -> None:
    """An editor may give a merchant another id: the comment on top still tells whose file it is."""
    site.bring_in(shop())
    other = PurePosixPath("content/merchants/est/al/alix.yaml")
    site.write(other, site.read().replace("chez-alix-n1", "alix"))
    (site.root / FILE).unlink()

    assert [Kept(other)] == site.bring_in(shop())
    assert [Wrote(other, "changed")] == site.bring_in(shop(name="Bo"))
    assert (site.merchant(other)["id"], site.merchant(other)["name"]) == ("alix", "Bo")


def test_a_lost_memory_touches_nothing(site: Site) -> None:
    """Without the memory, a file is taken as it stands; what comes upstream later still lands."""
    site.bring_in(shop())
    (site.root / osm.MEMORY).unlink()
    before = site.read()

    assert [Kept(FILE)] == site.bring_in(shop(name="Bo"))
    assert before == site.read()
    assert [Wrote(FILE, "changed")] == site.bring_in(shop(name="Bo", phone="514 270-9361"))
    assert (site.merchant()["name"], site.merchant()["phone"]) == ("Chez Alix", "514 270-9361")


def test_a_merchant_that_moves(site: Site) -> None:
    """A file follows its merchant to another region; an editor's region holds it where it is."""
    site.bring_in(shop())
    there = PurePosixPath("content/merchants/ouest/ch/chez-alix-n1.yaml")

    assert [Wrote(there, "moved")] == site.bring_in(shop(at=(-73.5, 45.5)))
    assert not (site.root / FILE).exists()
    assert site.merchant(there)["region"] == "ouest"

    site.edit("region: ouest", "region: nord", there)
    assert [Wrote(there, "changed")] == site.bring_in(shop())
    assert site.merchant(there)["region"] == "nord"


GONE = [
    shop(disused="yes"),
    shop(amenity=None, name=None, **{"disused:amenity": "restaurant"}),
    shop(amenity=None, name=None, **{"abandoned:amenity": "restaurant"}),
    shop(amenity=None, name=None, shop="vacant"),
    shop(amenity=None, name=None, shop="vacant", at=()),
]


@pytest.mark.parametrize("gone", GONE)
def test_a_merchant_that_closed_upstream_closes(site: Site, gone: Any) -> None:
    """Its file says so, without a day that nobody knows, and keeps the rest; again is nothing."""
    site.bring_in(shop(phone="514 270-9361"))
    before = site.read()

    assert [Wrote(FILE, "now-closed")] == site.bring_in(gone)
    assert before.replace("region: est\n", "region: est\nstatus: closed\n") == site.read()
    msgspec.convert(site.merchant(), Merchant, strict=False)
    assert [Kept(FILE)] == site.bring_in(gone)


@pytest.mark.parametrize("gone", GONE)
def test_a_merchant_that_opens_again_upstream_opens(site: Site, gone: Any) -> None:
    """Nothing is left of the closing, and what else is new lands too."""
    site.bring_in(shop())
    before = site.read()
    site.bring_in(gone)

    assert [Wrote(FILE, "open-again")] == site.bring_in(shop(name="Bo"))
    assert before.replace("Chez Alix", "Bo") == site.read()
    assert [Kept(FILE)] == site.bring_in(shop(name="Bo"))


def test_a_closing_on_a_dry_run(site: Site) -> None:
    """It is told, and nothing is written."""
    site.bring_in(shop())
    before = site.bytes()

    assert [Wrote(FILE, "now-closed")] == site.bring_in(shop(disused="yes"), dry_run=True)
    assert before == site.bytes()


def test_a_closing_does_not_undo_an_editors_work(site: Site) -> None:
    """What an editor changed stays beside the closing, and the opening."""
    site.bring_in(shop())
    site.edit("name: Chez Alix", "name: Chez Alix inc.   # au registre")
    before = site.read()

    assert [Wrote(FILE, "now-closed")] == site.bring_in(shop(disused="yes"))
    assert before.replace("region: est\n", "region: est\nstatus: closed\n") == site.read()
    assert [Wrote(FILE, "open-again")] == site.bring_in(shop())
    assert before == site.read()


def test_an_editor_who_says_open_is_believed(site: Site) -> None:
    """A status that an editor wrote is the editor's, before the closing upstream or after."""
    site.bring_in(shop())
    site.bring_in(shop(disused="yes"))
    site.edit("status: closed", "status: open")
    before = site.read()

    for feature in (shop(disused="yes"), shop(), shop(disused="yes")):
        assert [Kept(FILE)] == site.bring_in(feature)
    assert before == site.read()


def test_a_closing_that_an_editor_dated_stays(site: Site) -> None:
    """Who gives the day has seen it: an opening upstream would leave a file that cannot be read."""
    site.bring_in(shop())
    site.bring_in(shop(disused="yes"))
    site.edit("status: closed\n", "status: closed\nclosed_on: 2026-05-01\n")
    before = site.read()

    assert [Kept(FILE)] == site.bring_in(shop())
    assert before == site.read()
    assert [Wrote(FILE, "changed")] == site.bring_in(shop(name="Bo"))
    assert before.replace("Chez Alix", "Bo") == site.read()


def test_a_removed_file_stays_removed_when_its_merchant_closes(site: Site) -> None:
    """An editor who deleted the file has nothing to hear of but that."""
    site.bring_in(shop())
    (site.root / FILE).unlink()

    assert [Skipped("node/1", "removed-here", str(FILE))] == site.bring_in(shop(disused="yes"))
    assert not (site.root / FILE).exists()


def test_what_an_extract_lacks_is_left_alone(site: Site) -> None:
    """An extract covers one area: a merchant that it does not name is neither told nor touched."""
    site.bring_in(shop())
    site.bring_in(shop(2, name="Bar X"))

    assert [Kept(FILE)] == site.bring_in(shop())


@pytest.mark.parametrize("broken", ["{id: chez-alix-n1}\n", "id: [\n", "- a\n", ALIASED])
def test_a_file_that_cannot_be_edited(site: Site, broken: str) -> None:
    """A file in which a change cannot be made safely is named, and left as it is."""
    site.bring_in(shop())
    site.write(FILE, broken)

    assert [Skipped("node/1", "unusable", str(FILE))] == site.bring_in(shop(name="Bo"))
    assert broken == site.read()


# --- what cannot be imported --------------------------------------------------------------------


def astray(file: str) -> str:
    """Return a line of the memory that names a file where no merchant's can stand."""
    return json.dumps({"element": "node/1", "file": file, "fields": {}})


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("extract.geojson", "not JSON", "GeoJSON"),
        ("extract.geojson", "[" * 100_000, "GeoJSON"),
        ("extract.geojson", '{"type": "Feature"}', "GeoJSON"),
        ("extract.geojson", '{"elements": []}', "Overpass"),
        ("data/boundaries.geojson", "{}", "GeoJSON"),
        (
            "data/boundaries.geojson",
            collection({"properties": {"n": "est"}, "geometry": {"type": "Oops"}}),
            "polygon",
        ),
        ("content/categories.yaml", "a: [", "YAML"),
        ("data/imports/osm.jsonl", "<<<<<<< HEAD\n", "osm.jsonl"),
        ("data/imports/osm.jsonl", "[" * 100_000, "osm.jsonl"),
        *(
            ("data/imports/osm.jsonl", astray(file), "1")
            for file in (
                "content/merchants/../x",
                "content/merchants/est/ch/../../../../halles.toml",
                "../halles.toml",
                "/etc/hostname",
                "//etc/hostname",
                "content/merchants",
                "content/merchants/notes.txt",
            )
        ),
    ],
)
def test_refusals(site: Site, path: str, text: str, words: str) -> None:
    """A file that cannot be read is named in a sentence in both languages; nothing is written."""
    site.write("extract.geojson", collection(shop()))
    site.write(path, text)
    before = site.bytes()

    with pytest.raises(ImportRefused) as refused:
        list(osm.bring_in([site.root / "extract.geojson"], site.root, dry_run=False))

    assert {"fr", "en"} == refused.value.words.keys()
    assert all(words in sentence for sentence in refused.value.words.values())
    assert before == site.bytes()


def test_an_absent_file(site: Site) -> None:
    """A file that is not there is refused too."""
    with pytest.raises(ImportRefused):
        list(osm.bring_in([site.root / "absent.geojson"], site.root, dry_run=True))


# --- the table and the real thing ---------------------------------------------------------------


def test_every_category_of_the_table_is_an_id() -> None:
    """The table's categories are ids, and no list of alternatives is empty."""
    for part in ("categories", "also"):
        for values in osm.TABLE[part].values():
            for alternatives in values.values():
                assert alternatives
                assert all(one == osm.slug(one) for one in alternatives)


@pytest.fixture
def quebec(tmp_path: Path) -> Iterator[Site]:
    """A site of the 17 regions, by their real polygons, with every category of the table."""
    if not (DATA / "regions17.geojson").exists():
        pytest.skip(f"needs the real data of {DATA}")
    site = Site(tmp_path)
    for path in site.root.glob("content/regions/*"):
        path.unlink()
    boundaries = (DATA / "regions17.geojson").read_text(encoding="utf-8")
    site.write("data/boundaries.geojson", boundaries)
    for feature in json.loads(boundaries)["features"]:
        name, code = feature["properties"]["res_nm_reg"], feature["properties"]["res_co_reg"]
        text = REGION.format(
            id=osm.slug(name), code=f"{code:02}", name=name, south=0, north=1, west=0, east=1
        )
        site.write(f"content/regions/{osm.slug(name)}.md", text)
    wanted = {
        alternatives[0] for v in osm.TABLE["categories"].values() for alternatives in v.values()
    }
    site.write("content/categories.yaml", "".join(f"- id: {one}\n" for one in sorted(wanted)))
    yield site


@pytest.mark.slow
@pytest.mark.parametrize(("extract", "count"), EXTRACTS.items())
def test_real_extracts(quebec: Site, extract: str, count: int) -> None:
    """Each feature has one outcome, each file is a valid merchant, and again changes nothing."""
    files = [DATA / extract]
    outcomes = list(osm.bring_in(files, quebec.root, dry_run=False))
    written = [one.path for one in outcomes if isinstance(one, Wrote)]
    reasons = Counter(one.reason for one in outcomes if isinstance(one, Skipped))

    assert count == len(written) + reasons.total()
    assert {"no-name", "no-category", "closed"} >= reasons.keys()
    assert len(written) == len(set(written)) > 0.9 * count
    for path in written:
        merchant = msgspec.convert(quebec.merchant(path), Merchant, strict=False)
        assert (merchant.region, merchant.id[:2], merchant.id) == (*path.parts[2:4], path.stem)

    before, start = quebec.bytes(), perf_counter()
    again = Counter(type(one) for one in osm.bring_in(files, quebec.root, dry_run=False))
    print(f"{extract}: {len(written)} {dict(reasons)}, again in {perf_counter() - start:.2f} s")
    assert {Kept: len(written), Skipped: reasons.total()} == again
    assert before == quebec.bytes()
