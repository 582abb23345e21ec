from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from halles.catalogue import (
    Catalogue,
    Mark,
    branches,
    card_of,
    grown,
    labels_of,
    marks_of,
    plain,
    product_slug,
    slugs_of,
)
from halles.model import Address, Both, Category, Merchant, Origin, Position, Product

TREE = (
    Category(
        id="manger",
        name="Manger",
        children=(
            Category(id="pain", name="Pain", children=(Category(id="levain", name="Levain"),)),
            Category(id="fromage", name="Fromage"),
        ),
    ),
    Category(id="lire", name="Lire"),
)
CATALOGUE = Catalogue(categories=grown(branches(TREE)))
ALIX = Merchant(
    id="alix",
    name="Boulangerie Alix",
    region="nord",
    categories=("levain",),
    municipality="Rimouski",
    phone="418 555-0101",
    neq="1143920115",
    tags=("Levain d’ici",),
    origin=Origin(label="ici", checked_on="2026-05-01", valid_until="2027-05-01"),
    location=Position(lat=48.4488, lon=-68.523),
    products=(
        Product(sku="MICHE", name="Miche", category="pain"),
        Product(sku="CONF", name="Confiture", gtin="0624153607116", origin=Origin(label="bio")),
        Product(sku="Livre.1", name="Un livre", category="lire"),
    ),
)


def keys(merchant: Merchant, *families: str) -> set[str]:
    """Return the names that a merchant is found under, of some families."""
    found = {mark.key for mark in marks_of(merchant, CATALOGUE)}
    return {key for key in found if key.partition(":")[0] in families}


# The tree


def test_a_branch_knows_its_place() -> None:
    """Parents come first; a way leads from the root to the branch itself."""
    assert ["manger", "pain", "levain", "fromage", "lire"] == list(CATALOGUE.categories)
    assert ("manger", "pain", "levain") == CATALOGUE.categories["levain"].way
    assert ("pain", "fromage") == CATALOGUE.categories["manger"].children
    assert ("manger", "lire") == CATALOGUE.roots()


def test_an_id_stands_once_in_the_tree() -> None:
    """Where it is first met; what hangs under its repetition has no place."""
    again = (*TREE, Category(id="pain", name="Encore", children=(Category(id="x", name="X"),)))
    found = grown(branches(again))

    assert CATALOGUE.categories == found


# Marks


def test_a_merchant_is_found_under_each_category_up_to_the_root() -> None:
    """Its own and its products', province-wide and on its region's shelf."""
    expected = {"manger", "pain", "levain", "lire"}

    assert {f"category:{c}" for c in expected} == keys(ALIX, "category")
    assert {f"shelf:nord/{c}" for c in expected} == keys(ALIX, "shelf")
    assert {"region:nord"} == keys(ALIX, "region")


def test_a_merchant_is_found_under_what_it_carries() -> None:
    """Labels, tags as typed in a hurry, GTINs, and what tells twins apart."""
    assert {"label:ici", "label:bio"} == keys(ALIX, "label")
    assert frozenset({"ici", "bio"}) == labels_of(ALIX)
    assert {"tag:levain d ici"} == keys(ALIX, "tag")
    assert {"gtin:0624153607116"} == keys(ALIX, "gtin")
    assert {"phone:+14185550101", "neq:1143920115", "store:alix"} == keys(
        ALIX, "phone", "neq", "store"
    )
    assert {"until:2027-05-01", "dated:2026-05-01"} == keys(ALIX, "until", "dated")


def test_a_store_code_stands_for_the_id() -> None:
    """What a stock feed calls a shop is told once."""
    assert {"store:RIM-01"} == keys(replace(ALIX, store_code="RIM-01"), "store")


def test_a_closed_merchant_leaves_every_listing_and_is_still_known() -> None:
    """It is in no listing and sells no GTIN; its marks say where it was, and which store.

    Its number, phone and store code are free for whoever comes after it.
    """
    closed = replace(ALIX, status="closed")

    assert set() == keys(closed, "region", "category", "shelf", "label", "tag", "gtin")
    assert {"was:region:nord", "was:label:bio"} <= keys(closed, "was")
    assert {"was:store:alix"} <= keys(closed, "was")
    assert set() == keys(closed, "store", "neq", "phone", "near")
    assert () == slugs_of(closed, "all")


