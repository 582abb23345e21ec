"""Shards of live stock: which differ, and the manifest that names them all."""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles.change import Change
from halles.digest import brief
from halles.facts import Raw, packed
from halles.render import Group
from halles.stock import shelves
from halles.stock.shown import EMPTY, shard_stamp


def shard_groups(ledger: sqlite3.Connection, change: Change) -> Iterator[tuple[Group, bytes]]:
    """Yield the shards of live stock that differ, and the manifest that names them all."""
    ground, dirty = change.stock.ground, change.stock.dirty
    if not (change.all or change.stock.moved or any(dirty.values())):
        return
    there = {key for (key,) in ledger.execute("select key from groups where kind = 'shard'")}
    if not ground.stamp and not there:
        return
    hashes = shelves.hashes(ledger, ground.shards if ground.stamp else 0)
    for family in shelves.FAMILIES:
        numbers = set(range(ground.shards)) if change.all else dirty[family]
        used = [n for n in numbers if n < ground.shards and ground.stamp]
        bodies = shelves.shard_bodies(ledger, family, used)
        for number in sorted(numbers):
            key, at = f"{family}{number}", len(EMPTY) * number
            body = bodies.get(number, b"")
            if number < ground.shards and ground.stamp:
                hashes[family][at : at + len(EMPTY)] = shard_stamp(body)
            if body or key in there:
                facts = [(f"raw:{key}", packed(Raw(body)))] if body else []
                yield Group("shard", key, facts), b""
    shelves.remember_hashes(ledger, hashes)
    names = {family: found.hex() for family, found in hashes.items()}
    facts = []
    if ground.stamp:
        manifest = msgspec.json.encode({"at": ground.moment.now, **names})
        facts = [("raw:manifest", packed(Raw(manifest)))]
    yield Group("shard", "manifest", facts), brief(facts)
