"""What pages say of stock: in words, to machines, in feeds; and which of them a tick rewrites."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from halles.outcome import Outcome
from halles.pages import LISTINGS
from tests.stock.arrivals import Stocked, at, feed, iso, local, same_as_clean, shop, told

ALIX, BERTHE, DALIA = "/commerces/alix/", "/commerces/berthe/", "/commerces/dalia/"
GTIN = "0624153607116"
SHARED = f"/produits/{GTIN}/"
WORDS = {
    "in_stock": ("in", "En stock", "In stock", "InStock"),
    "limited_availability": ("limited", "Presque épuisé", "Almost gone", "LimitedAvailability"),
    "out_of_stock": ("out", "Épuisé", "Sold out", "OutOfStock"),
    "on_display_to_order": (
        "display", "En démonstration, sur commande", "On display, to order", "MadeToOrder",
    ),
}  # fmt: skip
"""Of each availability: its class, its words, and what search engines are told."""


def words_of(market: Stocked, path: str) -> str:
    """Return what stands on a page to be read, blanks made plain."""
    (main,) = market.page(path).xpath("//main")
    return " ".join(main.text_content().split())


def offer_of(market: Stocked, path: str) -> dict[str, Any]:
    """Return the one offer that a page tells machines of."""
    found: dict[str, Any] = market.ld(path)[0]["offers"]
    return found


# States


@pytest.mark.parametrize("availability", WORDS)
def test_a_state_is_said_in_words_and_to_machines(market: Stocked, availability: str) -> None:
    """On the merchant's page and the product's, in both languages, with since when it holds."""
    market.take(feed(told("alix", "MICHE", "", availability=availability)))
    kind, french, english, schema = WORDS[availability]

    assert (kind, local(at(0))) == market.shows(ALIX)["MICHE"][:2]
    assert (kind, local(at(0))) == market.shows("/produits/alix_miche/")["MICHE"][:2]
    for path in (ALIX, "/produits/alix_miche/"):
        assert f"{french} depuis le 6 janv. 2025, 7 h" in words_of(market, path)
    for path in ("/en/merchants/alix/", "/en/products/alix_miche/"):
        assert f"{english} since Jan 6, 2025, 7 a.m." in words_of(market, path)
    assert (
        f"https://schema.org/{schema}" == offer_of(market, "/produits/alix_miche/")["availability"]
    )
    (there,) = market.ld(ALIX)[0]["makesOffer"]
    assert (f"https://schema.org/{schema}", "Miche") == (
        there["availability"], there["name"],
    )  # fmt: skip


def test_of_the_unknown_machines_are_told_nothing(market: Stocked) -> None:
    """Never listed, or left out since: no availability, and no offer on the merchant's page."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5)))
    market.take(feed(told("alix", "FICELLE", 5), hours=1))

    assert ("unknown", local(at(0))) == market.shows(ALIX)["MICHE"][:2]
    assert ("unknown", "") == market.shows(ALIX)["CONFITURE"][:2]
    assert "Stock inconnu dernière nouvelle le 6 janv. 2025, 7 h" in words_of(market, ALIX)
    assert "availability" not in offer_of(market, "/produits/alix_miche/")
    assert ["Ficelle"] == [o["name"] for o in market.ld(ALIX)[0]["makesOffer"]]


def test_a_merchant_that_no_feed_named_makes_no_claim(market: Stocked) -> None:
    """Its pages are what they would be in a market without stock: no word, no mark, no script."""
    market.build()
    before = market.tree()
    market.take(feed(told("alix", "MICHE", 5)))
    after = market.tree()

    quiet = [
        p for p in before
        if re.match(r"(commerces/(?!alix)|produits/dalia|en/merchants/d).*\.html", p)
    ]  # fmt: skip
    assert len(quiet) >= 6
    for path in quiet:
        assert b"data-stock" not in after[path], path
        assert b"stock.js" not in after[path], path
        assert (
            (before[path].split(b"<main")[1].split(b"</main")[0])
            == (after[path].split(b"<main")[1].split(b"</main")[0])
        )
    assert "availability" not in json.dumps(market.ld(DALIA))


