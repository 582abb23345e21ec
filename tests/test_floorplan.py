"""The plan of the market, and the drawings of its categories."""

import re
from random import Random

from halles.floorplan import MOST, Spot, floor_plan
from halles.icons import ICONS, STALL
from halles.site import PACKAGE

SPRITE = PACKAGE.parent / "themes" / "marche" / "static" / "icons.svg"


def test_no_two_regions_share_a_stall() -> None:
    """Wherever regions lie, one above another too, each has a cell of its own on a tight plan."""
    rng = Random(4)
    for count in (1, 2, 17, MOST):
        spots = tuple(Spot(f"r{i}", rng.choice((45, 46.5, 52)), rng.random()) for i in range(count))
        cells = floor_plan(spots).values()

        assert count == len(set(cells))
        assert {x for x, _ in cells} == set(range(1 + max(x for x, _ in cells)))
        assert {y for _, y in cells} == set(range(1 + max(y for _, y in cells)))


def test_the_order_of_the_files_draws_no_other_plan() -> None:
    """The same regions give the same plan."""
    spots = [Spot(f"r{i}", 45 + i * 7 % 11, -60 - i * 5 % 13) for i in range(12)]

    assert floor_plan(tuple(spots)) == floor_plan(tuple(reversed(spots)))


def test_too_many_regions_have_no_plan() -> None:
    """A picture that says nothing is not drawn."""
    assert {} == floor_plan(tuple(Spot(f"r{i}", 45, i) for i in range(MOST + 1)))
    assert {} == floor_plan(())


def test_every_icon_is_drawn() -> None:
    """Each drawing that a category may call for is a symbol of the theme's file."""
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text("utf-8")))

    assert set() == {STALL, *ICONS.values()} - drawn
