"""Which files of maps differ: a region's where a point or its outline moved; at first, all."""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles import ledger as kept
from halles.boundaries import boundaries
from halles.catalogue import Catalogue
from halles.change import Change, Sources
from halles.digest import digest
from halles.facts import packed
from halles.maps.frames import frames_of
from halles.maps.ground import Ground, grounds, stamp_of
from halles.pointfiles import moved, points_of
from halles.render import Group

_grounds = msgspec.msgpack.Decoder(dict[str, Ground]).decode


def chart_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> Iterator[Group]:
    """Yield the regions of which a picture or an export differs."""
    sources = change.maps
    differ = set(moved(change, catalogue))
    stamp = _stamp(catalogue, sources) if sources else b""
    anew = stamp != (kept.recall(ledger, "map stamp") or b"")
    if not (differ or anew or change.all or change.facts):
        return
    there = {key for (key,) in ledger.execute("select key from groups where kind = 'chart'")}
    here = _ground(ledger, catalogue, sources, stamp, anew) if sources else {}
    if anew or change.names or change.of("chart"):
        differ = here.keys() | there
    for key in sorted((differ & here.keys()) | (there - here.keys())):
        facts = []
        if key in here:
            facts = [(f"ground:{key}", packed(here[key]))]
            facts.append((f"points:{key}", packed(tuple(points_of(ledger, key)))))
        yield Group("chart", key, facts)


def _stamp(catalogue: Catalogue, sources: Sources) -> bytes:
    """Return what stands for all that the ground is drawn from."""
    names = [(r.id, r.code, r.name) for r in catalogue.regions.values()]
    outlines = sources.outlines[1] if sources.outlines else ""
    frames = frames_of(catalogue.regions)
    return digest(packed((frames, names, outlines, stamp_of(sources.modules))))


def _ground(
    ledger: sqlite3.Connection, catalogue: Catalogue, sources: Sources, stamp: bytes, anew: bool
) -> dict[str, Ground]:
    """Return what lies under each picture; it is drawn again only if it may differ."""
    known = kept.recall(ledger, "map")
    if known is not None and not anew:
        return _grounds(known)
    regions = catalogue.regions.values()
    outlines = boundaries(*sources.outlines, regions) if sources.outlines else None
    found = grounds(frames_of(catalogue.regions), sources.modules, outlines)
    kept.remember(ledger, "map", packed(found))
    kept.remember(ledger, "map stamp", stamp)
    return found
