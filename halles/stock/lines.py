"""Lines that the last feed had too, word for word: they say what they said, unjudged.

The tills of a whole market send every offer, every time, and one line in a hundred is another. What
the others meant is in the state already; to read them again is most of what a snapshot costs. All
of them give another time, the same one: it is set apart before lines are compared.
"""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

MOST = 32 * 1024**2
"""Bytes beyond which a feed is not held in memory to be compared."""
_MARK = b"\x01"
"""Stands for the time that all rows give. No feed whose lines are rows has this byte elsewhere."""


class Lines(NamedTuple):
    """The lines below a feed's header, and the time that stands in them all."""

    header: bytes
    time: bytes
    """Empty where there is no column for it."""
    rows: list[bytes]


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
    header, _, body = path.read_bytes().partition(b"\n")
    body = body.removesuffix(b"\n")
    if _MARK in body or b"\n\n" in body or body[:1] in (b"", b"\n"):
        return None
    time = b""
    if timed is not None:
        first = body.partition(b"\n")[0].rstrip(b"\r").split(mark)
        time = first[timed] if timed < len(first) else b""
        if not time:
            return None
        body = body.replace(time, _MARK)
    return Lines(mark + header, time, body.split(b"\n"))


def apart(now: Lines, then: Lines) -> Apart | None:
    """Return what one feed has and the other has not; None where that is not worth knowing.

    A line that stands twice in a feed is worth a judge.
    """
    if now.header != then.header:
        return None
    few = len(now.rows) // 4
    pairs = zip(now.rows, then.rows, strict=False)
    differing = [(n, a, b) for n, (a, b) in enumerate(pairs, 2) if a != b]
    if len(now.rows) == len(then.rows) and len(differing) <= few:
        fresh = [(n, a) for n, a, _ in differing]
        gone = [b for _, _, b in differing if b]
    else:  # rows came, went or moved
        known = set(then.rows)
        fresh = [(n, a) for n, a in enumerate(now.rows, 2) if a not in known]
        lost = known.difference(now.rows)
        if len(fresh) > few or len(known) - len(lost) != len(now.rows) - len(fresh):
            return None
        gone = [b for b in lost if b]
    back = now.time or _MARK
    return Apart(
        [(n, line.replace(_MARK, back)) for n, line in fresh],
        [line.replace(_MARK, back) for line in gone],
    )


def keep(path: Path, ground: bytes, lines: Lines, refused: Collection[int]) -> None:
    """Keep a feed's lines for the next one, but those that were refused: they are judged each time.

    All others give the feed's time. If it stands elsewhere in a line too, another time might change
    what the line says: then nothing is kept.
    """
    rows = [b"" if n in refused else line for n, line in enumerate(lines.rows, 2)]
    body = b"\n".join(rows if refused else lines.rows)
    if lines.time and body.count(_MARK) != len(lines.rows) - len(refused):
        return
    scratch = path.with_suffix(".new")
    scratch.write_bytes(b"\n".join((ground.hex().encode(), lines.header, lines.time, body)))
    scratch.replace(path)


def kept(path: Path, ground: bytes) -> Lines | None:
    """Return the lines of the last feed, if what it said still stands on the same ground."""
    try:
        name, header, time, body = path.read_bytes().split(b"\n", 3)
    except (FileNotFoundError, ValueError):
        return None
    return Lines(header, time, body.split(b"\n")) if name == ground.hex().encode() else None
