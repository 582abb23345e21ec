"""Bundles on their way to output/: which are to be made, making them, and what names them.

What stands in the ledger of what is to be made is forgotten before anything is written.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles.addresses import Ways, file_of
from halles.catalogue import Catalogue
from halles.change import Change
from halles.publish import Output
from halles.search.bundle import SITE, BundleJob, BundleWork, Made, pack_job, unpack_made
from halles.search.claims import (
    KIND,
    Desk,
    Todo,
    Told,
    files_of,
    forget,
    forget_group,
    key_of,
    keys_of,
)
from halles.search.listed import Shelf
from halles.search.listing import list_bundles
from halles.search.pagefind import Indexer
from halles.search.places import site_records
from halles.search.sought import may_move, seek
from halles.search.wanted import Wanted, holders, the_site, wanted
from halles.search.whose import GTIN, whose

_pack = msgspec.msgpack.Encoder().encode
Run = Callable[[Callable[[bytes], bytes], Iterable[bytes], int], Iterator[bytes]]
"""Does batches of work somewhere; the number tells how much there is."""


def consider(
    ledger: sqlite3.Connection,
    change: Change,
    catalogue: Catalogue,
    ways: Ways,
    indexer: Indexer | None,
    engine: bytes,
    run: Run,
) -> Todo:
    """Return what is to be made or taken away, and forget it.

    Without an indexer there is no search at all, nor bundles of earlier days: a site depends on
    its content and its tools, never on what it once was.
    """
    if indexer is None:
        return _withdraw(ledger)
    made_by = engine[:8] + indexer.make.encode()
    left = kept.recall(ledger, "search left")
    other = kept.recall(ledger, "search made by") != made_by
    if not (other or left is not None or may_move(ledger, change, ways.languages)):
        return Todo()
    moved = seek(ledger, change, catalogue, ways.languages, run)
    kept.remember(ledger, "search made by", made_by)
    ledger.execute("delete from meta where name = 'search left'")
    rows = ledger.execute(_STANDING).fetchall()
    regions = set(moved.regions) | set(msgspec.msgpack.decode(left) if left else ())
    if other or moved.anew:
        regions = {region for _, _, region, _ in rows}
        regions |= {r for (r,) in ledger.execute("select distinct region from sought")}
    todo = Todo(moved=moved, relist=other or moved.anew)
    todo.trusted = not change.unfinished
    found = {(w.lang, w.cut.name): w for w in wanted(ledger, regions, moved, catalogue, made_by)}
    site = the_site(catalogue, ways, made_by)
    found[site.lang, site.cut.name] = site
    kept_keys = set()
    for lang, name, region, stamp in rows:
        each = found.get((lang, name))
        if each is not None and each.stamp == stamp:
            del found[lang, name]
            kept_keys.add(key_of(lang, name))
        elif each is not None or region in regions:
            forget(ledger, todo, lang, name, region)
    todo.wanted = sorted(found.values(), key=lambda w: (-w.count, w.lang, w.cut.name))
    for each in todo.wanted:
        forget(ledger, todo, each.lang, each.cut.name, each.region)
    if todo.relist:
        for key in keys_of(ledger):
            if key not in kept_keys:
                forget_group(ledger, todo, key)
    return todo


_STANDING = """
select lang, name, region, b.stamp from bundles b
join groups g on g.kind = 'search' and g.key = lang || '/' || name
"""
"""Bundles whose files are claimed: a site that was deleted by hand leaves rows without any."""


def _withdraw(ledger: sqlite3.Connection) -> Todo:
    """Take all of search away."""
    todo = Todo()
    for key in keys_of(ledger):
        forget_group(ledger, todo, key)
    if kept.recall(ledger, "search made by") is not None:
        ledger.execute("delete from bundles")
        ledger.execute("delete from sought")
        ledger.execute("delete from meta where name in ('search', 'search made by', 'search left')")
    return todo


def make(
    ledger: sqlite3.Connection,
    todo: Todo,
    catalogue: Catalogue,
    ways: Ways,
    indexer: Indexer | None,
    root: Path,
    run: Run,
) -> Told:
    """Make the bundles, publish them with what names them, and take the former ones away."""
    output = Output(root / "output")
    desk = Desk(ledger, todo, output)
    if todo.wanted and todo.moved is not None and indexer is not None:
        scratch = root / ".halles" / "search"
        scratch.mkdir(parents=True, exist_ok=True)
        work = BundleWork(todo.moved.bearing, indexer, root / "output", scratch)
        asked = {(w.lang, w.cut.name): w for w in todo.wanted}
        jobs = _jobs(ledger, todo, catalogue, ways)
        for answer in run(work, jobs, sum(w.count for w in todo.wanted)):
            made = unpack_made(answer)
            with kept.together(ledger):
                _keep(desk, asked[made.lang, made.name], made)
    if todo and todo.moved is not None:
        with kept.together(ledger):
            if desk.told.failed:
                left = sorted({made.region for made in desk.told.failed})
                kept.remember(ledger, "search left", _pack(left))
            list_bundles(desk, ways.languages)
    claimed = {page.path for (raw,) in _groups(ledger, todo) for page in files_of(raw)}
    for path in sorted({p.path for of in todo.before.values() for p in of} - claimed):
        output.remove(file_of(path))
        desk.told.gone.append(path)
    return desk.told


def _groups(ledger: sqlite3.Connection, todo: Todo) -> Iterable[tuple[bytes]]:
    return ledger.execute("select pages from groups where kind = ?", (KIND,)) if todo else ()


def _jobs(
    ledger: sqlite3.Connection, todo: Todo, catalogue: Catalogue, ways: Ways
) -> Iterator[bytes]:
    """Yield the bundles to make, with what their records are made of, read when its turn comes."""
    assert todo.moved is not None
    policy = todo.moved.bearing.policy
    for each in todo.wanted:
        job = BundleJob(each.lang, each.region, each.cut, known=_before(todo, each))
        if each.cut.name == SITE:
            job.records = list(site_records(catalogue, ways))
        else:
            whos = sorted({who for who, _, _ in holders(ledger, each.region, each.cut)})
            merchants = [who for who in whos if not who.startswith(GTIN)]
            gtins = [who.removeprefix(GTIN) for who in whos if who.startswith(GTIN)]
            job.whose = whose(ledger, merchants, gtins, policy)
        yield pack_job(job)


def _before(todo: Todo, each: Wanted) -> str:
    """Return where a bundle stood, if that can be relied on."""
    files = todo.before.get(key_of(each.lang, each.cut.name), []) if todo.trusted else []
    entry = next((f.path for f in files if f.path.endswith("/files.json")), "")
    return entry.removesuffix("files.json")


def _keep(desk: Desk, wanted: Wanted, made: Made) -> None:
    """Remember a bundle, now in place; one that could not be made is tried again next time."""
    if made.failed:
        desk.told.failed.append(made)
        return
    cut = wanted.cut
    shelf = Shelf(
        made.lang, made.name, made.region, cut.kind, cut.category, made.path, made.records,
        made.meta, made.whole,
    )  # fmt: skip
    desk.ledger.execute(
        "insert or replace into bundles values (?, ?, ?, ?, ?, ?)",
        (made.lang, made.name, made.region, wanted.stamp, _pack(shelf), made.words),
    )
    desk.claim(key_of(made.lang, made.name), made.files, wanted.why)
