"""The ledger: what was built from what. It holds no meaning: without it the same bytes come out.

Tables:
    meta       one row a thing to remember between builds
    folders    a folder of content/, and a signature of its files' names, sizes and times
    sources    a file of content/, and its digest
    merchants  a readable merchant: the record and what others see of it
    marks      under which names a merchant is found
    notices    what is wrong, and who found it: a file that was read, or a mark that was judged
    groups     the pages that one key calls for: from which facts, and with which bytes
    wares      an open merchant's store code and offers, and how they stand in its shard
    near       who is near an open merchant, as its page shows it, and how far the last one stands
    said       what feeds said of a store, as data/stock/ has it
    media      a file that merchants' pages show: what looking at it gave
    points     where an open merchant is, as maps tell it
    sought     who has records to be found in which cell of a region, and what stands for them
    bundles    a bundle of search as it was made last: of what, and what it said
    owed       what this build wrote and took away, until changes.json has told of it

A build *forgets* the groups it is about to change (their rows go, in the same breath as what was
read is kept), writes, and *remembers* each once its bytes are in place.
"""

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

SCHEMA = """
create table meta (name text primary key, value blob) without rowid;
create table folders (path text primary key, signature blob) without rowid;
create table sources (
    folder text, name text, kind text, id text, digest blob,
    primary key (folder, name)
);
create index source_ids on sources (kind, id);
create table merchants (
    id text primary key, source text, region text, open int, urls int,
    products int, updated text, record blob, card blob, marks blob, slugs blob
);
create index merchant_regions on merchants (region, open, id, urls, products);
create table marks (key text, sort blob, id text, primary key (key, sort, id)) without rowid;
create table notices (
    rank int, path text, line int, spot int, code text, given blob, who text,
    primary key (rank, path, line, spot, code, given, who)
) without rowid;
create index notice_whos on notices (who);
create table groups (kind text, key text, stamp blob, pages blob, primary key (kind, key));
create table owed (changes blob);
create table wares (
    merchant text primary key, store text, region text, shard integer, offers blob, live blob
);
create index ware_stores on wares (store);
create index ware_shards on wares (shard, merchant, live);
create table near (
    merchant text primary key, category text, trade text, reach real, list blob
) without rowid;
create index near_trades on near (trade);
create table said (store text primary key, seen integer, restocked integer, rows blob);
create index said_restocked on said (restocked) where restocked > 0;
create table lives (gtin text primary key, shard integer, live blob);
create index live_shards on lives (shard, gtin);
create table media (
    folder text, name text, seen blob, digest blob, stem text, plate blob, fault blob,
    primary key (folder, name)
) without rowid;
create table points (merchant text primary key, region text, body blob);
create index point_regions on points (region, merchant);
create table sought (
    region text, cell text, who text, count int, stamp blob, primary key (region, cell, who)
) without rowid;
create index sought_whos on sought (who);
create table bundles (
    lang text, name text, region text, stamp blob, info blob, words blob, primary key (lang, name)
);
create index media_stems on media (stem, folder, name);
"""
VERSION = 12
_OF_THE_DISK = {
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
}  # fmt: skip
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Busy(Exception):
    """Another command is at work on the same site."""


class Damaged(Exception):
    """The ledger could not be read any more, and has been taken away."""


@contextmanager
def open_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the ledger of a site, new if there is none or if it is of another make.

    Raises:
        Busy: another process holds it.
        Damaged: its bytes are not what was written; it is gone, and the next build begins anew.
        OSError: the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        ledger = _known(path) or _new(path)
        try:
            yield ledger
        finally:
            ledger.close()
    except sqlite3.DatabaseError as fault:
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        if code in _OF_THE_DISK:
            raise OSError(errno.EIO, str(fault), str(path)) from fault
        if code in _HELD:
            raise Busy from fault
        if code in _DAMAGED:
            _take_away(path)
            raise Damaged(str(path)) from fault
        raise


@contextmanager
def look_into(path: Path, made_by: bytes) -> Iterator[sqlite3.Connection | None]:
    """Open a ledger to read it and nothing else; None where it cannot be relied on just now.

    ``made_by`` is the engine that must have made it.
    """
    try:
        ledger = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0.5)
    except sqlite3.Error:
        yield None
        return
    try:
        try:
            same = ledger.execute("pragma user_version").fetchone()[0] == VERSION
            same = same and recall(ledger, "engine") == made_by
        except sqlite3.Error:
            same = False
        yield ledger if same else None
    finally:
        ledger.close()


def stores(path: Path, made_by: bytes) -> dict[str, str]:
    """Return the merchants of each store code; nothing where the ledger cannot be relied on."""
    found: dict[str, str] = {}
    try:
        with look_into(path, made_by) as ledger:
            query = "select store, merchant from wares order by merchant"
            for store, merchant in ledger.execute(query) if ledger else ():
                found[store] = f"{found[store]}, {merchant}" if store in found else merchant
    except sqlite3.Error:
        return {}
    return found


def _known(path: Path) -> sqlite3.Connection | None:
    """Return the ledger that stands there, or None if there is none that can be used."""
    ledger = sqlite3.connect(path, isolation_level=None)
    try:
        _set_up(ledger)
        if ledger.execute("pragma user_version").fetchone()[0] == VERSION:
            return ledger
    except sqlite3.OperationalError:
        ledger.close()
        raise
    except sqlite3.DatabaseError:
        pass
    ledger.close()
    return None