def test_listings_stand_in_alphabetical_order() -> None:
    """The sort of a mark is the French name's place in the alphabet, then the id."""
    named = {"b": "Éclair", "a": "Éclair", "c": "Eclair", "d": Both(fr="Zébu", en="Aardvark")}
    found = []
    for merchant_id, name in named.items():
        (mark,) = [
            m for m in marks_of(replace(ALIX, id=merchant_id, name=name), CATALOGUE)
            if m.key == "region:nord"
        ]  # fmt: skip
        found.append((mark.sort, merchant_id))

    assert ["c", "a", "b", "d"] == [merchant_id for _, merchant_id in sorted(found)]


def test_marks_are_told_in_one_order() -> None:
    """Whatever order things are written in: marks go into the ledger as bytes."""
    backwards = replace(ALIX, products=ALIX.products[::-1], tags=ALIX.tags[::-1])

    assert marks_of(ALIX, CATALOGUE) == marks_of(backwards, CATALOGUE)
    assert list(marks_of(ALIX, CATALOGUE)) == sorted(set(marks_of(ALIX, CATALOGUE)))


places = st.tuples(st.floats(44, 62), st.floats(-80, -57))
steps = st.tuples(st.floats(-1, 1), st.floats(-1, 1))


@given(places, steps)
def test_neighbours_of_one_name_share_a_mark(
    place: tuple[float, float], step: tuple[float, float]
) -> None:
    """Two shops of one name within 100 m always meet, on whichever side of a line they stand."""
    lat, lon = place
    length = max((step[0] ** 2 + step[1] ** 2) ** 0.5, 1)
    north, east = (s / length * 99 / 111_320 for s in step)
    one = replace(ALIX, location=Position(lat=lat, lon=lon))
    other = replace(
        ALIX,
        location=Position(lat=lat + north, lon=lon + east / cos(radians(lat))),
        name="BOULANGERIE alix",
    )

    assert keys(one, "near") & keys(other, "near")


# Cards and slugs


def test_a_card_holds_what_a_listing_shows() -> None:
    """A new phone number, address or description does not touch it."""
    other = replace(ALIX, phone="418 555-0199", description="Neuf", neq=None)

    assert card_of(ALIX) == card_of(other)
    assert card_of(ALIX) != card_of(replace(ALIX, name="Alix et filles"))


def test_branches_without_a_town_are_told_apart_by_their_street() -> None:
    """Maps often know where a shop stands and not what the place is called."""
    townless = replace(ALIX, municipality=None, address=Address(street="12, rue du Four"))

    assert ("Rimouski", "12, rue du Four") == (card_of(ALIX).town, card_of(townless).town)
    assert "" == card_of(replace(ALIX, municipality=None)).town


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("all", ("alix_miche", "alix_livre.1")), ("shared", ()), ("none", ())],
)
def test_an_offer_without_gtin_has_a_page_only_where_all_do(
    policy: str, expected: tuple[str, ...]
) -> None:
    """A GTIN's page belongs to the GTIN, whoever sells it."""
    assert expected == slugs_of(ALIX, policy)


ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,6}", fullmatch=True)
skus = st.from_regex(r"[A-Za-z0-9._-]{1,6}", fullmatch=True)


@given(ids, skus, ids, skus)
def test_two_offers_never_claim_one_address(one: str, sku: str, other: str, other_sku: str) -> None:
    """Merchant and sku can be read back from a slug; capitals of a sku count for nothing."""
    same = (one, sku.lower()) == (other, other_sku.lower())

    assert same == (product_slug(one, sku) == product_slug(other, other_sku))


@given(ids, skus)
def test_no_offer_claims_the_address_of_a_gtin(merchant: str, sku: str) -> None:
    """A GTIN is digits only; an offer's slug never is."""
    assert not product_slug(merchant, sku).isdigit()


def test_plain_is_the_french() -> None:
    """French is what there always is."""
    assert ["Pain", "Pain"] == [plain("Pain"), plain(Both(fr="Pain", en="Bread"))]


def test_marks_compare_by_key_then_place() -> None:
    """As the ledger's index does."""
    assert Mark("a", b"2") < Mark("b", b"1")
    assert Mark("a", b"1") < Mark("a", b"2")
