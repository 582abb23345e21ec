"""All the mistakes of a file in one go: a wrong format hides nothing else."""

from halles.catalogue import Branch, Catalogue
from halles.checks import Bearings
from halles.model import Merchant, Region
from halles.read.sources import read_one

PATH = "content/merchants/nord/al/alix.yaml"
NORD = Region(
    id="nord", name="Nord", code="01", centre={"lat": 48, "lon": -68}, bounds=((47, -70), (49, -67))
)
PAIN = Branch(id="pain", name="Pain", schema=None, parent=None, children=(), way=("pain",))
BEARINGS = Bearings(catalogue=Catalogue(regions={"nord": NORD}, categories={"pain": PAIN}))
SOUND = """\
id: alix
name: Alix
region: nord
categories: [pain]
"""


def said(text: str) -> list[tuple[int, str]]:
    """Return the line and the code of everything that is wrong with a merchant."""
    file = read_one(PATH, text.encode(), Merchant, BEARINGS)
    return [(notice.line, notice.code) for notice in file.notices]


def test_a_format_hides_no_other_mistake() -> None:
    """A postal code out of shape, and yet the area code and the category are looked up."""
    text = SOUND.replace("pain", "pains") + "phone: 181 555-0101\naddress: {postal_code: G5L1A1}\n"

    found = [(4, "unknown-category"), (5, "bad-phone"), (6, "bad-postal-code")]
    assert found == said(text)


def test_mistakes_keep_their_lines_where_an_item_is_left_out() -> None:
    """The second product has no name; what is wrong with the third is said of the third."""
    text = (
        f"{SOUND}products:\n  - {{sku: A, name: A}}\n  - {{sku: B}}\n"
        '  - {sku: C, name: C, price: "0", category: nulle}\n'
    )

    assert [(7, "missing-key"), (8, "price-not-positive"), (8, "unknown-category")] == said(text)


def test_nothing_is_said_for_lack_of_what_was_left_out() -> None:
    """Evidence with a date out of shape is not called undated, nor a closed merchant open."""
    origin = "origin: {label: ici, number: A-1, checked_on: hier}\n"
    ways = "status: fermé\nclosed_on: 2026-05-01\n"

    assert [(5, "not-one-of"), (7, "unknown-label"), (7, "bad-day")] == said(SOUND + ways + origin)


def test_what_cannot_stand_is_not_judged() -> None:
    """Without its region a merchant is no merchant: the rest waits for the next look."""
    assert [(1, "missing-key")] == said(SOUND.replace("region: nord\n", "phone: 1\n"))
