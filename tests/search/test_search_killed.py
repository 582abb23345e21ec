"""Killed at any step of search: repeated work, never a wrong bundle."""

import signal
import subprocess
import sys

import pytest

from tests.laws.test_killed import STRIKE, _unfinished, follow
from tests.market import HERE, Market, differences

PLACES = [
    ("halles.course", "consider", 1), ("halles.course", "forget", 1), ("halles.site", "make", 1),
    ("halles.search.stage", "_keep", 1), ("halles.search.stage", "_keep", 3),
    ("halles.search.bundle", "index", 2), ("halles.search.stage", "list_bundles", 1),
    ("halles.search.listing", "_list_region", 2), ("halles.search.listing", "_list_words", 1),
    ("halles.site", "settle", 1),
]  # fmt: skip
"""A module, its function, and which call of it."""
ALIX = "content/merchants/nord/al/alix.yaml"


@pytest.mark.slow
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_each_turn(searched: Market, when: str, back: bool) -> None:
    """Just before or just after; the editor takes it back or not; and changes.json misses nothing."""
    searched.build()
    remote = searched.tree()
    for number, (module, name, call) in enumerate(PLACES):
        text = searched.read(ALIX)
        searched.edit(ALIX, text.splitlines()[1], f"name: Alix {number}")
        words = ["build", "--root", str(searched.root), "--executor", "inline", "--quiet"]
        ran = subprocess.run(
            [sys.executable, "-c", STRIKE, module, name, str(call), when, *words],
            cwd=HERE,
            capture_output=True,
        )
        assert -signal.SIGKILL == ran.returncode, f"{module}.{name} was not reached: {ran.stderr!r}"
        if not _unfinished(searched):  # it had told all that it did
            follow(searched, remote)
        if back:
            searched.write(ALIX, text)

        now = searched.said()
        follow(searched, remote)

        assert [] == list(differences(now, searched.clean())), f"{module}.{name} {call}"
        assert now.tree == remote, f"{module}.{name} {call}"
