"""Which products have a page of their own, as the settings have it; and that all else agrees."""

import re
from pathlib import Path

import pytest

from tests.example import BASE, Example
from tests.pages import test_pages as whole


@pytest.mark.parametrize("policy", ["all", "shared", "none"])
def test_every_policy_has_its_product_pages_and_no_broken_link(
    tmp_path: Path, request: pytest.FixtureRequest, policy: str
) -> None:
    """A page for each, for the GTINs that several sell, or for none: then anchors on the shelf."""
    asked = policy != "all"
    site: Example = Example(tmp_path, policy) if asked else request.getfixturevalue("example")
    pages = {path for path in site.pages if re.match(r"/produits/|/en/products/", path)}
    several = {gtin for gtin, ids in whole.sellers_of(site).items() if len(ids) > 1}
    links = {
        href
        for _, href in whole.each(site, "//a/@href")
        if re.match(r"/produits/|/en/products/", href)
    }

    assert pages == links
    if policy == "shared":
        assert several == {path.split("/")[2] for path in pages if path.startswith("/produits/")}
    assert (policy == "none") == (not pages)
    for path in whole.merchants(site, closed=False):
        for item in site.pages[path].xpath('//section[@class="slate"]/ul/li'):
            assert bool(item.get("id")) == (not item.xpath("div/a"))
    whole.test_no_link_is_broken(site)
    whole.test_no_id_stands_twice(site)
    sitemap = site.body("/sitemap.xml").decode()
    assert all(f"<loc>{BASE}{path}</loc>" in sitemap for path in pages)
