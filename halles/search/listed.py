"""What names the bundles: the manifest, what each region has, and which regions have a word (pure).

A reader gets the manifest, then what the region holds that is looked in; or, for all of Québec,
the words of all regions, and then of those only that have the most to tell.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from halles.digest import digest

MANIFEST = "/pagefind/manifest.json"
_json = msgspec.json.Encoder().encode
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
Counted = Sequence[tuple[str, Sequence[tuple[str, int]]]]
"""How many records have each word, by bundle or by region."""


class Shelf(Struct, array_like=True, frozen=True):
    """A bundle that stands, as its region tells of it."""

    lang: str
    name: str
    region: str
    kind: str
    category: str
    path: str
    records: int
    meta: int
    whole: int


class Named(Struct, array_like=True, frozen=True):
    """A file of words: where it stands, its size, and what the bundles that it names take."""

    path: str
    size: int
    meta: int = 0
    whole: int = 0


KINDS = {"m": "merchant", "p": "product"}


def manifest(
    site: Shelf,
    languages: Sequence[str],
    words: Mapping[tuple[str, str], Named],
    names: Mapping[str, Mapping[str, str]],
) -> bytes:
    """Return the manifest; ``words`` are by (language, region), without one those of all."""
    told: dict[str, Any] = {lang: {"words": "", "regions": {}} for lang in languages}
    for (lang, region), file in sorted(words.items()):
        if not region:
            told[lang]["words"] = file.path
            continue
        told[lang]["regions"][region] = {
            "name": names[lang].get(region, region), "words": file.path, "bytes": file.size,
            "meta": file.meta, "whole": file.whole,
        }  # fmt: skip
    said = {"v": 2, "site": site.path, "siteBytes": site.whole, "languages": told}
    return _json(said) + b"\n"


def region_file(lang: str, region: str, shelves: Sequence[Shelf], counted: Counted) -> bytes:
    """Return what a region has: its bundles, and which words are in which of them."""
    bundles = []
    for shelf in shelves:
        said = {
            "bundle": shelf.name, "kind": KINDS[shelf.kind], "region": region,
            "path": shelf.path, "records": shelf.records, "meta": shelf.meta,
        }  # fmt: skip
        bundles.append(said | ({"category": shelf.category} if shelf.category else {}))
    return _json({"v": 2, "bundles": bundles, **_words(counted)}) + b"\n"


def regions_file(counted: Counted) -> bytes:
    """Return which words are in which regions."""
    return _json({"v": 2, "regions": [name for name, _ in counted], **_words(counted)}) + b"\n"


def path_of(lang: str, region: str, body: bytes) -> str:
    """Return where a file of words is published; without a region, that of all of them."""
    return f"/pagefind/{lang}/{region or '_'}.{digest(body).hex()[:10]}.json"


def _words(counted: Counted) -> dict[str, str]:
    """Return words in order, and for each a digit by column: how often it is there, about.

    A digit is how many bits a count has: to weigh bundles against each other it need not be exact.

    >>> _words([("a", [("ail", 3), ("miel", 200)]), ("b", [("miel", 1)])])
    {'words': 'ail miel', 'in': '2081'}
    """
    columns = [dict(words) for _, words in counted]
    inside = sorted(set().union(*columns))
    digits = (_DIGITS[column.get(word, 0).bit_length()] for word in inside for column in columns)
    return {"words": " ".join(inside), "in": "".join(digits)}
