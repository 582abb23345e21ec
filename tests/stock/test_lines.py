"""The lines of a feed that the last one had too are not judged again, and nobody can tell."""

import random
from pathlib import Path
from typing import Any

import pytest

from halles.stock import feed as reading
from halles.stock import lines as reader
from halles.stock.lines import Lines, apart, keep, kept, lines_of
from tests.stock.arrivals import Stocked, at, iso, shop

SHOPS = (shop("gaston", 24), shop("hector", 24, "sud", "store_code: HEC-1\n"))
HEAD = "store_code,id,quantity,price,sale_price,timestamp"


def rows(rng: random.Random) -> dict[tuple[str, str], list[str]]:
    """Return what a first feed says of two shops."""
    return {
        (store, f"P{n}"): [
            store,
            f"P{n}",
            str(rng.randrange(9)),
            f"{rng.randrange(1, 40)}.50 CAD",
            "",
            "{when}",
        ]
        for store in ("gaston", "HEC-1")
        for n in range(24)
    }


def edit(rng: random.Random, said: dict[tuple[str, str], list[str]]) -> list[str]:
    """Change a few rows as tills do, or as they should not; return lines that are there besides."""
    extra = []
    for _ in range(rng.randrange(4)):
        key = rng.choice(list(said))
        match rng.randrange(9):
            case 0 | 1:
                said[key][2] = str(rng.randrange(9))
            case 2:
                said[key][3] = f"{rng.randrange(1, 40)}.25"
            case 3:
                del said[key]
            case 4:
                said[key][2] = rng.choice(["beaucoup", "-1", ""])
            case 5:
                extra.append(",".join([*said[key][:2], "1", "9.00", "", "{when}"]))
            case 6:
                extra.append("nulle-part,P1,3,1.00,,{when}")
            case 7:
                said[key][4] = "1.00"
            case 8:
                moved = said.pop(key)
                said[key] = moved
    return extra


def lines(
    rng: random.Random, said: dict[tuple[str, str], list[str]], extra: list[str]
) -> list[str]:
    """Return the lines of a feed, once in a while in another order."""
    found = [",".join(row) for row in said.values()] + extra
    if rng.random() < 0.1:
        rng.shuffle(found)
    return found


