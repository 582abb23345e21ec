"""Lines that the last feed had too, word for word: they say what they said, unjudged.

The tills of a whole market send every offer, every time, and one line in a hundred is another. What
the others meant is in the state already; to read them again is most of what a snapshot costs. All
of them give another time, the same one: it is set apart before lines are compared.

Lines lie in files and go by in blocks: a feed may be longer than what memory holds.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from halles.digest import SIZE

BLOCK = 512 * 1024
"""About how many bytes go by at once."""
_HANDFUL = 800
"""Bytes that are compared at once."""
_MOST, _ROOM = 200_000, 32 * 1024**2
"""Lines that may wait for one like them, and their bytes."""
_MARK = b"\x01"
"""Stands for the time that all rows give. No feed whose lines are rows has this byte elsewhere."""


class Lines(NamedTuple):
    """The lines below a feed's header, in a file: its first three are other things."""

    path: Path
    header: bytes
    time: bytes
    """What stands in them all for the time; empty where there is no column for it."""
    rows: int
    """How many there are; of the last feed's nobody asks."""
    timed: bool
    """Whether the time stands in each of them, and once."""


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


def lines_of(path: Path, mark: bytes, timed: int | None, scratch: Path) -> Lines | None:
    """Return a feed's lines, where each is a row; None where they are not fit to be compared.

    ``mark`` stands between values; ``timed`` is the column that gives the time, if there is one.
    They are written to ``scratch``.
    """
    with path.open("rb") as feed, scratch.open("wb") as file:
        header = mark + feed.readline().removesuffix(b"\n")
        first = feed.readline()
        values = first.rstrip(b"\r\n").split(mark)
        time = values[timed] if timed is not None and timed < len(values) else b""
        if values == [b""] or (timed is not None and not time):
            return None
        file.writelines((bytes(2 * SIZE), b"\n", header, b"\n", time, b"\n"))
        rows = times = 0
        feed.seek(-len(first), 1)
        for block in _blocks(feed):
            if _MARK in block or _has_blank(block):
                return None
            said = block.replace(time, _MARK) if time else block
            file.write(said)
            rows += said.count(b"\n")
            times += said.count(_MARK)
    return Lines(scratch, header, time, rows, not time or times == rows)


