"""The example site in a real browser: on a phone, without a script, from the keyboard."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.axe import COLOURS, axe
from tests.browser.conftest import Serve
from tests.example import Example
from tests.pages.test_pages import OWN

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SMALL = {"width": 320, "height": 568}
SCREENS = {"small": SMALL, "phone": PHONE, "desk": DESK}


@pytest.fixture(scope="module")
def site(short_lists: Example) -> Example:
    """Return the example site, with listings of several pages."""
    return short_lists


@pytest.fixture(scope="module")
def base(site: Example, serve: Serve) -> str:
    """Return where the site is served."""
    return serve(site.output)


ENAMEL = "//*[@class='slate']//a[contains(@class, 'plaque')]"
"""A label within the slate: that of an offer among several."""


def archetypes(site: Example) -> Iterator[str]:
    """Yield a page of each kind, in each language, and the one of its kind with the most on it.

    A page with a label within the slate is of a kind of its own.
    """
    fullest: dict[str, str] = {}
    first: dict[str, str] = {}
    for path, page in site.pages.items():
        (kind,) = page.xpath("//main/@class")
        key = f"{page.get('lang')} {kind} {'/page/' in path} {bool(page.xpath(ENAMEL))}"
        first.setdefault(key, path)
        if len(site.body(path)) > len(site.body(fullest.setdefault(key, path))):
            fullest[key] = path
    yield from sorted({*first.values(), *fullest.values()})


@pytest.fixture(scope="module")
def paths(site: Example) -> list[str]:
    """Return where the archetypes are."""
    return list(archetypes(site))


@dataclass(slots=True)
class Visit:
    """What was seen on a page: at each width, by day and by night."""

    wide: list[str]
    pale: list[Any]
    wrong: list[Any]


def only_here(path: str, site: Example) -> bool:
    """Tell a page that has what the pages that ``tests/audit`` shows to axe may lack."""
    return "/page/" in path or bool(site.pages[path].xpath(ENAMEL))


@pytest.fixture(scope="module")
def visits(site: Example, paths: list[str], base: str, chromium: Any) -> dict[str, Visit]:
    """Open each archetype once, and look at it in every way."""
    page = chromium.new_page()
    found = {}
    for path in paths:
        page.emulate_media(color_scheme="light")
        page.goto(base + path)
        visit = found[path] = Visit([], [], [])
        for name, screen in SCREENS.items():
            page.set_viewport_size(screen)
            if page.evaluate("document.documentElement.scrollWidth") > screen["width"]:
                visit.wide.append(name)
        page.set_viewport_size(PHONE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            visit.pale += page.evaluate(PALE)
            if only_here(path, site):
                visit.wrong += axe(page, only=() if scheme == "light" else COLOURS)
    page.close()
    return found


def test_no_page_is_wider_than_its_screen(visits: dict[str, Visit]) -> None:
    """Nobody scrolls sideways, on a page of any kind."""
    assert {} == {path: visit.wide for path, visit in visits.items() if visit.wide}


def test_words_stand_out_from_their_ground(visits: dict[str, Visit], site: Example) -> None:
    """Text on its ground has a contrast of 4.5 at least, by day and by night."""
    assert any(site.pages[path].xpath(ENAMEL) for path in visits)
    assert {} == {path: visit.pale for path, visit in visits.items() if visit.pale}


def test_axe_finds_nothing(visits: dict[str, Visit], site: Example) -> None:
    """Pages of several have nothing against WCAG 2.2 AA, by day or by night; others: ``tests/audit``."""
    assert any(only_here(path, site) for path in visits)
    assert {} == {path: visit.wrong for path, visit in visits.items() if visit.wrong}


def test_a_page_says_the_same_without_a_script(paths: list[str], base: str, chromium: Any) -> None:
    """With JavaScript off and on, the same words are there to be read, and nothing complains.

    Apart from what a script alone can do: keep a list, know the hour, fill the pages about nothing else.
    """
    said = {}
    complaints: list[str] = []
    for scripts in (True, False):
        page = chromium.new_page(java_script_enabled=scripts, viewport=PHONE)
        page.on("console", lambda m: complaints.append(m.text))
        page.on("pageerror", lambda e: complaints.append(str(e)))
        for path in paths:
            page.goto(base + path)
            assert page.locator("h1").is_visible()
            if scripts:
                page.evaluate(
                    "document.querySelectorAll('.add button, .now, .map [data-open]')"
                    ".forEach(b => b.remove())"
                )
            said[path, scripts] = page.locator("body").inner_text().split()
        page.close()

    assert [] == complaints
    for path in paths:
        if path not in OWN:
            assert said[path, True] == said[path, False]
        assert len(said[path, True]) > 20


def test_nothing_is_asked_of_anybody_else(paths: list[str], base: str, chromium: Any) -> None:
    """Every request goes to the site itself; no cookie is kept, and nothing is stored."""
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    for path in paths:
        page.goto(base + path)
    kept = (context.cookies(), page.evaluate("localStorage.length + sessionStorage.length"))
    context.close()

    assert [] == [url for url in asked if not url.startswith(f"{base}/")]
    assert ([], 0) == kept


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ["/", "/en/", "/regions/"])
def test_the_header_is_walked_by_keyboard(
    base: str, chromium: Any, path: str, screen: dict[str, int]
) -> None:
    """Tab by tab: the skip link, then the header's links as they stand; each can be seen."""
    page = chromium.new_page(viewport=screen)
    page.goto(base + path)
    expected = page.evaluate("[...document.querySelectorAll('header a')].map(a => a.href)")
    walked, unseen = [], []
    for _ in range(len(expected) + 1):
        page.keyboard.press("Tab")
        href, shown = page.evaluate("""() => {
          const e = document.activeElement, box = e.getBoundingClientRect();
          const style = getComputedStyle(e);
          const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
          const on = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.width > 0;
          return [e.href, ring && on];
        }""")
        walked.append(href)
        unseen += [] if shown else [href]
    page.close()

    assert [f"{base}{path}#Contenu", *expected] == walked
    assert [] == unseen


def test_the_skip_link_leads_to_the_content(base: str, chromium: Any) -> None:
    """One Tab, one Enter: the next Tab is inside the main part."""
    page = chromium.new_page()
    page.goto(f"{base}/regions/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.close()

    assert inside


def test_the_other_language_is_one_link_away_and_back(base: str, chromium: Any) -> None:
    """The same page in English, and from there the same page in French."""
    page = chromium.new_page()
    page.goto(f"{base}/regions/estrie/")
    page.locator("a.tongue").click()
    english = (page.url, page.evaluate("document.documentElement.lang"))
    page.locator("a.tongue").click()
    french = (page.url, page.evaluate("document.documentElement.lang"))
    page.close()

    assert (f"{base}/en/regions/estrie/", "en-CA") == english
    assert (f"{base}/regions/estrie/", "fr-CA") == french


def test_axe_would_find_something(base: str, chromium: Any) -> None:
    """What looks for mistakes finds one that is put there."""
    page = chromium.new_page()
    page.goto(f"{base}/")
    page.evaluate("document.querySelector('h1').innerHTML = '<img src=/favicon.ico>'")
    found = axe(page)
    page.close()

    assert "image-alt" in {rule for rule, _ in found}


PALE = """() => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length && (c[3] === undefined || c[3] === 1)) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const box = e.getBoundingClientRect();
    if (!own || !box.width || box.right < 0) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push([e.outerHTML.slice(0, 80), Math.round(ratio * 100) / 100]);
  }
  return found;
}"""
