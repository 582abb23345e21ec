"""What came back in stock, region by region: the newest first, while it is still there."""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles import ledger as kept
from halles.facts import Back, local, packed, slug_of
from halles.model import Merchant
from halles.stock import shelves
from halles.stock.shown import Held, Moment, Store, decimal, restocked

NEWEST = 30
"""Offers on a region's page, and stores that are looked at for them."""

_merchant = msgspec.msgpack.Decoder(Merchant).decode
_rows = msgspec.msgpack.Decoder(tuple[Held, ...]).decode


def back_in_stock(
    ledger: sqlite3.Connection, moment: Moment, zone: str, policy: str
) -> dict[str, bytes]:
    """Return, for each region that has any, the fact of what came back there."""
    found: dict[str, list[tuple[int, str, str]]] = {}
    for region, merchant, seen, held in shelves.newly_restocked(ledger, NEWEST):
        store = Store(seen, _rows(held))
        found.setdefault(region, []).extend(
            (-row.restocked, merchant, row.sku) for row in restocked(store, moment)
        )
    return {
        region: packed(tuple(_backs(ledger, sorted(some)[:NEWEST], zone, policy, moment)))
        for region, some in found.items()
        if some
    }


def _backs(
    ledger: sqlite3.Connection,
    some: list[tuple[int, str, str]],
    zone: str,
    policy: str,
    moment: Moment,
) -> Iterator[Back]:
    said = {m: s for m, _, s in shelves.told(ledger, [merchant for _, merchant, _ in some])}
    for when, merchant, sku in some:
        raw = ledger.execute("select record from merchants where id = ?", (merchant,)).fetchone()[0]
        record = _merchant(raw)
        product = next((p for p in record.products if p.sku == sku), None)
        row = next((r for r in said[merchant].rows if r.sku == sku), None)
        if product is None or row is None:
            continue
        sellers = kept.holders(ledger, f"gtin:{product.gtin}") if product.gtin else []
        shared = frozenset({product.gtin} if product.gtin and len(sellers) > 1 else ())
        price = product.price or "" if row.price is None else decimal(row.price)
        yield Back(
            merchant, record.name, record.municipality or "", sku, product.name,
            slug_of(merchant, product, policy, shared), price, local(-when, zone),
        )  # fmt: skip
