"""A stock feed in, two tables out: what its rows say of stock, and the rows that are refused.

A feed in which each line is a row is read by the database alone; any other text goes through
Python first, row by row. Both ways end in the same view, ``told``, and are judged alike.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from halles.notices import Words
from halles.stock import values
from halles.stock.database import literal
from halles.stock.lines import Apart, Lines, apart, lines_of
from halles.stock.opened import FeedFault, Opened, name_of, open_feed
from halles.stock.records import (
    NAMES,
    Columns,
    Record,
    columns,
    complete,
    empty,
    header_of,
    objects,
    separated,
    write,
)

__all__ = [
    "REASONS",
    "UNCOMPARED",
    "Compared",
    "Feed",
    "FeedFault",
    "compare",
    "read_feed",
    "read_opened",
]

REASONS: Mapping[str, Words] = MappingProxyType({
    "malformed": Words("la ligne est mal formée", "the row is malformed"),
    "no-store": Words("le commerce n'est pas nommé", "the store is not named"),
    "bad-store": Words(
        "le code du commerce dépasse 64 caractères ou en contient d'invisibles",
        "the store code is over 64 characters, or holds some that cannot be seen",
    ),
    "no-product": Words("le produit n'est pas nommé", "the product is not named"),
    "bad-id": Words(
        "le code du produit n'est pas fait de 1 à 50 lettres, chiffres, points ou tirets",
        "the product's id is not made of 1 to 50 letters, digits, dots, dashes or underscores",
    ),
    "bad-gtin": Words(
        "le GTIN n'a pas 8, 12, 13 ou 14 chiffres", "the GTIN is not of 8, 12, 13 or 14 digits"
    ),
    "no-stock": Words(
        "ni quantité ni disponibilité n'est donnée", "neither quantity nor availability is given"
    ),
    "bad-quantity": Words(
        "la quantité n'est pas un nombre entier de 0 à un milliard",
        "the quantity is not a whole number from 0 to a billion",
    ),
    "bad-availability": Words(
        "la disponibilité n'est pas l'une des quatre que halles connaît",
        "the availability is none of the four that halles knows",
    ),
    "bad-price": Words(
        "le prix n'est pas un montant de 0,01 $ à 9 999 999,99 $",
        "the price is not an amount from $0.01 to $9,999,999.99",
    ),
    "other-currency": Words(
        "le prix n'est pas en dollars canadiens", "the price is not in Canadian dollars"
    ),
    "bad-sale-price": Words(
        "le prix réduit n'est pas un montant en dollars canadiens",
        "the sale price is not an amount in Canadian dollars",
    ),
    "bad-sale-dates": Words(
        "les dates du rabais ne sont pas un début et une fin, séparés par « / »",
        "the dates of the sale are not a start and an end with “/” between them",
    ),
    "bad-timestamp": Words(
        "le moment n'est pas une date ISO 8601 d'après l'an 2000",
        "the timestamp is not an ISO 8601 date after the year 2000",
    ),
    "unknown-store": Words("aucun commerce ne porte ce code", "no merchant has this store code"),
    "closed-store": Words("ce commerce est fermé", "this merchant is closed"),
    "ambiguous-store": Words(
        "plusieurs commerces portent ce code", "several merchants have this store code"
    ),
    "unknown-product": Words(
        "ce commerce n'a pas ce produit", "this merchant does not have this product"
    ),
})  # fmt: skip
"""Why a row is refused, for people; a row is refused for the first reason that holds."""

MOST_ROWS = 100_000_000
"""No feed has more rows; Parquet can pack any number of them into nothing."""


class Feed(NamedTuple):
    """What is known of a feed that was taken in."""

    name: str
    rows: int
    """Rows of data met, refused ones among them."""
    ignored: tuple[str, ...]
    """Columns that nobody reads, as written."""
    time: int
    """The newest timestamp in its rows, in epoch seconds."""
    digest: bytes
    """What stands for its bytes, unpacked."""
    lines: Lines | None = None
    """Its lines, where each is a row and all that are not refused give one time."""
    apart: Apart | None = None
    """In what it differs from the last feed, if no other row was read; ``said`` has what is gone
    by lines below zero."""
    same: int = 0
    """When the rows were seen that were not read."""


def read_feed(
    db: duckdb.DuckDBPyConnection,
    source: Path | None,
    *,
    form: str,
    scratch: Path,
    zone: ZoneInfo,
    when: int,
) -> Feed:
    """Take a feed in: each of its rows is then in ``said`` or in ``refused``.

    ``said.known`` tells the rows whose store and sku stand in ``wares``, where there is such a
    table. While ``scratch`` is there, the view ``raws`` tells every row as it stood: (line, raw).

    The database must not be in a transaction, for a feed that is less plain than it looks is read
    again. ``scratch`` is an empty folder; it may be removed afterwards.

    Raises:
        FeedFault: the feed cannot be taken in at all.
    """
    opened = open_feed(source, form, scratch)
    return read_opened(db, opened, name_of(source), scratch=scratch, zone=zone, when=when)


class Compared(NamedTuple):
    """A feed beside the last one; nothing is known of one whose lines are not rows."""

    lines: Lines | None = None
    apart: Apart | None = None


UNCOMPARED = Compared()


def compare(opened: Opened, name: str, then: Lines | None, scratch: Path) -> Compared:
    """Set a feed's lines beside those of the last one, without the database.

    They are written to ``scratch``.

    Raises:
        FeedFault: the feed cannot be taken in at all.
    """
    if not opened.lines or opened.form == "jsonl":
        return UNCOMPARED
    header, mark = header_of(opened.path, opened.form, name)
    found = complete(columns(header), header, name)
    lines = lines_of(opened.path, mark.encode(), found.of.get("timestamp"), scratch)
    return Compared(lines, apart(lines, then) if lines and then else None)


def read_opened(
    db: duckdb.DuckDBPyConnection,
    opened: Opened,
    name: str,
    *,
    scratch: Path,
    zone: ZoneInfo,
    when: int,
    compared: Compared = UNCOMPARED,
) -> Feed:
    """Take in a feed that was opened already; of lines that the last one had too, only the time."""
    with _faults_of(name):
        _prepare(db)
        told = _tell(db, opened, name, scratch, compared)
        same = _moment(db, told.lines, zone, when) if told.apart else when
        if same is None:  # the time that all rows give is none: each is refused for it
            told, same = _tell(db, opened, name, scratch, compared._replace(apart=None)), when
        rows = told.lines.rows if told.lines and told.apart else _count(db)
        if not rows:
            raise empty(name)
        db.execute(values.JUDGED, {"zone": str(zone), "when": when})
        db.execute(values.REFUSED)
        if _one(db, "SELECT count(reason) FROM said"):
            db.execute(values.REFUSE)
        lines = told.lines if told.lines and not _has_other_times(db, told.lines) else None
        newest = _one(db, "SELECT max(told_at) FROM said") or same
        db.execute(values.SETTLE)
        db.execute("DROP TABLE told")
    time = max(newest, same) if told.apart else newest
    return Feed(name, rows, told.ignored, time, opened.digest, lines, told.apart, same)


def _moment(
    db: duckdb.DuckDBPyConnection, lines: Lines | None, zone: ZoneInfo, when: int
) -> int | None:
    """Return when the rows of a feed were seen, if the time that they give is one."""
    if lines is None or not lines.time:
        return when
    found = db.execute(
        "SELECT moment(bare($words), $zone) AS seen "
        "WHERE seen BETWEEN epoch(TIMESTAMP '2000-01-01') AND epoch(TIMESTAMP '9999-01-01')",
        {"words": lines.time.decode(), "zone": str(zone)},
    ).fetchone()
    return int(found[0]) if found else None


def _has_other_times(db: duckdb.DuckDBPyConnection, lines: Lines) -> bool:
    """Tell whether a row that is not refused gives another time than the first one."""
    return bool(lines.time) and bool(
        db.execute(
            "SELECT count(*) FROM told JOIN said ON coalesce(told.line, told.rowid + 2) = said.line"
            " WHERE told.timestamp IS DISTINCT FROM ? AND said.reason IS NULL",
            [lines.time.decode()],
        ).fetchall()[0][0]
    )


@contextmanager
def _faults_of(name: str) -> Iterator[None]:
    """Say the database's faults in words of ours."""
    try:
        yield
    except duckdb.Error as fault:
        why = str(fault).partition("\n")[0][:200]
        raise FeedFault(
            "unreadable",
            f"le flux {name} est illisible (« {why} »). Envoyez-le de nouveau.",
            f"the feed {name} cannot be read (“{why}”). Send it again.",
        ) from None


