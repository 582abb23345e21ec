"""What a reader keeps: the list, the choices, pages for when there is no network; in a real browser."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Shop, reading
from tests.browser.test_live_stock import ALIX, MICHE, SHARED
from tests.market import HERE, MARCHE

pytestmark = pytest.mark.browser
LIST, CHOICES = "/liste/", "/choix/"
AXE = HERE / "node_modules/axe-core/axe.min.js"


@pytest.fixture
def site(shop: Shop) -> Shop:
    """Return a market with stock, served."""
    return shop


Visit = Callable[..., Any]


@pytest.fixture
def reader(chromium: Any) -> Iterator[Any]:
    """Return a browser of one's own, that may keep what it fetches."""
    with reading(chromium, 15_000, accept_downloads=True) as context:
        yield context


@pytest.fixture
def visit(site: Shop, reader: Any) -> Visit:
    """Return what opens a page in the reader's one tab."""
    page = reader.new_page()

    def visited(path: str) -> Any:
        page.goto(site.base + path)
        page.wait_for_load_state("load")
        return page

    return visited


def kept(page: Any) -> Any:
    """Return what stands in the browser's own storage."""
    return page.evaluate("JSON.parse(localStorage.getItem('halles'))")


def until(page: Any, holds: str) -> None:
    """Wait until something holds in a page; it may await."""
    for _ in range(100):
        if page.evaluate(f"(async () => Boolean({holds}))()"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {holds}")


def add(page: Any, name: str) -> None:
    """Put something on the list by its button."""
    page.get_by_role("button", name=f"Ajouter à ma liste\u00a0: {name}").click()


def items(page: Any) -> list[str]:
    """Return the rows of the list, as they are read."""
    return [" ".join(row.split()) for row in page.locator(".errand li .what").all_inner_texts()]


def test_the_scripts_weigh_little() -> None:
    """Every page has the first; compressed, comments and all, what any page has is under 6 KiB."""
    static = MARCHE / "static"
    weights = {
        name: len(gzip.compress((static / f"{name}.js").read_bytes(), 9))
        for name in ("choices", "list", "mine")
    }

    assert weights["choices"] < 3072
    assert weights["choices"] + max(weights["list"], weights["mine"]) < 6144


# The list


def test_a_product_is_put_on_the_list_and_counted(visit: Visit) -> None:
    """From a merchant's page and a product's; every page says how many there are."""
    page = visit(ALIX)
    expect(page.locator("header [data-count]")).to_be_hidden()
    add(page, "Miche")
    expect(page.locator("header [data-count]")).to_have_text("1")
    expect(page.locator("#choices-news")).to_have_text("Dans votre liste\u00a0: Miche")
    page = visit(SHARED)
    page.get_by_role("button", name="Ajouter à ma liste").last.click()
    add(visit("/commerces/come/"), "Côme")
    expect(page.locator("header [data-count]")).to_have_text("3")

    page = visit(LIST)

    assert ["Boulangerie Alix", "Chez Berthe", "Côme et fils"] == page.locator(
        ".errand h2"
    ).all_inner_texts()
    assert "418\u00a0555-0101" in page.locator(".errand .call").first.inner_text()
    assert any("Miche" in row for row in items(page))


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_number_on_the_list_moves_nothing(site: Shop, reader: Any, width: int) -> None:
    """It comes by a script, after the page: nothing else may make room for it."""
    page = reader.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    heights = []
    for _ in range(2):
        page.goto(site.base + ALIX)
        heights.append(page.evaluate("document.querySelector('header').offsetHeight"))
        if len(heights) == 1:
            add(page, "Miche")
            expect(page.locator("header [data-count]")).to_have_text("1")

    assert heights[0] == heights[1]
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_same_button_takes_it_off_again(visit: Visit) -> None:
    """And nothing is left in the browser by a list that is empty."""
    page = visit(MICHE)
    add(page, "Miche")
    page.get_by_role("button", name="Retirer de ma liste\u00a0: Miche").click()

    assert kept(page) is None


def test_the_list_follows_the_stock(site: Shop, visit: Visit) -> None:
    """State and price are those of the newest shard, though the page of the list never changes."""
    add(visit(ALIX), "Miche")
    page = visit(LIST)
    row = page.locator(".errand li").first
    expect(row.locator(".state")).to_have_text("En stock")
    expect(row.locator(".cost")).to_have_text("6,50\u00a0$")
    outcome = site.tick(1, MICHE=(1, "6.75"))
    page.evaluate("window.dispatchEvent(new Event('online'))")

    expect(row.locator(".state")).to_have_text("Presque épuisé")
    expect(row.locator(".cost")).to_have_text("6,75\u00a0$")
    assert not {LIST, CHOICES, "/sw.js"} & set(outcome.why)


def test_another_number_of_shards_is_found_out(site: Shop, visit: Visit) -> None:
    """A list that is older than the settings asks the shop's page which shard it has now."""
    add(visit(ALIX), "Miche")
    site.market.edit("halles.toml", "[site]", "[stock]\nshards = 3\n[site]")
    site.build()
    page = visit(LIST)

    expect(page.locator(".errand .state")).to_have_text("En stock")


def test_without_a_network_the_list_says_what_it_last_knew(
    site: Shop, visit: Visit, reader: Any
) -> None:
    """And as of when: it is not passed off as fresh."""
    add(visit(ALIX), "Miche")
    page = visit(LIST)
    expect(page.locator(".errand .asof")).to_contain_text("érifié")
    reader.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")

    expect(page.locator(".errand .asof")).to_contain_text("la mise à jour n’a pas pu être chargée")
    expect(page.locator(".errand .state")).to_have_text("En stock")


def test_ticked_counted_removed_and_brought_back(visit: Visit) -> None:
    """A row can be ticked off, counted, taken away, and had again, all from the keyboard."""
    page = visit(ALIX)
    add(page, "Miche")
    add(page, "Ficelle")
    page = visit(LIST)
    page.get_by_label("Acheté\u00a0: Miche").focus()
    page.keyboard.press("Space")
    expect(page.get_by_label("Acheté\u00a0: Miche")).to_be_focused()
    expect(page.locator("header [data-count]")).to_have_text("1")
    page.get_by_label("Quantité\u00a0: Ficelle").fill("3")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Retirer\u00a0: Ficelle").press("Enter")
    assert 1 == len(items(page))
    expect(page.get_by_role("button", name="Annuler")).to_be_focused()
    page.keyboard.press("Enter")

    assert 2 == len(items(page))
    assert [(1, True), (3, False)] == [(one["n"], one["done"]) for one in kept(page)["list"]]


def test_the_list_goes_out_and_comes_in(visit: Visit, tmp_path: Path) -> None:
    """As text for people, as JSON for another browser, which takes it in once."""
    page = visit(ALIX)
    add(page, "Miche")
    page = visit(LIST)
    with page.expect_download() as text:
        page.get_by_role("button", name="Exporter en texte").click()
    with page.expect_download() as data:
        page.get_by_role("button", name="Exporter en JSON").click()
    lines = text.value.path().read_text("utf-8").splitlines()
    data.value.save_as(tmp_path / "liste.json")

    assert ["Boulangerie Alix", "[ ] 1 × Miche"] == [lines[0], lines[2]]
    page.get_by_role("button", name="Vider la liste").click()
    expect(page.locator("[data-empty]")).to_be_visible()
    for _ in range(2):
        page.locator("#list [data-import]").set_input_files(tmp_path / "liste.json")
        expect(page.locator("#list [data-told]")).to_have_text(
            "Articles lus dans le fichier\u00a0: 1"
        )
    assert 1 == len(items(page))


HARM: list[Any] = [
    "not json", "null", "[]", '{"list": 3}',
    {"shop": "x", "sku": "", "name": "<img src=x onerror=window.pwned=1>", "at": "javascript:window.pwned=1", "to": "//evil.example/", "tel": "javascript:1"},
    {"shop": "../x", "sku": "a", "name": "n"}, {"shop": "x", "sku": "a b", "name": "n"},
    {"shop": "x", "sku": "a", "name": 7}, {"shop": "constructor", "sku": "__proto__", "name": "n", "told": {"state": "x", "time": 1}},
]  # fmt: skip


@pytest.mark.parametrize("given", HARM)
def test_a_hostile_file_harms_nobody(visit: Visit, tmp_path: Path, given: Any) -> None:
    """What is imported is checked: no address leads elsewhere, no word is obeyed."""
    text = given if isinstance(given, str) else json.dumps({"list": [given]})
    (tmp_path / "x.json").write_text(text, "utf-8")
    page = visit(LIST)
    page.locator("#list [data-import]").set_input_files(tmp_path / "x.json")
    expect(page.locator("#list [data-told]")).not_to_be_empty()

    hrefs = page.locator(".errand [href]").evaluate_all("all => all.map(one => one.href)")
    assert [] == [href for href in hrefs if not href.startswith(page.url[:21])]
    assert page.evaluate("window.pwned") is None
    assert 0 == page.locator(".errand img").count()


def test_a_list_prints_without_its_buttons(visit: Visit) -> None:
    """Shops, products and what stock was last told are on paper; tools are not."""
    add(visit(ALIX), "Miche")
    page = visit(LIST)
    expect(page.locator(".errand .state")).to_have_text("En stock")
    page.emulate_media(media="print")

    expect(page.locator(".errand h2")).to_be_visible()
    expect(page.locator(".errand .state")).to_be_visible()
    expect(page.locator(".errand .asof")).to_be_visible()
    expect(page.locator(".errand .cost")).to_contain_text("6,50")
    for tool in (".tools", ".remove", ".seek", "header nav"):
        expect(page.locator(tool).first).to_be_hidden()


def test_a_merchant_prints_what_answers_a_reader(visit: Visit) -> None:
    """Name, telephone, address, hours and prices, black on white even at night; no buttons."""
    page = visit(ALIX)
    page.emulate_media(media="print", color_scheme="dark")

    for part in ("h1", ".tel", ".copied", ".hours", ".slate .cost"):
        expect(page.locator(part).first).to_be_visible()
    for part in (".seek", "header nav", "footer", ".crumbs", ".slate button"):
        expect(page.locator(part).first).to_be_hidden()
    ink = "getComputedStyle(document.querySelector('h1')).color"
    assert page.evaluate(ink) == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_english_has_a_list_of_its_own_words(visit: Visit) -> None:
    """What was put down in French stays French, and says so."""
    add(visit(ALIX), "Miche")
    page = visit("/en/list/")

    expect(page.locator(".errand .state")).to_have_text("In stock")
    expect(page.get_by_label("Bought: Miche")).to_be_visible()
    assert "fr" == page.locator(".errand .what a").get_attribute("lang")


# The choices


def test_the_region_comes_to_the_front(visit: Visit) -> None:
    """On the home page, once it was chosen, and not before."""
    assert 0 == visit("/").locator(".is-mine").count()
    visit(CHOICES).get_by_label("Région à mettre en tête").select_option("sud")
    page = visit("/")

    assert "/regions/sud/" == page.locator(".is-mine a").first.get_attribute("href")
    assert page.locator(".is-mine").evaluate("row => row === row.parentElement.firstElementChild")


def test_nobody_is_remembered_unless_asked(visit: Visit) -> None:
    """What was looked at is kept from the moment that was chosen, and goes when it is unchosen."""
    assert kept(visit(ALIX)) is None
    page = visit(CHOICES)
    page.get_by_label("Retenir les marchands et produits que je regarde").check()
    visit(ALIX)
    visit(MICHE)
    visit(ALIX)
    page = visit(CHOICES)

    assert ["Boulangerie Alix", "Miche"] == page.locator("[data-looked] a").all_inner_texts()
    page.get_by_label("Retenir les marchands et produits que je regarde").uncheck()
    assert kept(page) is None


def test_everything_goes_out_and_is_wiped(visit: Visit, tmp_path: Path) -> None:
    """One file has it all; after wiping, nothing is in the browser, and the file brings it back."""
    add(visit(ALIX), "Miche")
    page = visit(CHOICES)
    page.get_by_label("Région à mettre en tête").select_option("nord")
    with page.expect_download() as data:
        page.get_by_role("button", name="Exporter mes choix").click()
    data.value.save_as(tmp_path / "choix.json")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Tout effacer").click()
    expect(page.locator("#choices [data-told]")).to_contain_text("Tout est effacé")

    assert 0 == page.evaluate(
        "localStorage.length + sessionStorage.length + document.cookie.length"
    )
    page.locator("#choices [data-import]").set_input_files(tmp_path / "choix.json")
    expect(page.locator("#choices [data-listed]")).to_have_text("1")
    assert "nord" == kept(page)["region"]


# Without a network


def keep_visited(visit: Visit) -> Any:
    """Have the worker keep what is visited, and wait until it answers."""
    page = visit(CHOICES)
    page.get_by_label("Garder les pages que je visite").check()
    page.evaluate("navigator.serviceWorker.ready")
    until(page, "navigator.serviceWorker.controller")
    return page


def names(page: Any) -> list[str]:
    """Return the caches that there are."""
    found: list[str] = page.evaluate("caches.keys()")
    return sorted(re.sub(r"-[0-9a-f]{10}$", "", name) for name in found)


def workers(page: Any) -> int:
    """Return how many workers are registered."""
    found: int = page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)")
    return found


