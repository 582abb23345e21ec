"""The street: from a site folder to a published site, top to bottom."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles import shelf
from halles.addresses import Ways, file_of, path_of_file
from halles.charts import Sources
from halles.checks import Bearings
from halles.digest import digest
from halles.facts import Times
from halles.feasts import UNTOLD, Almanac, almanac, window
from halles.lock import one_at_a_time
from halles.maps import library
from halles.notices import Notice, in_order
from halles.plan import MERCHANTS_A_JOB, Change, Plan, forget, jobs, plan
from halles.publish import Output
from halles.read.context import Context, affected, context_of
from halles.read.harvest import Touched, harvest
from halles.read.pictures import FILES_A_JOB as PICTURES_A_JOB
from halles.read.pictures import LookWork, look_over
from halles.read.scan import Scan, digest_of, scan
from halles.read.smalls import BOUNDARIES, NO_MERCHANTS, Smalls, read_smalls
from halles.read.sources import ReadWork
from halles.render import (
    Done,
    Failed,
    Known,
    RenderWork,
    is_page,
    kinds_using,
    pack_job,
    unpack_done,
)
from halles.search.pagefind import find_indexer
from halles.search.rules import failures, missing
from halles.search.stage import Run, Todo, consider, make
from halles.settings import Settings, SettingsFault, read_settings
from halles.shared_facts import shared_facts
from halles.stock.arrival import Feeds, arrive, arrived, clear_away, expect
from halles.stock.guard import Counts
from halles.stock.shelves import StockChange
from halles.theme import Theme, ThemeFault, read_theme, theme_files
from halles.towns import CENTROIDS
from halles.verdicts import day_of_stock, judge, site_day

PACKAGE = Path(__file__).parent
MODULES = PACKAGE.parent / "node_modules"
FILES_A_JOB = 48
ENOUGH = 400
"""Files to read or pages to lay out from which several processes are worth their start."""

DEAR = 40
"""How many files can be read while a picture is looked at; and pages laid out while it is drawn."""

A_SEARCH = 1000
"""Records of a batch of search, about."""

SNAPSHOTS = 2
"""How many more snapshots a shard outlives the one that named it last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to build: none of it changes a byte of what comes out."""

    executor: str = ""
    workers: int = 0
    full: bool = False
    feeds: Feeds = field(default_factory=Feeds)
    report: Callable[[str, int, int], None] = lambda step, done, total: None


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a build did. Numbers of pages count pages; lists and reasons have every file."""

    notices: list[Notice] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    stock: Counts = field(default_factory=Counts)
    read: int = 0
    files: int = 0
    pages: int = 0
    grown: int = 0
    looked: int = 0
    rendered: int = 0
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    """Shards that no manifest names any more, and that an open page may still ask for."""
    why: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def build(root: Path, options: Options) -> Outcome:
    """Bring output/ up to date with content/, data/, the settings and the theme."""
    outcome = Outcome()
    settings = read_settings(root / "halles.toml")
    with one_at_a_time(root), kept.open_ledger(root / ".halles" / "ledger.db") as ledger:
        with kept.together(ledger):
            site = _prepare(root, settings, ledger, options)
            expected = expect(root, options.feeds)
            with _timed(outcome, "read"):
                touched, smalls = read_site(root, settings, ledger, options, outcome)
                stock = arrive(root, settings, ledger, touched.wares, touched.counted, expected)
                outcome.stock = stock.counts or Counts()
                zone = settings.site.timezone
                date_site(root, ledger, touched, day_of_stock(stock.ground.moment.now, zone))
            with _timed(outcome, "plan"):
                change, work = _compare(site, ledger, touched, stock, smalls)
                todo = plan(
                    ledger, change, smalls.catalogue, site.ways, settings.site.page_size,
                    site.theme.assets,
                )  # fmt: skip
                known = forget(ledger, todo)
            with _timed(outcome, "search"):
                indexer = find_indexer(PACKAGE.parent, root) if settings.search.on else None
                run = _searching(options)
                found = consider(
                    ledger, change, smalls.catalogue, site.ways, indexer, site.engine, run
                )
            unfinished = kept.recall(ledger, "unfinished") is not None
            _promise(ledger, todo, found)
        with _timed(outcome, "render"):
            _render(site, ledger, options, todo, known, work, outcome)
            arrived(root, stock)
        with _timed(outcome, "search"):
            told = make(ledger, found, smalls.catalogue, site.ways, indexer, root, run)
            outcome.written += told.written
            outcome.removed += told.gone
            outcome.why |= told.why
        with _timed(outcome, "render"):
            _retire(site, ledger, stock, unfinished, outcome)
            if unfinished:
                _sweep(site, ledger, outcome)
            _tell_changes(site, ledger, unfinished, outcome)
            _settle(site, ledger, bool(todo or found), unfinished, outcome)
        clear_away(root, stock)
        outcome.notices = notices_of(ledger, smalls)
        lacking = [missing()] if settings.search.on and indexer is None else []
        lacking += library.missing(MODULES, settings.map)
        if lacking or told.failed:
            outcome.notices = in_order([*outcome.notices, *lacking, *failures(told.failed)])
        outcome.pages = int(kept.recall(ledger, "pages") or b"0")
    return outcome


