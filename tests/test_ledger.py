import sqlite3
from pathlib import Path

import pytest

from halles import ledger as kept


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a ledger may stand; nothing is there yet."""
    return tmp_path / ".halles" / "ledger.db"


def mark(ledger: sqlite3.Connection, *rows: tuple[str, bytes, str]) -> None:
    """Put marks into a ledger."""
    ledger.executemany("insert into marks values (?, ?, ?)", rows)


def test_what_is_remembered_is_recalled_by_the_next_build(path: Path) -> None:
    """A ledger outlives the process that wrote it; a new word replaces the old."""
    with kept.open_ledger(path) as ledger:
        assert None is kept.recall(ledger, "day")
        kept.remember(ledger, "day", b"2026-05-01")
        kept.remember(ledger, "day", b"2026-05-02")

    with kept.open_ledger(path) as ledger:
        assert b"2026-05-02" == kept.recall(ledger, "day")


@pytest.mark.parametrize("there", [b"", b"not a database at all" * 999, b"SQLite format 3\0" * 99])
def test_a_ledger_that_cannot_be_read_is_begun_anew(path: Path, there: bytes) -> None:
    """It holds no meaning: a torn or foreign file is set aside, not a reason to stop."""
    path.parent.mkdir()
    path.write_bytes(there)

    with kept.open_ledger(path) as ledger:
        assert 0 == ledger.execute("select count(*) from groups").fetchone()[0]
        kept.remember(ledger, "a", b"1")
    with kept.open_ledger(path) as ledger:
        assert b"1" == kept.recall(ledger, "a")


def test_a_ledger_of_another_make_is_begun_anew(path: Path) -> None:
    """Rows whose shape may have changed are never read."""
    with kept.open_ledger(path) as ledger:
        kept.remember(ledger, "a", b"1")
        ledger.execute(f"pragma user_version = {kept.VERSION + 1}")

    with kept.open_ledger(path) as ledger:
        assert None is kept.recall(ledger, "a")


def test_together_is_all_or_nothing(path: Path) -> None:
    """What was said before a fault, in the same breath, is unsaid."""
    with kept.open_ledger(path) as ledger:
        kept.remember(ledger, "a", b"1")
        with pytest.raises(RuntimeError), kept.together(ledger):
            kept.remember(ledger, "a", b"2")
            raise RuntimeError

        assert b"1" == kept.recall(ledger, "a")


def test_a_process_that_dies_in_the_middle_has_said_nothing(path: Path) -> None:
    """Another process finds the ledger as it was before the breath that was never finished."""
    with kept.open_ledger(path) as ledger:
        kept.remember(ledger, "a", b"1")
        ledger.execute("begin immediate")
        kept.remember(ledger, "a", b"2")  # and the process ends here

    with kept.open_ledger(path) as ledger:
        assert b"1" == kept.recall(ledger, "a")


def test_holders_stand_in_the_order_of_their_mark(path: Path) -> None:
    """By sort key, then by id; other marks have no part in it."""
    with kept.open_ledger(path) as ledger:
        mark(ledger, ("region:a", b"2", "y"), ("region:a", b"1", "z"), ("region:a", b"1", "b"),
             ("region:ab", b"0", "q"))  # fmt: skip

        assert ["b", "z", "y"] == kept.holders(ledger, "region:a")
        assert [] == kept.holders(ledger, "region:")


def test_keys_between_are_each_said_once(path: Path) -> None:
    """The first is in, the one beyond is not, however many hold them."""
    with kept.open_ledger(path) as ledger:
        mark(ledger, *((f"gtin:{n % 3}", b"", str(n)) for n in range(9)))
        mark(ledger, ("gtin;", b"", "x"), ("gtim:9", b"", "x"), ("shelf:a/b", b"", "x"))

        assert ["gtin:0", "gtin:1", "gtin:2"] == kept.keys_between(ledger, "gtin:", "gtin;")
        assert [] == kept.keys_between(ledger, "region:", "region;")


def test_forgetting_readings_keeps_what_is_published(path: Path) -> None:
    """What stands in output/ is still known, or nothing could be taken away from it."""
    with kept.open_ledger(path) as ledger:
        mark(ledger, ("region:a", b"", "x"))
        ledger.execute("insert into groups values ('home', 'home', null, x'90')")
        kept.remember(ledger, "engine", b"1")

        kept.renewed(ledger, b"another")

        assert [] == kept.holders(ledger, "region:a")
        assert 1 == ledger.execute("select count(*) from groups").fetchone()[0]


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3])]
)
def test_handfuls_lose_and_repeat_nothing(count: int, sizes: list[int]) -> None:
    """The same items, in the same order, no more at once than asked."""
    items = [str(n) for n in range(count)]
    handfuls = list(kept.in_handfuls(items, 3))

    assert items == [item for handful in handfuls for item in handful]
    assert sizes == [len(handful) for handful in handfuls]
