"""What every test may ask for."""

from pathlib import Path

import pytest

from tests.market import Market


@pytest.fixture
def market(tmp_path: Path) -> Market:
    """A small market in a folder of its own, not built yet."""
    return Market(tmp_path / "market")
