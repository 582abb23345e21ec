"""What names the bundles: the manifest, and the words of each region (pure)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from halles.digest import digest

MANIFEST = "/pagefind/manifest.json"
_json = msgspec.json.Encoder().encode
BITS = 30
"""Bundles that one number tells of: a script counts in 32 bits, and one is the sign."""


class Shelf(Struct, array_like=True, frozen=True):
    """A bundle that stands, as the manifest tells of it."""

    lang: str
    name: str
    region: str
    kind: str
    category: str
    path: str
    records: int
    meta: int


KINDS = {"m": "merchant", "p": "product"}


def manifest(
    site: str,
    languages: Sequence[str],
    shelves: Iterable[Shelf],
    words: dict[tuple[str, str], tuple[str, int]],
    names: dict[str, dict[str, str]],
) -> bytes:
    """Return the manifest; ``words`` are addresses and sizes by (language, region)."""
    told: dict[str, Any] = {lang: {"regions": {}, "bundles": []} for lang in languages}
    for (lang, region), (path, size) in sorted(words.items()):
        name = names[lang].get(region, region)
        told[lang]["regions"][region] = {"words": path, "bytes": size, "name": name}
    for shelf in shelves:
        said = {
            "bundle": shelf.name, "kind": KINDS[shelf.kind], "region": shelf.region,
            "path": shelf.path, "records": shelf.records, "meta": shelf.meta,
        }  # fmt: skip
        if shelf.category:
            said["category"] = shelf.category
        told[shelf.lang]["bundles"].append(said)
    return _json({"v": 1, "site": site, "languages": told}) + b"\n"


def words_file(
    lang: str, region: str, counted: Sequence[tuple[str, Sequence[tuple[str, int]]]]
) -> tuple[str, bytes]:
    """Return the address and the bytes of a region's words; ``counted`` is by bundle."""
    total: Counter[str] = Counter()
    where: dict[str, list[int]] = {}
    pieces = -(-len(counted) // BITS)
    for i, (_, words) in enumerate(counted):
        for word, count in words:
            total[word] += count
            where.setdefault(word, [0] * pieces)[i // BITS] |= 1 << i % BITS
    inside = sorted(where)
    body = _json(
        {
            "v": 1,
            "bundles": [name for name, _ in counted],
            "words": " ".join(inside),
            "n": [total[w] for w in inside],
            "in": [where[w] if pieces > 1 else where[w][0] for w in inside],
        }
    )
    return f"/pagefind/{lang}/{region}.{digest(body).hex()[:10]}.json", body + b"\n"
