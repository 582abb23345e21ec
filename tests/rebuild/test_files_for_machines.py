"""Files for machines: which of them an edit rewrites, and that they come and go with what they say."""

import csv
import json
from hashlib import sha256
from io import StringIO
from xml.etree import ElementTree

import pytest
from lxml import etree

from halles import holdings
from halles.outcome import Outcome
from tests.market import Market

ALIX = "content/merchants/nord/al/alix.yaml"
FANNY = "content/merchants/est/fa/fanny.yaml"
FILES = {"merchants.csv", "merchants.json", "merchants.geojson", "products.csv", "products.json"}
ATOM = "{http://www.w3.org/2005/Atom}"


def machines(outcome: Outcome) -> set[str]:
    """Return what was written besides pages."""
    apart = ("/donnees/", "/flux/", "/etat.json", "/.well-known/", "/_", "/sitemap")
    return {path for path in outcome.written if path.startswith(apart)}


def of_region(*folders: str) -> set[str]:
    """Return the files that stand in folders of open data."""
    return {f"/donnees/{f}{name}" for f in folders for name in (*FILES, "sha256sums.txt")}


def test_an_email_rewrites_its_region_and_the_whole(market: Market) -> None:
    """Merchants' files of the region and of all, with their sums; products' files stay."""
    market.build()
    market.edit(ALIX, "bonjour@alix.example", "salut@alix.example")

    written = machines(market.build())

    assert of_region("", "nord/") - written == {
        "/donnees/products.csv", "/donnees/products.json",
        "/donnees/nord/products.csv", "/donnees/nord/products.json",
    }  # fmt: skip
    assert written < of_region("", "nord/")


def points(outcome: Outcome) -> list[str]:
    """Return the files of points that were written, without what tells their bytes."""
    return sorted(p.partition(".")[0] for p in outcome.written if p.startswith("/points/"))


def test_a_place_rewrites_the_files_of_its_region_and_trade(market: Market) -> None:
    """Of nobody else's; and the manifest that names them. A price rewrites none."""
    market.build()
    market.edit(ALIX, "lat: 48.4488", "lat: 48.4489")
    moved = market.build()
    market.edit(ALIX, 'price: "6.50"', 'price: "6.75"')

    assert points(moved) == ["/points/manifest", "/points/of/nord-_", "/points/of/nord-manger"]
    assert points(market.build()) == []


def test_points_say_where_the_lists_have_merchants(market: Market) -> None:
    """Each open merchant of known place: once, and under each root that it or its products have."""
    market.edit(ALIX, "sku: FICELLE, name: Ficelle", "sku: LIVRE, name: Livre")
    market.edit(ALIX, 'price: "2.00", category: pain', 'price: "2.00", category: lire')
    market.build()
    told = json.loads(market.tree()["points/manifest.json"])
    held = {
        (region, root): json.loads(market.tree()[path[1:]])["ids"]
        for region, root, path, _, _ in told["files"]
    }

    assert held == {
        ("nord", "_"): ["alix"], ("nord", "lire"): ["alix"], ("nord", "manger"): ["alix"],
        ("sud", "_"): ["dalia"], ("sud", "manger"): ["dalia"],
    }  # fmt: skip
    assert [(region[0], region[3]) for region in told["regions"]] == [("nord", 1), ("sud", 1)]
    market.edit(ALIX, "region: nord", "region: nord\nstatus: closed")
    market.build()
    assert [r[0] for r in json.loads(market.tree()["points/manifest.json"])["regions"]] == ["sud"]
    assert market.clean() == market.said()


