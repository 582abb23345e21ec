"""What is wrong with a TOML file: every mistake, each with its key, its line and its remedy.

tomllib and msgspec read such a file, and stop at the first mistake. Where they did, it is walked
here beside the same type descriptions that content/ is read by.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from msgspec import inspect

from halles.notices import Problem, Rule, Words
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
RULES = (NOT_WHOLE,)
A_TABLE = Words("Ajoutez une ligne [{key}].", "Add a line [{key}].")
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


def mistakes(tree: Any, kind: Any) -> list[Problem]:
    """Return every reason why a file's tree is not what a type describes."""
    walk = _TypedWalk()
    walk.any(tree, inspect.type_info(kind), ())
    return [_in_toml(problem) for problem in walk.problems]


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


def _in_toml(problem: Problem) -> Problem:
    """Return a problem with what to do about it in TOML."""
    code = problem.rule.code
    remedy = A_TABLE if (code, problem.path) == (MISSING_KEY.code, ()) else HINTS.get(code)
    if remedy is None:
        return problem
    return problem._replace(given=problem.given | {"hint.fr": remedy.fr, "hint.en": remedy.en})


class Lines:
    """Where a file says what. tomllib does not tell, but each of its first lines can be asked.

    A key stands on the first line with which the file, cut off there, has it.
    """

    def __init__(self, source: str) -> None:
        self._lines = source.split("\n")
        self._steps = list(_steps(source))

    def of(self, path: Path) -> tuple[int, int]:
        """Return line and column of a key, or of the table that lacks it; 0 and 0 of neither."""
        while path:
            for line, tree in self._steps:
                if _holds(tree, path):
                    return line, self._column(line, path)
            path = path[:-1]
        return 0, 0

    def _column(self, line: int, path: Path) -> int:
        """Return where the last named piece of a path stands in its line, or where that begins."""
        name = next((piece for piece in reversed(path) if isinstance(piece, str)), "")
        found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self._lines[line - 1])
        return found.start() + 1 if found else 1


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
