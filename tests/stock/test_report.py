"""What is known of the stock: the state's own files, read as pages show them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from halles.stock import intake
from halles.stock.arrival import Feeds, Given
from halles.stock.database import every_store
from halles.stock.folder import Snapshot, StockFault, read_current
from halles.stock.report import Known, Nowhere, Said, look_up, standings
from halles.stock.shown import A_DAY, STATES, Moment, shown
from tests.market import Market, tree_of

NOON = 1_780_000_000
HEAD = "store_code,id,quantity,availability,price,sale_price,timestamp"


def take(market: Market, *rows: str, full: bool = True) -> Snapshot:
    """Take a feed in, and return the snapshot that it makes."""
    path = market.root / "feed.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
    market.build(feeds=Feeds((Given(path, full),), accept=True, clock=NOON + 99 * A_DAY))
    return read_current(market.root)[0].snapshot


def row(store: str, sku: str, quantity: object, seen: int, rest: str = ",,") -> str:
    """Return a row: ``rest`` is availability, price, sale price."""
    return f"{store},{sku},{quantity},{rest},{datetime.fromtimestamp(seen, UTC).isoformat()}"


def moment(snapshot: Snapshot) -> Moment:
    """Return the time of a snapshot, a word holding for seven days."""
    return Moment(snapshot.now)


@pytest.fixture
def mixed(market: Market) -> tuple[Market, Snapshot]:
    """A market whose stores were heard of at three times, one of them too long ago."""
    take(
        market,
        row("berthe", "CONF", 9, NOON - 8 * A_DAY, ",7.00,"),
        row("berthe", "TARTE", 0, NOON - 8 * A_DAY),
        row("dalia", "BRIE", 1, NOON - A_DAY),
        row("dalia", "POT", "", NOON - A_DAY, "on_display_to_order,,"),
    )
    snapshot = take(
        market,
        row("alix", "MICHE", 5, NOON),
        row("alix", "FICELLE", 2, NOON),
        row("alix", "CONFITURE", 0, NOON),
        row("alix", "MICHE", "des tas", NOON),
    )
    return market, snapshot


def test_a_store_is_told_by_the_states_that_are_shown(mixed: tuple[Market, Snapshot]) -> None:
    """Who has been silent the longest comes first; what has expired is unknown."""
    market, snapshot = mixed
    berthe, dalia, alix = standings(market.root, snapshot, moment(snapshot))

    assert ("berthe", NOON - 8 * A_DAY, 2, 0) == berthe[:4]
    assert ("dalia", NOON - A_DAY, 2, 0) == dalia[:4]
    assert ("alix", NOON, 3, 1) == alix[:4]
    assert [2, 0, 0, 0, 0] == list(berthe.states.values())
    assert {"limited": 1, "on_display_to_order": 1} == {s: n for s, n in dalia.states.items() if n}
    assert [0, 1, 1, 1, 0] == list(alix.states.values())


def test_stores_of_one_age_are_in_the_order_of_their_codes(market: Market) -> None:
    """So that two answers can be compared line by line."""
    rows = [row(s, k, 1, NOON) for s, k in (("dalia", "BRIE"), ("alix", "MICHE"))]
    snapshot = take(market, *rows)

    assert ["alix", "dalia"] == [s.store for s in standings(market.root, snapshot, Moment(NOON))]


@pytest.mark.parametrize("days", [0, 1, 6, 7, 8, 400])
def test_the_figures_are_those_of_the_pages(
    mixed: tuple[Market, Snapshot], tmp_path: Path, days: int
) -> None:
    """SQL counts what Python shows, whenever it is looked at; to the second at the edge."""
    market, snapshot = mixed
    for late in (-1, 0, 1):
        now = Moment(NOON - 8 * A_DAY + days * A_DAY + late)
        counted = {s.store: s.states for s in standings(market.root, snapshot, now)}
        for name, store in every_store(market.root, snapshot, tmp_path / "scratch"):
            states = [shown(held, store, now).state for held in store.rows]
            assert {state: states.count(state) for state in STATES} == counted[name]


def test_an_offer_is_told_with_its_history(market: Market) -> None:
    """Each change, newest first; what was only said again is none."""
    take(market, row("alix", "MICHE", 5, NOON, ",6.50,"), row("alix", "FICELLE", 1, NOON))
    take(market, row("alix", "MICHE", 5, NOON + 10, ",6.50,"), row("alix", "FICELLE", 1, NOON + 10))
    take(market, row("alix", "FICELLE", 1, NOON + 20))
    snapshot = take(market, row("alix", "MICHE", 2, NOON + 30, ",6.50,6.00"), full=False)
    known = look_up(market.root, snapshot, moment(snapshot), "alix", "MICHE")

    assert isinstance(known, Known)
    assert ("limited", NOON + 30, 650, 600) == (
        known.shown.state, known.shown.since, known.shown.price, known.shown.sale
    )  # fmt: skip
    assert (2, 650, 600, NOON + 30) == (
        known.held.quantity, known.held.price, known.held.sale, known.held.seen
    )  # fmt: skip
    assert (
        Said(NOON + 30, "limited", 2, 650, 600),
        Said(NOON + 20, "unknown", None, 650, None),
        Said(NOON, "in_stock", 5, 650, None),
    ) == known.history


def test_a_word_too_old_is_kept_apart_from_what_is_shown(mixed: tuple[Market, Snapshot]) -> None:
    """The page says unknown; who asks learns what was said, and when."""
    market, snapshot = mixed
    known = look_up(market.root, snapshot, moment(snapshot), "berthe", "CONF")

    assert isinstance(known, Known)
    assert ("unknown", "in_stock") == (known.shown.state, STATES[known.held.state])
    assert (NOON - 8 * A_DAY, 9) == (known.held.seen, known.held.quantity)


def test_history_outlives_its_files(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the oldest files are made one, nothing is told twice or in another order."""
    monkeypatch.setattr(intake, "CROWD", 3)
    for n in range(9):
        snapshot = take(market, row("alix", "MICHE", n, NOON + n))
    known = look_up(market.root, snapshot, moment(snapshot), "alix", "MICHE")

    assert any("changes-to-" in name for name in snapshot.history)
    assert isinstance(known, Known)
    assert [8, 7, 6, 5, 4, 3, 2, 1, 0] == [said.quantity for said in known.history]


