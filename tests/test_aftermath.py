"""The end of a build: what it tells of itself."""

import json
from pathlib import Path

import pytest

from halles.aftermath import tell_changes
from halles.ledger import open_ledger
from halles.outcome import Outcome


@pytest.mark.parametrize("count", [0, 1, 500, 501, 1500])
def test_changes_are_told_in_order_and_each_once(tmp_path: Path, count: int) -> None:
    """However many there are: sorted, an address a line, and what is to be purged is all of them."""
    written = [f"/é/{n}/" for n in range(count)]
    removed = ["/a/", "/é/0/", '/zoé "x"/']
    outcome = Outcome(written=[*written, *written[:1]], removed=removed)
    with open_ledger(tmp_path / ".halles" / "ledger.db") as ledger:
        tell_changes(tmp_path, "https://m.example", ledger, False, outcome)

    told = (tmp_path / ".halles" / "changes.json").read_text("utf-8")
    expected = {
        "written": sorted(written),
        "removed": sorted(removed),
        "purge": [f"https://m.example{path}" for path in sorted({*written, *removed})],
    }
    assert json.dumps(expected, ensure_ascii=False, indent=1) + "\n" == told
