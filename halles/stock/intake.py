"""Feeds in, the next snapshot out: matched with the offers, held against the guard, kept.

The feeds of one command make one snapshot: all are taken in, or none. Everything is computed in a
database in memory; data/stock/ changes only in ``Intake.write``, and there by new files.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import msgspec

from halles.aside import aside
from halles.digest import digest
from halles.ledger import Damaged
from halles.settings import Stock
from halles.stock.database import literal, loaded, stores_of, write_rows
from halles.stock.feed import UNCOMPARED, Compared, Feed, compare, read_opened
from halles.stock.folder import Current, Snapshot, Taken, folder, stamp_of
from halles.stock.guard import Counts, Figures, Refusal, Refused, judge
from halles.stock.lines import Lines, keep, kept
from halles.stock.opened import FeedFault, Opened, name_of, open_feed
from halles.stock.queries import (
    ADVANCE,
    BEGIN,
    COMPARE,
    COUNT_STILL,
    HEARD,
    LATE,
    LET_GO,
    MATCH,
    NEWS,
    NEXT,
    NOTHING_SAME,
    SAME,
    SET_ASIDE,
    STILL,
    TIMES,
    TOUCH,
    TWICE,
)
from halles.stock.shown import A_DAY, Store

CROWD = 64
"""Files of history beyond which the oldest are made one."""
OURS = ("unknown-store", "closed-store", "ambiguous-store", "unknown-product")
"""Reasons that lie in what the site lists: a merchant's feed may well hold more than that."""


class Offered(NamedTuple):
    """The stores and offers that there are, for the rows of a feed to be matched with."""

    wares: Path
    """A table (store, sku, gtin of 14 digits or nothing) in a Parquet file."""
    closed: tuple[str, ...]
    """Stores of closed merchants."""
    shared: tuple[str, ...]
    """Store codes that several merchants claim."""


class Opening(NamedTuple):
    """What can be made ready before anything is known of the offers."""

    database: duckdb.DuckDBPyConnection
    feeds: list[Opened]
    scratch: Path
    """Where each feed has a folder."""
    compared: Compared
    """The first feed beside the last one that was taken in."""
    ground: bytes
    """What that one was understood against."""


def open_all(
    root: Path,
    snapshot: Snapshot,
    sources: Sequence[Path | None],
    form: str,
    scratch: Path,
    told: Path,
) -> Opening:
    """Load the state, and make the feeds ready to be read; ``told`` holds the last one's lines.

    Raises:
        Refused: one of them is no feed.
    """
    loading = aside(partial(loaded, root, snapshot, scratch))
    try:
        feeds = []
        for number, source in enumerate(sources):
            (scratch / f"feed-{number}").mkdir()
            with _refusing(source):
                feeds.append(open_feed(source, form, scratch / f"feed-{number}"))
        then = kept(told)
        with _refusing(sources[0]):
            lines = then.lines if then else None
            compared = compare(feeds[0], name_of(sources[0]), lines, scratch / "lines")
    finally:
        database = loading()
    database.execute(BEGIN)
    return Opening(database, feeds, scratch, compared, then.ground if then else b"")


@contextmanager
def _refusing(source: Path | None) -> Iterator[None]:
    """Refuse a feed that cannot be read."""
    try:
        yield
    except FeedFault as fault:
        refusal = Refusal(str(source or "-"), fault.code, fault.fr, fault.en)
        raise Refused(refusal) from fault


class Last(NamedTuple):
    """Where the lines of the last feed are kept, and what they were matched against."""

    path: Path
    standing: bytes
    """What stands for all offers, for the settings and for halles."""
    stamp: bytes
    """What stands for the state that they made."""

    @property
    def ground(self) -> bytes:
        """Return what they are understood against, if what they said still stands."""
        return digest(self.standing + self.stamp)

    def keep(self, current: Current, lines: Lines, refused: Collection[int]) -> None:
        """Keep the lines that made another state, but those that were refused."""
        keep(self.path, digest(self.standing + stamp_of(current)), lines, refused)


def _time_of(source: Path | None) -> int:
    """Return when a feed's file was last changed; nothing of one that cannot be looked at."""
    try:
        return int(source.stat().st_mtime) if source else 0
    except OSError:
        return 0  # the reader says why, as of any other feed


