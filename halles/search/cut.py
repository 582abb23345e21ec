"""How a region's records are cut in bundles: as few as can be made and fetched in a moment (pure).

Pagefind's cost grows faster than its records, and a browser pays nine bytes for each record of a
bundle before it can ask anything of it. So a region of many products is cut by category, down the
tree, and the words of the region say which bundles a question is for.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from halles.digest import digest
from halles.search.records import MERCHANTS

MOST = {"m": 8000, "p": 4000}
"""Records of one bundle: two seconds of one processor, and 300 MB at most."""
FEW = 250
"""Products of a category up to which it shares a bundle with other small ones."""
SHARED = 1000
"""Products of such a bundle, about: a category stands in one of them whatever the others do."""


class Cut(Struct, frozen=True):
    """A bundle: of which cells it is made, and which part of them."""

    name: str
    kind: str
    """``m`` or ``p``."""
    cells: tuple[str, ...]
    category: str = ""
    part: int = 0
    parts: int = 1


def cuts(
    region: str, counts: Mapping[str, int], tree: Mapping[str, Sequence[str]]
) -> Iterator[Cut]:
    """Yield the bundles of a region; ``counts`` are records by cell, ``tree`` children by category.

    >>> [c.name for c in cuts("nord", {"m": 3, "p:pain": 20}, {"pain": ()})]
    ['nord_m', 'nord_p']
    """
    if counts.get(MERCHANTS):
        yield from _parts(Cut(f"{region}_m", "m", (MERCHANTS,)), counts)
    goods = {cell: n for cell, n in sorted(counts.items()) if cell != MERCHANTS and n}
    if not goods:
        return
    if sum(goods.values()) <= MOST["p"]:
        yield Cut(f"{region}_p", "p", tuple(goods))
        return
    children = {c for below in tree.values() for c in below}
    rest = [cell for cell in goods if cell.removeprefix("p:") not in tree]
    for root in tree:
        if root not in children:
            for category, cells in _pieces(root, goods, tree):
                if sum(goods[c] for c in cells) > FEW:
                    name = f"{region}_p_{category}"
                    yield from _parts(Cut(name, "p", cells, category), goods)
                else:
                    rest += cells
    groups = 1
    while sum(goods[c] for c in rest) > groups * SHARED:
        groups *= 2
    for group in range(groups):
        cells = tuple(c for c in sorted(rest) if _among(c, groups) == group)
        if cells:
            yield from _parts(Cut(f"{region}_p__{group + 1}", "p", cells), goods)


def _pieces(
    category: str, goods: Mapping[str, int], tree: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the pieces of a branch: all of it, or if that is too much its own and each child's."""
    branch = [f"p:{c}" for c in _branch(category, tree) if f"p:{c}" in goods]
    if sum(goods[c] for c in branch) <= MOST["p"] or not tree[category]:
        if branch:
            yield category, tuple(sorted(branch))
        return
    if f"p:{category}" in goods:
        yield category, (f"p:{category}",)
    for child in tree[category]:
        yield from _pieces(child, goods, tree)


def _branch(category: str, tree: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield category
    for child in tree[category]:
        yield from _branch(child, tree)


def _parts(whole: Cut, counts: Mapping[str, int]) -> Iterator[Cut]:
    """Yield a bundle, in as many parts as make it small enough."""
    total, parts = sum(counts[c] for c in whole.cells), 1
    while total > parts * MOST[whole.kind]:
        parts *= 2
    if parts == 1:
        yield whole
        return
    for part in range(parts):
        name = f"{whole.name}_{part + 1}"
        yield Cut(name, whole.kind, whole.cells, whole.category, part, parts)


def holds(cut: Cut, who: str) -> bool:
    """Tell whether a part is the one that a merchant's, or a product's, records stand in."""
    return cut.parts == 1 or _among(who, cut.parts) == cut.part


def _among(name: str, count: int) -> int:
    """Return which of so many a name falls to, whatever other names there are."""
    return int.from_bytes(digest(name.encode())[:4], "big") % count
