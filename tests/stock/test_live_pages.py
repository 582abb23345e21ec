"""Which pages are kept up to date while they are open."""

from halles.stock.arrival import Feeds, Given
from tests.market import Market


def test_a_product_is_kept_up_to_date_only_if_a_seller_takes_part(market: Market) -> None:
    """Whoever else is laid out in the same breath takes part or not: it changes nothing."""
    for store, sku, kept in (("dalia", "BRIE", False), ("berthe", "CONF", True)):
        path = market.root / f"{store}.csv"
        path.write_text(f"store_code,id,quantity,timestamp\n{store},{sku},1,2026-06-01T08:00\n")
        market.build(full=True, feeds=Feeds((Given(path, True),), clock=2_000_000_000))
        page = market.read("output/produits/0624153607116/index.html")

        assert kept == ("data-stock=" in page)
