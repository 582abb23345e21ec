"""Content meets stock: what is renamed, closed or gone, and comes back, finds its state again."""

from collections.abc import Callable

import pytest

from tests.market import SITE, Market, differences
from tests.stock.arrivals import Stocked, at, feed, local, same_as_clean, told

ALIX = "content/merchants/nord/al/alix.yaml"
BERTHE = "content/merchants/nord/be/berthe.yaml"
GTIN = "0624153607116"
EDITS: dict[str, Callable[[Market], None]] = {
    "an offer is renamed": lambda m: m.edit(ALIX, "sku: MICHE", "sku: PAVE"),
    "an offer is removed": lambda m: m.edit(
        ALIX, '  - {sku: FICELLE, name: Ficelle, price: "2.00", category: pain}\n', ""
    ),
    "an offer loses its GTIN": lambda m: m.edit(ALIX, f'gtin: "{GTIN}", ', ""),
    "all offers go": lambda m: m.write(ALIX, m.read(ALIX).partition("products:")[0]),
    "a store code is taken": lambda m: m.edit(ALIX, "region: nord", "region: nord\nstore_code: RIM"),
    "a store code is taken twice": lambda m: m.edit(
        BERTHE, "region: nord", "region: nord\nstore_code: alix"
    ),
    "a merchant closes": lambda m: m.edit(ALIX, "region: nord", "region: nord\nstatus: closed"),
    "a merchant goes": lambda m: m.remove(ALIX),
    "a merchant breaks": lambda m: m.edit(ALIX, "region: nord", "region: [nord"),
    "a merchant is another": lambda m: (
        m.move(ALIX, ALIX.replace("alix", "alice")),
        m.edit(ALIX.replace("alix", "alice"), "id: alix", "id: alice"),
    )[0],
    "a merchant moves": lambda m: (
        m.move(ALIX, "content/merchants/sud/al/alix.yaml"),
        m.edit("content/merchants/sud/al/alix.yaml", "region: nord", "region: sud"),
    )[0],
    "a region goes": lambda m: (
        m.remove("content/regions/nord.md"), m.remove("content/regions/nord.en.md"),
    )[0],
    "a region is another": lambda m: m.edit("content/regions/nord.md", "fr: Le Nord", "fr: Le Haut"),
    "all merchants go": lambda m: m.remove("content/merchants"),
    "no product has a page": lambda m: m.edit(
        "halles.toml", "page_size", 'product_pages = "none"\npage_size'
    ),
    "only shared products have a page": lambda m: m.edit(
        "halles.toml", "page_size", 'product_pages = "shared"\npage_size'
    ),
    "another language alone": lambda m: m.edit("halles.toml", '["fr", "en"]', '["fr"]'),
    "another zone": lambda m: m.edit("halles.toml", "[site]", '[site]\ntimezone = "Asia/Tokyo"'),
}  # fmt: skip
ROWS = [
    told("alix", "MICHE", 5, price="6.00"),
    told("alix", "FICELLE", 1),
    told("alix", "CONFITURE", 0),
    told("berthe", "CONF", 9),
    told("dalia", "BRIE", 4),
]


def restore(market: Stocked) -> None:
    """Make content and settings what they were at first."""
    market.remove("content")
    for path, text in SITE.items():
        market.write(path, text)


@pytest.fixture
def stocked(market: Stocked) -> Stocked:
    """Return a market in which something is known, and something came back."""
    market.take(feed(*ROWS))
    market.take(feed(*ROWS[:2], told("alix", "CONFITURE", 7), *ROWS[3:], hours=1))
    return market


@pytest.mark.parametrize("edit", EDITS)
def test_there_and_back(stocked: Stocked, edit: str) -> None:
    """An edit is a clean build's site; undone, pages show what feeds had said, as if never done."""
    before = stocked.said()
    EDITS[edit](stocked)
    assert same_as_clean(stocked)
    restore(stocked)

    assert [] == list(differences(stocked.said(), before))


