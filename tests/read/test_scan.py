"""Scanning: what may have changed, however many processes look."""

import pytest

from halles.read import scan
from halles.read.scan import FOLDERS_A_JOB, Scan
from tests.market import Market

MORE = FOLDERS_A_JOB + 5


@pytest.mark.parametrize("executor", ["inline", "processes"])
def test_many_files_are_looked_at_side_by_side(
    market: Market, executor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came, changed and went is found as by one process, in folders of any depth."""
    found: list[Scan] = []
    looked = scan.scan

    def noted(*given: object) -> Scan:
        found.append(looked(*given))  # type: ignore[arg-type]
        return found[-1]

    monkeypatch.setattr("halles.reading.scan", noted)
    for i in range(MORE):
        market.write(f"content/merchants/nord/{i:03}/deep/er/notes.txt", "rien")
    market.build(executor=executor, workers=2)
    monkeypatch.setattr(scan, "MANY", 1)
    market.build(executor=executor, workers=2)
    market.edit("content/merchants/nord/al/alix.yaml", "Alix", "Alice")
    market.write("content/merchants/nord/007/deep/er/more.txt", "encore")
    market.remove("content/merchants/nord/012")
    market.write("content/merchants/stray.txt", "ici")

    market.build(executor=executor, workers=2)

    first, second, third = found
    assert first.files == second.files == third.files - 1
    assert (second.changed, second.removed, second.gone) == ([], [], [])
    assert third.changed == [
        ("content/merchants", "stray.txt"),
        ("content/merchants/nord/007/deep/er", "more.txt"),
        ("content/merchants/nord/al", "alix.yaml"),
    ]
    assert third.removed == [("content/merchants/nord/012/deep/er", "notes.txt")]
    assert market.clean() == market.said()
