"""The search and "near me", in a real browser, over the example site as a server gives it."""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from halles.outcome import Options
from halles.site import build
from halles.stock.arrival import Feeds, Given
from halles.theme import spare
from tests.browser.axe import axe
from tests.browser.conftest import Folder, reading
from tests.example import Example
from tests.market import MARCHE, Market
from tests.search.conftest import ON
from tests.stock.arrivals import CLOCK, feed, told

pytestmark = pytest.mark.browser
SEARCH, ENGLISH = "/recherche/", "/en/search/"
RIMOUSKI = {"latitude": 48.4488, "longitude": -68.5230}
NOON = 1_795_622_400
"""Wednesday the 25th of November 2026, 11:00 in Montréal: shops are open."""
PAINS = {"PAIN-LEVAIN": 5, "FOUGASSE-ALGUES": 0, "PAIN-MENAGE": 2}
"""What a feed says of the bakery of Rimouski."""
TUQUE = "/produits/0771204695841/"
TUQUES = (("HG", "HG-006", 0), ("GERMAINE", "TUG-001", 5), ("ROUYN", "BR-004", 4))
"""And of three shops that have a tuque: the nearest to Rimouski is out of it."""


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """Return the example site with some stock, served once for all of these tests."""
    site = Example(tmp_path_factory.mktemp("search") / "site", search=True)
    rows = [told("RIM-01", sku, n) for sku, n in PAINS.items()]
    rows += [told(*row) for row in TUQUES]
    path = site.root.parent / "feed.csv"
    path.write_bytes(feed(*rows))
    feeds = Feeds((Given(path, True),), accept=True, clock=CLOCK)
    build(site.root, Options(executor="inline", feeds=feeds))

    with Folder(site.output) as folder:
        yield folder


Visit = Callable[..., Any]


@pytest.fixture
def reader(chromium: Any) -> Iterator[Any]:
    """Return a browser of one's own, in Rimouski; its console may say nothing."""
    here = {"geolocation": RIMOUSKI, "permissions": ["geolocation"], "locale": "fr-CA"}
    with reading(chromium, 15_000, **here) as context:
        yield context


@pytest.fixture
def visit(place: Folder, reader: Any) -> Iterator[Visit]:
    """Return what opens a page; no request of it may leave the site's own origin."""
    asked: list[str] = []
    page = reader.new_page()
    page.on("request", lambda r: asked.append(r.url))

    def visited(path: str) -> Any:
        page.goto(place.base + path)
        return page

    yield visited

    assert [] == [url for url in asked if not url.startswith((place.base, "blob:"))]


def hits(page: Any) -> list[str]:
    """Return the names of what is found, in order."""
    return [" ".join(name.split()) for name in page.locator(".hits > li > a").all_inner_texts()]


def found(page: Any, words: str) -> None:
    """Wait until it is said how many there are."""
    expect(page.locator("[data-news]")).to_contain_text(re.compile(words))


def told_number(page: Any) -> int:
    """Return how many results are told of."""
    return int(re.sub(r"\D.*", "", page.locator("[data-news]").inner_text()))


def asked_of(page: Any) -> dict[str, list[str]]:
    """Return what the address asks."""
    return parse_qs(urlsplit(page.url).query)


def settled(page: Any) -> None:
    """Wait until a search is done, counts and all."""
    expect(page.locator("#search[aria-busy]")).to_have_count(0)


def open_filters(page: Any) -> None:
    """Unfold the filters, as a phone has them folded."""
    page.locator("#filters > summary").click()


# Words


def test_results_come_as_one_types(visit: Visit) -> None:
    """No button is needed; the address has the words, and going back takes them away."""
    page = visit(SEARCH)
    expect(page.locator("#browse")).to_be_visible()
    page.locator("#q").press_sequentially("pain au lev", delay=15)
    found(page, r"résultat")

    assert "Pain au levain" in hits(page)
    assert ["pain au lev"] == asked_of(page)["q"]
    expect(page.locator("#browse")).to_be_hidden()
    expect(page.locator(".hits mark").first).to_have_text("Pain")


