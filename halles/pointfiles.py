"""Which files of points differ, and the manifest that names them all."""

import sqlite3
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Branch, Catalogue
from halles.change import Change
from halles.facts import Raw, packed
from halles.feasts import Almanac
from halles.icons import icon_of
from halles.model import said
from halles.pages.points import MANIFEST, WHERE
from halles.points import File, Held, Point, body_of, box_of, counted, cut, path_of
from halles.render import Group

_point = msgspec.msgpack.Decoder(Point).decode
_held = msgspec.msgpack.Decoder(dict[str, Held]).decode


def points_of(ledger: sqlite3.Connection, region: str) -> list[Point]:
    """Return the points of a region, by id."""
    rows = ledger.execute("select body from points where region = ? order by merchant", (region,))
    return [_point(body) for (body,) in rows]


def moved(change: Change, catalogue: Catalogue) -> dict[str, set[str] | None]:
    """Return the regions in which a point differs, and under which roots; None: under any."""
    if change.all or "almanac" in change.facts:
        return dict.fromkeys(catalogue.regions)
    found: dict[str, set[str] | None] = {}
    for key in change.touched.points:
        region, _, root = key.partition("/")
        found.setdefault(region, set()).add(root)  # type: ignore[union-attr]
    for name in change.facts:  # a region that came has merchants who were there before
        family, _, region = name.partition(":")
        if family == "region":
            found[region] = None
        elif family == "category":  # a branch that moved is counted elsewhere
            for every in catalogue.regions:
                found.setdefault(every, set())
    return found


def point_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue, ways: Ways, year: Almanac
) -> Iterator[tuple[Group, bytes]]:
    """Yield the files that differ, and the manifest, whose stamp is what it says of regions."""
    differ = moved(change, catalogue)
    if not (differ or change.all or change.facts):
        return
    there = dict(ledger.execute("select key, stamp from groups where kind = 'points'"))
    before = _held(there.pop(MANIFEST)) if MANIFEST in there else {}
    now = {r: before[r] for r in catalogue.regions if r in before and r not in differ}
    for region, roots in differ.items():
        here = points_of(ledger, region) if region in catalogue.regions else []
        known = before[region].files if roots is not None and region in before else {}
        files, bodies = filed(region, here, roots, known, year)
        for root, raws in bodies.items():
            yield Group("points", f"{region}/{root}", _facts(raws)), b""
        if here:
            now[region] = Held(len(here), box_of(here), counted(here, catalogue), files)
    wanted = {f"{region}/{root}" for region, held in now.items() for root in held.files}
    yield from ((Group("points", key), b"") for key in sorted(there.keys() - wanted))
    body = _manifest({r: now[r] for r in sorted(now)}, catalogue, ways, year)
    yield Group("points", MANIFEST, _facts([(WHERE, body)])), packed(now)


def _facts(files: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Return files as facts, after the list of where they stand."""
    paths = tuple(path for path, _ in files)
    return [("ids:paths", packed(paths)), *((f"raw:{p}", packed(Raw(body))) for p, body in files)]


def filed(
    region: str,
    here: list[Point],
    roots: Collection[str] | None,
    known: dict[str, tuple[File, ...]],
    year: Almanac,
) -> tuple[dict[str, tuple[File, ...]], dict[str, list[tuple[str, bytes]]]]:
    """Return the files of a region by root, and the bodies of those that may differ."""
    under: dict[str, list[Point]] = {}
    for point in here:
        for root in point.roots:
            under.setdefault(root, []).append(point)
    files: dict[str, tuple[File, ...]] = {}
    bodies: dict[str, list[tuple[str, bytes]]] = {}
    for root in sorted(under):
        if roots is not None and root not in roots and root in known:
            files[root] = known[root]
            continue
        found = []
        for key, some in cut(under[root]):
            body = body_of(some, year)
            path = path_of(region, root, key, body)
            bodies.setdefault(root, []).append((path, body))
            found.append(File(path, len(some), box_of(some)))
        files[root] = tuple(found)
    return files, bodies


def _manifest(held: dict[str, Held], catalogue: Catalogue, ways: Ways, year: Almanac) -> bytes:
    languages = ways.languages
    at = {category: i for i, category in enumerate(catalogue.categories)}

    def names(record: Any) -> list[str]:
        return [said(record.name, lang)[0] for lang in languages]

    told = {
        "v": 1,
        "pages": {lang: ways.to(lang, "merchants") for lang in languages},
        "until": year.last[2:].replace("-", ""),
        "categories": [
            [c.id, at[c.parent] if c.parent else -1, *names(c), _icon(c, catalogue)]
            for c in catalogue.categories.values()
        ],
        "labels": [[label.id, *names(label)] for label in catalogue.labels.values()],
        "regions": [
            [r, *names(catalogue.regions[r]), h.points, h.box, [h.counts.get(c, 0) for c in at]]
            for r, h in held.items()
        ],
        "files": [
            [region, root, file.path, file.points, file.box]
            for region, h in held.items()
            for root, files in h.files.items()
            for file in files
        ],
    }
    return msgspec.json.encode(told)


def _icon(category: Branch, catalogue: Catalogue) -> str:
    return icon_of((c, catalogue.categories[c].schema or "") for c in category.way)


def almanac_of(ledger: sqlite3.Connection) -> Almanac:
    """Return the special days that hours are told for."""
    raw = kept.recall(ledger, "almanac")
    return msgspec.msgpack.decode(raw, type=Almanac) if raw else Almanac("", "")
