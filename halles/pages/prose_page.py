"""A page of prose."""

from collections.abc import Iterator
from typing import Any

from halles import prose
from halles.facts import Facts, TextFact
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out a page of content/pages/."""
    if f"text:page:{key}" not in facts:
        return
    slug = facts[f"text:page:{key}"].more[f"slug_{lang}"]
    yield Page(
        f"{ground.ways.home(lang)}{slug}/",
        "page.html",
        lang,
        ("site", f"text:page:{key}"),
        lambda seen: _view(key, seen, lang, ground),
    )


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site = seen["site"]
    here: TextFact = seen[f"text:page:{key}"]
    ways = ground.ways
    twins = {other: f"{ways.home(other)}{here.more[f'slug_{other}']}/" for other in ways.languages}
    view = frame(
        site,
        ways,
        path=twins[lang],
        twins=twins,
        title=here.title.text,
        description=here.summary or prose.gist(here.body.text, here.body.lang) or here.title.text,
        crumbs=(home_crumb(site),),
        kind="page",
    )
    view |= {
        "name": here.title,
        "body": {"html": prose.html(here.body.text, 2, here.body.lang), "lang": here.body.lang},
    }
    return view


PAGE = PageKind(name="page", templates=("page.html",), lay=lay)
