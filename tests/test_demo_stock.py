"""What a made-up market's tills say: plausible at first, and then a share of it otherwise."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from halles import demo
from halles.cli import main
from halles.demo import make, restock
from halles.demo_stock import Churn, Row, first, stamp
from halles.outcome import Options
from halles.site import build
from halles.stock.arrival import Feeds, Given
from halles.stock.guard import Counts

SEED = 1
ROWS = [row for i in range(6000) for row in first(SEED, demo._merchant(SEED, i, 10)[2])]
CLOCK = 1_793_000_000
"""Of a machine, a while after the snapshots."""
SNAPSHOTS = {k: [Churn(SEED, 0.05, k).on(row) for row in ROWS] for k in (2, 3, 40, 41)}


def changed(before: list[Row], after: list[Row]) -> list[tuple[Row, Row]]:
    """Return the rows that differ, before and after."""
    return [(a, b) for a, b in zip(before, after, strict=True) if a != b]


def flipped(pairs: list[tuple[Row, Row]]) -> list[tuple[Row, Row]]:
    """Return those of them that are in stock once, and out of stock once."""
    return [(a, b) for a, b in pairs if (a.quantity == 0) != (b.quantity == 0)]


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a snapshot's file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- the first one ------------------------------------------------------------------------------


def test_most_offers_of_open_merchants_are_listed() -> None:
    """93 in a hundred; some stores are mute, some offers never listed, closed ones never."""
    stalls = [demo._merchant(SEED, i, 10)[2] for i in range(6000)]
    offers = {s.store: len(s.offers) for s in stalls if s.open and s.offers}
    told = Counter(row.store for row in ROWS)
    full = [s for s in offers if offers[s] == told[s]]

    assert told.keys() <= offers.keys()
    assert abs(len(ROWS) / sum(offers.values()) - 0.93) < 0.01
    assert 0.03 < (len(offers) - len(told)) / len(offers) < 0.05
    assert 0 < len(full) < len(told)


def test_quantities_are_as_in_shops() -> None:
    """Small ones are frequent, large ones rare; some have none, a few are only to be seen."""
    words = Counter(row.availability for row in ROWS)
    shares = {word: n / len(ROWS) for word, n in words.items()}
    there = sorted(row.quantity for row in ROWS if row.quantity)

    assert 0.11 < shares["out_of_stock"] < 0.13
    assert 0.003 < shares["on_display_to_order"] < 0.01
    assert 0.15 < shares["limited_availability"] < 0.3
    assert there[len(there) // 2] < sum(there) / len(there) < 60
    assert max(there) > 100


def test_the_columns_are_googles(tmp_path: Path) -> None:
    """Each row has them all, with one moment for all, and an hour later in the next snapshot."""
    make(tmp_path, 60, 10, 3)
    restock(tmp_path, 60, 10, 3, 0.3, 2)
    rows, later = read(tmp_path / "stock.csv"), read(tmp_path / "stock-2.csv")

    assert ["store_code", "id", "quantity", "availability", "price", "timestamp"] == list(rows[0])
    assert {"2026-07-04T09:00:00+00:00"} == {row["timestamp"] for row in rows}
    assert {"2026-07-04T10:00:00+00:00"} == {row["timestamp"] for row in later}
    assert all(row["price"].endswith(" CAD") for row in rows)


def test_a_moment_is_by_the_seed() -> None:
    """Also by one that is negative; and snapshots do not stop at midnight."""
    assert "2026-07-28T09:00:00+00:00" == stamp(-1, 1)
    assert "2026-07-02T08:00:00+00:00" == stamp(0, 24)


# --- those after it -----------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 3), (40, 41)])
def test_a_share_changes_and_a_fifth_of_it_flips(before: int, after: int) -> None:
    """So it is from each snapshot to the next, however late, and the rows stay the same ones."""
    old = ROWS if before == 1 else SNAPSHOTS[before]
    pairs = changed(old, SNAPSHOTS[after])

    assert abs(len(pairs) / len(ROWS) - 0.05) < 0.005
    assert abs(len(flipped(pairs)) / len(pairs) - 0.2) < 0.03
    assert all(a[:2] == b[:2] for a, b in pairs)


def test_only_a_flip_moves_a_state() -> None:
    """What is out of stock may change its price; little stays little, and plenty plenty."""
    pairs = changed(SNAPSHOTS[40], SNAPSHOTS[41])
    states = [(a, b) for a, b in pairs if a.availability != b.availability]
    empty = [(a, b) for a, b in pairs if a.quantity == 0]

    assert flipped(pairs) == states
    assert all((a.quantity == b.quantity) == (a.cents != b.cents) for a, b in pairs)
    assert {True, False} == {b.quantity == 0 for _, b in empty}


def test_the_market_stays_what_it_is() -> None:
    """After forty snapshots as much is out of stock, and no price has gone far."""
    out = [sum(row.quantity == 0 for row in rows) / len(rows) for rows in (ROWS, SNAPSHOTS[40])]
    far = [
        a for a, b in zip(ROWS, SNAPSHOTS[40], strict=True) if abs(a.cents - b.cents) * 2 > a.cents
    ]

    assert abs(out[0] - out[1]) < 0.02
    assert [] == far


@pytest.mark.parametrize("k", [2, 7])
def test_no_share_is_no_change_and_all_of_it_is_every_row(k: int) -> None:
    """With no churn all is as at first; with all of it, each row differs from the one before."""
    rows = ROWS[:500]
    each = [[Churn(SEED, 1, n).on(row) for row in rows] for n in (k, k + 1)]

    assert rows == [Churn(SEED, 0, k).on(row) for row in rows]
    assert len(rows) == len(changed(*each))


# --- the command --------------------------------------------------------------------------------


def test_a_snapshot_leaves_the_site_alone(tmp_path: Path) -> None:
    """One file more, whatever snapshots were written before it, and the same one each time."""
    words = ["demo", "--root", str(tmp_path), "--merchants", "20", "--products", "5"]
    main(words)
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    assert 0 == main([*words, "--churn", "0.5", "--snapshot", "4"])
    fourth = (tmp_path / "stock-4.csv").read_bytes()
    assert 0 == main([*words, "--churn", "0.5"])
    assert 0 == main([*words, "--churn", "0.5", "--snapshot", "4"])

    now = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    assert {tmp_path / "stock-2.csv", tmp_path / "stock-4.csv"} == now.keys() - before.keys()
    assert before == {p: now[p] for p in before}
    assert fourth == (tmp_path / "stock-4.csv").read_bytes()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--merchants", "21", "--churn", "0.1"], "donnez les mêmes nombres"),
        (["--merchants", "20", "--snapshot", "3"], "demande --churn"),
        (["--churn", "1.5"], "n'est pas une part"),
        (["--churn", "0.1", "--snapshot", "1"], "2 ou plus"),
        (["--churn", "0.1", "--root", "nowhere"], "n'a pas de site"),
    ],
)
def test_what_makes_no_sense_is_refused(
    more: list[str], said: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """In words, with exit code 2, and nothing is written."""
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    monkeypatch.chdir(tmp_path)
    make(tmp_path, 20, 5, 1)

    assert 2 == main(["demo", "--root", str(tmp_path), "--products", "5", *more])
    assert said in capsys.readouterr().err
    assert ["stock.csv"] == sorted(p.name for p in tmp_path.glob("stock*"))


def take(root: Path, feed: str) -> Counts:
    """Build with a feed; return what became of its rows."""
    feeds = Feeds((Given(root / feed, True),), clock=CLOCK)
    return build(root, Options(feeds=feeds)).stock


@pytest.mark.slow
def test_a_build_takes_the_snapshots_in(tmp_path: Path) -> None:
    """Every row is of use, and as many products change state as the snapshot flips."""
    make(tmp_path, 120, 10, 1)
    restock(tmp_path, 120, 10, 1, 0.1, 2)
    first_one, second = read(tmp_path / "stock.csv"), read(tmp_path / "stock-2.csv")
    pairs = [
        (a, b)
        for a, b in zip(first_one, second, strict=True)
        if a["availability"] != b["availability"]
    ]
    take(tmp_path, "stock.csv")

    told = take(tmp_path, "stock-2.csv")

    assert (len(second), 0, len(pairs)) == (told.rows, told.quarantined, told.flipped)