def test_nothing_is_kept_unless_asked(visit: Visit, site: Shop) -> None:
    """No worker, no cache, no storage; the worker is not even asked for."""
    for path in ("/", ALIX, LIST, CHOICES):
        page = visit(path)

    assert (0, []) == (workers(page), names(page))
    assert "/sw.js" not in site.asked


def test_a_visited_page_is_there_without_a_network(visit: Visit, reader: Any) -> None:
    """It says that it is a kept one, and since when; what was not visited says that honestly."""
    page = keep_visited(visit)
    page = visit(ALIX)
    expect(page.locator(".kept")).to_be_hidden()
    page.wait_for_timeout(300)
    reader.set_offline(True)
    page = visit(ALIX)

    expect(page.locator("h1")).to_have_text("Boulangerie Alix")
    expect(page.locator(".kept")).to_contain_text(
        re.compile(r"page gardée le \d.* 20\d\d à \d+ h \d\d")
    )
    assert "rgb(251, 250, 245)" != page.evaluate(
        "getComputedStyle(document.querySelector('header')).backgroundColor"
    )
    page = visit("/en/merchants/alix/")
    expect(page.locator("h1")).to_have_text("No network")
    page = visit(LIST)
    expect(page.locator("h1")).to_have_text("Ma liste")
    expect(page.locator("#list")).to_be_visible()


