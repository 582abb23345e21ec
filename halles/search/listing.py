"""Writing what names the bundles: what each region has, the words of all, the manifest last."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

import msgspec

from halles.search.bundle import SITE
from halles.search.claims import KIND, WORDS, Desk
from halles.search.listed import (
    MANIFEST,
    Named,
    Shelf,
    manifest,
    path_of,
    region_file,
    regions_file,
)

_pack = msgspec.msgpack.Encoder().encode
_words = msgspec.msgpack.Decoder(list[tuple[str, int]]).decode
_shelf = msgspec.msgpack.Decoder(Shelf).decode
_named = msgspec.msgpack.Decoder(Named).decode


def list_bundles(desk: Desk, languages: tuple[str, ...]) -> None:
    """Write again all that names a bundle which is another."""
    ledger, todo = desk.ledger, desk.todo
    assert todo.moved is not None
    for lang, region in sorted(_moved(desk), reverse=True):  # what all have comes last
        if region:
            _list_region(desk, lang, region)
        else:
            _list_words(desk, lang)
    row = ledger.execute("select info from bundles where name = ?", (SITE,)).fetchone()
    if not row:  # nothing can be asked without it, and nothing names what stands
        return
    query = "select key, stamp from groups where kind = ? and key like ?"
    words = {}
    for key, note in ledger.execute(query, (KIND, f"%{WORDS}")):
        lang, _, region = key.removesuffix(WORDS).partition("/")
        words[lang, region] = _named(note)
    names = {lang: terms.regions for lang, terms in todo.moved.bearing.terms.items()}
    desk.put("manifest", MANIFEST, manifest(_shelf(row[0]), languages, words, names))


def _moved(desk: Desk) -> set[tuple[str, str]]:
    """Return the languages and regions to list again; without a region, what all have."""
    todo = desk.todo
    moved = {(w.lang, w.region) for w in todo.wanted if w.region}
    for key in todo.before:
        if key.endswith(WORDS):
            lang, _, region = key.removesuffix(WORDS).partition("/")
            moved.add((lang, region))
    if todo.relist:
        query = "select distinct lang, region from bundles where region != ''"
        moved |= set(desk.ledger.execute(query).fetchall())
    return moved | {(lang, "") for lang, _ in moved}


def _list_region(desk: Desk, lang: str, region: str) -> None:
    query = "select name, info, words from bundles where lang = ? and region = ? order by name"
    rows = desk.ledger.execute(query, (lang, region)).fetchall()
    if not rows:
        return
    shelves = [_shelf(info) for _, info, _ in rows]
    body = region_file(lang, region, shelves, [(n, _words(words)) for n, _, words in rows])
    meta, whole = sum(s.meta for s in shelves), sum(s.whole for s in shelves)
    path = path_of(lang, region, body)
    note = _pack(Named(path, len(body), meta, whole))
    desk.put(f"{lang}/{region}{WORDS}", path, body, note)


def _list_words(desk: Desk, lang: str) -> None:
    counted = list(_by_region(desk.ledger, lang))
    if not counted:
        return
    body = regions_file(counted)
    path = path_of(lang, "", body)
    desk.put(f"{lang}/{WORDS}", path, body, _pack(Named(path, len(body))))


def _by_region(
    ledger: sqlite3.Connection, lang: str
) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Yield how many records of each region have each word."""
    query = "select region, words from bundles where lang = ? and region != '' order by region"
    found: dict[str, Counter[str]] = {}
    for region, raw in ledger.execute(query, (lang,)):
        counts = found.setdefault(region, Counter())
        for word, count in _words(raw):
            counts[word] += count
    yield from ((region, sorted(counts.items())) for region, counts in found.items())
