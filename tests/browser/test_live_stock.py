"""A market with stock, built, served and open in a browser while the next snapshot is built."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Shop
from tests.stock.arrivals import at, feed, iso, local, told

pytestmark = pytest.mark.browser
ALIX, MICHE = "/commerces/alix/", "/produits/alix_miche/"
SHARED = "/produits/0624153607116/"
NOW = iso(at(3))
"""What time the browser thinks it is: the afternoon of the same day, in Montréal."""


Visit = Callable[..., Any]


@pytest.fixture
def visit(shop: Shop, chromium: Any) -> Iterator[Visit]:
    """Return what opens a page; at the end no console may have said anything.

    What the browser itself notes of a request that failed is not the page's.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def visited(path: str, script: bool = True) -> Any:
        context = chromium.new_context(java_script_enabled=script, timezone_id="Asia/Tokyo")
        contexts.append(context)
        context.set_default_timeout(5000)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        if script:
            page.clock.set_fixed_time(NOW)
        page.goto(shop.base + path)
        page.wait_for_load_state("networkidle")
        return page

    yield visited
    for context in contexts:
        context.close()

    assert [] == [said for said in complaints if "Failed to load resource" not in said]


def wake(page: Any) -> None:
    """Let a page look for news at once and not within a minute."""
    page.evaluate("window.same = true; window.dispatchEvent(new Event('online'))")
    page.wait_for_load_state("networkidle")


def said(page: Any, selector: str = "main") -> str:
    """Return what stands there to be seen, blanks made plain, but for the list's and the hour's."""
    words: str = page.locator(selector).evaluate(
        """e => {
          const own = e.querySelectorAll('.add button, .now');
          own.forEach(b => b.hidden = true);
          const said = e.innerText;
          own.forEach(b => b.hidden = false);
          return said;
        }"""
    )
    return " ".join(words.split())


def line(sku: str) -> str:
    """Return how to find an offer's line on its merchant's page."""
    return f"li[data-sku={sku}]"


def shows(page: Any, selector: str, *words: str) -> None:
    """Wait until all of these words stand there to be seen."""
    for some in words:
        expect(page.locator(selector)).to_contain_text(some, use_inner_text=True, timeout=5000)


def test_an_open_page_follows_the_stock(shop: Shop, visit: Visit) -> None:
    """State, quantity, price and hour, without a reload; what did not change stays."""
    page = visit(ALIX)
    shows(page, line("MICHE"), "En stock", "Il en reste 5", "6,50")
    shows(page, "section.slate > .checked", "érifié à 7 h 00")
    ficelle = said(page, line("FICELLE"))
    shop.tick(1, MICHE=(1, "6.75"), CONFITURE=(0, "8.00"))
    wake(page)

    shows(page, line("MICHE"), "Presque épuisé", "Il en reste 1", "6,75")
    shows(page, line("CONFITURE"), "Épuisé")
    shows(page, "section.slate > .checked", "érifié à 8 h 00")
    assert "reste" not in said(page, line("CONFITURE"))
    assert "depuis" not in said(page, line("MICHE")), "since when, it was not built with"
    assert ficelle == said(page, line("FICELLE"))
    shows(page, "#stock-news", "Le stock de cette page vient de changer.")
    assert page.evaluate("window.same"), "it was not loaded again"


def test_a_page_opened_anew_says_the_same(shop: Shop, visit: Visit) -> None:
    """What the script wrote on the old page is what the new one was built with, and since when."""
    page = visit(ALIX)
    shop.tick(1, MICHE=(1, "6.75"))
    wake(page)
    shows(page, line("MICHE"), "Presque épuisé")
    new = visit(ALIX)

    shows(new, line("MICHE"), "depuis le 6 janv. 2025, 8 h", "Il en reste 1")
    old = said(page, line("MICHE"))
    assert old == said(new, line("MICHE")).replace("depuis le 6 janv. 2025, 8 h ", "")


def test_a_product_page_follows_its_one_seller(shop: Shop, visit: Visit) -> None:
    """Its price is the page's own; the hour is the seller's."""
    page = visit(MICHE)
    shows(page, ".slate", "En stock", "Il en reste 5", "6,50", "érifié à 7 h 00")
    shop.tick(2, MICHE=(0, "6.75"))
    wake(page)

    shows(page, ".slate", "Épuisé", "6,75", "érifié à 9 h 00")
    assert "reste" not in said(page, ".slate")


