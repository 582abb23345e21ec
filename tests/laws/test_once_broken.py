"""Edits that once broke the law "same as clean", each the smallest that did."""

from collections.abc import Callable
from itertools import permutations

import pytest

from tests.market import Market, differences

TREE = "content/categories.yaml"
ALIX = "content/merchants/nord/al/alix.yaml"
BERTHE = "content/merchants/nord/be/berthe.yaml"
DALIA = "content/merchants/sud/da/dalia.yaml"
FETE = "content/campaigns/fete.md"


def trunk_turned_round(market: Market) -> None:
    """Lists of categories follow the order of the tree."""
    first, _, second = market.read(TREE).partition("- {id: lire")
    market.write(TREE, f"- {{id: lire{second}{first}")


def category_under_a_sister(market: Market) -> None:
    """A category counts its children: a merchant who takes one more is already in the parent."""
    market.edit(DALIA, "category: fromage", "category: pain")


def category_broken(market: Market) -> None:
    """A merchant whose category went loses its link, though its own file says the same."""
    market.edit(TREE, "- id: manger\n", "- ")


def category_elsewhere_while_broken(market: Market) -> None:
    """A category that comes back while another is still broken finds its merchants again."""
    market.edit(TREE, "- id: manger\n", "- ")
    market.build()
    market.edit(TREE, "schema: BookStore}", "children: [{id: pain, name: Pain}]}")


def category_inside_itself(market: Market) -> None:
    """An id that is its own child does not make the tree endless."""
    market.edit(TREE, "id: levain", "id: pain")


def category_twice(market: Market) -> None:
    """An id that stands in two places stands in the first."""
    market.edit(TREE, "id: fromage", "id: lire")


def reserved_category(market: Market) -> None:
    """A category that may not be takes its branch with it."""
    market.edit(TREE, "id: pain", "id: page")


def campaign_chooses_otherwise(market: Market) -> None:
    """Who is in a campaign follows its selectors, which no page shows."""
    market.edit(FETE, "categories: [manger]", "categories: [manger]\ntags: [levain]")


def other_bar_code(market: Market) -> None:
    """The sitemap follows a product whose bar code changed."""
    market.edit(DALIA, "4006381333931", "96385074")


def bar_code_without_its_zero(market: Market) -> None:
    """A bar code of 12 digits is the same product as the one of 13."""
    market.edit(BERTHE, "0624153607116", "624153607116")


def evidence_runs_out(market: Market) -> None:
    """Evidence is over by the newest date of the content, though its own file says the same."""
    market.edit("content/merchants/est/fa/fanny.yaml", "2026-04-01", "2027-05-02")


def a_slip_of_the_pen(market: Market) -> None:
    """One date far beyond all others lets nothing run out, until another comes near it."""
    market.edit(
        BERTHE, "region: nord", "region: nord\norigin: {label: ici, checked_on: 2062-01-01}"
    )
    market.build()
    text = "\norigin: {label: bio, checked_on: 2061-12-01}"
    market.edit(DALIA, "region: sud", f"region: sud{text}")


def a_year_off(market: Market) -> None:
    """One date of next year lets nothing run out, and is named; it counts once it is not alone."""
    text = "region: {0}\norigin: {{label: ici, checked_on: {1}, valid_until: {2}}}"
    market.edit(BERTHE, "region: nord", text.format("nord", "2026-04-20", "2027-04-20"))
    market.edit(DALIA, "region: sud", text.format("sud", "2027-05-02", "2028-05-02"))
    codes = [n[4] for n in market.said().notices if n[4] in ("expired-evidence", "lonely-date")]
    assert ["lonely-date"] == codes
    market.edit(BERTHE, "2026-04-20", "2027-03-20")


def bar_code_no_longer_shared(market: Market) -> None:
    """Where only shared products have pages, one that is not any more has none, nor an address."""
    market.edit(BERTHE, 'gtin: "0624153607116", ', "")


def broken_file_and_its_region(market: Market) -> None:
    """A file that was left out is told of what it names, when that goes or moves."""
    market.edit(ALIX, "418 555-0101", "999")
    market.build()
    market.edit(TREE, "id: levain", "id: farine")


def region_redrawn_for_a_loose_file(market: Market) -> None:
    """A file in no region's folder is held against its region's new bounds too."""
    market.move(ALIX, "content/merchants/alix.yaml")
    market.build()
    market.edit("content/regions/nord.md", "[48.0, -70.0]", "[48.9, -70.0]")


def asset_of_the_same_name(market: Market) -> None:
    """A theme's file that moves, name and bytes the same, has another address."""
    market.theme()
    market.write("themes/mien/static/a/x.css", "p{}")
    market.build()
    market.move("themes/mien/static/a/x.css", "themes/mien/static/b/x.css")


def pages_that_fail(market: Market) -> None:
    """Where a template fails in one language, the other language's page stays."""
    market.theme()
    market.write(
        "themes/mien/templates/page.html", '{% if lang == "en" %}{{ absent }}{% endif %}oui'
    )
    market.build()
    market.edit(FETE, "On mange", "On boit")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_rivals_are_told_the_same_in_any_order(market: Market, order: tuple[int, ...]) -> None:
    """Of three files that hold one id, the first by its path stands, whichever came first."""
    for i in order:
        region = ("est", "nord", "sud")[i]
        text = f"id: zoe\nname: Zoé {region}\nregion: {region}\ncategories: [pain]\n"
        market.write(f"content/merchants/{region}/zo/zoe.yaml", text)
        now = market.said(executor="processes", workers=2)

    told = [n for n in now.notices if n[4] == "duplicate-id"]
    assert [(f"content/merchants/{r}/zo/zoe.yaml", 1, 5) for r in ("nord", "sud")] == [
        n[1:4] for n in told
    ]
    assert {"content/merchants/est/zo/zoe.yaml"} == {dict(n[5])["other"] for n in told}
    assert [] == list(differences(now, market.clean()))


SHARED = (bar_code_no_longer_shared,)
CASES = (
    trunk_turned_round, category_under_a_sister, category_broken,
    category_elsewhere_while_broken, category_inside_itself,
    bar_code_without_its_zero, evidence_runs_out, a_slip_of_the_pen, a_year_off,
    category_twice, reserved_category, campaign_chooses_otherwise, other_bar_code,
    broken_file_and_its_region, region_redrawn_for_a_loose_file, asset_of_the_same_name,
    pages_that_fail, *SHARED,
)  # fmt: skip


@pytest.mark.parametrize("edit", CASES, ids=lambda edit: edit.__name__)
def test_same_as_clean(market: Market, edit: Callable[[Market], None]) -> None:
    """The edit, and going back from it, leave what a clean build would."""
    if edit in SHARED:
        market.edit("halles.toml", "page_size", 'product_pages = "shared"\npage_size')
    before = market.inputs()
    market.build()
    edit(market)

    assert before != market.inputs()
    assert [] == list(differences(market.said(), market.clean()))

    for path in market.inputs().keys() - before.keys():
        market.remove(path)
    for path, text in before.items():
        market.write(path, text)

    assert [] == list(differences(market.said(), market.clean()))
