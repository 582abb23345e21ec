"""Points: told to the metre, cut where there are many, and read back as they were written."""

import json
from itertools import accumulate
from random import Random

import pytest

from halles.catalogue import Branch, Catalogue
from halles.feasts import almanac
from halles.model import Both, Merchant, Position, Product
from halles.points import EVERY, Point, body_of, cut, path_of, point_of, square

YEAR = almanac("2026-07-01", "2027-12-31")
FOOD = Catalogue(
    categories={
        "manger": Branch("manger", "Manger", None, None, ("pain",), ("manger",)),
        "pain": Branch("pain", "Pain", None, "manger", (), ("manger", "pain")),
        "lire": Branch("lire", "Lire", None, None, (), ("lire",)),
    }
)


def merchant(**more: object) -> Merchant:
    """Return a merchant that stands somewhere."""
    given = {"id": "alix", "name": "Alix", "region": "nord", "categories": ("pain",)}
    return Merchant(**(given | {"location": Position(lat=48.44881, lon=-68.523)} | more))  # type: ignore[arg-type]


def made(count: int, seed: int = 1) -> list[Point]:
    """Return points of a town, some of them in one spot."""
    dice = Random(seed)
    return [
        Point(f"m{i:05}", f"M {i}", "", 4550000 + dice.randrange(9000), -7360000 + dice.randrange(9),
              ("pain",), ("manger",), (), "", False, "")
        for i in range(count)
    ]  # fmt: skip


def test_a_merchant_s_point_says_what_a_map_shows() -> None:
    """Own categories, then those of its products, under each of their roots."""
    product = Product(sku="A", name="A", category="lire")

    point = point_of(merchant(products=(product,)), FOOD)

    assert point is not None
    assert (point.lat, point.lon) == (4844881, -6852300)
    assert (point.categories, point.roots) == (("pain", "lire"), (EVERY, "lire", "manger"))


@pytest.mark.parametrize("more", [{"location": None}, {"status": "closed"}])
def test_who_is_nowhere_or_closed_has_no_point(more: dict[str, object]) -> None:
    """A map shows where one can go."""
    assert point_of(merchant(**more), FOOD) is None


def test_who_has_no_category_is_among_all() -> None:
    """It is on its region's map all the same."""
    point = point_of(merchant(categories=("inconnue",)), FOOD)

    assert point is not None
    assert (point.categories, point.roots) == ((), (EVERY,))


@pytest.mark.parametrize("count", [0, 1, 50, 51, 400])
def test_a_cut_loses_and_repeats_nobody(count: int) -> None:
    """Each square holds no more than it may, and its key is that of its points."""
    points = made(count)

    parts = list(cut(points, 50))

    assert sorted(p.id for _, some in parts for p in some) == [p.id for p in points]
    assert all(len(some) <= 50 for _, some in parts)
    for key, some in parts:
        assert all(square(p.lat / 1e5, p.lon / 1e5, 18).startswith(key) for p in some)


def test_a_cut_of_one_spot_ends() -> None:
    """As many shops as one likes may stand in one building."""
    there = [Point(f"m{i}", "M", "", 1, 1, (), ("_",), (), "", False, "") for i in range(120)]

    assert [len(some) for _, some in cut(there, 50)] == [120]


def test_a_file_reads_back_as_it_was_written() -> None:
    """Columns of one length; places from the steps between them, hours with their zone."""
    points = [
        Point("a", Both(fr="Un", en="One"), "Ici", 4550000, -7360000, ("pain", "lire"),
              ("lire", "manger"), ("bio",), "Mo 08:00-17:00", False, "America/Halifax"),
        Point("b", "Deux", "", 4549999, -7361000, ("pain",), ("manger",), (), "", False, ""),
    ]  # fmt: skip

    told = json.loads(body_of(reversed(points), YEAR))

    assert told["ids"] == ["a", "b"]
    assert told["names"] == [["Un", "One"], "Deux"]
    assert list(accumulate(told["lat"])) == [4550000, 4549999]
    assert list(accumulate(told["lon"])) == [-7360000, -7361000]
    assert (told["towns"], told["town"]) == (["Ici"], [0, -1])
    assert (told["categories"], told["of"]) == (["pain", "lire"], [[0, 1], 0])
    assert told["hours"][0].endswith("@America/Halifax")
    assert (told["open"], told["label"]) == ([0, -1], [0, -1])


def test_the_order_in_which_points_come_changes_nothing() -> None:
    """The same points give the same bytes."""
    points = made(300)
    shuffled = Random(7).sample(points, len(points))

    assert body_of(points, YEAR) == body_of(shuffled, YEAR)
    assert [(k, body_of(some, YEAR)) for k, some in cut(points, 50)] == [
        (k, body_of(some, YEAR)) for k, some in cut(shuffled, 50)
    ]


def test_a_name_tells_the_bytes() -> None:
    """A file is never another under the same name."""
    one, other = (path_of("nord", "manger", "03", body) for body in (b"1", b"2"))

    assert one != other
    assert one.startswith("/points/of/nord-manger-03.")