def _prepare(db: duckdb.DuckDBPyConnection) -> None:
    """Shut the door to the network, keep rows in their order, and teach the rules of values."""
    db.execute("SET autoinstall_known_extensions = false")
    db.execute("SET autoload_known_extensions = false")
    db.execute("SET preserve_insertion_order = true")
    for macro in values.MACROS:
        db.execute(macro)
    db.execute("CREATE TABLE IF NOT EXISTS wares (store VARCHAR, sku VARCHAR, gtin VARCHAR)")


class _Told(NamedTuple):
    """What became of a feed on its way into ``told``."""

    ignored: tuple[str, ...]
    """The columns that nobody reads."""
    lines: Lines | None = None
    apart: Apart | None = None


def _tell(
    db: duckdb.DuckDBPyConnection, opened: Opened, name: str, scratch: Path, compared: Compared
) -> _Told:
    """Put the words of a feed of any form into ``told``, or of what it has and the last had not."""
    if opened.form == "parquet":
        return _Told(_tell_parquet(db, opened.path, name))
    if opened.form == "jsonl":
        return _Told(_tell_objects(db, opened.path, name, scratch))
    header, mark = header_of(opened.path, opened.form, name)
    found = complete(columns(header), header, name)
    if opened.lines:
        lines, differing = compared
        if lines and differing:
            _tell_apart(db, lines, differing, mark, found, len(header), scratch)
            return _Told(found.ignored, lines, differing)
        if _tell_lines(db, opened, mark, found, len(header)):
            return _Told(found.ignored, lines)
    _tell_records(db, separated(opened.path, mark, found, len(header)), scratch)
    return _Told(found.ignored)


