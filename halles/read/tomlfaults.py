"""What is wrong with a TOML file: every mistake, each with its key, its line and its remedy.

tomllib and msgspec read such a file, and stop at the first mistake. Where they did, it is walked
here beside the same type descriptions that content/ is read by.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from msgspec import inspect

from halles.notices import Notice, Problem, Rule, Words, hint, message
from halles.read.decode import (
    MISSING_KEY,
    NOT_A_FLAG,
    NOT_A_LIST,
    NOT_A_MAP,
    NOT_A_NUMBER,
    NOT_TEXT,
    OUT_OF_RANGE,
    Path,
    Walk,
)

A_FILE = 300
"""Lines that are looked through for a key; settings are about twenty."""

NOT_WHOLE = Rule(
    code="not-whole",
    severity="error",
    says=Words("« {given} » n'est pas un nombre entier.", "“{given}” is not a whole number."),
    hint=Words("Écrivez des chiffres seulement.", "Write digits only."),
    about=Words("Un nombre entier est attendu.", "A whole number is expected."),
)
MISSING_TABLE = replace(
    MISSING_KEY, hint=Words("Ajoutez une ligne [{key}].", "Add a line [{key}].")
)
HINTS = {
    MISSING_KEY.code: Words("Ajoutez {key} = …", "Add {key} = …"),
    NOT_A_MAP.code: Words(
        "Écrivez une ligne [{key}], puis une clé par ligne.",
        "Write a line [{key}], then a key a line.",
    ),
    NOT_A_LIST.code: Words('Par exemple ["fr", "en"].', 'For example ["fr", "en"].'),
    NOT_TEXT.code: Words("Écrivez un texte entre guillemets.", "Write a text between quotes."),
    NOT_A_NUMBER.code: Words(
        "Écrivez des chiffres sans guillemets.", "Write digits without quotes."
    ),
    OUT_OF_RANGE.code: Words(
        "Choisissez un nombre entre les deux.", "Choose a number between the two."
    ),
}
"""What to do in TOML, where it is not what one does in YAML."""


class Mistake(NamedTuple):
    """Something wrong: where it stands, and what to say of it; of an unknown key, to its table."""

    path: Path
    words: Words
    on_key: bool = False

    def said(self) -> Words:
        """Return the words behind the key that they are about."""
        path = self.path[:-1] if self.on_key else self.path
        key = ".".join(piece for piece in path if isinstance(piece, str))
        fr, en = self.words
        return Words(f"{key} : {fr}", f"{key}: {en}") if key else self.words


def mistakes(tree: Any, kind: Any) -> list[Mistake]:
    """Return every reason why a file's tree is not what a type describes."""
    walk = _TypedWalk()
    walk.any(tree, inspect.type_info(kind), ())
    return [_mistake(problem) for problem in walk.problems]


class _TypedWalk(Walk):
    """A walk over scalars that have types of their own, where YAML's are all text."""

    def any(self, value: Any, wanted: inspect.Type, path: Path) -> Any:
        if isinstance(wanted, inspect.IntType):
            return self._number(value, wanted, path)
        if isinstance(wanted, inspect.LiteralType) and not isinstance(value, dict | list):
            return self._choice(str(value), wanted, path)
        return super().any(value, wanted, path)

    def _number(self, value: Any, wanted: inspect.FloatType | inspect.IntType, path: Path) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(NOT_A_NUMBER, path, given=_shown(value))
        elif isinstance(wanted, inspect.IntType) and not isinstance(value, int):
            self.wrong(NOT_WHOLE, path, given=_shown(value))
        else:
            self.within(value, str(value), wanted, path)
        return value

    def _flag(self, value: Any, path: Path) -> Any:
        if not isinstance(value, bool):
            self.wrong(NOT_A_FLAG, path, given=_shown(value))
        return value

    def _text(self, value: Any, wanted: inspect.Type, path: Path, format_name: str | None) -> Any:
        if value == "" and isinstance(wanted, inspect.StrType) and not wanted.pattern:
            return value  # a map without tiles, say
        return super()._text(value, wanted, path, format_name)


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "…"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def _mistake(problem: Problem) -> Mistake:
    """Return a problem in words that suit TOML."""
    rule, path = problem.rule, problem.path
    rule = replace(rule, hint=HINTS.get(rule.code, rule.hint))
    if rule.code == MISSING_KEY.code and not path:
        rule = MISSING_TABLE
    notice = Notice("", 0, 0, rule.code, rule.severity, problem.given)
    fr, en = (f"{message(notice, rule, lang)} {hint(notice, rule, lang)}" for lang in ("fr", "en"))
    return Mistake(path, Words(fr, en), problem.on_key)


class Lines:
    """Where a file says what. tomllib does not tell, but each of its first lines can be asked.

    A key stands on the first line with which the file, cut off there, has it.
    """

    def __init__(self, source: str) -> None:
        self._steps = list(_steps(source))

    def of(self, path: Path) -> int:
        """Return the line on which a key's statement begins, or 0 where it cannot be found."""
        return next((line for line, tree in self._steps if path and _holds(tree, path)), 0)


def _steps(source: str) -> Iterator[tuple[int, Any]]:
    """Yield the tree as it grows, statement by statement, and the line each begins on."""
    lines = source.split("\n")[:A_FILE]
    begin = 1
    for end in range(1, len(lines) + 1):
        try:
            tree = tomllib.loads("\n".join(lines[:end]))
        except ValueError:
            continue
        yield begin, tree
        begin = end + 1


def _holds(tree: Any, path: Path) -> bool:
    for piece in path:
        try:
            tree = tree[piece]
        except (KeyError, IndexError, TypeError):
            return False
    return True
