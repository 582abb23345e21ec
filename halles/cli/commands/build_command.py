"""build: bring output/ up to date, and say what was done."""

import argparse
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from halles.cli.words import SEVERITIES, Noun, as_text, counted, give, say
from halles.outcome import Options, Outcome
from halles.render import is_page
from halles.site import build
from halles.stock.arrival import Feeds, Given
from halles.stock.guard import Refusal, Refused
from halles.text import number

SHOWN: Mapping[str, int] = {"error": 200, "warning": 20, "info": 20}
"""Notices of each severity that are said in full; ``check`` says them all."""
QUIET: Mapping[str, int] = {**SHOWN, "warning": 0, "info": 0}


def run(flags: argparse.Namespace, lang: str) -> int:
    """Build a site."""
    start = time.perf_counter()
    gc.disable()  # a build makes few cycles; looking for them among its records takes longer
    quiet = flags.quiet or flags.json
    with _Progress(lang, quiet) as report:
        options = Options(
            executor=flags.executor, workers=flags.jobs, full=flags.full, feeds=_feeds(flags),
            most=max(SHOWN.values()), report=report,
        )  # fmt: skip
        try:
            outcome = build(flags.root, options)
        except Refused as refused:
            return _refuse(refused.refusal, flags, lang, time.perf_counter() - start)
    outcome.seconds["total"] = time.perf_counter() - start
    if flags.why:
        for path, why in sorted(outcome.why.items()):
            give(f"{path}  {why}")
    _say_notices(outcome, flags, lang)
    if not quiet:
        _say_figures(outcome, flags, lang)
    if flags.json:
        give(json.dumps(_summary(outcome)))
    return 1 if outcome.failed or outcome.tally["error"] else 0


def fail(code: int) -> None:
    """Print the object of --json for a build that came to nothing, with its exit code."""
    give(json.dumps(_summary(Outcome()) | {"exit": code}))


def _feeds(flags: argparse.Namespace) -> Feeds:
    given = tuple(
        Given(None if name == "-" else Path(name), full) for name, full in flags.feeds or ()
    )
    return Feeds(given, flags.feed_format or "", flags.accept, int(time.time()))


def _refuse(refusal: Refusal, flags: argparse.Namespace, lang: str, seconds: float) -> int:
    """Say why a feed was refused, and that nothing changed."""
    if refusal.code in ("unreadable", "empty", "no-usable-column"):
        say(f"{refusal.fr} Rien n'a changé." if lang == "fr" else f"{refusal.en} Nothing changed.")
    elif lang == "fr":
        say(f"le flux {refusal.feed} est refusé ({refusal.code}) : {refusal.fr} Rien n'a changé.")
        say("Si c'est bien ce qui est vrai, ajoutez --accept.")
    else:
        say(f"the feed {refusal.feed} is refused ({refusal.code}): {refusal.en} Nothing changed.")
        say("If that is what is true, add --accept.")
    if flags.json:
        summary = _summary(Outcome(seconds={"total": seconds}))
        summary["stock"]["refused"] = {
            "feed": refusal.feed, "reason": refusal.code, "figure": refusal.figure,
            "limit": refusal.limit,
        }  # fmt: skip
        give(json.dumps(summary))
    return 4


