"""Notices for whoever reads them: a person, a program, GitHub's pages, a code scanner."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from msgspec.structs import replace

from halles import __version__
from halles.cli.words import as_text, give, rules, sentence, unfilled
from halles.notices import RANK, Notice

A_STEP = 10
"""Annotations of one severity that GitHub shows for a step; it drops the rest without a word."""
_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def _text(notices: Sequence[Notice], lang: str, root: Path) -> None:
    for notice in notices:
        give(as_text(notice, lang))


def _json(notices: Sequence[Notice], lang: str, root: Path) -> None:
    for notice in notices:
        said, remedy = sentence(notice, lang)
        give(
            json.dumps(
                {
                    "path": notice.path,
                    "line": notice.line,
                    "column": notice.column,
                    "code": notice.code,
                    "severity": notice.severity,
                    "message": said,
                    "hint": remedy,
                },
                ensure_ascii=False,
            )
        )


def _repository() -> Path:
    """Return the folder that annotations' paths start from: the checkout, or this one."""
    return Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()


def _from_repository(notices: Sequence[Notice], root: Path) -> list[Notice]:
    """Return the notices with paths that start from the repository, if the site is part of it."""
    if not root.resolve().is_relative_to(_repository()):
        return list(notices)
    folder = PurePosixPath(root.resolve().relative_to(_repository()))
    return [replace(n, path=str(folder / n.path)) for n in notices]


def touched_files() -> frozenset[str]:
    """Return the files that the pull request under way touches; none where git cannot tell."""
    base = os.environ.get("GITHUB_BASE_REF")
    if not base:
        return frozenset()
    command = ["git", "diff", "--name-only", "--relative", "-z", f"origin/{base}...HEAD", "--"]
    try:
        told = subprocess.run(  # noqa: S603 - no shell; the branch's name cannot pass for a flag
            command, cwd=_repository(), capture_output=True, check=True, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return frozenset()
    return frozenset(told.stdout.decode(errors="surrogateescape").split("\0"))


def _github(notices: Sequence[Notice], lang: str, root: Path) -> None:
    """Write workflow commands, and the whole list in the step's summary.

    The worst come first; among them, those that the pull request can mend: few are shown.
    """
    touched = touched_files()
    ordered = _from_repository(notices, root)
    ordered.sort(key=lambda n: (RANK[n.severity], n.path not in touched))
    for severity, level in _LEVELS.items():
        found = [n for n in ordered if n.severity == severity]
        shown = found if len(found) <= A_STEP else found[: A_STEP - 1]
        for notice in shown:
            said, remedy = sentence(notice, lang)
            line, column = max(1, notice.line), max(1, notice.column)
            place = f"file={_property(notice.path)},line={line},col={column}"
            give(f"::{level} {place},title={notice.code}::{_message(f'{said} {remedy}')}")
        if rest := len(found) - len(shown):
            more = f"…et {rest} autres" if lang == "fr" else f"…and {rest} others"
            give(f"::{level} title={more}::{more}")
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        _summarise(ordered, lang, Path(summary))


def _summarise(notices: Sequence[Notice], lang: str, path: Path) -> None:
    lines = ["# Halles", ""]
    for notice in notices:
        said, remedy = sentence(notice, lang)
        lines.append(f"- **{notice.severity}** `{notice.path}:{notice.line}:{notice.column}` "
                     f"`{notice.code}` {_markdown(said)} _{_markdown(remedy)}_")  # fmt: skip
    room = 1024 * 1000  # GitHub takes 1 MiB a step
    text = "\n".join(lines) + "\n"
    with path.open("a", encoding="utf-8") as file:
        file.write(text.encode()[:room].decode(errors="ignore"))


def _markdown(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>#|!" else c for c in text)


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _sarif(notices: Sequence[Notice], lang: str, root: Path) -> None:
    levels = {"error": "error", "warning": "warning", "info": "note"}
    used = sorted({n.code for n in notices})
    found = [
        {
            "ruleId": n.code,
            "ruleIndex": used.index(n.code),
            "level": levels[n.severity],
            "message": {"text": " ".join(sentence(n, lang))},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(n.path, errors="surrogateescape")},
                        "region": {"startLine": max(1, n.line), "startColumn": max(1, n.column)},
                    }
                }
            ],
        }
        for n in _from_repository(notices, root)[:25_000]
    ]
    about = [
        {
            "id": code,
            "shortDescription": {"text": unfilled(getattr(rules()[code].about, lang))},
            "help": {"text": unfilled(getattr(rules()[code].hint, lang))},
        }
        for code in used
    ]
    tool = {"driver": {"name": "halles", "version": __version__, "rules": about}}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": tool, "results": found, "columnKind": "unicodeCodePoints"}],
    }
    give(json.dumps(document, ensure_ascii=False, indent=1))


FORMATS: Mapping[str, Callable[[Sequence[Notice], str, Path], None]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
