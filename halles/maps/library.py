"""What a live map is made of, as files of ours: Leaflet and its fellows from npm, the shells."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha384
from pathlib import Path

import msgspec

from halles.digest import digest
from halles.maps.ground import ATLAS, WATERS
from halles.notices import Notice, Rule, Words
from halles.settings import Map
from halles.theme import published_at, spare

SCRIPTS = {
    "leaflet.js": "leaflet/dist/leaflet.js",
    "cluster.js": "leaflet.markercluster/dist/leaflet.markercluster.js",
}
SHEETS = ("leaflet/dist/leaflet.css", "leaflet.markercluster/dist/MarkerCluster.css")
PMTILES = ("protomaps.js", "protomaps-leaflet/dist/protomaps-leaflet.js")
PARTS = "map-parts.js"
"""The module that tells the theme's scripts where all of it stands."""
MISSING = Rule(
    code="map-missing",
    severity="warning",
    says=Words(
        "ce qui vient de npm pour les cartes n'est pas installé : elles restent des images.",
        "what maps need from npm is not installed: they stay pictures.",
    ),
    hint=Words(
        "Lancez « npm ci --omit=dev » (Node 20), ou écrivez on = false sous [map].",
        "Run “npm ci --omit=dev” (Node 20), or write on = false under [map].",
    ),
    about=Words(
        "Leaflet, ou la terre et les eaux de Natural Earth, manquent sur cette machine.",
        "Leaflet, or the land and waters of Natural Earth, are missing on this machine.",
    ),
)
RULES = (MISSING,)
_OUTSIDE = re.compile(rb"[\w-]+:\s*url\([^)]*\);?")
_TALE = re.compile(rb"\n//# sourceMappingURL=\S+")


def stamp_of(modules: Path, settings: Map) -> bytes:
    """Return what stands for all that the files below are made of."""
    if not settings.on:
        return b"off"
    packages = ("leaflet", "leaflet.markercluster", "protomaps-leaflet")
    paths = [modules / name / "package.json" for name in packages]
    parts = [path.read_bytes() if path.is_file() else b"" for path in paths]
    return digest(b"\0".join([msgspec.msgpack.encode(settings), *parts]))


def is_there(modules: Path) -> bool:
    """Tell whether live maps can be made."""
    return all((modules / name).is_file() for name in (*SCRIPTS.values(), *SHEETS))


def missing(modules: Path, settings: Map) -> list[Notice]:
    """Return what is said once where maps are wanted and something of theirs is not there."""
    there = is_there(modules) and all((modules / name).is_file() for name in (ATLAS, WATERS))
    return [MISSING.at("halles.toml", (0, 0))] if settings.on and not there else []


def files(modules: Path, settings: Map) -> dict[str, bytes]:
    """Return the files that go with a theme's own, by name; without npm's, there are none."""
    if not (settings.on and is_there(modules)):
        return {}
    from halles.maps.shells import shells

    found = {name: _plain(modules / path) for name, path in SCRIPTS.items()}
    found["map.css"] = b"".join(_OUTSIDE.sub(b"", (modules / path).read_bytes()) for path in SHEETS)
    pmtiles = settings.pmtiles if (modules / PMTILES[1]).is_file() else ""
    if pmtiles:
        found[PMTILES[0]] = _plain(modules / PMTILES[1])
    for name, body in shells(settings.tiles, settings.attribution, pmtiles).items():
        found[f"shell-{name}.js"] = body
    return found | {PARTS: _parts(found)}


def _plain(path: Path) -> bytes:
    """Return a script as a theme publishes it, without the address of its map, which is not."""
    return spare(_TALE.sub(b"", path.read_bytes()))


def _parts(found: Mapping[str, bytes]) -> bytes:
    """Return where each file stands, and the digest without which a browser must not run it."""
    told = {
        name: [published_at(name, body), f"sha384-{b64encode(sha384(body).digest()).decode()}"]
        for name, body in found.items()
    }
    return b"export const parts = %s;\n" % msgspec.json.format(msgspec.json.encode(told), indent=1)