def test_an_address_is_a_search(visit: Visit) -> None:
    """What was found is found again by whoever gets the address, field by field."""
    page = visit(
        f"{SEARCH}?q=pain&region=bas-saint-laurent&category=alimentation&kind=p&sort=price"
    )
    found(page, r"\d+ résultats")
    prices = [
        float(re.sub(r"[^\d,]", "", p).replace(",", "."))
        for p in page.locator(".hits .deal b").all_inner_texts()
    ]

    assert prices == sorted(prices) and len(prices) > 2
    assert "bas-saint-laurent" == page.locator("[name=region]").input_value()
    assert page.locator("[name=kind][value=p]").is_checked()
    assert "price" == page.locator("[name=sort]").input_value()
    assert all(
        "Bas-Saint-Laurent" in where for where in page.locator(".hits .town").all_inner_texts()
    )


def test_an_excerpt_is_read_as_it_is_written(visit: Visit) -> None:
    """Apostrophes and hyphens stand, what was looked for is marked, and what is cut off is said."""
    page = visit(f"{SEARCH}?q=ceinture argile&region=abitibi-temiscamingue&kind=m")
    text = page.locator(".hits .excerpt").first
    expect(text).to_contain_text("Les chèvres broutent la ceinture d’argile, et cela")

    assert ["ceinture", "argile"] == text.locator("mark").all_inner_texts()
    assert "creusée à la pelle par…" in text.inner_text() and "\u2060" not in text.inner_text()


@pytest.mark.parametrize("said", ["laiterie", "cheesemaker", "GERMAINE TUG-001"])
def test_words_that_are_only_for_finding_are_not_read(said: str, visit: Visit) -> None:
    """Found by a synonym, the other language or a code: the excerpt is the description's beginning."""
    page = visit(f"{SEARCH}?q={said}")
    found(page, r"résultat")
    settled(page)
    texts = page.locator(".hits .excerpt").all_inner_texts()

    assert texts
    assert not [one for one in texts if re.search(r"laiterie,|cheesemaker|TUG-001", one)]


def test_the_back_button_goes_back(visit: Visit) -> None:
    """Each choice is a page of the history; typing is none."""
    page = visit(f"{SEARCH}?q=pain")
    found(page, r"\d+ résultats")
    settled(page)
    whole = page.locator("[data-news]").inner_text()
    page.locator("[name=kind][value=m]").check()
    expect(page.locator("[data-news]")).not_to_have_text(whole)
    page.go_back()

    expect(page.locator("[data-news]")).to_have_text(whole)
    assert page.locator("[name=kind][value='']").is_checked()


def test_the_box_of_every_page_leads_here(visit: Visit) -> None:
    """A plain form, that asks the page of the search."""
    page = visit("/")
    page.locator("header .seek input").fill("fromage")
    page.locator("header .seek input").press("Enter")
    page.wait_for_url("**/recherche/?q=fromage")

    found(page, r"\d+ résultat")


def test_it_is_said_in_english_too(visit: Visit) -> None:
    """Words, prices and distances; and the records of that language."""
    page = visit(f"{ENGLISH}?q=bread")
    found(page, r"\d+ results: merchants \d+, products \d+")

    assert page.locator(".hits > li > a").first.get_attribute("href").startswith("/en/")
    assert re.search(r"\$\d+\.\d\d", page.locator(".hits").inner_text())


def test_what_is_misspelt_is_asked_about(visit: Visit) -> None:
    """A word that nobody has: what was perhaps meant is one tap away."""
    page = visit(f"{SEARCH}?q=chaudrrée&region=bas-saint-laurent")
    page.goto(page.url.split("?")[0] + "?q=boulangrie&region=bas-saint-laurent")
    button = page.locator("[data-meant] button")
    expect(button).to_have_text("boulangerie")
    button.click()

    found(page, r"\d+ résultat")
    assert ["boulangerie"] == asked_of(page)["q"]


