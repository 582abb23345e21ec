"""All the mistakes of a file in one go, each at its place, each with its remedy."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect

from halles.catalogue import Catalogue
from halles.checks import Bearings
from halles.model import Category, ContentPage, Label, Merchant, Position, Region
from halles.notices import Notice, hint, message
from halles.read import decode as decoding
from halles.read.decode import RULES, decode, decode_quickly
from halles.read.sources import read_list, read_one
from halles.read.yamltext import parse, quick

PATH = "content/merchants/nord/al/alix.yaml"
BEARINGS = Bearings(catalogue=Catalogue(unread=frozenset({"region", "category", "label"})))
BY_CODE = {rule.code: rule for rule in RULES}

WELL_FORMED = """\
id: alix
name: Boulangerie Alix
region: nord
categories: [pain]
"""
ALL_WRONG = """\
id: Alix!
nam: Boulangerie Alix
region: [nord]
categories: []
location: {lat: 91.5, lon: ouest}
hours_exempt: peut-être
services: [pickup, delivry]
address: 12, rue du Four
photos: une
email: bonjour
phone:
tags: [ok, "caché\\u202e"]
products:
  - {sku: PAIN LEVAIN, name: "", price: "6,50", gtin: 12, prix: 1}
  - {name: Miche, sku: M, description: {en: Loaf}}