def test_stock_is_never_answered_from_what_was_kept(visit: Visit, reader: Any, site: Shop) -> None:
    """No cache holds a manifest or a shard, and offline asking for one fails."""
    keep_visited(visit)
    page = visit(ALIX)
    expect(page.locator("section.slate > .checked")).to_contain_text("érifié")
    page.reload()
    page.wait_for_load_state("networkidle")
    held = page.evaluate(
        "caches.keys().then(all => Promise.all(all.map(async n => (await (await caches.open(n)).keys())"
        ".map(r => new URL(r.url).pathname)))).then(all => all.flat())"
    )
    assert ALIX in held
    assert [] == [path for path in held if path.startswith("/stock/")]
    site.tick(1, MICHE=(0, "6.50"))
    expect(visit(ALIX).locator("li[data-sku=MICHE]")).to_contain_text("Épuisé")
    page.wait_for_timeout(300)
    reader.set_offline(True)
    page = visit(ALIX)

    failed = (
        "fetch('/stock/manifest.json', {cache: 'no-cache'}).then(() => 'answered', () => 'failed')"
    )
    assert "failed" == page.evaluate(failed)
    expect(page.locator(".kept")).to_be_visible()
    expect(page.locator("section.slate > .checked")).to_be_hidden()


def test_no_more_pages_are_kept_than_said(visit: Visit, site: Shop) -> None:
    """Sixty: the one that was visited longest ago goes first."""
    page = keep_visited(visit)
    paths = [f"/{n}.html" for n in range(70)]
    for path in paths:
        site.market.write(f"output{path}", "<!doctype html><title>x</title>")
    visit(ALIX)
    for path in paths:
        visit(path)
    page = visit(CHOICES)

    expect(page.locator("#choices [data-kept]")).to_have_text("Pages visitées gardées\u00a0: 60")