def test_a_merchant_that_moves_is_in_one_region(market: Market) -> None:
    """Both regions are written anew, and none has what the other has."""
    market.build()
    market.move(ALIX, "content/merchants/sud/al/alix.yaml")
    market.edit("content/merchants/sud/al/alix.yaml", "region: nord", "region: sud")
    market.build()
    tree = market.tree()

    assert b"alix" not in tree["donnees/nord/merchants.csv"]
    assert b"alix" in tree["donnees/sud/merchants.csv"]
    assert market.clean() == market.said()


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part hold what two merchants cost, and no file hold everything."""
    monkeypatch.setattr(holdings, "A_PART", 14)
    monkeypatch.setattr(holdings, "A_WHOLE", 20)


@pytest.mark.usefixtures("small")
def test_a_large_region_comes_in_parts(market: Market) -> None:
    """Each merchant is in one part, the index names them all, and nothing has the whole."""
    market.build()
    tree = market.tree()
    index = json.loads(tree["donnees/index.json"])
    north = next(region for region in index["regions"] if region["id"] == "nord")
    parts = [url.removeprefix("https://marche.example/") for url in north["files"]["merchants.csv"]]
    ids = [row["id"] for p in parts for row in csv.DictReader(StringIO(tree[p].decode()))]

    assert len(parts) == 2
    assert sorted(ids) == ["alix", "berthe", "come"]
    assert index["whole"] is None
    assert "donnees/merchants.csv" not in tree


@pytest.mark.usefixtures("small")
def test_parts_that_are_cut_anew_leave_nothing_behind(market: Market) -> None:
    """A product more, a merchant less: a region is cut otherwise, as from nothing."""
    market.build()
    market.edit(
        ALIX,
        "products:\n",
        "products:\n" + "".join(f'  - {{sku: N{i}, name: N, price: "1.00"}}\n' for i in range(40)),
    )
    market.build()
    assert market.clean() == market.said()
    market.remove(ALIX)
    market.build()
    assert market.clean() == market.said()


def test_sums_are_those_of_the_files(market: Market) -> None:
    """Each line of sha256sums.txt is true, and names every file beside it."""
    market.build()
    tree = market.tree()
    for folder in ("donnees/", "donnees/nord/", "donnees/est/"):
        lines = [line.split("  ") for line in tree[f"{folder}sha256sums.txt"].decode().splitlines()]
        assert {name for _, name in lines} == FILES
        assert all(sha256(tree[folder + name]).hexdigest() == told for told, name in lines)


def test_a_row_says_the_same_in_every_format(market: Market) -> None:
    """CSV, JSON and GeoJSON agree; longitude comes first on a map; a closed shop is not called."""
    market.edit(FANNY, "categories", "phone: 418 555-0199\ncategories")
    market.build()
    tree = market.tree()
    rows = list(csv.DictReader(StringIO(tree["donnees/merchants.csv"].decode())))
    objects = json.loads(tree["donnees/merchants.json"])
    places = json.loads(tree["donnees/merchants.geojson"])["features"]
    schema = json.loads(tree["donnees/schema.json"])["$defs"]["MerchantRow"]["properties"]

    for row, made in zip(rows, objects, strict=True):
        flat = {k: " ".join(v) if isinstance(v, list) else str(v) for k, v in made.items()}
        assert {k: v for k, v in row.items() if v} == flat
        assert made.keys() <= schema.keys()
    assert [f["geometry"]["coordinates"] for f in places] == [[-68.523, 48.4488], [-73.5, 45.5]]
    assert "phone" not in next(made for made in objects if made["id"] == "fanny")


def test_a_feed_tells_who_came_and_who_closed(market: Market) -> None:
    """Newest first, each once, in both languages and both formats, whole and by region."""
    market.edit(ALIX, "region:", "added_on: 2026-04-15\nregion:")
    outcome = market.build()
    tree = market.tree()
    assert not outcome.failed
    feed = ElementTree.fromstring(tree["en/feeds/atom.xml"])
    entries = [
        (e.findtext(f"{ATOM}title"), e.findtext(f"{ATOM}id")) for e in feed.iter(f"{ATOM}entry")
    ]
    items = json.loads(tree["en/feeds/feed.json"])["items"]

    assert entries == [(item["title"], item["id"]) for item in items]
    assert [title for title, _ in entries] == ["New merchant: Boulangerie Alix", "Closed: Fanny"]
    assert not list(ElementTree.fromstring(tree["flux/sud/atom.xml"]).iter(f"{ATOM}entry"))
    assert b"Ferm\xc3\xa9\xc2\xa0: Fanny" in tree["flux/est/atom.xml"]


def test_a_name_rewrites_the_feeds_that_tell_it(market: Market) -> None:
    """A merchant of no feed touches none; one that is told of touches its region's and the whole."""
    market.build()
    market.edit(ALIX, "name: Boulangerie Alix", "name: Boulangerie Alixe")
    assert not [path for path in market.build().written if "atom.xml" in path]

    market.edit(FANNY, "name: Fanny", "name: Fannie")

    assert {path for path in market.build().written if "/atom.xml" in path} == {
        "/flux/atom.xml", "/flux/est/atom.xml", "/en/feeds/atom.xml", "/en/feeds/est/atom.xml",
    }  # fmt: skip


