"""What every test may ask for."""

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import settings

from halles import site, theme
from tests.audit.example import stocked
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.example import Example
from tests.market import MARCHE, Market
from tests.sharing import ByModule, in_turn

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
    files = tuple((n, _bytes_of(p)) for n, p in theme.theme_files(name, folders))
    key = (name, files, languages, tuple(made.items()))
    if key not in _themes:
        _themes[key] = _read_theme(name, folders, languages, made)
    return _themes[key]


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes; those of the theme that comes with halles stay what they are."""
    return _bytes_of_marche(path) if path.is_relative_to(MARCHE) else path.read_bytes()


@cache
def _bytes_of_marche(path: Path) -> bytes:
    return path.read_bytes()


site.read_theme = _read_once
site.engine = cache(site.engine)


def pytest_collection_finish() -> None:
    """Look no more for garbage among what the suite itself is made of.

    Half a million values that stay till the end: to walk them again and again took a sixth of the time.
    """
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let all of it be taken away in the end: DuckDB complains of what is left."""
    gc.unfreeze()


MEMORY, ROOM = Path("/dev/shm"), 3 << 30
"""Where files lie in memory, and how much must be free there for the suite's."""


def pytest_configure() -> None:
    """Let tests' folders lie in memory, where there is enough of it: most of them live for a second.

    Whoever says where they are to lie, by ``--basetemp`` or by this variable, is obeyed.
    """
    if os.access(MEMORY, os.W_OK) and min(shutil.disk_usage(MEMORY).free, _free_memory()) > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def _free_memory() -> int:
    for line in Path("/proc/meminfo").read_text("ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) << 10
    return 0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    """Share the suite out by modules, whatever ``--dist`` says."""
    return ByModule(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Try what fails in a browser once more: what a busy machine does to Chromium is no finding.

    What is wrong with a page is wrong twice. And begin with what takes longest, among several.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        items[:] = in_turn(items)


@pytest.fixture
def market(tmp_path: Path) -> Market:
    """A small market in a folder of its own, not built yet."""
    return Market(tmp_path / "market")


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """The example site as it stands, but for search. Who asks for it is named in ``tests.sharing``."""
    return Example(tmp_path_factory.mktemp("example") / "site")


@pytest.fixture(scope="session")
def short_lists(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """The example site with short pages, so that many listings have several; the same holds."""
    return Example(tmp_path_factory.mktemp("short") / "site", page_size=7)


@pytest.fixture(scope="session")
def with_stock(tmp_path_factory: pytest.TempPathFactory) -> Example:
    """The example site with search and stock, as visitors find it; the same holds."""
    return stocked(tmp_path_factory.mktemp("stocked") / "site")


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