def test_a_script_stands_only_where_there_is_something_live(market: Stocked) -> None:
    """The script of the stock, on listings and on pages that name their shard, which has what they show."""
    market.take(feed(told("alix", "MICHE", 5), told("berthe", "CONF", 5)))
    manifest, live = market.manifest(), 0
    for path in market.tree():
        if not path.endswith(".html"):
            continue
        page = html.document_fromstring((market.root / "output" / path).read_bytes())
        scripts = page.xpath("//script[contains(@src, '/stock-')]/@src")
        (stock,) = (page.xpath("string(//body/@data-stock)"),)
        listing = page.xpath("string(//main/@class)") in LISTINGS
        assert bool(stock or listing) == bool(scripts), path
        if not stock:
            assert [] == page.xpath("//*[@data-sku] | //*[@data-state]"), path
            continue
        live += 1
        family, number = stock[0], int(stock[1:])
        name = manifest[family][8 * number : 8 * number + 8]
        shard = json.loads(market.read(f"output/stock/{stock}-{name}.json"))
        keys = page.xpath("//*[@data-gtin]/@data-gtin") or page.xpath("//@data-merchant")
        assert set(keys) <= shard.keys(), path
    assert live == 2 * (2 + 2 + 1 + 1), "two shops, Alix's two, Berthe's pie, the jam; twice"


# Prices


def test_the_price_is_the_feeds(market: Stocked) -> None:
    """Where it says one: on every page, and to machines; where it says none, content's stands."""
    market.take(
        feed(told("alix", "MICHE", 5, price="7.25"), told("alix", "FICELLE", 5, price="")),
        feed(told("berthe", "CONF", 5, price="6.00 CAD")),
    )

    assert ("7,25 $", "2,00 $") == (
        market.shows(ALIX)["MICHE"][2],
        market.shows(ALIX)["FICELLE"][2],
    )
    assert "7.25" == offer_of(market, "/produits/alix_miche/")["price"]
    aggregate = offer_of(market, SHARED)
    assert ("6.00", "8.00", 2) == (
        aggregate["lowPrice"], aggregate["highPrice"], aggregate["offerCount"],
    )  # fmt: skip
    assert "6,00 $ à 8,00 $" in words_of(market, SHARED)


def test_a_price_goes_with_what_is_known(market: Stocked) -> None:
    """A feed's price of an offer that is unknown by now is shown nowhere, nor is the one before."""
    market.take(feed(told("alix", "MICHE", 5, price="7.25"), told("alix", "FICELLE", 5)))
    market.take(feed(told("alix", "FICELLE", 5), hours=1))

    for path in (ALIX, "/produits/alix_miche/", "/en/products/alix_miche/"):
        assert "" == market.shows(path)["MICHE"][2], path
    assert "price" not in offer_of(market, "/produits/alix_miche/")
    text = words_of(market, ALIX) + words_of(market, "/produits/alix_ficelle/")
    assert not re.search(r"7,25|6,50", text)


def test_a_sale_is_shown_while_it_holds(market: Stocked) -> None:
    """Both prices and its last day; when another store's feed is of later, the old price is back."""
    sale = {"sale_price": "5.00", "sale_price_effective_date": "2025-01-01/2025-01-10"}
    market.take(feed(told("alix", "MICHE", 5, price="6.00", **sale)))
    offer = offer_of(market, "/produits/alix_miche/")

    assert "6,00 $ 5,00 $ jusqu’au 10 janvier 2025" == market.shows(ALIX)["MICHE"][2]
    assert "$5.00 until January 10, 2025" in words_of(market, "/en/merchants/alix/")
    assert ("5.00", "2025-01-10") == (offer["price"], offer["priceValidUntil"])
    market.take(feed(told("dalia", "BRIE", 5, timestamp="2025-01-11T05:00:00Z")))
    assert "6,00 $" == market.shows(ALIX)["MICHE"][2]
    assert "6.00" == offer_of(market, "/produits/alix_miche/")["price"]
    assert [1, 5, 600] == market.shards()["alix"]["o"]["MICHE"][:3]
    assert same_as_clean(market)


def test_a_sale_begins_in_its_hour(market: Stocked) -> None:
    """A sale that was announced is not shown before; then it is, though its store said no more."""
    sale = {"sale_price": "5.00", "sale_price_effective_date": "2025-01-07/2025-01-10"}
    market.take(feed(told("alix", "MICHE", 5, price="6.00", **sale)))
    assert "6,00 $" == market.shows(ALIX)["MICHE"][2]
    market.take(feed(told("dalia", "BRIE", 5), hours=24))

    assert market.shows(ALIX)["MICHE"][2].startswith("6,00 $ 5,00 $")
    assert same_as_clean(market)


def test_a_sale_without_an_end_names_none(market: Stocked) -> None:
    """Nor does one whose end nobody will see."""
    for ends in ("", "2025-01-01/9999-12-31"):
        sale = {"sale_price": "5.00", "sale_price_effective_date": ends}
        market.take(feed(told("alix", "MICHE", 5, price="6.00", **sale)))

        assert "6,00 $ 5,00 $" == market.shows(ALIX)["MICHE"][2]
        assert "priceValidUntil" not in offer_of(market, "/produits/alix_miche/")


