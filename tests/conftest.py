"""What every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.market import Market

# How long an example takes says how busy the machine is, and nothing of the law.
settings.register_profile("halles", deadline=None)
settings.load_profile("halles")


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
