"""What pages and shards show of an offer's stock: pure functions of what feeds said, and when.

Times are seconds since 1970, UTC. *Now* is the time of the newest accepted snapshot, so that the
same state shows the same on any machine, on any day.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

import msgspec
from msgspec import Struct

from halles.digest import digest

UNKNOWN, IN_STOCK, LIMITED, OUT_OF_STOCK, ON_DISPLAY = range(5)
STATES = ("unknown", "in_stock", "limited", "out_of_stock", "on_display_to_order")
"""By number; the numbers stand in shards and in the state."""
BEST_FIRST: Mapping[str, int] = {
    "in_stock": 0, "limited": 1, "on_display_to_order": 2, "unknown": 3, "out_of_stock": 4
}  # fmt: skip
THERE = (IN_STOCK, LIMITED)
EMPTY = b"\0\0\0\0"
"""What stands for a shard that holds nothing, and is no file."""
A_DAY = 86_400


class Held(Struct, frozen=True, array_like=True):
    """What feeds said of one offer. Prices are in cents."""

    sku: str
    state: int
    since: int
    """When this state began."""
    quantity: int | None = None
    price: int | None = None
    sale: int | None = None
    sale_from: int | None = None
    sale_until: int | None = None
    restocked: int = 0
    """When it was last out of stock and came back."""
    seen: int = 0
    """When it was last confirmed, where that is not when its store was."""


class Store(Struct, frozen=True, array_like=True):
    """What feeds said of one store: its offers, and when it was last heard of."""

    seen: int
    rows: tuple[Held, ...]


class Moment(Struct, frozen=True, array_like=True):
    """When stock is looked at: the newest snapshot's time, and the age at which a word expires."""

    now: int = 0
    expires: int = 7 * A_DAY


class Stocked(Struct, frozen=True, array_like=True):
    """A fact: what a page says of an offer's stock. ``since`` of the unknown is its last word."""

    state: str
    since: int
    price: int | None = None
    sale: int | None = None
    sale_until: int | None = None
    stale: bool = False
    """Whether the price was said too long ago to be repeated."""
    restocked: int = 0
    """When it came back, of what is there."""


unpack_store = msgspec.msgpack.Decoder(Store).decode
_json = msgspec.json.Encoder().encode


def expired(row: Held, store: Store, moment: Moment) -> bool:
    """Tell whether what was said of an offer is too old to be repeated."""
    return (row.seen or store.seen) + moment.expires < moment.now


def on_sale(row: Held, moment: Moment) -> bool:
    """Tell whether an offer's sale price holds at that moment."""
    begun = row.sale_from is None or row.sale_from <= moment.now
    over = row.sale_until is not None and row.sale_until <= moment.now
    return row.sale is not None and begun and not over


def shown(row: Held, store: Store, moment: Moment) -> Stocked:
    """Return what pages say of an offer; the price goes with the state when it is too old."""
    if row.state == UNKNOWN or expired(row, store, moment):
        return Stocked(STATES[UNKNOWN], row.seen or store.seen, row.price, stale=True)
    sale = on_sale(row, moment)
    return Stocked(
        STATES[row.state], row.since, row.price,
        row.sale if sale else None, row.sale_until if sale else None,
        restocked=row.restocked if row.state in THERE else 0,
    )  # fmt: skip


def restocked(store: Store, moment: Moment) -> Iterator[Held]:
    """Yield the offers that came back and are there."""
    for row in store.rows:
        if row.restocked and row.state in THERE and not expired(row, store, moment):
            yield row


def stock_of(store: Store, skus: Iterable[str], moment: Moment) -> dict[str, Stocked]:
    """Return what pages say of a store's offers; what no feed ever listed is unknown."""
    rows = {row.sku: row for row in store.rows}
    never = Stocked(STATES[UNKNOWN], 0)
    return {s: shown(rows[s], store, moment) if s in rows else never for s in skus}


def decimal(cents: int) -> str:
    """Return a price as content writes it.

    >>> decimal(650)
    '6.50'
    """
    return f"{cents // 100}.{cents % 100:02d}"


def shard_of(key: str, shards: int) -> int:
    """Return the shard of a merchant or a GTIN: a function of its name and the settings alone."""
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % shards


def shard_stamp(body: bytes) -> bytes:
    """Return what stands for a shard: in its file's name, and in the manifest."""
    return digest(body)[: len(EMPTY)] if body else EMPTY


def live(row: Held, store: Store, moment: Moment) -> list[int | None]:
    """Return an offer as it stands in a shard: state, quantity, price, sale, its end, when seen.

    What is nothing at the end is cut; when seen is left out where the store's own time holds.
    """
    if row.state == UNKNOWN or expired(row, store, moment):
        found: list[int | None] = [UNKNOWN]
    else:
        sale = on_sale(row, moment)
        found = [
            row.state, row.quantity, row.price,
            row.sale if sale else None, row.sale_until if sale else None,
        ]  # fmt: skip
    if row.seen and row.seen != store.seen:
        return [*found, *[None] * (5 - len(found)), row.seen]
    while found[-1] is None:
        found.pop()
    return found


def fragment(merchant: str, store: Store, skus: Iterable[str], moment: Moment) -> bytes:
    """Return a merchant as it stands in its shard: its offers, and when they were confirmed.

    The time is left out where it is the newest moment.
    """
    wanted = set(skus)
    said: dict[str, object] = {} if store.seen == moment.now else {"t": store.seen}
    said["o"] = {r.sku: live(r, store, moment) for r in store.rows if r.sku in wanted}
    return entry(merchant, said)


def entry(key: str, said: object) -> bytes:
    """Return one of a shard's entries: a piece of JSON, to be joined with others by commas."""
    return b"%s:%s" % (_json(key), _json(said))