class Intake:
    """One command's feeds, on their way in."""

    def __init__(
        self,
        root: Path,
        current: Current,
        settings: Stock,
        offered: Offered,
        opening: Opening,
        last: Last,
    ) -> None:
        self.counts = Counts()
        self.now = current.snapshot.now
        self._root, self._current, self._settings = root, current, settings
        self._opening, self._last = opening, last
        self._lines: Lines | None = None
        self._expires = settings.expires_days * A_DAY
        self._taken: list[Taken] = []
        self._db = opening.database
        odd = [(s, "closed-store") for s in offered.closed]
        odd += [(s, "ambiguous-store") for s in offered.shared]
        if odd:
            self._db.executemany("insert into odd values (?, ?)", odd)
        try:
            self._db.execute(
                f"create table wares as from read_parquet({literal(offered.wares)}) "
                "anti join odd using (store)"
            )
        except duckdb.Error as fault:
            offered.wares.unlink(missing_ok=True)
            raise Damaged(str(offered.wares)) from fault

    def take(
        self,
        source: Path | None,
        *,
        full: bool,
        zone: ZoneInfo,
        clock: int,
        accept: bool,
    ) -> None:
        """Take the next feed in, from a file or from standard input.

        ``clock`` is the time of the machine, in seconds since 1970.

        Raises:
            Refused: it cannot be read, or the guard does not let it pass.
        """
        when = _time_of(source) or clock
        opened, name = self._opening.feeds[len(self._taken)], name_of(source)
        scratch = self._opening.scratch / f"feed-{len(self._taken)}"
        if self._taken:
            self._db.execute(NEXT)
        again = self._earlier(opened, full)
        if again is not None:  # the same bytes were said then, whenever they are handed in again
            when = again
        reading = partial(
            read_opened, self._db, opened, name, scratch=scratch, zone=zone, when=when
        )
        compared = self._compared() if full and not self._taken else UNCOMPARED
        with _refusing(source):
            feed = self._matched(reading, compared)
        self.counts.rows += feed.rows
        if feed.ignored:
            self.counts.ignored[feed.name] = feed.ignored
        if self._one("select count(reason) from rest")[0]:
            self._db.execute(SET_ASIDE)
        then, self.now = self.now, max(self.now, self._one("select max(seen) from heard")[0] or 0)
        times = {"expires": self._expires, "then": then, "now": self.now, "full": full}
        self._run(STILL, {**times, "seen": feed.same})
        self._run(LATE, {"delta": not full and not accept})
        self._run(COMPARE, times)
        refusal = judge(feed.name, self._figures(feed, clock), self._settings.guard)
        if refusal and not accept:
            raise Refused(refusal)
        self._run(TOUCH, {**times, "feed": feed.name})
        self._count(feed, full, when)
        number = self._current.snapshot.number + 1
        self._run(ADVANCE, {"number": number, "seen": feed.same})
        once = not self._one("select count(*) from doubled")[0]
        self._lines = feed.lines if full and once and len(self._taken) == 1 else None

    def _compared(self) -> Compared:
        """Return the first feed beside the last one, if what that one said still stands."""
        compared, ground = self._opening.compared, self._opening.ground
        return compared if ground == self._last.ground else compared._replace(apart=None)

    def _matched(self, reading: Callable[..., Feed], compared: Compared) -> Feed:
        """Read a feed and match its rows with the offers; what the last one had is not judged."""
        feed = reading(compared=compared)
        self._db.execute(MATCH)
        if feed.apart is None:
            self._run(NOTHING_SAME, {})
            self._run(HEARD, {"seen": 0})
            return feed
        known = self._one("select count(*) from usable where line < 0")[0]
        self._run(SAME, {"last": self._current.snapshot.number})
        if known != len(feed.apart.gone) or self._one(TWICE)[0]:
            return self._matched(reading, compared._replace(apart=None))
        self._run(HEARD, {"seen": feed.same})
        return feed

    def _earlier(self, opened: Opened, full: bool) -> int | None:
        """Return when the newest snapshot took in these very bytes, if it did."""
        for taken in self._current.snapshot.feeds:
            if taken.digest == opened.digest.hex() and taken.full == full:
                return taken.when
        return None

    def _figures(self, feed: Feed, clock: int) -> Figures:
        malformed = self._refused() - self._refused(*OURS)
        newest = self._one("select max(seen) from heard")[0]
        still, still_priced = self._one(COUNT_STILL)
        known, lost, priced, repriced = self._one("""
            select count(*) filter (held and not was_gone and (told or missing)),
                count(*) filter (not was_gone and o_state <> 3 and (told or missing)
                                 and state in (0, 3)),
                count(*) filter (told and o_asked > 0 and asked > 0),
                count(*) filter (told and o_asked > 0 and asked > 0
                                 and 2 * abs(asked - o_asked) > o_asked)
            from next
        """)
        older = self._db.execute(
            "select h.store from heard h join stores s using (store) "
            "where h.seen < s.seen order by store"
        ).fetchall()
        usable = self._one("select coalesce(sum(rows), 0) from heard")[0]
        return Figures(
            rows=feed.rows, malformed=malformed, usable=usable,
            known=known + still, lost=lost, priced=priced + still_priced, repriced=repriced,
            older=tuple(store for (store,) in older),
            ahead=max(0, (newest or 0) - clock) if (newest or 0) > clock + A_DAY else 0,
        )  # fmt: skip

    def _refused(self, *reasons: str) -> int:
        """Return how many rows of the feed were refused, for these reasons or for any."""
        only = f"where reason in ({', '.join(map(literal, reasons))})" if reasons else ""
        return self._one(f"select count(*) from refused {only}")[0]  # noqa: S608

    def _count(self, feed: Feed, full: bool, when: int) -> None:
        counts = self.counts
        for reason, n in self._db.execute(
            "select reason, count(*) from refused group by reason order by reason"
        ).fetchall():
            counts.reasons[reason] = counts.reasons.get(reason, 0) + n
            counts.quarantined += n
        (superseded,) = self._one(
            "select (select coalesce(sum(n - 1), 0) from doubled) + (select count(*) from late)"
        )
        changed, told, flipped = self._one("""
            select count(*) filter (differs and told), count(*) filter (told),
                count(*) filter (held and case when was_gone then 0 else o_state end
                                       <> case when is_gone then 0 else state end)
            from next
        """)
        counts.accepted += changed
        counts.superseded += int(superseded)
        counts.unchanged += told - changed + self._one(COUNT_STILL)[0]
        counts.flipped += flipped
        digest = feed.digest.hex()
        self._taken.append(Taken(feed.name, digest, full, when, feed.rows, self._refused()))

    # What came of it

    @property
    def news(self) -> bool:
        """Whether anything was said that was not known, be it only a later time."""
        return bool(self._one(NEWS)[0])

    def touched(self) -> Iterator[tuple[str, Store]]:
        """Yield each store of which something else is to be told, with all that is known of it."""
        return stores_of(self._db, "semi join touched using (store)")

    def on_page(self) -> set[str]:
        """Return the stores of which pages show something else; of the rest only shards do."""
        rows = self._db.execute("select distinct store from touched where on_page").fetchall()
        return {store for (store,) in rows}

    def heard(self) -> list[tuple[str, int]]:
        """Return the other stores whose time is told otherwise: nothing is the newest moment."""
        times = {"now": self.now, "then": self._current.snapshot.now}
        return self._db.execute(TIMES, times).fetchall()

    def settled(self) -> Current:
        """Return what is to be current, once its files are written; nothing more is taken in."""
        self._db.execute(LET_GO)
        old = self._current
        number = old.snapshot.number + 1
        quarantine = f"quarantine/{number:06}.jsonl" if self.counts.quarantined else ""
        snapshot = Snapshot(
            number, self.now, f"state/offers-{number:06}.parquet",
            f"state/stores-{number:06}.parquet", quarantine,
            (*old.snapshot.history, f"history/changes-{number:06}.parquet"), tuple(self._taken),
        )  # fmt: skip
        before = (old.snapshot, *old.before)[: self._settings.keep_snapshots]
        return _with_less_history(Current(snapshot=snapshot, before=before))

    def write(self, current: Current) -> None:
        """Write the files that ``settled`` named; nobody else does while this one is at it."""
        database, base, snapshot = self._db.cursor(), folder(self._root), current.snapshot
        for part in ("state", "history", "quarantine"):
            (base / part).mkdir(parents=True, exist_ok=True)
        changes = base / f"history/changes-{snapshot.number:06}.parquet"
        # Of a table, and not of a view, a file's bytes tell nothing of how its rows came about.
        database.execute("create table written as from offers order by store, sku")
        write_rows(database, "from written", base / snapshot.offers)
        write_rows(database, "from stores order by store", base / snapshot.stores)
        write_rows(database, "from changes order by store, sku", changes)
        if self._lines:
            refused = database.execute("select line from refused").fetchall()
            self._last.keep(current, self._lines, {line for (line,) in refused})
        if snapshot.quarantine:
            self._write_quarantine(database, base / snapshot.quarantine)
        earlier = (*self._current.snapshot.history, changes.relative_to(base).as_posix())
        merged = [name for name in snapshot.history if name not in earlier]
        if merged:
            gone = [name for name in earlier if name not in snapshot.history]
            files = ", ".join(literal(base / name) for name in gone)
            oldest = snapshot.now - self._settings.history_days * A_DAY
            rows = f"from read_parquet([{files}]) where seen >= {oldest} order by store, sku, seen"
            write_rows(database, rows, base / merged[0])

    def _write_quarantine(self, database: duckdb.DuckDBPyConnection, path: Path) -> None:
        rows = database.execute("select feed, line, reason, raw from quarantine order by 1, 2, 3")
        with path.open("wb") as file:
            while some := rows.fetchmany(10_000):
                for feed, line, reason, raw in some:
                    row = {"feed": feed, "line": line, "reason": reason, "raw": raw}
                    file.write(msgspec.json.encode(row) + b"\n")

    def _run(self, script: str, values: Mapping[str, object]) -> None:
        """Run some statements, each with those of the values that it names."""
        for statement in self._db.extract_statements(script):
            given = {name: values[name] for name in statement.named_parameters}
            self._db.execute(statement, given)

    def _one(self, query: str) -> tuple[int, ...]:
        row = self._db.execute(query).fetchone()
        assert row is not None
        return row


def _with_less_history(current: Current) -> Current:
    """Name one file for the oldest ones of the history, where there are many."""
    kept = (current.snapshot, *current.before)
    shared = min((snapshot.history for snapshot in kept), key=len)
    if len(shared) < CROWD:
        return current
    name = f"history/changes-to-{Path(shared[-1]).stem.rpartition('-')[2]}.parquet"
    merged = [
        msgspec.structs.replace(s, history=(name, *s.history[len(shared) :])) if s.offers else s
        for s in kept
    ]
    return Current(snapshot=merged[0], before=tuple(merged[1:]))
