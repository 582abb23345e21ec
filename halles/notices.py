"""What is wrong with the content, said to the person who wrote it.

A rule says what can be wrong; a notice says that it is, and where. Rules live beside the code
that finds them; a notice is plain data, so that the ledger can keep it and say it again.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

Severity: TypeAlias = Literal["error", "warning", "info"]
RANK: Mapping[Severity, int] = {"error": 0, "warning": 1, "info": 2}


class Words(NamedTuple):
    """One sentence in both languages, with room for what was found."""

    fr: str
    en: str


NEAR = Words("Vouliez-vous dire « {near} » ?", "Did you mean “{near}”?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Something that can be wrong. An error leaves its file out of the site; the rest opens."""

    code: str
    severity: Severity
    says: Words
    hint: Words
    about: Words
    near: Words = NEAR

    def at(self, path: str, spot: tuple[int, int], **given: str) -> "Notice":
        """Return the notice that this rule is broken there."""
        return Notice(path, spot[0], spot[1], self.code, self.severity, given)


NOT_UTF8 = Rule(
    code="not-utf8",
    severity="error",
    says=Words("le fichier n'est pas en UTF-8.", "the file is not UTF-8."),
    hint=Words("Enregistrez-le de nouveau en UTF-8.", "Save it again as UTF-8."),
    about=Words("Le fichier n'est pas en UTF-8.", "The file is not UTF-8."),
)
"""Here, since settings and content/ are read by two that do not know each other."""


class Problem(NamedTuple):
    """A broken rule inside one record, before anyone has looked up its line."""

    rule: Rule
    path: tuple[str | int, ...]
    given: dict[str, str]
    on_key: bool = False


class Notice(Struct, frozen=True, array_like=True):
    """A broken rule and its place: line and column count from 1; 0 where a file has none."""

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    given: dict[str, str]

    @property
    def order(self) -> tuple[Any, ...]:
        """Worst first, then in reading order."""
        return (
            RANK[self.severity],
            self.path,
            self.line,
            self.column,
            self.code,
            tuple(sorted(self.given.items())),
        )


def in_order(found: Iterable[Notice]) -> list[Notice]:
    """Return each notice once, worst first."""
    unique = {notice.order: notice for notice in found}
    return [unique[order] for order in sorted(unique)]


def nearest(given: str, known: Iterable[str]) -> dict[str, str]:
    """Return what the person probably meant, ready to stand in a notice, or nothing."""
    found = get_close_matches(given, sorted(known), n=1, cutoff=0.6)
    return {"near": found[0]} if found else {}


def message(notice: Notice, rule: Rule, lang: str) -> str:
    """Return what is wrong, in one sentence."""
    return _fill(rule.says, notice, lang)


def hint(notice: Notice, rule: Rule, lang: str) -> str:
    """Return what to do about it: as the rule has it, or as its file's language wants it."""
    if own := notice.given.get(f"hint.{lang}"):
        rule = replace(rule, hint=Words(own, own))
    near = [_fill(rule.near, notice, lang)] if "near" in notice.given else []
    return " ".join([*near, _fill(rule.hint, notice, lang)])


def _fill(words: Words, notice: Notice, lang: str) -> str:
    """Return the words with what was found in its places; what was found is never filled in.

    What is found in words of ours is found in both languages: ``why.fr`` and ``why.en``.
    """
    text = words.fr if lang == "fr" else words.en
    return re.sub(r"\{([a-z]+)\}", lambda found: _shown(found[1], notice.given, lang), text)


def _shown(name: str, given: Mapping[str, str], lang: str) -> str:
    value = given.get(f"{name}.{lang}") or given.get(name, "{" + name + "}")
    room = 600 if name == "known" else 120
    return _printable(value if len(value) <= room else value[: room - 1] + "…")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
