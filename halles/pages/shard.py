"""Live stock: shards whose names tell their bytes, and the manifest that names them."""

from collections.abc import Iterator

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind
from halles.stock.shown import shard_stamp

MANIFEST = "/stock/manifest.json"
"""Names every shard: only what it names is ever asked for."""


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one file; it is the same in every language."""
    name = f"raw:{key}"
    if lang != ground.ways.languages[0] or name not in facts:
        return
    path = f"/stock/{key}-{shard_stamp(facts[name].body).hex()}.json"
    if key == "manifest":
        path = MANIFEST
    yield Page(path, "", lang, (name,), lambda seen: seen[name].body)


PAGE = PageKind(name="shard", templates=(), lay=lay)
