"""What merchants' files are read against, and which are read again when it changes."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec import Struct

from halles import findings
from halles import ledger as kept
from halles.catalogue import Catalogue
from halles.checks import Bearings

_pack = msgspec.msgpack.Encoder().encode


class Context(Struct, frozen=True):
    """What readings depend on besides their files."""

    regions: dict[str, bytes]
    categories: dict[str, tuple[str, ...]]
    labels: tuple[str, ...]
    unread: tuple[str, ...]
    languages: tuple[str, ...]
    boundaries: str
    policy: str


def context_of(catalogue: Catalogue, bearings: Bearings, policy: str) -> Context:
    """Return what merchants' readings depend on besides their files."""
    return Context(
        {r.id: _pack((r.bounds, r.code, r.name)) for r in catalogue.regions.values()},
        {c.id: c.way for c in catalogue.categories.values()},
        tuple(sorted(catalogue.labels)),
        tuple(sorted(catalogue.unread & {"region", "category", "label"})),
        bearings.languages,
        bearings.boundaries[1] if bearings.boundaries else "",
        policy,
    )


def affected(
    ledger: sqlite3.Connection, before: Context | None, after: Context
) -> set[tuple[str, str]]:
    """Return the files that must be read again because what they are read against changed."""
    if before is None or before == after:
        return set()
    same = ("unread", "languages", "boundaries", "policy")
    redrawn = bool(after.boundaries) and before.regions != after.regions
    # While a list is broken, names that nobody knows pass, and leave no mark to be found by.
    other = any(getattr(before, name) != getattr(after, name) for name in same)
    if after.unread or redrawn or other:
        rows = ledger.execute("select folder, name from sources where kind = 'merchant'")
        return set(rows)
    found: set[tuple[str, str]] = set()
    moved = [f"region:{r}" for r in _differing(before.regions, after.regions)]
    moved += [f"category:{c}" for c in _differing(before.categories, after.categories)]
    moved += [f"label:{x}" for x in set(before.labels) ^ set(after.labels)]
    for key in moved:
        for mark in (key, f"was:{key}"):
            found.update(_files_of(ledger, kept.holders(ledger, mark)))
    # A file that was left out has no marks to be found by, whatever it names.
    return found | set(_left_out(ledger))


def _differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [k for k in before.keys() | after.keys() if before.get(k) != after.get(k)]


def _left_out(ledger: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for path in findings.broken_files(ledger, "content/merchants"):
        folder, _, name = path.rpartition("/")
        yield folder, name


def _files_of(ledger: sqlite3.Connection, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    for handful in kept.in_handfuls(ids):
        marks = kept.places(len(handful))
        rows = ledger.execute(f"select source from merchants where id in ({marks})", handful)  # noqa: S608
        for (source,) in rows:
            folder, _, name = source.rpartition("/")
            yield folder, name
