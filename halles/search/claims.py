"""What is to be done about search, what was done, and the files that its groups claim.

In the ledger a bundle is a row of ``bundles`` (what it was made of, and what it said) and a group
of kind ``search``, that claims its files; so is each file that names bundles.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from halles import ledger as kept
from halles.addresses import file_of
from halles.digest import digest
from halles.publish import Output
from halles.render import Known
from halles.search.bundle import Made
from halles.search.packing import ENTRY
from halles.search.sought import Moved
from halles.search.wanted import Wanted

KIND = "search"
WORDS = ".words"
"""Ends the key of what a region has, or, without one, of the words of all."""
_pack = msgspec.msgpack.Encoder().encode
files_of = msgspec.msgpack.Decoder(list[Known]).decode


@dataclass(slots=True)
class Todo:
    """What to do about search."""

    wanted: list[Wanted] = field(default_factory=list)
    before: dict[str, list[Known]] = field(default_factory=dict)
    """The files of what was forgotten, by its key."""
    moved: Moved | None = None
    relist: bool = False
    """Whether to write again all that names bundles."""
    trusted: bool = True
    """Whether what was known of output/ is so."""

    def __bool__(self) -> bool:
        return bool(self.wanted or self.before or self.relist)


@dataclass(slots=True)
class Told:
    """What was done about it."""

    written: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    failed: list[Made] = field(default_factory=list)


def key_of(lang: str, name: str) -> str:
    """Return the key of a bundle's group."""
    return f"{lang}/{name}"


def keys_of(ledger: sqlite3.Connection) -> list[str]:
    """Return the keys of all groups of search."""
    return [k for (k,) in ledger.execute("select key from groups where kind = ?", (KIND,))]


def forget(ledger: sqlite3.Connection, todo: Todo, lang: str, name: str, region: str) -> None:
    """Forget a bundle, and with it all that names it."""
    ledger.execute("delete from bundles where lang = ? and name = ?", (lang, name))
    named = [f"{lang}/{region}{WORDS}", f"{lang}/{WORDS}"] if region else []
    for key in (key_of(lang, name), "manifest", *named):
        forget_group(ledger, todo, key)


def forget_group(ledger: sqlite3.Connection, todo: Todo, key: str) -> None:
    """Forget who claims some files; which they were is kept until the work is done."""
    query = "select pages from groups where kind = ? and key = ?"
    row = ledger.execute(query, (KIND, key)).fetchone()
    if row:
        todo.before[key] = files_of(row[0])
        ledger.execute("delete from groups where kind = ? and key = ?", (KIND, key))


@dataclass(slots=True)
class Desk:
    """Where the work comes in: what was to be done, and what is told of it."""

    ledger: sqlite3.Connection
    todo: Todo
    output: Output
    told: Told = field(default_factory=Told)

    def claim(
        self, key: str, files: Iterable[tuple[str, bytes]], why: str, note: bytes = b""
    ) -> None:
        """Give a group its files; those that are others, or were not, are told of as written."""
        before = self._before(key)
        pages = [Known(path, b"", stamp) for path, stamp in sorted(files)]
        self.ledger.execute(
            "insert or replace into groups values (?, ?, ?, ?)", (KIND, key, note, _pack(pages))
        )
        written = [page.path for page in pages if before.get(page.path) != page.body]
        self.told.written += written
        if written:
            entry = next((p for p in written if p.endswith(ENTRY)), written[0])
            self.told.why[entry] = why
        there = {page.path for page in pages}
        left = [page.path for page in self.todo.before.get(key, ()) if page.path not in there]
        kept.owe(self.ledger, written, left)

    def put(self, key: str, path: str, body: bytes, note: bytes = b"") -> None:
        """Write a file that names bundles, unless it is there, and claim it."""
        stamp = digest(body)[:8]
        if self._before(key).get(path) != stamp:
            self.output.put(file_of(path), body)
        self.claim(key, [(path, stamp)], "bundles changed", note)

    def _before(self, key: str) -> dict[str, bytes]:
        """Return what a group's files were, where that can be relied on."""
        pages = self.todo.before.get(key, ()) if self.todo.trusted else ()
        return {page.path: page.body for page in pages}
