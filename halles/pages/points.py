"""Files of points, whose names tell their bytes, and the manifest that names them."""

from collections.abc import Iterator
from functools import partial

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind, Seen

MANIFEST = "manifest"
"""A key that no region has files under: those have a slash."""
WHERE = "/points/manifest.json"


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out the files of one region and root category; they serve every language."""
    if lang != ground.ways.languages[0] or "ids:paths" not in facts:
        return
    for path in facts["ids:paths"]:
        yield Page(path, "", lang, (f"raw:{path}",), partial(_body, f"raw:{path}"))


def _body(name: str, seen: Seen) -> bytes:
    body: bytes = seen[name].body
    return body


PAGE = PageKind(name="points", templates=(), lay=lay)