"""


def notices(text: str, kind: type = Merchant) -> list[tuple[int, int, str]]:
    """Return where and what the mistakes of a file are."""
    return [(n.line, n.column, n.code) for n in said(text, kind)]


def said(text: str, kind: type = Merchant) -> tuple[Notice, ...]:
    """Return the notices of a file."""
    return read_one(PATH, text.encode(), kind, BEARINGS).notices


def test_all_the_mistakes_of_a_file_in_one_go() -> None:
    """Given a file in which every line is wrong, each mistake is named once, at its place."""
    expected = [
        (1, 1, "missing-key"),
        (1, 5, "bad-id"),
        (2, 1, "unknown-key"),
        (3, 9, "not-text"),
        (4, 13, "too-few"),
        (5, 17, "out-of-range"),
        (5, 28, "not-a-number"),
        (6, 15, "not-a-flag"),
        (7, 20, "not-one-of"),
        (8, 10, "not-a-map"),
        (9, 9, "not-a-list"),
        (10, 8, "bad-email"),
        (12, 12, "unseen-character"),
        (14, 11, "bad-sku"),
        (14, 30, "empty-value"),
        (14, 41, "bad-price"),
        (14, 55, "bad-gtin"),
        (14, 59, "unknown-key"),
        (15, 40, "missing-key"),
    ]

    assert expected == notices(ALL_WRONG)


def test_a_file_with_a_mistake_gives_no_record_and_one_without_gives_one() -> None:
    """Nothing half-read reaches a page."""
    assert None is read_one(PATH, ALL_WRONG.encode(), Merchant, BEARINGS).record
    assert (
        "Boulangerie Alix" == read_one(PATH, WELL_FORMED.encode(), Merchant, BEARINGS).record.name
    )


@pytest.mark.parametrize(
    ("line", "near"),
    [("nam: x", "name"), ("catégories: [x]", "categories"), ("adress: {}", "address"),
     ("telephone: x", "phone"), ("zzz: x", None), ("services: [delivry]", "delivery"), ("payment: [creditt]", "credit"),
     ("status: close", "closed"), ("address: {postal: x}", "postal_code")],
)  # fmt: skip
def test_did_you_mean(line: str, near: str | None) -> None:
    """A key or a choice that is nearly right is answered with the right one."""
    (found,) = [n for n in said(WELL_FORMED + line) if n.code in ("unknown-key", "not-one-of")]

    assert near == found.given.get("near")
    if near:
        assert f"« {near} »" in hint(found, BY_CODE[found.code], "fr")
        assert f"“{near}”" in hint(found, BY_CODE[found.code], "en")


def test_a_decimal_comma_between_braces_is_known_for_one() -> None:
    """It makes a key of its own; what helps is to say that a point is meant."""
    (found,) = [
        n for n in said(WELL_FORMED + "location: {lat: 48,4488, lon: -68.5}") if "key" in n.code
    ]

    assert "48.4488, et non 48,4488" in hint(found, BY_CODE[found.code], "fr")
    assert "48.4488, not 48,4488" in hint(found, BY_CODE[found.code], "en")


def test_every_mistake_has_words_in_both_languages() -> None:
    """No sentence has a hole in it, and none is said in the wrong language."""
    for notice in said(ALL_WRONG):
        rule = BY_CODE[notice.code]
        for lang in ("fr", "en"):
            for words in (message(notice, rule, lang), hint(notice, rule, lang)):
                assert words
                assert not any(f"{{{name}}}" in words for name in ("key", "given", "known", "near"))


def test_every_format_of_the_model_has_its_notice() -> None:
    """A field with a pattern says in words what it wants."""
    described = "".join(str(inspect.type_info(kind)) for kind in KINDS)
    used = set(re.findall(r"'format': '([a-z-]+)'", described))

    assert set() == used - {*decoding.FORMATS, "prose"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("closed_on: 2026-13-01", (5, 12, "bad-day")),
        ("closed_on: 2026-02-32", (5, 12, "bad-day")),
        ("website: javascript:alert(1)", (5, 10, "bad-url")),
        ("website: ftp://x.example", (5, 10, "bad-url")),
        ('website: "https://x.example/\\n"', (5, 10, "bad-url")),
        ("website: https://x.example/<script>", (5, 10, "bad-url")),
        ("neq: 114392011", (5, 6, "bad-neq")),
        ("address: {postal_code: M5V 1A1}", (5, 24, "bad-postal-code")),
        ("address: {postal_code: g5l 1a1}", (5, 24, "bad-postal-code")),
        ("address: {postal_code: G5L 1O1}", (5, 24, "bad-postal-code")),
        ("address: {postal_code: G5I 1A1}", (5, 24, "bad-postal-code")),
        ("logo: {file: ../secret, alt: x}", (5, 14, "bad-media-file")),
        ("logo: {file: media/../secret, alt: x}", (5, 14, "bad-media-file")),
        ("store_code: a b", (5, 13, "bad-code")),
        ("municipality: '  '", (5, 15, "empty-value")),
        (f"municipality: {'a' * 301}", (5, 15, "too-long")),
        ("delivery: {radius_km: 0}", (5, 23, "out-of-range")),
        ("delivery: {radius_km: 1e3}", (5, 23, "not-a-number")),
        ("location: {lat: NaN, lon: 0}", (5, 17, "not-a-number")),
        ("hours_exempt: yes", (5, 15, "not-a-flag")),
        ("tags: un", (5, 7, "not-a-list")),
        ("tags: [[un]]", (5, 8, "not-text")),
        ("description: |\n  a\u2028b", (5, 14, "unseen-character")),
    ],
)
def test_one_mistake_one_notice(line: str, expected: tuple[int, int, str]) -> None:
    """Each smallest broken line has its own code, at the value that is wrong."""
    found = notices(WELL_FORMED + line)

    assert [expected] == found


@pytest.mark.parametrize(
    "scalar", ["no", "22:30", "6.50", "0624153607116", "null", "~", "true", "1e3"]
)
def test_a_plain_scalar_is_the_text_it_is(scalar: str) -> None:
    """Nothing is guessed: a name that looks like something else is still that name."""
    record = read_one(
        PATH, WELL_FORMED.replace("Boulangerie Alix", scalar).encode(), Merchant, BEARINGS
    ).record

    assert scalar == record.name


def test_one_bad_item_of_a_list_is_left_out_alone() -> None:
    """The rest of categories.yaml opens."""
    text = b"- {id: pain, name: Pain}\n- {id: Lait, name: Lait}\n- {id: miel, name: Miel}\n"
    records, found = read_list("content/categories.yaml", text, Category, BEARINGS)

    assert ["pain", "miel"] == [r.id for r in records]
    assert [(2, 8, "bad-id")] == [
        (n.line, n.column, n.code) for n in found if n.severity == "error"
    ]


KINDS = (Merchant, Region, Category, Label, ContentPage)
scalars = st.sampled_from(
    ["", "pain", "Pain levain", "2026-05-01", "48.4", "-68.5", "true", "x\u202ey", "6.50", "G5L 1A1",
     "https://x.example", "a\nb", " ", "media/a.jpg", "01", "Bakery", "open", "pickup", "0624153607116"]
)  # fmt: skip
trees = st.recursive(
    scalars | st.none(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "name", "region", "categories", "location", "lat", "lon", "fr", "en", "products",
             "sku", "price", "hours_exempt", "status", "centre", "bounds", "code", "definition",
             "title", "children", "synonyms", "origin", "label", "tags", "oops"]
        ),
        inner,
        max_size=8,
    ),
    max_leaves=20,
)  # fmt: skip


@given(trees, st.sampled_from(KINDS))
def test_the_quick_way_and_the_slow_way_agree(value: Any, kind: type) -> None:
    """The slow way finds a record where the quick one does, the same; it never raises."""
    record, problems = decode(value, kind)
    fast = decode_quickly(value, b"", kind)

    assert (record is None) == bool(problems)
    if fast is not None:
        assert fast == record


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_numbers_keep_their_value(lat: float, lon: float) -> None:
    """A decimal text within bounds becomes that number, by either way."""
    value = {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}"}
    record, problems = decode(value, Position)

    assert [] == problems
    assert Position(lat=float(value["lat"]), lon=float(value["lon"])) == record


def test_a_file_reads_the_same_whoever_reads_it() -> None:
    """The quick reader and the one that knows every place give one and the same tree."""
    body = WELL_FORMED.encode()

    assert quick(body) == parse(body).value
