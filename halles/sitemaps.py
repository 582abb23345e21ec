"""The sitemap's parts: cut so that an address that comes or goes rewrites one small file."""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Catalogue
from halles.change import Change
from halles.digest import brief, digest
from halles.facts import Urls, packed
from halles.members import members
from halles.pages.sitemap import MOST
from halles.read.smalls import slug
from halles.render import Group

A_PART = 20_000
"""Addresses that a part holds on average; chance never brings it near the 50,000 allowed."""

_slugs = msgspec.msgpack.Decoder(tuple[str, ...]).decode


def sitemap_groups(
    ledger: sqlite3.Connection,
    change: Change,
    catalogue: Catalogue,
    ways: Ways,
    page_size: int,
) -> Iterator[tuple[Group, bytes]]:
    """Yield the files of the sitemap that may differ, each with a stamp of its facts."""
    yield Group("sitemap", "_robots"), b""
    there = dict(ledger.execute("select key, stamp from groups where kind = 'sitemap'"))
    stocked = bool(change.stock.ground.stamp)
    sited = change.maps is not None and bool(catalogue.regions)
    pages = _pages(ledger, catalogue, ways, page_size, stocked, sited)
    gtins = [k.removeprefix("gtin:") for k in kept.keys_between(ledger, "gtin:", "gtin;")]
    gtins = [g for g in gtins if _has_page(ledger, g, change.policy)]
    urls = {
        region: (total or 0) * len(ways.languages)
        for region, total in ledger.execute(
            "select region, sum(urls) from merchants where open group by region"
        )
    }
    whole = len(pages) + len(gtins) * len(ways.languages) + sum(urls.values())
    parts: dict[str, Urls | None] = {}
    if whole <= MOST:
        days = dict(p for region in urls for p in _region(ledger, region, 0, 1, ways))
        whole_list = sorted([*pages, *_products(gtins, ways), *days])
        parts[""] = Urls(tuple(whole_list), days=_told(days))
    else:
        for i, name in enumerate(_cut(pages)):
            parts[f"_pages.{i + 1}"] = Urls(tuple(name))
        for i, name in enumerate(_cut(_products(gtins, ways))):
            parts[f"_gtin.{i + 1}"] = Urls(tuple(name))
        for region, total in sorted(urls.items()):
            parts |= _region_parts(ledger, region, total, change, ways, there)
        parts[""] = Urls((), tuple(sorted(parts)))
    for key in sorted({*parts, *there} - {"_robots"}):
        known = parts.get(key)
        if key in parts and known is None:
            continue
        facts = [(f"urls:{key}", packed(known))] if known is not None else []
        stamp = brief([raw for _, raw in facts])
        if known is None or change.of("sitemap") or there.get(key) != stamp:
            yield Group("sitemap", key, facts), stamp


def _pages(
    ledger: sqlite3.Connection,
    catalogue: Catalogue,
    ways: Ways,
    page_size: int,
    stocked: bool,
    sited: bool,
) -> list[str]:
    """Return the addresses of everything but merchants and products."""
    found = []
    sizes = dict(
        ledger.execute(
            "select key, count(*) from marks where key >= 'category:' and key < 'category;' "
            "or key >= 'label:' and key < 'label;' or key >= 'region:' and key < 'region;' "
            "or key >= 'shelf:' and key < 'shelf;' group by key"
        )
    )
    listings: list[tuple[str, tuple[str, ...], int]] = []
    listings += [("regions", (r,), sizes.get(f"region:{r}", 0)) for r in catalogue.regions]
    listings += [("categories", (c,), sizes.get(f"category:{c}", 0)) for c in catalogue.categories]
    listings += [("origin", (x,), sizes.get(f"label:{x}", 0)) for x in catalogue.labels]
    chosen = {c: len(members(ledger, "campaign", c, catalogue)) for c in catalogue.campaigns}
    for key, size in sizes.items():
        region, _, category = key.removeprefix("shelf:").partition("/")
        known = region in catalogue.regions and category in catalogue.categories
        if key.startswith("shelf:") and known:
            listings.append(("regions", (region, category), size))
    for lang in ways.languages:
        found += [ways.home(lang)]
        found += [ways.to(lang, s) for s in ("regions", "categories", "search", "data")]
        if sited:
            found.append(ways.to(lang, "map"))
        if stocked:
            found += [ways.to(lang, "restocked", region) for region in catalogue.regions]
        found += [f"{ways.home(lang)}{slug(p, lang)}/" for p in catalogue.pages.values()]
        campaigns = [
            ("campaigns", (slug(record, lang),), chosen[campaign])
            for campaign, record in catalogue.campaigns.items()
        ]
        for section, pieces, size in [*listings, *campaigns]:
            last = -(-size // page_size) or 1
            found += [ways.to(lang, section, *pieces, page=n) for n in range(1, last + 1)]
    return sorted(found)


def _has_page(ledger: sqlite3.Connection, gtin: str, policy: str) -> bool:
    if policy == "shared":
        return kept.count(ledger, f"gtin:{gtin}") > 1
    return policy == "all"


def _products(gtins: list[str], ways: Ways) -> list[str]:
    return [ways.to(lang, "products", g) for lang in ways.languages for g in gtins]


def _cut(paths: list[str]) -> list[list[str]]:
    return [paths[i : i + 2 * A_PART] for i in range(0, len(paths), 2 * A_PART)]


def _region_parts(
    ledger: sqlite3.Connection,
    region: str,
    total: int,
    change: Change,
    ways: Ways,
    there: dict[str, bytes],
) -> dict[str, Urls | None]:
    """Return the parts of one region; None for those that cannot have changed."""
    count = 1
    while total > count * A_PART:
        count *= 2
    names = [f"{region}.{i + 1}" if count > 1 else region for i in range(count)]
    same = {k for k in there if k == region or k.startswith(f"{region}.")} == set(names)
    if same and region not in change.touched.regions and not change.of("sitemap"):
        return dict.fromkeys(names)
    found = [dict(_region(ledger, region, i, count, ways)) for i in range(count)]
    return {
        name: Urls(tuple(sorted(days)), days=_told(days))
        for name, days in zip(names, found, strict=True)
    }


def _told(days: dict[str, str]) -> dict[str, str]:
    return {path: day for path, day in sorted(days.items()) if day}


def _region(
    ledger: sqlite3.Connection, region: str, part: int, count: int, ways: Ways
) -> Iterator[tuple[str, str]]:
    """Yield the addresses of a region's merchants, with the day that their record last changed."""
    rows = ledger.execute(
        "select id, slugs, updated from merchants where region = ? and open", (region,)
    )
    for merchant, slugs, day in rows:
        if count > 1 and digest(merchant.encode())[0] % count != part:
            continue
        own = _slugs(slugs)
        for lang in ways.languages:
            yield ways.to(lang, "merchants", merchant), day
            products = ways.to(lang, "products")
            yield from ((f"{products}{s}/", day) for s in own)
