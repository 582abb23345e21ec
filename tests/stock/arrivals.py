"""A market that feeds arrive at, and what it then holds and says: for the tests of stock."""

import csv
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from lxml import html

from halles.outcome import Outcome
from halles.stock.arrival import Feeds, Given
from halles.stock.folder import read_current
from tests.example import file_at
from tests.market import SITE, Market, differences

HOUR, DAY = 3600, 86_400
START = 1_736_164_800
"""Noon of the sixth of January 2025, UTC: hour zero of every test."""
CLOCK = START + 400 * DAY


def at(hours: float) -> int:
    """Return a moment so many hours after the start, in seconds since 1970."""
    return START + int(hours * HOUR)


def iso(seconds: int) -> str:
    """Return a moment as feeds write it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def local(seconds: int) -> str:
    """Return a winter's moment as the pages of Montréal write it."""
    return datetime.fromtimestamp(seconds - 5 * HOUR, UTC).isoformat()[:16] + "-05:00"


Told = dict[str, str]


def told(store: str, sku: str, quantity: object = "", **more: object) -> Told:
    """Return a row of a feed; what is told by more goes by the names of its columns."""
    return {"store_code": store, "id": sku, "quantity": str(quantity)} | {
        name: str(value) for name, value in more.items()
    }


def feed(*rows: Told, hours: float | None = 0) -> bytes:
    """Return a feed; its rows are of that hour, where they do not say of which."""
    stamp = {} if hours is None else {"timestamp": iso(at(hours))}
    text = io.StringIO()
    names = dict.fromkeys(name for row in rows for name in (*row, *stamp))
    writer = csv.DictWriter(text, [*names], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(stamp | row for row in rows)
    return text.getvalue().encode()


def shop(name: str, products: int, region: str = "nord", more: str = "") -> dict[str, str]:
    """Return a merchant of that many products, P0 and so on, as a file by its path."""
    rack = "".join(
        f'  - {{sku: P{i}, name: Produit {i}, price: "10.00"}}\n' for i in range(products)
    )
    text = f"id: {name}\nname: Chez {name}\nregion: {region}\ncategories: [lire]\n{more}products:\n{rack}"
    return {f"content/merchants/{region}/{name[:2]}/{name}.yaml": text}


class Stocked(Market):
    """A market that feeds arrive at."""

    def __init__(self, root: Path, *more: dict[str, str]) -> None:
        files: dict[str, str | bytes] = dict(SITE)
        for some in more:
            files |= some
        super().__init__(root, files)

    # Feeds in

    def put(self, name: str, body: bytes, hours: float = 0) -> Path:
        """Leave a feed beside the site, last changed at that hour."""
        path = self.root.parent / "feeds" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
        os.utime(path, (at(hours), at(hours)))
        return path

    def take(
        self, *feeds: bytes, full: bool = True, hours: float = 0, accept: bool = False,
        name: str = "feed.csv", **options: Any,
    ) -> Outcome:  # fmt: skip
        """Take feeds in and build."""
        given = tuple(
            Given(self.put(f"{number}-{name}", body, hours), full)
            for number, body in enumerate(feeds)
        )
        return self.build(feeds=Feeds(given, accept=accept, clock=CLOCK), **options)

    # What it holds

    def held(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Return the state: of each offer by (store, sku), what data/stock/ says."""
        return {(row["store"], row["sku"]): row for row in self._rows("offers")}

    def stores(self) -> dict[str, dict[str, Any]]:
        """Return what data/stock/ says of each store."""
        return {row["store"]: row for row in self._rows("stores")}

    def _rows(self, table: str) -> list[dict[str, Any]]:
        current, _ = read_current(self.root)
        path = self.root / "data/stock" / getattr(current.snapshot, table)
        found = duckdb.execute(f"select * from read_parquet('{path}')")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def quarantine(self) -> list[tuple[int, str, str]]:
        """Return the rows of the newest snapshot that were refused: line, reason, raw."""
        current, _ = read_current(self.root)
        if not current.snapshot.quarantine:
            return []
        lines = (self.root / "data/stock" / current.snapshot.quarantine).read_text("utf-8")
        rows = map(json.loads, lines.splitlines())
        return [(row["line"], row["reason"], row["raw"]) for row in rows]

    def everything(self) -> dict[str, tuple[bytes, int]]:
        """Return each file of data/ and output/ and of feeds, with when it was last changed."""
        found = {}
        for part in ("data", "output", ".halles/intake"):
            for path in sorted((self.root / part).rglob("*")):
                if path.is_file():
                    name = path.relative_to(self.root).as_posix()
                    found[name] = (path.read_bytes(), path.stat().st_mtime_ns)
        return found

    # What it says

    def page(self, path: str) -> html.HtmlElement:
        """Return a published page."""
        return html.document_fromstring((self.root / "output" / file_at(path)).read_bytes())

    def shows(self, path: str) -> dict[str, tuple[str, str, str]]:
        """Return what a page says of each offer that it makes a claim of: state, since, price."""
        found = {}
        for part in self.page(path).xpath("//*[@data-sku] | //*[@data-gtin]//*[@data-merchant]"):
            (state,) = part.xpath(".//@class[contains(., 'state is-')]")
            since = part.xpath("string(.//time[@data-since]/@datetime)")
            price = part.xpath("string(.//*[@data-price])").replace("\u00a0", " ").strip()
            key = part.get("data-sku") or part.get("data-merchant")
            found[key] = (state.removeprefix("state is-"), since, price)
        return found

    def ld(self, path: str) -> list[dict[str, Any]]:
        """Return a page's structured data."""
        (found,) = self.page(path).xpath('//script[@type="application/ld+json"]/text()')
        graph: list[dict[str, Any]] = json.loads(found)["@graph"]
        return graph

    def manifest(self) -> dict[str, Any]:
        """Return what names the shards."""
        found: dict[str, Any] = json.loads(self.read("output/stock/manifest.json"))
        return found

    def shards(self) -> dict[str, Any]:
        """Return everything that the shards that are named say, by merchant and by GTIN."""
        manifest, found = self.manifest(), {}
        for name in named_shards(manifest):
            found |= json.loads(self.read(f"output/stock/{name}"))
        return found


def named_shards(manifest: dict[str, Any]) -> set[str]:
    """Return the files that a manifest names."""
    return {
        f"{family}{i // 8}-{manifest[family][i : i + 8]}.json"
        for family in manifest.keys() - {"at"}
        for i in range(0, len(manifest[family]), 8)
        if manifest[family][i : i + 8] != "00000000"
    }


def same_as_clean(market: Stocked) -> bool:
    """Tell whether the site is a clean build's; print how it is not."""
    found = list(differences(market.said(), market.clean()))
    print(*found, sep="\n")
    return not found
