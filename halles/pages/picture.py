"""The files of one picture: each size in each form, drawn where the job is done."""

from collections.abc import Iterator
from functools import partial

from halles.facts import Facts
from halles.pages import Ground, Page, PageKind, Seen
from halles.pictures import Negative


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out every file of a picture, whose name no language changes."""
    name = f"plate:{key}"
    if lang != ground.ways.languages[0] or name not in facts:
        return
    negative: Negative = facts[name]
    for width, form in negative.plate.files():
        view = partial(_view, name, width, form, ground)
        yield Page(negative.plate.path(width, form), "", lang, (name,), view)


def _view(name: str, width: int, form: str, ground: Ground, seen: Seen) -> bytes:
    return ground.studio.file(seen[name], width, form)


PAGE = PageKind(name="picture", templates=(), lay=lay)
