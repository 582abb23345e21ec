"""Stock on its way to the pages: feeds taken in, or data/stock/ as it stands, into the ledger.

Only feeds, and a ledger that knows another data/stock/, need the database; a build without either
looks at one small file.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from halles import ledger as kept
from halles.aside import aside
from halles.settings import Settings
from halles.stock import shelves
from halles.stock.folder import Current, read_current, replace_current, stamp_of, tidy
from halles.stock.shelves import Ground, StockChange
from halles.stock.shown import A_DAY, Moment

if TYPE_CHECKING:
    from halles.stock.intake import Opening

TOLD = "told"
"""In .halles/, the lines of the last feed."""


class Given(Struct, frozen=True):
    """A feed as the command names it: None stands for standard input."""

    source: Path | None
    full: bool


class Feeds(Struct, frozen=True):
    """The feeds of one command: all of them are taken in, or none."""

    given: tuple[Given, ...] = ()
    form: str = ""
    accept: bool = False
    clock: int = 0
    """The time of the machine, in seconds since 1970: what lies beyond it is not believed."""


class Expected(NamedTuple):
    """Feeds that are being made ready, and what waits for them; None where there are none."""

    feeds: Feeds
    opening: "Callable[[], Opening] | None"
    under_way: list[Callable[[], object]]
    """Waits for each thing that is done aside."""


@contextmanager
def expected(root: Path, feeds: Feeds) -> Iterator[Expected]:
    """Begin to load the state and to look through the feeds, while content/ is looked at.

    However that ends, nothing is left lying about of what taking in writes on the way.

    Raises:
        StockFault: data/stock/ cannot be used.
    """
    found = _expected(root, feeds)
    try:
        yield found
    finally:
        for wait in found.under_way:
            with suppress(Exception):  # who needs it hears of it
                wait()
        shutil.rmtree(root / ".halles" / "intake", ignore_errors=True)


def _expected(root: Path, feeds: Feeds) -> Expected:
    if not feeds.given:
        return Expected(feeds, None, [])
    # Imported here, not in the thread: a process that is forked meanwhile would wait for its locks.
    from halles.stock.intake import open_all

    current, _ = read_current(root)
    sources = [given.source for given in feeds.given]
    scratch = _scratch(root, "feeds")
    told = root / ".halles" / TOLD
    work = partial(open_all, root, current.snapshot, sources, feeds.form, scratch, told)
    opening = aside(work)
    return Expected(feeds, opening, [opening])


def arrive(
    root: Path,
    settings: Settings,
    ledger: sqlite3.Connection,
    wares: set[str],
    counted: set[str],
    expected: Expected,
) -> StockChange:
    """Bring the ledger's stock up to date, and return what pages and shards may say otherwise.

    ``wares`` are merchants whose offers or store changed; ``counted`` are marks that gained or lost
    a merchant. The caller has begun a transaction. Nothing is written under data/stock/ but new
    files that nobody names yet.

    Raises:
        Refused: a feed is not taken in; the transaction must be undone.
        StockFault: data/stock/ cannot be used.
    """
    current, stamp = read_current(root)
    before = shelves.ground_of(ledger)
    expires = settings.stock.expires_days * A_DAY
    shards = settings.stock.shards
    if wares:
        known = kept.recall(ledger, "wares") or b""
        kept.remember(ledger, "wares", shelves.stamp_of_wares(ledger, known, wares))
    change = StockChange(Ground(stamp, Moment(current.snapshot.now, expires), shards))
    concerned = set(wares)
    codes = {key.removeprefix("store:") for key in counted if key.startswith("store:")}
    concerned |= shelves.concerned(ledger, codes)
    if before != change.ground and (stamp or before.stamp):
        concerned |= _everything(root, current, ledger, change, before)
    change.merchants |= concerned
    spoken, heard = set[str](), set[str]()
    if expected.opening:
        feeds, opening = expected.feeds, expected.opening()
        spoken, heard = _take_in(root, settings, ledger, feeds, current, change, opening)
        expected.under_way.append(change.written)
    concerned |= shelves.concerned(ledger, spoken)
    change.moved = before != change.ground
    if change.moved:
        kept.remember(ledger, "stock", msgspec.msgpack.encode(change.ground))
    if change.ground.stamp:
        change.standing = concerned | shelves.concerned(ledger, heard)
        change.gtins = {key.removeprefix("gtin:") for key in counted if key.startswith("gtin:")}
    return change


def arrived(root: Path, change: StockChange) -> None:
    """Make a new snapshot the current one.

    A ledger that knows another state than the current one is told all of it by the next build, so
    that it does not matter which of the two a process is killed after.
    """
    if change.current:
        change.written()
        replace_current(root, change.current)


def clear_away(root: Path, change: StockChange) -> None:
    """Take away what no kept snapshot names any more."""
    if change.current:
        tidy(root, change.current)


def _scratch(root: Path, name: str) -> Path:
    """Return an empty folder for what is taken in."""
    path = root / ".halles" / "intake" / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def _everything(
    root: Path,
    current: Current,
    ledger: sqlite3.Connection,
    change: StockChange,
    before: Ground,
) -> set[str]:
    """Tell all anew: another data/stock/ than the ledger knows, or other settings."""
    if change.ground.stamp != before.stamp:
        from halles.stock.database import every_store

        scratch = _scratch(root, "state")
        stores = shelves.say_all(
            ledger, every_store(root, current.snapshot, scratch), current.snapshot.now
        )
    else:
        stores = {store for (store,) in ledger.execute("select store from said")}
    ledger.execute("delete from lives")
    for family in shelves.FAMILIES:
        change.dirty[family] = set(range(max(change.ground.shards, before.shards)))
    return shelves.concerned(ledger, stores)


def _take_in(
    root: Path,
    settings: Settings,
    ledger: sqlite3.Connection,
    feeds: Feeds,
    current: Current,
    change: StockChange,
    opening: "Opening",
) -> tuple[set[str], set[str]]:
    """Take the feeds in; return the stores that they say something else of, or another time."""
    from halles.stock.intake import Intake, Last, Offered

    closed, shared = shelves.closed_stores(ledger), shelves.shared_stores(ledger)
    offered = Offered(_wares(root, ledger, opening.scratch), closed, shared)
    against = (kept.recall(ledger, "engine"), kept.recall(ledger, "wares"), closed, shared)
    standing = msgspec.msgpack.encode((*against, settings.site.timezone))
    last = Last(root / ".halles" / TOLD, standing, change.ground.stamp)
    intake = Intake(root, current, settings.stock, offered, opening, last)
    zone = ZoneInfo(settings.site.timezone)
    for given in feeds.given:
        intake.take(
            given.source, full=given.full, zone=zone, clock=feeds.clock, accept=feeds.accept
        )
    change.counts = intake.counts
    if not intake.news:
        return set(), set()
    stores = shelves.say(ledger, intake.touched(), intake.now)
    heard = shelves.hear(ledger, intake.heard())
    change.current = intake.settled()
    # The files are written while pages are; nobody reads them before current.json names them.
    change.written = aside(partial(intake.write, change.current))
    moment = Moment(intake.now, change.ground.moment.expires)
    change.ground = Ground(stamp_of(change.current), moment, change.ground.shards)
    change.merchants |= shelves.concerned(ledger, intake.on_page())
    return stores, heard


def _wares(root: Path, ledger: sqlite3.Connection, scratch: Path) -> Path:
    """Return the table of every offer, made anew only when an offer came or went since."""
    stamp = (kept.recall(ledger, "wares") or b"").hex()
    path = root / ".halles" / f"wares-{stamp}.parquet"
    if not path.is_file():
        from halles.stock.database import write_table

        for stale in path.parent.glob("wares-*"):
            stale.unlink()
        shelves.write_wares(ledger, scratch / "wares.tsv")
        write_table(scratch / "wares.tsv", path)
        (scratch / "wares.tsv").unlink()
    return path
