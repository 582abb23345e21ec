"""How the suite is shared out: one process has all that look at one site."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.market import HERE
from tests.sharing import FIRST, ONE_BY_ONE, TOGETHER, ByModule, turn_of

SUITE = [
    *(f"tests/pages/test_pages.py::test_{i}" for i in range(4)),
    *(f"tests/browser/test_reading.py::test_{i}" for i in range(4)),
    *(f"tests/test_text.py::test_{i}" for i in range(4)),
    *(f"tests/laws/test_killed.py::test_{i}" for i in range(20)),
]


class Process:
    """A process that takes what it is given."""

    shutting_down = False

    def __init__(self) -> None:
        self.gateway = SimpleNamespace(id="")
        self.given: list[int] = []

    def send_runtest_some(self, tests: list[int]) -> None:
        """Take some more tests."""
        self.given += tests

    def shutdown(self) -> None:
        """Hear that there are no more."""
        self.shutting_down = True


def shared_out(*processes: Any) -> dict[str, set[int]]:
    """Return which processes have each module's tests, when each has run what it was given."""
    option = SimpleNamespace(loadscopereorder=True)
    tx = ["popen"] * len(processes)
    config: Any = SimpleNamespace(option=option, getvalue=lambda name: {"tx": tx}[name])
    scheduler = ByModule(config, SimpleNamespace(loadscopesched=lambda *words: None))
    for process in processes:
        scheduler.add_node(process)
        scheduler.add_node_collection(process, SUITE)
    scheduler.schedule()
    done = [0] * len(processes)
    while any(done[i] < len(process.given) for i, process in enumerate(processes)):
        for i, process in enumerate(processes):
            if done[i] < len(process.given):
                scheduler.mark_test_complete(process, process.given[done[i]])
                done[i] += 1
    found: dict[str, set[int]] = {}
    for i, process in enumerate(processes):
        for number in process.given:
            found.setdefault(SUITE[number].partition("::")[0], set()).add(i)
    assert sorted(number for process in processes for number in process.given) == list(
        range(len(SUITE))
    )
    return found


def test_a_site_is_built_by_one_process() -> None:
    """Modules that look at one site are one process's, and so is any other; but for the longest."""
    found = shared_out(Process(), Process())

    assert found["tests/pages/test_pages.py"] == found["tests/browser/test_reading.py"]
    assert 1 == len(found["tests/pages/test_pages.py"]) == len(found["tests/test_text.py"])
    assert {0, 1} == found["tests/laws/test_killed.py"]


def test_what_is_named_is_there() -> None:
    """A module that has another name now is not forgotten."""
    named = {*TOGETHER, *ONE_BY_ONE, *FIRST}

    assert set() == {path for path in named if not (HERE / path).is_file()}
    assert turn_of(f"{FIRST[0]}::test") < turn_of(f"{FIRST[1]}::test") < turn_of("tests/test_x.py")


def test_whoever_asks_for_a_shared_site_is_named(request: pytest.FixtureRequest) -> None:
    """A site of the example is built for those who stand together, once."""
    asking: dict[str, set[str]] = {}
    for item in request.session.items:
        for name in {"example", "short_lists", "with_stock"} & set(item.fixturenames):  # type: ignore[attr-defined]
            asking.setdefault(name, set()).add(item.nodeid.partition("::")[0])

    for modules in asking.values():
        assert 1 == len({TOGETHER.get(module) for module in modules}), modules
