"""What leaves the site: a merchant's widget on somebody else's page, a poster on a wall."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Serve
from tests.hosting.nginx import NGINX, Host
from tests.stock.arrivals import Stocked, at, feed, iso, told

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Stocked:
    """Return a market with stock whose merchants have all that there is besides a page."""
    market = Stocked(tmp_path_factory.mktemp("elsewhere") / "market")
    market.edit("halles.toml", "page_size", 'extras = ["poster", "widget"]\npage_size')
    market.take(feed(told("alix", "MICHE", 5, price="6.50")))
    return market


@pytest.fixture(scope="module")
def host(market: Stocked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where nginx serves it, with the headers that docs/hosting gives it."""
    if not os.access(NGINX, os.X_OK):
        pytest.skip("there is no nginx; on Debian: apt-get install nginx-light")
    host = Host(market.root / "output", tmp_path_factory.mktemp("nginx"))
    yield host.base
    host.close()


def test_a_widget_works_on_somebody_elses_page(
    host: str, chromium: Any, serve: Serve, tmp_path: Path
) -> None:
    """Hours and live stock in a frame of another origin; nothing else of the site may be framed."""
    (tmp_path / "index.html").write_text(
        f'<!doctype html><link rel=icon href=data:,><iframe name=widget src="{host}/widget/alix/"></iframe>'
        f'<iframe name=page src="{host}/commerces/alix/"></iframe>'
    )
    page = chromium.new_page()
    page.clock.set_fixed_time(iso(at(3)))
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text))
    page.on("pageerror", lambda e: complaints.append(str(e)))
    page.goto(serve(tmp_path))
    widget = page.frame_locator("iframe[name=widget]")

    expect(widget.locator("h1")).to_have_text("Boulangerie Alix")
    expect(widget.locator("[data-sku=MICHE]")).to_contain_text("En stock")
    expect(widget.locator("[data-verified]")).to_contain_text("7 h 00")
    expect(page.frame_locator("iframe[name=page]").locator("#Contenu")).to_have_count(0)
    assert len(complaints) == 1 and "frame-ancestors 'none'" in complaints[0]
    page.close()


def test_a_posters_code_leads_to_its_page(host: str, chromium: Any) -> None:
    """A phone that reads the code off the poster, on paper, is at the merchant's page."""
    page = chromium.new_page()
    page.goto(f"{host}/commerces/alix/affiche/")
    page.emulate_media(media="print")
    shot = page.locator("figure img").screenshot()
    for part in ("h1", ".hours", "figcaption b"):
        expect(page.locator(part)).to_be_visible()
    for part in (".poster > .note", "header nav", "footer", ".crumbs"):
        expect(page.locator(part).first).to_be_hidden()
    page.close()

    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(shot)))
    assert code.text == "https://marche.example/commerces/alix/"
