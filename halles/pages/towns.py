"""Towns and postal codes with their centres, in one file whose name tells its bytes."""

from collections.abc import Iterator

from halles.digest import digest
from halles.facts import Facts
from halles.pages import Ground, Page, PageKind


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the file; it serves every language."""
    name = f"raw:{key}"
    if lang == ground.ways.languages[0] and name in facts:
        path = f"/points/of/towns.{digest(facts[name].body).hex()[:10]}.json"
        yield Page(path, "", lang, (name,), lambda seen: seen[name].body)


PAGE = PageKind(name="towns", templates=(), lay=lay)
