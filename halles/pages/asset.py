"""A file that is published as it is."""

from collections.abc import Iterator

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one of the theme's files."""
    if lang == ground.ways.languages[0] and f"raw:{key}" in facts:
        yield Page(f"/{key}", "", lang, (f"raw:{key}",), lambda seen: seen[f"raw:{key}"].body)


PAGE = PageKind(name="asset", templates=(), lay=lay)
