"""How the suite is shared out among processes: by modules, those that take longest first.

pytest-xdist's own groups are no help: since pytest 9.2 it gives a test's name a suffix that nobody
reads any more, and shares out every test alone. What a module builds for all its tests was built
by each process.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/audit/test_audit.py": "the example with stock",
    "tests/hosting/test_nginx.py": "the example with stock",
    "tests/pages/test_pages.py": "the example in short lists",
    "tests/browser/test_reading.py": "the example in short lists",
    "tests/test_packs.py": "the example",
    "tests/languages/test_twins.py": "the example",
    "tests/pages/test_policies.py": "the example",
}
"""Modules that look at one site: the process that built it has them all."""
ONE_BY_ONE = (
    "tests/bench/test_bench.py",
    "tests/browser/test_choices.py",
    "tests/laws/test_killed.py",
    "tests/laws/test_same_as_clean.py",
)
"""Modules that take long and whose tests have nothing in common: each goes where there is room."""
FIRST = (
    "tests/laws/test_same_as_clean.py",
    "tests/audit/test_audit.py",
    "tests/hosting/test_nginx.py",
    "tests/pages/test_pages.py",
    "tests/browser/test_reading.py",
    "tests/browser/test_search.py",
    "tests/laws/test_killed.py",
    "tests/browser/test_hostile.py",
    "tests/browser/test_choices.py",
    "tests/browser/test_maps.py",
    "tests/bench/test_bench.py",
)
"""What is begun with, so that no process is left with a long one when the others are done."""


def share_of(test: str) -> str:
    """Return what a test is given out with: its own name, its module, or what that looks at."""
    module = test.partition("::")[0]
    return test if module in ONE_BY_ONE else TOGETHER.get(module, module)


def turn_of(test: str) -> int:
    """Return how early a test's turn is: a smaller number goes first."""
    module = test.partition("::")[0]
    return FIRST.index(module) if module in FIRST else len(FIRST)


class ByModule(LoadScopeScheduling):
    """Gives a process the next share once it is about done with its last."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # it would begin with what has the most tests
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return share_of(nodeid)


def in_turn(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Return tests in the order that they are to be given out in."""
    return sorted(items, key=lambda item: turn_of(item.nodeid))
