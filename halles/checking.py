"""Checking without building: the whole site, or a few files of it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import merge
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles.checks import Bearings, Holder
from halles.findings import told
from halles.model import Merchant
from halles.notices import Notice, in_order
from halles.outcome import Options, Outcome
from halles.read.harvest import taken
from halles.read.pictures import looks_of
from halles.read.pictures import notices_of as of_pictures
from halles.read.scan import digest_of, files_below, shown
from halles.read.smalls import BOUNDARIES, gather, small_files
from halles.read.sources import IGNORED_FILE, Reading, ReadWork, batches, kind_of, readings
from halles.reading import beside, date_site, outlines_of, read_site
from halles.settings import read_settings
from halles.site import engine
from halles.stock.folder import StockFault, read_current
from halles.verdicts import SpotOf, day_of, day_of_stock, placed, shared_checks, spot_finder

ELSEWHERE = ("content/media/", "data/", "themes/")
"""What a site reads besides its records: other commands tell what is wrong with it."""
DATED, UNTIL = "dated", "until"
"""Marks that are judged by the site's day, which nobody knows without the whole site."""
_merchant = msgspec.msgpack.Decoder(Merchant).decode


def check_site(root: Path) -> list[Notice]:
    """Return everything there is to say about a site.

    It keeps a ledger of its own, so that the next build still knows what is new to it.
    """
    settings = read_settings(root / "halles.toml")
    with kept.open_ledger(root / ".halles" / "check.db") as ledger, kept.together(ledger):
        kept.renewed(ledger, engine())
        touched, smalls = read_site(root, settings, ledger, Options(), Outcome())
        date_site(root, ledger, touched, _day_of_stock(root, settings.site.timezone))
        return told(ledger, beside(ledger, smalls))[0]


def _day_of_stock(root: Path, zone: str) -> str:
    """Return the day of the newest snapshot; the build tells what is wrong with one."""
    try:
        return day_of_stock(read_current(root)[0].snapshot.now, zone)
    except StockFault:
        return ""


def check_files(root: Path, given: Sequence[Path]) -> list[Notice]:
    """Return what there is to say because of some files, or all files of some folders.

    It takes less time than reading the others does. What only several merchants together can break
    is looked up in the ledger of the last build or the last check of all, if there is one; it is
    told of whichever file it is told of when all are checked.
    """
    whole = any(_holds_content(root, one) for one in given)
    found = check_site(root) if whole else []
    wanted = {path for one in given for path in _paths(root, one)}
    if whole:
        wanted = {path for path in wanted if not path.startswith("content/")}
    return in_order([*found, *_because_of(root, wanted)])


def is_outside(root: Path, given: Path) -> bool:
    """Tell whether a file or folder is not of the site."""
    return not given.resolve().is_relative_to(root.resolve())


def knows_the_rest(root: Path) -> bool:
    """Tell whether merchants that are not looked at are known, from a build or from a check."""
    with _looked_into(root) as ledger:
        return ledger is not None


@contextmanager
def _looked_into(root: Path) -> Iterator[sqlite3.Connection | None]:
    """Open the ledger of the last build, or of the last check of the whole site."""
    with kept.look_into(root / ".halles" / "ledger.db", engine()) as ledger:
        if ledger is not None:
            yield ledger
            return
    with kept.look_into(root / ".halles" / "check.db", engine()) as ledger:
        yield ledger


def is_elsewhere(root: Path, given: Path) -> bool:
    """Tell whether other commands look at a file or folder, and check does not."""
    path = _from(root, given)
    return f"{path}/".startswith(ELSEWHERE) and path != BOUNDARIES


def _holds_content(root: Path, given: Path) -> bool:
    return given.is_dir() and (root / "content").resolve().is_relative_to(given.resolve())


