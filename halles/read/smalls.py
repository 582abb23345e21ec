"""The small records, read together: regions, categories, labels, pages and campaigns.

There are some hundred files of them at most. Together they have one digest; while it stays the
same, what they said last time is taken from the ledger. The outlines of the regions are read with
them, since whether they are of any use depends on which regions there are.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from halles import boundaries as outlines
from halles import centroids
from halles import ledger as kept
from halles.addresses import RESERVED
from halles.boundaries import BAD_BOUNDARIES
from halles.catalogue import Catalogue, branches, grown
from halles.centroids import CENTROIDS
from halles.checks import Bearings
from halles.digest import digest
from halles.model import Category, Label, Region, said
from halles.notices import Notice, Rule, Words
from halles.read.decode import EMPTY_FILE
from halles.read.sources import (
    FOLDERS,
    LISTS,
    ORPHAN_TRANSLATION,
    UNREADABLE_FILE,
    broken,
    faults,
    front_matter,
    read_list,
    read_page,
)
from halles.read.yamltext import Fault, Spot, Value, parse

PATH_CLAIMED_TWICE = Rule(
    code="path-claimed-twice",
    severity="error",
    says=Words(
        "l'adresse « {given} » est déjà prise par {other}.",
        "the address “{given}” is already taken by {other}.",
    ),
    hint=Words("Donnez-lui un autre « slug ».", "Give it another “slug”."),
    about=Words(
        "Deux pages voudraient la même adresse, ou une page veut une adresse du programme.",
        "Two pages want one address, or a page wants an address of the program's.",
    ),
)
DUPLICATE_ID = Rule(
    code="duplicate-id",
    severity="error",
    says=Words(
        "l'identifiant « {given} » est déjà pris par {other}.",
        "the id “{given}” is already taken by {other}.",
    ),
    hint=Words(
        "Un identifiant ne sert qu'une fois, pour toujours : choisissez-en un autre.",
        "An id is used once, for ever: choose another.",
    ),
    about=Words(
        "Deux fiches ont le même identifiant ; la première, par chemin, reste.",
        "Two records have one id; the first, by path, stays.",
    ),
)
NO_MERCHANTS = Rule(
    code="no-merchants",
    severity="warning",
    says=Words("il n'y a aucun marchand.", "there is no merchant."),
    hint=Words(
        "Ajoutez content/merchants/<région>/<xx>/<id>.yaml ; si le dossier devrait être plein, "
        "vérifiez qu'il a été copié, et --root.",
        "Add content/merchants/<region>/<xx>/<id>.yaml; if the folder should be full, check that "
        "it was copied, and --root.",
    ),
    about=Words(
        "Aucune fiche de marchand dans content/merchants/ : le site serait vide.",
        "No merchant's file in content/merchants/: the site would be empty.",
    ),
)
RULES = (PATH_CLAIMED_TWICE, DUPLICATE_ID, NO_MERCHANTS, BAD_BOUNDARIES, *centroids.RULES)
BOUNDARIES = "data/boundaries.geojson"
REFUSED = b"\xff the system refuses to read this file"
"""What stands for the content of a file that cannot be read; it is not UTF-8, so it is no text."""


Judge: TypeAlias = Callable[[bytes, Iterable[Region]], Words | None]
"""Tells why a file of outlines is of no use, if so."""


class Smalls(Struct, frozen=True):
    """What the small records say, and what is wrong with them."""

    catalogue: Catalogue
    notices: tuple[Notice, ...]


def read_smalls(root: Path, languages: tuple[str, ...], ledger: sqlite3.Connection) -> Smalls:
    """Return the small records of a site, from the ledger where their files are the same."""
    files = dict(small_files(root))
    parts = [b"%s\0%d\0%s" % (p.encode(), len(b), b) for p, b in files.items()]
    stamp = digest(b"".join([",".join(languages).encode(), *parts]))
    known = kept.recall(ledger, "smalls")
    if known is not None and known[:16] == stamp:
        return msgspec.msgpack.decode(known[16:], type=Smalls)
    smalls = gather(files, languages, _remembering(ledger))
    kept.remember(ledger, "smalls", stamp + msgspec.msgpack.encode(smalls))
    return smalls


def _remembering(ledger: sqlite3.Connection) -> Judge:
    """Return what tells why outlines are of no use, from the ledger where nothing of it changed.

    To look at them costs as much as the rest of a small build, and most edits are of other files.
    """

    def why_unusable(body: bytes, regions: Iterable[Region]) -> Words | None:
        named = msgspec.msgpack.encode([(r.id, r.code, r.name) for r in regions])
        stamp = digest(digest(body) + named)
        known = kept.recall(ledger, "outlines")
        if known is None or known[:16] != stamp:
            why = outlines.why_unusable(body, regions)
            known = stamp + msgspec.msgpack.encode(why)
            kept.remember(ledger, "outlines", known)
        return msgspec.msgpack.decode(known[16:], type=Words | None)

    return why_unusable


def small_files(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of each file of small records, and of those in data/."""
    content = root / "content"
    paths = [content / name for name in LISTS]
    paths += [path for folder in FOLDERS for path in sorted((content / folder).glob("*.md"))]
    for path in [*paths, root / BOUNDARIES, root / CENTROIDS]:
        name = path.name
        if path.is_file() and name[0] != "." and name.isprintable() and "\\" not in name:
            try:
                yield path.relative_to(root).as_posix(), path.read_bytes()
            except OSError:
                yield path.relative_to(root).as_posix(), REFUSED


