"""What remains of a record without what is wrong in it, so that the checks can look at the rest.

A price that is no price must not hide that the category does not exist: the editor is told both in
one go. Nothing of this is ever kept or shown.
"""

from collections.abc import Iterable, Iterator, Set
from typing import Any, NamedTuple

from halles.notices import Problem
from halles.read.decode import Path, decode


class Remains(NamedTuple):
    """A record of which parts were left out, and which parts those are."""

    record: Any
    bad: Set[Path]
    places: dict[Path, list[int]]
    """For each list that lost an item: where those that are left stood."""

    def placed(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield what checks say of the rest, with the paths of the whole.

        What they say of a part that lost something is left unsaid: it may be true of the rest only.
        """
        for problem in problems:
            path = _whole(problem.path, self.places)
            if not any(bad[: len(path)] == path for bad in self.bad):
                yield problem._replace(path=path)


def remains(value: Any, kind: type, problems: Iterable[Problem]) -> Remains | None:
    """Return a record without what these problems are about, or None if none would be left."""
    bad = {problem.path for problem in problems}
    if ("status",) in bad:
        bad.add(("closed_on",))  # it says nothing without the other
    while () not in bad:
        places: dict[Path, list[int]] = {}
        record, found = decode(_without(value, bad, (), places), kind)
        if record is not None:
            return Remains(record, bad, places)
        bad |= {_whole(problem.path, places) for problem in found}
    return None


def _without(value: Any, bad: Set[Path], at: Path, places: dict[Path, list[int]]) -> Any:
    if isinstance(value, dict):
        kept = {key: (*at, key) for key in value if (*at, key) not in bad}
        return {key: _without(value[key], bad, path, places) for key, path in kept.items()}
    if isinstance(value, list):
        places[at] = [i for i in range(len(value)) if (*at, i) not in bad]
        return [_without(value[i], bad, (*at, i), places) for i in places[at]]
    return value


def _whole(path: Path, places: dict[Path, list[int]]) -> Path:
    """Return where a path of the rest stands in the whole."""
    found: Path = ()
    for piece in path:
        found = (*found, places[found][piece] if isinstance(piece, int) else piece)
    return found
