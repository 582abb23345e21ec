"""Shared checks: what several merchants together can break, looked at only where they changed."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import msgspec

from halles import findings, shelf
from halles import ledger as kept
from halles.checks import Holder, SharedCheck
from halles.model import Merchant
from halles.notices import Notice
from halles.read.yamltext import Path as Path_
from halles.read.yamltext import Spot, Unreadable, parse
from halles.zones import local

_merchant = msgspec.msgpack.Decoder(Merchant).decode
SpotOf = Callable[[str, Path_], Spot]
"""What finds the place of a value in a file, given the file and the value's path there."""
A_QUARTER = timedelta(days=92)
MANY = 2000
"""Marks beyond which one pass over the index beats looking up each."""


def shared_checks() -> dict[str, SharedCheck]:
    """Return the families of shared rules, by the mark they look at."""
    found = shelf.everything("halles.checks.shared", "CHECK").values()
    return {check.mark: check for check in found}


def judge(root: Path, ledger: sqlite3.Connection, seen: set[str], before: str, today: str) -> None:
    """Look again at every mark whose holders were read, and keep what there is to say.

    ``before`` and ``today`` are the site's day then and now; evidence that ran out in between is
    looked at too.
    """
    checks = shared_checks()
    keys = {key for key in seen if key.partition(":")[0] in checks}
    if before != today:
        first, last = sorted((before, today))
        keys.update(kept.keys_between(ledger, f"until:{first}", f"until:{last}~"))
        keys.update(kept.keys_between(ledger, f"dated:{first}", "dated;"))
    findings.forget(ledger, keys)
    spot_of = spot_finder(root)
    for key in sorted(_worth_a_look(ledger, keys, checks, today)):
        mark, _, value = key.partition(":")
        holders = _holders(ledger, key)
        findings.keep(ledger, [(key, placed(checks[mark], value, holders, today, spot_of))])


def _worth_a_look(
    ledger: sqlite3.Connection, keys: set[str], checks: dict[str, SharedCheck], today: str
) -> Iterator[str]:
    rest = set()
    for key in keys:
        mark, _, value = key.partition(":")
        alone = checks[mark].alone
        if alone is None:
            rest.add(key)
        elif alone(value, today):
            yield key
    if len(rest) < MANY:
        yield from rest
        return
    for mark in checks:
        rows = ledger.execute(
            "select key from marks where key >= ? and key < ? group by key having count(*) > 1",
            (f"{mark}:", f"{mark};"),
        )
        yield from (key for (key,) in rows if key in rest)


def _holders(ledger: sqlite3.Connection, key: str) -> list[Holder]:
    rows = ledger.execute(
        "select record, source from marks join merchants using (id) where key = ?", (key,)
    )
    found = [Holder(_merchant(record), source) for record, source in rows]
    return sorted(found, key=lambda holder: holder.source)


def placed(
    check: SharedCheck,
    value: str,
    holders: list[Holder],
    today: str,
    spot_of: SpotOf,
) -> Iterator[Notice]:
    """Yield what a family of rules says of the holders of one mark, each at its line."""
    if check.alone and not check.alone(value, today):
        return
    for holder, problem in check.find(value, holders, today):
        spot = spot_of(holder.source, problem.path)
        yield problem.rule.at(holder.source, spot, **problem.given)


def spot_finder(root: Path) -> SpotOf:
    """Return what finds the place of a value in a file, given its path there."""
    read = lru_cache(maxsize=64)(lambda source: (root / source).read_bytes())
    tree = lru_cache(maxsize=64)(lambda source: parse(read(source)))

    def find(source: str, path: Path_) -> Spot:
        try:
            return _quick_spot(read(source), path) or tree(source).spot(path)
        except (OSError, Unreadable):
            return Spot(1, 1)

    return find


def _quick_spot(body: bytes, path: Path_) -> Spot | None:
    """Return the place of a value that follows its key at the very start of a line.

    Nothing but a key of the record itself can stand there. A hundred times quicker than parsing,
    and a province has thousands of likely duplicates to tell of.
    """
    if len(path) != 1:
        return None
    match = re.search(rb"^%s: +(?=[^\s#|>&*!])" % str(path[0]).encode(), body, re.MULTILINE)
    if match is None:
        return None
    return Spot(body.count(b"\n", 0, match.start()) + 1, len(match[0]) + 1)


def last_day(ledger: sqlite3.Connection) -> str:
    """Return the site's day, as the last build had it."""
    return (kept.recall(ledger, "day") or b"").decode()


def site_day(ledger: sqlite3.Connection) -> str:
    """Return the newest date that the content gives; empty at first."""
    rows = ledger.execute(
        "select key from marks where key >= 'dated:' and key < 'dated;' order by key desc"
    )
    return day_of(key.removeprefix("dated:") for (key,) in rows)


def day_of_stock(now: int, zone: str) -> str:
    """Return the day of the newest snapshot, by the site's own clock; empty where there is none.

    The site's day is the later of this and the content's.
    """
    return local(now, zone)[:10]


def day_of(dates: Iterable[str]) -> str:
    """Return the newest of some dates that another bears out; each is a merchant's newest.

    They come newest first. A date that stands alone, more than a quarter after every other
    merchant's, is taken for a slip of the pen, and does not let the evidence of all others run
    out. Of two dates nobody can tell which is wrong, and the newer stands.
    """
    lonely: list[str] = []
    for day in dates:
        if lonely and date.fromisoformat(lonely[-1]) - date.fromisoformat(day) <= A_QUARTER:
            return lonely[-1]
        lonely.append(day)
    return lonely[len(lonely) > 2] if lonely else ""
