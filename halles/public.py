"""Which files for machines may differ: what the site is, how it stands, who came and who closed."""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles import ledger as kept
from halles.catalogue import Catalogue, Mark
from halles.change import Change
from halles.digest import brief
from halles.facts import News, State, packed
from halles.model import Merchant
from halles.pages.news import ALL
from halles.render import Group
from halles.verdicts import last_day
from halles.zones import local

NEWEST = 50
"""What a feed tells of at most."""
ARRIVALS = 6
"""How many new merchants the front page names."""

_merchant = msgspec.msgpack.Decoder(Merchant).decode
_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode
_counts = msgspec.msgpack.Decoder(tuple[int, int, int]).decode


def public_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> Iterator[tuple[Group, bytes]]:
    """Yield the files that may differ, each with a stamp of its facts."""
    forced = change.of("public") or "about" in change.facts
    if forced:
        yield Group("public", "site"), b""
    read = change.touched.read or change.touched.merchants
    if forced or read or change.stock.moved or change.names:
        there = dict(ledger.execute("select key, stamp from groups where kind = 'public'"))
        for group in (_security(ledger, change), _state(ledger, change, catalogue)):
            stamp = brief(group.facts)
            if forced or there.get(group.key) != stamp:
                yield group, stamp


def _day(ledger: sqlite3.Connection, change: Change) -> tuple[str, str]:
    """Return the site's day, and the moment of its snapshot."""
    ground = change.stock.ground
    snapshot = local(ground.moment.now, change.zone) if ground.stamp else ""
    return last_day(ledger), snapshot


def _security(ledger: sqlite3.Connection, change: Change) -> Group:
    # Its month is all that is told of the day, so that most days change nothing.
    month = _day(ledger, change)[0][:7]
    return Group("public", "security", [("day:site", packed(month))] if month else [])


def _state(ledger: sqlite3.Connection, change: Change, catalogue: Catalogue) -> Group:
    day, snapshot = _day(ledger, change)
    known = kept.recall(ledger, "counts")
    if known is None or change.all or change.touched.read or change.touched.merchants:
        merchants, closed, products = ledger.execute(
            "select coalesce(sum(open), 0), coalesce(sum(not open), 0), "
            "coalesce(sum(products * open), 0) from merchants"
        ).fetchone()
        counts = packed((merchants, closed, products))
        if counts != known:
            kept.remember(ledger, "counts", counts)
        known = counts
    few = len(catalogue.regions), len(catalogue.categories)
    state = State(day, snapshot, *_counts(known), *few)
    return Group("public", "state", [("state:site", packed(state))])


def news_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue
) -> Iterator[tuple[Group, bytes]]:
    """Yield the feeds in which something else is new, each with a stamp of its facts."""
    forced = change.names or change.of("news")
    regions = set(catalogue.regions) if forced else set(_touched(ledger, change))
    if not regions:
        return
    there = dict(ledger.execute("select key, stamp from groups where kind = 'news'"))
    everything = [event for region in catalogue.regions for event in _newest(ledger, region)]
    told = {region: [e for e in everything if e[2] == region] for region in regions}
    told = {region: events for region, events in told.items() if region in catalogue.regions}
    told[ALL] = everything
    for key in sorted({*told, *(there if forced else ())}):
        facts = []
        if key in told:
            newest = sorted(told[key], key=lambda event: (event[0], event[1]), reverse=True)
            facts = [(f"news:{key}", packed(tuple(_news(ledger, newest[:NEWEST]))))]
        stamp = brief(facts)
        if forced or there.get(key) != stamp:
            yield Group("news", key, facts), stamp


def arrivals(ledger: sqlite3.Connection, catalogue: Catalogue) -> tuple[News, ...]:
    """Return the open merchants who came last, by the days that content gives, newest first."""
    came = [
        event
        for region in catalogue.regions
        for event in _newest(ledger, region)
        if event[0].endswith(b" added") and _is_open(ledger, event[1])
    ]
    came.sort(key=lambda event: (event[0], event[1]), reverse=True)
    return tuple(_news(ledger, came[:ARRIVALS]))


def news_moved(ledger: sqlite3.Connection, change: Change) -> bool:
    """Tell whether anybody came, closed, or is told of otherwise."""
    return any(True for _ in _touched(ledger, change))


def _is_open(ledger: sqlite3.Connection, merchant: str) -> bool:
    found = ledger.execute("select open from merchants where id = ?", (merchant,)).fetchone()
    return bool(found and found[0])


def _touched(ledger: sqlite3.Connection, change: Change) -> Iterator[str]:
    """Yield the regions whose feed speaks of a merchant that was touched, then or now."""
    for key in change.touched.members:
        if key.startswith("news:"):
            yield key.removeprefix("news:")
    for handful in kept.in_handfuls(change.touched.merchants):
        rows = ledger.execute(
            f"select marks from merchants where id in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        for (marks,) in rows:
            for mark in _marks(marks):
                if mark.key.startswith("news:"):
                    yield mark.key.removeprefix("news:")


def _newest(ledger: sqlite3.Connection, region: str) -> Iterator[tuple[bytes, str, str]]:
    """Yield (day and what, merchant, region) of a region's newest events."""
    rows = ledger.execute(
        "select sort, id from marks where key = ? order by sort desc, id desc limit ?",
        (f"news:{region}", NEWEST),
    )
    yield from ((sort, merchant, region) for sort, merchant in rows)


def _news(ledger: sqlite3.Connection, events: list[tuple[bytes, str, str]]) -> Iterator[News]:
    for sort, merchant, region in events:
        row = ledger.execute("select record from merchants where id = ?", (merchant,)).fetchone()
        record = _merchant(row[0])
        day, _, what = sort.decode().partition(" ")
        yield News(merchant, record.name, record.municipality or "", region, what, day)
