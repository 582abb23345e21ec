"""Which files of content/ may have changed: names, sizes, times; digests where in doubt."""

import os
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from halles.digest import digest

TICK = 20_000_000
"""Nanoseconds that a file system's clock may stand still: a file as young as that could change
once more and look the same."""
UNSETTLED = b""
"""Remembered of a folder that holds such a file: it will be looked into again, and is missed
if it goes."""
SUFFIXES = (".yaml", ".md")


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


def scan(root: Path, ledger: sqlite3.Connection) -> Scan:
    """Compare content/ with the ledger.

    A folder whose files have the names, sizes, times and inodes of last time is passed over; in
    any other, each file is read and its digest decides, since a fresh checkout has new times.
    """
    known: dict[str, bytes] = dict(ledger.execute("select path, signature from folders"))
    found = Scan()
    seen: set[str] = set()
    settled = time.time_ns() - TICK
    for folder, signature, names, newest in _folders(str(root), "content"):
        seen.add(folder)
        found.files += len(names)
        if known.get(folder) != signature:
            _compare(root, folder, names, ledger, found)
            mark = signature if newest < settled else UNSETTLED
            if known.get(folder) != mark:
                found.signatures[folder] = mark
    found.gone = sorted(known.keys() - seen)
    for folder in found.gone:
        rows = ledger.execute("select name from sources where folder = ?", (folder,))
        found.removed += [(folder, name) for (name,) in rows]
    found.changed.sort()
    return found


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
    for path, signature, names, newest in _folders(str(root), "content/media"):
        folder = path.removeprefix("content/")
        found.files.update(f"{folder}/{name}" for name in names)
        found.signatures[folder] = signature if newest < settled else UNSETTLED
        if known.get(folder) != signature:
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


def _folders(root: str, folder: str) -> Iterator[tuple[str, bytes, list[str], int]]:
    """Yield each folder: its signature, its files, and when the newest changed.

    Hidden files and media are left aside. What has a name that cannot be shown stands among the
    files by a name that says so, and which none has: it will be told that nobody reads it.
    """
    lines: list[str] = []
    newest = 0
    inner: list[str] = []
    try:
        entries = os.scandir(os.path.join(root, folder))  # noqa: PTH118 (22,000 times a build)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or name[-1] == "~":
                continue
            if not name.isprintable():
                lines.append(shown(name))
            elif entry.is_dir(follow_symlinks=False):
                if (folder, name) != ("content", "media"):
                    inner.append(name)
            elif entry.is_file():
                s = entry.stat()
                newest = max(newest, s.st_ctime_ns)
                lines.append(f"{name}/{s.st_size}/{s.st_mtime_ns}/{s.st_ctime_ns}/{s.st_ino}")
    lines.sort()
    yield (
        folder,
        digest("\n".join(lines).encode(errors="surrogateescape")),
        [line.partition("/")[0] for line in lines],
        newest,
    )
    for name in sorted(inner):
        yield from _folders(root, f"{folder}/{name}")


def shown(name: str) -> str:
    """Return a file's name with a number for each character of it that cannot be shown."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in name)


def files_below(root: Path, folder: str) -> Iterator[str]:
    """Yield the path of each file that a folder holds, however deep."""
    for inner, _, names, _ in _folders(str(root), folder):
        yield from (f"{inner}/{name}" for name in names)


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
