"""Lines that the last feed had too, word for word: they say what they said, unjudged.

The tills of a whole market send every offer, every time, and one line in a hundred is another. What
the others meant is in the state already; to read them again is most of what a snapshot costs. All
of them give another time, the same one: it is set apart before lines are compared.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

MOST = 32 * 1024**2
"""Bytes beyond which a feed is not held in memory to be compared."""
_HANDFUL = 800
"""Bytes that are compared at once."""
_MARK = b"\x01"
"""Stands for the time that all rows give. No feed whose lines are rows has this byte elsewhere."""


@dataclass(frozen=True)
class Lines:
    """The lines below a feed's header, and the time that stands in them all."""

    header: bytes
    time: bytes
    """Empty where there is no column for it."""
    body: bytes
    """One line after the other, each with its end."""

    @cached_property
    def rows(self) -> int:
        """Return how many there are."""
        return self.body.count(b"\n")


class Kept(NamedTuple):
    """The lines of the last feed, and what they were understood against."""

    ground: bytes
    """Another one, and they may mean something else now."""
    lines: Lines


class Apart(NamedTuple):
    """In what a feed differs from the last one: maybe in nothing but the time."""

    fresh: list[tuple[int, bytes]]
    """New lines, with their numbers in the file."""
    gone: list[bytes]


def lines_of(path: Path, mark: bytes, timed: int | None) -> Lines | None:
    """Return a feed's lines, where each is a row; None where they are not fit to be compared.

    ``mark`` stands between values; ``timed`` is the column that gives the time, if there is one.
    """
    if path.stat().st_size > MOST:
        return None
    data = path.read_bytes()
    if not data.endswith(b"\n"):
        data += b"\n"
    start = data.find(b"\n") + 1
    first = data[start : data.find(b"\n", start)].rstrip(b"\r").split(mark)
    blank = b"\n\n" in data or (b"\r" in data and b"\n\r\n" in data)
    if not start or first == [b""] or _MARK in data or blank:
        return None
    header, body = mark + data[: start - 1], data[start:]
    time = b""
    if timed is not None:
        time = first[timed] if timed < len(first) else b""
        if not time:
            return None
        body = body.replace(time, _MARK)
    return Lines(header, time, body)


def apart(now: Lines, then: Lines) -> Apart | None:
    """Return what one feed has and the other has not; None where that is not worth knowing.

    A line that stands twice in a feed is worth a judge.
    """
    if now.header != then.header:
        return None
    few = now.rows // 4
    found = _in_step(now.body, then.body, few) or _in_any_order(now.body, then.body, few)
    if found is None:
        return None
    back = now.time or _MARK
    return Apart(
        [(n, line.replace(_MARK, back)) for n, line in found.fresh],
        [line.replace(_MARK, back) for line in found.gone if line],
    )


def _in_step(now: bytes, then: bytes, few: int) -> Apart | None:
    """Compare line with line, where no row came, went or moved: most lines by the handful."""
    found = Apart([], [])
    here = there = 0
    number = 2
    while here < len(now):
        end = now.find(b"\n", min(here + _HANDFUL, len(now) - 1)) + 1
        some = now[here:end]
        many = some.count(b"\n")
        if then.startswith(some, there):
            there += len(some)
        else:
            start = there
            for _ in range(many):
                there = then.find(b"\n", there) + 1
                if not there:
                    return None
            pairs = zip(some.splitlines(), then[start:there].splitlines(), strict=True)
            for n, (a, b) in enumerate(pairs, number):
                if a != b:
                    found.fresh.append((n, a))
                    found.gone.append(b)
            if len(found.fresh) > few:
                return None
        here, number = end, number + many
    return found if there == len(then) else None


def _in_any_order(now: bytes, then: bytes, few: int) -> Apart | None:
    """Compare what lines there are."""
    lines, known = now.splitlines(), set(then.splitlines())
    fresh = [(n, line) for n, line in enumerate(lines, 2) if line not in known]
    gone = known.difference(lines)
    if len(fresh) > few or len(known) - len(gone) != len(lines) - len(fresh):
        return None
    return Apart(fresh, sorted(gone))


def keep(path: Path, ground: bytes, lines: Lines, refused: Collection[int]) -> None:
    """Keep a feed's lines for the next one, but those that were refused: they are judged each time.

    All others give the feed's time. If it stands elsewhere in a line too, another time might change
    what the line says: then nothing is kept.
    """
    body = lines.body
    if refused:
        rows = enumerate(body.split(b"\n"), 2)
        body = b"\n".join(b"" if n in refused else line for n, line in rows)
    if lines.time and body.count(_MARK) != lines.rows - len(refused):
        return
    scratch = path.with_suffix(".new")
    with scratch.open("wb") as file:
        file.writelines((ground.hex().encode(), b"\n", lines.header, b"\n", lines.time, b"\n"))
        file.write(body)
    scratch.replace(path)


def kept(path: Path) -> Kept | None:
    """Return the lines of the last feed, where they were kept."""
    try:
        with path.open("rb") as file:
            ground, header, time = (file.readline().removesuffix(b"\n") for _ in range(3))
            return Kept(bytes.fromhex(ground.decode()), Lines(header, time, file.read()))
    except (FileNotFoundError, ValueError):  # none was kept, or what lies there is none of ours
        return None
