"""A plan's work, in batches that can travel: groups, and the records that they show."""

import sqlite3
from collections.abc import Iterator, Mapping

import msgspec

from halles import ledger as kept
from halles.catalogue import Mark
from halles.change import LISTINGS
from halles.facts import Outlet, Slice, packed
from halles.holdings import filled
from halles.neighbours import lists_of
from halles.outlets import outlets_of
from halles.plan import Plan
from halles.read.pictures import MARK as MEDIA
from halles.read.pictures import negative_of
from halles.render import NOTHING, Group, Job
from halles.stock.shelves import stock_of

_unpack_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode
MERCHANTS_A_JOB = 24
PAGES_A_JOB = 40


def forget(ledger: sqlite3.Connection, found: Plan) -> dict[tuple[str, str], bytes]:
    """Take the groups out of the ledger and return what it knew of them."""
    known: dict[tuple[str, str], bytes] = {}
    if not ledger.execute("select 1 from groups limit 1").fetchone():
        return known
    keys = list(found.keys())
    for kind, key in keys:
        row = ledger.execute(
            "select pages from groups where kind = ? and key = ?", (kind, key)
        ).fetchone()
        if row:
            known[kind, key] = row[0]
    ledger.executemany("delete from groups where kind = ? and key = ?", known)
    return known


def jobs(
    ledger: sqlite3.Connection,
    found: Plan,
    known: Mapping[tuple[str, str], bytes],
    policy: str,
    now: int,
) -> Iterator[Job]:
    """Yield the work, in batches: merchants, then GTINs, then everything else.

    ``now`` is the moment of the stock.
    """

    def before(kind: str, key: str) -> msgspec.Raw:
        return msgspec.Raw(known.get((kind, key), NOTHING))

    # A picture takes as long as a hundred pages: first, and each a job of its own.
    for stem in sorted(found.pictures):
        negative = negative_of(ledger, stem)
        facts = [(f"plate:{stem}", packed(negative))] if negative else []
        yield Job([Group("picture", stem, facts, known=before("picture", stem))], {})
    for handful in kept.in_handfuls(sorted(found.merchants), MERCHANTS_A_JOB):
        near = lists_of(ledger, handful)
        groups = [
            Group("merchant", m, [(f"near:{m}", near[m])] if m in near else [],
                  known=before("merchant", m))
            for m in handful
        ]  # fmt: skip
        yield _job(ledger, groups, {m: [m] for m in handful}, policy, now)
    for handful in kept.in_handfuls(sorted(found.gtins), MERCHANTS_A_JOB):
        sellers = {g: kept.holders(ledger, f"gtin:{g}") for g in handful}
        least = {"all": 1, "shared": 2}.get(policy, 1 << 30)
        sellers = {g: sorted(ids) if len(ids) >= least else [] for g, ids in sellers.items()}
        groups = [Group("product", g, known=before("product", g)) for g in handful]
        yield _job(ledger, groups, sellers, policy, now)
    rest = [found.others[pair] for pair in sorted(found.others)]
    for start in range(0, len(rest), PAGES_A_JOB):
        groups = rest[start : start + PAGES_A_JOB]
        for group in groups:
            group.known = before(group.kind, group.key)
        yield Job(_with_cards(ledger, groups), {})
    for key in sorted(found.data):
        group = filled(ledger, key, found.data[key])
        group.known = before("data", key)
        yield Job([group], {})


def _job(
    ledger: sqlite3.Connection,
    groups: list[Group],
    shown: Mapping[str, list[str]],
    policy: str,
    now: int,
) -> Job:
    ids = sorted({m for group in groups for m in shown[group.key]})
    records: dict[str, msgspec.Raw] = {}
    shared: dict[str, tuple[str, ...]] = {}
    said: dict[str, msgspec.Raw] = {}
    plates: dict[str, list[tuple[str, bytes]]] = {}
    outlets: dict[str, tuple[Outlet, ...]] = {}
    sources: dict[str, bytes] = {}
    for handful in kept.in_handfuls(ids):
        rows = ledger.execute(
            "select id, record, marks, source from merchants where id in "  # noqa: S608
            f"({kept.places(len(handful))})",
            handful,
        )
        for merchant, record, marks, source in rows:
            sources[merchant] = packed(source)
            records[merchant] = msgspec.Raw(record)
            if b"media:" in marks:
                plates[merchant] = list(_plates(ledger, _unpack_marks(marks)))
            if b"neq:" in marks:
                outlets[merchant] = outlets_of(ledger, merchant, _unpack_marks(marks))
            if policy == "shared":
                shared[merchant] = tuple(_shared(ledger, _unpack_marks(marks)))
        said |= {m: msgspec.Raw(raw) for m, raw in stock_of(ledger, handful, now).items()}
    for group in groups:
        if group.kind == "merchant" and group.key in sources:
            group.facts.append((f"file:{group.key}", sources[group.key]))
        if group.kind == "merchant" and outlets.get(group.key):
            group.facts.append((f"branches:{group.key}", packed(outlets[group.key])))
        group.merchants = tuple(m for m in shown[group.key] if m in records)
        group.shared = tuple(g for m in group.merchants for g in shared.get(m, ()))
        for merchant in group.merchants if plates else ():
            group.facts += plates.get(merchant, ())
    return Job(groups, records, said)


def _plates(ledger: sqlite3.Connection, marks: tuple[Mark, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield what can be shown of the pictures that a merchant names."""
    for file in (m.key.removeprefix(MEDIA) for m in marks if m.key.startswith(MEDIA)):
        folder, _, name = file.rpartition("/")
        query = "select plate from media where folder = ? and name = ? and plate is not null"
        for (plate,) in ledger.execute(query, (folder, name)):
            yield f"picture:{file}", plate


def _shared(ledger: sqlite3.Connection, marks: tuple[Mark, ...]) -> Iterator[str]:
    for mark in marks:
        if mark.key.startswith("gtin:") and kept.count(ledger, mark.key) > 1:
            yield mark.key.removeprefix("gtin:")


def _with_cards(ledger: sqlite3.Connection, groups: list[Group]) -> list[Group]:
    """Return groups, each page of a listing with the cards of those who are on it.

    The plan's own stay as they are: it has all of them in memory until the last is done.
    """
    wanted: dict[int, tuple[str, ...]] = {}
    for i, group in enumerate(groups):
        if group.kind in LISTINGS and group.facts:
            wanted[i] = msgspec.msgpack.decode(group.facts[0][1], type=Slice).ids
    cards = dict(kept.cards(ledger, {m for ids in wanted.values() for m in ids}))
    found = list(groups)
    for i, ids in wanted.items():
        facts = [*groups[i].facts, *((f"card:{m}", cards[m]) for m in ids)]
        found[i] = msgspec.structs.replace(groups[i], facts=facts)
    return found
