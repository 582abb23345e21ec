"""A store code says one shop, or a stock feed cannot know which."""

from collections.abc import Iterator, Sequence

from halles.checks import Holder, SharedCheck
from halles.notices import Problem, Rule, Words

DUPLICATE_STORE_CODE = Rule(
    code="duplicate-store-code",
    severity="error",
    says=Words(
        "le code de magasin « {given} » est déjà celui de {other}.",
        "the store code “{given}” is already that of {other}.",
    ),
    hint=Words(
        "Donnez à chaque magasin le sien ; sans store_code, c'est l'identifiant.",
        "Give each shop its own; without store_code it is the id.",
    ),
    about=Words(
        "Deux marchands ont le même code de magasin. Ils restent sur le site, mais aucun flux "
        "de stock ne peut les distinguer.",
        "Two merchants have one store code. Both stay on the site, but no stock feed can tell "
        "them apart.",
    ),
)


def find(code: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell each holder but the first."""
    for holder in holders[1:]:
        field = "store_code" if holder.merchant.store_code else "id"
        given = {"given": code, "other": holders[0].source}
        yield holder, Problem(DUPLICATE_STORE_CODE, (field,), given)


CHECK = SharedCheck(mark="store", rules=(DUPLICATE_STORE_CODE,), find=find)
