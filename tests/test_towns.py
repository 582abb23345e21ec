"""Towns and postal codes know where they lie, and so does who names them otherwise."""

import pytest

from halles.stock.shown import shard_of
from halles.towns import centres
from tests.market import HERE

STATIC = HERE / "themes" / "marche" / "static"


def test_a_table_may_come_from_anybody() -> None:
    """A mark of the encoding, a whole code or half of one, small letters, and lines that say nothing."""
    table = "\ufeffcode,lat,lon\ng5l 1a1,48.4488,-68.523\nH2X,45.5,-73.6\n,1,1\nJ0J,x,y\nA1,2,3\n"

    assert {"G5L": (48449, -68523), "H2X": (45500, -73600)} == dict(centres(table.encode()))


@pytest.mark.parametrize(
    "table", [b"", b"\xff\xfe\x00", b"code;lat;lon\nG5L;1;2\n", b"code,lat\nG5L,1\n"]
)
def test_a_table_that_says_nothing_is_none(table: bytes) -> None:
    """It stops no build."""
    assert [] == list(centres(table))


def test_the_browser_reckons_the_shard_that_the_site_does(chromium: object) -> None:
    """For ids of every length that fits a block, and any number of shards."""
    names = ["a", "boulangerie-du-marche", "é", "0624153607116", "x" * 128]
    page = chromium.new_page()  # type: ignore[attr-defined]
    body = (STATIC / "shardof.js").read_text("utf-8")
    reckoned = page.evaluate(
        """async ([body, names]) => {
          const { shardOf } = await import(URL.createObjectURL(new Blob([body], { type: 'text/javascript' })));
          return names.map(name => [1, 3, 512, 65536].map(n => shardOf(name, n)));
        }""",
        [body, names],
    )
    page.close()

    assert [[shard_of(name, n) for n in (1, 3, 512, 65536)] for name in names] == reckoned
