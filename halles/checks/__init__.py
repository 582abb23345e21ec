"""Checks: one family of rules a file.

A record check looks at one record beside the catalogue. A shared check looks at all merchants that
carry one mark (a phone number, a store code), wherever they stand.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from halles.catalogue import Catalogue
from halles.model import Merchant
from halles.notices import Problem, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearings:
    """What a record is checked against, besides its own rules."""

    catalogue: Catalogue
    languages: tuple[str, ...] = ("fr", "en")
    boundaries: tuple[str, str] | None = None
    """The path and the digest of data/boundaries.geojson, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A family of rules for one record. ``find`` gets the record, its file's path and bearings."""

    of: tuple[type, ...]
    rules: tuple[Rule, ...]
    find: Callable[[Any, str, Bearings], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Holder:
    """A merchant that carries a mark, and the file it stands in."""

    merchant: Merchant
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCheck:
    """A family of rules for all the merchants that carry one mark.

    ``find`` gets the mark's value, its holders in the order of their files, and the site's day
    (the newest date in the content); it yields the holder that is told, and what.
    """

    mark: str
    rules: tuple[Rule, ...]
    find: Callable[[str, Sequence[Holder], str], Iterator[tuple[Holder, Problem]]]
    alone: Callable[[str, str], bool] | None = None
    """Where one holder can break a rule: whether it does, given the mark's value and the day."""