def test_a_page_that_is_gone_is_not_shown_as_kept(visit: Visit, site: Shop) -> None:
    """Network first: what the site says today goes before what was kept."""
    keep_visited(visit)
    visit(ALIX)
    site.market.edit(
        "content/merchants/nord/al/alix.yaml", "name: Boulangerie Alix", "name: Chez Alix"
    )
    site.build()

    expect(visit(ALIX).locator("h1")).to_have_text("Chez Alix")


def test_it_is_switched_off_where_it_was_switched_on(visit: Visit, reader: Any) -> None:
    """No worker and no kept page is left."""
    page = keep_visited(visit)
    visit(ALIX)
    page = visit(CHOICES)
    page.get_by_label("Garder les pages que je visite").uncheck()
    until(page, "!(await navigator.serviceWorker.getRegistrations()).length")
    until(page, "!(await caches.keys()).length")
    reader.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        visit(ALIX)


def test_a_site_can_take_it_back(visit: Visit, site: Shop) -> None:
    """``offline = false``: the next visit finds a worker that empties its caches and leaves."""
    keep_visited(visit)
    visit(ALIX)
    site.market.edit("halles.toml", "[site]", "[site]\noffline = false")
    outcome = site.build()
    assert {"/hors-ligne/", "/en/offline/"} < set(outcome.removed)
    page = visit(ALIX)
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => one?.update())")
    until(page, "!(await navigator.serviceWorker.getRegistrations()).length")

    assert [] == names(page)
    assert 0 == visit(CHOICES).locator("[data-offline]").count()