def _has_blank(block: bytes) -> bool:
    """Tell whether a line has nothing in it, in some lines."""
    return (
        block.startswith((b"\n", b"\r\n"))
        or b"\n\n" in block
        or (b"\r" in block and b"\n\r\n" in block)
    )


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield what is left of a file in blocks of whole lines, each with its end."""
    while block := file.read(BLOCK):
        block += file.readline()
        yield block if block.endswith(b"\n") else block + b"\n"


def apart(now: Lines, then: Lines) -> Apart | None:
    """Return what one feed has and the other has not; None where that is not worth knowing."""
    if now.header != then.header:
        return None
    with now.path.open("rb") as new, then.path.open("rb") as old:
        _head(new)
        _head(old)
        found = _compared(new, old, min(now.rows // 2, _MOST))
    if found is None or len(found.fresh) > now.rows // 4:
        return None
    back = now.time or _MARK
    return Apart(
        [(n, line.replace(_MARK, back)) for n, line in found.fresh],
        [line.replace(_MARK, back) for line in found.gone if line],
    )


def _head(file: BinaryIO) -> list[bytes]:
    """Read what stands before the lines: the ground, the header, the time."""
    return [file.readline() for _ in range(3)]


def _compared(new: BinaryIO, old: BinaryIO, most: int) -> Apart | None:
    """Compare line with line, most of them by the handful; a line that moved meets its like."""
    waiting = _Waiting()
    number, left = 2, b""
    for block in _blocks(new):
        other, left = _as_many(old, left, block)
        if block != other:
            for n, a, b in _unlike(block, other):
                if a is not None:
                    waiting.came(a, number + n)
                if b is not None:
                    waiting.went(b)
            if waiting.lines > most or waiting.size > _ROOM:
                return None
        number += block.count(b"\n")
    for block in chain([left], _blocks(old)):
        for line in block.splitlines():
            waiting.went(line)
        if waiting.size > _ROOM:
            return None
    return waiting.apart()


class _Waiting:
    """Lines of either feed that had none like them in the other yet."""

    def __init__(self) -> None:
        self._fresh: dict[bytes, list[int]] = {}
        self._gone: Counter[bytes] = Counter()
        self.lines = 0
        self.size = 0
        """Bytes in them."""

    def came(self, line: bytes, number: int) -> None:
        """Meet a line of the new feed."""
        if line in self._gone:
            self._gone[line] -= 1
            if not self._gone[line]:
                del self._gone[line]
            self._count(line, -1)
        else:
            self._fresh.setdefault(line, []).append(number)
            self._count(line, 1)

    def went(self, line: bytes) -> None:
        """Meet a line of the old feed."""
        if line in self._fresh:
            self._fresh[line].pop()
            if not self._fresh[line]:
                del self._fresh[line]
            self._count(line, -1)
        else:
            self._gone[line] += 1
            self._count(line, 1)

    def _count(self, line: bytes, more: int) -> None:
        self.lines += more
        self.size += more * len(line)

    def apart(self) -> Apart:
        """Return those that wait in vain."""
        fresh = sorted((n, line) for line, numbers in self._fresh.items() for n in numbers)
        return Apart(fresh, sorted(self._gone.elements()))


def _as_many(file: BinaryIO, left: bytes, block: bytes) -> tuple[bytes, bytes]:
    """Return as many lines of a file as a block has, as far as there are, and what is left over.

    They begin with what was left over before.
    """
    missing = len(block) - len(left)
    lines = left + (file.read(missing) + file.readline() if missing > 0 else b"")
    surplus = lines.count(b"\n") - block.count(b"\n")
    while surplus < 0 and (line := file.readline()):
        lines += line
        surplus += 1
    end = len(lines)
    for _ in range(surplus):
        end = lines.rfind(b"\n", 0, end - 1) + 1
    return lines[:end], lines[end:]


def _unlike(here: bytes, there: bytes) -> Iterator[tuple[int, bytes | None, bytes | None]]:
    """Yield the lines of two blocks that are not what stands in the other's place."""
    at = start = number = 0
    while at < len(here):
        end = here.find(b"\n", min(at + _HANDFUL, len(here) - 1)) + 1
        some = here[at:end]
        if there.startswith(some, start):
            start += len(some)
            number += some.count(b"\n")
        else:
            for line in some.splitlines():
                stop = there.find(b"\n", start) + 1
                other = there[start : stop - 1].removesuffix(b"\r") if stop else None
                if line != other:
                    yield number, line, other
                start = stop or len(there)
                number += 1
        at = end


def keep(path: Path, ground: bytes, lines: Lines, refused: Collection[int]) -> None:
    """Keep a feed's lines for the next one, but those that were refused: they are judged each time.

    All others give the feed's time. If it stands elsewhere in a line too, another time might change
    what the line says: then nothing is kept. The lines' own file may be gone afterwards.
    """
    if refused:
        lines = _without(lines, refused)
    if not lines.timed:
        return
    with lines.path.open("r+b") as file:
        file.write(ground.hex().encode())
    lines.path.replace(path)


def _without(lines: Lines, refused: Collection[int]) -> Lines:
    """Return the lines with nothing in the place of some, in another file."""
    path = lines.path.with_suffix(".kept")
    timed, number = True, 2
    with lines.path.open("rb") as whole, path.open("wb") as file:
        file.writelines(_head(whole))
        for block in _blocks(whole):
            kept = [
                b"" if n in refused else line
                for n, line in enumerate(block.split(b"\n")[:-1], number)
            ]
            file.write(b"\n".join((*kept, b"")))
            timed = timed and all(line.count(_MARK) == 1 for line in kept if line)
            number += len(kept)
    return lines._replace(path=path, timed=timed or not lines.time)


def kept(path: Path) -> Kept | None:
    """Return the lines of the last feed, where they were kept."""
    try:
        with path.open("rb") as file:
            ground, header, time = (line.removesuffix(b"\n") for line in _head(file))
        return Kept(bytes.fromhex(ground.decode()), Lines(path, header, time, 0, timed=True))
    except (FileNotFoundError, ValueError):  # none was kept, or what lies there is none of ours
        return None