@pytest.mark.parametrize("edit", EDITS)
def test_there_and_back_while_feeds_go_on(stocked: Stocked, edit: str) -> None:
    """A feed that comes in between, of the shops as they are then, is what pages show after."""
    EDITS[edit](stocked)
    later = feed(told("alix", "MICHE", 1), told("dalia", "BRIE", 0), hours=2)
    nobody = edit in ("all merchants go",)
    if not nobody:
        stocked.take(later, accept=True)
        assert same_as_clean(stocked)
    restore(stocked)
    assert same_as_clean(stocked)
    assert nobody or "out" == stocked.shows("/commerces/dalia/")["BRIE"][0]


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_and_a_feed_at_once(stocked: Stocked, edit: str) -> None:
    """One build reads the edit and takes the feed in: the feed is matched with what there is now."""
    if edit == "all merchants go":
        pytest.skip("then no feed has a usable row")
    EDITS[edit](stocked)
    stocked.take(
        feed(told("alix", "PAVE", 1), told("RIM", "MICHE", 1), told("alice", "MICHE", 0),
             told("dalia", "BRIE", 0), hours=2),
        accept=True,
    )  # fmt: skip

    assert same_as_clean(stocked)


def test_what_is_kept_outlives_what_is_listed(stocked: Stocked) -> None:
    """An offer that was removed for a while is in stock since it was, not since it is back."""
    text = stocked.read(ALIX)
    stocked.edit(ALIX, "sku: MICHE", "sku: PAVE")
    stocked.build()
    assert ("unknown", "", "6,50 $") == stocked.shows("/commerces/alix/")["PAVE"]
    assert "MICHE" not in stocked.shards()["alix"]["o"]
    stocked.write(ALIX, text)
    stocked.build()

    assert ("in", local(at(0)), "6,00 $") == stocked.shows("/commerces/alix/")["MICHE"]
    assert [1, 5, 600] == stocked.shards()["alix"]["o"]["MICHE"]


def test_a_store_code_that_two_claim_is_nobodys(stocked: Stocked) -> None:
    """Neither page makes a claim, until one of them lets go."""
    stocked.edit(BERTHE, "region: nord", "region: nord\nstore_code: alix")
    stocked.build()
    for path in ("/commerces/alix/", "/commerces/berthe/", f"/produits/{GTIN}/"):
        assert {} == stocked.shows(path), path
    assert not {"alix", "berthe", GTIN} & stocked.shards().keys()
    stocked.edit(BERTHE, "\nstore_code: alix", "")
    stocked.build()

    assert "in" == stocked.shows("/commerces/alix/")["MICHE"][0]
    assert {"alix", "berthe"} == stocked.shows(f"/produits/{GTIN}/").keys()


def test_a_store_code_passes_to_another(stocked: Stocked) -> None:
    """Who goes by it is whom feeds speak of: the state is the store's, and not the merchant's."""
    stocked.edit(ALIX, "region: nord", "region: nord\nstore_code: ailleurs")
    path = "content/merchants/sud/zo/zoe.yaml"
    stocked.write(
        path,
        stocked.read(ALIX)
        .replace("id: alix", "id: zoe")
        .replace("nord", "sud")
        .replace("ailleurs", "alix"),
    )
    stocked.build()

    assert {} == stocked.shows("/commerces/alix/")
    assert ("limited", local(at(0))) == stocked.shows("/commerces/zoe/")["FICELLE"][:2]
    assert same_as_clean(stocked)


def test_a_closed_shop_makes_no_claim(stocked: Stocked) -> None:
    """Its page says that it closed; its offers are nobody's, and its rows are set aside."""
    stocked.edit(ALIX, "region: nord", "region: nord\nstatus: closed")
    outcome = stocked.take(feed(told("alix", "MICHE", 5), told("dalia", "BRIE", 4), hours=2))

    assert {"closed-store": 1} == outcome.stock.reasons
    page = stocked.read("output/commerces/alix/index.html")
    assert "data-stock" not in page
    assert "makesOffer" not in page
    assert not (stocked.root / "output/commerces/alix/atom.xml").exists()


def test_stock_goes_and_comes_back(stocked: Stocked) -> None:
    """Without data/stock/ it is a market without stock; with it again, the one it was."""
    before = stocked.said()
    plain = Market(stocked.root.parent / "plain").said()
    kept = stocked.root / "data" / "stock"
    kept.rename(stocked.root / "aside")
    assert [] == list(differences(stocked.said(), plain))
    (stocked.root / "aside").rename(kept)

    assert [] == list(differences(stocked.said(), before))
