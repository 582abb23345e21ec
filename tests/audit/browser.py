"""Over a served site: axe, a crawl under its policy in real Chromium, and one without a script."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import islice
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import html
from playwright.sync_api import sync_playwright

from tests.audit.sheets import Output, Sheet
from tests.browser.axe import COLOURS, axe
from tests.browser.conftest import CHROMIUM, FLAGS

PHONE = {"width": 390, "height": 844}
EACH = 40
"""Pages that a kind lends to a crawl that is not to see them all."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Give a browser, closed in the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


def against_wcag(browser: Any, base: str, sheets: Iterable[Sheet]) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA on pages, by day and by night."""
    found = []
    page = browser.new_page(viewport=PHONE)
    for sheet in sheets:
        page.goto(base + sheet.path)
        page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            rules = () if scheme == "light" else COLOURS
            found += [f"{sheet.path} ({scheme}): {rule}: {at}" for rule, at in axe(page, rules)]
    page.close()
    return found


def sample(site: Output, most: int | None = EACH) -> list[Sheet]:
    """Return pages of each kind and language, evenly over its addresses; all of them for None."""
    kinds: dict[tuple[str, str], list[Sheet]] = {}
    for path in sorted(site.sheets):
        sheet = site.sheets[path]
        kinds.setdefault((sheet.kind, sheet.lang), []).append(sheet)
    if most is None:
        return [sheet for some in kinds.values() for sheet in some]
    return [s for some in kinds.values() for s in islice(some, 0, None, -(-len(some) // most))]


def under_policy(browser: Any, base: str, paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what broke a page's policy or its scripts, and what was asked of anybody else."""
    broken: list[str] = []
    foreign: list[str] = []
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    context.on("request", lambda asked: foreign.append(asked.url))
    page.on("console", lambda told: broken.append(f"{urlsplit(page.url).path}: {told.text}"))
    page.on("pageerror", lambda fault: broken.append(f"{urlsplit(page.url).path}: {fault}"))
    for path in paths:
        if path.endswith("/404.html"):
            continue  # nginx shows it in place of what is not there, never by its own name
        page.goto(base + path, wait_until="load")
    broken += [f"a cookie: {cookie['name']}" for cookie in context.cookies()]
    context.close()
    return broken, [url for url in foreign if not url.startswith((f"{base}/", "data:", "blob:"))]


def walked(base: str) -> set[str]:
    """Return the pages that links lead to from the front page, for a reader that runs no script.

    No browser, so that it can read every page of a large site; each must answer as a page.
    """
    host = HTTPConnection(urlsplit(base).netloc, timeout=30)
    seen, rest = {"/"}, deque(["/"])
    found = set()
    while rest:
        path = rest.popleft()
        host.request("GET", path)
        answer = host.getresponse()
        body = answer.read()
        if answer.status != 200:
            continue
        found.add(path)
        for url in html.document_fromstring(body.decode()).xpath("//a/@href"):
            other = urldefrag(urljoin(path, url)).url
            if other.startswith("/") and other.endswith("/") and other not in seen:
                seen.add(other)
                rest.append(other)
    host.close()
    return found
