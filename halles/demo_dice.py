"""Chance for a made-up site: a random stream for each merchant, the same on every machine."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """One merchant's random stream, and what is drawn from it."""

    __slots__ = ("roll",)

    def __init__(self, seed: int, index: int) -> None:
        self.roll = Random(f"{seed}:{index}").random  # noqa: S311 (no secret)

    def below(self, count: int) -> int:
        """Return a number from 0 to count - 1, each as likely."""
        return int(self.roll() * count)

    def one(self, of: Sequence[T]) -> T:
        """Return one of several, each as likely."""
        return of[int(self.roll() * len(of))]

    def early(self, of: Sequence[T]) -> T:
        """Return one of several, the first ones more likely."""
        return of[int(self.roll() * self.roll() * len(of))]

    def often(self, percent: int) -> bool:
        """Return true so many times in a hundred."""
        return self.roll() * 100 < percent

    def day(self, year: int) -> str:
        """Return a day of the first half of a year."""
        return f"{year}-{1 + self.below(6):02d}-{1 + self.below(28):02d}"
