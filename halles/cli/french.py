"""What argparse says by itself, in French: its usage, its help, and each of its refusals."""

import argparse
import re
import sys
from typing import Any, NoReturn

_TITLES = {"positional arguments": "arguments ", "options": "options "}
_REFUSALS = {
    r"unrecognized arguments: (.+)": r"mots inconnus : \1",
    r"the following arguments are required: (.+)": r"il manque : \1",
    r"expected one argument": "il faut une valeur",
    r"expected at least one argument": "il faut au moins une valeur",
    r"ignored explicit argument (.+)": r"aucune valeur n'est attendue ici : \1",
    r"invalid choice: (.+) \(choose from (.+)\)": r"choix impossible : \1 (choix : \2)",
    r"invalid count value: (.+)": r"\1 n'est pas un nombre entier, 0 ou plus",
    r"invalid int value: (.+)": r"\1 n'est pas un nombre entier",
    r"invalid share value: (.+)": r"\1 n'est pas une part, de 0 à 1",
    r"invalid later value: (.+)": r"\1 n'est pas un nombre entier, 2 ou plus",
    r"invalid form value: (.+)": (
        r"\1 n'est pas une forme de flux : csv, tsv, jsonl ou parquet, au besoin suivi de .gz ou "
        ".zst"
    ),
    r"ambiguous option: (.+) could match (.+)": r"option ambiguë : \1 peut être \2",
}
"""Each refusal that these flags can meet, as argparse words it, and in French."""


class FrenchParser(argparse.ArgumentParser):
    """A parser that speaks French, by what a parser lets its heirs say otherwise."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": _FrenchHelp, **given, "add_help": False})
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def add_argument_group(self, *words: Any, **given: Any) -> Any:
        """Add a group; those that every parser has are called by their French names."""
        return super().add_argument_group(*(_TITLES.get(w, w) for w in words), **given)

    def error(self, message: str) -> NoReturn:
        """Show the usage, say what is wrong with the words that were given, and leave."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog} : {in_french(message)}\n")


class _FrenchHelp(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)


def in_french(message: str) -> str:
    """Return a refusal in French; one that is not in the table, as it is.

    >>> in_french("argument --jobs: expected one argument")
    'argument --jobs : il faut une valeur'
    """
    flag, text = re.findall(r"(?s)\A(?:argument ([^:]*): )?(.*)", message)[0]
    for english, french in _REFUSALS.items():
        if found := re.fullmatch(english, text, re.DOTALL):
            said = found.expand(french)
            return f"argument {flag} : {said}" if flag else said
    return message
