"""What a reader keeps in the browser: the list, the choices, and what is shown without a network.

The pages hold the words and the empty forms; only the browser knows what is put into them.
"""

from collections.abc import Iterator
from typing import Any

from halles import text
from halles.facts import Facts, Pack, Shell, Site
from halles.pages import Ground, Page, PageKind, Seen, frame, home_crumb

WORKER = "/sw.js"
"""A service worker answers for what stands below it: this one for the whole site."""
TITLES = {
    "list": (
        "Ma liste",
        "Ce que j’irai acheter, magasin par magasin\u00a0; la liste ne quitte pas mon appareil.",
    ),
    "choices": (
        "Mes choix",
        "Ce que ce site retient sur mon appareil\u00a0: à voir, à emporter, à effacer.",
    ),
    "offline": (
        "Hors ligne",
        "Cette page n’a pas été gardée sur cet appareil, et il n’y a pas de réseau.",
    ),
}
_CODE = (".css", ".js", ".svg", ".woff2")


def lay(key: str, facts: Facts, lang: str, ground: Ground) -> Iterator[Page]:
    """Lay out one of the pages of the reader's own, or the worker that keeps pages."""
    shell: Shell = facts["shell"]
    if key == "worker":
        if lang == ground.ways.languages[0]:
            needs: tuple[str, ...] = ("site", "shell")
            yield Page(WORKER, "worker.txt", lang, needs, lambda seen: _worker(seen, ground))
        return
    if key == "offline" and not shell.offline:
        return
    needs = ("site", "shell")
    if key == "choices":
        packs: tuple[Pack, ...] = facts["packs"]
        regions = (f"region:{pack.region}" for pack in packs)
        needs = (*needs, "packs", "ids:regions", *_names(facts), *regions)
    yield Page(
        ground.ways.to(lang, key),
        f"{key}.html",
        lang,
        tuple(dict.fromkeys(needs)),
        lambda seen: _view(key, seen, lang, ground),
    )


def _names(facts: Facts) -> Iterator[str]:
    yield from (f"region:{region}" for region in facts["ids:regions"])


def _view(key: str, seen: Seen, lang: str, ground: Ground) -> dict[str, Any]:
    site: Site = seen["site"]
    ways = ground.ways
    title, what = TITLES[key]
    view = frame(
        site,
        ways,
        path=ways.to(lang, key),
        twins={other: ways.to(other, key) for other in ways.languages},
        title=site.say(title),
        description=site.say(what),
        crumbs=(home_crumb(site),),
        index=False,
        kind=key,
    )
    view["offline"] = seen["shell"].offline
    if key == "choices":
        view["merchants"] = ways.to(lang, "merchants")
        view["regions"] = [seen[f"region:{region}"] for region in seen["ids:regions"]]
        view["packs"] = [_pack(pack, seen, lang) for pack in seen["packs"]]
    return view


def _pack(pack: Pack, seen: Seen, lang: str) -> dict[str, Any]:
    return {
        "region": seen[f"region:{pack.region}"],
        "pages": pack.pages,
        "size": text.size(pack.size, lang),
        "bytes": pack.size,
        "list": pack.lists[lang],
    }


def _worker(seen: Seen, ground: Ground) -> dict[str, Any]:
    """Return what the worker's own script is filled in with."""
    site: Site = seen["site"]
    ways, shell = ground.ways, seen["shell"]
    # English stands below "/en/", so that the longest beginning is the right one.
    homes = sorted(((ways.home(lang), lang) for lang in ways.languages), reverse=True)
    return {
        "offline": shell.offline,
        "stamp": shell.stamp,
        "zone": site.zone,
        "assets": sorted(path for path in site.assets.values() if path.endswith(_CODE)),
        "own": [ways.to(lang, key) for lang in ways.languages for key in TITLES],
        "homes": [[home, ways.to(lang, "offline")] for home, lang in homes],
    }


PAGE = PageKind(
    name="choices",
    templates=("list.html", "choices.html", "offline.html", "worker.txt"),
    lay=lay,
)
