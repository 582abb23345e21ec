"""Who is near, the other branches, and whom to tell of a mistake: what ends a merchant's page."""

import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import parse_qs

import pytest
from lxml import html

from halles.catalogue import Branch, Catalogue, Mark, card_of, marks_of
from halles.facts import Neighbour, packed
from halles.ledger import open_ledger
from halles.model import Merchant, Position
from halles.neighbours import lists_of, nearest, refresh, tenths
from tests.market import Market

TREE = Catalogue(
    categories={
        "manger": Branch("manger", "Manger", None, None, ("pain", "fromage"), ("manger",)),
        "pain": Branch("pain", "Pain", None, "manger", (), ("manger", "pain")),
        "fromage": Branch("fromage", "Fromage", None, "manger", (), ("manger", "fromage")),
    }
)
Row = tuple[str, str, int]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return a ledger with nobody in it."""
    with open_ledger(tmp_path / "ledger.db") as found:
        yield found


def shop(name: str, lat: float, lon: float, trade: str = "pain", town: str = "") -> Merchant:
    """Return a merchant on the map."""
    return Merchant(
        id=name, name=name, region="nord", municipality=town or None, categories=(trade,),
        location=Position(lat=lat, lon=lon),
    )  # fmt: skip


def put(ledger: sqlite3.Connection, *merchants: Merchant) -> set[str]:
    """Keep merchants as reading does, and return the marks that gained one."""
    seen = set()
    for merchant in merchants:
        marks = marks_of(merchant, TREE)
        ledger.execute(
            "insert into merchants (id, open, card, marks) values (?, 1, ?, ?)",
            (merchant.id, packed(card_of(merchant)), packed(marks)),
        )
        _mark(ledger, merchant.id, marks)
        seen |= {mark.key for mark in marks}
    return seen


def take(ledger: sqlite3.Connection, merchant: Merchant) -> set[str]:
    """Forget a merchant, and return the marks that lost one."""
    ledger.execute("delete from merchants where id = ?", (merchant.id,))
    ledger.execute("delete from marks where id = ?", (merchant.id,))
    return {mark.key for mark in marks_of(merchant, TREE)}


def _mark(ledger: sqlite3.Connection, merchant: str, marks: tuple[Mark, ...]) -> None:
    rows = [(mark.key, mark.sort, merchant) for mark in marks]
    ledger.executemany("insert into marks values (?, ?, ?)", rows)


def shown(ledger: sqlite3.Connection, merchant: str) -> list[Row]:
    """Return who is near a merchant, by the ledger."""
    import msgspec

    raw = lists_of(ledger, [merchant]).get(merchant, packed(()))
    found = msgspec.msgpack.decode(raw, type=tuple[Neighbour, ...])
    return [(str(n.name), n.town, n.tenths) for n in found]


def test_the_nearest_five_in_order(ledger: sqlite3.Connection) -> None:
    """Nearest first, five at most, each with its town and the way there."""
    put(ledger, *(shop(f"m{i}", 48.0 + i / 100, -68.0, town=f"T{i}") for i in range(8)))
    refresh(ledger, TREE, set(), set(), set())

    assert [
        ("m1", "T1", 11), ("m2", "T2", 22), ("m3", "T3", 33), ("m4", "T4", 44), ("m5", "T5", 56),
    ] == shown(ledger, "m0")  # fmt: skip


def test_a_rare_trade_looks_one_category_up(ledger: sqlite3.Connection) -> None:
    """With fewer than three others of its own, those of the category above are near."""
    put(ledger, *(shop(f"p{i}", 48.0 + i / 100, -68.0) for i in range(5)))
    put(ledger, shop("f", 48.001, -68.0, "fromage"), shop("g", 49.0, -68.0, "fromage"))
    refresh(ledger, TREE, set(), set(), set())

    assert ["p0", "p1", "p2", "p3", "p4"] == [name for name, _, _ in shown(ledger, "f")]
    assert ["p1", "p2", "p3", "p4"] == [name for name, _, _ in shown(ledger, "p0")]


def test_those_in_one_place_come_by_name(ledger: sqlite3.Connection) -> None:
    """Of two who are as near, the first by id comes first, whatever their order in the ledger."""
    put(ledger, *(shop(name, 48.0, -68.0) for name in ("d", "b", "a", "c")))
    refresh(ledger, TREE, set(), set(), set())

    assert [("a", "", 1), ("b", "", 1), ("c", "", 1)] == shown(ledger, "d")


def test_nobody_is_near_beyond_a_hundred_kilometres(ledger: sqlite3.Connection) -> None:
    """The nearest of a trade may live at the other end of the province: that is not here."""
    put(ledger, shop("a", 48.0, -68.0), shop("b", 48.8, -68.0), shop("c", 49.0, -68.0))
    refresh(ledger, TREE, set(), set(), set())

    assert ["b"] == [near for near, _, _ in shown(ledger, "a")]


def test_who_comes_far_away_is_not_looked_at(ledger: sqlite3.Connection) -> None:
    """A new shop is on the lists of those whose fifth stands farther off, and on no other."""
    put(ledger, *(shop(f"a{i}", 48.0 + i / 100, -68.0) for i in range(6)))
    put(ledger, *(shop(f"z{i}", 50.0 + i / 100, -68.0) for i in range(6)))
    refresh(ledger, TREE, set(), set(), set())
    marks = put(ledger, shop("z9", 50.025, -68.0))

    found = refresh(ledger, TREE, marks, set(), {"z9"})

    assert {"z9", *(f"z{i}" for i in range(6))} == found


def test_who_is_renamed_is_told_where_it_was(ledger: sqlite3.Connection) -> None:
    """Another name or town reaches the lists that hold it; a list that holds it not, stays."""
    put(ledger, *(shop(f"a{i}", 48.0 + i / 100, -68.0) for i in range(6)))
    put(ledger, *(shop(f"z{i}", 50.0 + i / 100, -68.0) for i in range(6)))
    refresh(ledger, TREE, set(), set(), set())
    other = shop("a0", 48.0, -68.0, town="Ailleurs")
    ledger.execute("update merchants set card = ? where id = 'a0'", (packed(card_of(other)),))

    assert {f"a{i}" for i in range(1, 6)} == refresh(ledger, TREE, set(), {"a0"}, {"a0"})


def test_any_edits_leave_what_a_new_look_leaves(tmp_path: Path) -> None:
    """Come, go, move and change trade by chance: the lists are those computed from nothing."""
    rng = Random(7)
    with open_ledger(tmp_path / "a.db") as ledger, open_ledger(tmp_path / "b.db") as clean:
        there: dict[str, Merchant] = {}
        for step in range(120):
            touched, marks = set(), set()
            for _ in range(rng.choice((1, 1, 2, 20))):
                name = f"m{rng.randrange(40)}"
                touched.add(name)
                if name in there:
                    marks |= take(ledger, there.pop(name))
                if rng.random() < 0.7:
                    lat, lon = 45 + rng.randrange(40) / 10, -70 + rng.randrange(40) / 10
                    there[name] = shop(name, lat, lon, rng.choice(tuple(TREE.categories)))
                    marks |= put(ledger, there[name])
            refresh(ledger, TREE, marks, set(), touched)
            for table in ("merchants", "marks", "near", "meta"):
                clean.execute(f"delete from {table}")
            put(clean, *there.values())
            refresh(clean, TREE, set(), set(), set())

            rows = "select * from near order by merchant"
            assert list(clean.execute(rows)) == list(ledger.execute(rows)), step


def test_a_tree_finds_what_looking_at_all_finds() -> None:
    """The halves leave nobody out."""
    from halles.neighbours import _on_sphere, _tree

    rng = Random(3)
    where = [(45 + rng.random() ** 3 * 9, -79 + rng.random() * 15) for _ in range(400)]
    points = [(*_on_sphere(*spot), f"m{i}") for i, spot in enumerate(where)]
    tree = _tree(points)

    assert [nearest(p, points) for p in points] == [nearest(p, tree) for p in points]


def test_ways_are_told_to_the_tenth_then_to_the_kilometre() -> None:
    """One tenth at least, and from ten kilometres on whole ones: no more than is shown."""
    chord = [(km / 6371.0) ** 2 for km in (0, 0.04, 1.24, 9.96, 12.6)]

    assert [1, 1, 12, 100, 130] == [tenths(square) for square in chord]


@pytest.mark.slow
def test_a_province_is_quickly_done(ledger: sqlite3.Connection) -> None:
    """22,000 merchants cost 25 µs each at first, and one edit 60 ms; a busy machine may take 4 times that."""
    rng = Random(1)
    ids = [f"c{i}" for i in range(60)]
    roots = tuple(f"c{i}" for i in range(6))
    tree = {c: Branch(c, c, None, None, tuple(ids[6 + i :: 6]), (c,)) for i, c in enumerate(roots)}
    for i, c in enumerate(ids[6:], 6):
        tree[c] = Branch(c, c, None, roots[i % 6], (), (roots[i % 6], c))
    catalogue = Catalogue(categories=tree)
    weights = [2000, *(380 for _ in ids[7:])]
    rows, marks = [], []
    for i in range(22_000):
        trade = rng.choices(ids[6:], weights)[0]
        made = shop(f"m{i}", 45 + rng.random() ** 4 * 6, -79 + rng.random() * 15, trade)
        spot = next(m for m in marks_of(made, catalogue) if m.key.startswith("spot:"))
        rows.append((made.id, packed(card_of(made))))
        marks.append((spot.key, spot.sort, made.id))
    ledger.executemany("insert into merchants (id, open, card) values (?, 1, ?)", rows)
    ledger.executemany("insert into marks values (?, ?, ?)", marks)
    start = time.process_time()
    refresh(ledger, catalogue, set(), set(), set())
    first = (time.process_time() - start) / 22_000
    largest = next(m for key, _, m in marks if key == "spot:c6")
    start = time.process_time()
    refresh(ledger, catalogue, {"spot:c6"}, {largest}, {largest})
    again = time.process_time() - start

    assert (True, True) == (first < 100e-6, again < 0.24), (first, again)


SHOP = (
    "id: p%d\nname: Pain %d\nregion: nord\nmunicipality: Ville %d\ncategories: [pain]\n"
    "location: {lat: 48.%d, lon: -68.5}\n"
)
PAGE = re.compile("/commerces/[^/]+/")
FILE = "content/merchants/nord/p%d/p%d.yaml"


def test_a_page_says_who_is_near(market: Market) -> None:
    """In the page's language, with the way there; who closes is gone from it, and only there."""
    for i in range(1, 9):
        market.write(FILE.replace("%d", str(i)), SHOP.replace("%d", str(i)))
    market.build()
    page = market.tree()["commerces/p2/index.html"].decode()
    english = market.tree()["en/merchants/p2/index.html"].decode()

    assert "Aussi près d’ici" in page
    assert "Ville 3, 11\u00a0km" in page
    assert "Also nearby" in english

    path = FILE.replace("%d", "8")
    market.edit(path, "name: Pain 8", "name: Pain 8\nstatus: closed\nclosed_on: 2026-05-01")
    merchants = {p: w for p, w in market.build().why.items() if PAGE.fullmatch(p)}

    assert {
        "/commerces/p6/": "near:p6 changed",
        "/commerces/p7/": "near:p7 changed",
        "/commerces/p8/": "needs other facts: sheet:p8",
    } == merchants