def test_an_empty_page_is_a_way_on(visit: Visit) -> None:
    """Nothing here: wider, without this, and how many there would be; the tree is there as well."""
    page = visit(f"{SEARCH}?q=homard&region=montreal&category=mode")
    expect(page.locator("[data-empty]")).to_be_visible()
    expect(page.locator("[data-ways] button").first).to_be_visible()
    expect(page.locator("#browse")).to_be_visible()
    way = page.locator("[data-ways] button").first
    promised = re.search(r"\((\d+)\)", way.inner_text())
    way.click()
    found(page, r"\d+ résultat")

    assert promised and page.locator("[data-news]").inner_text().startswith(promised[1])


def ways(page: Any) -> list[str]:
    """Return what an empty page offers."""
    expect(page.locator("[data-ways] button").first).to_be_visible()
    return [str(way) for way in page.locator("[data-ways] button").all_inner_texts()]


def test_an_empty_page_names_the_regions_that_have_it(visit: Visit) -> None:
    """With how many each has, which is what it shows; regions by their size are no answer."""
    page = visit(f"{SEARCH}?q=homard&region=estrie")
    told = [re.fullmatch(r"Ailleurs\u00a0: (.+) \((\d+)\)", way) for way in ways(page)[:3]]
    counts = [int(one[2]) for one in told if one]
    assert counts == sorted(counts, reverse=True) and len(counts) == 3
    expect(page.locator("#browse")).to_be_visible()
    expect(page.get_by_role("heading", name="Par région")).to_be_hidden()
    page.locator("[data-ways] button").first.click()
    found(page, rf"^{counts[0]} résultats")

    assert ["gaspesie-iles-de-la-madeleine"] == asked_of(page)["region"]


def test_a_word_that_other_regions_have_is_spelt_as_it_should_be(visit: Visit) -> None:
    """Nobody in Estrie has carrots: who asks is not sent to curds of cheese (crottes) instead."""
    page = visit(f"{SEARCH}?q=carottes&region=estrie")

    assert "Ailleurs\u00a0: Montréal (3)" in ways(page)
    expect(page.locator("[data-meant]")).to_be_hidden()


def test_an_empty_page_keeps_words_as_they_are_typed(visit: Visit) -> None:
    """A word alone is looked for with its accents; the category of one of them is named."""
    page = visit(f"{SEARCH}?q=vélo à crème brûlée&region=nord-du-quebec")

    assert ["Seulement «\u00a0crème\u00a0» (3)"] == ways(page)
    expect(page.locator("[data-leads] a").first).to_have_text("Vélo")
    expect(page.locator("[data-meant]")).to_be_hidden()


def test_what_was_meant_is_written_as_people_write(visit: Visit) -> None:
    """The index has neither accents nor small words: the question that is offered has both."""
    page = visit(f"{SEARCH}?q=fromage d’erabel")

    expect(page.locator("[data-meant] button")).to_have_text("fromage d’érable")


@pytest.mark.parametrize(
    ("words", "offer"),
    [("homard", "Jusqu’à 10 km"), ("fromage", "À toute distance")],
)
def test_a_radius_that_holds_nothing_is_widened(words: str, offer: str, visit: Visit) -> None:
    """As far as the nearest is, which is told, and no farther."""
    page = visit(f"{SEARCH}?q={words}&near=Rimouski&radius=5")
    (way,) = [way for way in ways(page) if way.startswith(offer)]
    far = way.rpartition(" à ")[2]
    page.locator("[data-ways] button").first.click()

    expect(page.locator(".hits .far").first).to_have_text(far)


