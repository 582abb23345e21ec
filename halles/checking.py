"""Checking without building: the whole site, or a few files of it."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles.checks import Bearings, Holder
from halles.model import Merchant
from halles.notices import Notice, in_order
from halles.read.harvest import taken
from halles.read.smalls import gather, small_files
from halles.read.sources import IGNORED_FILE, Reading, kind_of, read_merchant
from halles.settings import read_settings
from halles.site import Options, Outcome, engine, notices_of, outlines_of, read_site
from halles.verdicts import placed, shared_checks, site_day, spot_finder

ELSEWHERE = ("halles.toml", "content/media/", "data/", "themes/")
"""What a site reads besides its records: other commands tell what is wrong with it."""
_merchant = msgspec.msgpack.Decoder(Merchant).decode


def check_site(root: Path) -> list[Notice]:
    """Return everything there is to say about a site.

    It keeps a ledger of its own, so that the next build still knows what is new to it.
    """
    settings = read_settings(root / "halles.toml")
    with kept.open_ledger(root / ".halles" / "check.db") as ledger, kept.together(ledger):
        kept.renewed(ledger, engine())
        _, smalls = read_site(root, settings, ledger, Options(), Outcome())
        return notices_of(ledger, smalls)


def check_files(root: Path, files: Sequence[Path]) -> list[Notice]:
    """Return what there is to say about some files, in less time than reading the others takes.

    What only several merchants together can break is looked up in the ledger of the last build,
    if there is one.
    """
    settings = read_settings(root / "halles.toml")
    site = settings.site
    smalls = gather(dict(small_files(root)), site.languages)
    bearings = Bearings(
        catalogue=smalls.catalogue, languages=site.languages, boundaries=outlines_of(root)
    )
    readings: list[Reading] = []
    wanted: set[str] = set()
    found: list[Notice] = []
    for file in files:
        path = _from(root, file)
        folder, _, name = path.rpartition("/")
        wanted.add(path)
        kind = kind_of(folder, name)
        if kind == "merchant":
            body = file.read_bytes()
            readings.append(read_merchant(folder, name, body, bearings, site.product_pages))
        elif kind == "ignored" and not path.startswith(ELSEWHERE):
            found.append(IGNORED_FILE.at(path, (0, 0)))
    found += [n for n in smalls.notices if n.path in wanted]
    found += [n for reading in readings for n in reading.notices]
    found += _together(root, readings, wanted)
    return in_order(found)


def _from(root: Path, file: Path) -> str:
    """Return a file's path from the site's root; it may be given from here or from there."""
    try:
        return file.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return file.as_posix()


def _together(root: Path, readings: Iterable[Reading], wanted: set[str]) -> Iterator[Notice]:
    """Yield what these files break together with the rest of the site, said of these files."""
    checks, spot_of = shared_checks(), spot_finder(root)
    sound = sorted((r for r in readings if r.record), key=lambda reading: reading.path)
    first = {r.id: r.path for r in reversed(sound)}
    holders: dict[str, list[Holder]] = {}
    with kept.look_into(root / ".halles" / "ledger.db", engine()) as ledger:
        keys = [mark.key.partition(":") for reading in sound for mark in reading.marks]
        today = site_day(ledger, [day for family, _, day in keys if family == "dated"])
        for reading in sound:
            winner = min([first[reading.id], *_elsewhere(ledger, reading.id, wanted)])
            if winner < reading.path:
                yield taken(reading.path, reading.id, winner, spot_of)
                continue
            for mark in reading.marks:
                if mark.key.partition(":")[0] in checks:
                    holder = Holder(_merchant(reading.record), reading.path)
                    holders.setdefault(mark.key, []).append(holder)
        for key, found in holders.items():
            found += _others(ledger, key, wanted)
    for key, found in holders.items():
        family, _, value = key.partition(":")
        ordered = sorted(found, key=lambda holder: holder.source)
        for notice in placed(checks[family], value, ordered, today, spot_of):
            if notice.path in wanted:
                yield notice


def _elsewhere(ledger: sqlite3.Connection | None, merchant: str, wanted: set[str]) -> Iterator[str]:
    """Yield the file, not among those wanted, that holds an id."""
    if ledger:
        rows = ledger.execute("select source from merchants where id = ?", (merchant,))
        yield from (source for (source,) in rows if source not in wanted)


def _others(ledger: sqlite3.Connection | None, key: str, wanted: set[str]) -> Iterator[Holder]:
    if ledger:
        rows = ledger.execute(
            "select record, source from marks join merchants using (id) where key = ?", (key,)
        )
        yield from (Holder(_merchant(r), source) for r, source in rows if source not in wanted)
