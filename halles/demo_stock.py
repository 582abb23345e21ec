"""What a made-up market's tills say, hour after hour: the first snapshot, and any later one.

A row changes by what its own name, the seed and the hour give, and by nothing else: any snapshot
can be written without the ones before it, and a smaller market's is the beginning of a bigger
one's. What a row draws at a change says when the next will be, so a snapshot costs as many draws
as there were changes, however late it is.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import NamedTuple

from halles.digest import digest

SILENT, UNLISTED = 0.04, 0.03
"""Stores that no snapshot names, and offers of the others that none lists."""
SHOWN, OUT = 0.006, 0.12
"""Of the rows: to be seen there and ordered; out of stock, in every snapshot about as many."""
FLIPS = 0.2
"""Of the changes: from in stock to out of stock, or back, each as often."""
DEARER = 0.1
"""Of the other changes to what is in stock: another price. The rest is another quantity."""
HEAD = "store_code,id,quantity,availability,price,timestamp\n"
_OPENING = datetime(2026, 7, 1, 9, tzinfo=UTC)
_four = Struct("<4I").unpack


class Stall(NamedTuple):
    """What a merchant has to sell: codes, and prices in cents."""

    store: str
    offers: Sequence[tuple[str, int]]
    open: bool


class Row(NamedTuple):
    """What a snapshot says of one offer; no quantity: it is there to be seen, and ordered."""

    store: str
    sku: str
    quantity: int | None
    cents: int

    @property
    def availability(self) -> str:
        """Return the quantity in one of Google's words, by the bounds that halles has."""
        if self.quantity is None:
            return "on_display_to_order"
        if self.quantity == 0:
            return "out_of_stock"
        return "in_stock" if self.quantity > 2 else "limited_availability"


def file_name(snapshot: int) -> str:
    """Return the name of a snapshot's file."""
    return "stock.csv" if snapshot == 1 else f"stock-{snapshot}.csv"


def stamp(seed: int, snapshot: int) -> str:
    """Return the moment of every row of a snapshot: a day by the seed, and an hour each."""
    return (_OPENING + timedelta(days=seed % 28, hours=snapshot - 1)).isoformat()


def line(row: Row, when: str) -> str:
    """Return a row as it stands in the file; no code holds a comma or a quote."""
    store, sku, quantity, cents = row
    count = "" if quantity is None else quantity
    price = f"{cents // 100}.{cents % 100:02d} CAD"
    return f"{store},{sku},{count},{row.availability},{price},{when}\n"


def first(seed: int, stall: Stall) -> Iterator[Row]:
    """Yield the first that a store says of its offers: most of them, unless it is closed or mute.

    The shares leave 93 offers of open merchants in a hundred.
    """
    if not stall.open or _draw(f"{seed}:{stall.store}")[0] < SILENT:
        return
    for sku, cents in stall.offers:
        listed, kind, much, _ = _draw(f"{seed}:{stall.store}:{sku}")
        if listed >= UNLISTED:
            quantity = None if kind < SHOWN else 0 if kind < SHOWN + OUT else _plenty(much, 1)
            yield Row(stall.store, sku, quantity, cents)


class Churn:
    """The changes of every snapshot after the first, up to one: a share of the rows in each.

    A fifth of those that change flip between in stock and out of stock, and out of stock stays as
    frequent as it was; nothing else makes little of plenty or plenty of little, so that a snapshot
    changes as many states as that, and no more. What is out of stock changes its price, or flips.
    """

    def __init__(self, seed: int, share: float, snapshot: int) -> None:
        self._seed = seed
        self._last = snapshot
        self._by = [0.0]
        """How likely a row is to have changed by then, counted from its last change."""
        still = 1.0
        for _ in range(1, snapshot):
            still *= 1 - share
            self._by.append(1 - still)

    def on(self, row: Row) -> Row:
        """Return what the last snapshot says of a row, by what the first said."""
        name, cents = f"{self._seed}:{row.store}:{row.sku}:", row.cents
        at, draw = 1, _draw(f"{name}1")
        while (at := at + bisect_right(self._by, draw[3])) <= self._last:
            draw = _draw(f"{name}{at}")
            row = _changed(row, cents, draw)
        return row


def _changed(row: Row, usual: int, draw: Sequence[float]) -> Row:
    """Return another row of the same offer; ``usual`` is its first price."""
    kind, which, much, _ = draw
    quantity = row.quantity
    if quantity is not None:
        if kind < FLIPS / 2 / (1 - OUT if quantity else OUT):
            return row._replace(quantity=0 if quantity else _plenty(much, 1))
        if quantity and which >= DEARER:
            return row._replace(quantity=_another(quantity, much))
    cents = max(5, usual * (90 + int(much * 21)) // 500 * 5)
    return row._replace(cents=cents if cents != row.cents else cents + 5)


def _plenty(much: float, least: int) -> int:
    """Return a quantity: small ones are frequent, large ones rare."""
    return least + int(120 * much * much * much)


def _another(quantity: int, much: float) -> int:
    """Return another quantity that is as little, or as plenty, as this one."""
    if quantity < 3:
        return 3 - quantity
    found = _plenty(much, 3)
    return found if found != quantity else found + 1


def _draw(name: str) -> list[float]:
    """Return four numbers from 0 to 1 that a name gives, everywhere and always."""
    return [number / 4_294_967_296 for number in _four(digest(name.encode()))]
