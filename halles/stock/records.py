"""The rows of a feed of text, one by one: exact, whatever is quoted, blank or broken.

The slow way: a feed in which each line is a row goes straight into the database.
"""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TextIO

import msgspec

from halles.stock.opened import BLOCK, FeedFault
from halles.stock.values import BLANKS

NAMES: Mapping[str, tuple[str, ...]] = {
    "store": ("store_code", "store", "store_id"),
    "sku": ("id", "sku", "item_id", "offer_id"),
    "gtin": ("gtin",),
    "quantity": ("quantity", "qty"),
    "availability": ("availability",),
    "price": ("price",),
    "sale": ("sale_price",),
    "sale_dates": ("sale_price_effective_date",),
    "timestamp": ("timestamp",),
}
"""What halles reads of a row, and what feeds call it, the true name first."""
KNOWN = {name for names in NAMES.values() for name in names}
_LINE = 2 * BLOCK
_COLUMNS = 1000
_TAIL = 1 << 16


class Record(NamedTuple):
    """One row: the line it starts on, as it stands there, and what it says; None if malformed."""

    line: int
    raw: str
    said: Mapping[str, str] | None


class Columns(NamedTuple):
    """Which column says what, and which ones say nothing to halles."""

    of: Mapping[str, int]
    ignored: tuple[str, ...]


@lru_cache(maxsize=256)
def columns(header: tuple[str, ...]) -> Columns:
    """Return where each thing stands; of two columns alike, the first counts."""
    alike: dict[str, int] = {}
    for place, name in enumerate(header):
        alike.setdefault(plain_name(name), place)
    found = {
        field: next(alike[name] for name in names if name in alike)
        for field, names in NAMES.items()
        if alike.keys() & set(names)
    }
    read = set(found.values())
    ignored = (name.strip(BLANKS) for place, name in enumerate(header) if place not in read)
    return Columns(found, tuple(name for name in ignored if name))


def plain_name(name: str) -> str:
    """Return the name of a column as Google writes it.

    >>> plain_name(" Store-Code")
    'store_code'
    """
    return re.sub(r"[\s_-]+", "_", name.strip(BLANKS).lower())


def complete(found: Columns, header: Iterable[str], name: str) -> Columns:
    """Return the columns, if a row can say with them what is where.

    Raises:
        FeedFault: it cannot; says what is missing and what was found.
    """
    missing = [
        words
        for fields, words in (
            (("store",), "store_code"),
            (("sku", "gtin"), "id / gtin"),
            (("quantity", "availability"), "quantity / availability"),
        )
        if not found.of.keys() & set(fields)
    ]
    if not missing:
        return found
    met = ", ".join(name.strip(BLANKS)[:40] for name in [*header][:12]) or "—"
    lacks = ", ".join(missing)
    raise FeedFault(
        "no-usable-column",
        f"le flux {name} n'a pas de colonne {lacks}. Il a : {met}. "
        "La première ligne doit nommer les colonnes.",
        f"the feed {name} has no column {lacks}. It has: {met}. "
        "The first line must name the columns.",
    )


def header_of(path: Path, form: str, name: str) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns, and what stands between them.

    Raises:
        FeedFault: there is no line, or no line that could be a header, or the last one is cut.
    """
    headers = {mark: _first(path, mark, name) for mark in ("\t" if form == "tsv" else "\t;,|")}
    best = max(headers, key=lambda mark: (_familiar(headers[mark]), len(headers[mark])))
    if len(headers[best]) > _COLUMNS:
        raise too_many_columns(name)
    if _is_cut(path, best.encode()):
        raise FeedFault(
            "unreadable",
            f"le flux {name} est coupé : sa dernière ligne s'arrête au milieu. Envoyez-le de "
            "nouveau.",
            f"the feed {name} is cut short: its last line ends in the middle. Send it again.",
        )
    return tuple(headers[best]), best


def _is_cut(path: Path, mark: bytes) -> bool:
    """Tell whether the last line has no end and fewer fields than the row before it."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read()
    *above, before, last = tail.split(b"\n") if tail.count(b"\n") > 1 else (b"", b"")
    plain = b'"' not in before + last
    return bool(above and last.strip()) and plain and last.count(mark) < before.count(mark)


