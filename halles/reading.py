"""The street's first half: what content/ says now, into the ledger."""

import sqlite3
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from halles import ledger as kept
from halles.checks import Bearings
from halles.notices import Notice
from halles.outcome import DEAR, Options, Outcome, begin, spread
from halles.read.context import Context, affected, context_of
from halles.read.harvest import Touched, harvest
from halles.read.pictures import FILES_A_JOB as PICTURES_A_JOB
from halles.read.pictures import look_over
from halles.read.scan import FOLDERS_A_JOB, Looking, Scan, digest_of, look, scan
from halles.read.smalls import BOUNDARIES, NO_MERCHANTS, Smalls, read_smalls
from halles.read.sources import ReadWork
from halles.settings import Settings, SettingsFault
from halles.verdicts import judge, last_day, site_day

FILES_A_JOB = 48


def read_site(
    root: Path,
    settings: Settings,
    ledger: sqlite3.Connection,
    options: Options,
    outcome: Outcome,
    looking: Looking | None = None,
) -> tuple[Touched, Smalls]:
    """Read what changed in content/, and again what is read against something that changed.

    ``looking`` is what ``look_ahead`` began.
    """
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
    found = scan(root, ledger, looking or look(root, ledger, _folders(options)))
    outcome.files = found.files
    if before != context:
        kept.remember(ledger, "context", msgspec.msgpack.encode(context))
    touched = Touched()
    if found.changed or found.removed or found.signatures or found.gone or again:
        work = ReadWork(root, bearings, policy)
        touched = _read_records(root, ledger, options, found, again, work)
        outcome.read = touched.read
    run = partial(spread, options, "read", a_job=PICTURES_A_JOB, effort=DEAR)
    look_over(root, ledger, touched, run)
    return touched, smalls


def look_ahead(root: Path, ledger: sqlite3.Connection, options: Options) -> Looking:
    """Begin to look at content/, in a process of its own where that is worth it."""
    return look(root, ledger, _folders(options), partial(begin, options))


def _folders(options: Options) -> partial[Iterator[bytes]]:
    return partial(spread, options, "read", a_job=FOLDERS_A_JOB, effort=DEAR)


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
        return spread(options, "read", work, batches, count, FILES_A_JOB)

    return harvest(root, ledger, found, again, work, run, FILES_A_JOB)


def date_site(root: Path, ledger: sqlite3.Connection, touched: Touched, stock: str) -> None:
    """Set the site's day, and look again at what several merchants may break together by it.

    ``stock`` is the day of the newest snapshot. Nothing is looked at while the day stays and no
    file was read.
    """
    before, today = last_day(ledger), max(site_day(ledger), stock)
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


def outlines_of(root: Path) -> tuple[str, str] | None:
    """Return the path and the digest of the regions' outlines, where there are any."""
    path = root / BOUNDARIES
    return (str(path), digest_of(path).hex()) if path.is_file() else None


def beside(ledger: sqlite3.Connection, smalls: Smalls) -> list[Notice]:
    """Return what there is to say of small records, and of a site without any merchant."""
    found = list(smalls.notices)
    if not ledger.execute("select 1 from sources where kind = 'merchant' limit 1").fetchone():
        found.append(NO_MERCHANTS.at("content/merchants", (0, 0)))
    return found