def test_a_new_shell_takes_over_by_itself(visit: Visit, site: Shop, reader: Any) -> None:
    """Another style is another worker: it comes with the next visit, and kept pages still have theirs."""
    keep_visited(visit)
    page = visit(ALIX)
    before = page.evaluate(
        "caches.keys().then(all => all.find(name => name.startsWith('halles-shell')))"
    )
    site.market.theme()
    css = (MARCHE / "static/marche.css").read_bytes()
    site.market.write("themes/mien/static/marche.css", css + b"\nh1{letter-spacing:3px}")
    site.build()
    page = visit("/")
    page.evaluate("navigator.serviceWorker.getRegistration().then(one => one.update())")
    until(page, f"!(await caches.has('{before}'))")
    reader.set_offline(True)
    page = visit(ALIX)

    expect(page.locator(".kept")).to_be_visible()
    assert "rgb(251, 250, 245)" != page.evaluate(
        "getComputedStyle(document.querySelector('header')).backgroundColor"
    )
    assert "3px" == visit(LIST).evaluate(
        "getComputedStyle(document.querySelector('h1')).letterSpacing"
    )


# A whole region


def test_a_region_tells_its_size_and_then_comes_along(visit: Visit, reader: Any) -> None:
    """Its pages, never visited, are there without a network; then it goes, and all with it."""
    page = visit(CHOICES)
    page.get_by_label("Région à garder").select_option("nord")
    button = page.locator("#choices [data-fetch]")
    expect(button).to_have_text(re.compile(r"Télécharger Le Nord\s: \d+ pages, environ \d+\sko"))
    assert [] == names(page)
    button.click()
    expect(page.locator("#choices [data-there]")).to_contain_text(
        "Ce paquet est sur l’appareil depuis le"
    )
    until(page, "navigator.serviceWorker.controller")
    assert ["halles-assets", "halles-pack-fr-nord", "halles-shell"] == names(page)
    reader.set_offline(True)
    for path, name in ((ALIX, "Boulangerie Alix"), ("/regions/nord/", "Le Nord")):
        page = visit(path)
        expect(page.locator("h1")).to_contain_text(name)
        expect(page.locator(".kept")).to_be_visible()
    expect(visit("/regions/sud/").locator("h1")).to_have_text("Pas de réseau")
    page = visit(CHOICES)
    page.get_by_label("Région à garder").select_option("nord")
    page.get_by_role("button", name="Retirer ce paquet").click()
    until(page, "!(await caches.keys()).length")
    until(page, "!(await navigator.serviceWorker.getRegistrations()).length")


