"""The bars of the project over the example site, as ``make audit`` measures them: all but times.

Lighthouse's performance, and the crawls over every page, are left to ``make audit``.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.audit import browser, keys, tools
from tests.audit.__main__ import Bar, whole
from tests.audit.archetypes import chosen, timed
from tests.audit.sheets import Output, Sheet
from tests.browser.conftest import CHROMIUM
from tests.example import Example
from tests.hosting.nginx import NGINX, Host

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FOR_LIGHTHOUSE = ("merchant, fullest", "category")


@pytest.fixture(scope="module")
def site(with_stock: Example) -> Output:
    """Return the example site with stock."""
    return Output(with_stock.root)


@pytest.fixture(scope="module")
def base(site: Output, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where nginx serves it."""
    for program in (NGINX, CHROMIUM):
        if not os.access(program, os.X_OK):
            pytest.skip(f"there is no {program}")
    host = Host(site.folder, tmp_path_factory.mktemp("nginx"))
    yield host.base
    host.close()


@pytest.fixture(scope="module")
def sheets(site: Output) -> list[Sheet]:
    """Return the archetypes."""
    return [sheet for _, sheet in chosen(site)]


def test_the_archetypes_are_all_there(site: Output) -> None:
    """Sixteen pages that Lighthouse measures, in both languages, of the kinds that matter."""
    names = {name for name, _ in timed(site)}

    assert len(names) == 16
    assert len(timed(site)) == 32
    assert {"home", "region", "product of many merchants", "find", "map"} <= names


def test_every_file_keeps_to_the_bars(site: Output) -> None:
    """Over all of the output: links, ids, descriptions, twins, HTML, structured data, weights."""
    if not shutil.which("java"):
        pytest.skip("there is no Java; on Debian: apt-get install default-jre-headless")
    bars: list[Bar] = list(whole(site))

    assert len(bars) == 8
    assert {} == {bar.name: bar.faults[:10] for bar in bars if bar.faults}


def test_every_page_of_the_sitemap_can_be_walked_to(site: Output, base: str) -> None:
    """By links alone, over HTTP, without a script."""
    assert set() == site.sitemap - browser.walked(base)


def test_archetypes_keep_to_the_bars_in_a_browser(
    base: str, chromium: Any, sheets: list[Sheet]
) -> None:
    """axe finds nothing, the keys reach and work everything. (Policies: ``tests/hosting``.)"""
    found = {
        "axe": browser.against_wcag(chromium, base, sheets),
        "reach": keys.unreached(chromium, base, (s for s in sheets if s.lang == "fr")),
        "work": keys.unworked(chromium, base, sheets),
    }

    assert {} == {bar: faults for bar, faults in found.items() if faults}


def test_lighthouse_finds_nothing_on_a_phone(base: str, site: Output) -> None:
    """Accessibility, best practices and SEO are 100 on the pages that hold the most."""
    pages = [s for name, s in timed(site) if name in FOR_LIGHTHOUSE and s.lang == "fr"]
    low = {
        score.path: score.culprits
        for score in tools.lighthouse(base, pages, runs=1)
        if any(score.scores[name] < 100 for name in tools.CATEGORIES[1:])
    }

    assert len(pages) == len(FOR_LIGHTHOUSE)
    assert {} == low
