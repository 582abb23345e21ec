"""Bundles on their way to output/: which are to be made, making them, and what names them.

In the ledger a bundle is a row of ``bundles`` (what it was made of, and what it said) and a group
of kind ``search``, that claims its files. Both are forgotten before anything is written.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles.addresses import Ways, file_of
from halles.catalogue import Catalogue
from halles.change import Change
from halles.digest import digest
from halles.publish import Output
from halles.render import Known
from halles.search.bundle import SITE, BundleJob, BundleWork, Made, pack_job, unpack_made
from halles.search.cut import Cut, cuts, holds
from halles.search.listed import MANIFEST, Shelf, manifest, words_file
from halles.search.pagefind import Indexer
from halles.search.places import site_records
from halles.search.sought import GTIN, Moved, may_move, seek, whose

KIND = "search"

_pack = msgspec.msgpack.Encoder().encode
_known = msgspec.msgpack.Decoder(list[Known]).decode
_words = msgspec.msgpack.Decoder(list[tuple[str, int]]).decode
Run = Callable[[Callable[[bytes], bytes], Iterable[bytes], int], Iterator[bytes]]
"""Does batches of work somewhere; the number tells how much there is."""


class Wanted(msgspec.Struct, frozen=True):
    """A bundle to make, and why. The site's own has no language, since it holds each."""

    lang: str
    region: str
    cut: Cut
    stamp: bytes
    count: int
    why: str


@dataclass(slots=True)
class Todo:
    """What to do about search."""

    wanted: list[Wanted] = field(default_factory=list)
    before: dict[str, list[Known]] = field(default_factory=dict)
    """The files of what was forgotten, by its key."""
    moved: Moved | None = None
    relist: bool = False
    """Whether to write again all that names bundles."""
    trusted: bool = True
    """Whether what was known of output/ is so."""

    def __bool__(self) -> bool:
        return bool(self.wanted or self.before or self.relist)


@dataclass(slots=True)
class Told:
    """What was done about it."""

    written: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    failed: list[Made] = field(default_factory=list)


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
    todo.trusted = kept.recall(ledger, "unfinished") is None
    found = {(w.lang, w.cut.name): w for w in _wanted(ledger, regions, moved, catalogue, made_by)}
    site = _site(catalogue, ways, made_by)
    found[site.lang, site.cut.name] = site
    kept_keys = set()
    for lang, name, region, stamp in rows:
        each = found.get((lang, name))
        if each is not None and each.stamp == stamp:
            del found[lang, name]
            kept_keys.add(_key(lang, name))
        elif each is not None or region in regions:
            _forget(ledger, todo, lang, name, region)
    todo.wanted = sorted(found.values(), key=lambda w: (-w.count, w.lang, w.cut.name))
    for each in todo.wanted:
        _forget(ledger, todo, each.lang, each.cut.name, each.region)
    if todo.relist:
        for key in _keys(ledger):
            if key not in kept_keys:
                _forget_group(ledger, todo, key)
    return todo


_STANDING = """
select lang, name, region, b.stamp from bundles b
join groups g on g.kind = 'search' and g.key = lang || '/' || name
"""
"""Bundles whose files are claimed: a site that was deleted by hand leaves rows without any."""


def _keys(ledger: sqlite3.Connection) -> list[str]:
    return [k for (k,) in ledger.execute("select key from groups where kind = ?", (KIND,))]


def _withdraw(ledger: sqlite3.Connection) -> Todo:
    """Take all of search away."""
    todo = Todo()
    for key in _keys(ledger):
        _forget_group(ledger, todo, key)
    if kept.recall(ledger, "search made by") is not None:
        ledger.execute("delete from bundles")
        ledger.execute("delete from sought")
        ledger.execute("delete from meta where name in ('search', 'search made by', 'search left')")
    return todo