def _new(path: Path) -> sqlite3.Connection:
    _take_away(path)
    ledger = sqlite3.connect(path, isolation_level=None)
    _set_up(ledger)
    ledger.executescript(f"{SCHEMA}pragma user_version={VERSION};")
    return ledger


def _take_away(path: Path) -> None:
    for stale in path.parent.glob(path.name + "*"):
        stale.unlink()


def _set_up(ledger: sqlite3.Connection) -> None:
    # A killed process loses nothing that it committed. A power cut can: the disk is not waited
    # for, since .halles/ may be deleted at any time, and after a power cut it should be.
    ledger.executescript(
        "pragma page_size=8192; pragma journal_mode=truncate; pragma synchronous=off;"
        "pragma cache_size=-65536; pragma temp_store=memory;"
    )


@contextmanager
def together(ledger: sqlite3.Connection) -> Iterator[None]:
    """Do all that is said in between, or none of it."""
    ledger.execute("begin immediate")
    try:
        yield
    except BaseException:
        if ledger.in_transaction:  # a full disk ends it by itself
            ledger.execute("rollback")
        raise
    ledger.execute("commit")


def hold_less(ledger: sqlite3.Connection) -> None:
    """Hold a quarter as much in memory: enough where little is written."""
    ledger.execute("pragma cache_size=-16384")


def recall(ledger: sqlite3.Connection, name: str) -> bytes | None:
    """Return what was remembered under a name."""
    row = ledger.execute("select value from meta where name = ?", (name,)).fetchone()
    return row[0] if row else None


def remember(ledger: sqlite3.Connection, name: str, value: bytes) -> None:
    """Remember a value under a name."""
    ledger.execute("insert or replace into meta values (?, ?)", (name, value))


def renewed(ledger: sqlite3.Connection, made_by: bytes, *, anyway: bool = False) -> bool:
    """Forget what another engine read and remembered; tell whether there was any.

    What stands in output/ is still known. ``anyway`` forgets this engine's own readings too.
    """
    if not anyway and recall(ledger, "engine") == made_by:
        return False
    _forget_readings(ledger)
    ledger.execute("delete from meta")
    remember(ledger, "engine", made_by)
    return True


def owe(ledger: sqlite3.Connection, written: list[str], removed: list[str]) -> None:
    """Note addresses that changed on the site, for whoever must be told in the end."""
    if written or removed:
        changes = msgspec.msgpack.encode((written, removed))
        ledger.execute("insert into owed values (?)", (changes,))


def owed(ledger: sqlite3.Connection) -> tuple[set[str], set[str]]:
    """Return the addresses that were written and taken away since changes.json last told."""
    written: set[str] = set()
    removed: set[str] = set()
    for (changes,) in ledger.execute("select changes from owed"):
        some = msgspec.msgpack.decode(changes, type=tuple[list[str], list[str]])
        written.update(some[0])
        removed.update(some[1])
    return written, removed


def _forget_readings(ledger: sqlite3.Connection) -> None:
    for table in (
        "folders", "sources", "merchants", "marks", "notices", "near", "wares", "said", "lives",
        "media", "points", "sought", "bundles",
    ):  # fmt: skip
        ledger.execute(f"delete from {table}")  # noqa: S608 (names from the line above)


def holders(ledger: sqlite3.Connection, key: str) -> list[str]:
    """Return the ids that carry a mark, in its order."""
    rows = ledger.execute("select id from marks where key = ? order by sort, id", (key,))
    return [row[0] for row in rows]


def count(ledger: sqlite3.Connection, key: str) -> int:
    """Return how many merchants a mark is on."""
    found: int = ledger.execute("select count(*) from marks where key = ?", (key,)).fetchone()[0]
    return found


def keys_between(ledger: sqlite3.Connection, first: str, beyond: str) -> list[str]:
    """Return the distinct marks from one up to another, exclusive.

    Jumps from key to key along the index: the cost is that of the keys, not of their holders.
    """
    found = []
    at = ledger.execute("select min(key) from marks where key >= ?", (first,)).fetchone()[0]
    while at is not None and at < beyond:
        found.append(at)
        at = ledger.execute("select min(key) from marks where key > ?", (at,)).fetchone()[0]
    return found


def cards(ledger: sqlite3.Connection, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (id, card) of these merchants, encoded."""
    return _of_merchants(ledger, "card", ids)


def records(ledger: sqlite3.Connection, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (id, record) of these merchants, encoded."""
    return _of_merchants(ledger, "record", ids)


def _of_merchants(
    ledger: sqlite3.Connection, column: str, ids: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    for handful in in_handfuls(ids):
        yield from ledger.execute(
            f"select id, {column} from merchants where id in ({places(len(handful))})",  # noqa: S608
            handful,
        )


def in_handfuls(items: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    """Yield the items some at a time, as many as one query may name."""
    rest = iter(items)
    while handful := list(islice(rest, size)):
        yield handful


def places(count: int) -> str:
    """Return the question marks of a query."""
    return ",".join("?" * count)
