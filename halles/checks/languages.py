"""What one language says, the other says too."""

from collections.abc import Iterator
from typing import Any

from halles.checks import Bearings, Check
from halles.model import (
    Both,
    BothProse,
    Campaign,
    Category,
    ContentPage,
    Label,
    Merchant,
    Region,
)
from halles.notices import Problem, Rule, Words

MISSING_TRANSLATION = Rule(
    code="missing-translation",
    severity="info",
    says=Words("« {key} » n'a pas d'anglais.", "“{key}” has no English."),
    hint=Words(
        "Écrivez {fr: …, en: …}, ou le texte anglais dans un fichier .en.md voisin ; d'ici là, "
        "le site montre le français.",
        "Write {fr: …, en: …}, or the English text in a .en.md file beside it; until then the "
        "site shows the French.",
    ),
    about=Words(
        "Un texte destiné aux deux langues n'est qu'en français.",
        "A text meant for both languages is in French only.",
    ),
)

Path = tuple[str | int, ...]
SITE_TEXTS = ("name", "title", "summary", "definition", "body")


def find(record: Any, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Look for texts that stop at French.

    The site's own texts want both languages. A merchant owes nobody English, but who begins
    ``{fr: …}`` has promised the rest.
    """
    if "en" not in bearings.languages:
        return
    wanted = _begun(record) if isinstance(record, Merchant) else _own(record)
    for path in wanted:
        yield Problem(MISSING_TRANSLATION, path, {"key": str(path[-1])})


def _own(record: Any) -> Iterator[Path]:
    for name in SITE_TEXTS:
        text = getattr(record, name, None)
        if isinstance(record, Label) and name == "body":
            continue
        if text is not None and not (isinstance(text, (Both, BothProse)) and text.en):
            yield (name,)
    if isinstance(record, Category):
        for i, child in enumerate(record.children):
            yield from (("children", i, *path) for path in _own(child))


def _begun(merchant: Merchant) -> Iterator[Path]:
    yield from _half(merchant, ("name", "description"), ())
    for i, product in enumerate(merchant.products):
        yield from _half(product, ("name", "description"), ("products", i))


def _half(record: Any, names: tuple[str, ...], path: Path) -> Iterator[Path]:
    for name in names:
        text = getattr(record, name)
        if isinstance(text, (Both, BothProse)) and text.en is None:
            yield (*path, name)


CHECK = Check(
    of=(Merchant, Region, Category, Label, ContentPage, Campaign),
    rules=(MISSING_TRANSLATION,),
    find=find,
)
