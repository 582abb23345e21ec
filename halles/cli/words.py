"""What is said at the terminal, in the language of whoever sits there."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TypeAlias

from halles import shelf
from halles.maps import library
from halles.notices import Notice, Rule, hint, message

Noun: TypeAlias = Mapping[str, tuple[str, str]]
"""A word for one thing and for several, by language."""

SEVERITIES: Mapping[str, Noun] = {
    "error": {"fr": ("erreur", "erreurs"), "en": ("error", "errors")},
    "warning": {"fr": ("avertissement", "avertissements"), "en": ("warning", "warnings")},
    "info": {"fr": ("remarque", "remarques"), "en": ("remark", "remarks")},
}


def language(environment: Mapping[str, str] | None = None) -> str:
    """Return ``fr`` or ``en``, as the locale has it."""
    found = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if found.get(name):
            return "fr" if found[name].lower().startswith("fr") else "en"
    return "en"


def say(text: str) -> None:
    """Say something to a person, on standard error."""
    sys.stderr.write(text + "\n")


def give(text: str) -> None:
    """Give a result, on standard output."""
    sys.stdout.write(text + "\n")


@cache
def rules() -> dict[str, Rule]:
    """Return every rule there is, by its code."""
    from halles import settings
    from halles.read import decode, smalls, sources, tomlfaults
    from halles.search import rules as search

    found = [*decode.RULES, *sources.RULES, *smalls.RULES, *settings.RULES, *tomlfaults.RULES]
    found += [*search.RULES, *library.RULES]
    for package in ("halles.checks", "halles.checks.shared"):
        for check in shelf.everything(package, "CHECK").values():
            found += check.rules
    return {rule.code: rule for rule in found}


def unfilled(text: str) -> str:
    """Return a rule's words with … for what a notice fills in."""
    return re.sub(r"(« |“)?\{[a-z]+\}( »|”)?", lambda m: f"{m[1] or ''}…{m[2] or ''}", text)


def sentence(notice: Notice, lang: str) -> tuple[str, str]:
    """Return what is wrong and what to do, in words."""
    rule = rules()[notice.code]
    return message(notice, rule, lang), hint(notice, rule, lang)


def as_text(notice: Notice, lang: str) -> str:
    """Return a notice as two lines: its place and what is wrong; what to do."""
    said, remedy = sentence(notice, lang)
    place = f"{notice.path}:{notice.line}:{notice.column}"
    return f"{place}: {notice.code} {notice.severity}: {said}\n    {remedy}"


def counted(count: int, noun: Noun, lang: str) -> str:
    """Return a number of things; none is one thing in French, and several in English."""
    one, several = noun[lang]
    return f"{count} {one if count == 1 or (count == 0 and lang == 'fr') else several}"


def tally(notices: Sequence[Notice]) -> dict[str, int]:
    """Return how many notices there are of each severity."""
    counts = {"error": 0, "warning": 0, "info": 0}
    for notice in notices:
        counts[notice.severity] += 1
    return counts