def test_feeds_are_linked_where_they_belong(market: Market) -> None:
    """Every page leads to the market's feeds, a region's to its own."""
    market.build()
    tree = market.tree()
    links = '//link[@rel="alternate"][contains(@type, "feed") or contains(@type, "atom")]/@href'
    home = etree.HTML(tree["index.html"].decode()).xpath(links)
    north = etree.HTML(tree["en/regions/nord/index.html"].decode()).xpath(links)

    assert home == ["/flux/atom.xml", "/flux/feed.json"]
    assert north[2:] == ["/en/feeds/nord/atom.xml", "/en/feeds/nord/feed.json"]


def test_security_txt_has_a_contact_and_an_end(market: Market) -> None:
    """It is published where somebody can be told, and ends within a year of the site's day."""
    market.build()
    assert ".well-known/security.txt" not in market.tree()

    market.edit("halles.toml", "page_size", 'contact = "garde@marche.example"\npage_size')
    market.build()
    lines = market.tree()[".well-known/security.txt"].decode().splitlines()

    assert "Contact: mailto:garde@marche.example" in lines
    assert "Expires: 2027-05-01T00:00:00Z" in lines
    assert market.clean() == market.said()


def test_a_language_less_is_one_less_for_machines(market: Market) -> None:
    """Headers, redirects and security.txt name no language that the site has given up."""
    market.edit("halles.toml", "page_size", 'contact = "garde@marche.example"\npage_size')
    market.build()
    assert b"Preferred-Languages: fr, en\n" in market.tree()[".well-known/security.txt"]
    market.edit("halles.toml", '["fr", "en"]', '["fr"]')
    market.build()

    assert b"Preferred-Languages: fr\n" in market.tree()[".well-known/security.txt"]
    assert not [f for f in ("_headers", "_redirects") if b"/en/search/" in market.tree()[f]]
    assert market.clean() == market.said()


def test_the_state_counts_what_there_is(market: Market) -> None:
    """Open and closed merchants, products of the open ones; it is silent while nothing changes."""
    market.build()
    state = json.loads(market.tree()["etat.json"])

    assert state["day"] == "2026-05-01"
    assert state["snapshot"] is None
    assert state["counts"] == {
        "merchants": 5, "closed": 1, "products": 7, "regions": 3, "categories": 5
    }  # fmt: skip
    assert market.build().written == []


def test_another_contact_renders_no_page(market: Market) -> None:
    """What only files for machines say is none of the pages' business, but for open data's own."""
    market.build()
    market.edit("halles.toml", "page_size", 'contact = "garde@marche.example"\npage_size')

    outcome = market.build()

    assert {path for path in outcome.why if path.endswith("/")} <= {"/donnees/", "/en/data/"}
    assert "/humans.txt" in outcome.written


def test_the_sitemap_repeats_the_day_of_the_last_change(market: Market) -> None:
    """Where a record says when it changed, its pages do; where it says nothing, nothing is said."""
    market.build()
    assert b"lastmod" not in market.tree()["sitemap.xml"]

    market.edit(ALIX, "region:", "updated_on: 2026-04-15\nregion:")
    market.build()
    body = market.tree()["sitemap.xml"]

    assert b"/commerces/alix/</loc><lastmod>2026-04-15</lastmod>" in body
    assert b"/produits/alix_miche/</loc><lastmod>2026-04-15</lastmod>" in body
    assert b"/commerces/berthe/</loc></url>" in body
    assert market.clean() == market.said()
