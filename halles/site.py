"""The street: from a site folder to a published site, top to bottom."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sys import intern

import msgspec

from halles import ledger as kept
from halles import shelf
from halles.addresses import Ways, file_of
from halles.aftermath import pages_of, retire, settle, sweep, tell_changes
from halles.aside import aside
from halles.centroids import CENTROIDS
from halles.change import Change, Sources
from halles.course import Course
from halles.cuts import Times
from halles.digest import digest
from halles.feasts import UNTOLD, Almanac, almanac, window
from halles.findings import told
from halles.jobs import MERCHANTS_A_JOB
from halles.lock import one_at_a_time
from halles.maps import library
from halles.outcome import DEAR, Options, Outcome, spread, timed
from halles.plan import Plan
from halles.publish import Output
from halles.read.harvest import Touched
from halles.read.scan import Looking
from halles.read.smalls import Smalls
from halles.reading import beside, date_site, look_ahead, outlines_of, read_site
from halles.render import (
    Done,
    Known,
    RenderWork,
    is_page,
    kinds_using,
    make_ready,
    unpack_done,
)
from halles.search.pagefind import find_indexer
from halles.search.rules import failures, missing
from halles.search.stage import make
from halles.settings import Settings, read_settings
from halles.shared_facts import shared_facts
from halles.stock.arrival import Expected, arrive, arrived, clear_away, expected
from halles.stock.guard import Counts
from halles.stock.shelves import StockChange
from halles.theme import Theme, ThemeFault, read_theme, theme_files
from halles.verdicts import day_of_stock, last_day

PACKAGE = Path(__file__).parent
MODULES = PACKAGE.parent / "node_modules"
A_SEARCH = 1000
"""Records of a batch of search, about."""


def build(root: Path, options: Options) -> Outcome:
    """Bring output/ up to date with content/, data/, the settings and the theme."""
    outcome = Outcome()
    settings = read_settings(root / "halles.toml")
    with (
        one_at_a_time(root),
        kept.open_ledger(root / ".halles" / "ledger.db") as ledger,
        _begun(root, ledger, options) as (looking, feeds),
    ):
        with kept.together(ledger):
            site = _prepare(root, settings, ledger, options)
            with timed(outcome, "read"):
                touched, smalls = read_site(root, settings, ledger, options, outcome, looking)
                ready = aside(make_ready) if options.feeds.given else None
                stock = arrive(root, settings, ledger, touched.wares, touched.counted, feeds)
                outcome.stock = stock.counts or Counts()
                zone = settings.site.timezone
                date_site(root, ledger, touched, day_of_stock(stock.ground.moment.now, zone))
            with timed(outcome, "plan"):
                change, work = _compare(site, ledger, touched, stock, smalls)
                if ready:  # nothing may be half imported where processes are forked
                    ready()
            indexer = find_indexer(PACKAGE.parent, root) if settings.search.on else None
            run = partial(spread, options, "search", a_job=A_SEARCH)
            course = Course(
                ledger, change, smalls.catalogue, site.ways, settings.site.page_size,
                site.theme.assets, indexer, site.engine, run,
            )  # fmt: skip
            course.begin(outcome)
        with timed(outcome, "render"):
            _render(site, ledger, options, course, work, outcome)
            arrived(root, stock)
        with timed(outcome, "search"):
            made = make(ledger, course.found, smalls.catalogue, site.ways, indexer, root, run)
            outcome.written += made.written
            outcome.removed += made.gone
            outcome.why |= made.why
        with timed(outcome, "render"):
            retire(root, ledger, stock, change.unfinished, outcome)
            if change.unfinished:
                sweep(root, ledger, outcome)
            tell_changes(root, site.ways.base, ledger, change.unfinished, outcome)
            settle(ledger, bool(course), change.unfinished, outcome)
        clear_away(root, stock)
        notices = beside(ledger, smalls)
        notices += [missing()] if settings.search.on and indexer is None else []
        notices += [*library.missing(MODULES, settings.map), *failures(made.failed)]
        outcome.notices, outcome.tally = told(ledger, notices, options.most)
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
    compare: bool
    """Whether all is made again of a site that stands as the ledger says."""


@contextmanager
def _begun(
    root: Path, ledger: sqlite3.Connection, options: Options
) -> Iterator[tuple[Looking | None, Expected]]:
    """Begin what is best done side by side: looking at content/, and making feeds ready."""
    looking = look_ahead(root, ledger, options) if options.feeds.given else None
    with expected(root, options.feeds) as feeds:
        yield looking, feeds


def engine() -> bytes:
    """Return what stands for halles itself and the libraries it is locked to."""
    files = [*sorted(PACKAGE.rglob("*.py")), PACKAGE.parent / "requirements.txt"]
    return digest(b"".join(digest(f.read_bytes()) for f in files if f.is_file()))


def _prepare(root: Path, settings: Settings, ledger: sqlite3.Connection, options: Options) -> _Site:
    """Open a site folder; what an earlier halles or a full build makes void is forgotten here."""
    made_by = engine()
    # What a killed build wrote, and told nobody of, must be told: only a settled site is compared.
    settled = kept.recall(ledger, "unfinished") is None and kept.recall(ledger, "pages") is not None
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
    return _Site(root, settings, theme, ways, made_by, compare=options.full and settled)


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


def _compare(
    site: _Site,
    ledger: sqlite3.Connection,
    touched: Touched,
    stock: StockChange,
    smalls: Smalls,
) -> tuple[Change, RenderWork]:
    """Return what differs from last time, besides what was read; and the work it is for."""
    settings = site.settings.site
    today = last_day(ledger)
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
    unfinished = kept.recall(ledger, "unfinished") is not None
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
        unfinished=unfinished,
        all=bool(changed_ground) or unfinished,
    )
    work = RenderWork(
        site.theme,
        site.ways,
        settings.product_pages,
        settings.page_size,
        Times(today, stock.ground.moment, stock.ground.shards, settings.timezone),
        shared,
        site.root / "output",
        site.engine[:8],
        site.compare,
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


def _render(
    site: _Site,
    ledger: sqlite3.Connection,
    options: Options,
    course: Course,
    work: RenderWork,
    outcome: Outcome,
) -> None:
    """Do the plan's jobs and keep their receipts."""
    todo = course.todo
    if not todo:
        return
    work.output.mkdir(parents=True, exist_ok=True)
    gone: set[str] = set()
    effort = 1 + DEAR * len(todo.pictures) // len(todo)
    for answer in spread(
        options, "render", work, course.jobs(), len(todo), MERCHANTS_A_JOB, effort
    ):
        with kept.together(ledger):
            before = len(outcome.written)
            left: list[str] = []
            for done in unpack_done(answer):
                _keep(ledger, course.todo, done, outcome)
                (outcome.retired if done.kind == "shard" else left).extend(done.gone)
            gone.update(left)
            kept.owe(ledger, outcome.written[before:], left)
    _refuse_broken_templates(site, ledger, outcome)
    output = Output(work.output)
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
        outcome.why[receipt.path] = intern(receipt.why)  # most are the same few
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
    for page in pages_of(ledger):
        failing.pop(page.inputs[8:16], None)
    for fault in failing.values():
        raise ThemeFault(
            f"le gabarit {fault.template}, ligne {fault.line}, ne peut montrer aucune page : "
            f"{fault.why}. Rien n'a été retiré de output/ ; corrigez-le et relancez.",
            f"the template {fault.template}, line {fault.line}, cannot show any page: "
            f"{fault.why}. Nothing was taken from output/; mend it and build again.",
        )
