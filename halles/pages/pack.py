"""The list of a region's pages, for a reader who wants to keep them all."""

from collections.abc import Iterator

from halles.addresses import Ways
from halles.digest import digest
from halles.facts import Facts
from halles.pages import Ground, Page, PageKind


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out a region's list in one language."""
    name = f"raw:{lang}"
    if name in facts:
        path = path_of(key, facts[name].body, lang, ground.ways)
        yield Page(path, "", lang, (name,), lambda seen: seen[name].body)


def path_of(region: str, body: bytes, lang: str, ways: Ways) -> str:
    """Return where a list stands: its name tells its bytes."""
    return f"{ways.to(lang, 'offline')}{region}-{digest(body).hex()[:10]}.json"


PAGE = PageKind(name="pack", templates=(), lay=lay)