def gather(
    files: Mapping[str, bytes],
    languages: tuple[str, ...],
    judge: Judge = outlines.why_unusable,
) -> Smalls:
    """Return what the files say. Lists and regions come first: the others may name them."""
    notices: list[Notice] = []
    unread: set[str] = set()
    catalogue = Catalogue()
    for name, (kind, record) in LISTS.items():
        path = f"content/{name}"
        if path not in files:
            continue
        if files[path] == REFUSED:
            notices.append(UNREADABLE_FILE.at(path, (0, 0)))
            unread.add(kind)
            continue
        bearings = Bearings(catalogue=catalogue, languages=languages)
        records, found = read_list(path, files[path], record, bearings)
        notices += found
        unread |= {kind} if broken(found) else set()
        notices += _repeated(path, files[path], records)
        catalogue = _with_list(catalogue, records)
    for folder, (kind, record) in FOLDERS.items():
        bearings = Bearings(catalogue=catalogue, languages=languages)
        read = dict(_pages(folder, record, files, bearings, notices))
        unread |= {kind} if _left_out(folder, files, read) else set()
        catalogue = msgspec.structs.replace(catalogue, **{f"{kind}s": read})
        if kind == "region":
            catalogue = msgspec.structs.replace(catalogue, unread=frozenset(unread))
    catalogue = _without_clashes(catalogue, files, languages, notices)
    catalogue = msgspec.structs.replace(catalogue, unread=frozenset(unread))
    notices += _outlined(files, catalogue, judge)
    if CENTROIDS in files:
        table = files[CENTROIDS]
        notices += [centroids.refused()] if table == REFUSED else centroids.faults(table)
    return Smalls(catalogue, tuple(sorted(notices, key=lambda n: n.order)))


def _outlined(files: Mapping[str, bytes], catalogue: Catalogue, judge: Judge) -> Iterator[Notice]:
    """Tell why the outlines of the regions are of no use, if they are there and so it is.

    Without all of the regions, nobody can say that none of them is named.
    """
    if BOUNDARIES not in files:
        return
    refused = files[BOUNDARIES] == REFUSED
    regions = list(catalogue.regions.values())
    why = outlines.REFUSED if refused else judge(files[BOUNDARIES], regions)
    sure = bool(regions) and "region" not in catalogue.unread
    if why is not None and (why != outlines.NO_REGION or sure):
        yield BAD_BOUNDARIES.at(BOUNDARIES, (0, 0), **{"why.fr": why.fr, "why.en": why.en})


def _left_out(folder: str, files: Mapping[str, bytes], read: Mapping[str, Any]) -> bool:
    mains = [p for p in files if p.startswith(f"content/{folder}/") and not p.endswith(".en.md")]
    return len(read) < len(mains)


def _repeated(path: str, body: bytes, records: list[Any]) -> Iterator[Notice]:
    """Yield a notice for each id that a list holds again, where it does."""
    found: Iterable[Any] = records
    if records and isinstance(records[0], Category):
        found = branches(tuple(records))
    if max(Counter(r.id for r in found).values(), default=0) < 2:
        return
    tree = parse(body)
    seen: dict[str, int] = {}
    for place in _ids(tree.value, ()):
        given = _within(tree.value, place)
        spot = tree.spot(place)
        if given in seen:
            other = f"{path}:{seen[given]}"
            yield DUPLICATE_ID.at(path, (spot.line, spot.column), given=given, other=other)
        seen.setdefault(given, spot.line)


