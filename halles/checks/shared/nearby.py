"""Two merchants of one name within 100 m are likely one."""

from collections.abc import Iterator, Sequence
from math import cos, hypot, radians

from halles.catalogue import squares
from halles.checks import Holder, SharedCheck
from halles.model import Position
from halles.notices import Problem, Rule, Words

METRES = 100
METRES_A_DEGREE = 111_195  # of a great circle on a sphere of 6,371 km

SAME_NAME_NEARBY = Rule(
    code="same-name-nearby",
    severity="warning",
    says=Words(
        "{other} porte le même nom, à {metres} m d'ici.",
        "{other} has the same name, {metres} m away.",
    ),
    hint=Words(
        "Si c'est le même magasin, gardez une seule fiche.", "If it is one shop, keep one file."
    ),
    about=Words(
        "Deux marchands du même nom sont à moins de 100 m : un doublon probable.",
        "Two merchants of one name stand within 100 m: a likely duplicate.",
    ),
)


def find(square: str, holders: Sequence[Holder], today: str) -> Iterator[tuple[Holder, Problem]]:
    """Tell each holder of the nearest one before it.

    Neighbours may share several squares; of these, the first tells of them.
    """
    here = square.rpartition("|")[2]
    for i, holder in enumerate(holders):
        near = [
            (_metres(holder, other), other.source)
            for other in holders[:i]
            if here == min(_squares(holder) & _squares(other))
        ]
        if near and (closest := min(near))[0] <= METRES:
            given = {"other": closest[1], "metres": f"{closest[0]:.0f}"}
            yield holder, Problem(SAME_NAME_NEARBY, ("name",), given)


def _squares(holder: Holder) -> set[str]:
    place = holder.merchant.location
    return set(squares(place.lat, place.lon)) if place else set()


def _metres(a: Holder, b: Holder) -> float:
    """Return the distance, flat: over 100 m the Earth's curve counts for nothing."""
    here, there = a.merchant.location, b.merchant.location
    if here is None or there is None:
        return float("inf")
    return _flat(here, there)


def _flat(here: Position, there: Position) -> float:
    across = (here.lon - there.lon) * cos(radians((here.lat + there.lat) / 2))
    return METRES_A_DEGREE * hypot(here.lat - there.lat, across)


CHECK = SharedCheck(mark="near", rules=(SAME_NAME_NEARBY,), find=find)
