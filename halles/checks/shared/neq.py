"""An enterprise number that several merchants share."""

from collections.abc import Iterator, Sequence

from halles.checks import Holder, SharedCheck
from halles.notices import Problem, Rule, Words

SAME_NEQ = Rule(
    code="same-neq",
    severity="info",
    says=Words(
        "le NEQ {given} est aussi celui de {other}.", "the NEQ {given} is also that of {other}."
    ),
    hint=Words(
        "C'est normal pour deux succursales ; si c'est le même magasin, gardez une seule fiche.",
        "That is right for two branches; if it is one shop, keep one file.",
    ),
    about=Words(
        "Deux marchands ont le même numéro d'entreprise : des succursales, ou un doublon.",
        "Two merchants have one enterprise number: branches, or a duplicate.",
    ),
)


def find(neq: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell each holder but the first."""
    for holder in holders[1:]:
        yield holder, Problem(SAME_NEQ, ("neq",), {"given": neq, "other": holders[0].source})


CHECK = SharedCheck(mark="neq", rules=(SAME_NEQ,), find=find)
