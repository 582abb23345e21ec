"""Towns and postal codes with their centres, for a reader who says where they are by name.

A town's centre is the middle of its open merchants; so is that of the first half of a postal code,
unless ``data/postal-codes.csv`` says where it lies. Reckoned in whole parts of a degree, so that
the order of merchants has no part in it.
"""

import sqlite3

import msgspec

from halles import ledger as kept
from halles.catalogue import FSA, TOWN, spot
from halles.centroids import GRAIN, centres
from halles.change import Change
from halles.digest import brief, digest
from halles.facts import Raw, packed
from halles.render import Group
from halles.text import collation_key

_FINE = 1_000_000

_told = msgspec.msgpack.Decoder(tuple[str, bytes]).decode


def towns_path(ledger: sqlite3.Connection, change: Change) -> tuple[str, Group | None]:
    """Return where the towns are published, and the file where it differs."""
    stamp = brief(change.centroids)
    known = kept.recall(ledger, "towns")
    moved = any(key.startswith((TOWN, FSA)) for key in change.touched.members)
    if known is not None and not moved and not change.all:
        path, before = _told(known)
        if before == stamp:
            return path, None
    body = _body(ledger, change.centroids)
    path = f"/points/of/towns.{digest(body).hex()[:10]}.json"
    kept.remember(ledger, "towns", packed((path, stamp)))
    return path, Group("towns", "towns", [("raw:towns", packed(Raw(body)))])


def _body(ledger: sqlite3.Connection, centroids: bytes) -> bytes:
    towns = [
        (name, region, *centre)
        for key in kept.keys_between(ledger, TOWN, f"{TOWN[:-1]};")
        for region, _, name in [key.removeprefix(TOWN).partition("/")]
        for centre in [_centre(ledger, key)]
    ]
    towns.sort(key=lambda town: (collation_key(town[0]), town[1]))
    codes = {
        key.removeprefix(FSA): _centre(ledger, key)
        for key in kept.keys_between(ledger, FSA, f"{FSA[:-1]};")
    }
    codes |= dict(centres(centroids))
    told = {"v": 1, "grain": GRAIN, "towns": towns, "codes": dict(sorted(codes.items()))}
    return msgspec.json.encode(told) + b"\n"


def _centre(ledger: sqlite3.Connection, key: str) -> tuple[int, int]:
    """Return the middle of those who carry a mark, in parts of a degree."""
    rows = ledger.execute("select sort from marks where key = ?", (key,))
    spots = [spot(sort) for (sort,) in rows]
    lat, lon = (sum(round(at * _FINE) for at in line) for line in zip(*spots, strict=True))
    return _rounded(lat, len(spots)), _rounded(lon, len(spots))


def _rounded(total: int, count: int) -> int:
    """Return a mean in whole parts of a degree; all of it in whole numbers."""
    step = count * (_FINE // GRAIN)
    return (2 * total + step) // (2 * step)
