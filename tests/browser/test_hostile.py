"""Whoever writes the content, no page does anything but show it."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import html5lib
import pytest
from lxml import html

from halles.catalogue import Catalogue
from halles.checks import Bearings
from halles.model import Category, Label, Merchant
from halles.read.sources import read_list, read_one, read_page
from tests.browser import hostile
from tests.browser.conftest import Serve
from tests.market import Market

BEARINGS = Bearings(catalogue=Catalogue(unread=frozenset({"region", "category", "label"})))
POKE = """() => {
  for (const e of document.querySelectorAll('*')) {
    for (const n of ['mouseover', 'click', 'focus', 'error', 'load', 'toggle', 'animationend'])
      if (!(e.tagName === 'A' && n === 'click')) e.dispatchEvent(new Event(n));
  }
  const handlers = [...document.querySelectorAll('*')].flatMap(
    e => [...e.attributes].filter(a => a.name.startsWith('on')).map(a => a.name));
  const scripted = [...document.querySelectorAll('[href],[src],[action]')].filter(
    e => /^\\s*(javascript|data|vbscript):/i.test(e.href || e.src || e.action)).map(e => e.outerHTML);
  return {pwned: window.__pwned, handlers, scripted,
    frames: document.querySelectorAll('iframe,object,embed,svg:not(.icon,.plan,.chart),math,img:not([src^="/media/"]),form:not(.seek,#search),base').length,
    text: document.body.innerText + document.title};
}"""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """Return the hostile market, built."""
    market = Market(tmp_path_factory.mktemp("hostile") / "market", hostile.site())
    outcome = market.build()

    assert [] == [n for n in outcome.notices if n.severity == "error"]
    assert [] == outcome.failed
    return market


def pages(market: Market) -> dict[str, bytes]:
    """Return each page by its address."""
    return {f"/{n}": body for n, body in market.tree().items() if n.endswith(".html")}


def test_every_kind_of_page_is_among_them(market: Market) -> None:
    """The harm is really done: every payload has its merchant, product, region and the rest."""
    found = pages(market)
    for number in range(len(hostile.PAYLOADS)):
        for path in (f"commerces/m{number}", f"produits/m{number}_sku-2", f"regions/r{number}",
                     f"regions/r{number}/c{number}", f"categories/c{number}", f"origine/l{number}",
                     f"campagnes/s{number}", f"s{number}"):  # fmt: skip
            assert f"/{path}/index.html" in found
    assert "/produits/0624153607116/index.html" in found


def test_every_hostile_page_still_parses(market: Market) -> None:
    """By the standard's own algorithm, without one parse error."""
    for body in pages(market).values():
        html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body.decode())


def test_the_words_are_shown_as_they_were_written(market: Market) -> None:
    """A name is a name, whatever is in it: no letter is lost, none is obeyed."""
    for number, payload in enumerate(hostile.PAYLOADS):
        page = html.document_fromstring(market.tree()[f"commerces/m{number}/index.html"].decode())

        assert payload == page.xpath("string(//h1)")
        assert payload in page.xpath("string(//title)")


def test_what_pictures_show_is_told_as_it_was_written(market: Market) -> None:
    """The words for those who do not see a picture stand by one, whatever is in them."""
    for number, payload in enumerate(hostile.PAYLOADS):
        page = html.document_fromstring(market.tree()[f"commerces/m{number}/index.html"].decode())

        assert payload in page.xpath("//img/@alt")


class Visit(NamedTuple):
    """What a hostile page did to a phone, and what the browser told of it."""

    found: dict[str, Any]
    width: int
    told: list[str]


@pytest.fixture(scope="module")
def visits(market: Market, chromium: Any, serve: Serve) -> dict[str, Visit]:
    """Open every page once, and poke at everything on it."""
    base = serve(market.root / "output")
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    told: list[str] = []
    # To wipe one’s choices asks back: the page’s own question, and no harm.
    page.on("dialog", lambda d: (d.type == "confirm" or told.append(d.message), d.dismiss()))
    page.on("console", lambda m: told.append(f"{m.type} {m.text}"))
    page.on("pageerror", lambda e: told.append(f"error {e}"))
    page.on("request", lambda r: told.append(r.url) if not r.url.startswith(base) else None)
    page.on("response", lambda r: told.append(f"{r.status} {r.url}") if r.status >= 400 else None)
    seen = {}
    for path in pages(market):
        told.clear()
        page.goto(base + path.removesuffix("index.html"))
        width = page.evaluate("document.documentElement.scrollWidth")
        seen[path] = Visit(page.evaluate(POKE), width, list(told))
    page.close()
    return seen


