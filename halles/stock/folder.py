"""data/stock/: the current state, the history and the quarantine; one small file says which.

``current.json`` names the files that make up the state. A snapshot writes new files beside the old
ones, then replaces current.json: a process that is killed anywhere leaves the old state or the new.
Files that no kept snapshot names are taken away afterwards.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from halles.digest import digest

FORM = 1
"""Of the files under data/stock/; another form is not read."""


class StockFault(Exception):
    """data/stock/ cannot be used; the sentences say why, in French and English."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr = fr
        self.en = en


class Taken(Struct, frozen=True):
    """A feed that made part of a snapshot."""

    name: str
    digest: str
    full: bool
    when: int
    """The time of its rows that gave none."""
    rows: int
    quarantined: int


class Snapshot(Struct, frozen=True):
    """A state of the stock: what the feeds had said by some moment."""

    number: int = 0
    now: int = 0
    """The newest time that any feed gave, in seconds since 1970: the clock of the stock."""
    offers: str = ""
    """The file of what was said of each offer, and of each store; empty before any feed."""
    stores: str = ""
    quarantine: str = ""
    history: tuple[str, ...] = ()
    feeds: tuple[Taken, ...] = ()

    def files(self) -> Iterator[str]:
        """Yield the files that this state is made of, from data/stock/."""
        yield from filter(None, (self.offers, self.stores, self.quarantine, *self.history))


class Current(Struct, frozen=True):
    """The newest snapshot, and those that can be gone back to, newest first."""

    form: int = FORM
    snapshot: Snapshot = Snapshot()
    before: tuple[Snapshot, ...] = ()


def folder(root: Path) -> Path:
    """Return where a site keeps its stock."""
    return root / "data" / "stock"


def read_current(root: Path) -> tuple[Current, bytes]:
    """Return what stock there is, and what stands for it: empty where there is none.

    Raises:
        StockFault: current.json is of another form, or names a file that is not there.
    """
    current, stamp = _read(root)
    _insist(root, current.snapshot)
    return current, stamp


def _read(root: Path) -> tuple[Current, bytes]:
    """Return what current.json says, whether or not the files that it names are there."""
    path = folder(root) / "current.json"
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        return Current(), b""
    try:
        current = msgspec.json.decode(body, type=Current)
    except msgspec.DecodeError as fault:
        raise StockFault(
            f"{path} est illisible ({fault}) ; rétablissez-le de votre dépôt ou de votre cache.",
            f"{path} cannot be read ({fault}); restore it from your repository or cache.",
        ) from None
    if current.form != FORM:
        raise _lacking(root, f"form {current.form}")
    return current, digest(body)


def _insist(root: Path, snapshot: Snapshot) -> None:
    """Make sure that the files of a state are there."""
    for name in snapshot.files():
        if not (folder(root) / name).is_file():
            raise _lacking(root, name)


def _lacking(root: Path, what: str) -> StockFault:
    path = folder(root) / "current.json"
    return StockFault(
        f"{path} nomme ce que halles n'a pas ou ne connaît pas : {what}.",
        f"{path} names what halles lacks or does not know: {what}.",
    )


def go_back(root: Path) -> tuple[Snapshot, Current] | None:
    """Make the snapshot before the newest one the current one, all or nothing.

    Return the one that is no more, and what is current now; None where there is nothing to go back
    to. The newest may lack files: going back is the remedy. The caller holds the site's lock.

    Raises:
        StockFault: current.json cannot be used, or files of the earlier snapshot are not there.
    """
    current, _ = _read(root)
    if not current.before:
        return None
    earlier = Current(snapshot=current.before[0], before=current.before[1:])
    _insist(root, earlier.snapshot)
    replace_current(root, earlier)
    tidy(root, earlier)
    return current.snapshot, earlier


def replace_current(root: Path, current: Current) -> None:
    """Make a snapshot the current one, all or nothing: on the disk too, where power may fail."""
    base = folder(root)
    scratch = base / "current.new"
    scratch.write_bytes(_body(current))
    files = [base / name for name in current.snapshot.files()]
    for path in (*files, *{file.parent for file in files}, scratch):
        _sync(path)
    scratch.replace(base / "current.json")
    _sync(base)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def stamp_of(current: Current) -> bytes:
    """Return what stands for a state of data/stock/."""
    return digest(_body(current))


def _body(current: Current) -> bytes:
    return msgspec.json.format(msgspec.json.encode(current), indent=1) + b"\n"


def tidy(root: Path, current: Current) -> None:
    """Take away the files that no kept snapshot names."""
    named = {name for kept in (current.snapshot, *current.before) for name in kept.files()}
    base = folder(root)
    for part in ("state", "history", "quarantine"):
        for path in (base / part).glob("*"):
            if path.relative_to(base).as_posix() not in named:
                path.unlink(missing_ok=True)