@pytest.mark.parametrize(
    ("code", "near"), [("G5L 1A1", "G5L"), ("g5l1a1", "G5L"), ("G5L", "G5L"), ("pain g5l 1a1", "G5L")]
)  # fmt: skip
def test_a_postal_code_is_a_place(code: str, near: str, visit: Visit) -> None:
    """Wherever it is typed: what is near it is shown, and words before it are still looked for."""
    page = visit(f"{SEARCH}?q={code}")
    expect(page.locator("[data-nearby]")).to_have_text(f"Près de {near}")

    assert "Boulangerie du Marché" in page.locator(".hits > li").first.inner_text()
    assert "0,1" in page.locator(".hits .far").first.inner_text()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"{SEARCH}?q=M5V 2T6", "Aucun marchand n’est connu près de cet endroit"),
        (f"{SEARCH}?q=%25", "Il n’y a pas de mot à chercher dans «\u00a0%\u00a0»"),
        (f"{SEARCH}?q=a", "Écrivez au moins deux lettres"),
        (f"{ENGLISH}?q=%25%26", "There is no word to look for in “%&”"),
        (f"{ENGLISH}?q=a", "Write two letters at least"),
    ],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_said(path: str, words: str, visit: Visit) -> None:
    """No answer to a question that is none; the market is there to browse, and the next one is asked."""
    page = visit(path)
    found(page, words)
    expect(page.locator("#browse")).to_be_visible()
    expect(page.locator(".tabs")).to_be_hidden()
    assert [] == hits(page)
    page.locator("#q").fill("tuque")
    found(page, r"\d+ r[eé]sult")
    expect(page.locator(".tabs")).to_be_visible()


@pytest.mark.parametrize("code", ["077120469584", "0771204695842", "12345678"])
def test_a_code_is_there_or_not(code: str, visit: Visit) -> None:
    """A digit short, or one that is wrong: no such code, and nothing that begins like it."""
    page = visit(f"{SEARCH}?q={code}")
    expect(page.locator("[data-empty] h2")).to_have_text(
        f"Aucun produit n’a le code-barres «\u00a0{code}\u00a0»"
    )
    expect(page.locator("[data-hint]")).to_contain_text("Comparez chaque chiffre")

    assert [] == hits(page)


def test_a_whole_code_is_found(visit: Visit) -> None:
    """With or without the spaces that stand on the label."""
    page = visit(f"{SEARCH}?q=0 771204 695841")
    found(page, r"\d résultat")

    assert all(name.startswith("Tuque") for name in hits(page))


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("vélo", ["Vélo"]),
        ("ouvert maintenant", []),
        ("gaspésie", ["Gaspésie–Îles-de-la-Madeleine"]),
        ("îles de la mad", ["Gaspésie–Îles-de-la-Madeleine"]),
    ],
)
def test_a_place_is_suggested_where_its_name_is_typed(
    words: str, places: list[str], visit: Visit
) -> None:
    """A region whose page speaks of bicycles is none that anybody asked for."""
    page = visit(f"{SEARCH}?q={words}")
    found(page, r"résultat")
    settled(page)

    assert places == page.locator("[data-leads] a").all_inner_texts()


def seen(page: Any) -> int:
    """Return how many results are whole on the first screen."""
    bottoms = page.locator(".hits > li").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().bottom)"
    )
    return sum(bottom <= page.viewport_size["height"] for bottom in bottoms)


@pytest.mark.parametrize("words", ["pain", "fromage", "savon", "pain G5L 1A1"])
def test_a_phone_shows_answers_on_its_first_screen(words: str, visit: Visit) -> None:
    """Two of them whole at least, below all that is asked and told above them."""
    page = visit(f"{SEARCH}?q={words}")
    found(page, r"résultats")
    settled(page)

    assert seen(page) >= 2
    assert page.evaluate("scrollX + document.documentElement.scrollWidth") == 390


# Filters


@pytest.mark.parametrize("facet", ["category", "label", "service", "price"])
def test_filters_never_lie(facet: str, visit: Visit) -> None:
    """What stands beside a value is how many there are once it is chosen."""
    page = visit(
        f"{SEARCH}?q=pain&region=bas-saint-laurent" if facet != "label" else f"{SEARCH}?q=fromage"
    )
    found(page, r"\d+ résultats")
    settled(page)
    open_filters(page)
    values = page.locator(f"[data-facets] [name={facet}]:not([value=''])")
    expect(values.first).to_be_attached()
    told_of = [
        (value.get_attribute("value"), page.locator(f".pick:has([name={facet}][value='{value.get_attribute('value')}']) small").inner_text())
        for value in values.all()
    ]  # fmt: skip
    assert told_of
    for value, promised in told_of[:3]:
        page.locator(f"[name={facet}][value='{value}']").check()
        expect(page.locator("[data-news]")).to_contain_text(re.compile(rf"^{promised} résultat"))
        settled(page)
        page.locator("[data-chips] button").first.click()
        expect(page.locator("[data-chips] button")).to_have_count(0)
        settled(page)


