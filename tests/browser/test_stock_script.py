"""stock.js on small pages of its own, from a real server that changes, fails and goes away."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_reading import PALE
from tests.market import HERE

pytestmark = pytest.mark.browser
expect.set_options(timeout=15_000)  # for all tests: a busy machine takes its time

STATIC = HERE / "themes/marche/static"
SCRIPT = (STATIC / "stock.js").read_bytes()
BENEATH = (STATIC / "shards.js").read_bytes()
"""What it reads the stock with; the list does too."""
STYLE = (STATIC / "marche.css").read_bytes()
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
)
EMPTY = "00000000"
UNKNOWN, IN, LIMITED, OUT, DISPLAY = range(5)


def utc(*when: int) -> int:
    """Return a moment in epoch seconds."""
    return int(datetime(*when, tzinfo=UTC).timestamp())  # type: ignore[misc, arg-type]


BAKED = utc(2025, 11, 22, 15, 0)
"""Ten in the morning in Montréal."""
NOON = utc(2025, 11, 22, 17, 0)
AT = utc(2025, 11, 22, 19, 5)
NOW = utc(2025, 11, 23, 3, 30)
"""Half past ten in the evening of the 22nd in Montréal; the 23rd in London and in Tokyo."""

FRENCH = {
    "in": "En stock",
    "limited": "Presque épuisé",
    "out": "Épuisé",
    "display": "En démonstration, sur commande",
    "unknown": "Stock inconnu",
    "left": "Il en reste {n}",
    "today": "vérifié à {time}",
    "earlier": "vérifié le {day} à {time}",
    "changed": "Le stock de cette page vient de changer.",
    "stale": "Stock au {day}, {time} : la mise à jour n’a pas pu être chargée.",
}
ENGLISH = {
    "in": "In stock",
    "limited": "Almost gone",
    "out": "Sold out",
    "display": "On display, to order",
    "unknown": "Stock unknown",
    "left": "{n} left",
    "today": "checked at {time}",
    "earlier": "checked {day} at {time}",
    "changed": "The stock on this page has just changed.",
    "stale": "Stock as of {day}, {time}: the update could not be loaded.",
}

OFFER = """<li data-merchant="alix" data-sku="PAIN" id="pain">
<span class="state is-in" data-state>En stock</span> <span data-quantity hidden></span>
<span data-since>depuis le 3 novembre</span> <span data-verified hidden></span>
<span data-price>6,50 $</span></li>"""
BUILT = "En stock depuis le 3 novembre 6,50 $"
SHOP = f'<section data-merchant="alix"><ul>{OFFER}</ul><p id="shop" data-verified hidden></p></section>'
SELLERS = """<div data-gtin="0624153607116">
<p data-merchant="alix" id="alix"><span class="state is-in" data-state>En stock</span>
<span data-price>6,50 $</span> <span data-verified hidden></span></p>
<p data-merchant="bois" id="bois"><span class="state is-out" data-state>Épuisé</span>
<span data-price>7,00 $</span> <span data-verified hidden></span></p></div>
<p data-merchant="cire" data-gtin="0624153607116" id="cire">
<span class="state is-unknown" data-state>Stock inconnu</span></p>"""


def document(body: str, stock: str = "m1", words: dict[str, str] = FRENCH) -> bytes:
    """Return a page as the theme would make it, about stock."""
    lang = "fr" if words is FRENCH else "en"
    said = "".join(f' data-{k}="{v}"' for k, v in words.items())
    named = f' data-stock="{stock}" data-at="{BAKED}"' if stock else ""
    return f"""<!doctype html><html lang="{lang}-CA"><head><meta charset="utf-8"><title>t</title>