def test_shops_of_one_enterprise_name_each_other(market: Market) -> None:
    """Other branches stand by town, with their street; one that moves is told on the others."""
    for i in range(1, 4):
        street = f'neq: "1143920199"\naddress: {{street: "{i}, rue X"}}\n'
        market.write(FILE.replace("%d", str(i)), SHOP.replace("%d", str(i)) + street)
    market.build()
    page = market.tree()["commerces/p2/index.html"].decode()

    assert page.index("Autres succursales") < page.index("1, rue X") < page.index("3, rue X")

    market.edit(FILE.replace("%d", "3"), "3, rue X", "33, rue Y")
    merchants = {p: w for p, w in market.build().why.items() if PAGE.fullmatch(p)}

    assert {
        "/commerces/p1/": "branches:p1 changed",
        "/commerces/p2/": "branches:p2 changed",
        "/commerces/p3/": "sheet:p3 changed",
    } == merchants


def test_branches_in_plain_sight_are_no_duplicate(market: Market) -> None:
    """One NEQ in two towns, streets or places is right; with nothing to tell them apart, told."""
    shop = "id: p%d\nname: Pain\nregion: nord\ncategories: [pain]\nneq: '1143920199'\n"

    def told(first: str, second: str) -> int:
        market.write(FILE.replace("%d", "1"), shop.replace("%d", "1") + first)
        market.write(FILE.replace("%d", "2"), shop.replace("%d", "2") + second)
        return sum(notice.code == "same-neq" for notice in market.build().notices)

    here = "location: {lat: 48.1, lon: -68.5}\n"
    assert 1 == told("", "")
    assert 1 == told("municipality: Matane\n", "municipality: Matane\n")
    assert 0 == told("municipality: Matane\n", "municipality: Rimouski\n")
    assert 0 == told("address: {street: '1, rue A'}\n", "address: {street: '2, rue A'}\n")
    assert 1 == told(here, here + "municipality: Matane\n")
    assert 0 == told(here, "location: {lat: 48.2, lon: -68.5}\n")


