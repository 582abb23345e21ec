"""build: bring output/ up to date, and say what was done."""

import argparse
import gc
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from halles.cli.words import SEVERITIES, Noun, as_text, counted, give, say, tally
from halles.render import is_page
from halles.site import Options, Outcome, build

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
            executor=flags.executor, workers=flags.jobs, full=flags.full, report=report
        )
        outcome = build(flags.root, options)
    outcome.seconds["total"] = time.perf_counter() - start
    if flags.why:
        for path, why in sorted(outcome.why.items()):
            give(f"{path}  {why}")
    _say_notices(outcome, lang, quiet)
    if not quiet:
        _say_figures(outcome, flags, lang)
    if flags.json:
        give(json.dumps(_summary(outcome)))
    return 1 if outcome.failed or tally(outcome.notices)["error"] else 0


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
            names = {"read": "lecture", "render": "rendu"} if self._lang == "fr" else {}
            self._task = self._bar.add_task(names.get(step, step), total=total)
            self._step = step
        self._bar.update(self._task, completed=done)

    def __exit__(self, *fault: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _say_notices(outcome: Outcome, lang: str, quiet: bool) -> None:
    shown = QUIET if quiet else SHOWN
    told: Counter[str] = Counter()
    for notice in outcome.notices:
        if told[notice.severity] < shown[notice.severity]:
            told[notice.severity] += 1
            say(as_text(notice, lang))
    more = {severity: n - told[severity] for severity, n in tally(outcome.notices).items()}
    if not quiet and any(more.values()):
        rest = ", ".join(counted(n, SEVERITIES[s], lang) for s, n in more.items() if n)
        say(
            f"… et d'autres avis ({rest}) : python build.py check les dit tous."
            if lang == "fr"
            else f"… and other notices ({rest}): python build.py check says them all."
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


def _pages(paths: Iterable[str]) -> int:
    """Return how many of these files are pages."""
    return sum(map(is_page, paths))


def _summary(outcome: Outcome) -> dict[str, Any]:
    """Return the object that --json prints."""
    seconds = {"read": 0.0, "plan": 0.0, "render": 0.0, "search": 0.0, **outcome.seconds}
    return {
        "pages": {
            "total": outcome.pages,
            "rendered": outcome.rendered,
            "written": _pages(outcome.written),
            "removed": _pages(outcome.removed),
            "failed": len(outcome.failed),
        },
        "stock": {"rows": 0, "changed": 0, "flipped": 0, "quarantined": 0, "refused": None},
        "notices": tally(outcome.notices),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }


RUN = run
