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
    output = root / "output"
    told = json.loads((output / "pagefind/manifest.json").read_bytes())
    found: dict[str, dict[str, str]] = {}
    for lang, of in told["languages"].items():
        files = [
            json.loads((output / one["words"][1:]).read_bytes()) for one in of["regions"].values()
        ]
        found[lang] = {each["bundle"]: each["path"] for file in files for each in file["bundles"]}
    return found