def _first(path: Path, mark: str, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as text:
        row = next(_rows(text, mark), None)
    if row is None:
        raise empty(name)
    if len(row[1]) > _LINE:
        raise too_many_columns(name)
    return row[2] or []


def _familiar(header: Sequence[str]) -> int:
    return len(KNOWN & {plain_name(name) for name in header[:_COLUMNS]})


def empty(name: str) -> FeedFault:
    """Return the fault of a feed without a row."""
    return FeedFault(
        "empty",
        f"le flux {name} ne contient aucune ligne de stock. Vérifiez l'exportation.",
        f"the feed {name} holds no row of stock. Check what exported it.",
    )


def too_many_columns(name: str) -> FeedFault:
    """Return the fault of a feed that is wider than any table."""
    return FeedFault(
        "no-usable-column",
        f"le flux {name} a plus de {_COLUMNS} colonnes, ou une première ligne démesurée. "
        "Gardez les colonnes de l'inventaire local de Google.",
        f"the feed {name} has more than {_COLUMNS} columns, or a first line beyond measure. "
        "Keep the columns of Google's local inventory.",
    )


def separated(path: Path, mark: str, found: Columns, width: int) -> Iterator[Record]:
    """Yield the rows below the header of a file in which a mark stands between values."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        rows = _rows(text, mark)
        next(rows, None)
        for line, raw, fields in rows:
            if fields is None or len(fields) > width:
                yield Record(line, raw, None)
            else:
                said = {f: fields[at] for f, at in found.of.items() if at < len(fields)}
                yield Record(line, raw, said)


def _rows(text: TextIO, mark: str) -> Iterator[tuple[int, str, list[str] | None]]:
    """Yield each row with its first line; a quote that never closes spoils its own line only.

    To look for the end of a quote means to read on; what was read in vain is read again. No line
    is read more than twice so, since whatever opens a quote also ends the search for its close.
    """
    lines, again = _lines(text), deque[tuple[int, str]]()
    while again or (ahead := next(lines, None)):
        number, line = again.popleft() if again else ahead  # type: ignore[misc]
        raw = line.rstrip("\r\n")
        if not raw:
            continue
        if "\0" in line or len(line) > _LINE:
            yield number, raw, None
        elif '"' not in line:
            yield number, raw, raw.split(mark)
        else:
            taken = [(number, line)]
            fields = _quoted(_ahead(taken, again, lines), mark)
            if fields is None:
                again.extendleft(reversed(taken[1:]))
                taken = taken[:1]
            yield number, "".join(line for _, line in taken).rstrip("\r\n"), fields


def _ahead(
    taken: list[tuple[int, str]], again: deque[tuple[int, str]], lines: Iterator[tuple[int, str]]
) -> Iterator[str]:
    """Yield the line that was taken and then those after it, taking them, within bounds."""
    yield taken[0][1]
    size = len(taken[0][1])
    while size <= _LINE and (more := again.popleft() if again else next(lines, None)):
        taken.append(more)
        size += len(more[1])
        if "\0" in more[1]:
            return
        yield more[1]


def _quoted(lines: Iterator[str], mark: str) -> list[str] | None:
    try:
        return next(csv.reader(lines, delimiter=mark, strict=True))
    except (csv.Error, StopIteration):
        return None


def _lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """Yield the lines, numbered from 1; of one that is too long, its beginning."""
    number = 0
    while line := text.readline(_LINE + 1):
        number += 1
        rest = line
        while len(rest) > _LINE and rest[-1] not in "\r\n":
            rest = text.readline(_LINE + 1)
        yield number, line


def objects(path: Path, name: str) -> tuple[Iterator[Record], dict[str, None]]:
    """Return the rows of JSON Lines, and the keys that they had, once all rows are taken."""
    keys: dict[str, None] = {}
    return _objects(path, name, keys), keys


def _objects(path: Path, name: str, keys: dict[str, None]) -> Iterator[Record]:
    decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
    with path.open(encoding="utf-8-sig", newline="") as text:
        for number, line in _lines(text):
            raw = line.rstrip("\r\n")
            if not raw:
                continue
            try:
                given = decode(raw) if len(raw) <= _LINE else None
            except (msgspec.DecodeError, RecursionError):
                given = None
            if given is None:
                yield Record(number, raw, None)
                continue
            keys.update(dict.fromkeys(given))
            if len(keys) > _COLUMNS:
                raise too_many_columns(name)
            header = tuple(given)
            said = {f: _text(given[header[at]]) for f, at in columns(header).of.items()}
            yield Record(number, raw, said)


def _text(value: msgspec.Raw) -> str:
    """Return a JSON value as it would stand in a table."""
    written = bytes(value)
    if written.startswith(b'"'):
        escaped = b"\\" in written
        return msgspec.json.decode(written, type=str) if escaped else written[1:-1].decode()
    return "" if written == b"null" else written.decode()


def write(records: Iterable[Record], path: Path) -> None:
    """Write rows as the database reads them: one a line, in JSON."""
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for record in records:
            row: dict[str, object] = {f: _safe(text) for f, text in (record.said or {}).items()}
            row["line"], row["raw"] = record.line, record.raw[:2000].replace("\0", "␀")
            row["malformed"] = record.said is None
            file.write(encode(row) + b"\n")


def _safe(text: str) -> str:
    """Return a text without NUL, which no database likes; it stays a control character."""
    return text.replace("\0", "\x01")
