"""A phone number that several merchants share."""

from collections.abc import Iterator, Sequence

from halles.checks import Holder, SharedCheck
from halles.notices import Problem, Rule, Words

SAME_PHONE = Rule(
    code="same-phone",
    severity="warning",
    says=Words(
        "le téléphone {given} est aussi celui de {other}.",
        "the phone number {given} is also that of {other}.",
    ),
    hint=Words(
        "Si c'est le même magasin, gardez une seule fiche.", "If it is one shop, keep one file."
    ),
    about=Words(
        "Deux marchands ont le même numéro de téléphone : un doublon probable.",
        "Two merchants have one phone number: a likely duplicate.",
    ),
)


def find(number: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell each holder but the first."""
    for holder in holders[1:]:
        given = {"given": holder.merchant.phone or "", "other": holders[0].source}
        yield holder, Problem(SAME_PHONE, ("phone",), given)


CHECK = SharedCheck(mark="phone", rules=(SAME_PHONE,), find=find)
