"""The importers, one a file: what comes in from elsewhere, as merchant files.

An importer is a module of this folder with an ``IMPORTER``. It writes under content/merchants/
and nowhere else in content/, keeps what editors added, and says what became of each thing it read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Wrote:
    """A merchant file that is new, or no longer says what it said."""

    path: PurePosixPath
    what: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A merchant file that stays as it is."""

    path: PurePosixPath


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was read and made no merchant; the reason is a word code."""

    source: str
    reason: str
    detail: str


Outcome: TypeAlias = Wrote | Kept | Skipped


class ImportRefused(Exception):
    """Nothing can be brought in; says why in one sentence, to the person who asked."""

    def __init__(self, *, fr: str, en: str) -> None:
        super().__init__(en)
        self.words: Mapping[str, str] = {"fr": fr, "en": en}


class BringIn(Protocol):
    """What an importer does."""

    def __call__(self, files: Sequence[Path], root: Path, *, dry_run: bool) -> Iterator[Outcome]:
        """Yield one outcome for each thing read; write nothing at all on a dry run."""


@dataclass(frozen=True, slots=True)
class Importer:
    """A stall of this shelf."""

    name: str
    summary: Mapping[str, str]
    bring_in: BringIn
