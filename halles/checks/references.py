"""What a record names must exist."""

from collections.abc import Iterator, Mapping
from typing import Any

from halles.checks import Bearings, Check
from halles.model import Campaign, Merchant
from halles.notices import Problem, Rule, Words, nearest


def _unknown(kind: str, fr: str, en: str, where: str) -> Rule:
    return Rule(
        code=f"unknown-{kind}",
        severity="error",
        says=Words(f"il n'y a pas de {fr} « {{given}} ».", f"there is no {en} “{{given}}”."),
        hint=Words(
            f"Choisissez dans {where}, ou ajoutez-y ce qui manque.",
            f"Choose from {where}, or add what is missing there.",
        ),
        about=Words(
            f"Une fiche nomme une {fr} qui n'existe pas.",
            f"A record names {'an' if en[0] in 'aeiou' else 'a'} {en} that does not exist.",
        ),
    )


UNKNOWN_REGION = _unknown("region", "région", "region", "content/regions/")
UNKNOWN_CATEGORY = _unknown("category", "catégorie", "category", "content/categories.yaml")
UNKNOWN_LABEL = _unknown("label", "marque d'origine", "origin label", "content/labels.yaml")


def find(record: Any, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Look up every id that a record uses."""
    known: dict[Rule, Mapping[str, object]] = {
        UNKNOWN_REGION: bearings.catalogue.regions,
        UNKNOWN_CATEGORY: bearings.catalogue.categories,
        UNKNOWN_LABEL: bearings.catalogue.labels,
    }
    for rule, path, given in _uses(record):
        kind = rule.code.removeprefix("unknown-")
        if given not in known[rule] and kind not in bearings.catalogue.unread:
            yield Problem(rule, path, {"given": given, **nearest(given, known[rule])})


def _uses(record: Any) -> Iterator[tuple[Rule, tuple[str | int, ...], str]]:
    if isinstance(record, Campaign):
        lists: Mapping[str, tuple[Rule, tuple[str, ...]]] = {
            "regions": (UNKNOWN_REGION, record.regions),
            "categories": (UNKNOWN_CATEGORY, record.categories),
            "labels": (UNKNOWN_LABEL, record.labels),
        }
        for name, (rule, ids) in lists.items():
            for i, given in enumerate(ids):
                yield rule, (name, i), given
        return
    yield UNKNOWN_REGION, ("region",), record.region
    for i, category in enumerate(record.categories):
        yield UNKNOWN_CATEGORY, ("categories", i), category
    if record.origin:
        yield UNKNOWN_LABEL, ("origin", "label"), record.origin.label
    for i, product in enumerate(record.products):
        if product.category:
            yield UNKNOWN_CATEGORY, ("products", i, "category"), product.category
        if product.origin:
            yield UNKNOWN_LABEL, ("products", i, "origin", "label"), product.origin.label


CHECK = Check(
    of=(Merchant, Campaign),
    rules=(UNKNOWN_REGION, UNKNOWN_CATEGORY, UNKNOWN_LABEL),
    find=find,
)
