"""Packs: the pages of a region that a reader may keep, with their number and about their size.

A pack holds what is listed of a region and its merchants' own pages, which say each product, its
price and its state. A product's page is not in it: there are ten times as many.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Card, Catalogue
from halles.change import Change
from halles.facts import Pack, Raw, packed
from halles.pages.chart import ground_of, points_of
from halles.pages.pack import path_of
from halles.render import Group

A_LISTING, A_CARD, A_MERCHANT, A_PRODUCT = 4_300, 620, 11_500, 480
"""Bytes of a page, and of what is on it, as theme ``marche`` writes them: a test weighs them."""
A_MAP, A_PICTURE = 1_000, 9_000
"""The same, of a map on a page, and of the pictures that maps are made of."""

_card = msgspec.msgpack.Decoder(Card).decode
_pack = msgspec.msgpack.Decoder(Pack).decode


def pack_groups(
    ledger: sqlite3.Connection, change: Change, catalogue: Catalogue, ways: Ways, page_size: int
) -> Iterator[tuple[Group, bytes]]:
    """Yield the packs that differ, and the page that offers them all.

    A pack's stamp is the pack itself: those of other regions need not be counted again.
    """
    there = dict(ledger.execute("select key, stamp from groups where kind = 'pack'"))
    everywhere = change.of("pack") or change.names or "shell" in change.facts
    moved = catalogue.regions if everywhere else _moved(ledger, change)
    now: dict[str, bytes] = {}
    for region in catalogue.regions if change.offline else ():
        if region not in moved:
            if region in there:
                now[region] = there[region]
            continue
        pictures = (ground_of(region), points_of(region)) if change.maps else ()
        lists, pack = _counted(ledger, region, catalogue, ways, page_size, pictures)
        if pack is None:
            continue
        now[region] = packed(pack)
        if everywhere or there.get(region) != now[region]:
            facts = [(f"raw:{lang}", packed(Raw(body))) for lang, body in lists.items()]
            yield Group("pack", region, facts), now[region]
    yield from ((Group("pack", region), b"") for region in there.keys() - now.keys())
    packs = packed(tuple(_pack(raw) for raw in now.values()))
    yield Group("choices", "choices", [("packs", packs)]), b""


def _moved(ledger: sqlite3.Connection, change: Change) -> set[str]:
    """Return the regions in which a page came or went, or a merchant has more to show."""
    found = set(change.touched.regions)
    for key in change.touched.counted:
        family, _, name = key.partition(":")
        if family in ("region", "shelf"):
            found.add(name.partition("/")[0])
    for handful in kept.in_handfuls(change.touched.cards):
        marks = kept.places(len(handful))
        rows = ledger.execute(f"select region from merchants where id in ({marks})", handful)  # noqa: S608
        found.update(region for (region,) in rows)
    return found


def _counted(
    ledger: sqlite3.Connection,
    region: str,
    catalogue: Catalogue,
    ways: Ways,
    page_size: int,
    pictures: tuple[str, ...],
) -> tuple[dict[str, bytes], Pack | None]:
    """Return the lists of a region's pages by language, and what is told of them."""
    rows = ledger.execute(
        "select id, card from merchants where region = ? and open order by id", (region,)
    )
    products = {merchant: _card(card).products for merchant, card in rows}
    if not products:
        return {}, None
    shelves = ledger.execute(
        "select key, count(*) from marks where key >= ? and key < ? group by key",
        (f"shelf:{region}/", f"shelf:{region}0"),
    )
    sizes = {key.partition("/")[2]: count for key, count in shelves}
    listed: list[tuple[tuple[str, ...], int]] = [((region,), len(products))]
    listed += [((region, c), n) for c, n in sizes.items() if c in catalogue.categories]
    listings = [(p, n) for p, size in listed for n in range(1, -(-size // page_size) + 1)]
    size = (
        A_LISTING * len(listings)
        + A_CARD * sum(size for _, size in listed)
        + A_MERCHANT * len(products)
        + A_PRODUCT * sum(products.values())
    )
    if pictures:
        size += A_PICTURE * len(pictures) + A_MAP * (len(listed) + len(products))
    size = round(size, 2 - len(str(size)))
    lists = {}
    for lang in ways.languages:
        paths = [ways.home(lang)]
        paths += [ways.to(lang, "regions", *pieces, page=n) for pieces, n in listings]
        paths += [ways.to(lang, "merchants", merchant) for merchant in products]
        paths += pictures
        lists[lang] = msgspec.json.encode({"bytes": size, "pages": paths}) + b"\n"
    where = {lang: path_of(region, body, lang, ways) for lang, body in lists.items()}
    count = 1 + len(listings) + len(products) + len(pictures)
    return lists, Pack(region, count, size, where)