def _paths(root: Path, given: Path) -> Iterator[str]:
    """Yield the path of a file, or of each file of a folder that does not hold all content."""
    if _holds_content(root, given):
        return
    path = _from(root, given)
    pieces: list[str] = []
    for piece in path.split("/"):
        pieces.append(shown(piece))
        if pieces[-1] != piece:  # whatever is inside, nobody looks there
            yield "/".join(pieces)
            return
    if given.is_dir():
        yield from files_below(root, path)
    else:
        yield path


def _from(root: Path, file: Path) -> str:
    """Return a file's path from the site's root, or its whole path if it is not of the site."""
    path = file.resolve()
    whole = root.resolve()
    return (path.relative_to(whole) if path.is_relative_to(whole) else path).as_posix()


def _because_of(root: Path, wanted: Set[str]) -> Iterator[Notice]:
    settings = read_settings(root / "halles.toml")
    site = settings.site
    smalls = gather(dict(small_files(root)), site.languages)
    bearings = Bearings(
        catalogue=smalls.catalogue, languages=site.languages, boundaries=outlines_of(root)
    )
    kinds = {path: kind_of(*_split(path)) for path in wanted}
    work = ReadWork(root, bearings, site.product_pages)
    read = list(_read(work, [path for path in wanted if kinds[path] == "merchant"]))
    for path in wanted:
        if kinds[path] == "ignored" and not path.startswith((*ELSEWHERE, "halles.toml")):
            yield IGNORED_FILE.at(path, (0, 0))
    yield from (n for n in smalls.notices if _concerns(n, wanted))
    yield from (n for reading in read for n in reading.notices)
    sound = [reading for reading in read if reading.record]
    yield from _pictured(root, sound)
    with _looked_into(root) as ledger:
        stock = _day_of_stock(root, site.timezone)
        rest = _Rest(ledger, work, wanted, stock) if ledger else None
        yield from _together(sound, rest, wanted, spot_finder(root))


def _pictured(root: Path, sound: Sequence[Reading]) -> Iterator[Notice]:
    """Yield what there is to say of these merchants' pictures."""
    merchants = {reading.path: _merchant(reading.record) for reading in sound}
    looks, spot_of = looks_of(root, merchants.values()), spot_finder(root)
    for path, merchant in merchants.items():
        yield from of_pictures(merchant, path, looks, spot_of)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _read(work: ReadWork, paths: Iterable[str]) -> Iterator[Reading]:
    for job in batches((_split(path) for path in sorted(paths)), 100):
        yield from readings(work(job))


def _concerns(notice: Notice, wanted: Set[str]) -> bool:
    """Tell whether a notice is told of these files, or names one of them as the other."""
    return notice.path in wanted or notice.given.get("other") in wanted


@dataclass(frozen=True, slots=True)
class _Rest:
    """The rest of the site, as the last build knew it where its files are still the same."""

    ledger: sqlite3.Connection
    work: ReadWork
    wanted: Set[str]
    stock: str
    """The day of the newest snapshot."""

    def rivals(self, merchant: str) -> list[Reading]:
        """Return the readings of the other files that hold an id."""
        rows = self.ledger.execute(
            "select folder, name from sources where kind = 'merchant' and id = ?", (merchant,)
        )
        paths = {f"{folder}/{name}" for folder, name in rows} - self.wanted
        return [reading for reading in _read(self.work, paths) if reading.record]

    def holders(self, key: str) -> list[Holder]:
        """Return the other merchants that carry a mark."""
        rows = self.ledger.execute(
            "select record, source from marks join merchants using (id) where key = ?", (key,)
        )
        found = (self._now(key, *row) for row in rows)
        return [holder for holder in found if holder]

    def days(self, aside: Set[str]) -> Iterator[str]:
        """Yield the newest date of each other merchant, newest first, but for some files."""
        rows = self.ledger.execute(
            "select key, record, source from marks join merchants using (id) "
            "where key >= 'dated:' and key < 'dated;' order by key desc"
        )
        for key, record, source in rows:
            if source not in aside and self._now(key, record, source):
                yield key.removeprefix("dated:")

    def keys_between(self, before: str, today: str) -> Iterator[str]:
        """Yield the marks whose judgement changes as the site's day does."""
        first, last = sorted((before, today))
        if first != last:
            yield from kept.keys_between(self.ledger, f"{UNTIL}:{first}", f"{UNTIL}:{last}~")
            yield from kept.keys_between(self.ledger, f"{DATED}:{first}", f"{DATED};")

    def _now(self, key: str, record: bytes, source: str) -> Holder | None:
        """Return a holder as its file has it now; None if that is gone, or lacks the mark."""
        if source in self.wanted:
            return None
        where = "where folder = ? and name = ?"
        row = self.ledger.execute(f"select digest from sources {where}", _split(source)).fetchone()  # noqa: S608
        if row and digest_of(self.work.root / source) == row[0]:
            return Holder(_merchant(record), source)
        for reading in _read(self.work, [source]):
            if reading.record and key in {mark.key for mark in reading.marks}:
                return Holder(_merchant(reading.record), source)
        return None