def test_a_sale_is_prolonged(market: Stocked) -> None:
    """The same price until another day is another page."""
    for hours, ends in enumerate(("2025-01-10", "2025-01-20", "2025-01-08")):
        sale = {"sale_price": "5.00", "sale_price_effective_date": f"2025-01-01/{ends}"}
        market.take(feed(told("alix", "MICHE", 5, price="6.00", **sale), hours=hours))

        assert f"jusqu’au {int(ends[-2:])} janvier" in market.shows(ALIX)["MICHE"][2]
        assert same_as_clean(market)


# Who has it


def test_who_has_it_comes_first(market: Stocked) -> None:
    """On a GTIN's page sellers stand by state, then price; who takes no part counts as unknown."""
    path = "content/merchants/sud/{}/{}.yaml"
    for name in ("zed", "yan", "xavi"):
        market.write(
            path.format(name[:2], name),
            f'id: {name}\nname: {name}\nregion: sud\ncategories: [lire]\nproducts:\n  - {{sku: C, gtin: "{GTIN}", name: Confiture, price: "9.00"}}\n',
        )
    market.take(
        feed(told("alix", "CONFITURE", 0), told("berthe", "CONF", 2), told("zed", "C", 9),
             told("yan", "C", "", availability="on display to order"))
    )  # fmt: skip

    order = market.page(SHARED).xpath("//main//li/div/a[1]/@href")
    assert ["zed", "berthe", "yan", "xavi", "alix"] == [
        h.split("/")[2] for h in order if "commerces" in h
    ]
    assert {"zed": "in", "berthe": "limited", "yan": "display", "alix": "out"} == {
        name: state for name, (state, _, _) in market.shows(SHARED).items()
    }
    assert {"zed", "berthe", "yan", "alix"} == market.shards()[GTIN].keys()
    assert same_as_clean(market)


def test_a_listing_says_nothing_of_stock(market: Stocked) -> None:
    """A tick that turns every state leaves each listing as it is, and does not look at it."""
    rows = [("alix", "MICHE"), ("alix", "CONFITURE"), ("berthe", "CONF"), ("dalia", "BRIE")]
    market.take(feed(*(told(s, k, 5) for s, k in rows)))
    before = market.tree()
    outcome = market.take(feed(*(told(s, k, 0) for s, k in rows), hours=1))

    assert 4 == outcome.stock.flipped
    changed = {p for p, b in market.tree().items() if b != before.get(p)}
    listings = re.compile(r"^(en/)?(regions|categor|origin|campa|index|recherche|sitemap)")
    assert [] == [
        p for p in changed if listings.search(p) and "retour" not in p and "restocked" not in p
    ]
    assert [] == [p for p in outcome.why if re.search(r"/(regions|categor)[^/]*/[^/]+/(page|$)", p)]


# Back in stock


def back(market: Stocked) -> None:
    """Let three offers be out, then two of them come back, an hour apart."""
    market.take(
        feed(
            told("alix", "MICHE", 0, price="6.25"),
            told("berthe", "CONF", 0),
            told("berthe", "TARTE", 0),
        )
    )
    market.take(feed(told("alix", "MICHE", 5, price="6.25"), hours=1))
    market.take(feed(told("berthe", "CONF", 5), told("berthe", "TARTE", 0), hours=2))


def restocked(market: Stocked, region: str = "nord") -> str:
    """Return the French address of a region's page of what came back."""
    found = [
        f"/{p.removesuffix('atom.xml')}" for p in market.tree() if p.endswith(f"/{region}/atom.xml")
    ]
    (path,) = (p for p in found if not p.startswith(("/en/", "/flux/")))
    return path


def test_a_regions_page_tells_what_came_back(market: Stocked) -> None:
    """The newest first, with its shop, its hour and its price; another region's says nothing did."""
    back(market)

    items = market.page(restocked(market)).xpath('//ul[@class="backs"]/li')
    found = [" ".join(item.text_content().split()) for item in items]
    assert [
        "Confiture Chez Berthe, Matane de retour le 6 janv. 2025, 9 h 7,50 $",
        "Miche Boulangerie Alix, Rimouski de retour le 6 janv. 2025, 8 h 6,25 $",
    ] == found
    assert "Rien n’est revenu" in words_of(market, restocked(market, region="sud"))
    assert same_as_clean(market)


