"""An enterprise number that several merchants share, where nothing says that they are branches."""

from collections.abc import Iterator, Sequence
from math import cos, hypot, radians

from halles.checks import Holder, SharedCheck
from halles.model import Merchant
from halles.notices import Problem, Rule, Words
from halles.text import fold

SAME_NEQ = Rule(
    code="same-neq",
    severity="info",
    says=Words(
        "le NEQ {given} est aussi celui de {other}, et rien ne dit que ce sont deux adresses.",
        "the NEQ {given} is also that of {other}, and nothing says that they are two addresses.",
    ),
    hint=Words(
        "Si c'est le même magasin, gardez une seule fiche ; à deux succursales, donnez leur "
        "municipalité, leur adresse ou leur position.",
        "If it is one shop, keep one file; give two branches their town, address or location.",
    ),
    about=Words(
        "Deux marchands ont le même numéro d'entreprise et peuvent être au même endroit : un "
        "doublon probable. De succursales qui sont ailleurs, rien n'est dit.",
        "Two merchants have one enterprise number and may be in one place: a likely duplicate. "
        "Of branches that are elsewhere nothing is said.",
    ),
)
APART = 100
"""Metres from which two shops of one enterprise are two."""
METRES_A_DEGREE = 111_195


def find(neq: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell each holder of the first one before it that may be the same shop."""
    for i, holder in enumerate(holders):
        same = (h for h in holders[:i] if not elsewhere(h.merchant, holder.merchant))
        if (other := next(same, None)) is not None:
            yield holder, Problem(SAME_NEQ, ("neq",), {"given": neq, "other": other.source})


def elsewhere(a: Merchant, b: Merchant) -> bool:
    """Tell whether two shops are plainly in different places.

    Where both are on the map, the map decides; else a town or a street that both give.
    """
    if a.location and b.location:
        north = a.location.lat - b.location.lat
        east = (a.location.lon - b.location.lon) * cos(radians(a.location.lat))
        return METRES_A_DEGREE * hypot(north, east) > APART
    if a.municipality and b.municipality and fold(a.municipality) != fold(b.municipality):
        return True
    streets = [m.address.street for m in (a, b) if m.address and m.address.street]
    return len(streets) == 2 and fold(streets[0]) != fold(streets[1])


CHECK = SharedCheck(mark="neq", rules=(SAME_NEQ,), find=find)
