"""``python -m tests.audit [SITE]``: measure a built site, the example if none is given, in a table.

The exit code tells whether a bar was missed. Scores, counts and weights are bars; times are not.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.audit import browser, keys, tools
from tests.audit.archetypes import chosen, timed
from tests.audit.example import stocked
from tests.audit.sheets import Output
from tests.hosting.nginx import Host

ONE_PAGE, A_LISTING = 30 * 1024, 60 * 1024
LISTINGS = ("region", "shelf", "category", "label", "campaign", "regions", "categories")
SHOWN = 10
"""Faults of a bar that are told one by one."""


class Bar(NamedTuple):
    """One line of the table: what was measured, on what, and everything against it."""

    name: str
    on: str
    found: str
    faults: list[str]


Measured = Iterator[Bar]


def count(name: str, on: str, faults: list[str]) -> Bar:
    """Return a bar that allows nothing."""
    return Bar(name, on, str(len(faults)), faults)


def whole(site: Output) -> Measured:
    """Yield what is measured over every file of the output, without a browser."""
    sheets = site.sheets.values()
    pages = f"{len(sheets)} pages"
    yield count("broken links", pages, [f"{path}: {link}" for path, link in site.broken()])
    twice = [f"{s.path}: {', '.join(s.twice)}" for s in sheets if s.twice]
    yield count("ids that stand twice", pages, twice)
    untold = [s.path for s in sheets if s.found and not s.described]
    yield count("pages without a description", pages, untold)
    twinless = [s.path for s in sheets if site.sheets.get(s.twin, s).lang == s.lang]
    yield count("pages without a twin", pages, twinless)
    yield count("errors of vnu", pages, tools.vnu(site))
    items, faults = tools.structured(site)
    yield count("errors in structured data", f"{items} items", faults)
    for name, most, fits in (
        ("KB of a page", ONE_PAGE, lambda kind: kind not in LISTINGS),
        ("KB of a listing", A_LISTING, lambda kind: kind in LISTINGS),
    ):
        weights = sorted(((site.weight(s), s.path) for s in sheets if fits(s.kind)), reverse=True)
        heavy = [f"{path}: {size / 1024:.1f} KB" for size, path in weights if size > most]
        found = f"{weights[0][0] / 1024:.1f} (of {most // 1024})"
        yield Bar(name, f"{len(weights)} pages", found, heavy)


def seen(site: Output, base: str, most: int | None) -> Measured:
    """Yield what is measured in Chromium; the crawl sees ``most`` pages of a kind and language."""
    named = list(chosen(site))
    sheets = [sheet for _, sheet in named]
    on = f"{len(sheets)} archetypes"
    with browser.chromium() as chromium:
        wrong = browser.against_wcag(chromium, base, sheets)
        yield count("against WCAG 2.2 AA (axe)", f"{on}, by day and night", wrong)
        yield count("stops that Tab misses", on, keys.unreached(chromium, base, sheets))
        yield count("things the keys do not work", on, keys.unworked(chromium, base, sheets))
        crawl = browser.sample(site, most)
        broken, foreign = browser.under_policy(chromium, base, (s.path for s in crawl))
        yield count("violations and complaints", f"{len(crawl)} pages", broken)
        yield count("foreign requests", f"{len(crawl)} pages", foreign)
    lost = sorted(site.sitemap - browser.walked(base))
    yield count("unreached without JavaScript", f"{len(site.sitemap)} of the sitemap", lost)
    yield count("broken links (linkinator)", on, tools.linkinator(base, sheets))


def scored(site: Output, base: str, runs: int, told: Callable[[str], None]) -> Measured:
    """Yield what Lighthouse says of the archetypes, the performance as the median of its runs."""
    pages = timed(site)
    scores = []
    for (name, _), score in zip(
        pages, tools.lighthouse(base, (sheet for _, sheet in pages), runs), strict=True
    ):
        scores.append(score)
        four = " ".join(f"{score.scores[c]:>4}" for c in tools.CATEGORIES)
        told(f"  {name:<28}{four}   {score.path} {score.runs}")
        for culprit in score.culprits:
            told(f"      {culprit}")
    for category in tools.CATEGORIES:
        low = [f"{s.path}: {s.scores[category]}" for s in scores if s.scores[category] < 100]
        worst = min(s.scores[category] for s in scores)
        name = f"Lighthouse, {category}"
        yield Bar(name, f"{len(pages)} archetypes", f"{worst} (of 100)", low)


def main() -> int:
    """Measure, print the table, and tell by the exit code whether every bar was cleared."""
    asked = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__)
    asked.add_argument("site", nargs="?", type=Path, help="a site folder, built; else the example")
    asked.add_argument("--runs", type=int, default=3, help="Lighthouse runs a page; 0: none")
    asked.add_argument("--all", action="store_true", help="crawl every page under its policy")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        site = Output((options.site or stocked(folder / "site").root).resolve())
        (folder / "nginx").mkdir()
        host = Host(site.folder, folder / "nginx")
        try:
            return _table(site, host.base, options)
        finally:
            host.close()


def _table(site: Output, base: str, options: argparse.Namespace) -> int:
    def told(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    missed = 0
    told(f"{site.folder}: {len(site.sheets)} pages\n")
    told(f"{'bar':<32}{'on':<34}{'found':<16}{'':<6}{'s':>5}")
    parts = [whole(site), seen(site, base, None if options.all else browser.EACH)]
    parts += [scored(site, base, options.runs, told)] if options.runs else []
    for part in parts:
        since = time.monotonic()
        for bar in part:
            took, since = time.monotonic() - since, time.monotonic()
            missed += bool(bar.faults)
            verdict = "missed" if bar.faults else "kept"
            told(f"{bar.name:<32}{bar.on:<34}{bar.found:<16}{verdict:<6}{took:>5.0f}")
            for fault in bar.faults[:SHOWN]:
                told(f"    {fault}")
    told(f"\n{missed} bars missed" if missed else "\nevery bar kept")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
