"""Pictures in, the ledger's rows out: which files can be shown, and what is wrong with the others.

Only files that merchants name are looked at, each once for all who name it. The ledger keeps what
was seen; pages get it as facts, and workers draw (``halles.pictures.studio``).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from halles import findings
from halles import ledger as kept
from halles.catalogue import pictures_of
from halles.checks.pictures import FAULTS
from halles.digest import digest
from halles.model import Merchant
from halles.notices import Notice
from halles.pictures import MOST_BYTES, Look, Negative, Plate
from halles.pictures.studio import Studio
from halles.read.harvest import Touched
from halles.read.scan import UNSETTLED, scan_media, signature_of
from halles.verdicts import SpotOf, spot_finder

MARK = "media:"
MISSING = Look(b"", None, "picture-missing")
FILES_A_JOB = 8

_pack = msgspec.msgpack.Encoder().encode
_merchant = msgspec.msgpack.Decoder(Merchant).decode
_plate = msgspec.msgpack.Decoder(Plate).decode
_fault = msgspec.msgpack.Decoder(tuple[str, dict[str, str]]).decode
_asked = msgspec.msgpack.Decoder(list[tuple[str, bytes]]).decode
_answered = msgspec.msgpack.Decoder(list[tuple[str, Look | None]]).decode

Run = Callable[["LookWork", Iterable[bytes], int], Iterator[bytes]]


@dataclass(frozen=True)
class LookWork:
    """The work of looking: files and the digests they had in, what is new about them out."""

    content: Path

    def __call__(self, job: bytes) -> bytes:
        """Look at each file of a job that has other bytes than it had."""
        studio = Studio(self.content, self.content)
        return _pack([(file, self._look(studio, file, known)) for file, known in _asked(job)])

    def _look(self, studio: Studio, file: str, known: bytes) -> Look | None:
        path = self.content / file
        try:
            if known and path.stat().st_size <= MOST_BYTES and digest(path.read_bytes()) == known:
                return None
        except OSError:
            pass
        return studio.look(file)


def look_over(root: Path, ledger: sqlite3.Connection, touched: Touched, run: Run) -> None:
    """Bring the rows of pictures up to date, and note whose pages that changes.

    A site without pictures pays for two looks into the ledger.
    """
    if not _any(ledger):
        return
    raw = kept.recall(ledger, "media")
    known: dict[str, bytes] = msgspec.msgpack.decode(raw) if raw else {}
    found = scan_media(root, known)
    if found.signatures != known:
        kept.remember(ledger, "media", _pack(found.signatures))
    seen = {key.removeprefix(MARK) for key in touched.seen if key.startswith(MARK)}
    named = {file for file in seen if kept.holders(ledger, f"{MARK}{file}")}
    for file in seen - named:
        _drop(ledger, file, touched)
    told = set(named)
    doubtful = dict(_doubtful(root, ledger, named, found.differing))
    for file, look in _looks(root, doubtful, found.files, run):
        before = doubtful[file].look
        if look is None or look == before:
            _settle(ledger, file, doubtful[file].seen)
        else:
            told.add(file)
            _keep(ledger, file, doubtful[file].seen, look, before, touched)
    _tell(root, ledger, told)


class _Doubt(NamedTuple):
    """A file that may be otherwise: what was seen of it, and how it looks from outside now."""

    look: Look | None
    seen: bytes


def _doubtful(
    root: Path, ledger: sqlite3.Connection, named: set[str], differing: set[str]
) -> Iterator[tuple[str, _Doubt]]:
    """Yield the files that nobody has looked at yet, or that may have other bytes now.

    A folder may hold thousands: a file that looks the same from outside is not opened for
    another's sake.
    """
    for folder in sorted(differing):
        rows = ledger.execute("select name, seen from media where folder = ?", (folder,))
        for name, before in rows.fetchall():
            file = f"{folder}/{name}"
            seen = signature_of(root / "content" / file)
            if seen != before or seen == UNSETTLED:
                yield file, _Doubt(look_at(ledger, file), seen)
    for file in named:
        if look_at(ledger, file) is None:
            yield file, _Doubt(None, signature_of(root / "content" / file))


def _any(ledger: sqlite3.Connection) -> bool:
    queries = (
        f"select 1 from marks where key >= '{MARK}' and key < 'media;' limit 1",  # noqa: S608
        "select 1 from media limit 1",
    )
    return any(ledger.execute(query).fetchone() for query in queries)


def _looks(
    root: Path, doubtful: Mapping[str, _Doubt], there: set[str], run: Run
) -> Iterator[tuple[str, Look | None]]:
    """Yield what there is to see now of each file in doubt; None of one with the same bytes."""
    yield from ((file, MISSING) for file in sorted(doubtful.keys() - there))
    asked = []
    for file in sorted(doubtful.keys() & there):
        before = doubtful[file].look
        asked.append((file, before.digest if before else b""))
    jobs = (_pack(asked[i : i + FILES_A_JOB]) for i in range(0, len(asked), FILES_A_JOB))
    for answer in run(LookWork(root / "content"), jobs, len(asked)) if asked else ():
        yield from _answered(answer)


def look_at(ledger: sqlite3.Connection, file: str) -> Look | None:
    """Return what was seen of a file, None of one that no page shows."""
    row = ledger.execute(
        "select digest, plate, fault from media where folder = ? and name = ?", _split(file)
    ).fetchone()
    if row is None:
        return None
    plate = _plate(row[1]) if row[1] else None
    return Look(row[0], plate, *(_fault(row[2]) if row[2] else ()))


def _split(file: str) -> tuple[str, str]:
    folder, _, name = file.rpartition("/")
    return folder, name


def _settle(ledger: sqlite3.Connection, file: str, seen: bytes) -> None:
    where = "where folder = ? and name = ? and seen is not ?"
    ledger.execute(f"update media set seen = ? {where}", (seen, *_split(file), seen))  # noqa: S608


def _keep(
    ledger: sqlite3.Connection,
    file: str,
    seen: bytes,
    look: Look,
    before: Look | None,
    touched: Touched,
) -> None:
    plate = look.plate
    ledger.execute(
        "insert or replace into media values (?, ?, ?, ?, ?, ?, ?)",
        (
            *_split(file),
            seen,
            look.digest,
            plate.stem if plate else None,
            _pack(plate) if plate else None,
            _pack((look.fault, look.given)) if look.fault else None,
        ),
    )
    touched.pictures.update(p.stem for p in (plate, before and before.plate) if p)
    touched.merchants.update(kept.holders(ledger, f"{MARK}{file}"))


def _drop(ledger: sqlite3.Connection, file: str, touched: Touched) -> None:
    """Forget a file that no page shows any more."""
    before = look_at(ledger, file)
    if before and before.plate:
        touched.pictures.add(before.plate.stem)
    ledger.execute("delete from media where folder = ? and name = ?", _split(file))
    findings.forget(ledger, [f"{MARK}{file}"])


def _tell(root: Path, ledger: sqlite3.Connection, files: set[str]) -> None:
    """Say again what is wrong with some files, at every place where a record names them."""
    spot_of = spot_finder(root)
    for file in sorted(files):
        key = f"{MARK}{file}"
        findings.forget(ledger, [key])
        look = look_at(ledger, file)
        if look is None or not look.fault:
            continue
        rows = ledger.execute(
            "select record, source from marks join merchants using (id) where key = ?", (key,)
        )
        for record, source in sorted(rows, key=lambda row: str(row[1])):
            told = notices_of(_merchant(record), source, {file: look}, spot_of)
            findings.keep(ledger, [(key, told)])


def notices_of(
    merchant: Merchant, source: str, looks: Mapping[str, Look], spot_of: SpotOf
) -> Iterator[Notice]:
    """Yield what there is to say of a merchant's pictures, each at the line that names it."""
    for path, picture in pictures_of(merchant):
        look = looks.get(picture.file)
        if look is not None and look.fault:
            rule, given = FAULTS[look.fault], {**look.given, "given": picture.file}
            yield rule.at(source, spot_of(source, (*path, "file")), **given)


def looks_of(root: Path, merchants: Iterable[Merchant]) -> dict[str, Look]:
    """Return what there is to see of some merchants' pictures, whatever was seen earlier."""
    files = {picture.file for merchant in merchants for _, picture in pictures_of(merchant)}
    if not files:
        return {}
    there = scan_media(root, {}).files
    studio = Studio(root / "content", root / "content")
    return {file: studio.look(file) if file in there else MISSING for file in sorted(files)}


def negative_of(ledger: sqlite3.Connection, stem: str) -> Negative | None:
    """Return what a picture is drawn from, None if no page shows it: the first file that has it."""
    row = ledger.execute(
        "select folder, name, plate from media where stem = ? order by folder, name limit 1",
        (stem,),
    ).fetchone()
    return Negative(f"{row[0]}/{row[1]}", _plate(row[2])) if row else None
