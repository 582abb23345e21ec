"""Take one snapshot after the other, and tell what grows: time, memory, what is kept on disk.

python bench/soak.py --ticks 200 --merchants 2200
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # and not bench/, whose profile.py hides Python's

from bench import sites  # noqa: E402
from bench.measure import Peace, weigh  # noqa: E402
from bench.sites import Site  # noqa: E402
from bench.table import MIB, TICK, Run, markdown  # noqa: E402
from bench.tick import Ticks, share  # noqa: E402
from bench.trial import Keep, Trial, flags_of, measure, site_of, tell  # noqa: E402

EVERY = 20
"""Snapshots from one look at the disk to the next."""
ENDS = 10
"""Snapshots at the beginning and at the end that are set side by side."""
FOLDERS = ("data/stock", ".halles", "output/stock")


def measured(flags: argparse.Namespace, keep: Keep) -> Iterator[str]:
    """Take every snapshot in; yield what the site was made of."""
    site = site_of(flags, flags.merchants)
    ticks = Ticks(Trial(site, flags, Peace(not flags.no_rest, tell), keep), share(flags.merchants))
    ticks.open()
    for tick in range(1, flags.ticks + 1):
        look = tick % EVERY == 0 or tick in (1, flags.ticks)
        ticks.tick(tick + 1, sizes if look else None)
    sites.silence(site)
    yield site.source


def sizes(site: Site) -> dict[str, int]:
    """Return the bytes of what a site keeps, by folder."""
    return {name: weigh(site.root / name).size for name in FOLDERS}


def tables(runs: list[Run]) -> Sequence[str]:
    """Return how the ticks went on, and whether the last ones cost more than the first."""
    found = [run for run in runs if run.row == TICK]
    return (on_and_on(found), ends(found)) if found else ()


def on_and_on(runs: list[Run]) -> str:
    """Return a line for each look at the disk, with the ticks since the one before."""
    head = ("ticks", "", "wall s", "max", "CPU s", "memory MiB", *(f"{n} MiB" for n in FOLDERS))
    lines, since = [], 0
    for tick, run in enumerate(runs, 1):
        if run.sizes is None:
            continue
        some = runs[since:tick]
        lines.append((
            f"{since + 1}–{tick}" if tick > since + 1 else str(tick), "", *_costs(some),
            *(f"{run.sizes[name] / MIB:.2f}" for name in FOLDERS),
        ))  # fmt: skip
        since = tick
    return markdown(head, lines)


def ends(runs: list[Run]) -> str:
    """Return the first ticks, the last, all of them, and the last by the first."""
    few = min(ENDS, len(runs))
    parts = {f"first {few}": runs[:few], f"last {few}": runs[-few:], "all": runs}
    lines = [(name, "median", *_costs(part)) for name, part in parts.items()]
    first, last = (median(run.wall for run in part) for part in (runs[:few], runs[-few:]))
    lines.append(("last / first", "", f"{last / first:.2f}", "", "", ""))
    return markdown(("ticks", "", "wall s", "max", "CPU s", "memory MiB"), lines)


def _costs(runs: Sequence[Run]) -> tuple[str, ...]:
    walls = [run.wall for run in runs]
    cpu, memory = median(run.cpu for run in runs), max(run.memory for run in runs)
    return f"{median(walls):.2f}", f"{max(walls):.2f}", f"{cpu:.2f}", f"{memory / MIB:,.0f}"


def ask(what: argparse.ArgumentParser) -> None:
    """Ask how long, and how large."""
    what.add_argument("--ticks", type=int, default=200, metavar="N", help="snapshots (200)")
    what.add_argument("--merchants", type=int, default=2200, metavar="N", help="merchants (2200)")


if __name__ == "__main__":
    sys.exit(measure(flags_of(__file__, __doc__, sys.argv[1:], ask), measured, tables))
