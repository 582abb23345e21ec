"""The picture that links to the pages of a region or a category are shared with."""

from collections.abc import Iterator

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind
from halles.pictures import ShareFact


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the picture of one name, in one language; a key is ``region:pays``."""
    name = f"share:{key}"
    if name in facts:
        fact: ShareFact = facts[name]
        yield Page(fact.path, "", lang, (name,), lambda seen: ground.studio.share(seen[name]))


PAGE = PageKind(name="share", templates=(), lay=lay)