def test_the_tree_opens_where_one_goes(visit: Visit) -> None:
    """Branches come as their trunk is chosen; what is chosen can be taken off by name."""
    page = visit(f"{SEARCH}?q=pain")
    found(page, r"résultat")
    settled(page)
    open_filters(page)
    page.locator("[name=category][value=alimentation]").check()
    expect(page.locator("[name=category][value=boulangerie]")).to_be_visible()
    settled(page)

    assert page.evaluate("document.activeElement.value") == "alimentation", "focus stays"
    page.get_by_role("button", name="Retirer le filtre\u00a0: Alimentation").click()
    expect(page.locator("[name=category][value=boulangerie]")).to_have_count(0)


def test_open_now_are_those_who_are(visit: Visit) -> None:
    """By their own hours at that moment; who is closed is not shown at all."""
    page = visit("/")
    page.clock.set_fixed_time(NOON)
    page.goto(page.url + "recherche/?category=boulangerie&kind=m&open=1")
    found(page, r"résultat")
    there = hits(page)
    page.clock.set_fixed_time(NOON + 12 * 3600)
    page.goto(page.url)
    page.wait_for_load_state("networkidle")
    settled(page)

    assert there
    assert set(hits(page)) < set(there)


def tick(page: Any, name: str) -> Any:
    """Return what stands beside a tick."""
    return page.locator(f".tick:has([name={name}]) small")


def test_stock_is_counted_once_all_is_shown(visit: Visit) -> None:
    """What the number says is what the tick shows; before that there is none, and that is said."""
    page = visit(f"{SEARCH}?q=pain")
    found(page, r"\d+ résultats")
    settled(page)
    open_filters(page)
    expect(page.locator("[data-uncounted]")).to_be_visible()
    expect(tick(page, "stock")).to_have_text("")
    page.goto(f"{page.url}&region=bas-saint-laurent&category=alimentation")
    expect(tick(page, "stock")).to_have_text("2")
    expect(tick(page, "open")).to_have_text("")
    open_filters(page)
    page.locator("[name=stock]").check()
    found(page, "^2 résultats")

    assert {"Pain au levain", "Pain de ménage"} == set(hits(page))


def test_who_is_open_is_counted_where_hours_are_at_hand(visit: Visit) -> None:
    """Nothing is fetched to tell a number; where it is told, the tick shows as many."""
    page = visit("/")
    page.clock.set_fixed_time(NOON)
    page.goto(f"{page.url}recherche/?q=pain&region=bas-saint-laurent&category=alimentation&open=1")
    found(page, r"^\d résultat")
    settled(page)
    open_filters(page)
    there = str(page.locator(".hits > li").count())
    expect(tick(page, "open")).to_have_text(there)
    page.locator("[name=open]").uncheck()
    found(page, r"^8 résultats")
    expect(tick(page, "open")).to_have_text(there)


def test_as_many_as_a_page_holds_have_no_more(visit: Visit) -> None:
    """Ten results of ten: there is no button for what does not follow."""
    page = visit(f"{SEARCH}?q=café&region=cote-nord")
    found(page, r"^10 résultats")
    settled(page)

    assert 10 == page.locator(".hits > li").count()
    expect(page.locator("button[data-more]")).to_be_hidden()


# Stock


def test_results_say_their_stock(visit: Visit) -> None:
    """State, price and when it was checked, of those that take part; of others nothing."""
    page = visit(f"{SEARCH}?q=pain au levain&region=bas-saint-laurent&kind=p")
    row = page.locator(
        ".hits > li", has=page.get_by_role("link", name="Pain au levain", exact=True)
    )
    expect(row.locator(".state")).to_have_text("En stock")
    expect(row.locator("time")).to_contain_text("vérifié")

    assert "6,50" in row.locator(".deal b").inner_text()