def _tell_apart(
    db: duckdb.DuckDBPyConnection,
    lines: Lines,
    differing: Apart,
    mark: str,
    found: Columns,
    width: int,
    scratch: Path,
) -> None:
    """Let the database read new lines under their numbers, and lost ones under numbers below 0."""
    header = lines.header.removeprefix(mark.encode())
    path = scratch / "apart"
    path.write_bytes(b"\n".join((header, *(a for _, a in differing.fresh), *differing.gone)))
    numbers = [n for n, _ in differing.fresh] + [-n for n in range(1, len(differing.gone) + 1)]
    records = separated(path, mark, found, width)
    _tell_records(db, (r._replace(line=numbers[r.line - 2]) for r in records), scratch)


def _tell_lines(
    db: duckdb.DuckDBPyConnection, opened: Opened, mark: str, found: Columns, width: int
) -> bool:
    """Let the database read lines that are rows; return False if some are not, after all.

    It stops at a line that has too many fields, and passes over one that is blank.
    """
    names = [f"c{place}" for place in range(width)]
    types = ", ".join(f"{name}: 'VARCHAR'" for name in names)
    rows = (
        f"read_csv({literal(opened.path)}, delim = {literal(mark)}, columns = {{{types}}}, "
        "auto_detect = false, header = false, skip = 1, quote = '', escape = '', "
        "null_padding = true, nullstr = '\x01\x02', max_line_size = 1_048_576, "
        "buffer_size = 4_194_304)"
    )
    raw = f"concat_ws({literal(mark)}, {', '.join(names)})"
    said = {field: names[place] for field, place in found.of.items()}
    try:
        _fill(db, said, "NULL::BIGINT", "false", rows)
    except duckdb.Error:
        return False
    _keep(db, "row_number() OVER () + 1", raw, rows)
    return _count(db) == opened.lines - 1


