"""build: bring output/ up to date, and say what was done."""

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from halles.cli.words import as_text, give, say, tally
from halles.site import Options, Outcome, build

SHOWN = 20
"""Notices of one severity that are said in full; ``check`` says them all."""


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
    told = {"error": 0, "warning": 0, "info": 0}
    for notice in outcome.notices:
        if quiet and notice.severity != "error":
            continue
        told[notice.severity] += 1
        if told[notice.severity] <= (200 if notice.severity == "error" else SHOWN):
            say(as_text(notice, lang))
    more: dict[str, int] = {
        severity: count - told[severity] if quiet else max(0, told[severity] - SHOWN)
        for severity, count in tally(outcome.notices).items()
    }
    if not quiet and any(more.values()):
        rest = ", ".join(f"{n} {_severity(s, lang)}" for s, n in more.items() if n)
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


def _severity(severity: str, lang: str) -> str:
    french = {"error": "erreurs", "warning": "avertissements", "info": "remarques"}
    english = {"error": "errors", "warning": "warnings", "info": "remarks"}
    return (french if lang == "fr" else english)[severity]


def _say_figures(outcome: Outcome, flags: argparse.Namespace, lang: str) -> None:
    o, out = outcome, flags.root / "output"
    kept, written, removed = o.looked - o.rendered, len(o.written), len(o.removed)
    same, seconds = o.rendered - written, f"{o.seconds['total']:.2f} s"
    if lang == "fr":
        say(f"lu       {o.read} fiches changées sur {o.files} fichiers")
        say(f"rendu    {o.rendered} pages sur {o.pages} ({kept} inchangées après examen)")
        say(f"publié   {written} écrites, {same} déjà pareilles, {removed} retirées")
        say(f"fini     {seconds.replace('.', ',')} — {out}")
    else:
        say(f"read     {o.read} changed records among {o.files} files")
        say(f"render   {o.rendered} of {o.pages} pages ({kept} unchanged on a look)")
        say(f"publish  {written} written, {same} already the same, {removed} removed")
        say(f"done     {seconds} — {out}")


def _summary(outcome: Outcome) -> dict[str, Any]:
    """Return the object that --json prints."""
    seconds = {"read": 0.0, "plan": 0.0, "render": 0.0, "search": 0.0, **outcome.seconds}
    return {
        "pages": {
            "total": outcome.pages,
            "rendered": outcome.rendered,
            "written": len(outcome.written),
            "removed": len(outcome.removed),
            "failed": len(outcome.failed),
        },
        "stock": {"rows": 0, "changed": 0, "flipped": 0, "quarantined": 0, "refused": None},
        "notices": tally(outcome.notices),
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
    }


RUN = run