def test_in_stock_only_draws_more_rather_than_showing_fewer(visit: Visit) -> None:
    """All that is there is found, however far down it stood."""
    page = visit(f"{SEARCH}?q=&region=bas-saint-laurent&stock=1&kind=p")
    page.wait_for_load_state("networkidle")
    expect(page.locator(".hits > li")).to_have_count(2)

    assert {"Pain au levain", "Pain de ménage"} == set(hits(page))
    assert page.locator(".hits .state").count() == 2


# Near me


def test_near_me_asks_after_saying_what_for(visit: Visit) -> None:
    """One tap; distances rise, over regions' borders; the position is in no address and not kept."""
    page = visit(f"{SEARCH}?q=fromage")
    found(page, r"résultat")
    page.locator(".near-me summary").click()
    expect(page.locator("#around-what")).to_contain_text("elle n’est ni envoyée, ni gardée")
    page.locator("[data-locate]").click()
    expect(page.locator(".hits .far").first).to_be_visible()
    settled(page)
    kilometres = [
        float(re.sub(r"[^\d,]", "", far).replace(",", "."))
        for far in page.locator(".hits .far").all_inner_texts()
    ]

    assert kilometres == sorted(kilometres) and len(kilometres) > 3
    regions = {where.split(", ")[-1] for where in page.locator(".hits .town").all_inner_texts()}
    assert len(regions) > 1
    assert "48.4" not in page.url and {"q", "sort"} == asked_of(page).keys()
    assert page.evaluate("localStorage.length") == 0


def test_a_place_is_kept_only_if_one_says_so(visit: Visit) -> None:
    """And it can be seen, and forgotten, where everything that is kept can."""
    page = visit(SEARCH)
    page.locator(".near-me summary").click()
    page.locator("#around-place").click()
    page.locator("#around-place").press_sequentially("rimou", delay=10)
    expect(page.locator("#around-options > li").first).to_contain_text("Rimouski")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".hits .far").first).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
    page.locator(".near-me summary").click()
    page.locator("[data-keep]").check()
    kept = json.loads(page.evaluate("localStorage.getItem('halles')"))
    assert "Rimouski" == kept["place"]["name"]
    page.goto(page.url.split("/recherche")[0] + "/choix/")
    expect(page.locator("[data-spot]")).to_have_text("Rimouski")
    page.locator("[data-unplace]").click()

    assert page.evaluate("localStorage.getItem('halles')") is None


@pytest.mark.parametrize("said", ["G5L 1A1", "Rimouski", "rimouski"])
def test_a_postal_code_or_a_town_will_do(said: str, visit: Visit) -> None:
    """The first half of a code is enough, and no accent or capital is needed."""
    page = visit(f"{SEARCH}?q=pain")
    page.locator(".near-me summary").click()
    page.locator("#around-place").fill(said)
    page.locator("#around-place").press("Enter")
    expect(page.locator(".hits .far").first).to_contain_text("km")
    settled(page)

    assert "Boulangerie du Marché" in page.locator(".hits > li").first.inner_text()


def test_a_town_may_stand_in_the_words(visit: Visit) -> None:
    """ "Pain près de Rimouski" is bread, the nearest to Rimouski first."""
    page = visit(f"{SEARCH}?q=pain près de Rimouski")
    expect(page.locator(".hits .far").first).to_contain_text("km")

    assert "Rimouski" in page.locator(".hits .town").first.inner_text()


@pytest.mark.parametrize("path", ["/", "/categories/boulangerie/", "/regions/bas-saint-laurent/"])
def test_near_me_is_answered_in_place(path: str, visit: Visit) -> None:
    """On the front page, a category's and a region's: the nearest first, with how far; the page stays."""
    page = visit(path)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.locator("[data-near]").click()
    page.locator("[data-locate]").click()
    first = page.locator(".answers li").first
    expect(first.locator(".far")).to_contain_text("km")
    expect(first.locator(".now")).to_be_visible()

    assert page.url.endswith(path)
    assert "Rimouski" in first.inner_text()
    assert any("/points/" in url for url in asked)


