"""Live stock: shards whose names tell their bytes, and the manifest that names them."""

from collections.abc import Iterator

from halles.digest import digest
from halles.facts import Facts
from halles.pages import Ground, Page, PageKind


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one file; it is the same in every language."""
    name = f"raw:{key}"
    if lang != ground.ways.languages[0] or name not in facts:
        return
    hashed = "" if key == "manifest" else f"-{digest(facts[name].body).hex()[:8]}"
    yield Page(f"/stock/{key}{hashed}.json", "", lang, (name,), lambda seen: seen[name].body)


PAGE = PageKind(name="shard", templates=(), lay=lay)