def test_what_went_again_is_not_told(market: Stocked) -> None:
    """Out, left out or unconfirmed for a week: it is not back any more."""
    back(market)
    market.take(feed(told("berthe", "CONF", 0), told("berthe", "TARTE", 0), hours=3))
    assert "Confiture" not in words_of(market, restocked(market))
    market.take(feed(told("dalia", "BRIE", 5), hours=24 * 9))

    assert "Rien n’est revenu" in words_of(market, restocked(market))
    assert not [p for p in market.tree() if "alix/atom" in p]
    assert same_as_clean(market)


def test_what_went_again_takes_nobodys_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as a page has are told of what is there, however many came back and went since."""
    monkeypatch.setattr("halles.restocked.NEWEST", 2)
    shops = ("sa", "sb", "sc", "sd")
    market = Stocked(tmp_path / "m", *(shop(name, 1) for name in shops))
    market.take(feed(*(told(name, "P0", 0) for name in shops)))
    market.take(feed(told("sa", "P0", 5), *(told(name, "P0", 0) for name in shops[1:]), hours=1))
    market.take(feed(*(told(name, "P0", 5) for name in shops), hours=2))
    out = (told(name, "P0", 0) for name in shops[1:])
    market.take(feed(told("sa", "P0", 5), *out, hours=3), accept=True)

    assert "Chez sa" in words_of(market, restocked(market))
    assert same_as_clean(market)


def test_what_is_sold_no_more_takes_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offers that their merchant has taken away leave room for those that came back and are there."""
    monkeypatch.setattr("halles.restocked.NEWEST", 2)
    market = Stocked(tmp_path / "m", shop("sa", 4))
    for hours, count in enumerate((0, 5)):
        market.take(feed(*(told("sa", f"P{i}", count) for i in range(4)), hours=hours), accept=True)
    for sku in ("P0", "P1"):
        name = f'  - {{sku: {sku}, name: Produit {sku[1]}, price: "10.00"}}\n'
        market.edit("content/merchants/nord/sa/sa.yaml", name, "")
    market.build()

    items = market.page(restocked(market)).xpath('//ul[@class="backs"]/li/div/a')
    assert ["Produit 2", "Produit 3"] == [item.text_content() for item in items]
    assert same_as_clean(market)


ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_atom_feed_is_one(market: Stocked, lang: str) -> None:
    """Valid XML, as RFC 4287 wants it: ids of their own, dates of RFC 3339, links that lead."""
    market.edit("content/merchants/nord/al/alix.yaml", "name: Miche", "name: Miche & <b>mie</b>")
    back(market)
    feeds = [
        p
        for p in market.tree()
        if p.endswith("atom.xml")
        and p.startswith("en/") == (lang == "en")
        and not p.startswith(("flux/", "en/feeds/"))
    ]
    ids = []
    for path in feeds:
        root = etree.fromstring(market.tree()[path])
        assert f"{ATOM}feed" == root.tag
        assert f"{lang}-CA" == root.get("{http://www.w3.org/XML/1998/namespace}lang")
        for node in (root, *root.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert 1 == len(node.findall(f"{ATOM}{name}")), (path, name)
            when = node.findtext(f"{ATOM}updated") or ""
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", when), when
            assert datetime.fromisoformat(when).tzinfo
            (link,) = node.findall(f"{ATOM}link[@rel='alternate']")
            assert there(market, link.get("href") or ""), link.get("href")
        assert f"https://marche.example/{path}" == root.findtext(f"{ATOM}id")
        entries = root.findall(f"{ATOM}entry")
        own = [e.findtext(f"{ATOM}id") or "" for e in entries]
        assert len(own) == len(set(own))
        ids.append(sorted(own))
    assert ["alix", "berthe", "est", "nord", "sud"] == sorted(p.split("/")[-2] for p in feeds)
    assert sorted(map(len, ids)) == [0, 0, 1, 1, 2]


def there(market: Stocked, url: str) -> bool:
    """Tell whether an address of the site, anchor and all, leads somewhere."""
    path, _, anchor = url.removeprefix("https://marche.example").partition("#")
    page = market.page(path)
    return not anchor or bool(page.xpath("//*[@id=$id]", id=anchor))


def test_two_returns_are_two_entries(market: Stocked) -> None:
    """An offer that came back again is news again, to whoever follows."""
    feed_of = "output/commerces/alix/atom.xml"
    market.take(feed(told("alix", "MICHE", 0)))
    market.take(feed(told("alix", "MICHE", 5), hours=1))
    first = market.read(feed_of)
    market.take(feed(told("alix", "MICHE", 0), hours=2))
    assert not (market.root / feed_of).exists()
    market.take(feed(told("alix", "MICHE", 5), hours=3))
    second = market.read(feed_of)

    ids = [re.findall(r"<id>(.*?)</id>", text)[1] for text in (first, second)]
    assert len(set(ids)) == 2
    assert iso(at(1))[:13] not in ids[1]


@pytest.mark.parametrize("policy", ["shared", "none"])
def test_entries_lead_somewhere_without_product_pages(market: Stocked, policy: str) -> None:
    """To the product's page where there is one, else to its place on the merchant's."""
    market.edit("halles.toml", "page_size", f'product_pages = "{policy}"\npage_size')
    back(market)
    for path, body in market.tree().items():
        if path.endswith("atom.xml"):
            for link in etree.fromstring(body).findall(f".//{ATOM}entry/{ATOM}link"):
                assert there(market, link.get("href") or ""), link.get("href")
    assert same_as_clean(market)


# Work done


def french(paths: object) -> set[str]:
    """Return the files in French, or in no language, with their hashes cut off.

    Open data and how the site stands are looked at apart (test_files_for_machines.py).
    """
    assert isinstance(paths, list | dict)
    apart = ("/en/", "/donnees/", "/etat.json")
    return {re.sub(r"-[0-9a-f]{8}\.json$", ".json", p) for p in paths if not p.startswith(apart)}


ROWS = [
    ("alix", "MICHE"),
    ("alix", "CONFITURE"),
    ("alix", "FICELLE"),
    ("berthe", "CONF"),
    ("dalia", "BRIE"),
]


def tick(market: Stocked, sku: str, quantity: int) -> Outcome:
    """Let an hour pass in which one offer of Alix's changed."""
    market.take(feed(*(told(s, k, 0 if k == sku else 9) for s, k in ROWS)))
    market.take(feed(*(told(s, k, 0 if k == sku else 9) for s, k in ROWS), hours=1))
    return market.take(feed(*(told(s, k, quantity if k == sku else 9) for s, k in ROWS), hours=2))


def test_a_quantity_rewrites_no_page(market: Stocked) -> None:
    """Eight or nine of them is for the shards: those that say so, and the manifest."""
    market.take(feed(*(told(s, k, 9) for s, k in ROWS)))
    outcome = market.take(
        feed(*(told(s, k, 8 if k == "CONFITURE" else 9) for s, k in ROWS), hours=1)
    )

    assert {"/stock/m188.json", "/stock/p234.json", "/stock/manifest.json"} == french(
        outcome.written
    )
    assert ([], 0) == (outcome.removed, outcome.rendered)
    assert (1, 0) == (outcome.stock.accepted, outcome.stock.flipped)


def test_a_confirmation_rewrites_the_manifest_alone(market: Stocked) -> None:
    """Everything as an hour ago: whoever looks is told so by one small file."""
    market.take(feed(*(told(s, k, 9) for s, k in ROWS)))
    outcome = market.take(feed(*(told(s, k, 9) for s, k in ROWS), hours=1))

    assert {"/stock/manifest.json"} == french(outcome.written)
    assert 0 == outcome.rendered


def test_a_flip_rewrites_what_shows_it(market: Stocked) -> None:
    """An offer that goes: its shop, its product, their shards, the manifest, and nothing else."""
    market.take(feed(*(told(s, k, 9) for s, k in ROWS)))
    outcome = market.take(feed(*(told(s, k, 0 if k == "MICHE" else 9) for s, k in ROWS), hours=1))

    expected = {ALIX, "/produits/alix_miche/", "/stock/m188.json", "/stock/manifest.json"}
    assert expected == french(outcome.written) == french(outcome.why)


def test_a_return_rewrites_what_tells_of_it(market: Stocked) -> None:
    """An offer that comes back: these, and the region's page, its feed and the shop's."""
    outcome = tick(market, "CONFITURE", 5)
    region = restocked(market)

    assert {
        ALIX, f"{ALIX}atom.xml", SHARED, region, f"{region}atom.xml",
        "/stock/m188.json", "/stock/p234.json", "/stock/manifest.json",
    } == french(outcome.written)  # fmt: skip
    assert same_as_clean(market)


def test_an_edit_rewrites_no_stock(market: Stocked) -> None:
    """Another e-mail is one page in two languages, and a card: no shard, nothing restocked."""
    market.take(feed(*(told(s, k, 9) for s, k in ROWS)))
    market.edit("content/merchants/nord/al/alix.yaml", "bonjour@", "salut@")

    assert {ALIX, f"{ALIX}fiche.vcf"} == french(market.build().written)