def test_a_product_is_found_in_stock_near_me(visit: Visit) -> None:
    """On its own page: its shops by how far they are, those that have it first, each with its state."""
    page = visit(TUQUE)
    page.locator("[data-near]").click()
    page.locator("[data-locate]").click()
    rows = page.locator(".slate > ul > li")
    expect(rows.first.locator(".far")).to_contain_text("km")
    far = [
        float(re.sub(r"[^\d,]", "", one).replace(",", "."))
        for one in page.locator(".slate .far").all_inner_texts()
    ]
    states = [row.locator(".state").all_inner_texts() for row in rows.all()]

    assert [["En stock"], ["En stock"]] == states[:2] and ["Épuisé"] == states[-1]
    assert "Québec" in rows.first.inner_text() and "Sainte-Anne-des-Monts" in rows.last.inner_text()
    assert far[0] < far[1] and far[2:-1] == sorted(far[2:-1]) and len(far) == rows.count()
    page.locator("[data-forget]").click()
    expect(page.locator(".slate .far")).to_have_count(0)


@pytest.mark.parametrize("said", ["zoé", "boulangerie"])
def test_a_page_that_stood_open_searches_what_there_is_now(
    said: str, chromium: Any, tmp_path: Path
) -> None:
    """Bundles went when the site was built anew: the page asks for the new ones, a word it never knew."""
    market = Market(tmp_path / "market")
    market.edit("halles.toml", *ON)
    market.build()
    with Folder(market.root / "output") as folder, reading(chromium, 15_000) as context:
        page = context.new_page()
        page.goto(folder.base + SEARCH)
        with page.expect_response("**/wasm.fr.pagefind"):
            page.locator("#q").click()
        page.wait_for_load_state("networkidle")
        market.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "Boulangerie Zoé")
        market.build()
        folder.asked.clear()
        page.locator("#q").press_sequentially(said, delay=15)
        found(page, r"\d résultat")

        assert ["Boulangerie Zoé"] == hits(page)[:1]
        assert folder.asked.count("/pagefind/manifest.json") <= 2


def test_what_has_least_of_it_is_asked_last(visit: Visit) -> None:
    """Where all would take too much: what was not asked is said, and a tap away; counts hold for what was."""
    page = visit("/")

    def poorer(route: Any) -> None:
        body = route.fetch().text().replace("const EVERYWHERE = 200_000;", "const EVERYWHERE = 1;")
        route.fulfill(body=body, content_type="text/javascript")

    page.route("**/assets/choosing-*.js", poorer)
    page.goto(f"{page.url}recherche/?q=pain")
    found(page, r"\d+ résultats, là où il y en a le plus")
    settled(page)
    some = told_number(page)
    open_filters(page)
    pick = page.locator("[data-facets] .pick:has([name=category]:not([value='']))").first
    promised = pick.locator("small").inner_text()
    pick.locator("input").check()
    found(page, rf"^{promised} résultats?")
    settled(page)
    page.locator("[data-chips] button").first.click()
    settled(page)
    expect(page.locator("p[data-left]")).to_contain_text("où l’on n’a pas cherché")
    page.locator("p[data-left] button").click()
    expect(page.locator("p[data-left]")).to_be_hidden()
    expect(page.locator("[data-news]")).not_to_contain_text("là où")

    assert told_number(page) > some
    assert ["1"] == asked_of(page)["all"]


# Everybody


def walk(page: Any, steps: int) -> list[str]:
    """Go on by Tab, and return what had the focus each time."""
    met = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        met.append(
            page.evaluate(
                "(e => e.name || e.textContent.trim().slice(0, 20))(document.activeElement)"
            )
        )
    return met


