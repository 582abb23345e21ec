"""Other shops of one enterprise: those that give the same NEQ."""

import sqlite3

import msgspec

from halles import ledger as kept
from halles.catalogue import Mark
from halles.facts import Outlet
from halles.model import Merchant, said
from halles.text import collation_key

MOST = 30
"""Shops of one enterprise that a page names; who has more than that has a site of its own."""

_merchant = msgspec.msgpack.Decoder(Merchant).decode


def outlets_of(
    ledger: sqlite3.Connection, merchant: str, marks: tuple[Mark, ...]
) -> tuple[Outlet, ...]:
    """Return the other open shops with the NEQ of a merchant, by town, then by name."""
    keys = [mark.key for mark in marks if mark.key.startswith("neq:")]
    others = [m for key in keys for m in kept.holders(ledger, key) if m != merchant]
    found: list[Outlet] = []
    for handful in kept.in_handfuls(others):
        rows = ledger.execute(
            f"select record from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        found += [_outlet(_merchant(record)) for (record,) in rows]
    return tuple(sorted(found, key=_place)[:MOST])


def _outlet(merchant: Merchant) -> Outlet:
    street = merchant.address.street if merchant.address else None
    return Outlet(merchant.id, merchant.name, merchant.municipality or "", street or "")


def _place(outlet: Outlet) -> tuple[bytes, bytes, str]:
    return collation_key(outlet.town), collation_key(said(outlet.name, "fr")[0]), outlet.id
