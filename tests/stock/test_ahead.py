"""What a snapshot moves is rendered while the rest is planned, and nobody can tell."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from halles import course
from halles.read import scan
from halles.render import RenderWork
from tests.stock.arrivals import Stocked, feed, shop, told

SHOPS = (shop("gaston", 3), shop("hector", 3, "sud"))
FIRST = feed(told("gaston", "P0", 4), told("hector", "P0", 2))
SECOND = feed(told("gaston", "P0", 0), told("hector", "P0", 2), hours=1)


class Stopped(Exception):
    """Stands for whatever ends a build."""


def open_market(root: Path) -> Stocked:
    """Return a market that had its first snapshot."""
    market = Stocked(root, *SHOPS)
    market.take(FIRST)
    return market


def stopped(*_: object) -> None:
    """End the build in the place of something else."""
    raise Stopped


def orders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note when jobs are done and when the plan is made."""
    found: list[str] = []

    def noted(name: str, work: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object) -> object:
            found.append(name)
            return work(*given)

        return call

    monkeypatch.setattr(course, "plan", noted("plan", course.plan))
    monkeypatch.setattr(RenderWork, "__call__", noted("job", RenderWork.__call__))
    return found


def test_the_pages_of_a_snapshot_are_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merchants whose stock moved are rendered before the rest is planned; it comes out the same."""
    market = open_market(tmp_path / "site")
    order = orders(monkeypatch)

    outcome = market.take(SECOND, hours=1)

    assert order[:2] == ["job", "plan"]
    assert "/commerces/gaston/" in outcome.written
    assert "/stock/manifest.json" in outcome.written
    assert market.clean() == market.said()


def test_beside_an_edit_all_is_planned_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an edit touches is known to one build only: nothing is written before it is planned."""
    market = open_market(tmp_path / "site")
    market.edit("content/merchants/nord/ga/gaston.yaml", "Chez gaston", "Chez Gaston")
    order = orders(monkeypatch)

    market.take(SECOND, hours=1)

    assert order[0] == "plan"
    assert market.clean() == market.said()


@pytest.mark.parametrize("again", [FIRST, SECOND, b""], ids=["undone", "again", "nothing"])
def test_a_build_that_ends_before_all_is_planned(
    tmp_path: Path, again: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its pages may be there and the rest not: the next build tells all, with or without the feed."""
    market = open_market(tmp_path / "site")
    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(course, "plan", stopped)
        market.take(SECOND, hours=1)

    if again:
        market.take(again, accept=True, hours=1)
    else:
        market.build()

    changes = json.loads((market.root / ".halles/changes.json").read_text("utf-8"))
    assert "/commerces/gaston/" in changes["written"]
    assert market.clean() == market.said()


def test_content_is_looked_at_elsewhere_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit beside a snapshot is seen by another process as by this one."""
    market = open_market(tmp_path / "site")
    monkeypatch.setattr(scan, "SEVERAL", 1)
    market.edit("content/merchants/nord/ga/gaston.yaml", "Chez gaston", "Chez Gaston")

    outcome = market.take(SECOND, hours=1, executor="processes", workers=2)

    assert outcome.read == 1
    assert market.clean() == market.said()
