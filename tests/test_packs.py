"""The packs that readers may keep, and the worker that shows them: what is in them, and when they change."""

import json
import re
from pathlib import Path

import pytest

from halles.outcome import Outcome
from tests.example import Example
from tests.market import MARCHE, Market
from tests.stock.arrivals import Stocked, feed, told

ALIX = "content/merchants/nord/al/alix.yaml"
OWN = ("/hors-ligne/", "/choix/", "/liste/", "/sw.js", "/en/offline/", "/en/choices/", "/en/list/")


def own(outcome: Outcome) -> set[str]:
    """Return which files of the reader's own were rendered, the stamps in names left out."""
    return {re.sub(r"-[0-9a-f]{10}\.json", ".json", p) for p in outcome.why if p.startswith(OWN)}


def packs(market: Market) -> dict[str, list[str]]:
    """Return the French packs by region."""
    found = {}
    for path, body in market.tree().items():
        if named := re.fullmatch(r"hors-ligne/(.+)-[0-9a-f]{10}\.json", path):
            found[named[1]] = json.loads(body)["pages"]
    return found


def test_a_pack_is_all_of_a_region_and_nothing_else(market: Market) -> None:
    """The front page, the region's lists with all their pages, and its open merchants, each once."""
    market.build()
    found = packs(market)
    tree = market.tree()
    there = {f"/{p.removesuffix('index.html')}" for p in tree if p.endswith("index.html")}
    ways = [p for p in there if re.fullmatch(r"/regions/nord/(.+/)?", p)]

    assert {"nord", "sud"} == found.keys()
    merchants = {p for p in found["nord"] if p.startswith("/commerces/")}
    assert {"/commerces/alix/", "/commerces/berthe/", "/commerces/come/"} <= merchants
    assert sorted({"/", *ways, *merchants}) == sorted(found["nord"])
    assert set(found["nord"]) <= there


def test_the_size_that_is_told_is_about_the_size_that_it_is(example: Example) -> None:
    """Within a third, for every region, in both languages: it is told before anything is fetched."""
    weighed = 0
    for name in example.files:
        if not re.search(r"(hors-ligne|en/offline)/.+\.json$", name):
            continue
        pack = json.loads((example.output / name).read_bytes())
        size = sum(len(example.body(path)) for path in pack["pages"])
        assert 0.66 < pack["bytes"] / size < 1.5, (name, pack["bytes"], size)
        weighed += 1

    assert weighed == 2 * 17


def test_the_choices_page_names_every_pack_there_is(example: Example) -> None:
    """And tells how many pages each has."""
    for path in ("/choix/", "/en/choices/"):
        options = example.pages[path].xpath("//option[@data-list]")
        assert 17 == len(options)
        for option in options:
            pack = json.loads(example.body(option.get("data-list")))
            assert len(pack["pages"]) == int(option.get("data-pages"))
            assert pack["bytes"] == int(option.get("data-bytes"))


def test_a_stock_tick_leaves_them_alone(tmp_path: Path) -> None:
    """Neither worker, nor pack, nor page of the reader's own is even looked at."""
    market = Stocked(tmp_path / "market")
    market.take(feed(told("alix", "MICHE", 5)))

    assert set() == own(market.take(feed(told("alix", "MICHE", 0), hours=1), accept=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [("bonjour@alix.example", "salut@alix.example"), ("Boulangerie Alix", "Chez Alix")],
)
def test_an_edit_that_adds_no_page_leaves_them_alone(market: Market, old: str, new: str) -> None:
    """What a page says is not in the list of pages."""
    market.build()
    market.edit(ALIX, old, new)

    assert set() == own(market.build())


def test_a_new_merchant_is_in_the_pack_of_its_region(market: Market) -> None:
    """Which has a new name; the page of choices follows; other regions' packs do not."""
    market.build()
    zoe = market.read("content/merchants/nord/co/come.yaml").replace("come", "zoe")
    market.write("content/merchants/nord/zo/zoe.yaml", zoe)
    outcome = market.build()

    assert {"/hors-ligne/nord.json", "/en/offline/nord.json", "/choix/", "/en/choices/"} == own(
        outcome
    )
    assert "/commerces/zoe/" in packs(market)["nord"]
    assert 1 == len([p for p in outcome.removed if p.startswith("/hors-ligne/nord-")])


def test_another_style_is_another_worker(market: Market) -> None:
    """Its bytes follow the shell: what it holds is kept anew, and nothing else makes it change."""
    market.build()
    market.theme()
    market.build()
    before = market.read("output/sw.js")
    market.write(
        "themes/mien/static/marche.css", (MARCHE / "static/marche.css").read_bytes() + b"\n"
    )
    outcome = market.build()

    assert "/sw.js" in outcome.written
    assert before != market.read("output/sw.js")


def test_a_site_without_it_has_a_worker_that_leaves(market: Market) -> None:
    """Browsers that had one ask for it again: what they find takes itself and its caches away."""
    market.build()
    market.edit("halles.toml", "[site]", "[site]\noffline = false")
    market.build()

    assert {} == packs(market)
    assert "unregister()" in market.read("output/sw.js")
    assert "addEventListener('fetch'" not in market.read("output/sw.js")
    assert "data-visited" not in market.read("output/choix/index.html")
    assert market.said() == market.clean()
