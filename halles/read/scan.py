"""Which files of content/ may have changed: names, sizes, times; digests where in doubt."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from halles import ledger as kept
from halles.digest import digest

TICK = 20_000_000
"""Nanoseconds that a file system's clock may stand still: a file as young as that could change
once more and look the same."""
UNSETTLED = b""
"""Remembered of a folder that holds such a file: it will be looked into again, and is missed
if it goes."""
SUFFIXES = (".yaml", ".md")
MANY = 60_000
"""Files from which folders are looked at in several processes: a fifth of a second's work."""
ALONE = 3
"""Levels of folders that one process looks at first: content, its kinds, and their regions."""
FOLDERS_A_JOB = 10
SEVERAL = 5_000
"""Files that are worth being looked at by a process of its own, where there is other work."""


@dataclass(slots=True)
class Scan:
    """What differs between content/ and what the ledger knows of it."""

    changed: list[tuple[str, str]] = field(default_factory=list)
    """(folder, name) of each file that is new or has other bytes."""
    removed: list[tuple[str, str]] = field(default_factory=list)
    signatures: dict[str, bytes] = field(default_factory=dict)
    """Folders that look different; remembered once what they hold has been read."""
    gone: list[str] = field(default_factory=list)
    files: int = 0


class Folder(Struct, array_like=True, frozen=True):
    """A folder as it looks from outside: what stands for its files, their names, the newest."""

    path: str
    signature: bytes
    names: list[str]
    newest: int
    """When the file that changed last did, in nanoseconds."""


class ScanWork:
    """The work of looking at folders; it can travel."""

    def __init__(self, root: str) -> None:
        self.root = root

    def __call__(self, raw: bytes) -> bytes:
        """Do one job: paths in, each Folder and those below out."""
        paths = msgspec.msgpack.decode(raw, type=list[str])
        return _pack([folder for path in paths for folder in _folders(self.root, path)])


class Looking(NamedTuple):
    """Folders that are being looked at."""

    settled: int
    """When, in nanoseconds: a file that changed since may change once more and look the same."""
    folders: Iterator[Folder]


Run = Callable[[ScanWork, Iterable[bytes], int], Iterator[bytes]]
Begin = Callable[[ScanWork, bytes], Iterator[bytes]]
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[Folder]).decode


def look(root: Path, ledger: sqlite3.Connection, run: Run, begin: Begin | None = None) -> Looking:
    """Look at content/, as ``scan`` asks for it; or at once, and elsewhere, where one can begin."""
    settled, all_of_it = time.time_ns() - TICK, str(root)
    files = _files(ledger)
    if files >= MANY:
        return Looking(settled, _spread(all_of_it, run))
    if begin and files >= SEVERAL:
        answers = begin(ScanWork(all_of_it), _pack(["content"]))
        return Looking(settled, (folder for answer in answers for folder in _unpack(answer)))
    return Looking(settled, _folders(all_of_it, "content"))


def scan(root: Path, ledger: sqlite3.Connection, looking: Looking) -> Scan:
    """Compare content/ with the ledger.

    A folder whose files have the names, sizes, times and inodes of last time is passed over; in
    any other, each file is read and its digest decides, since a fresh checkout has new times.
    """
    known: dict[str, bytes] = dict(ledger.execute("select path, signature from folders"))
    found = Scan()
    seen: set[str] = set()
    for one in looking.folders:
        seen.add(one.path)
        found.files += len(one.names)
        if known.get(one.path) != one.signature:
            _compare(root, one.path, one.names, ledger, found)
            mark = one.signature if one.newest < looking.settled else UNSETTLED
            if known.get(one.path) != mark:
                found.signatures[one.path] = mark
    if found.files != _files(ledger):
        kept.remember(ledger, "files", str(found.files).encode())
    found.gone = sorted(known.keys() - seen)
    for folder in found.gone:
        rows = ledger.execute("select name from sources where folder = ?", (folder,))
        found.removed += [(folder, name) for (name,) in rows]
    found.changed.sort()
    return found


def _files(ledger: sqlite3.Connection) -> int:
    """Return how many there were last time."""
    return int(kept.recall(ledger, "files") or b"0")