def _together(
    sound: Sequence[Reading], rest: _Rest | None, wanted: Set[str], spot_of: SpotOf
) -> Iterator[Notice]:
    """Yield what these files break together with the rest of the site.

    Said of other files are only those notices that name one of these, or that would not be there
    without them.
    """
    standing: list[Reading] = []
    aside: set[str] = set()
    for merchant in sorted({reading.id for reading in sound}):
        own = [reading for reading in sound if reading.id == merchant]
        rivals = rest.rivals(merchant) if rest else []
        winner, *others = sorted([*own, *rivals], key=lambda reading: reading.path)
        told = [taken(other.path, merchant, winner.path, spot_of) for other in others]
        yield from (notice for notice in told if _concerns(notice, wanted))
        if winner.path in wanted:
            standing.append(winner)
            aside.update(other.path for other in others)
    if rest:
        yield from _beside(_carried(standing), rest, aside, spot_of)
        return
    for key, holders in _carried(standing).items():
        if not key.startswith((f"{DATED}:", f"{UNTIL}:")):
            yield from _said(key, holders, "", spot_of)


def _beside(
    carried: Mapping[str, Sequence[Holder]], rest: _Rest, aside: Set[str], spot_of: SpotOf
) -> Iterator[Notice]:
    """Yield what is said with these merchants on the site, and is not said without them."""
    days = []
    for key, own in carried.items():
        if key.startswith(f"{DATED}:"):
            days += [key.removeprefix(f"{DATED}:")] * len(own)
    before = max(rest.stock, day_of(rest.days(frozenset())))
    dates = merge(rest.days(aside), sorted(days, reverse=True), reverse=True)
    today = max(rest.stock, day_of(dates))
    for key in sorted({*carried, *rest.keys_between(before, today)}):
        others = rest.holders(key)
        present = [*carried.get(key, ()), *(o for o in others if o.source not in aside)]
        known = {(n.path, n.line, n.column) for n in _said(key, others, before, spot_of)}
        for notice in _said(key, present, today, spot_of):
            new = (notice.path, notice.line, notice.column) not in known
            if new or _concerns(notice, rest.wanted):
                yield notice


def _carried(standing: Iterable[Reading]) -> dict[str, list[Holder]]:
    """Return the marks that several merchants together are judged by, and who carries them."""
    families = shared_checks().keys()
    carried: dict[str, list[Holder]] = {}
    for reading in standing:
        for mark in reading.marks:
            if mark.key.partition(":")[0] in families:
                holder = Holder(_merchant(reading.record), reading.path)
                carried.setdefault(mark.key, []).append(holder)
    return carried


def _said(key: str, holders: Iterable[Holder], today: str, spot_of: SpotOf) -> Iterator[Notice]:
    family, _, value = key.partition(":")
    ordered = sorted(holders, key=lambda holder: holder.source)
    return placed(shared_checks()[family], value, ordered, today, spot_of)