def test_it_can_be_walked_by_keyboard(visit: Visit) -> None:
    """From the question down to its answers and back, and on to more of them."""
    page = visit(f"{SEARCH}?q=pain")
    found(page, r"résultat")
    settled(page)
    page.locator("#q").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.hits li') !== null")
    page.keyboard.press("ArrowUp")
    assert "q" == page.evaluate("document.activeElement.id")
    met = walk(page, 8)
    assert "region" in met and "kind" in met and "sort" in met
    before = page.locator(".hits > li").count()
    page.locator("button[data-more]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f".hits > li:nth-child({before + 1}) > a")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(scheme: str, visit: Visit) -> None:
    """With results, filters, suggestions and the question of where one is, in both schemes."""
    page = visit(SEARCH)
    page.emulate_media(color_scheme=scheme)
    assert [] == axe(page)
    page.locator("#q").fill("pain")
    found(page, r"résultat")
    settled(page)
    open_filters(page)
    expect(page.locator("[data-facets] [name=category]").first).to_be_visible()
    page.locator(".near-me summary").click()
    page.locator("#around-place").click()
    page.locator("#around-place").press_sequentially("saint", delay=10)
    expect(page.locator("#around-options > li").first).to_be_visible()

    assert [] == axe(page)


def test_without_a_script_there_is_the_market_to_browse(chromium: Any, place: Folder) -> None:
    """The page says why, and shows no field that would do nothing but the question itself."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place.base}{SEARCH}?q=pain")

    expect(page.locator("main")).to_contain_text("a pour cela besoin de JavaScript")
    assert page.locator("#browse a[href='/regions/bas-saint-laurent/']").is_visible()
    assert not page.locator("#found").is_visible()
    shown = [
        f.get_attribute("name")
        for f in page.locator("main :is(input, select)").all()
        if f.is_visible()
    ]
    assert ["q"] == shown
    page.goto(f"{place.base}/categories/boulangerie/")
    page.locator("[data-near]").click()
    assert "/recherche/?category=boulangerie" in page.url
    context.close()


def test_without_its_bundles_the_page_says_so(chromium: Any, place: Folder) -> None:
    """A site whose search was not built: the market is there to browse, and nothing pretends."""
    context = chromium.new_context()
    page = context.new_page()
    page.route("**/pagefind/manifest.json", lambda route: route.fulfill(status=404))
    page.goto(f"{place.base}{SEARCH}?q=pain")

    expect(page.locator("[data-news]")).to_contain_text("n’est pas en service ici")
    expect(page.locator("#browse")).to_be_visible()
    context.close()


def test_a_kept_region_is_searched_without_a_network(visit: Visit, reader: Any) -> None:
    """Words, near me and stock, each saying how old it is; the size was said before."""
    page = visit("/choix/")
    page.locator("[data-pack]").select_option("bas-saint-laurent")
    button = page.locator("button[data-fetch]")
    chosen = page.locator("[data-pack] option:checked")
    # What the pages take was said by the page that was built; the search comes on top of it.
    expect(button).not_to_contain_text(chosen.get_attribute("data-size"))
    button.click()
    expect(page.locator("p[data-there]")).to_contain_text("sur l’appareil depuis", timeout=20_000)
    reader.set_offline(True)
    page.goto(page.url.replace("/choix/", "/recherche/?q=pain"))

    expect(page.locator(".age")).to_contain_text("recherche dans Bas-Saint-Laurent")
    row = page.locator(
        ".hits > li", has=page.get_by_role("link", name="Pain au levain", exact=True)
    )
    expect(row.locator(".state")).to_have_text("En stock")
    expect(row.locator("time")).to_contain_text("gardé le")
    page.locator(".near-me summary").click()
    page.locator("[data-locate]").click()
    expect(page.locator(".hits .far").first).to_be_visible()
    reader.set_offline(False)


SHOWS = ("search", "seeking", "asked", "beside", "facets", "hits", "instock", "shardof")
ASKS = (
    "finder",
    "choosing",
    "drawing",
    "query",
    "pack",
    "points",
    "position",
    "shards",
    "openness",
)


def test_the_interface_weighs_little() -> None:
    """What shows is under 15 KB, compressed, as it is published; what asks is under as much again."""

    def weight(names: tuple[str, ...]) -> int:
        bodies = (spare((MARCHE / "static" / f"{name}.js").read_bytes()) for name in names)
        return sum(len(gzip.compress(body, 9)) for body in bodies)

    assert weight(SHOWS) < 15 * 1024
    assert weight(ASKS) < 18 * 1024
