"""The pages that stand for all others: one of each kind and extreme, in both languages."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tests.audit.sheets import Output, Sheet

TIMED = 16
"""How many archetypes Lighthouse measures: the first that a site has."""


class Archetype(NamedTuple):
    """A page that stands for those of its kind."""

    name: str
    kind: str
    fits: Callable[[Sheet], bool]
    most: bool = True
    """Whether it is the fullest of those that fit, or the barest."""


def _first(sheet: Sheet) -> bool:
    return "/page/" not in sheet.path


def _later(sheet: Sheet) -> bool:
    return "/page/" in sheet.path


ARCHETYPES = (
    Archetype("home", "home", _first),
    Archetype("regions", "regions", _first),
    Archetype("region", "region", _first),
    Archetype("region, page 2 or later", "region", _later),
    Archetype("category of a region", "shelf", _first),
    Archetype("category", "category", _first),
    Archetype("merchant, fullest", "merchant", _first),
    Archetype("merchant, barest", "merchant", _first, most=False),
    Archetype("product of many merchants", "product", lambda sheet: sheet.offers > 1),
    Archetype("product of one merchant", "product", lambda sheet: sheet.offers == 1),
    Archetype("label", "label", _first),
    Archetype("campaign", "campaign", _first),
    Archetype("shopping list", "list", _first),
    Archetype("choices", "choices", _first),
    Archetype("find", "search", _first),
    Archetype("map", "explorer", _first),
    Archetype("categories", "categories", _first),
    Archetype("open data", "data", _first),
    Archetype("category, page 2 or later", "category", _later),
    Archetype("content page", "page", _first),
    Archetype("back in stock", "restocked", _first),
    Archetype("offline", "offline", _first),
    Archetype("not found", "404", _first),
    Archetype("poster", "poster", _first),
    Archetype("widget", "widget", _first),
)


def chosen(site: Output) -> Iterator[tuple[str, Sheet]]:
    """Yield (archetype, page): those that a site has, the French page and its twin."""
    for archetype in ARCHETYPES:
        fitting = [
            sheet
            for sheet in site.sheets.values()
            if sheet.kind == archetype.kind and sheet.lang == "fr" and archetype.fits(sheet)
        ]
        if fitting:
            pick = max if archetype.most else min
            sheet = pick(fitting, key=lambda sheet: (sheet.packed, sheet.path))
            yield archetype.name, sheet
            twin = site.sheets.get(sheet.twin)
            if twin:
                yield archetype.name, twin


def timed(site: Output) -> list[tuple[str, Sheet]]:
    """Return the pages that Lighthouse measures."""
    pages = list(chosen(site))
    names = list(dict.fromkeys(name for name, _ in pages))[:TIMED]
    return [(name, sheet) for name, sheet in pages if name in names]