class _Progress:
    """A bar on a terminal, and silence anywhere else."""

    def __init__(self, lang: str, quiet: bool) -> None:
        self._lang = lang
        self._wanted = sys.stderr.isatty() and not quiet
        self._bar: Any = None
        self._task: Any = None
        self._step = ""

    def __enter__(self) -> Callable[[str, int, int], None]:
        return self._report if self._wanted else lambda step, done, total: None

    def _report(self, step: str, done: int, total: int) -> None:
        if total < 500:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
        if step != self._step:
            names = (
                {"read": "lecture", "render": "rendu", "search": "recherche"}
                if self._lang == "fr"
                else {}
            )
            self._task = self._bar.add_task(names.get(step, step), total=total)
            self._step = step
        self._bar.update(self._task, completed=done)

    def __exit__(self, *fault: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _say_notices(outcome: Outcome, flags: argparse.Namespace, lang: str) -> None:
    quiet = flags.quiet or flags.json
    shown = QUIET if quiet else SHOWN
    told: Counter[str] = Counter()
    for notice in outcome.notices:
        if told[notice.severity] < shown[notice.severity]:
            told[notice.severity] += 1
            say(as_text(notice, lang))
    more = {severity: n - told[severity] for severity, n in outcome.tally.items()}
    if not quiet and any(more.values()):
        rest = ", ".join(counted(n, SEVERITIES[s], lang) for s, n in more.items() if n)
        root = "" if flags.root == Path() else f" --root {flags.root}"
        check = f"python build.py check{root}"
        say(
            f"… et d'autres avis ({rest}) : {check} les dit tous."
            if lang == "fr"
            else f"… and other notices ({rest}): {check} says them all."
        )
    for failed in outcome.failed:
        say(
            f"{failed.path} : le gabarit {failed.template}, ligne {failed.line}, ne peut pas la "
            f"montrer : {failed.why}"
            if lang == "fr"
            else f"{failed.path}: template {failed.template}, line {failed.line}, cannot show it: "
            f"{failed.why}"
        )


_CHANGED: Noun = {
    "fr": ("fiche changée", "fiches changées"),
    "en": ("changed record", "changed records"),
}
_FILES: Noun = {"fr": ("fichier", "fichiers"), "en": ("file", "files")}
_PAGES: Noun = {"fr": ("page", "pages"), "en": ("page", "pages")}
_KEPT: Noun = {"fr": ("inchangée", "inchangées"), "en": ("unchanged", "unchanged")}
_WRITTEN: Noun = {"fr": ("écrite", "écrites"), "en": ("written", "written")}
_SAME: Noun = {"fr": ("déjà pareille", "déjà pareilles"), "en": ("already the same",) * 2}
_REMOVED: Noun = {"fr": ("retirée", "retirées"), "en": ("removed", "removed")}
_OTHERS: Noun = {"fr": ("autre fichier", "autres fichiers"), "en": ("other file", "other files")}


def _say_figures(outcome: Outcome, flags: argparse.Namespace, lang: str) -> None:
    o = outcome

    def n(count: int, noun: Noun) -> str:
        return counted(count, noun, lang)

    written, removed = _pages(o.written), _pages(o.removed)
    others = len(o.written) - written + len(o.removed) - removed
    read, files, kept = n(o.read, _CHANGED), n(o.files, _FILES), n(o.looked - o.rendered, _KEPT)
    put = [n(written, _WRITTEN), n(o.rendered - written, _SAME), n(removed, _REMOVED)]
    put += [n(others, _OTHERS)] if others else []
    out, seconds = flags.root / "output", f"{o.seconds['total']:.2f} s"
    _say_stock(o, lang)
    if lang == "fr":
        say(f"lu       {read} sur {files}")
        say(f"rendu    {n(o.rendered, _PAGES)} sur {o.pages} ({kept} après examen)")
        say(f"publié   {', '.join(put)}")
        say(f"fini     {seconds.replace('.', ',')} — {out}")
    else:
        say(f"read     {read} among {files}")
        say(f"render   {o.rendered} of {n(o.pages, _PAGES)} ({kept} on a look)")
        say(f"publish  {', '.join(put)}")
        say(f"done     {seconds} — {out}")


def _say_stock(outcome: Outcome, lang: str) -> None:
    """Say what became of the rows of the feeds, and which were of no use, by reason."""
    stock = outcome.stock
    if not stock.rows:
        return
    figures = [stock.accepted, stock.unchanged, stock.superseded, stock.quarantined, stock.flipped]
    new, same, doubled, refused, flipped = (number(figure, lang) for figure in figures)
    rows = number(stock.rows, lang)
    why = ", ".join(f"{reason} {number(n, lang)}" for reason, n in stock.reasons.items())
    for feed, columns in stock.ignored.items():
        names = ", ".join(columns)
        say(
            f"stock    {feed} : colonnes que personne ne lit : {names}"
            if lang == "fr"
            else f"stock    {feed}: columns that nobody reads: {names}"
        )
    if lang == "fr":
        say(
            f"stock    {rows} lignes : {new} nouvelles, {same} inchangées, {doubled} en double, "
            f"{refused} écartées{f' ({why})' if why else ''} ; {flipped} produits changent d'état"
        )
    else:
        say(
            f"stock    {rows} rows: {new} new, {same} unchanged, {doubled} superseded, "
            f"{refused} set aside{f' ({why})' if why else ''}; {flipped} products change state"
        )
    if stock.quarantined:
        say(
            "         les lignes écartées sont dans data/stock/quarantine/"
            if lang == "fr"
            else "         the rows set aside are in data/stock/quarantine/"
        )


def _pages(paths: Iterable[str]) -> int:
    """Return how many of these files are pages."""
    return sum(map(is_page, paths))


def _summary(outcome: Outcome) -> dict[str, Any]:
    """Return the object that --json prints."""
    stock = outcome.stock
    seconds = {"read": 0.0, "plan": 0.0, "render": 0.0, "search": 0.0, **outcome.seconds}
    return {
        "pages": {
            "total": outcome.pages,
            "rendered": outcome.rendered,
            "written": _pages(outcome.written),
            "removed": _pages(outcome.removed),
            "failed": len(outcome.failed),
        },
        "stock": {
            "rows": stock.rows,
            "changed": stock.accepted,
            "flipped": stock.flipped,
            "quarantined": stock.quarantined,
            "refused": None,
        },
        "notices": dict(outcome.tally),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }


RUN, FAILED = run, fail