def _ids(tree: Value, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """Yield where each id of a list stands, and of what is below."""
    for i, item in enumerate(tree if isinstance(tree, list) else []):
        if isinstance(item, dict):
            if isinstance(item.get("id"), str):
                yield (*path, i, "id")
            yield from _ids(item.get("children"), (*path, i, "children"))


def _first(body: bytes, wanted: str) -> tuple[int, int]:
    """Return where a list first has an id."""
    tree = parse(body)
    places = (p for p in _ids(tree.value, ()) if _within(tree.value, p) == wanted)
    spot = tree.spot(next(places, ()))
    return spot.line, spot.column


def _within(tree: Any, path: tuple[str | int, ...]) -> str:
    for piece in path:
        tree = tree[piece]
    return str(tree)


def _with_list(catalogue: Catalogue, records: list[Any]) -> Catalogue:
    if records and isinstance(records[0], Category):
        found = list(branches(tuple(records)))
    elif records and isinstance(records[0], Label):
        found = records
    else:
        return catalogue
    if isinstance(records[0], Category):
        return msgspec.structs.replace(catalogue, categories=grown(found))
    labels = {r.id: r for r in reversed(found)}
    return msgspec.structs.replace(catalogue, labels={r.id: labels[r.id] for r in found})


def _pages(
    folder: str, kind: type, files: Mapping[str, bytes], bearings: Bearings, notices: list[Notice]
) -> Iterator[tuple[str, Any]]:
    prefix = f"content/{folder}/"
    for path, body in files.items():
        if not path.startswith(prefix):
            continue
        if path.endswith(".en.md"):
            main = path.removesuffix(".en.md") + ".md"
            if main not in files:
                given = main.removeprefix(prefix)
                notices.append(ORPHAN_TRANSLATION.at(path, (1, 1), given=given))
            continue
        if body == REFUSED:
            notices.append(UNREADABLE_FILE.at(path, (0, 0)))
            continue
        english, found = _english(path.removesuffix(".md") + ".en.md", files)
        notices += found
        file = read_page(path, body, english, kind, bearings)
        notices += file.notices
        if file.record is not None:
            yield file.record.id, file.record


def _english(path: str, files: Mapping[str, bytes]) -> tuple[str | None, tuple[Notice, ...]]:
    if path not in files:
        return None, ()
    if files[path] == REFUSED:
        return None, (UNREADABLE_FILE.at(path, (0, 0)),)
    try:
        text = files[path].decode("utf-8-sig").replace("\r\n", "\n").strip()
    except UnicodeDecodeError:
        return None, faults(path, [Fault("not-utf8", Spot(1, 1), "")])
    if not text:
        return None, (EMPTY_FILE.at(path, (1, 1)),)
    return text, ()


def slug(record: Any, lang: str) -> str:
    """Return the piece of address of a page or a campaign."""
    return said(record.slug, lang)[0] if record.slug is not None else str(record.id)


def _place(body: bytes, *keys: str) -> tuple[int, int]:
    """Return where the first of these keys that a file's front matter has holds its value."""
    head, _, below = front_matter(body)
    tree = parse(head or b"")
    spot = next((tree.places[(key,)] for key in keys if (key,) in tree.places), Spot(1, 1))
    return spot.line + below, spot.column


def _without_clashes(
    catalogue: Catalogue,
    files: Mapping[str, bytes],
    languages: tuple[str, ...],
    notices: list[Notice],
) -> Catalogue:
    """Leave out, of records that claim one address, all but the first by path."""
    kept_of: dict[str, dict[str, Any]] = {}
    for kind, records in (("pages", catalogue.pages), ("campaigns", catalogue.campaigns)):
        claimed: dict[tuple[str, str], str] = {}
        kept_of[kind] = {}
        for record_id, record in records.items():
            path = f"content/{kind}/{record_id}.md"
            wanted = [(lang, slug(record, lang)) for lang in languages]
            clash = next((claimed[w] for w in wanted if w in claimed), None)
            own = [piece for _, piece in wanted if kind == "pages" and piece in RESERVED]
            if clash or own:
                given = own[0] if own else next(p for w, p in wanted if (w, p) in claimed)
                other = clash or "halles"
                spot = _place(files[path], "slug", "id")
                notices.append(PATH_CLAIMED_TWICE.at(path, spot, given=f"/{given}/", other=other))
                continue
            claimed.update(dict.fromkeys(wanted, path))
            kept_of[kind][record_id] = record
    categories = dict(catalogue.categories)
    if "page" in categories:
        path = "content/categories.yaml"
        del categories["page"]
        categories = grown(categories.values())
        notices.append(
            PATH_CLAIMED_TWICE.at(
                path, _first(files[path], "page"), given="/regions/…/page/", other="halles"
            )
        )
    return msgspec.structs.replace(catalogue, categories=categories, **kept_of)
