"""Towns and postal codes know where they lie, and so does who names them otherwise."""

import pytest

from halles.centroids import centres, faults
from halles.stock.shown import shard_of
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
    """It stops no build, and what is wrong with it is said."""
    assert [] == list(centres(table))
    assert ["bad-centroids"] == [notice.code for notice in faults(table)]


def test_lines_that_give_no_place_are_told_of() -> None:
    """Each by its number; of very many the first fifty, and how many more there are."""
    lines = ["code,lat,lon", "G5L,48.4,-68.5", "G5,1,1", "G5M,north,1", "", "G5N,91,0", "G5P,nan,1"]
    found = list(faults("\n".join(lines).encode()))
    assert [3, 4, 6, 7] == [notice.line for notice in found]
    many = list(faults(b"code,lat,lon\n" + b"nowhere,,\n" * 1000))

    assert 50 == len(many) and "(950 autres aussi)" in many[-1].given["why.fr"]


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
