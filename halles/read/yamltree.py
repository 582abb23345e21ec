"""What a reading of YAML is made of: values, the place of each, and what the rules forbid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

LARGEST: Final = 1 << 20
"""How many bytes a file may have."""

DEEPEST: Final = 20
"""How many mappings and lists may stand inside one another."""

Value: TypeAlias = "dict[str, Value] | list[Value] | str | None"
Path: TypeAlias = tuple[str | int, ...]


class Spot(NamedTuple):
    """A place in a file, as an editor counts: the first character is at line 1, column 1."""

    line: int
    column: int


class Fault(NamedTuple):
    """One thing that the rules of content forbid: which, where, and the text in question."""

    code: str
    spot: Spot
    given: str


class Unreadable(Exception):
    """The text is outside the rules: every fault that could be found, in order of place.

    Where nothing is wrong but keys that are written twice, ``tree`` has all that it says.
    """

    def __init__(self, faults: Sequence[Fault], tree: "Tree | None" = None) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        self.tree = tree
        super().__init__(self.faults)


@dataclass(frozen=True, slots=True)
class Tree:
    """What a file says, every scalar as its text, and where it says it."""

    value: Value
    places: Mapping[Path, Spot]
    key_places: Mapping[Path, Spot]

    def spot(self, path: Sequence[str | int]) -> Spot:
        """Return where the value at path stands, or the nearest value around it."""
        way = tuple(path)
        while way not in self.places:
            way = way[:-1]
        return self.places[way]

    def key_spot(self, path: Sequence[str | int]) -> Spot:
        """Return where the key that leads to path stands; a list item has none, but a place."""
        return self.key_places.get(tuple(path)) or self.spot(path)
