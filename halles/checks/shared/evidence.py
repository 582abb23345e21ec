"""Evidence of origin that has run out, by the site's own calendar."""

from collections.abc import Iterator, Sequence
from operator import lt

from halles.checks import Holder, SharedCheck
from halles.notices import Problem, Rule, Words

EXPIRED_EVIDENCE = Rule(
    code="expired-evidence",
    severity="warning",
    says=Words(
        "la preuve d'origine était valable jusqu'au {given}.",
        "the evidence of origin was valid until {given}.",
    ),
    hint=Words(
        "Vérifiez de nouveau, puis mettez checked_on et valid_until à jour.",
        "Check again, then bring checked_on and valid_until up to date.",
    ),
    about=Words(
        "Une preuve d'origine est échue au jour du site, c'est-à-dire à la plus récente date du "
        "contenu ou du dernier relevé de stock ; l'horloge de la machine n'y est pour rien.",
        "Evidence of origin has run out by the site's day, which is the newest date of the content "
        "or of the last stock snapshot; the machine's clock has no part in it.",
    ),
)


def find(day: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell every holder of evidence that was valid until a day gone by."""
    for holder in holders:
        merchant = holder.merchant
        if merchant.origin and merchant.origin.valid_until == day:
            yield holder, Problem(EXPIRED_EVIDENCE, ("origin", "valid_until"), {"given": day})
        for i, product in enumerate(merchant.products):
            if product.origin and product.origin.valid_until == day:
                path = ("products", i, "origin", "valid_until")
                yield holder, Problem(EXPIRED_EVIDENCE, path, {"given": day})


CHECK = SharedCheck(mark="until", rules=(EXPIRED_EVIDENCE,), find=find, alone=lt)
