"""What every test may ask for."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import settings

from halles import site, theme
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.market import Market

# How long an example takes says how busy the machine is, and nothing of the law.
settings.register_profile("halles", deadline=None)
settings.load_profile("halles")


_read_theme = theme.read_theme
_themes: dict[Any, theme.Theme] = {}


def _read_once(
    name: str,
    folders: tuple[Path, ...],
    languages: tuple[str, ...],
    made: Mapping[str, bytes] = MappingProxyType({}),
) -> theme.Theme:
    """Read a theme whose files have other bytes than any before.

    A third of what thousands of small builds take is reading the same theme again.
    """
    files = tuple((n, p.read_bytes()) for n, p in theme.theme_files(name, folders))
    key = (name, files, languages, tuple(made.items()))
    if key not in _themes:
        _themes[key] = _read_theme(name, folders, languages, made)
    return _themes[key]


site.read_theme = _read_once
site.engine = cache(site.engine)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try what fails in a browser once more: what a busy machine does to Chromium is no finding.

    What is wrong with a page is wrong twice.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def market(tmp_path: Path) -> Market:
    """A small market in a folder of its own, not built yet."""
    return Market(tmp_path / "market")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a browser, one for all tests; without one, its tests are skipped and say so."""
    from playwright.sync_api import sync_playwright

    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()
