"""The scripts that draw a live map, one for each archetype: made by Folium, then made to fit.

What Folium writes stands in a page, with ids from chance and ten files from four other hosts. Here
it is a function in a file of ours: what it calls the map's element is its argument, its names are
numbered, and it says what it made. Merchants are not in it: they come by URL.
"""

import re
from functools import lru_cache
from typing import Any

ARCHETYPES = ("region", "province", "merchant", "product")
"""``region`` is of its categories too; ``province`` of a category, and of everything."""
CLUSTERED = ("region", "province", "product")
"""Where pins may stand so close that a finger cannot tell them apart."""
_CHANCE = re.compile(r"\b([a-z_]+)_([0-9a-f]{32})\b")


@lru_cache(maxsize=8)
def shells(tiles: str, attribution: str, pmtiles: str) -> dict[str, bytes]:
    """Return the script of each archetype; a backdrop is in it only where settings name one."""
    return {name: _shell(name, tiles, attribution, pmtiles) for name in ARCHETYPES}


def _shell(name: str, tiles: str, attribution: str, pmtiles: str) -> bytes:
    from folium import Map, TileLayer
    from folium.plugins import MarkerCluster

    drawn = Map(
        location=[47.0, -71.0],
        zoom_start=6,
        tiles=None,
        prefer_canvas=True,
        minZoom=4,
        maxZoom=18,
        zoom_snap=0.25,
        world_copy_jump=False,
        attribution_control=True,
        bounce_at_zoom_limits=False,
    )
    made = {"map": drawn.get_name()}
    if name in CLUSTERED:
        cluster = MarkerCluster(  # type: ignore[no-untyped-call]
            options={
                "chunkedLoading": True,
                "chunkInterval": 40,
                "chunkDelay": 10,
                "maxClusterRadius": 56,
                "showCoverageOnHover": False,
                "spiderfyOnMaxZoom": True,
                "disableClusteringAtZoom": 17,
                "removeOutsideVisibleBounds": True,
            },
            icon_create_function="halles.cluster",
        ).add_to(drawn)
        made["cluster"] = cluster.get_name()
    if tiles:
        layer = TileLayer(tiles, attr=attribution or " ", show=False, max_zoom=19).add_to(drawn)
        made["tiles"] = layer.get_name()
    if pmtiles:
        made["pmtiles"] = _pmtiles(pmtiles).add_to(drawn).get_name()
    root: Any = drawn.get_root()
    root.render()
    script = root.script.render()
    told = ", ".join(f"{key}: {value}" for key, value in made.items())
    body = f"{script}\nreturn {{ {told} }};".replace(f'"{made["map"]}"', "place")
    lines = (line.strip() for line in _numbered(body).splitlines())
    text = "\n".join(line for line in lines if line)
    return (
        f"(globalThis.hallesMaps ??= {{}}).{name} = (place, halles) => {{\n{text}\n}};\n".encode()
    )


def _pmtiles(url: str) -> Any:
    """Return a layer of vector tiles that stand in one file, drawn by protomaps-leaflet."""
    from folium.map import Layer
    from folium.template import Template

    class PMTiles(Layer):
        _name = "PMTiles"
        _template = Template(
            "{% macro script(this, kwargs) %}"
            "var {{ this.get_name() }} = protomapsL.leafletLayer({{ this.options|tojavascript }});"
            "{% endmacro %}"
        )

        def __init__(self, url: str) -> None:
            super().__init__(name="PMTiles", overlay=False, control=False, show=False)
            self.options = {"url": url, "flavor": "light", "lang": "fr"}

    return PMTiles(url)


def _numbered(text: str) -> str:
    """Return a script whose names end in a number instead of chance: the same map, the same bytes.

    >>> _numbered("var map_" + "ab" * 16 + " = L.map(map_" + "ab" * 16 + ")")
    'var map_1 = L.map(map_1)'
    """
    known: dict[str, str] = {}
    for kind, chance in _CHANCE.findall(text):
        known.setdefault(chance, f"{kind}_{1 + len(known)}")
    return _CHANCE.sub(lambda found: known[found[2]], text)
