"""Order, number of processes, place, language, zone and hash seed have no part in the bytes."""

from pathlib import Path

import pytest

from tests.laws.test_killed import crowd
from tests.market import SITE, Market


@pytest.mark.slow
@pytest.mark.parametrize("count", ["1", "2", "3"])
def test_processes_are_irrelevant(tmp_path: Path, count: str) -> None:
    """One process or several: the same tree and the same words."""
    alone, several = crowd(tmp_path / "alone"), crowd(tmp_path / "several")

    one = alone.run("--executor", "inline", environment={"LC_ALL": "C"})
    other = several.run("--executor", "processes", "--jobs", count, environment={"LC_ALL": "C"})

    assert alone.tree() == several.tree()
    assert [line for line in one.stderr.splitlines() if "notice" in line] == [
        line for line in other.stderr.splitlines() if "notice" in line
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "fr_CA.UTF-8", "TZ": "Asia/Tokyo"},
        {"LC_ALL": "C", "TZ": "America/Halifax", "PYTHONHASHSEED": "1"},
        {"LANG": "de_DE.UTF-8", "LC_ALL": "", "PYTHONHASHSEED": "2"},
    ],
)
def test_the_machine_is_irrelevant(tmp_path: Path, environment: dict[str, str]) -> None:
    """Another locale, zone, hash seed and folder: the same bytes."""
    here, there = Market(tmp_path / "here"), Market(tmp_path / "elsewhere" / "deep")
    here.build()

    assert 0 == there.run(environment=environment).returncode
    assert here.tree() == there.tree()


def test_the_order_of_files_is_irrelevant(tmp_path: Path) -> None:
    """Files made in another order are read to the same site."""
    one = Market(tmp_path / "one")
    other = Market(tmp_path / "other", dict(reversed(SITE.items())))

    assert one.said() == other.said()
