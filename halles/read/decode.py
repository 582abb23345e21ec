"""From what a file says to a record: every mistake found, each with its path.

The quick way is msgspec's own decoder. It stops at the first mistake, so a file that fails is
read again here, slowly, by the same type descriptions, and all its mistakes are named.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from halles.notices import Problem, Rule, Words, nearest

R = TypeVar("R")
Path = tuple[str | int, ...]

_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)

_EVERYDAY = bytes(c for c in (*range(0x20, 0x7F), 9, 10, 13) if c != ord("\\"))
_SUSPECT_BYTES = re.compile(
    rb"[\x00-\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]"
)
"""The same characters in UTF-8, in what is left of a file without its everyday bytes."""


def _rule(code: str, says: Words, hint: Words, about: Words) -> Rule:
    return Rule(code=code, severity="error", says=says, hint=hint, about=about)


UNKNOWN_KEY = _rule(
    "unknown-key",
    Words("la clé « {key} » n'existe pas ici.", "there is no key “{key}” here."),
    Words("Clés possibles : {known}.", "Possible keys: {known}."),
    Words("Une clé que le format ne connaît pas.", "A key that the format does not know."),
)
_DECIMAL = {
    "hint.fr": "Les décimales s'écrivent avec un point : 48.4488, et non 48,4488.",
    "hint.en": "Decimals are written with a point: 48.4488, not 48,4488.",
}
MISSING_KEY = _rule(
    "missing-key",
    Words("il manque la clé « {key} ».", "the key “{key}” is missing."),
    Words("Ajoutez « {key}: … ».", "Add “{key}: …”."),
    Words("Une clé obligatoire est absente.", "A required key is absent."),
)
EMPTY_VALUE = _rule(
    "empty-value",
    Words("« {key} » est vide.", "“{key}” is empty."),
    Words("Écrivez une valeur, ou retirez la clé.", "Write a value, or remove the key."),
    Words(
        "Une valeur obligatoire est vide, ou un texte est vide.",
        "A required value is empty, or a text is.",
    ),
)
EMPTY_FILE = _rule(
    "empty-file",
    Words("le fichier est vide.", "the file is empty."),
    Words("Écrivez la fiche, ou retirez le fichier.", "Write the record, or remove the file."),
    Words(
        "Un fichier est vide, ou n'a que des commentaires.",
        "A file is empty, or holds comments alone.",
    ),
)
NOT_A_MAP = _rule(
    "not-a-map",
    Words("« {key} » devrait contenir des clés.", "“{key}” should hold keys."),
    Words("Écrivez des clés, par exemple {known}.", "Write keys, for example {known}."),
    Words("Un groupe de clés est attendu à cet endroit.", "A group of keys is expected there."),
)
NOT_A_LIST = _rule(
    "not-a-list",
    Words("« {key} » devrait être une liste.", "“{key}” should be a list."),
    Words("Écrivez [un, deux], ou un tiret par ligne.", "Write [one, two], or a dash a line."),
    Words("Une liste est attendue à cet endroit.", "A list is expected there."),
)
NOT_TEXT = _rule(
    "not-text",
    Words("« {key} » devrait être un texte.", "“{key}” should be a text."),
    Words(
        "Écrivez un texte simple ; s'il contient « : » ou commence par [ ou {, mettez-le entre "
        "guillemets.",
        "Write a plain text; if it holds “: ” or starts with [ or {, put it between quotes.",
    ),
    Words("Un texte est attendu à cet endroit.", "A text is expected there."),
)
NOT_A_NUMBER = _rule(
    "not-a-number",
    Words("« {given} » n'est pas un nombre.", "“{given}” is not a number."),
    Words(
        "Écrivez des chiffres avec un point décimal, par exemple 48.4488.",
        "Write digits with a decimal point, for example 48.4488.",
    ),
    Words("Un nombre est attendu à cet endroit.", "A number is expected there."),
)
OUT_OF_RANGE = _rule(
    "out-of-range",
    Words(
        "{given} est hors des limites ({least} à {most}).",
        "{given} is out of range ({least} to {most}).",
    ),
    Words(
        "Vérifiez le nombre ; d'un point, lat et lon sont peut-être inversés.",
        "Check the number; of a point, lat and lon may be swapped.",
    ),
    Words("Un nombre sort des limites du possible.", "A number lies beyond what is possible."),
)
NOT_A_FLAG = _rule(
    "not-a-flag",
    Words("« {given} » n'est ni true ni false.", "“{given}” is neither true nor false."),
    Words("Écrivez true ou false.", "Write true or false."),
    Words("true ou false est attendu à cet endroit.", "true or false is expected there."),
)
NOT_ONE_OF = _rule(
    "not-one-of",
    Words(
        "« {given} » n'est pas un choix possible de « {key} ».",
        "“{given}” is not one of the choices of “{key}”.",
    ),
    Words("Choix possibles : {known}.", "Choices: {known}."),
    Words("Une valeur ne fait pas partie des choix.", "A value is not one of the choices."),
)
TOO_LONG = _rule(
    "too-long",
    Words(
        "« {key} » a {length} caractères ; {most} au plus.",
        "“{key}” has {length} characters; {most} at most.",
    ),
    Words("Raccourcissez le texte.", "Shorten the text."),
    Words("Un texte dépasse sa longueur permise.", "A text is longer than it may be."),
)
TOO_FEW = _rule(
    "too-few",
    Words("« {key} » demande au moins {least} élément.", "“{key}” needs at least {least} item."),
    Words("Ajoutez-en un.", "Add one."),
    Words("Une liste a trop peu d'éléments.", "A list has too few items."),
)
TOO_MANY = _rule(
    "too-many",
    Words(
        "« {key} » a trop d'éléments ; {most} au plus.",
        "“{key}” has too many items; {most} at most.",
    ),
    Words("Retirez-en.", "Remove some."),
    Words("Une liste a trop d'éléments.", "A list has too many items."),
)
UNSEEN_CHARACTER = _rule(
    "unseen-character",
    Words(
        "« {key} » contient un caractère invisible ({given}).",
        "“{key}” holds an unseen character ({given}).",
    ),
    Words(
        "Effacez-le : les caractères de commande et de sens d'écriture ne sont pas permis.",
        "Delete it: control and writing-direction characters are not allowed.",
    ),
    Words(
        "Un texte contient un caractère de commande ou de sens d'écriture, qui peut tromper.",
        "A text holds a control or writing-direction character, which can deceive.",
    ),
)

_ID_HINT = Words(
    "Lettres minuscules sans accent, chiffres et traits d'union : boulangerie-du-marche.",
    "Small letters without accents, digits and hyphens: boulangerie-du-marche.",
)
FORMATS: Mapping[str, Rule] = {
    name: _rule(
        f"bad-{name}",
        Words(f"« {{given}} » n'est pas {fr}.", f"“{{given}}” is not {en}."),
        hint,
        Words(f"La valeur n'est pas {fr}.", f"The value is not {en}."),
    )
    for name, fr, en, hint in (
        ("id", "un identifiant", "an identifier", _ID_HINT),
        (
            "line",
            "un texte d'une seule ligne",
            "a text on a single line",
            Words("Écrivez-le sur une ligne, sans « | ».", "Write it on one line, without “|”."),
        ),
        ("segment", "un morceau d'adresse", "a piece of an address", _ID_HINT),
        (
            "sku",
            "un code de produit",
            "a product code",
            Words(
                "Lettres, chiffres, points, traits, soulignés : PAIN-LEVAIN (50 au plus).",
                "Letters, digits, dots, hyphens, underscores: PAIN-LEVAIN (50 at most).",
            ),
        ),
        (
            "gtin",
            "un code GTIN",
            "a GTIN",
            Words(
                "8, 12, 13 ou 14 chiffres, comme sous le code à barres.",
                "8, 12, 13 or 14 digits, as under the bar code.",
            ),
        ),
        (
            "neq",
            "un NEQ",
            "an NEQ",
            Words(
                "Le numéro d'entreprise du Québec a 10 chiffres.",
                "The Québec enterprise number has 10 digits.",
            ),
        ),
        (
            "price",
            "un prix",
            "a price",
            Words(
                "Un nombre décimal de dollars, avec un point : 6.50.",
                "A decimal number of dollars, with a point: 6.50.",
            ),
        ),
        (
            "day",
            "une date",
            "a date",
            Words("Année-mois-jour : 2026-05-01.", "Year-month-day: 2026-05-01."),
        ),
        (
            "postal-code",
            "un code postal du Québec",
            "a Québec postal code",
            Words(
                "Majuscules et une espace : G5L 1A1, sans D, F, I, O, Q ni U (un zéro est un "
                "chiffre). Ceux du Québec commencent par G, H ou J, ou par K près de l'Outaouais.",
                "Capitals and one space: G5L 1A1, without D, F, I, O, Q and U (a zero is a "
                "digit). Those of Québec begin with G, H or J, or with K near the Outaouais.",
            ),
        ),
        (
            "url",
            "une adresse web",
            "a web address",
            Words(
                "Elle commence par https:// et ne contient ni espace ni guillemet.",
                "It starts with https:// and holds no space or quote.",
            ),
        ),
        (
            "email",
            "une adresse courriel",
            "an e-mail address",
            Words("Par exemple bonjour@example.org.", "For example bonjour@example.org."),
        ),
        (
            "media-file",
            "un fichier de content/media/",
            "a file of content/media/",
            Words("Par exemple media/pain.jpg.", "For example media/pain.jpg."),
        ),
        (
            "code",
            "un code de magasin",
            "a store code",
            Words(
                "Sans espace, 64 caractères au plus : RIM-01.",
                "No space, 64 characters at most: RIM-01.",
            ),
        ),
        (
            "region-code",
            "un code de région",
            "a region code",
            Words('Deux chiffres : "01".', 'Two digits: "01".'),
        ),
        (
            "schema-type",
            "un type de schema.org",
            "a schema.org type",
            Words("Par exemple Bakery.", "For example Bakery."),
        ),
    )
}
RULES = (
    UNKNOWN_KEY, MISSING_KEY, EMPTY_VALUE, EMPTY_FILE, NOT_A_MAP, NOT_A_LIST, NOT_TEXT,
    NOT_A_NUMBER, OUT_OF_RANGE, NOT_A_FLAG, NOT_ONE_OF, TOO_LONG, TOO_FEW, TOO_MANY,
    UNSEEN_CHARACTER,
    *FORMATS.values(),
)  # fmt: skip


def decode_quickly(value: Any, source: bytes, kind: type[R]) -> R | None:
    """Return the record, or None if anything at all is unusual and decode() must look."""
    if _SUSPECT_BYTES.search(source.translate(None, _EVERYDAY)):
        return None
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return None


def decode(value: Any, kind: type[R], path: Path = ()) -> tuple[R | None, list[Problem]]:
    """Return the record that a tree's value stands for, or every reason why there is none.

    ``path`` is where the value stands in its tree; the problems' own paths start with it.
    """
    walk = Walk()
    value = walk.any(value, _described(kind), path)  # type: ignore[arg-type]
    if walk.problems:
        return None, walk.problems
    return msgspec.convert(value, kind), []


@cache
def _described(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


class Walk:
    """One pass over a tree beside the description of what it should be."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def any(self, value: Any, wanted: inspect.Type, path: Path) -> Any:
        """Return the value as msgspec takes it, or anything at all where it is wrong."""
        if isinstance(wanted, inspect.Metadata):
            format_name = (wanted.extra or {}).get("format")
            return self._text(value, wanted.type, path, format_name)
        if isinstance(wanted, inspect.UnionType):
            return self.any(value, _choose(value, wanted), path)
        if isinstance(wanted, inspect.StructType):
            return self._map(value, wanted, path)
        if isinstance(wanted, inspect.VarTupleType):
            return self._list(value, wanted, path)
        if isinstance(wanted, inspect.TupleType):
            return self._row(value, wanted, path)
        if isinstance(wanted, inspect.LiteralType):
            return self._choice(value, wanted, path)
        if isinstance(wanted, inspect.FloatType):
            return self._number(value, wanted, path)
        if isinstance(wanted, inspect.BoolType):
            return self._flag(value, path)
        return self._text(value, wanted, path, None)

    def wrong(self, rule: Rule, path: Path, *, on_key: bool = False, **given: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(rule, path, {"key": _name(path), **given}, on_key))

    def _map(self, value: Any, wanted: inspect.StructType, path: Path) -> Any:
        fields = {f.encode_name: f for f in wanted.fields}
        if value is None and not path:
            self.wrong(EMPTY_FILE, path)
            return None
        if not isinstance(value, dict):
            self.wrong(NOT_A_MAP, path, known=_example(fields))
            return None
        for key in value:
            if key not in fields:
                # "{lat: 48,4488}" is a key of its own after a comma that was meant for a point.
                near = _DECIMAL if key.isdecimal() else nearest(key, fields)
                known = ", ".join(fields)
                self.wrong(UNKNOWN_KEY, (*path, key), on_key=True, known=known, **near)
        found = {}
        for name, field in fields.items():
            if value.get(name) is not None:
                found[name] = self.any(value[name], field.type, (*path, name))
            elif field.required and name in value:
                self.wrong(EMPTY_VALUE, (*path, name))
            elif field.required:
                self.problems.append(Problem(MISSING_KEY, path, {"key": name}))
        return found

    def _list(self, value: Any, wanted: inspect.VarTupleType, path: Path) -> Any:
        if not isinstance(value, list):
            self.wrong(NOT_A_LIST, path)
            return None
        if wanted.min_length and len(value) < wanted.min_length:
            self.wrong(TOO_FEW, path, least=str(wanted.min_length))
        if wanted.max_length and len(value) > wanted.max_length:
            self.wrong(TOO_MANY, path, most=str(wanted.max_length))
        return [self.any(item, wanted.item_type, (*path, i)) for i, item in enumerate(value)]

    def _row(self, value: Any, wanted: inspect.TupleType, path: Path) -> Any:
        if not isinstance(value, list) or len(value) != len(wanted.item_types):
            self.wrong(NOT_A_LIST, path)
            return None
        pairs = enumerate(zip(value, wanted.item_types, strict=True))
        return [self.any(item, kind, (*path, i)) for i, (item, kind) in pairs]

    def _choice(self, value: Any, wanted: inspect.LiteralType, path: Path) -> Any:
        choices = [str(v) for v in wanted.values]
        if value not in choices:
            given = value if isinstance(value, str) else "…"
            near = nearest(given, choices)
            self.problems.append(
                Problem(
                    NOT_ONE_OF,
                    path,
                    {"key": _name(path), "given": given, "known": ", ".join(choices), **near},
                )
            )
        return value

    def _number(self, value: Any, wanted: inspect.FloatType, path: Path) -> Any:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value, re.A):
            self.wrong(NOT_A_NUMBER, path, given=value if isinstance(value, str) else "…")
            return None
        found = float(value)
        self.within(found, value, wanted, path)
        return found

    def within(
        self,
        found: float,
        given: str,
        wanted: inspect.FloatType | inspect.IntType,
        path: Path,
    ) -> None:
        """Look whether a number lies within its bounds."""
        least = wanted.ge if wanted.ge is not None else wanted.gt
        most = wanted.le if wanted.le is not None else wanted.lt
        low = least is not None and (found < least or (wanted.gt is not None and found <= least))
        if low or (most is not None and found > most):
            self.wrong(OUT_OF_RANGE, path, given=given, least=f"{least:g}", most=f"{most:g}")

    def _flag(self, value: Any, path: Path) -> Any:
        if value not in ("true", "false"):
            self.wrong(NOT_A_FLAG, path, given=value if isinstance(value, str) else "…")
        return value == "true"

    def _text(self, value: Any, wanted: inspect.Type, path: Path, format_name: str | None) -> Any:
        if value is None or value == "":
            self.wrong(EMPTY_VALUE, path)
            return value
        if not isinstance(value, str):
            self.wrong(NOT_TEXT, path)
            return None
        if unseen := _SUSPECT.search(value):
            self.wrong(UNSEEN_CHARACTER, path, given=f"U+{ord(unseen[0]):04X}")
            return value
        if not isinstance(wanted, inspect.StrType):
            return value
        # The length first: no pattern is tried on a mebibyte.
        if wanted.max_length and len(value) > wanted.max_length:
            self.wrong(TOO_LONG, path, length=str(len(value)), most=str(wanted.max_length))
        elif wanted.pattern and not re.search(wanted.pattern, value):
            rule = FORMATS[format_name or "id"] if value.strip() else EMPTY_VALUE
            self.wrong(rule, path, given=value)
        return value


def _choose(value: Any, union: inspect.UnionType) -> inspect.Type:
    """Return the member of a union that the shape of the value calls for."""
    members = [t for t in union.types if not isinstance(t, inspect.NoneType)]
    maps = [t for t in members if isinstance(t, inspect.StructType)]
    if isinstance(value, dict) and maps:
        return maps[0]
    return next((t for t in members if not isinstance(t, inspect.StructType)), members[0])


def _example(fields: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f"{name}: …" for name in list(fields)[:2]) + "}"


def _name(path: Path) -> str:
    """Return the key that a path ends with, list positions left aside."""
    return next((str(piece) for piece in reversed(path) if isinstance(piece, str)), "…")