@dataclass(slots=True)
class Media:
    """The files of content/media/, and which of its folders look otherwise than last time."""

    files: set[str] = field(default_factory=set)
    """Each file, from content/."""
    signatures: dict[str, bytes] = field(default_factory=dict)
    differing: set[str] = field(default_factory=set)


def scan_media(root: Path, known: Mapping[str, bytes]) -> Media:
    """Compare the folders of content/media/ with their signatures of last time."""
    found = Media()
    settled = time.time_ns() - TICK
    for each in _folders(str(root), "content/media"):
        folder = each.path.removeprefix("content/")
        found.files.update(f"{folder}/{name}" for name in each.names)
        found.signatures[folder] = each.signature if each.newest < settled else UNSETTLED
        if known.get(folder) != each.signature:
            found.differing.add(folder)
    found.differing |= known.keys() - found.signatures.keys()
    return found


def signature_of(path: Path) -> bytes:
    """Return a file's size, times and inode, or that it is too young to be known by them."""
    try:
        s = path.stat()
    except OSError:
        return UNSETTLED
    if s.st_ctime_ns >= time.time_ns() - TICK:
        return UNSETTLED
    return f"{s.st_size}/{s.st_mtime_ns}/{s.st_ctime_ns}/{s.st_ino}".encode()


def _folders(root: str, path: str) -> Iterator[Folder]:
    """Yield a folder and all below it, as far as there are any."""
    folder, inner = _look(root, path)
    if folder:
        yield folder
    for name in inner:
        yield from _folders(root, f"{path}/{name}")


def _spread(root: str, run: Run) -> Iterator[Folder]:
    """Yield all of content/: the highest folders from here, the many below where work is done."""
    paths = ["content"]
    for _ in range(ALONE):
        below = []
        for path in paths:
            folder, inner = _look(root, path)
            if folder:
                yield folder
            below += [f"{path}/{name}" for name in inner]
        paths = below
    batches = (_pack(some) for some in kept.in_handfuls(paths, FOLDERS_A_JOB))
    for answer in run(ScanWork(root), batches, len(paths)):
        yield from _unpack(answer)


def _look(root: str, path: str) -> tuple[Folder | None, list[str]]:
    """Return what a folder holds, and the names of those in it; None where there is none.

    Hidden files and media are left aside. What has a name that cannot be shown stands among the
    files by a name that says so, and which none has: it will be told that nobody reads it.
    """
    lines: list[str] = []
    newest = 0
    inner: list[str] = []
    try:
        entries = os.scandir(f"{root}/{path}")
    except (FileNotFoundError, NotADirectoryError):
        return None, []
    with entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or name[-1] == "~":
                continue
            if not name.isprintable():
                lines.append(shown(name))
            elif entry.is_dir(follow_symlinks=False):
                if (path, name) != ("content", "media"):
                    inner.append(name)
            elif entry.is_file():
                s = entry.stat()
                newest = max(newest, s.st_ctime_ns)
                lines.append(f"{name}/{s.st_size}/{s.st_mtime_ns}/{s.st_ctime_ns}/{s.st_ino}")
    lines.sort()
    signature = digest("\n".join(lines).encode(errors="surrogateescape"))
    names = [line.partition("/")[0] for line in lines]
    return Folder(path, signature, names, newest), sorted(inner)


def shown(name: str) -> str:
    """Return a file's name with a number for each character of it that cannot be shown."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def files_below(root: Path, folder: str) -> Iterator[str]:
    """Yield the path of each file that a folder holds, however deep."""
    for inner in _folders(str(root), folder):
        yield from (f"{inner.path}/{name}" for name in inner.names)


def digest_of(path: Path) -> bytes:
    """Return the digest of a file's content, which is empty where the system refuses to read it."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return b""


def _compare(
    root: Path, folder: str, names: list[str], ledger: sqlite3.Connection, found: Scan
) -> None:
    rows = ledger.execute("select name, digest from sources where folder = ?", (folder,))
    known: dict[str, bytes] = dict(rows)
    for name in names:
        if name not in known or digest_of(root / folder / name) != known[name]:
            found.changed.append((folder, name))
    found.removed += [(folder, name) for name in sorted(known.keys() - set(names))]
