"""What came back in stock, region by region: the newest first, while it is still there."""

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

from halles import ledger as kept
from halles.catalogue import Catalogue, same_gtin
from halles.change import Change
from halles.cuts import slug_of
from halles.digest import brief
from halles.facts import Back, packed
from halles.model import Merchant
from halles.render import Group
from halles.stock import shelves
from halles.stock.shown import Held, Moment, decimal, restocked
from halles.zones import local

NEWEST = 30
"""Offers on a region's page."""

_merchant = msgspec.msgpack.Decoder(Merchant).decode


def restocked_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> Iterator[tuple[Group, bytes]]:
    """Yield the regions in which something else is back in stock."""
    ground = change.stock.ground
    forced = change.names or change.of("restocked")
    if not (forced or change.stock.moved or change.touched.merchants):
        return
    there = dict(ledger.execute("select key, stamp from groups where kind = 'restocked'"))
    backs: dict[str, bytes] = {}
    if ground.stamp:
        found = back_in_stock(ledger, catalogue.regions, ground.moment, change.zone, change.policy)
        backs = {region: found.get(region, packed(())) for region in catalogue.regions}
    for region in sorted({*backs, *there}):
        facts = [(f"restocked:{region}", backs[region])] if region in backs else []
        stamp = brief(facts)
        if forced or there.get(region) != stamp:
            yield Group("restocked", region, facts), stamp


def back_in_stock(
    ledger: sqlite3.Connection, regions: Iterable[str], moment: Moment, zone: str, policy: str
) -> dict[str, bytes]:
    """Return, for each of these regions that has any, the fact of what came back there."""
    found: dict[str, list[tuple[tuple[int, str, str], Back]]] = {region: [] for region in regions}
    wanted = set(found)
    for region, merchant, when, store in shelves.newly_restocked(ledger, wanted, moment.now):
        some = found[region]
        if len(some) == NEWEST and -some[-1][0][0] >= when:  # whatever follows is no newer
            wanted.remove(region)
            continue
        some += _backs(ledger, merchant, restocked(store, moment), zone, policy)
        some.sort(key=lambda back: back[0])
        del some[NEWEST:]
    return {r: packed(tuple(back for _, back in some)) for r, some in found.items() if some}


def _backs(
    ledger: sqlite3.Connection, merchant: str, rows: Iterable[Held], zone: str, policy: str
) -> Iterator[tuple[tuple[int, str, str], Back]]:
    """Yield what came back of what a merchant sells, each with its place: the newest first."""
    raw = ledger.execute("select record from merchants where id = ?", (merchant,)).fetchone()[0]
    record = _merchant(raw)
    products = {product.sku: product for product in record.products}
    for row in rows:
        product = products.get(row.sku)
        if product is None:
            continue
        gtin = product.gtin and same_gtin(product.gtin)
        sellers = kept.holders(ledger, f"gtin:{gtin}") if gtin else []
        shared = frozenset({gtin} if gtin and len(sellers) > 1 else ())
        price = product.price or "" if row.price is None else decimal(row.price)
        back = Back(
            merchant, record.name, record.municipality or "", row.sku, product.name,
            slug_of(merchant, product, policy, shared), price, local(row.restocked, zone),
        )  # fmt: skip
        yield (-row.restocked, merchant, row.sku), back
