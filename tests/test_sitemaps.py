from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from halles import sitemaps
from tests.market import Market

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://marche.example"


def addresses(body: bytes) -> list[str]:
    """Return what one file of a sitemap lists."""
    return [found.text or "" for found in ElementTree.fromstring(body).iter(f"{SPACE}loc")]


def listed(market: Market) -> list[str]:
    """Return every page that the sitemap leads to, through its index if it has one."""
    root = market.root / "output" / "sitemap.xml"
    if ElementTree.fromstring(root.read_bytes()).tag == f"{SPACE}urlset":
        return addresses(root.read_bytes())
    found = []
    for part in addresses(root.read_bytes()):
        found += addresses((market.root / "output" / part.removeprefix(f"{BASE}/")).read_bytes())
    return found


def canonical(market: Market) -> set[str]:
    """Return the address of every page to be found: no closed merchant, no 404."""
    found = set()
    for path in (market.root / "output").rglob("*.html"):
        tree = html.fromstring(path.read_bytes().decode())
        closed = tree.xpath('//main//*[@class="closed"]')
        if not (closed or tree.xpath('//meta[@name="robots"]')):
            found |= set(tree.xpath('//link[@rel="canonical"]/@href'))
    return found


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file of a sitemap hold 20 addresses, and a part aim at 3."""
    monkeypatch.setattr(sitemaps, "MOST", 20)
    monkeypatch.setattr(sitemaps, "A_PART", 3)


@pytest.mark.parametrize("policy", ["all", "shared", "none"])
def test_the_sitemap_lists_every_page_once(market: Market, policy: str) -> None:
    """What may be indexed stands in it, in every language, and nothing else does."""
    market.edit("halles.toml", "page_size", f'product_pages = "{policy}"\npage_size')
    market.build()
    found = listed(market)

    assert sorted(found) == sorted(set(found))
    assert canonical(market) == set(found)


def test_an_open_merchant_is_listed_and_a_closed_one_is_not(market: Market) -> None:
    """In both languages; the closed one's page stays all the same."""
    market.build()
    found = set(listed(market))

    assert {f"{BASE}/commerces/alix/", f"{BASE}/en/merchants/alix/"} <= found
    assert set() == {f"{BASE}/commerces/fanny/", f"{BASE}/en/merchants/fanny/"} & found
    assert "commerces/fanny/index.html" in market.tree()


def test_a_merchant_that_closes_leaves_and_one_that_opens_comes(market: Market) -> None:
    """The next build's sitemap follows, with its products."""
    market.build()
    market.edit(
        "content/merchants/nord/al/alix.yaml", "region: nord", "region: nord\nstatus: closed"
    )
    market.edit(
        "content/merchants/est/fa/fanny.yaml", "status: closed\nclosed_on: 2026-04-01\n", ""
    )
    market.build()
    found = listed(market)

    assert [] == [url for url in found if "alix" in url]
    assert 4 == sum("fanny" in url for url in found)
    assert canonical(market) == set(found)


CHOSEN = """\
---
id: levain
title: {fr: Au levain, en: Sourdough}
slug: {fr: au-levain, en: sourdough}
tags: [levain]
merchants: [elie]
---
"""


def test_a_campaigns_later_pages_come_and_go(market: Market) -> None:
    """Given one tag more or less on a merchant, and nothing else, the sitemap has page 2 or not."""
    later = {f"{BASE}/campagnes/au-levain/page/2/", f"{BASE}/en/campaigns/sourdough/page/2/"}
    dalia, elie = "content/merchants/sud/da/dalia.yaml", "content/merchants/sud/el/elie.yaml"
    market.write("content/campaigns/levain.md", CHOSEN)
    market.build()
    before = market.read(dalia)
    assert set() == later & set(listed(market))

    market.write(dalia, before + "tags: [Levain]\n")
    market.build()
    assert later <= set(listed(market))
    assert canonical(market) == set(listed(market))

    market.write(dalia, before)
    market.build()
    assert set() == later & set(listed(market))

    market.write("content/campaigns/levain.md", CHOSEN.replace("[elie]", "[elie, dalia]"))
    market.build()
    assert later <= set(listed(market))

    market.write(elie, market.read(elie) + "status: closed\n")
    market.build()
    assert set() == later & set(listed(market))
    assert canonical(market) == set(listed(market))


@pytest.mark.usefixtures("lowered")
def test_beyond_the_limit_there_is_an_index_and_the_parts_add_up(market: Market) -> None:
    """Every part is within the limit, is named by the index, and together they list every page."""
    market.build()
    index = (market.root / "output/sitemap.xml").read_bytes()
    parts = {f"{BASE}/{path.name}" for path in (market.root / "output").glob("sitemap-*.xml")}
    found = listed(market)

    assert f"{SPACE}sitemapindex" == ElementTree.fromstring(index).tag
    assert parts == set(addresses(index))
    assert sorted(found) == sorted(set(found))
    assert canonical(market) == set(found)
    assert all(len(addresses(read(market, part))) <= sitemaps.MOST for part in parts)


@pytest.mark.usefixtures("lowered")
@pytest.mark.parametrize("name", ["pages", "gtin"])
def test_a_region_may_be_called_as_a_part_is(market: Market, name: str) -> None:
    """No part of a region stands where one of the program's own parts does, however it is cut."""
    for path in sorted(path for path in market.inputs() if "nord" in path):
        market.write(path, market.read(path).replace("nord", name))
        market.move(path, path.replace("nord", name))
    market.build()
    parts = addresses((market.root / "output/sitemap.xml").read_bytes())

    assert f"{BASE}/sitemap-{name}.1.xml" in parts
    assert sorted(parts) == sorted(set(parts))
    assert canonical(market) == set(listed(market))


def read(market: Market, url: str) -> bytes:
    """Return what stands at an address."""
    return Path(market.root, "output", url.removeprefix(f"{BASE}/")).read_bytes()


@pytest.mark.usefixtures("lowered")
def test_one_merchant_that_goes_rewrites_one_part(market: Market) -> None:
    """Given an index, the parts of the other regions are left alone."""
    market.build()
    market.remove("content/merchants/sud/el/elie.yaml")
    written = {path for path in market.build().written if path.startswith("/sitemap-")}
    regions = {path for path in written if not path.startswith("/sitemap-_pages")}

    assert {"/sitemap-sud"} == {path.partition(".")[0] for path in regions}
    assert 1 == len(regions)


@pytest.mark.usefixtures("lowered")
def test_a_site_that_shrinks_has_one_file_again(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The parts go with the index."""
    market.build()
    monkeypatch.setattr(sitemaps, "MOST", 50_000)
    market.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "Alix")
    market.edit("content/merchants/nord/al/alix.yaml", "sku: MICHE", "sku: MICHE2")
    market.build()

    assert [] == list((market.root / "output").glob("sitemap-*.xml"))
    assert canonical(market) == set(listed(market))


def test_robots_are_told_where_the_sitemap_is(market: Market) -> None:
    """robots.txt names it by its whole address and bars nobody."""
    market.build()

    expected = f"User-agent: *\nAllow: /\nSitemap: {BASE}/sitemap.xml\n"
    assert expected == (market.root / "output/robots.txt").read_text("utf-8")
