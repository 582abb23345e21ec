"""Measure search: all of it from nothing, an edit here and in the largest region, a snapshot.

python bench/search.py --sizes 22000 -n 3 --json
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # and not bench/, whose profile.py hides Python's

from bench import sites, table  # noqa: E402
from bench.measure import Peace, weigh  # noqa: E402
from bench.sites import Site  # noqa: E402
from bench.table import MIB, TICK, Run, markdown  # noqa: E402
from bench.tick import Ticks, share, written  # noqa: E402
from bench.trial import Keep, Trial, ask_peers, flags_of, measure, site_of, tell  # noqa: E402

COLD, UNCHANGED, PHONE = "cold, with search", "unchanged", "a phone"
NAME, LARGEST, PRICE = "a name", "a name, largest region", "a price, largest region"
BARS = {COLD: 68.0, NAME: 3.0, LARGEST: 10.0, PRICE: 10.0}
"""Seconds of search that each may take."""
MOST = 1_500 * 10**6
"""Bytes of memory that the cold build may take."""


def measured(flags: argparse.Namespace, keep: Keep) -> Iterator[str]:
    """Measure each size; yield what each site was made of."""
    peace = Peace(not flags.no_rest, tell)
    for merchants in flags.sizes:
        site = site_of(flags, merchants)
        settings = site.root / "halles.toml"
        settings.write_text(settings.read_text("utf-8").replace("on = false", "on = true"), "utf-8")
        trial = Trial(site, flags, peace, keep)

        def told(said: dict[str, Any], site: Site = site) -> dict[str, Any]:
            return {"search": said["seconds"]["search"], **_made(site)}

        trial.set_aside(site.output, site.root / ".halles", site.said)
        trial.halles(COLD, fresh=True, weighed=True, told=told)
        far = _of_largest(site)
        for run in range(flags.n):
            trial.halles(UNCHANGED, told=lambda said: {"search": said["seconds"]["search"]})
            for row, file, edit in (
                (PHONE, site.merchant, sites.new_phone),
                (NAME, site.merchant, sites.new_name),
                (LARGEST, far, sites.new_name),
                (PRICE, far, _new_price),
            ):
                with sites.edited(site, file) as change:
                    change(edit, run)
                    trial.halles(row, told=told)
                trial.built()
        ticks = Ticks(trial, share(site.merchants))
        ticks.feeds.take(1)
        trial.built("--stock", ticks.feeds.google)
        for snapshot in range(2, flags.n + 2):
            ticks.feeds.take(snapshot)
            trial.halles(TICK, "--stock", ticks.feeds.google, told=told)
        sites.silence(site)
        yield site.source


def _made(site: Site) -> dict[str, int]:
    """Return how many bundles the last build made, and how many files search has."""
    entries = [path for path in written(site) if path.endswith("/files.json")]
    there = {path for path in entries if (site.output / path[1:]).exists()}
    if not there and not (site.output / "pagefind").exists():
        tell("there is no search: is the indexer installed? (npm ci)")
        raise SystemExit(1)
    return {"bundles": len(there), "files": weigh(site.output / "pagefind").files}


def _of_largest(site: Site) -> Path:
    """Return a merchant's file of the region that has most of them."""
    files = sorted((site.root / "content" / "merchants").rglob("*.yaml"))
    counts = Counter(file.parent.parent.name for file in files)
    largest = counts.most_common(1)[0][0]
    return next(file for file in files if file.parent.parent.name == largest)


def _new_price(text: str, run: int) -> str:
    """Give a merchant's first product another price."""
    return re.sub(r'price: "?[0-9.]+"?', f'price: "{run + 3}.75"', text, count=1)


def tables(runs: list[Run]) -> Sequence[str]:
    """Return what was measured, beside what was promised."""
    rows = [row for (_, name, _), row in table.rows_of(runs).items()]
    head = ("merchants", "row", "runs", "search s", "bar", "wall s", "CPU s", "memory MiB",
            "bundles", "files of search")  # fmt: skip
    lines = []
    for row in rows:
        merchants, name, _ = row.key
        spent = sorted(run.search for run in row.runs if run.search is not None)
        middle = spent[len(spent) // 2] if spent else 0.0
        bar = BARS.get(name)
        said = f"{bar:g}{'' if middle <= bar else ': **missed**'}" if bar else ""
        lines.append((
            f"{merchants:,}", name, str(len(row.runs)), f"{middle:.2f}", said, f"{row.wall:.2f}",
            f"{row.cpu:.2f}", f"{row.memory / MIB:,.0f}", str(row.middle("bundles") or 0),
            str(row.figure("files") or ""),
        ))  # fmt: skip
    return (markdown(head, lines),)


if __name__ == "__main__":
    sys.exit(measure(flags_of(__file__, __doc__, sys.argv[1:], ask_peers), measured, tables))
