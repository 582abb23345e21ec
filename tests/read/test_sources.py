"""One file in: a record, or every reason why there is none."""

from halles.catalogue import Catalogue
from halles.checks import Bearings
from halles.model import Merchant
from halles.read.sources import read_one

BEARINGS = Bearings(catalogue=Catalogue(unread=frozenset({"region", "category", "label"})))
TWICE = b"""id: alix
name: Alix
name: Chez Alix
region: nord
categories: [lire]
telephone: 418 555-1234
phone: 418 555-12
"""


def test_a_key_written_twice_hides_no_other_mistake() -> None:
    """What the rest of the file says is known: all is told in one go, in the order of its lines."""
    file = read_one("content/merchants/nord/al/alix.yaml", TWICE, Merchant, BEARINGS)

    assert file.record is None
    assert [("duplicate-key", 3, 1), ("unknown-key", 6, 1), ("bad-phone", 7, 8)] == [
        (n.code, n.line, n.column) for n in file.notices
    ]


def test_what_a_key_says_the_second_time_is_looked_at_too() -> None:
    """The value that stands last is judged like any other."""
    twice = TWICE.replace(b"name: Chez Alix", b"name: {fr: x, en: [y]}")
    file = read_one("content/merchants/nord/al/alix.yaml", twice, Merchant, BEARINGS)

    assert [("duplicate-key", 3, 1), ("not-text", 3, 19)] == [
        (n.code, n.line, n.column) for n in file.notices[:2]
    ]