def test_a_product_page_follows_each_seller(shop: Shop, visit: Visit) -> None:
    """Two sell it: one sells out, the other has it again, each in its own line."""
    page = visit(SHARED)
    alix, berthe = "li[data-merchant=alix]", "li[data-merchant=berthe]"
    shows(page, alix, "En stock", "Il en reste 4")
    shows(page, berthe, "Épuisé")
    shop.tick(1, CONFITURE=(0, "8.00"), CONF=(2, "7.00"))
    wake(page)

    shows(page, alix, "Épuisé", "érifié à 8 h 00", "8,00")
    shows(page, berthe, "Presque épuisé", "Il en reste 2", "7,00")
    assert "reste" not in said(page, alix)


def test_it_is_said_in_english_on_english_pages(shop: Shop, visit: Visit) -> None:
    """Words, hours and prices, as English readers write them."""
    page = visit("/en/merchants/alix/")
    shows(page, line("MICHE"), "In stock", "5 left", "$6.50", "since Jan 6, 2025, 7 a.m.")
    shows(page, "section.slate > .checked", "hecked at 7:00 am")
    shop.tick(1, MICHE=(1, "6.75"), FICELLE=(0, "2.00"))
    wake(page)

    shows(page, line("MICHE"), "Almost gone", "1 left", "$6.75")
    shows(page, line("FICELLE"), "Sold out")
    shows(page, "section.slate > .checked", "hecked at 8:00 am")
    shows(page, "#stock-news", "The stock on this page has just changed.")


def test_a_listing_says_when_stock_was_told_of(shop: Shop, visit: Visit) -> None:
    """It bakes none in, and follows the manifest alone."""
    page = visit("/regions/nord/")
    shows(page, "[data-newest]", "érifié à 7 h 00")
    shop.tick(2)
    wake(page)

    shows(page, "[data-newest]", "érifié à 9 h 00")


def test_without_a_script_a_page_stands_as_built(shop: Shop, visit: Visit) -> None:
    """State, price and since when are there to be read; after the next build, the new ones."""
    page = visit(ALIX, script=False)
    assert "En stock depuis le 6 janv. 2025, 7 h 6,50 $" in said(page, line("MICHE"))
    assert local(at(0)) == page.locator(f"{line('MICHE')} time").get_attribute("datetime")
    assert "reste" not in said(page)
    assert "érifié à" not in said(page)
    shop.tick(1, MICHE=(0, "6.75"))
    page.reload()

    assert "Épuisé depuis le 6 janv. 2025, 8 h 6,75 $" in said(page, line("MICHE"))


def test_with_the_server_gone_a_page_stands(shop: Shop, visit: Visit) -> None:
    """What it said it says still, and that it could not learn more; no word is lost."""
    page = visit(ALIX)
    shows(page, line("MICHE"), "Il en reste 5")
    before = said(page, "section.slate > ul")
    shop.close()
    wake(page)

    shows(page, "section.slate > [data-stale]", "la mise à jour n’a pas pu être chargée")
    assert before == said(page, "section.slate > ul")
    shop.open()


def test_without_its_shards_a_page_stands_as_built(shop: Shop, visit: Visit) -> None:
    """A mirror that lacks them shows what was baked, and no word of a mishap it cannot judge."""
    plain = said(visit(ALIX, script=False))
    for path in (shop.market.root / "output" / "stock").glob("m*"):
        path.unlink()
    page = visit(ALIX)
    wake(page)

    assert plain == said(page)


def test_a_sale_keeps_its_end_under_the_script(shop: Shop, visit: Visit) -> None:
    """The last day of a sale, which no shard says, does not go when the script has looked."""
    sale = {"sale_price": "5.00", "sale_price_effective_date": "2025-01-01/2025-01-10"}
    shop.market.take(feed(told("alix", "MICHE", 5, price="6.50", **sale), hours=1), accept=True)
    plain = "6,50 $ 5,00 $ jusqu’au 10 janvier 2025"
    page = visit(ALIX)
    shows(page, line("MICHE"), "Il en reste 5")

    assert plain in said(page, line("MICHE"))
    wake(page)
    assert plain in said(page, line("MICHE"))
