"""A date far beyond every other, which is most likely a slip of the pen."""

from collections.abc import Iterator, Sequence
from operator import gt

from halles.checks import Holder, SharedCheck
from halles.model import Merchant
from halles.notices import Problem, Rule, Words

LONELY_DATE = Rule(
    code="lonely-date",
    severity="warning",
    says=Words(
        "le {given} vient plus de trois mois après la plus récente date qui compte ({most}).",
        "{given} comes more than three months after the newest date that counts ({most}).",
    ),
    hint=Words(
        "Vérifiez l'année et le mois. Si la date est bonne, elle comptera dès qu'une autre fiche "
        "en approchera.",
        "Check the year and the month. If the date is right, it counts as soon as another record "
        "comes near it.",
    ),
    about=Words(
        "Une date de vérification, d'entrée, de mise à jour ou de fermeture vient, seule, plus de "
        "trois mois après toutes les autres : le jour du site n'en tient pas compte, ou elle "
        "ferait échoir les preuves d'origine.",
        "A date of checking, entry, update or closing comes, alone, more than three months after "
        "all others: the site's day leaves it aside, or it would let evidence of origin run out.",
    ),
)


def find(day: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell every holder of a date that is beyond the site's day."""
    for holder in holders:
        for path in _places(holder.merchant, day):
            yield holder, Problem(LONELY_DATE, path, {"given": day, "most": today})


def _places(merchant: Merchant, day: str) -> Iterator[tuple[str | int, ...]]:
    for name in ("closed_on", "added_on", "updated_on"):
        if getattr(merchant, name) == day:
            yield (name,)
    if merchant.origin and merchant.origin.checked_on == day:
        yield ("origin", "checked_on")
    for i, product in enumerate(merchant.products):
        if product.origin and product.origin.checked_on == day:
            yield ("products", i, "origin", "checked_on")


CHECK = SharedCheck(mark="dated", rules=(LONELY_DATE,), find=find, alone=gt)
