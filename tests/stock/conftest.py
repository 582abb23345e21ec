"""What the tests of stock may ask for."""

from pathlib import Path

import pytest

from tests.stock.arrivals import Stocked


@pytest.fixture
def market(tmp_path: Path) -> Stocked:
    """A small market, not built yet."""
    return Stocked(tmp_path / "market")
