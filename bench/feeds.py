"""The snapshots that a site is told: the first, and then each with a share of its rows changed.

A demo site's are the demo's own. The neutral catalogue has but two of its own, so its first one is
made to change by the demo's rule; the floor and Hugo are given the same changes in their form.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from bench.sites import PRODUCTS, ROOT, SEED, Site, python
from halles.demo_stock import HEAD, Churn, Row, file_name, line, stamp

PLAIN = "merchant_id,sku,quantity,availability,price,updated_at\n"
UNTOLD = "2026-11-20T05:00:00-05:00"
"""The time of every row for the floor, which takes each line that differs for a change."""


class Feeds:
    """The snapshots of one site, one at a time."""

    def __init__(self, site: Site, share: float) -> None:
        self._site = site
        self._share = share
        folder = site.root.parent / "feeds"
        folder.mkdir(exist_ok=True)
        self.google = folder / "google.csv"
        """The snapshot in hand, in the columns that halles reads: all rows of one moment."""
        self.plain = folder / "plain.csv" if site.stock else None
        """The same for the floor and Hugo, of the neutral catalogue only."""

    def take(self, snapshot: int) -> None:
        """Have a snapshot in hand, the first being 1; the one before goes."""
        if self._site.stock is None or self.plain is None:
            self._take_demo(snapshot)
            return
        churn, when = Churn(SEED, self._share, snapshot), stamp(SEED, snapshot)
        with (
            self.google.open("w", encoding="utf-8", newline="") as google,
            self.plain.open("w", encoding="utf-8", newline="") as plain,
        ):
            google.write(HEAD)
            plain.write(PLAIN)
            for first in _rows(self._site.stock):
                row = churn.on(first)
                google.write(line(row, when))
                plain.write(line(row, UNTOLD).replace(" CAD", "", 1))

    def _take_demo(self, snapshot: int) -> None:
        size = ["--merchants", self._site.merchants, "--products", PRODUCTS, "--seed", SEED]
        later = ["--churn", self._share, "--snapshot", snapshot]
        root = self._site.root
        if snapshot == 1:
            self.google.write_bytes((root / file_name(1)).read_bytes())
            return
        python(ROOT / "build.py", "demo", "--root", root, *size, *later)
        (root / file_name(snapshot)).replace(self.google)


def _rows(stock: Path) -> Iterator[Row]:
    """Yield the rows of the neutral catalogue's first snapshot."""
    with stock.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for merchant, sku, quantity, _, price, _ in rows:
            yield Row(merchant, sku, int(quantity), int(price.replace(".", "")))
