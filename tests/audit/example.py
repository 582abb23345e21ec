"""The example site as visitors find it: with search, and with stock and what only that brings."""

import csv
import io
import re
import time
from pathlib import Path

from halles.outcome import Options
from halles.site import build
from halles.stock.arrival import Feeds, Given
from tests.example import Example
from tests.stock.arrivals import iso

QUANTITIES = (12, 0, 2, 5)
"""In stock, out, nearly so, in stock: each state stands in every listing."""
HOUR = 3600


def stocked(root: Path) -> Example:
    """Return the example, built with two snapshots of all that it sells, an hour apart."""
    site = Example(root, search=True)
    goods = list(csv.DictReader(io.StringIO(site.body("/donnees/products.csv").decode())))
    codes = dict(_codes(root))
    now = int(time.time())
    for number, when in enumerate((now - 2 * HOUR, now - HOUR)):
        feed = root.parent / f"feed-{number}.csv"
        rows = ["store_code,id,quantity,timestamp"]
        for i, ware in enumerate(goods):
            store = codes.get(ware["merchant"], ware["merchant"])
            # Every eleventh offer comes back, or goes, from one snapshot to the next.
            quantity = QUANTITIES[(i + number * (i % 11 == 0)) % len(QUANTITIES)]
            rows.append(f"{store},{ware['sku']},{quantity},{iso(when)}")
        feed.write_text("\n".join([*rows, ""]), "utf-8")
        feeds = Feeds((Given(feed, full=True),), accept=True, clock=now)
        build(root, Options(executor="inline", feeds=feeds))
    return site


def _codes(root: Path) -> list[tuple[str, str]]:
    """Return what feeds call the merchants that have another name there than their id."""
    found = []
    for file in (root / "content/merchants").rglob("*.yaml"):
        code = re.search(r"^store_code: *(\S+)", file.read_text("utf-8"), re.MULTILINE)
        if code:
            found.append((file.stem, code[1].strip("\"'")))
    return found