def _wanted(
    ledger: sqlite3.Connection,
    regions: Iterable[str],
    moved: Moved,
    catalogue: Catalogue,
    made_by: bytes,
) -> Iterator[Wanted]:
    """Yield the bundles of some regions as they should be."""
    tree = {c.id: c.children for c in catalogue.categories.values()}
    languages = moved.bearing.languages
    for region in sorted(set(regions) - {""}):
        query = "select cell, sum(count) from sought where region = ? group by cell"
        counts = dict(ledger.execute(query, (region,)).fetchall())
        movers = sorted(set(moved.regions.get(region, ())))
        why = "new bundle" if moved.anew else _why(movers)
        for cut in cuts(region, counts, tree):
            parts: list[bytes] = []
            count = 0
            for who, rows, stamp in _holders(ledger, region, cut):
                parts.append(who.encode() + b"\0" + stamp)
                count += rows
            for i, lang in enumerate(languages):
                said = [p[: -8 * len(languages)] + _of(p, i, len(languages)) for p in parts]
                stamp = digest(made_by + b"\0".join(said))
                yield Wanted(lang, region, cut, stamp, count, why)


def _why(movers: list[str]) -> str:
    if not movers:
        return "made by another indexer, or not made yet"
    more = f" and {len(movers) - 3} more" if len(movers) > 3 else ""
    return f"{', '.join(movers[:3])}{more} changed"


def _of(part: bytes, i: int, languages: int) -> bytes:
    """Return what stands for someone's records in one language."""
    return part[-8 * languages :][8 * i : 8 * i + 8]


def _holders(ledger: sqlite3.Connection, region: str, cut: Cut) -> Iterator[tuple[str, int, bytes]]:
    """Yield who has records in a bundle, with their number and what stands for them."""
    for cell in cut.cells:
        query = "select who, count, stamp from sought where region = ? and cell = ? order by who"
        for who, count, stamp in ledger.execute(query, (region, cell)):
            if holds(cut, who):
                yield who, count, stamp


def _site(catalogue: Catalogue, ways: Ways, made_by: bytes) -> Wanted:
    records = list(site_records(catalogue, ways))
    stamp = digest(made_by + _pack(records))
    return Wanted("", "", Cut(SITE, SITE, ()), stamp, len(records), "places changed")


def _key(lang: str, name: str) -> str:
    return f"{lang}/{name}"


def _forget(ledger: sqlite3.Connection, todo: Todo, lang: str, name: str, region: str) -> None:
    """Forget a bundle, and with it all that names it."""
    ledger.execute("delete from bundles where lang = ? and name = ?", (lang, name))
    keys = [_key(lang, name), "manifest"]
    for key in [*keys, f"{lang}/{region}.words"] if region else keys:
        _forget_group(ledger, todo, key)


def _forget_group(ledger: sqlite3.Connection, todo: Todo, key: str) -> None:
    query = "select pages from groups where kind = ? and key = ?"
    row = ledger.execute(query, (KIND, key)).fetchone()
    if row:
        todo.before[key] = _known(row[0])
        ledger.execute("delete from groups where kind = ? and key = ?", (KIND, key))


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
    told, output = Told(), Output(root / "output", root / ".halles" / "scratch")
    if todo.wanted and todo.moved is not None and indexer is not None:
        scratch = root / ".halles" / "search"
        scratch.mkdir(parents=True, exist_ok=True)
        work = BundleWork(todo.moved.bearing, indexer, root / "output", scratch)
        wanted = {(w.lang, w.cut.name): w for w in todo.wanted}
        jobs = _jobs(ledger, todo, catalogue, ways)
        for answer in run(work, jobs, sum(w.count for w in todo.wanted)):
            made = unpack_made(answer)
            with kept.together(ledger):
                _keep(ledger, todo, wanted[made.lang, made.name], made, told)
    if todo and todo.moved is not None:
        with kept.together(ledger):
            _list(ledger, todo, catalogue, ways, output, told)
    claimed = {page.path for (raw,) in _groups(ledger, todo) for page in _known(raw)}
    for path in sorted({p.path for of in todo.before.values() for p in of} - claimed):
        output.remove(file_of(path))
        told.gone.append(path)
    return told


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
            whos = sorted({who for who, _, _ in _holders(ledger, each.region, each.cut)})
            merchants = [who for who in whos if not who.startswith(GTIN)]
            gtins = [who.removeprefix(GTIN) for who in whos if who.startswith(GTIN)]
            job.whose = whose(ledger, merchants, gtins, policy)
        yield pack_job(job)


def _before(todo: Todo, each: Wanted) -> str:
    """Return where a bundle stood, if that can be relied on."""
    files = todo.before.get(_key(each.lang, each.cut.name), []) if todo.trusted else []
    entry = next((f.path for f in files if f.path.endswith("/files.json")), "")
    return entry.removesuffix("files.json")


