"""Open data: files of merchants and products, whole and by region, and the page that tells them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec

from halles import rows
from halles.facts import Facts, Holding, Holdings
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb

WHOLE, INDEX = "_whole", "_index"
"""Keys that no region has: an id begins with a letter or a digit."""
FOLDER = "/donnees/"
"""Where the files stand, whichever the language: their columns are the same in both."""
LICENCES = {
    "CC-BY-4.0": ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "CC-BY-SA-4.0": ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "CC0-1.0": ("CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
    "ODbL-1.0": ("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"),
}
WHAT = (
    "Tous les marchands et leurs produits, à télécharger et à réutiliser\u00a0: CSV, JSON, GeoJSON."
)


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out a region's files, or a part of them, or all; or the page and index of everything.

    The key is ``<region>``, or ``<region>#<part>`` where a region is cut in several.
    """
    first = lang == ground.ways.languages[0]
    if key == INDEX:
        yield from _index_pages(facts, lang, ground, first)
        return
    if not first or f"rows:{key}" not in facts:
        return
    needs = ("about", f"rows:{key}")
    region, _, part = key.partition("#")
    folder = FOLDER if key == WHOLE else f"{FOLDER}{region}/"
    number, start = int(part or 0), ground.ways.url(ground.ways.to(lang, "merchants"))
    bundle = rows.Bundle(start, number)
    for name in (*rows.FILES, rows.SUMS):
        path = folder + rows.file_name(name, number)
        yield Page(path, "", lang, needs, partial(_body, bundle, name, f"rows:{key}"))


def _body(bundle: rows.Bundle, name: str, fact: str, seen: Seen) -> bytes:
    return bundle.body(name, seen[fact])


def _index_pages(facts: Facts, lang: str, ground: Ground, first: bool) -> Iterator[Page]:
    held: Holdings = facts["holdings:all"]
    regions = (f"region:{holding.region}" for holding in held.regions)
    needs = ("site", "about", "holdings:all", *regions)
    path = ground.ways.to(lang, "data")
    yield Page(path, "data.html", lang, needs, lambda seen: _view(seen, lang, ground))
    if first:
        needs = ("about", "holdings:all")
        yield Page(f"{FOLDER}index.json", "", lang, needs, lambda seen: _index(seen, ground))
        yield Page(f"{FOLDER}schema.json", "", lang, (), lambda seen: _pretty(rows.schema()))


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _parts(holding: Holding) -> Iterator[int]:
    yield from range(1, holding.parts + 1) if holding.parts > 1 else (0,)


def _paths(holding: Holding) -> dict[str, list[str]]:
    """Return where each kind of file of a region stands, in one part or several."""
    folder = f"{FOLDER}{holding.region}/"
    return {
        name: [folder + rows.file_name(name, part) for part in _parts(holding)]
        for name in (*rows.FILES, rows.SUMS)
    }


def _index(seen: Seen, ground: Ground) -> bytes:
    about, held = seen["about"], seen["holdings:all"]
    title, address = LICENCES[about.licence]
    url = ground.ways.url
    whole = {name: [url(FOLDER + name)] for name in (*rows.FILES, rows.SUMS)}
    return _pretty(
        {
            "title": about.title,
            "licence": {"id": about.licence, "title": title, "url": address},
            "credit": about.credit,
            "schema": url(f"{FOLDER}schema.json"),
            "whole": whole if held.whole else None,
            "regions": [
                {
                    "id": holding.region,
                    "merchants": holding.merchants,
                    "products": holding.products,
                    "files": {name: [*map(url, at)] for name, at in _paths(holding).items()},
                }
                for holding in held.regions
            ],
        }
    )


def _view(seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site, about, ways = seen["site"], seen["about"], ground.ways
    held: Holdings = seen["holdings:all"]
    view = frame(
        site,
        ways,
        path=ways.to(lang, "data"),
        twins={other: ways.to(other, "data") for other in ways.languages},
        title=site.say("Données ouvertes"),
        description=site.say(WHAT),
        crumbs=(home_crumb(site),),
        kind="data",
    )
    title, address = LICENCES[about.licence]
    view |= {
        "licence": {"title": title, "url": address},
        "credit": about.credit,
        "folder": FOLDER,
        "whole": [FOLDER + name for name in rows.FILES] if held.whole else [],
        "sums": FOLDER + rows.SUMS,
        "total": {
            "merchants": sum(holding.merchants for holding in held.regions),
            "products": sum(holding.products for holding in held.regions),
        },
        "regions": [
            {
                "region": seen[f"region:{holding.region}"],
                "merchants": holding.merchants,
                "products": holding.products,
                "files": [_links(name, at) for name, at in _paths(holding).items()],
                "feed": f"{site.feeds}{holding.region}/",
            }
            for holding in held.regions
        ],
        "columns": [
            {"of": "merchants", "rows": list(rows.MERCHANTS)},
            {"of": "products", "rows": list(rows.PRODUCTS)},
        ],
    }
    return view


def _links(name: str, paths: list[str]) -> dict[str, Any]:
    stem, _, ending = name.rpartition(".")
    return {"of": stem, "format": ending, "paths": paths}


PAGE = PageKind(name="data", templates=("data.html",), lay=lay)