def test_changes_of_one_moment_are_told_last_snapshot_first(market: Market) -> None:
    """Feeds may correct themselves without another time."""
    take(market, row("alix", "MICHE", 5, NOON))
    snapshot = take(market, row("alix", "MICHE", 0, NOON), full=False)
    known = look_up(market.root, snapshot, moment(snapshot), "alix", "MICHE")

    assert isinstance(known, Known)
    assert [0, 5] == [said.quantity for said in known.history]


def test_what_no_feed_named_is_nowhere(mixed: tuple[Market, Snapshot]) -> None:
    """The store, or else the offer; and those there are. Words of SQL are words like others."""
    market, snapshot = mixed

    def ask(store: str, sku: str) -> Known | Nowhere:
        return look_up(market.root, snapshot, moment(snapshot), store, sku)

    assert ("alix", "berthe", "dalia") == tuple(sorted(ask("alx", "MICHE")[1]))
    assert "store" == ask("' or 1 = 1 --", "MICHE")[0]
    assert Nowhere("sku", ("BRIE", "POT")) == ask("dalia", "BRI")
    assert "sku" == ask("alix", "' or 1 = 1 --")[0]


QUESTIONS: list[Callable[[Path, Snapshot], object]] = [
    lambda root, snapshot: standings(root, snapshot, moment(snapshot)),
    lambda root, snapshot: look_up(root, snapshot, moment(snapshot), "alix", "MICHE"),
    lambda root, snapshot: look_up(root, snapshot, moment(snapshot), "alix", "M"),
]


@pytest.mark.parametrize("ask", QUESTIONS)
def test_a_question_changes_nothing(
    mixed: tuple[Market, Snapshot], ask: Callable[[Path, Snapshot], object]
) -> None:
    """Neither data/ nor output/ nor the ledger."""
    market, snapshot = mixed
    before = tree_of(market.root)
    ask(market.root, snapshot)

    assert before == tree_of(market.root)


@pytest.mark.parametrize("ask", QUESTIONS)
def test_a_file_that_cannot_be_read_is_told(
    mixed: tuple[Market, Snapshot], ask: Callable[[Path, Snapshot], object]
) -> None:
    """In words, whatever the database says of it."""
    market, snapshot = mixed
    (market.root / "data" / "stock" / snapshot.offers).write_bytes(b"rien")

    with pytest.raises(StockFault, match="cannot be read"):
        ask(market.root, snapshot)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    """Quotes, brackets and stars are no patterns."""
    market = Market(tmp_path / "l'été [2]*{3}?")
    snapshot = take(market, row("alix", "MICHE", 5, NOON))

    assert ["alix"] == [s.store for s in standings(market.root, snapshot, moment(snapshot))]
    assert isinstance(QUESTIONS[1](market.root, snapshot), Known)