def test_a_mistake_is_told_with_what_it_is_about(market: Market) -> None:
    """A mail or an issue is begun, in the page's language, with the id, the file and the page."""
    market.build()
    assert b'class="report"' not in market.tree()["commerces/alix/index.html"]

    title = 'title = { fr = "Le petit'
    market.edit("halles.toml", title, f'report = "mailto:aide@marche.example"\n{title}')
    market.edit(FILE_OF_ALIX, "name: Boulangerie Alix", 'name: Alix & "fils" <i> {body} été')
    market.build()
    french, english = (report(market, path) for path in ("commerces/alix", "en/merchants/alix"))

    assert "mailto:aide@marche.example" == french.partition("?")[0]
    said = parse_qs(french.partition("?")[2], strict_parsing=True)
    name = 'Alix & "fils" <i> {body} été'
    assert f"Erreur dans la fiche «\u00a0{name}\u00a0»" == said["subject"][0]
    assert "https://marche.example/commerces/alix/" in said["body"][0]
    assert f"Fichier\u00a0: {FILE_OF_ALIX}" in said["body"][0]
    assert "Identifiant\u00a0: alix" in said["body"][0].split("\r\n")
    assert f"File: {FILE_OF_ALIX}" in parse_qs(english.partition("?")[2])["body"][0]

    address = "https://b.example/new?labels=x&title={title}&d={body}"
    market.edit("halles.toml", "mailto:aide@marche.example", address)
    market.build()
    said = parse_qs(report(market, "commerces/alix").partition("?")[2])

    assert {"labels", "title", "d"} == said.keys()


def test_a_record_s_new_place_is_told(market: Market) -> None:
    """A file that moves changes no word of its record, but the address that is reported."""
    market.edit("halles.toml", "[site]", '[site]\nreport = "mailto:aide@marche.example"')
    market.build()
    market.write("content/merchants/alix.yaml", market.read(FILE_OF_ALIX))
    market.remove(FILE_OF_ALIX)
    merchants = {p: w for p, w in market.build().why.items() if p.endswith("/alix/")}

    assert {"file:alix changed"} == set(merchants.values())


FILE_OF_ALIX = "content/merchants/nord/al/alix.yaml"


def report(market: Market, path: str) -> str:
    """Return where a page leads those who found a mistake."""
    page = html.document_fromstring(market.tree()[f"{path}/index.html"].decode())
    (found,) = page.xpath('//*[@class="report"]/a/@href')
    return str(found)