def body(rng: random.Random, rows: list[str], hours: float) -> bytes:
    """Return a feed of that hour; some are written by another hand."""
    when = iso(at(hours))
    if rng.random() < 0.1:
        rows = [
            row.replace("{when}", iso(at(hours - 0.5)), 1) if n == 3 else row
            for n, row in enumerate(rows)
        ]
    text = "\n".join([HEAD, *rows]).replace("{when}", when)
    if rng.random() < 0.2:
        text = text.replace("\n", "\r\n")
    return (text + ("\n" if rng.random() < 0.8 else "")).encode()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_nobody_can_tell(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the last feed's lines at hand or without, each file of data/stock/ has the same bytes."""
    spared = count(monkeypatch)
    monkeypatch.setattr(reader, "BLOCK", 1 << 6 + 2 * seed)
    rng = random.Random(seed)
    told, untold = Stocked(tmp_path / "a", *SHOPS), Stocked(tmp_path / "b", *SHOPS)
    said = rows(rng)
    for hours in range(6):
        sent = body(rng, lines(rng, said, edit(rng, said)), hours)
        (untold.root / ".halles/told").unlink(missing_ok=True)
        outcomes = [market.take(sent, accept=True, hours=hours) for market in (told, untold)]
        assert outcomes[0].stock == outcomes[1].stock
        assert stock(told) == stock(untold)
    assert told.tree() == untold.tree()
    assert len(spared) >= 1


def stock(market: Stocked) -> dict[str, bytes]:
    """Return the files under data/stock/."""
    return {
        path.name: path.read_bytes()
        for path in (market.root / "data/stock").rglob("*")
        if path.is_file()
    }


def count(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note each time that only differing lines are read: how many they are."""
    spared: list[int] = []
    tell = reading._tell_apart

    def spy(db: Any, lines: Lines, differing: Any, *rest: Any) -> None:
        spared.append(len(differing.fresh))
        tell(db, lines, differing, *rest)

    monkeypatch.setattr(reading, "_tell_apart", spy)
    return spared


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/merchants/nord/ga/gaston.yaml", "sku: P7,", "sku: PX,"),
        ("halles.toml", "[site]", '[site]\ntimezone = "America/Halifax"'),
    ],
    ids=["another offer", "another zone"],
)
def test_what_lines_meant_on_other_ground_is_judged_again(
    tmp_path: Path, path: str, old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another offer in content, or another zone, and every line is read."""
    spared = count(monkeypatch)
    market = Stocked(tmp_path / "site", *SHOPS)
    rng = random.Random(1)
    said = rows(rng)
    market.take(body(random.Random(3), lines(rng, said, []), 0), accept=True)
    market.edit(path, old, new)

    market.take(body(random.Random(3), lines(rng, said, []), 1), accept=True)

    assert [] == spared


def written(path: Path, *lines: str, head: str = "store_code,id,quantity,timestamp") -> Lines:
    """Return the lines of a feed."""
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    found = lines_of(path, b",", 3, path.with_suffix(".lines"))
    assert found is not None
    return found


def test_a_time_that_stands_elsewhere_too_keeps_nothing(tmp_path: Path) -> None:
    """Another time might change what such a line says."""
    found = written(tmp_path / "feed.csv", "9:00,A,1,9:00", "b,B,2,9:00")

    keep(tmp_path / "told", b"ground", found, set())

    assert kept(tmp_path / "told") is None


REST = [f"r,{n},1,T" for n in range(20)]


@pytest.mark.parametrize(
    ("then", "now", "fresh", "gone"),
    [
        (["a,,1,T", "b,,1,T"], ["x,,1,T", "b,,1,T"], {2: "x"}, ["a"]),
        (["a,,1,T", "b,,1,T"], ["b,,1,T", "a,,1,T", "n,,1,T"], {4: "n"}, []),
        (["a,,1,T", "b,,1,T"], ["b,,1,T"], {}, ["a"]),
        (["b,,1,T"], ["a,,1,T", "b,,1,T"], {2: "a"}, []),
        (["a,,1,T"], ["a,,1,T", "a,,1,T"], {3: "a"}, []),
    ],
    ids=["another", "moved and new", "gone", "before all", "twice"],
)
@pytest.mark.parametrize("block", [16, 60, 1 << 20])
def test_lines_are_set_apart_whatever_their_order(
    tmp_path: Path, then: list[str], now: list[str], fresh: dict[int, str], gone: list[str],
    block: int, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """New lines with their numbers, lost ones without, both with the new time; in any blocks."""
    monkeypatch.setattr(reader, "BLOCK", block)
    old = written(tmp_path / "then", *(line.replace("T", "1:00") for line in [*then, *REST]))
    new = written(tmp_path / "now", *(line.replace("T", "2:00") for line in [*now, *REST]))

    found = apart(new, old)

    assert found is not None
    assert {n: line.partition(b",")[0].decode() for n, line in found.fresh} == fresh
    assert [line.partition(b",")[0].decode() for line in found.gone] == gone
    assert all(line.endswith(b",2:00") for line in (*found.gone, *(a for _, a in found.fresh)))


def test_what_is_not_worth_comparing(tmp_path: Path) -> None:
    """Other columns, or too much that is new: all is read."""
    old = written(tmp_path / "then", "a,,1,1:00", *REST)
    head = "store_code,id,quantity,timestamp,note"

    assert apart(written(tmp_path / "now", "a,,1,2:00", *REST, head=head), old) is None
    assert (
        apart(written(tmp_path / "now", *(f"n,{n},1,2:00" for n in range(20)), *REST), old) is None
    )


def test_what_waits_takes_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of any length: beyond so many bytes of them, all is read."""
    monkeypatch.setattr(reader, "_ROOM", 1000)
    old = written(tmp_path / "then", "a,,1,1:00", *REST)
    short = written(tmp_path / "now", "b,,1,2:00", *REST)
    long = written(tmp_path / "long", f"{'b' * 1000},,1,2:00", *REST)

    assert apart(short, old) is not None
    assert apart(long, old) is None
    assert apart(short, long) is None


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("block", [8, 1 << 20])
def test_a_blank_line_is_no_row(
    tmp_path: Path, end: str, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed with a blank line is not compared, whatever its lines end with."""
    monkeypatch.setattr(reader, "BLOCK", block)
    path, scratch = tmp_path / "feed.csv", tmp_path / "scratch"
    path.write_bytes(end.join(["store_code,id,quantity", "gaston,P1,3", ""]).encode())
    assert lines_of(path, b",", None, scratch) is not None
    path.write_bytes(path.read_bytes() + end.encode())
    assert lines_of(path, b",", None, scratch) is None


def test_lines_are_kept_with_their_ground(tmp_path: Path) -> None:
    """What was refused is left out; what is none of ours is as if it were not there."""
    lines = written(tmp_path / "feed.csv", "a,A,1,9:00", "b,B,2,9:00")
    (tmp_path / "other").write_text("zut\n")

    keep(tmp_path / "told", b"here" * 4, lines, {2})

    found = kept(tmp_path / "told")
    assert found is not None
    assert (b"here" * 4, lines.header, b"9:00") == (
        found.ground,
        found.lines.header,
        found.lines.time,
    )
    assert (tmp_path / "told").read_bytes().splitlines()[3:] == [b"", b"b,B,2,\x01"]
    assert kept(tmp_path / "other") is None
    assert kept(tmp_path / "nothing") is None