def _keep(ledger: sqlite3.Connection, todo: Todo, wanted: Wanted, made: Made, told: Told) -> None:
    """Remember a bundle, now in place; one that could not be made is tried again next time."""
    if made.failed:
        told.failed.append(made)
        return
    cut = wanted.cut
    shelf = Shelf(
        made.lang, made.name, made.region, cut.kind, cut.category, made.path, made.records,
        made.meta,
    )  # fmt: skip
    ledger.execute(
        "insert or replace into bundles values (?, ?, ?, ?, ?, ?)",
        (made.lang, made.name, made.region, wanted.stamp, _pack(shelf), made.words),
    )
    _claim(ledger, todo, _key(made.lang, made.name), made.files, wanted.why, told)


def _claim(
    ledger: sqlite3.Connection,
    todo: Todo,
    key: str,
    files: Iterable[tuple[str, bytes]],
    why: str,
    told: Told,
    note: bytes = b"",
) -> None:
    """Give a group its files; what is there by other bytes, or was not, is told of as written."""
    before = {page.path: page.body for page in todo.before.get(key, ())} if todo.trusted else {}
    pages = [Known(path, b"", stamp) for path, stamp in sorted(files)]
    ledger.execute(
        "insert or replace into groups values (?, ?, ?, ?)", (KIND, key, note, _pack(pages))
    )
    written = [page.path for page in pages if before.get(page.path) != page.body]
    told.written += written
    if written:
        entry = next((p for p in written if p.endswith("pagefind-entry.json")), written[0])
        told.why[entry] = why
    there = {page.path for page in pages}
    left = [page.path for page in todo.before.get(key, ()) if page.path not in there]
    kept.owe(ledger, written, left)


def _list(
    ledger: sqlite3.Connection,
    todo: Todo,
    catalogue: Catalogue,
    ways: Ways,
    output: Output,
    told: Told,
) -> None:
    """Write the words of the regions that moved, and the manifest, last of all."""
    if told.failed:
        kept.remember(ledger, "search left", _pack(sorted({m.region for m in told.failed})))
    moved = {(w.lang, w.region) for w in todo.wanted if w.region}
    moved |= {
        (lang, key.removesuffix(".words"))
        for lang, _, key in (k.partition("/") for k in todo.before)
        if key.endswith(".words")
    }
    if todo.relist:
        query = "select distinct lang, region from bundles where region != ''"
        moved |= set(ledger.execute(query).fetchall())
    for lang, region in sorted(moved):
        query = "select name, words from bundles where lang = ? and region = ? order by name"
        counted = [(n, _words(raw)) for n, raw in ledger.execute(query, (lang, region))]
        if counted:
            path, body = words_file(lang, region, counted)
            _put(ledger, todo, f"{lang}/{region}.words", path, body, output, told)
    shelves = [
        msgspec.msgpack.decode(raw, type=Shelf)
        for (raw,) in ledger.execute("select info from bundles order by lang, name")
    ]
    site = next((s.path for s in shelves if s.name == SITE), "")
    if not site:  # nothing can be asked without it, and nothing names what stands
        return
    query = "select key, stamp, pages from groups where kind = ? and key like '%.words'"
    words = {}
    for key, size, raw in ledger.execute(query, (KIND,)):
        lang, _, region = key.removesuffix(".words").partition("/")
        words[lang, region] = _known(raw)[0].path, int(size)
    assert todo.moved is not None
    names = {lang: terms.regions for lang, terms in todo.moved.bearing.terms.items()}
    rest = [s for s in shelves if s.name != SITE]
    body = manifest(site, ways.languages, rest, words, names)
    _put(ledger, todo, "manifest", MANIFEST, body, output, told)


def _put(
    ledger: sqlite3.Connection,
    todo: Todo,
    key: str,
    path: str,
    body: bytes,
    output: Output,
    told: Told,
) -> None:
    stamp = digest(body)[:8]
    before = {page.path: page.body for page in todo.before.get(key, ())} if todo.trusted else {}
    if before.get(path) != stamp:
        output.put(file_of(path), body)
    size = str(len(body)).encode()
    _claim(ledger, todo, key, [(path, stamp)], "bundles changed", told, size)