@pytest.mark.browser
def test_nothing_executes(visits: dict[str, Visit]) -> None:
    """No dialog, no error, no request elsewhere, no handler, no answer to 7 × 7, on any page."""
    for path, (found, _, told) in visits.items():
        assert (path, [], None) == (path, told, found["pwned"])
        assert (path, [], [], 0) == (path, found["handlers"], found["scripted"], found["frames"])
        assert "49" not in found["text"], path


@pytest.mark.browser
def test_hostile_pages_fit_a_phone(visits: dict[str, Visit]) -> None:
    """However long a word is, the page is not wider than the screen."""
    assert {} == {path: visit.width for path, visit in visits.items() if visit.width > 390}


# What is not even let in


def refused(kind: type, record: Any) -> set[str]:
    """Return the codes of what is said against a record that is left out, or nothing."""
    text = hostile.yaml(record).encode()
    if kind is Merchant:
        file = read_one("content/merchants/r0/m0/m0.yaml", text, kind, BEARINGS)
        return set() if file.record is not None else {n.code for n in file.notices}
    if kind in (Category, Label):
        records, notices = read_list("x.yaml", b"[" + text + b"]", kind, BEARINGS)
        return set() if records else {n.code for n in notices}
    head = b"---\n" + text + b"---\n"
    file = read_page(f"content/x/{record['id']}.md", head, None, kind, BEARINGS)
    return set() if file.record is not None else {n.code for n in file.notices}


def every_field() -> list[tuple[type, hostile.Path]]:
    """Return every field of every kind of record."""
    return [(kind, path) for kind in hostile.KINDS for path in hostile.texts(plain(kind))]


def plain(kind: type) -> Any:
    """Return a record of a kind that nobody could object to."""
    found = hostile.merchant("mot", 0) if kind is Merchant else hostile.small(kind, "mot", 0)
    return {name: value for name, value in found.items() if value is not None}


def test_the_plain_records_are_let_in() -> None:
    """So that what follows is about the one text that is changed."""
    assert [set()] * len(hostile.KINDS) == [refused(kind, plain(kind)) for kind in hostile.KINDS]


def test_the_model_has_no_field_that_is_not_tried() -> None:
    """Every field of every record stands among those that are changed below."""
    for kind in hostile.KINDS:
        tried = {str(path[0]) for k, path in every_field() if k is kind}
        assert set(kind.__struct_fields__) - tried <= {"closed_on", "children"}


@pytest.mark.parametrize("name", hostile.UNSEEN)
def test_no_field_takes_what_cannot_be_seen(name: str) -> None:
    """Control characters and writing directions, by YAML's escapes: refused wherever they stand."""
    let_in = [
        (kind.__name__, path)
        for kind, path in every_field()
        if not refused(kind, hostile.changed(plain(kind), path, hostile.UNSEEN[name]))
    ]

    assert [] == let_in


def test_no_field_takes_a_scripted_address() -> None:
    """Wherever an address is asked for, only http and https will do."""
    for kind, path in every_field():
        if path[-1] in ("url", "website"):
            for address in (
                "javascript:x",
                "data:text/html,x",
                "//x.example",
                'https://x"onx=',
                "vbscript:x",
            ):
                assert refused(kind, hostile.changed(plain(kind), path, address)), (kind, path)


def test_no_field_takes_a_mebibyte() -> None:
    """A text of a million letters is refused, in whichever field, with a notice."""
    million = "mot " * (1 << 18)
    for kind, path in every_field():
        codes = refused(kind, hostile.changed(plain(kind), path, million))

        assert "too-large" in codes, (kind, path)


def test_no_field_takes_more_than_it_can_show() -> None:
    """Below a mebibyte too, each field has its end: nothing of 200,000 letters comes through.

    A pattern that takes time by the square of the length would never end here.
    """
    for long in ("mot " * 50_000, "a" * 250_000 + "\n", " " * 250_000 + "\n", "a/" * 120_000 + "!",
                 "a@" + "a." * 120_000, "https://" + "a" * 250_000 + " "):  # fmt: skip
        for kind, path in every_field():
            assert refused(kind, hostile.changed(plain(kind), path, long)), (kind, path)


def test_a_mebibyte_leaves_the_rest_open(tmp_path: Path) -> None:
    """The file is named and left out; the market opens without it."""
    market = Market(tmp_path / "market")
    alix = "content/merchants/nord/al/alix.yaml"
    market.edit(alix, "Du pain", "Du pain " * (1 << 17))
    outcome = market.build()

    assert [(alix, "too-large")] == [
        (n.path, n.code) for n in outcome.notices if n.severity == "error"
    ]
    assert not re.search("alix", " ".join(market.tree()))
    assert "commerces/berthe/index.html" in market.tree()
