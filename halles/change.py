"""What differs from the last build, as those ask who plan what to look at again."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from halles.read.harvest import Touched
from halles.stock.shelves import StockChange

LISTINGS = ("region", "shelf", "category", "label", "campaign")
TIMED = (*LISTINGS, "merchant", "map", "home")
"""Kinds that tell whether a merchant is open."""
SITED = ("region", "shelf", "category", "merchant", "product", "home", "map", "chart")
"""Kinds that have a map."""
SHOWN = (*LISTINGS, "gtin", "tag")
"""What a merchant can come to or leave so that a page comes or goes."""


class Sources(NamedTuple):
    """What the ground of maps is drawn from."""

    modules: Path
    outlines: tuple[str, str] | None
    """The path of the regions' outlines, and their digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Everything that differs from the last build."""

    touched: Touched
    facts: frozenset[str]
    """Shared facts that differ, in some language."""
    kinds: frozenset[str]
    """Page kinds with another template."""
    stock: StockChange
    zone: str
    policy: str
    offline: bool
    """Whether readers may keep pages."""
    maps: Sources | None
    """What maps are drawn from; None where there are none."""
    centroids: bytes
    """The table of postal codes, as it stands; empty where there is none."""
    unfinished: bool
    """Whether an earlier build did not come to its end."""
    all: bool
    """Whether to look at every page: a first build, an unfinished one, or because asked."""

    @property
    def names(self) -> bool:
        """Whether a region, category or label is called or placed otherwise."""
        families = {name.partition(":")[0] for name in self.facts}
        moved = bool(families & {"site", "region", "category", "label", "share"})
        return self.all or moved or "ids:categories" in self.facts

    def of(self, kind: str) -> bool:
        """Whether every page of a kind must be looked at."""
        timed = "almanac" in self.facts and kind in TIMED
        ground = ("frame:", "maps", "spot:") if kind == "category" else ("frame:", "maps")
        sited = kind in SITED and any(name.startswith(ground) for name in self.facts)
        return self.all or timed or sited or kind in self.kinds or "site" in self.facts

    def counted(self, *families: str) -> bool:
        """Tell whether any listing of these families gained or lost a merchant."""
        return any(key.partition(":")[0] in families for key in self.touched.counted)
