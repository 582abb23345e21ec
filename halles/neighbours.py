"""Who is near: for each open merchant the nearest of its trade, kept in the ledger as a fact.

A merchant's trade is its main category with all below it; where fewer than three others stand
there, the next category above it is taken. A list is computed again only where it may differ:
each row keeps how far its last one stands, and whoever comes to stand farther off changes nothing.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from math import asin, cos, inf, radians, sin, sqrt
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import msgspec

from halles import ledger as kept
from halles.catalogue import Card, Catalogue, spot
from halles.digest import brief
from halles.facts import Neighbour, packed

HOW_MANY = 5
ENOUGH = 3
"""Others in a category from which it needs no category above it."""
SEVERAL = 12
"""Merchants touched, or lists to compute, from which it is cheaper to treat all alike."""
A_LEAF = 10
EARTH = 6371.0  # km
NEAR = (100 / EARTH) ** 2
"""The square of the way, on a sphere of one, beyond which nobody is told to be near: 100 km."""

_card = msgspec.msgpack.Decoder(Card).decode

Point: TypeAlias = tuple[float, float, float, str]
"""Where a merchant stands, on a sphere of one; and who it is."""


class _Split(NamedTuple):
    """Points on both sides of a plane."""

    axis: int
    at: float
    below: "_Tree"
    above: "_Tree"


_Tree: TypeAlias = _Split | list[Point]


def refresh(
    ledger: sqlite3.Connection,
    catalogue: Catalogue,
    members: set[str],
    cards: set[str],
    merchants: set[str],
) -> set[str]:
    """Bring the lists up to date, and return the merchants whose list says something else.

    ``members`` are the marks that gained or lost a merchant or in which one moved, ``cards`` the
    merchants with another name or town, ``merchants`` those that differ in any way.
    """
    shape = brief({c: branch.way for c, branch in catalogue.categories.items()})
    anew = kept.recall(ledger, "neighbours") != shape
    moved = {key.partition(":")[2] for key in members if key.startswith("spot:")}
    if anew:
        kept.remember(ledger, "neighbours", shape)
        ledger.execute("delete from near")
        concerned = set(catalogue.categories)
    elif moved or cards:
        moved |= set(_categories_of(ledger, cards))
        concerned = {c for m in moved if m in catalogue.categories for c in _way(m, catalogue)}
    else:
        return set()
    trades = dict(_trades(ledger, {_way(c, catalogue)[0] for c in concerned}, catalogue))
    found: set[str] = set()
    touched = cards | merchants if moved else cards
    for trade in sorted(concerned):
        found |= _of_trade(ledger, trade, trades, touched, catalogue)
    return found


def lists_of(ledger: sqlite3.Connection, merchants: list[str]) -> dict[str, bytes]:
    """Return who is near each of a handful of merchants, as a fact that is ready to travel."""
    rows = ledger.execute(
        f"select merchant, list from near where merchant in ({kept.places(len(merchants))})",  # noqa: S608
        merchants,
    )
    return dict(rows)


def _way(category: str, catalogue: Catalogue) -> tuple[str, ...]:
    return catalogue.categories[category].way


def _trades(
    ledger: sqlite3.Connection, roots: set[str], catalogue: Catalogue
) -> Iterator[tuple[str, str]]:
    """Yield each main category below some roots, with the category its neighbours come from.

    That is the nearest one, from itself up, in which enough others stand.
    """
    counts = {c: kept.count(ledger, f"spot:{c}") for root in roots for c in _below(root, catalogue)}
    totals = {c: sum(counts[d] for d in _below(c, catalogue)) for c in counts}
    for category, count in counts.items():
        if count:
            way = _way(category, catalogue)
            yield category, next((c for c in reversed(way) if totals[c] > ENOUGH), way[0])


def _below(category: str, catalogue: Catalogue) -> Iterator[str]:
    """Yield a category and all that stand under it."""
    yield category
    for child in catalogue.categories[category].children:
        yield from _below(child, catalogue)


def _categories_of(ledger: sqlite3.Connection, merchants: Iterable[str]) -> Iterator[str]:
    """Yield the main categories of some merchants that have a place."""
    for handful in kept.in_handfuls(sorted(merchants)):
        rows = ledger.execute(
            f"select category from near where merchant in ({kept.places(len(handful))})",  # noqa: S608
            handful,
        )
        yield from (category for (category,) in rows)


def _of_trade(
    ledger: sqlite3.Connection,
    trade: str,
    trades: Mapping[str, str],
    touched: set[str],
    catalogue: Catalogue,
) -> set[str]:
    """Compute the lists of one trade that may differ; return the merchants whose does."""
    rows = ledger.execute("select merchant, reach, list from near where trade = ?", (trade,))
    known = {merchant: (reach, said) for merchant, reach, said in rows}
    home, points = _standing(ledger, trade, trades, catalogue)
    left = known.keys() - home.keys()
    ledger.executemany("delete from near where merchant = ?", [(m,) for m in left])
    if not home:
        return set()
    doubtful = _doubtful([p for p in points if p[3] in home], known, points, touched)
    tree = _tree(points) if len(doubtful) > SEVERAL else points
    lists = {p[3]: [n for n in nearest(p, tree) if n[0] <= NEAR] for p in doubtful}
    cards = _cards(ledger, {m for near in lists.values() for _, m in near})
    found: set[str] = set()
    now: list[tuple[str, str, str, float, bytes]] = []
    for merchant, near in lists.items():
        said = packed(tuple(_neighbour(square, cards[other]) for square, other in near))
        reach = near[-1][0] if len(near) == HOW_MANY else NEAR
        now.append((merchant, home[merchant], trade, reach, said))
        if merchant not in known or known[merchant][1] != said:
            found.add(merchant)
    ledger.executemany("insert or replace into near values (?, ?, ?, ?, ?)", now)
    return found


def _standing(
    ledger: sqlite3.Connection, trade: str, trades: Mapping[str, str], catalogue: Catalogue
) -> tuple[dict[str, str], list[Point]]:
    """Return whose lists are of a trade, with their main categories, and all who stand in it."""
    home: dict[str, str] = {}
    points: list[Point] = []
    if trade not in trades.values():
        return home, points
    for category in _below(trade, catalogue):
        rows = ledger.execute("select sort, id from marks where key = ?", (f"spot:{category}",))
        here = [(*_on_sphere(*spot(sort)), merchant) for sort, merchant in rows]
        points += here
        if trades.get(category) == trade:
            home |= dict.fromkeys((p[3] for p in here), category)
    return home, points


def _doubtful(
    homes: list[Point],
    known: Mapping[str, tuple[float, bytes]],
    points: list[Point],
    touched: set[str],
) -> list[Point]:
    """Return those on whose list somebody who was touched may be now, or was."""
    if len(touched) > SEVERAL:
        return homes
    names = [m.encode() for m in touched]
    comers = [p for p in points if p[3] in touched]
    found = []
    for here in homes:
        reach, said = known.get(here[3], (inf, b""))
        if (
            here[3] in touched
            or here[3] not in known
            or any(name in said for name in names)
            or any(_square(here, p) <= reach for p in comers)
        ):
            found.append(here)
    return found


def nearest(here: Point, tree: "_Tree") -> list[tuple[float, str]]:
    """Return the nearest other points, each with the square of the way there; ties go by name."""
    best: list[tuple[float, str]] = []
    x, y, z, me = here
    far = inf
    beyond: list[tuple[float, _Tree]] = [(0.0, tree)]
    while beyond:
        gap, at = beyond.pop()
        if gap > far:
            continue
        while isinstance(at, tuple):
            axis, middle, below, above = at
            away = (x, y, z)[axis] - middle
            at, other = (below, above) if away < 0 else (above, below)
            if away * away <= far:
                beyond.append((away * away, other))
        closer = [
            (square, m)
            for a, b, c, m in at
            if (square := (x - a) * (x - a) + (y - b) * (y - b) + (z - c) * (z - c)) <= far
            and m != me
        ]
        if closer:
            best += closer
            best.sort()
            del best[HOW_MANY:]
            far = best[-1][0] if len(best) == HOW_MANY else inf
    return best


def _tree(points: list[Point]) -> "_Tree":
    """Return points cut in halves, across where they lie farthest apart, down to a handful."""
    if len(points) <= A_LEAF:
        return points
    spans = [max(along) - min(along) for along in list(zip(*points, strict=True))[:3]]
    axis = spans.index(max(spans))
    points = sorted(points, key=itemgetter(axis))
    middle = len(points) // 2
    at = float(points[middle][axis])
    return _Split(axis, at, _tree(points[:middle]), _tree(points[middle:]))


def _on_sphere(lat: float, lon: float) -> tuple[float, float, float]:
    north, east = radians(lat), radians(lon)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def _square(a: Point, b: Point) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2


def tenths(square: float) -> int:
    """Return a way over the sphere in tenths of a kilometre, from the square of its chord.

    One tenth at least; from 10 km on it is told in whole kilometres.
    """
    kilometres = 2 * EARTH * asin(min(1.0, sqrt(square) / 2))
    return 10 * round(kilometres) if kilometres >= 10 else max(1, round(10 * kilometres))


def _cards(ledger: sqlite3.Connection, merchants: set[str]) -> dict[str, Card]:
    return {merchant: _card(card) for merchant, card in kept.cards(ledger, sorted(merchants))}


def _neighbour(square: float, card: Card) -> Neighbour:
    return Neighbour(card.id, card.name, card.town, tenths(square))
