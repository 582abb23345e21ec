"""Who stands in a listing: those who carry its mark, and for a campaign those whom it selects."""

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

from halles import ledger as kept
from halles.catalogue import LABEL, Catalogue, Mark, selectors_of

_unpack_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode


def members(ledger: sqlite3.Connection, kind: str, name: str, catalogue: Catalogue) -> list[str]:
    """Return the ids of the merchants of a listing, in its order."""
    if kind != "campaign":
        return kept.holders(ledger, f"{kind}:{name}")
    campaign = catalogue.campaigns.get(name)
    if campaign is None:
        return []
    selectors = [_any_of(ledger, keys) for keys in selectors_of(campaign) if keys]
    chosen = set.intersection(*selectors) if selectors else set()
    for merchant in campaign.merchants:
        chosen |= _standing(ledger, merchant)
    return [merchant for _, merchant in sorted(chosen)]


def _any_of(ledger: sqlite3.Connection, keys: Iterable[str]) -> set[tuple[bytes, str]]:
    """Return (place in the order, id) of the merchants who carry any of these marks."""
    found: set[tuple[bytes, str]] = set()
    for key in keys:
        rows = ledger.execute("select sort, id from marks where key = ?", (key,))
        # On a label's own page the weight of the evidence comes before the name.
        found.update((s[1:], m) for s, m in rows) if key.startswith(LABEL) else found.update(rows)
    return found


def _standing(ledger: sqlite3.Connection, merchant: str) -> set[tuple[bytes, str]]:
    row = ledger.execute(
        "select marks from merchants where id = ? and open", (merchant,)
    ).fetchone()
    marks = _unpack_marks(row[0]) if row else ()
    return {(m.sort, merchant) for m in marks if m.key.startswith("region:")}


def marks_of(ledger: sqlite3.Connection, merchants: Iterable[str]) -> Iterator[tuple[Mark, ...]]:
    """Yield the marks of each of these merchants."""
    for handful in kept.in_handfuls(merchants):
        rows = ledger.execute(
            f"select marks from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        yield from (_unpack_marks(marks) for (marks,) in rows)
