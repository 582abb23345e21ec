"""The database in memory that feeds are compared in, and the tables that go in and out of it."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from halles.stock.folder import Snapshot, StockFault, folder
from halles.stock.shown import Held, Store

MEMORY = "400MB"
"""What the database may hold before it goes to the disk."""
SETUP = """
create macro gone(state, seen, expires, now) as state = 0 or seen + expires < now;
create macro told(seen, now) as case when seen = now then 0 else seen end;
create macro cut(sale, sale_from, sale_until, now) as
    case when coalesce(sale_from <= now, true) and coalesce(sale_until > now, true) then sale end;
create table offers (store varchar, sku varchar, state tinyint, since bigint, seen bigint,
    quantity integer, price integer, sale integer, sale_from bigint, sale_until bigint,
    restocked bigint);
create table stores (store varchar, seen bigint, rows bigint, quarantined bigint,
    snapshot bigint);
create table quarantine (feed varchar, line bigint, reason varchar, raw varchar);
create table changes (store varchar, sku varchar, seen bigint, state tinyint, quantity integer,
    price integer, sale integer);
create table touched (store varchar, on_page boolean);
create table odd (store varchar, reason varchar);
"""
_STORES = """
select o.store, s.seen, o.sku, o.state, o.since, o.quantity, o.price, o.sale, o.sale_from,
    o.sale_until, o.restocked, case when o.seen = s.seen then 0 else o.seen end
from offers o join stores s using (store) {only}
order by o.store, o.sku
"""


def open_database(scratch: Path) -> duckdb.DuckDBPyConnection:
    """Return a database in memory that asks nobody for anything."""
    scratch.mkdir(parents=True, exist_ok=True)
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            # What it lets go of goes back to the system, not to a store of its own.
            "allocator_flush_threshold": "1MB",
            "allocator_bulk_deallocation_flush_threshold": "1MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
    )


def write_table(source: Path, path: Path) -> None:
    """Make a Parquet file of the offers that stand in a file of tabs: store, sku, GTIN."""
    columns = "{'store': 'VARCHAR', 'sku': 'VARCHAR', 'gtin': 'VARCHAR'}"
    rows = (
        f"from read_csv({literal(source)}, delim='\t', header=false, quote='', escape='', "
        f"auto_detect=false, columns={columns})"
    )
    scratch = path.with_suffix(".new")
    write_rows(open_database(source.parent), rows, scratch)
    scratch.replace(path)


def every_store(root: Path, snapshot: Snapshot, scratch: Path) -> Iterator[tuple[str, Store]]:
    """Yield all that is known of each store."""
    if snapshot.offers:
        yield from stores_of(loaded(root, snapshot, scratch), "")


def loaded(root: Path, snapshot: Snapshot, scratch: Path) -> duckdb.DuckDBPyConnection:
    """Return a database that holds a snapshot, in ``offers`` and ``stores``.

    Raises:
        StockFault: its files are not what was written.
    """
    database = open_database(scratch)
    database.execute(SETUP)
    if snapshot.offers:
        for table, name in (("offers", snapshot.offers), ("stores", snapshot.stores)):
            path = literal(folder(root) / name)
            try:
                database.execute(f"insert into {table} by name from read_parquet({path})")
            except duckdb.Error as fault:
                database.close()
                raise unreadable(root, fault) from fault
    return database


def unreadable(root: Path, fault: Exception) -> StockFault:
    """Return what is said where a file of data/stock/ is not what was written."""
    where, (why, *_) = folder(root), str(fault).splitlines() or [""]
    return StockFault(
        f"{where} est illisible ({why}). Si un build était en cours, redemandez ; sinon, "
        "rétablissez-le de votre dépôt ou de votre cache, ou revenez en arrière : stock rollback.",
        f"{where} cannot be read ({why}). If a build was under way, ask again; else restore it "
        "from your repository or cache, or go back: stock rollback.",
    )


def stores_of(database: duckdb.DuckDBPyConnection, only: str) -> Iterator[tuple[str, Store]]:
    """Yield what the database holds of each store, or of ``only`` some: a join in SQL."""
    rows = database.execute(_STORES.format(only=only))

    def each() -> Iterator[tuple[Any, ...]]:
        while some := rows.fetchmany(20_000):
            yield from some

    for (store, seen), held in groupby(each(), key=lambda row: row[:2]):
        yield store, Store(int(seen), tuple(Held(*row[2:]) for row in held))


def write_rows(database: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write what a query finds to a Parquet file."""
    database.execute(f"copy ({query}) to {literal(path)} (format parquet, compression zstd)")


def literal(text: Path | str) -> str:
    """Return a path or a word as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"