@dataclass(frozen=True, slots=True)
class _Site:
    """A site folder, opened."""

    root: Path
    settings: Settings
    theme: Theme
    ways: Ways
    engine: bytes


@contextmanager
def _timed(outcome: Outcome, step: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    outcome.seconds[step] = outcome.seconds.get(step, 0.0) + time.perf_counter() - start


def engine() -> bytes:
    """Return what stands for halles itself and the libraries it is locked to."""
    files = [*sorted(PACKAGE.rglob("*.py")), PACKAGE.parent / "requirements.txt"]
    return digest(b"".join(digest(f.read_bytes()) for f in files if f.is_file()))


def _prepare(root: Path, settings: Settings, ledger: sqlite3.Connection, options: Options) -> _Site:
    """Open a site folder; what an earlier halles or a full build makes void is forgotten here."""
    made_by = engine()
    if options.full:
        ledger.execute("delete from groups")
    if kept.renewed(ledger, made_by, anyway=options.full):
        if _holds_files(root / "output"):
            kept.remember(ledger, "unfinished", b"1")
    elif not _stands(root, ledger):
        ledger.execute("delete from groups")
        kept.remember(ledger, "unfinished", b"1")
    theme = _theme(root, settings, ledger)
    ways = Ways(settings.site.languages, settings.site.base_url.rstrip("/"))
    return _Site(root, settings, theme, ways, made_by)


def _holds_files(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _stands(root: Path, ledger: sqlite3.Connection) -> bool:
    """Tell whether output/ can be what the ledger says: its front door is looked at, not each file.

    A cache that was restored without the site, or a site deleted by hand, must not pass for built.
    """
    row = ledger.execute("select pages from groups where kind = 'home' and key = '404'").fetchone()
    if row is None:
        return True
    pages = msgspec.msgpack.decode(row[0], type=list[Known])
    return all((root / "output" / file_of(page.path)).is_file() for page in pages)


def _theme(root: Path, settings: Settings, ledger: sqlite3.Connection) -> Theme:
    """Return the theme, from the ledger while none of its files changed."""
    folders = (root / "themes", PACKAGE.parent / "themes")
    name, languages = settings.site.theme, settings.site.languages
    files = [(n, p.read_bytes()) for n, p in theme_files(name, folders)]
    parts = [b"%s\0%d\0%s" % (os.fsencode(n), len(b), b) for n, b in files]
    maps = library.stamp_of(MODULES, settings.map)
    stamp = digest(b"".join([",".join(languages).encode(), maps, *parts]))
    known = kept.recall(ledger, "theme")
    if known is not None and known[:16] == stamp:
        return msgspec.msgpack.decode(known[16:], type=Theme)
    theme = read_theme(name, folders, languages, library.files(MODULES, settings.map))
    if missing := _templates() - {n for of in theme.templates.values() for n in of}:
        names = ", ".join(sorted(missing))
        raise ThemeFault(
            f"il manque au thème « {name} » : {names}.", f"the theme “{name}” lacks: {names}."
        )
    kept.remember(ledger, "theme", stamp + msgspec.msgpack.encode(theme))
    return theme


def _templates() -> set[str]:
    kinds = shelf.everything("halles.pages", "PAGE").values()
    return {template for kind in kinds for template in kind.templates}


def read_site(
    root: Path,
    settings: Settings,
    ledger: sqlite3.Connection,
    options: Options,
    outcome: Outcome,
) -> tuple[Touched, Smalls]:
    """Read what changed in content/, and again what is read against something that changed."""
    if not (root / "content").is_dir():
        raise SettingsFault(
            f"il n'y a pas de dossier {root / 'content'} : est-ce le bon --root ?",
            f"there is no folder {root / 'content'}: is this the right --root?",
        )
    languages: tuple[str, ...] = settings.site.languages
    policy = settings.site.product_pages
    smalls = read_smalls(root, languages, ledger)
    outlines = outlines_of(root)
    bearings = Bearings(catalogue=smalls.catalogue, languages=languages, boundaries=outlines)
    context = context_of(smalls.catalogue, bearings, policy)
    raw = kept.recall(ledger, "context")
    before = msgspec.msgpack.decode(raw, type=Context) if raw else None
    again = affected(ledger, before, context)
    found = scan(root, ledger)
    outcome.files = found.files
    if before != context:
        kept.remember(ledger, "context", msgspec.msgpack.encode(context))
    touched = Touched()
    if found.changed or found.removed or found.signatures or found.gone or again:
        work = ReadWork(root, bearings, policy)
        touched = _read_records(root, ledger, options, found, again, work)
        outcome.read = touched.read

    def look(work: LookWork, batches: Iterable[bytes], count: int) -> Iterator[bytes]:
        return _map(options, "read", work, batches, count, PICTURES_A_JOB, DEAR)

    look_over(root, ledger, touched, look)
    return touched, smalls


def _read_records(
    root: Path,
    ledger: sqlite3.Connection,
    options: Options,
    found: Scan,
    again: set[tuple[str, str]],
    work: ReadWork,
) -> Touched:
    """Read merchants' files."""
    count = len(found.changed) + len(again)

    def run(work: ReadWork, batches: Iterable[bytes]) -> Iterator[bytes]:
        return _map(options, "read", work, batches, count, FILES_A_JOB)

    return harvest(root, ledger, found, again, work, run, FILES_A_JOB)


def date_site(root: Path, ledger: sqlite3.Connection, touched: Touched, stock: str) -> None:
    """Set the site's day, and look again at what several merchants may break together by it.

    ``stock`` is the day of the newest snapshot. Nothing is looked at while the day stays and no
    file was read.
    """
    before, today = _day(ledger), max(site_day(ledger), stock)
    touched.days = before, today
    if before != today:
        touched.cards.update(_lapsed(ledger, *sorted(touched.days)))
        kept.remember(ledger, "day", today.encode())
    if before != today or touched.seen:
        judge(root, ledger, touched.seen, before, today)


def _lapsed(ledger: sqlite3.Connection, first: str, last: str) -> Iterator[str]:
    """Yield the merchants of whom some evidence of origin ran out, or stands again."""
    for key in kept.keys_between(ledger, f"until:{first}", f"until:{last}"):
        yield from kept.holders(ledger, key)


def _day(ledger: sqlite3.Connection) -> str:
    return (kept.recall(ledger, "day") or b"").decode()


def outlines_of(root: Path) -> tuple[str, str] | None:
    """Return the path and the digest of the regions' outlines, where there are any."""
    path = root / BOUNDARIES
    return (str(path), digest_of(path).hex()) if path.is_file() else None


def _map(
    options: Options,
    step: str,
    work: Callable[[bytes], bytes],
    batches: Iterable[bytes],
    count: int,
    a_job: int,
    effort: int = 1,
) -> Iterator[bytes]:
    """Do batches of work where the options say, or where there is enough of it, in processes.

    ``effort`` is how dear one is, in files to read or pages to lay out.
    """
    workers = options.workers or len(os.sched_getaffinity(0))
    several = workers > 1 and count * effort >= ENOUGH
    name = options.executor or ("processes" if several else "inline")
    executor = shelf.take("halles.run", "EXECUTOR", name)
    options.report(step, 0, count)
    for i, answer in enumerate(executor.map(work, batches, workers), 1):
        yield answer
        options.report(step, min(i * a_job, count), count)


def _compare(
    site: _Site,
    ledger: sqlite3.Connection,
    touched: Touched,
    stock: StockChange,
    smalls: Smalls,
) -> tuple[Change, RenderWork]:
    """Return what differs from last time, besides what was read; and the work it is for."""
    settings = site.settings.site
    today = _day(ledger)
    shared = shared_facts(
        smalls.catalogue, site.settings, site.theme, site.ways, bool(stock.ground.stamp),
        _almanac(ledger, *window(today or UNTOLD)),
    )  # fmt: skip
    facts = {f"{lang} {n}": digest(raw)[:8] for lang, of in shared.items() for n, raw in of}
    closures = site.theme.closures.items()
    templates = {f"{lang} {n}": stamp for lang, of in closures for n, stamp in of.items()}
    ground = {"size": str(settings.page_size).encode(), "policy": settings.product_pages.encode()}
    changed_facts = _changed(ledger, "facts", facts)
    changed_templates = _changed(ledger, "templates", templates)
    changed_ground = _changed(ledger, "ground", ground)
    change = Change(
        touched=touched,
        facts=frozenset(changed_facts),
        kinds=frozenset(kinds_using(changed_templates)),
        stock=stock,
        zone=settings.timezone,
        policy=settings.product_pages,
        offline=settings.offline,
        maps=Sources(MODULES, outlines_of(site.root)) if site.settings.map.on else None,
        centroids=_centroids(site.root),
        all=bool(changed_ground) or kept.recall(ledger, "unfinished") is not None,
    )
    work = RenderWork(
        site.theme,
        site.ways,
        settings.product_pages,
        settings.page_size,
        Times(today, stock.ground.moment, stock.ground.shards, settings.timezone),
        shared,
        site.root / "output",
        site.root / ".halles" / "scratch",
        site.engine[:8],
    )
    return change, work


def _centroids(root: Path) -> bytes:
    """Return the table of postal codes, where the site has one."""
    try:
        return (root / CENTROIDS).read_bytes()
    except OSError:
        return b""


def _almanac(ledger: sqlite3.Connection, first: str, last: str) -> Almanac:
    """Return the special days of a window, from the ledger while it is the same."""
    raw = kept.recall(ledger, "almanac")
    if raw is not None:
        known = msgspec.msgpack.decode(raw, type=Almanac)
        if (known.first, known.last) == (first, last):
            return known
    found = almanac(first, last)
    kept.remember(ledger, "almanac", msgspec.msgpack.encode(found))
    return found


def _changed(ledger: sqlite3.Connection, name: str, now: dict[str, bytes]) -> set[str]:
    """Return which named digests differ from last time, languages apart, and remember them."""
    raw = kept.recall(ledger, name)
    before: dict[str, bytes] = msgspec.msgpack.decode(raw) if raw else {}
    if before == now:
        return set()
    kept.remember(ledger, name, msgspec.msgpack.encode(now))
    differing = (k for k in before.keys() | now.keys() if before.get(k) != now.get(k))
    return {k.partition(" ")[2] or k for k in differing}


def _searching(options: Options) -> Run:
    """Return what does the work of search where the options say."""
    return lambda work, batches, count: _map(options, "search", work, batches, count, A_SEARCH)


def _promise(ledger: sqlite3.Connection, todo: Plan, found: Todo) -> None:
    """Say in the ledger that output/ is about to change, until the build settles."""
    if todo or found:
        kept.remember(ledger, "unfinished", b"1")


def _render(
    site: _Site,
    ledger: sqlite3.Connection,
    options: Options,
    todo: Plan,
    known: dict[tuple[str, str], bytes],
    work: RenderWork,
    outcome: Outcome,
) -> None:
    """Do the plan's jobs and keep their receipts."""
    if not todo:
        return
    work.output.mkdir(parents=True, exist_ok=True)
    work.scratch.mkdir(parents=True, exist_ok=True)
    policy, now = site.settings.site.product_pages, work.times.moment.now
    batches = (pack_job(job) for job in jobs(ledger, todo, known, policy, now))
    gone: set[str] = set()
    effort = 1 + DEAR * len(todo.pictures) // len(todo)
    for answer in _map(options, "render", work, batches, len(todo), MERCHANTS_A_JOB, effort):
        with kept.together(ledger):
            before = len(outcome.written)
            left: list[str] = []
            for done in unpack_done(answer):
                _keep(ledger, todo, done, outcome)
                (outcome.retired if done.kind == "shard" else left).extend(done.gone)
            gone.update(left)
            kept.owe(ledger, outcome.written[before:], left)
    _refuse_broken_templates(site, ledger, outcome)
    output = Output(work.output, work.scratch)
    for path in sorted(gone - outcome.why.keys()):
        output.remove(file_of(path))
        if path.startswith("/media/"):  # nobody draws from what was kept of it any more
            (site.root / ".halles" / file_of(path)).unlink(missing_ok=True)
        outcome.removed.append(path)


def _keep(ledger: sqlite3.Connection, todo: Plan, done: Done, outcome: Outcome) -> None:
    """Put a group back into the ledger, its pages now in place."""
    outcome.looked += done.looked
    outcome.grown += done.grown
    outcome.rendered += sum(is_page(receipt.path) for receipt in done.receipts)
    for receipt in done.receipts:
        outcome.why[receipt.path] = receipt.why
        if receipt.what == "written":
            outcome.written.append(receipt.path)
    outcome.failed += done.failed
    if done.pages:
        stamp = todo.stamps.get((done.kind, done.key))
        ledger.execute(
            "insert or replace into groups values (?, ?, ?, ?)",
            (done.kind, done.key, stamp, done.pages),
        )


def _refuse_broken_templates(site: _Site, ledger: sqlite3.Connection, outcome: Outcome) -> None:
    """Stop before anything is taken away, where a template can show none of its pages.

    A page that its own content breaks is left out, and the rest of the market opens. A template
    that shows nothing is the theme's fault: every page of a kind would go for it.
    """
    closures = site.theme.closures
    failing = {closures[f.lang][f.page]: f for f in outcome.failed}
    if not failing:
        return
    for page in _pages(ledger):
        failing.pop(page.inputs[8:16], None)
    for fault in failing.values():
        raise ThemeFault(
            f"le gabarit {fault.template}, ligne {fault.line}, ne peut montrer aucune page : "
            f"{fault.why}. Rien n'a été retiré de output/ ; corrigez-le et relancez.",
            f"the template {fault.template}, line {fault.line}, cannot show any page: "
            f"{fault.why}. Nothing was taken from output/; mend it and build again.",
        )


def _retire(
    site: _Site, ledger: sqlite3.Connection, stock: StockChange, unfinished: bool, outcome: Outcome
) -> None:
    """Keep shards that have gone out of use for two snapshots more, and take older ones away."""
    raw = kept.recall(ledger, "retired")
    before: dict[str, int] = msgspec.msgpack.decode(raw) if raw else {}
    left = {path: n - stock.moved for path, n in before.items()}
    left |= dict.fromkeys(outcome.retired, SNAPSHOTS)
    if not stock.ground.stamp:  # no stock any more: no page asks for any
        left = dict.fromkeys(left, 0)
    used = left.keys() & outcome.why.keys()
    if unfinished:  # by a build that did not come to say so here
        used |= {page.path for page in _pages(ledger, "where kind = 'shard'")}
    left = {path: n for path, n in left.items() if path not in used}
    output = Output(site.root / "output", site.root / ".halles" / "scratch")
    for path in sorted(path for path, n in left.items() if n <= 0):
        output.remove(file_of(path))
        outcome.removed.append(path)
        del left[path]
    if left != before:
        kept.remember(ledger, "retired", msgspec.msgpack.encode(left))


def _sweep(site: _Site, ledger: sqlite3.Connection, outcome: Outcome) -> None:
    """Take away what an unfinished build may have left."""
    output = Output(site.root / "output", site.root / ".halles" / "scratch")
    claimed = {file_of(page.path) for page in _pages(ledger)}
    retired = kept.recall(ledger, "retired")
    claimed |= {file_of(path) for path in msgspec.msgpack.decode(retired)} if retired else set()
    outcome.removed += [path_of_file(file) for file in output.sweep(claimed)]


def _settle(
    site: _Site, ledger: sqlite3.Connection, changed: bool, unfinished: bool, outcome: Outcome
) -> None:
    """Say that this build is done."""
    if not changed and not unfinished:
        return
    for leftover in (site.root / ".halles" / "scratch").glob("*"):
        leftover.unlink()
    with kept.together(ledger):
        ledger.execute("delete from owed")
        if not outcome.failed:
            ledger.execute("delete from meta where name = 'unfinished'")
        kept.remember(ledger, "pages", str(_count_pages(ledger, unfinished, outcome)).encode())


def _count_pages(ledger: sqlite3.Connection, unfinished: bool, outcome: Outcome) -> int:
    """Return how many pages the site has: those before, and what came and went since."""
    if unfinished:
        return sum(is_page(page.path) for page in _pages(ledger))
    return int(kept.recall(ledger, "pages") or b"0") + outcome.grown


def _pages(ledger: sqlite3.Connection, which: str = "") -> Iterator[Known]:
    for (pages,) in ledger.execute(f"select pages from groups {which}"):  # noqa: S608
        yield from msgspec.msgpack.decode(pages, type=list[Known])


def notices_of(ledger: sqlite3.Connection, smalls: Smalls) -> list[Notice]:
    """Return everything there is to say, found now or earlier, worst first."""
    found = list(smalls.notices)
    if not ledger.execute("select 1 from sources where kind = 'merchant' limit 1").fetchone():
        found.append(NO_MERCHANTS.at("content/merchants", (0, 0)))
    for table in ("sources", "verdicts"):
        rows = ledger.execute(f"select notices from {table} where notices is not null")  # noqa: S608
        for (raw,) in rows:
            found += msgspec.msgpack.decode(raw, type=tuple[Notice, ...])
    return in_order(found)


def _tell_changes(
    site: _Site, ledger: sqlite3.Connection, unfinished: bool, outcome: Outcome
) -> None:
    """Write .halles/changes.json: what was written and removed, and which addresses to purge.

    What a build did that was killed before it could tell is told here.
    """
    written, removed = set(outcome.written), set(outcome.removed)
    if unfinished:
        there = {page.path for page in _pages(ledger)}
        earlier, gone = kept.owed(ledger)
        written |= earlier & there
        removed = (removed | earlier | gone) - there
    changes = {
        "written": sorted(written),
        "removed": sorted(removed),
        "purge": [site.ways.base + path for path in sorted(written | removed)],
    }
    path = site.root / ".halles" / "changes.json"
    scratch = path.with_suffix(".new")
    scratch.write_bytes(msgspec.json.format(msgspec.json.encode(changes), indent=1) + b"\n")
    scratch.replace(path)
