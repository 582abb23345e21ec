"""A market that is searched."""

import json
from pathlib import Path

import pytest

from halles.search.pagefind import find_indexer
from tests.market import HERE, Market

ON = ("[search]\non = false", "[search]\non = true")


@pytest.fixture
def searched(market: Market) -> Market:
    """A small market with search on, not built yet; skipped where there is no indexer."""
    if find_indexer(HERE) is None:
        pytest.skip("there is no Pagefind; run: npm ci --ignore-scripts")
    market.edit("halles.toml", *ON)
    return market


def manifest(root: Path) -> dict[str, dict[str, str]]:
    """Return where each bundle stands, by language and name; the site's own is in neither."""
    told = json.loads((root / "output/pagefind/manifest.json").read_bytes())
    return {
        lang: {each["bundle"]: each["path"] for each in of["bundles"]}
        for lang, of in told["languages"].items()
    }