<link rel="icon" href="/icon.svg"><script type="module" src="/stock.js"></script></head><body{named}>
<div id="stock-words" hidden{said} data-zone="America/Montreal"></div>
<main>{body}<p data-stale hidden></p></main><p id="stock-news" role="status" aria-live="polite"></p>
</body></html>""".encode()


class Server:
    """A web server whose files are a dict, and which can be closed and opened again."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {
            "/stock.js": SCRIPT,
            "/shards.js": BENEATH,
            "/marche.css": STYLE,
            "/icon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        }
        self.asked: list[str] = []
        self.then: dict[str, Callable[[], None]] = {}
        """What happens when a path is asked for, just before it is answered."""
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.port = 0
        self.open()

    def open(self) -> None:
        """Listen, at the same address as before."""
        me = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path
                if path.startswith("/stock/"):
                    me.asked.append(path.removeprefix("/stock/"))
                    me.may_answer.wait(10)
                    me.then.pop(path, lambda: None)()
                body = me.files.get(path)
                kind = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}.get(
                    path.rpartition(".")[2], "application/json" if "." in path else "text/html"
                )
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", POLICY)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *words: object) -> None:
                pass

        class Reopened(ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Reopened(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self.server.shutdown()
        self.server.server_close()

    def publish(self, shard: object, *, at: int = AT, name: str = "m1", hash: str = "") -> None:
        """Publish a snapshot: a shard, then the manifest that names it."""
        body = json.dumps(shard).encode()
        hash = hash or f"{hash_of(body):08x}"
        family, number = name[0], int(name[1:])
        self.files[f"/stock/{name}-{hash}.json"] = body
        self.manifest({"at": at, family: EMPTY * number + hash + "1234abcd"})

    def manifest(self, value: object) -> None:
        """Publish a manifest as it is given."""
        self.files["/stock/manifest.json"] = (
            value if isinstance(value, bytes) else json.dumps(value).encode()
        )

    def take_asked(self) -> list[str]:
        """Return what was asked of /stock/ since the last time."""
        asked, self.asked[:] = [*self.asked], []
        return asked


def hash_of(body: bytes) -> int:
    """Return a number that tells one body from another."""
    return sum((i + 1) * b for i, b in enumerate(body)) % 2**32


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a server of one's own."""
    server = Server()
    yield server
    server.may_answer.set()
    server.close()


Open = Callable[..., Any]


@pytest.fixture
def open_page(server: Server, chromium: Any) -> Iterator[Open]:
    """Return what opens a page of the server, in Tokyo; at the end its console must be silent.

    What the browser itself notes of a request that failed is not the script's.
    """
    context = chromium.new_context(timezone_id="Asia/Tokyo", locale="ja-JP")
    context.set_default_timeout(3000)
    complaints: list[str] = []

    def opened(body: str = SHOP, path: str = "/page/", now: int = NOW, **of: Any) -> Any:
        server.files[path] = document(body, **of)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        page.under_way, page.begun = set(), 0

        def begin(request: Any) -> None:
            page.under_way.add(request)
            page.begun += 1

        page.on("request", begin)
        page.on("requestfinished", lambda r: page.under_way.discard(r))
        page.on("requestfailed", lambda r: page.under_way.discard(r))
        page.clock.set_fixed_time(now)
        page.goto(f"http://127.0.0.1:{server.port}{path}")
        settle(page)
        return page

    yield opened
    context.close()

    assert [] == [said for said in complaints if not said.startswith("Failed to load resource")]


def settle(page: Any) -> None:
    """Wait until no request is under way, and none follows from its answer for a while."""
    seen, calm = -1, 0
    while calm < 4:
        calm = calm + 1 if not page.under_way and seen == page.begun else 0
        seen = page.begun
        page.wait_for_timeout(25)


def look_again(page: Any, event: str = "visibilitychange") -> None:
    """Come back to a page, so that it looks for news at once and not within a minute."""
    target = "document" if event == "visibilitychange" else "window"
    page.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    settle(page)


def shop(*row: Any, **more: Any) -> dict[str, Any]:
    """Return a shard in which one merchant has one offer."""
    return {"alix": {"o": {"PAIN": list(row)}, **more}}


# An offer


def test_a_new_snapshot_shows_on_an_open_page(server: Server, open_page: Open) -> None:
    """It is not loaded again: state, price, quantity and time change under the reader's eyes."""
    server.publish(shop(IN, 8, 650))
    page = open_page()
    page.evaluate("window.same = true")
    expect(page.locator("#pain [data-state]")).to_have_text("En stock")

    server.publish(shop(LIMITED, 2, 599), at=AT + 600)
    look_again(page)

    expect(page.locator("#pain [data-state]")).to_have_text("Presque épuisé")
    expect(page.locator("#pain [data-quantity]")).to_have_text("Il en reste 2")
    assert "5,99\u00a0$" == page.locator("#pain [data-price]").text_content()
    expect(page.locator("#pain [data-verified]")).to_have_text("vérifié à 14 h 15")
    assert page.evaluate("window.same")


@pytest.mark.parametrize("event", ["visibilitychange", "online"])
def test_coming_back_looks_for_news(server: Server, open_page: Open, event: str) -> None:
    """When the page is seen again, and when the network returns."""
    server.publish(shop(IN))
    page = open_page()

    server.publish(shop(OUT))
    look_again(page, event)

    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")


def test_each_state_has_its_class_and_words(server: Server, open_page: Open) -> None:
    """One class of the five, and the words of the page; trailing nulls are not needed."""
    server.publish(shop(LIMITED))
    page = open_page()
    for code, name in enumerate(("unknown", "in", "limited", "out", "display")):
        server.publish(shop(code))
        look_again(page)

        expect(page.locator("#pain [data-state]")).to_have_text(FRENCH[name])
        expect(page.locator("#pain [data-state]")).to_have_class(f"state is-{name}")


def test_since_holds_only_while_the_state_does(server: Server, open_page: Open) -> None:
    """The day that was baked goes when the state does, and does not return with it."""
    server.publish(shop(IN, 3))
    page = open_page()
    since = page.locator("#pain [data-since]")
    expect(since).to_be_visible()

    server.publish(shop(OUT))
    look_again(page)
    expect(since).to_be_hidden()
    server.publish(shop(IN, 4))
    look_again(page)

    expect(page.locator("#pain [data-state]")).to_have_text("En stock")
    expect(since).to_be_hidden()


QUANTITIES: list[tuple[list[Any], str]] = [
    ([IN, 12], "Il en reste 12"),
    ([IN, None], ""),
    ([IN, 1200], "Il en reste 1 200"),
    ([IN], ""),
    ([LIMITED, 1], "Il en reste 1"),
    ([OUT, 0], ""),
    ([OUT, 4], ""),
    ([IN, 3], "Il en reste 3"),
    ([DISPLAY, 1], ""),
    ([IN, "2"], ""),
    ([IN, -2], ""),
    ([IN, 1.5], ""),
]


def test_a_quantity_is_told_where_it_helps(server: Server, open_page: Open) -> None:
    """Beside a product that can be had; not as nought, nor against "sold out"."""
    server.publish(shop(IN))
    page = open_page()
    for row, words in QUANTITIES:
        server.publish(shop(*row))
        look_again(page)

        expect(page.locator("#pain [data-quantity]")).to_have_text(words)
        expect(page.locator("#pain [data-quantity]")).to_be_visible(visible=bool(words))


SALE = '<s data-was="">7,00_$</s> <b data-now="">5,99_$</b>'
PRICES: list[tuple[list[Any], str]] = [
    ([IN, None, None], "6,50 $"),
    ([IN, None, "700"], "6,50 $"),
    ([IN, None, -700], "6,50 $"),
    ([IN, None, None, 599], "6,50 $"),
    ([IN, None, 650], "6,50 $"),
    ([IN, None, 123405], "1_234,05_$"),
    ([IN, None, 700, 599], SALE),
    ([IN, None, 700, 700], "7,00_$"),
    ([IN, None, 700, 599, NOW + 9], SALE),
    ([IN, None, 700, 599, NOW - 9], "7,00_$"),
    ([IN, None, 700, 599, None], SALE),
    ([IN, None, 700, "<i>"], "7,00_$"),
    ([IN, None, 5], "0,05_$"),
]


def test_a_price_is_told_as_the_server_would(server: Server, open_page: Open) -> None:
    """With unbreakable spaces; a sale beside what it was; without a price, the one that was built."""
    server.publish(shop(IN))
    page = open_page()
    price = page.locator("#pain [data-price]")
    for row, html in PRICES:
        server.publish(shop(*row))
        look_again(page)

        assert html.replace("_", "&nbsp;") == price.inner_html(), row


def test_a_sale_ends_at_its_hour(server: Server, open_page: Open) -> None:
    """Even if nothing new is published, and even if nothing can be had."""
    server.publish(shop(IN, None, 700, 599, NOW + 60))
    page = open_page()
    price = page.locator("#pain [data-price]")
    expect(price).to_have_text("7,00 $ 5,99 $")

    server.close()
    page.clock.set_fixed_time(NOW + 60)
    look_again(page)
    server.open()

    expect(price).to_have_text("7,00 $")


def test_english_is_said_in_english(server: Server, open_page: Open) -> None:
    """Words, prices, times and days, as people write them there."""
    server.publish(shop(LIMITED, 2, 123450, 99900, None))
    page = open_page(words=ENGLISH)

    expect(page.locator("#pain [data-state]")).to_have_text("Almost gone")
    expect(page.locator("#pain [data-quantity]")).to_have_text("2 left")
    expect(page.locator("#pain [data-price]")).to_have_text("$1,234.50 $999.00")
    expect(page.locator("#shop")).to_have_text("checked at 2:05 pm")
    page.clock.set_fixed_time(NOW + 86400)
    look_again(page)
    expect(page.locator("#shop")).to_have_text("checked Nov 22 at 2:05 pm")


# When it was checked


DAYS = [
    (AT, "vérifié à 14 h 05"),
    (utc(2025, 11, 22, 5, 0), "vérifié à 0 h 00"),
    (utc(2025, 11, 22, 4, 59), "vérifié le 21 nov. à 23 h 59"),
    (utc(2025, 11, 1, 13, 5), "vérifié le 1er nov. à 9 h 05"),
    (utc(2024, 11, 22, 19, 5), "vérifié le 22 nov. à 14 h 05"),
    (utc(2025, 7, 2, 16, 30), "vérifié le 2 juill. à 12 h 30"),
]


def test_a_day_is_a_day_of_the_site(server: Server, open_page: Open) -> None:
    """It begins at midnight in the site's zone, wherever the reader is; summer time is followed."""
    server.publish(shop(IN))
    page = open_page()
    time = page.locator("#shop time")
    for at, words in DAYS:
        server.publish(shop(IN, t=at))
        look_again(page)

        expect(time).to_have_text(words)
        said = datetime.fromisoformat(time.get_attribute("datetime"))
        assert at == int(said.timestamp())


def test_at_midnight_today_ends(server: Server, open_page: Open) -> None:
    """What was checked "at 14 h 05" was checked yesterday on a page that stays open."""
    server.publish(shop(IN))
    page = open_page()
    expect(page.locator("#shop")).to_have_text("vérifié à 14 h 05")

    server.close()
    page.clock.set_fixed_time(utc(2025, 11, 23, 5, 0))
    look_again(page)
    server.open()

    expect(page.locator("#shop")).to_have_text("vérifié le 22 nov. à 14 h 05")


@pytest.mark.parametrize(
    ("row", "more", "shop_words", "offer_words"),
    [
        ([IN], {}, "vérifié à 14 h 05", "vérifié à 14 h 05"),
        ([IN], {"t": NOON}, "vérifié à 12 h 00", "vérifié à 12 h 00"),
        ([IN, 1, 650, None, None, BAKED], {"t": NOON}, "vérifié à 12 h 00", "vérifié à 10 h 00"),
        ([IN, 1, 650, None, None, BAKED], {}, "vérifié à 14 h 05", "vérifié à 10 h 00"),
        ([IN, 1, 650, None, None, "now"], {"t": True}, "", ""),
    ],
)
def test_the_nearest_time_is_told(
    server: Server,
    open_page: Open,
    row: list[Any],
    more: dict[str, Any],
    shop_words: str,
    offer_words: str,
) -> None:
    """The offer's own, else the shop's, else the manifest's; a bad one is not replaced by a later."""
    server.publish(shop(*row, **more))
    page = open_page()

    expect(page.locator("#shop")).to_have_text(shop_words)
    expect(page.locator("#pain [data-verified]")).to_have_text(offer_words)


def test_the_same_shard_is_confirmed_by_a_newer_manifest(server: Server, open_page: Open) -> None:
    """Nothing changed, and that was checked again: the time moves, the shard is not asked for."""
    server.publish(shop(IN, 8))
    page = open_page()
    server.take_asked()

    server.publish(shop(IN, 8), at=AT + 300)
    look_again(page)

    expect(page.locator("#shop")).to_have_text("vérifié à 14 h 10")
    assert ["manifest.json"] == server.take_asked()


# What is not said is not guessed


SILENT: list[Any] = [
    {},
    [],
    5,
    "alix",
    {"bois": {"o": {"PAIN": [OUT]}}},
    {"alix": None},
    {"alix": 5},
    {"alix": {"o": None}},
    {"alix": {"o": {}}},
    {"alix": {"o": []}},
    {"alix": {"o": {"PAIN": None}}},
    {"alix": {"o": {"PAIN": []}}},
    {"alix": {"o": {"PAIN": [5]}}},
    {"alix": {"o": {"PAIN": [-1]}}},
    {"alix": {"o": {"PAIN": ["3"]}}},
    {"alix": {"o": {"PAIN": [[3]]}}},
    {"alix": {"o": {"PAIN": ["length"]}}},
    {"alix": {"o": {"PAIN": {"0": 3}}}},
    {"alix": {"o": {"PAIN": "3"}}},
]


def test_an_offer_that_is_not_told_stands_as_built(server: Server, open_page: Open) -> None:
    """Absent or malformed is not "unknown": the page keeps what it was built with."""
    server.publish({})
    page = open_page()
    for shard in SILENT:
        server.publish(shard)
        look_again(page)

        expect(page.locator("#pain")).to_have_text(BUILT)
        expect(page.locator("#pain [data-quantity]")).to_be_hidden()
        expect(page.locator("p[data-stale]")).to_be_hidden()
    assert len(SILENT) == sum(name.startswith("m1-") for name in server.take_asked())


def test_an_empty_shard_is_not_asked_for(server: Server, open_page: Open) -> None:
    """Eight noughts: nothing to fetch, nothing to say."""
    server.manifest({"at": AT, "m": EMPTY * 2})
    page = open_page()

    expect(page.locator("#pain")).to_have_text(BUILT)
    expect(page.locator("#shop")).to_be_hidden()
    assert ["manifest.json"] == server.take_asked()


def test_an_offer_that_is_told_no_more_keeps_its_time(server: Server, open_page: Open) -> None:
    """A newer manifest does not confirm what it no longer speaks of."""
    server.publish(shop(OUT))
    page = open_page()

    server.publish({}, at=AT + 600)
    look_again(page)

    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")
    expect(page.locator("#pain [data-verified]")).to_have_text("vérifié à 14 h 05")


def test_names_are_only_names(server: Server, open_page: Open) -> None:
    """A merchant may be called "constructor", and a product "__proto__"."""
    body = SHOP.replace("alix", "constructor").replace("PAIN", "__proto__")
    server.publish({"valueOf": {"o": {"PAIN": [OUT]}}})
    page = open_page(body)
    expect(page.locator("#pain [data-state]")).to_have_text("En stock")

    server.publish({"constructor": {"o": {"__proto__": [OUT]}}})
    look_again(page)

    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")


def test_words_are_text(server: Server, open_page: Open) -> None:
    """Nothing that is read ever becomes an element."""
    server.publish(shop(OUT, 2))
    page = open_page(words=FRENCH | {"out": "&lt;img src=x&gt; {n}", "changed": "&lt;b&gt;"})

    expect(page.locator("#pain [data-state]")).to_contain_text("<img src=x>")
    expect(page.locator("#stock-news")).to_have_text("<b>")
    assert 0 == page.locator("img, #stock-news *").count()


# A product that several sell, and a listing


def test_each_seller_has_a_state_of_its_own(server: Server, open_page: Open) -> None:
    """On a product's page, by barcode and merchant; each with its own time."""
    sellers = {"alix": [OUT], "bois": [IN, 4, 700, 650, None, NOON], "cire": [LIMITED]}
    server.publish({"0624153607116": sellers, "1": {"alix": [IN]}}, name="p3")
    page = open_page(SELLERS, stock="p3")

    expect(page.locator("#alix")).to_have_text("Épuisé 6,50 $ vérifié à 14 h 05")
    expect(page.locator("#bois")).to_have_text("En stock 7,00 $ 6,50 $ vérifié à 12 h 00")
    expect(page.locator("#cire")).to_have_text("Presque épuisé")


def test_a_listing_says_when_stock_was_last_told_of(server: Server, open_page: Open) -> None:
    """By the manifest alone: it has no shard, and asks for none."""
    server.publish(shop(IN, 8, 650))
    page = open_page('<p id="newest" data-newest hidden></p>', path="/regions/estrie/", stock="")

    expect(page.locator("#newest")).to_have_text("vérifié à 14 h 05")
    expect(page.locator("#stock-news")).to_have_text("")
    assert ["manifest.json"] == server.asked


# What is said aloud


def told(page: Any) -> list[str]:
    """Return what the live region said since it was last asked."""
    page.wait_for_timeout(150)
    return page.evaluate("said.splice(0)")


LISTEN = """() => {
  window.said = [];
  const news = document.getElementById('stock-news');
  if (news.textContent) said.push(news.textContent);
  new MutationObserver(() => news.textContent && said.push(news.textContent))
    .observe(news, {childList: true, characterData: true, subtree: true});
}"""


def test_a_change_is_told_once(server: Server, open_page: Open) -> None:
    """A state or a price that changes under the reader's eyes; no quantity, no time, no tick."""
    server.publish(shop(IN, 8, 650))
    page = open_page()
    page.evaluate(LISTEN)
    assert [] == told(page)

    server.publish(shop(IN, 7, 650), at=AT + 60)
    look_again(page)
    expect(page.locator("#pain [data-quantity]")).to_have_text("Il en reste 7")
    assert [] == told(page)

    server.publish(shop(OUT, 0, 650), at=AT + 120)
    look_again(page)
    look_again(page)
    assert [FRENCH["changed"]] == told(page)

    server.publish(shop(OUT, 0, 600), at=AT + 180)
    look_again(page)
    assert [FRENCH["changed"]] == told(page)


@pytest.mark.parametrize(
    ("row", "words"),
    [([IN, 8, 650], []), ([IN, 8, 700], []), ([OUT, 0, 650], [FRENCH["changed"]])],
)
def test_the_first_look_tells_a_state_only(
    server: Server, open_page: Open, row: list[Any], words: list[str]
) -> None:
    """Who has just opened a page hears of a state that is not the built one, and of nothing else."""
    server.publish(shop(*row))
    page = open_page()
    page.evaluate(LISTEN)

    assert words == told(page)


# When it cannot be had


def test_without_a_server_the_page_stands_and_says_since_when(
    server: Server, open_page: Open
) -> None:
    """It says the time of what it shows; when the server is back, it is up to date and says nothing."""
    server.files.pop("/stock/manifest.json", None)
    page = open_page()
    stale = page.locator("p[data-stale]")
    expect(page.locator("#pain")).to_have_text(BUILT)
    expect(stale).to_have_text(FRENCH["stale"].format(day="22 nov.", time="10 h 00"))

    server.publish(shop(OUT))
    look_again(page)
    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")
    expect(stale).to_be_hidden()

    server.close()
    look_again(page)
    server.open()
    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")
    expect(stale).to_have_text(FRENCH["stale"].format(day="22 nov.", time="14 h 05"))


def test_offline_nothing_is_asked_for(server: Server, open_page: Open) -> None:
    """The browser knows; its return is noticed without waiting."""
    server.publish(shop(IN))
    page = open_page()
    server.publish(shop(OUT), at=AT + 60)

    page.context.set_offline(True)
    begun = page.begun
    look_again(page)
    assert begun == page.begun
    expect(page.locator("p[data-stale]")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")
    expect(page.locator("p[data-stale]")).to_be_hidden()


def test_a_shard_that_went_is_looked_for_once(server: Server, open_page: Open) -> None:
    """The manifest is asked for once more; if it names the same, that is all until the next tick."""
    server.manifest({"at": AT, "m": EMPTY + "deadbeef"})
    page = open_page()

    assert ["manifest.json", "m1-deadbeef.json", "manifest.json"] == server.take_asked()
    expect(page.locator("#pain")).to_have_text(BUILT)

    server.publish(shop(OUT))
    look_again(page)
    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")


def test_a_snapshot_published_between_two_requests_is_found(
    server: Server, open_page: Open
) -> None:
    """The shard of the old manifest is gone, and the new manifest names the new one."""
    server.manifest({"at": AT, "m": EMPTY + "deadbeef"})
    server.then["/stock/m1-deadbeef.json"] = lambda: server.publish(shop(OUT), hash="0badcafe")
    page = open_page()

    expect(page.locator("#pain [data-state]")).to_have_text("Épuisé")
    expect(page.locator("p[data-stale]")).to_be_hidden()
    asked = ["manifest.json", "m1-deadbeef.json", "manifest.json", "m1-0badcafe.json"]
    assert asked == server.take_asked()


BAD_MANIFESTS: list[Any] = [
    b"",
    b"{",
    b"<!doctype html><p>Bonjour",
    b"null",
    b"[]",
    b"7",
    b'"m"',
    {},
    {"m": EMPTY + "deadbeef"},
    {"at": AT},
    {"at": str(AT), "m": EMPTY + "deadbeef"},
    {"at": -5, "m": EMPTY + "deadbeef"},
    {"at": 1e300, "m": EMPTY + "deadbeef"},
    {"at": AT, "m": None},
    {"at": AT, "m": EMPTY},
    {"at": AT, "m": EMPTY + "dead"},
    {"at": AT, "m": EMPTY + "../../ab"},
    {"at": AT, "m": {"1": "deadbeef"}},
    {"at": AT, "p": EMPTY + "deadbeef"},
]


def test_a_malformed_manifest_changes_nothing(server: Server, open_page: Open) -> None:
    """The page stands as built, says since when, and asks for no shard."""
    server.manifest(b"")
    page = open_page()
    server.take_asked()
    for manifest in BAD_MANIFESTS:
        server.manifest(manifest)
        look_again(page)

        expect(page.locator("#pain")).to_have_text(BUILT)
        expect(page.locator("p[data-stale]")).to_be_visible()
        assert ["manifest.json"] == server.take_asked(), manifest


def test_an_older_manifest_is_a_copy_from_a_slow_cache(server: Server, open_page: Open) -> None:
    """A page never goes back in time: neither before its own build, nor before what it showed."""
    server.publish(shop(OUT), at=BAKED - 1)
    page = open_page()
    expect(page.locator("#pain [data-state]")).to_have_text("En stock")

    server.publish(shop(LIMITED), at=AT)
    look_again(page)
    server.publish(shop(OUT), at=AT - 1)
    look_again(page)

    expect(page.locator("#pain [data-state]")).to_have_text("Presque épuisé")


# How much is asked for


def test_a_page_that_takes_no_part_asks_for_nothing(server: Server, open_page: Open) -> None:
    """No data-stock, or one that names no shard: no request, now or later."""
    server.publish(shop(OUT))
    for stock in ("", "x1", "m", "m1/..", "m-1"):
        page = open_page(stock=stock)
        look_again(page)
        expect(page.locator("#pain [data-state]")).to_have_text("En stock")

    assert [] == server.take_asked()


def test_a_minute_costs_one_manifest(server: Server, open_page: Open) -> None:
    """Once a minute while it is seen; a shard only when its hash is new; hidden, nothing."""
    server.publish(shop(IN))
    page = open_page()
    assert ["manifest.json", *(a for a in server.asked[1:])] == server.take_asked()
    page.clock.install(time=NOW)
    page.reload()
    settle(page)
    server.take_asked()

    page.clock.run_for(59_000)
    settle(page)
    assert [] == server.take_asked()
    page.clock.run_for(2_000)
    settle(page)
    assert ["manifest.json"] == server.take_asked()

    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(120_000)
    settle(page)
    assert [] == server.take_asked()


def test_one_refresh_at_a_time(server: Server, open_page: Open) -> None:
    """What is asked for while a slow answer is awaited follows it, once."""
    server.publish(shop(IN))
    page = open_page()
    server.take_asked()

    server.may_answer.clear()
    for _ in range(5):
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(20)
    assert ["manifest.json"] == server.take_asked()
    server.may_answer.set()
    settle(page)

    assert ["manifest.json"] == server.take_asked()


def test_the_script_weighs_little() -> None:
    """About 4 KiB compressed, with what it imports, comments and all."""
    assert len(gzip.compress(SCRIPT + BENEATH, 9)) < 4224


# How it looks

GROUND = "".join(
    f'<p class="state is-{name}">{FRENCH[name]}</p>'
    for name in ("in", "limited", "out", "display", "unknown")
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_states_stand_out_and_apart(server: Server, chromium: Any, scheme: str) -> None:
    """On paper and on slate, by day and by night: words at 4.5 to 1, and a shape of its own each."""
    server.files["/look/"] = (
        '<!doctype html><html lang="fr-CA"><title>t</title><link rel="stylesheet" href="/marche.css">'
        f'<meta charset="utf-8"><main>{GROUND}<div class="slate">{GROUND}</div>'
        '<p class="state is-in" hidden>Rien</p></main>'
    ).encode()
    page = chromium.new_page(color_scheme=scheme)
    page.goto(f"http://127.0.0.1:{server.port}/look/")
    pale = page.evaluate(PALE)
    shapes = page.evaluate("""[...document.querySelectorAll('main>.state:not([hidden])')].map(e => {
      const s = getComputedStyle(e, '::before');
      return [s.borderTopStyle, s.borderRightWidth, s.borderLeftWidth, s.borderRadius].join();
    })""")
    hidden = page.locator("[hidden]").is_hidden()
    page.close()

    assert [] == pale
    assert 5 == len(shapes) == len(set(shapes))
    assert hidden