def test_a_pack_alone_keeps_no_visit(visit: Visit, reader: Any) -> None:
    """Who asked for a region did not ask that visits be kept."""
    page = visit(CHOICES)
    page.get_by_label("Région à garder").select_option("nord")
    page.locator("#choices [data-fetch]").click()
    expect(page.locator("#choices [data-there]")).not_to_be_empty()
    until(page, "navigator.serviceWorker.controller")
    visit("/regions/sud/")
    reader.set_offline(True)

    expect(visit("/regions/sud/").locator("h1")).to_have_text("Pas de réseau")


def test_half_a_pack_is_none(visit: Visit, site: Shop, reader: Any) -> None:
    """Where the network fails, or the reader stops it, nothing is left and it is said."""
    page = visit(CHOICES)
    reader.route("**/commerces/**", lambda route: route.abort())
    page.get_by_label("Région à garder").select_option("nord")
    page.locator("#choices [data-fetch]").click()
    expect(page.locator("[data-trouble]")).to_contain_text("Le réseau a manqué")

    assert (0, []) == (workers(page), names(page))


def test_a_region_that_changed_says_so(visit: Visit, site: Shop) -> None:
    """An older pack is still there, and the page says that there is a newer one."""
    page = visit(CHOICES)
    page.get_by_label("Région à garder").select_option("nord")
    page.locator("#choices [data-fetch]").click()
    expect(page.locator("#choices [data-there]")).to_contain_text("depuis le")
    alix = site.market.read("content/merchants/nord/al/alix.yaml")
    alix = re.sub(r"(?s)\nproducts:.*", "\n", alix).replace("id: alix", "id: alma")
    site.market.write("content/merchants/nord/al/alma.yaml", alix)
    site.build()
    page = visit(CHOICES)
    page.get_by_label("Région à garder").select_option("nord")

    expect(page.locator("#choices [data-there]")).to_contain_text("la région a changé depuis")
    page.locator("#choices [data-fetch]").click()
    expect(page.locator("#choices [data-there]")).not_to_contain_text("la région a changé depuis")


# For everybody


@pytest.mark.parametrize(
    "path", ["/liste/", "/choix/", "/hors-ligne/", "/en/list/", "/en/choices/"]
)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(visit: Visit, path: str, dark: bool) -> None:
    """Full or empty, on a phone, in light and in dark: no violation of WCAG 2.2 AA or good practice."""
    page = visit(ALIX)
    add(page, "Miche")
    page.emulate_media(color_scheme="dark" if dark else "light")
    visit(path)
    page.wait_for_load_state("networkidle")

    assert [] == violations(page)


@pytest.mark.parametrize("path", [ALIX, MICHE, SHARED])
def test_axe_finds_nothing_at_the_buttons(visit: Visit, path: str) -> None:
    """Nor where the list is filled."""
    page = visit(path)
    page.get_by_role("button", name="Ajouter à ma liste").first.click()

    assert [] == violations(page)


def violations(page: Any) -> list[str]:
    """Return what axe finds, in words; the policy of the page lets nothing in but this."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [f"{v['id']}: {n['html'][:200]}" for v in found["violations"] for n in v["nodes"]]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (LIST, "a besoin de JavaScript"),
        (CHOICES, "JavaScript est éteint ici"),
        ("/en/list/", "needs JavaScript"),
        ("/en/choices/", "JavaScript is off here"),
    ],
)
def test_without_a_script_nothing_is_promised(
    chromium: Any, site: Shop, path: str, words: str
) -> None:
    """The page says that it needs one; no button stands there that would do nothing."""
    page = chromium.new_page(java_script_enabled=False)
    page.goto(site.base + path)
    expect(page.locator("main")).to_contain_text(words)
    assert [] == [
        b for b in page.locator("main :is(button, input, select)").all() if b.is_visible()
    ]
    page.goto(site.base + ALIX)
    assert [] == [b for b in page.locator("button").all() if b.is_visible()]
    page.close()
