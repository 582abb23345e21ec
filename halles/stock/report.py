"""What is known of the stock, for a person who asks: of each store, and of one offer.

Only read: the state's own files, at the time of the newest snapshot, as pages and shards show it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from halles.stock.database import SETUP, literal, open_database, unreadable
from halles.stock.folder import Snapshot, folder
from halles.stock.shown import STATES, Held, Moment, Stocked, Store, shown

_STANDINGS = """
select s.store, s.seen, s.rows, s.quarantined, {counts}
from read_parquet({stores}) s left join (
    select store, case when gone(state, seen, $expires, $now) then 0 else state end as state
    from read_parquet({offers})
) o using (store)
group by all
order by s.seen, s.store
"""
_OFFER = """
select sku, state, since, quantity, price, sale, sale_from, sale_until, restocked, seen
from read_parquet({offers}) where store = $store and sku = $sku
"""
_HISTORY = """
select seen, state, quantity, price, sale
from read_parquet({history}, filename = true) where store = $store and sku = $sku
order by seen desc, list_position({history}, filename) desc
"""


class Standing(NamedTuple):
    """How a store stands."""

    store: str
    seen: int
    """When it was last heard of."""
    rows: int
    """Of the last feed that named it."""
    quarantined: int
    """Rows of that feed, under its name, that were refused."""
    states: dict[str, int]
    """How many of its offers are shown in each state; what has expired is unknown."""


class Said(NamedTuple):
    """What was said of an offer at some moment, where it was not what was known."""

    seen: int
    state: str
    quantity: int | None
    price: int | None
    sale: int | None


class Known(NamedTuple):
    """What is known of an offer: as feeds said it, as pages show it, and what was said before."""

    held: Held
    shown: Stocked
    history: tuple[Said, ...]
    """Newest first."""


class Nowhere(NamedTuple):
    """No feed ever named this store, or listed this offer in it; and those there are."""

    kind: str
    """``store`` or ``sku``."""
    known: tuple[str, ...]


def standings(root: Path, snapshot: Snapshot, moment: Moment) -> list[Standing]:
    """Return how each store stands, the most worrying first: who has been silent the longest."""
    columns = ", ".join(f"count(*) filter (o.state = {n})" for n in range(len(STATES)))
    query = _STANDINGS.format(counts=columns, **_files(root, snapshot))
    given = {"expires": moment.expires, "now": moment.now}
    with _reading(root) as database:
        found = database.execute(query, given).fetchall()
    return [
        Standing(store, seen, rows, quarantined, dict(zip(STATES, counts, strict=True)))
        for store, seen, rows, quarantined, *counts in found
    ]


def look_up(
    root: Path, snapshot: Snapshot, moment: Moment, store: str, sku: str
) -> Known | Nowhere:
    """Return what is known of an offer and what was said of it before, if a feed ever listed it."""
    files = _files(root, snapshot)
    named = {"store": store, "sku": sku}
    with _reading(root) as database:
        row = database.execute(_OFFER.format(**files), named).fetchone()
        if row is None:
            return _nowhere(database, files, store)
        held = Held(*row)
        said = database.execute(_HISTORY.format(**files), named).fetchall()
    history = tuple(Said(seen, STATES[state], *rest) for seen, state, *rest in said)
    return Known(held, shown(held, Store(held.seen, ()), moment), history)


def _nowhere(database: duckdb.DuckDBPyConnection, files: dict[str, str], store: str) -> Nowhere:
    """Return which of the two names is not known, and those that are."""
    skus = f"select sku from read_parquet({files['offers']}) where store = $store"  # noqa: S608
    if found := database.execute(skus, {"store": store}).fetchall():
        return Nowhere("sku", tuple(sku for (sku,) in found))
    stores = f"select store from read_parquet({files['stores']})"  # noqa: S608
    known = tuple(name for (name,) in database.execute(stores).fetchall())
    return Nowhere("sku" if store in known else "store", () if store in known else known)


def _files(root: Path, snapshot: Snapshot) -> dict[str, str]:
    """Return the names of a state's files as literals of SQL."""
    base = folder(root)
    history = ", ".join(literal(base / name) for name in snapshot.history)
    return {
        "offers": literal(base / snapshot.offers),
        "stores": literal(base / snapshot.stores),
        "history": f"[{history}]",
    }


@contextmanager
def _reading(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Lend a database that leaves nothing behind.

    Raises:
        StockFault: a file of the state cannot be read.
    """
    with TemporaryDirectory() as scratch:
        database = open_database(Path(scratch))
        try:
            database.execute(SETUP)
            yield database
        except duckdb.Error as fault:
            raise unreadable(root, fault) from fault
        finally:
            database.close()