def _tell_objects(
    db: duckdb.DuckDBPyConnection, path: Path, name: str, scratch: Path
) -> tuple[str, ...]:
    records, keys = objects(path, name)
    first = next(records, None)
    if first is None:
        raise empty(name)
    _tell_records(db, chain([first], records), scratch)
    return complete(columns(tuple(keys)), keys, name).ignored


def _tell_records(db: duckdb.DuckDBPyConnection, records: Iterator[Record], scratch: Path) -> None:
    """Let the database read rows that were made out in Python."""
    path = scratch / "records"
    write(records, path)
    fields = ", ".join(f"{field}: 'VARCHAR'" for field in NAMES)
    rows = (
        f"read_json({literal(path)}, format = 'newline_delimited', auto_detect = false, "
        f"columns = {{line: 'BIGINT', raw: 'VARCHAR', malformed: 'BOOLEAN', {fields}}}, "
        "maximum_object_size = 67_108_864)"
    )
    _fill(db, {field: field for field in NAMES}, "line", "malformed", rows)
    _keep(db, "line", "raw", rows)


def _tell_parquet(db: duckdb.DuckDBPyConnection, path: Path, name: str) -> tuple[str, ...]:
    file = literal(path)
    if _one(db, f"SELECT sum(num_rows) FROM parquet_file_metadata({file})") > MOST_ROWS:  # noqa: S608
        raise duckdb.Error(f"more than {MOST_ROWS} rows")
    rows = f"read_parquet({file}, file_row_number = true)"
    described = db.execute(f"FROM read_parquet({file}) LIMIT 0").description
    header = tuple(column[0] for column in described or ())
    found = complete(columns(header), header, name)
    names = [f'"{column.replace(chr(34), chr(34) * 2)}"' for column in header]
    said = {field: names[place] for field, place in found.of.items()}
    pairs = (f"{literal(name)}, {column}" for name, column in zip(header, names, strict=True))
    _fill(db, said, "file_row_number + 1", "false", rows)
    _keep(db, "file_row_number + 1", f"json_object({', '.join(pairs)})", rows)
    return found.ignored


def _fill(
    db: duckdb.DuckDBPyConnection, said: Mapping[str, str], line: str, malformed: str, rows: str
) -> None:
    """Make ``told``: what halles reads of each row, under its own names; all of it text."""
    fields = ", ".join(f"{said.get(field, 'NULL')}::VARCHAR AS {field}" for field in NAMES)
    db.execute(
        "CREATE OR REPLACE TEMP TABLE told AS "  # noqa: S608
        f"SELECT {line} AS line, {malformed} AS malformed, {fields} FROM {rows}"
    )


def _keep(db: duckdb.DuckDBPyConnection, line: str, raw: str, rows: str) -> None:
    """Make ``raws``: how to find rows again as they stood, should they be refused."""
    db.execute(
        "CREATE OR REPLACE TEMP VIEW raws AS "  # noqa: S608
        f"SELECT {line} AS line, ({raw})::VARCHAR AS raw FROM {rows}"
    )


def _count(db: duckdb.DuckDBPyConnection) -> int:
    return int(_one(db, "SELECT count(*) FROM told"))


def _one(db: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Return the one value that a query gives."""
    return db.execute(query).fetchall()[0][0]
