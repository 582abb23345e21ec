"""Maps in a real browser, under the policy that hosts are told: tapped, walked, sifted, offline."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from halles.maps import library
from halles.site import MODULES
from tests.browser.axe import axe
from tests.images import picture
from tests.maps.pmtiles import one_tile
from tests.market import Market

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not library.is_there(MODULES), reason="npm's packages are not installed"),
]
REGION, SHELF, PRODUCT = "/regions/nord/", "/regions/nord/pain/", "/produits/0624153607116/"


class _Handler(SimpleHTTPRequestHandler):
    """A host that says the policy of ``_headers`` with every file, and serves ranges of one."""

    policy = ""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing of what is asked for."""

    def do_GET(self) -> None:
        told = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if not told:
            super().do_GET()
            return
        body = Path(self.translate_path(self.path)).read_bytes()
        first, last = int(told[1]), min(int(told[2]), len(body) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(body)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(body[first : last + 1])


def _policy_of(output: Path) -> str:
    """Return the policy that the site itself tells hosts."""
    told = re.search(r"Content-Security-Policy: (default-src.+)", (output / "_headers").read_text())
    assert told
    return told[1]


Host = Callable[[Path, str], str]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """Return what serves a folder under a policy, and answers with its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(folder: Path, policy: str) -> str:
        handler = type("_Host", (_Handler,), {"policy": policy})
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def site(root: Path, settings: str = "") -> Market:
    """Return a small market with maps, in which two shops that sell one thing have a place."""
    market = Market(root)
    market.edit("halles.toml", "[map]\non = false", f"[map]\n{settings}")
    berthe = "content/merchants/nord/be/berthe.yaml"
    market.edit(
        berthe, "municipality: Matane", "municipality: Matane\nlocation: {lat: 48.85, lon: -67.53}"
    )
    for i in range(12):
        folder = f"content/merchants/nord/m{i % 3}"
        market.write(
            f"{folder}/m{i % 3}-{i}.yaml",
            f"id: m{i % 3}-{i}\nname: Étal {i}\nregion: nord\ncategories: [{'lire' if i < 4 else 'fromage'}]\n"
            f"hours: {'24/7' if i % 2 else 'Mo 03:00-03:01'}\n"
            f"location: {{lat: {48.3 + i / 50:.2f}, lon: -68.9}}\n",
        )
    market.build()
    return market


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """Return the market, built."""
    return site(tmp_path_factory.mktemp("maps") / "market")


@pytest.fixture(scope="module")
def base(market: Market, host: Host) -> str:
    """Return where the market is served."""
    output = market.root / "output"
    return host(output, _policy_of(output))


@pytest.fixture
def visit(chromium: Any, base: str) -> Iterator[Callable[..., Any]]:
    """Return what opens a page; nothing may be refused, and nobody else asked, by the end."""
    contexts = []
    wrong: list[str] = []

    def go(path: str, *, at: str = base, allowed: str = base, **more: Any) -> Any:
        context = chromium.new_context(**({"viewport": {"width": 1280, "height": 900}} | more))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: wrong.append(str(e)))
        page.on(
            "request",
            lambda r: (
                wrong.append(r.url)
                if not r.url.startswith((at, allowed, "data:", "blob:"))
                else None
            ),
        )
        page.goto(at + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert wrong == []


def until(page: Any, told: str) -> None:
    """Wait until something is so; the policy refuses what Playwright itself would wait by."""
    for _ in range(100):
        if page.evaluate(told):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it never came to this: {told}")


def tap(page: Any) -> Any:
    """Open the map of a page, and wait until it says what is on it."""
    page.locator("figure.map [data-open]").click()
    return shown(page)


def shown(page: Any) -> Any:
    """Wait for a map that is on its way."""
    until(page, "document.querySelector('.map.is-live [data-told]')?.textContent")
    return page.locator(".live")


def points(market: Market, path: str) -> set[str]:
    """Return the ids that a file of points of the region has."""
    told = json.loads((market.root / "output/points/manifest.json").read_bytes())
    urls = [url for region, root, url, _, _ in told["files"] if f"{region}/{root}" == path]
    return {
        i
        for url in urls
        for i in json.loads((market.root / "output" / url[1:]).read_bytes())["ids"]
    }


def test_nothing_of_a_live_map_comes_before_it_is_asked_for(visit: Any) -> None:
    """The picture is there, with a dot for each place; Leaflet, points and words are not."""
    page = visit(REGION)
    asked = page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")

    assert any("/carte/nord.svg" in url for url in asked)
    assert not [url for url in asked if re.search(r"leaflet|shell|/points/|mots", url)]
    assert page.locator("svg.chart").bounding_box()["width"] > 300


def test_a_tap_puts_every_merchant_of_the_list_that_has_a_place_on_the_map(
    visit: Any, market: Market
) -> None:
    """As many as the files of points have, and without moving the page."""
    page = visit(REGION)
    before = page.locator("figure.map .plot").bounding_box()
    tap(page)
    discs = page.locator(".live .disc span[aria-hidden]").all_inner_texts()
    pins = page.locator(".live .pin").count()
    every = points(market, "nord/manger") | points(market, "nord/lire")

    assert page.locator("[data-told]").inner_text() == f"{len(every)} marchands sur la carte"
    assert sum(map(int, discs)) + pins == len(every) == 14
    assert page.locator("figure.map .plot").bounding_box()["width"] == before["width"]


def test_a_pin_says_who_is_there_and_leads_to_the_page(visit: Any) -> None:
    """Name, category, town and hours, as the card has them."""
    page = visit(f"{SHELF}#carte=12/48.4488/-68.523")
    shown(page)
    page.locator(".live .pin[title='Boulangerie Alix']").click()
    said = page.locator(".leaflet-popup .said")

    assert "Boulangerie Alix" in said.inner_text()
    assert "Pain" in said.inner_text()
    assert "Rimouski" in said.inner_text()
    assert said.locator(".now").count() == 1
    assert said.locator("a").get_attribute("href") == "/commerces/alix/"


def test_a_keyboard_opens_walks_and_leaves(visit: Any) -> None:
    """Enter on the button, Tab to a pin, Enter for what it says, Escape back, and a way past it."""
    page = visit(f"{SHELF}#carte=12/48.4488/-68.523")
    shown(page)
    pin = page.locator(".live .pin[title='Boulangerie Alix']")
    reached = False
    page.locator("figure.map select").last.focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached = pin.evaluate("e => e === document.activeElement")
        if reached:
            break
    assert reached
    page.keyboard.press("Enter")
    until(page, "document.activeElement.closest('.leaflet-popup')")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "/commerces/alix/"
    page.keyboard.press("Escape")
    until(
        page,
        "!document.querySelector('.leaflet-popup-content a')?.checkVisibility({opacityProperty: true}) || !document.querySelector('.leaflet-popup')",
    )
    assert pin.evaluate("e => e === document.activeElement")
    assert page.locator(".plot a.skip").get_attribute("href") == "#apres-la-carte"
    page.locator("button.shut").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.hasAttribute('data-open')")
    assert page.locator(".live").count() == 0


@pytest.mark.parametrize("path", [REGION, "/carte/", "/commerces/alix/", PRODUCT])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_live_map_has_nothing_against_the_rules(visit: Any, path: str, scheme: str) -> None:
    """axe, over the page with its map open, by day and by night."""
    page = visit(path, color_scheme=scheme, reduced_motion="reduce")
    tap(page)

    assert axe(page) == []


def test_discs_of_regions_that_are_close_do_not_hide_one_another(
    visit: Any, host: Host, tmp_path: Path
) -> None:
    """On a phone, nine regions around one town: a finger finds each of them."""
    market = Market(tmp_path / "market")
    market.edit("halles.toml", "[map]\non = false", "[map]\non = true")
    for i in range(9):
        lat, lon = 45.5 + i % 3 / 10, -73.6 + i // 3 / 10
        market.write(
            f"content/regions/r{i}.md",
            f'---\nid: r{i}\ncode: "{10 + i}"\nname: Région {i}\ncentre: {{lat: {lat:.1f}, lon: {lon:.1f}}}\n'
            f"bounds: [[{lat - 0.2:.1f}, {lon - 0.2:.1f}], [{lat + 0.2:.1f}, {lon + 0.2:.1f}]]\n---\n",
        )
        market.write(
            f"content/merchants/r{i}/ma/mar-{i}.yaml",
            f"id: mar-{i}\nname: Étal {i}\nregion: r{i}\ncategories: [pain]\nlocation: {{lat: {lat:.1f}, lon: {lon:.1f}}}\n",
        )
    market.build()
    output = market.root / "output"
    page = visit("/carte/", at=host(output, _policy_of(output)),
                 viewport={"width": 390, "height": 844}, reduced_motion="reduce")  # fmt: skip
    tap(page)

    assert page.locator(".live .disc").count() == 11
    assert axe(page) == []


def test_a_card_lights_its_pin_and_a_pin_its_card(visit: Any) -> None:
    """The list and the map say who belongs to whom."""
    page = visit(f"{SHELF}#carte=12/48.4488/-68.523")
    shown(page)
    card = page.locator(".cards li", has_text="Boulangerie Alix")
    card.hover()
    assert "is-lit" in page.locator(".live .pin[title='Boulangerie Alix']").get_attribute("class")
    page.mouse.move(2, 2)
    page.locator(".live .pin[title='Boulangerie Alix']").hover()
    assert "is-lit" in card.get_attribute("class")


def test_choices_sift_the_map_and_the_list_and_stand_in_the_address(visit: Any, base: str) -> None:
    """A category, then open now; the address brings both back."""
    page = visit(REGION)
    tap(page)
    page.locator("select[name=categorie]").select_option("lire")
    until(page, "/^5 /.test(document.querySelector('[data-told]').textContent)")
    page.locator("input[name=ouvert]").check()
    until(page, "/^2 /.test(document.querySelector('[data-told]').textContent)")
    visible = page.locator(".cards li:visible a").all_inner_texts()
    address = page.url

    assert "Boulangerie Alix" not in visible
    assert "categorie=lire" in address
    again = visit(address.removeprefix(base))
    shown(again)
    assert again.locator("[data-told]").inner_text().startswith("2 ")


def test_a_reader_who_says_where_they_are_is_marked(visit: Any) -> None:
    """Whoever learns it says so on the document; a map asks nobody."""
    page = visit(REGION)
    tap(page)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('halles:position', {detail: {lat: 48.4, lon: -68.6}}))"
    )
    assert page.locator(".live .reader").count() == 1
    page.evaluate("document.dispatchEvent(new CustomEvent('halles:position', {detail: null}))")
    assert page.locator(".live .reader").count() == 0


def test_a_reader_who_said_so_before_the_map_was_opened_is_marked(visit: Any) -> None:
    """On this page, or earlier on this device if they had it kept."""
    page = visit(REGION)
    page.evaluate(
        "document.dispatchEvent(new CustomEvent('halles:position', {detail: {lat: 48.4, lon: -68.6}}))"
    )
    tap(page)
    assert page.locator(".live .reader").count() == 1
    other = visit("/")
    other.evaluate(
        "localStorage.setItem('halles', JSON.stringify({place: {lat: 48.4, lon: -68.6}}))"
    )
    other.goto(other.url.rstrip("/") + REGION)
    tap(other)
    assert other.locator(".live .reader").count() == 1


def test_a_map_may_open_once_it_is_in_view(visit: Any, host: Host, tmp_path: Path) -> None:
    """By setting: not while it is further down, and without a tap."""
    market = site(tmp_path / "market", 'when = "view"\n')
    output = market.root / "output"
    at = host(output, _policy_of(output))
    page = visit("/commerces/alix/", at=at, allowed=at, viewport={"width": 390, "height": 300})
    page.wait_for_load_state("networkidle")
    leaflet = "performance.getEntriesByType('resource').filter(r => /leaflet/.test(r.name)).length"
    assert page.locator("figure.map").bounding_box()["y"] > 300
    assert page.evaluate(leaflet) == 0
    assert page.locator(".live").count() == 0
    page.locator("figure.map").scroll_into_view_if_needed()
    shown(page)
    assert page.locator(".live .pin").count() == 1
    assert page.evaluate("document.activeElement === document.body")


def test_the_explorer_asks_for_what_is_in_view(visit: Any) -> None:
    """From afar a disc a region and no file of points; close by, those of the place, and a list."""
    page = visit("/carte/")
    tap(page)
    files = "performance.getEntriesByType('resource').filter(r => r.name.includes('/points/of/')).length"
    assert page.locator(".live .disc").count() == 2
    assert page.evaluate(files) == 0
    page.evaluate("location.hash = '#carte=11/45.5/-73.5'")
    page.reload()
    shown(page)
    page.wait_for_selector("[data-in-view] .said a")
    assert page.locator("[data-in-view] .said a").all_inner_texts() == ["Fromagerie Dalia"]
    assert page.evaluate(files) == 1


def test_beyond_a_region_s_picture_lies_that_of_all(visit: Any) -> None:
    """Asked for once the reader looks there, and laid beneath."""
    page = visit(REGION)
    tap(page)
    far = "document.querySelectorAll('.leaflet-far-pane use').length"
    assert page.evaluate(far) == 0
    for _ in range(2):
        page.locator(".leaflet-control-zoom-out").click()
        page.wait_for_timeout(400)
    until(page, f"{far} === 1")
    assert page.locator(".leaflet-far-pane use").get_attribute("href") == "/carte/_.svg#all"


def test_one_merchant_alone_in_a_region_is_found_from_the_map_of_all(visit: Any) -> None:
    """What the line beneath the map counts is on it."""
    page = visit("/carte/#carte=5/47.0/-71.0", viewport={"width": 390, "height": 844})
    shown(page)
    page.locator(".live .disc[title='Le Sud']").click()
    until(page, "/^Un marchand/.test(document.querySelector('[data-told]').textContent)")
    page.wait_for_selector(".live .pin[title='Fromagerie Dalia']")


def test_a_product_s_map_says_its_shops_with_their_prices(visit: Any) -> None:
    """Two shops have a place; what a pin says of one is what the list says."""
    page = visit(PRODUCT)
    tap(page)
    assert page.locator(".live .pin").count() == 2
    page.locator(".live .pin[title='Chez Berthe']").click()
    assert "7,50" in page.locator(".leaflet-popup .said").inner_text()


def test_without_a_script_the_picture_and_the_list_say_it_all(visit: Any) -> None:
    """No button that does nothing; discs are links; the list is whole."""
    page = visit("/carte/", java_script_enabled=False)

    assert not page.locator("button[data-open]").is_visible()
    assert page.locator("svg.chart a").count() == 2
    assert page.locator("svg.chart a").first.get_attribute("href").startswith("/regions/")


@pytest.mark.parametrize("opened", [False, True])
def test_paper_has_the_picture_by_day(visit: Any, opened: bool) -> None:
    """Whether the map was open or not, and however the screen is set; no button is printed."""
    page = visit(REGION, color_scheme="dark")
    if opened:
        tap(page)
    page.emulate_media(media="print")
    sea = "getComputedStyle(document.documentElement).getPropertyValue('--sea')"

    assert page.locator("svg.chart").is_visible()
    assert page.locator("svg.chart").bounding_box()["height"] > 100
    assert page.evaluate(sea) == "#c4d8d4"
    for part in ("button[data-open]", ".live", ".sift", ".shut"):
        assert not page.locator(part).is_visible()


def test_a_map_that_was_seen_is_there_offline(visit: Any, base: str) -> None:
    """With visits kept, the page, its picture and its live map work without a network."""
    page = visit("/")
    page.evaluate(
        "navigator.serviceWorker.register('/sw.js?visited').then(() => navigator.serviceWorker.ready)"
    )
    until(page, "!!navigator.serviceWorker.controller")
    page.goto(base + REGION)
    tap(page)
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    page.goto(base + REGION)
    tap(page)

    assert page.locator("[data-told]").inner_text() == "14 marchands sur la carte"


def test_tiles_of_others_come_once_the_reader_agrees(
    visit: Any, host: Host, tmp_path: Path
) -> None:
    """The line says who will see it; nothing is asked of them before; the policy names them."""
    tile = tmp_path / "tiles"
    tile.mkdir()
    tiles = host(tile, "default-src 'none'")
    address = f"{tiles}/{{z}}/{{x}}/{{y}}.png"
    market = site(tmp_path / "market", f'tiles = "{address}"\nattribution = "© Les gens"\n')
    output = market.root / "output"
    assert f"img-src 'self' data: {tiles};" in _policy_of(output)
    page = visit(REGION, at=host(output, _policy_of(output)), allowed=tiles)
    asked: list[str] = []
    page.context.route(
        f"{tiles}/**",
        lambda r: (
            asked.append(r.request.url),
            r.fulfill(body=picture(), content_type="image/png"),
        )[1],
    )
    tap(page)
    assert asked == []
    assert tiles.removeprefix("http://") in page.locator(".tiles").inner_text()
    page.locator(".tiles button").click()
    page.wait_for_selector(".leaflet-tile-loaded")

    assert asked
    assert "Les gens" in page.locator(".leaflet-control-attribution").inner_text()


def test_a_file_of_vector_tiles_is_drawn_from_this_site(
    visit: Any, host: Host, tmp_path: Path
) -> None:
    """Asked for by ranges, once the map is open, from the site itself."""
    market = site(tmp_path / "market", 'pmtiles = "/fond.pmtiles"\n')
    output = market.root / "output"
    (output / "fond.pmtiles").write_bytes(one_tile())
    page = visit(REGION, at=host(output, _policy_of(output)))
    tap(page)
    page.wait_for_selector(".live canvas.leaflet-tile")
    until(
        page,
        "[...document.querySelectorAll('.live canvas.leaflet-tile')].some(c => c.getContext('2d')"
        ".getImageData(c.width / 2, c.height / 2, 1, 1).data[3] > 0)",
    )
