"""A terminal at which a market's commands are given, in this process."""

from typing import NamedTuple

import pytest

from halles.cli import main
from tests.market import Market


class Said(NamedTuple):
    """What a command answered."""

    code: int
    results: str
    words: str


class Terminal:
    """A terminal at which a market's commands are given."""

    def __init__(self, market: Market, streams: pytest.CaptureFixture[str]) -> None:
        self.market = market
        self.streams = streams

    def say(self, *words: str) -> Said:
        """Give a command."""
        code = main([*words, "--root", str(self.market.root)])
        return Said(code, *self.streams.readouterr())
