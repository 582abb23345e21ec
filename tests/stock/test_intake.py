"""Feeds in, the next snapshot out: what is kept of each offer, and what is refused whole."""

import gzip
import io
import json
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halles.cli import main
from halles.stock.arrival import Feeds, Given
from halles.stock.feed import REASONS
from halles.stock.guard import Refused
from halles.stock.intake import OURS
from tests.market import differences
from tests.stock.arrivals import CLOCK, DAY, Stocked, Told, at, feed, iso, same_as_clean, shop, told

UNKNOWN, IN, LIMITED, OUT, DISPLAY = range(5)
ALIX = "content/merchants/nord/al/alix.yaml"
BERTHE = "content/merchants/nord/be/berthe.yaml"
GTIN = "0624153607116"


def states(market: Stocked) -> dict[tuple[str, str], int]:
    """Return the state that is kept of each offer."""
    return {key: row["state"] for key, row in market.held().items()}


def sinces(market: Stocked) -> dict[tuple[str, str], int]:
    """Return since when, in hours."""
    return {key: (row["since"] - at(0)) // 3600 for key, row in market.held().items()}


# Full and partial


def test_a_full_feed_is_full_for_the_stores_it_names(market: Stocked) -> None:
    """What it leaves out of a store is unknown, never out; another store keeps what it had."""
    market.take(
        feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 1), told("dalia", "BRIE", 0))
    )
    market.take(feed(told("alix", "MICHE", 5), hours=1))

    assert {
        ("alix", "MICHE"): IN,
        ("alix", "FICELLE"): UNKNOWN,
        ("dalia", "BRIE"): OUT,
    } == states(market)
    assert at(0) == market.held()["dalia", "BRIE"]["seen"]
    assert ("out", "unknown") == (
        market.shows("/commerces/dalia/")["BRIE"][0],
        market.shows("/commerces/alix/")["FICELLE"][0],
    )
    assert same_as_clean(market)


def test_a_delta_touches_its_rows_and_no_other(market: Stocked) -> None:
    """The rest of the store stays as it was, as old as it was."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 1)))
    market.take(feed(told("alix", "MICHE", 0), hours=1), full=False)

    assert {("alix", "MICHE"): OUT, ("alix", "FICELLE"): LIMITED} == states(market)
    assert {"MICHE": at(1), "FICELLE": at(0)} == {
        sku: row["seen"] for (_, sku), row in market.held().items()
    }
    assert same_as_clean(market)


def test_an_older_row_of_a_delta_undoes_no_newer_word(market: Stocked) -> None:
    """It is counted as superseded; --accept lets it stand, as any feed that is older."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 1), hours=10))
    late = told("alix", "MICHE", 0, timestamp=iso(at(5)))
    body = feed(late, told("alix", "FICELLE", 9), hours=11)
    counts = market.take(body, full=False).stock

    assert (2, 1, 1) == (counts.rows, counts.accepted, counts.superseded)
    assert {("alix", "MICHE"): IN, ("alix", "FICELLE"): IN} == states(market)
    assert at(10) == market.held()["alix", "MICHE"]["seen"]
    assert same_as_clean(market)

    market.take(feed(late, told("alix", "FICELLE", 9), hours=12), full=False, accept=True)

    assert OUT == states(market)["alix", "MICHE"]


def test_a_price_that_a_row_leaves_out_is_not_kept_for_it(market: Stocked) -> None:
    """A row says all that is so: what it does not say of the price is not what another one said."""
    market.take(feed(told("alix", "MICHE", 5, price="6.00")))
    market.take(feed(told("alix", "MICHE", 5), hours=1))

    assert market.held()["alix", "MICHE"]["price"] is None
    assert "6,50 $" == market.shows("/commerces/alix/")["MICHE"][2]


# Ages


def test_age_counts_from_the_newest_snapshot_of_any_store(market: Stocked) -> None:
    """A word expires when some store's feed is over a week younger, and not before."""
    market.take(feed(told("alix", "MICHE", 5, price="6.00")))
    market.take(feed(told("dalia", "BRIE", 5), hours=7 * 24))
    assert "in" == market.shows("/commerces/alix/")["MICHE"][0]
    market.take(feed(told("dalia", "BRIE", 5), hours=7 * 24 + 1))

    assert ("unknown", "2025-01-06T07:00-05:00", "") == market.shows("/commerces/alix/")["MICHE"]
    assert [UNKNOWN] == market.shards()["alix"]["o"]["MICHE"]
    assert IN == states(market)["alix", "MICHE"], "what was said is kept: it may be worth more days"
    assert same_as_clean(market)


def test_other_days_of_grace_are_obeyed_at_once(market: Stocked) -> None:
    """The setting is no feed's: a build without one shows by it, and by it again."""
    market.take(feed(told("alix", "MICHE", 5)), feed(told("dalia", "BRIE", 5), hours=7 * 24 + 1))
    market.edit("halles.toml", "page_size = 2\n", "page_size = 2\n[stock]\nexpires_days = 30\n")
    market.build()
    assert "in" == market.shows("/commerces/alix/")["MICHE"][0]
    assert same_as_clean(market)
    market.edit("halles.toml", "expires_days = 30", "expires_days = 7")
    market.build()

    assert "unknown" == market.shows("/commerces/alix/")["MICHE"][0]
    assert same_as_clean(market)


def test_since_holds_while_the_state_does(market: Stocked) -> None:
    """Another quantity is no other state; out and back is."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5)))
    market.take(feed(told("alix", "MICHE", 9), told("alix", "FICELLE", 0), hours=1))
    market.take(feed(told("alix", "MICHE", 3), told("alix", "FICELLE", 5), hours=2))

    assert {("alix", "MICHE"): 0, ("alix", "FICELLE"): 2} == sinces(market)
    assert at(2) == market.held()["alix", "FICELLE"]["restocked"]
    assert 0 == market.held()["alix", "MICHE"]["restocked"]


@pytest.mark.parametrize(("hours", "since"), [(7 * 24, 0), (7 * 24 + 1, 7 * 24 + 1)])
def test_since_begins_anew_after_an_expiry(market: Stocked, hours: int, since: int) -> None:
    """Nobody knows what was so in between, be the state the same before and after."""
    market.take(feed(told("alix", "MICHE", 5)))
    market.take(feed(told("alix", "MICHE", 5), hours=hours))

    assert {("alix", "MICHE"): since} == sinces(market)
    assert same_as_clean(market)


def test_since_begins_anew_after_a_silence(market: Stocked) -> None:
    """An offer that was left out and is listed again is in stock since then, and not restocked."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5)))
    market.take(feed(told("alix", "FICELLE", 5), hours=1))
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5), hours=2))

    assert {("alix", "MICHE"): 2, ("alix", "FICELLE"): 0} == sinces(market)
    assert 0 == market.held()["alix", "MICHE"]["restocked"]
    assert same_as_clean(market)


def test_what_was_left_out_keeps_its_own_age(market: Stocked) -> None:
    """Left out by a second feed of the very same moment, it does not grow younger with its store."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5)))
    market.take(feed(told("alix", "FICELLE", 5)))
    market.take(feed(told("alix", "FICELLE", 5), hours=1))

    assert same_as_clean(market)
    assert "2025-01-06T07:00-05:00" == market.shows("/commerces/alix/")["MICHE"][1]


def test_an_older_feed_that_is_accepted_makes_its_rows_older(market: Stocked) -> None:
    """Its store was heard of later, and still was; its offers were not."""
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5), hours=5))
    market.take(feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5), hours=1), accept=True)

    assert at(1) == market.held()["alix", "MICHE"]["seen"]
    assert at(5) == market.stores()["alix"]["seen"]
    assert same_as_clean(market)


# Which offer a row is of


def test_the_last_row_of_an_offer_wins(market: Stocked) -> None:
    """Whatever their times are; those before are superseded."""
    rows = [
        told("alix", "MICHE", 5, timestamp="2025-01-06T12:00:00Z"),
        told("alix", "MICHE", 0, timestamp="2025-01-06T11:00:00Z"),
        told("alix", "MICHE", 1, timestamp="2025-01-06T10:00:00Z"),
    ]
    outcome = market.take(feed(*rows))

    assert {("alix", "MICHE"): LIMITED} == states(market)
    assert (1, 2) == (outcome.stock.accepted, outcome.stock.superseded)
    assert same_as_clean(market)


@pytest.mark.parametrize("written", [GTIN, GTIN.lstrip("0"), GTIN.zfill(14)])
def test_a_gtin_is_resolved_within_its_store(market: Stocked, written: str) -> None:
    """However many zeros stand before it, and to the sku of that store alone."""
    market.take(feed(told("berthe", "", 5, gtin=written), told("alix", "", 0, gtin=written)))

    assert {("berthe", "CONF"): IN, ("alix", "CONFITURE"): OUT} == states(market)


def test_an_id_goes_before_a_gtin(market: Stocked) -> None:
    """The sku is the store's own word; a GTIN helps only where the sku is none of the store's."""
    market.take(
        feed(told("alix", "MICHE", 5, gtin=GTIN), told("berthe", "ancien-code", 1, gtin=GTIN))
    )

    assert {("alix", "MICHE"): IN, ("berthe", "CONF"): LIMITED} == states(market)


def test_rows_of_nobody_are_set_aside_with_their_reason(market: Stocked) -> None:
    """With line, reason and the row as it stood; and the guard thinks nothing of them."""
    market.edit(BERTHE, "name: Chez Berthe", "name: Chez Berthe\nstore_code: ELIE-1")
    market.write(
        "content/merchants/sud/el/elie.yaml",
        market.read("content/merchants/sud/el/elie.yaml")
        + "products:\n  - {sku: CONF, name: Conte}\n  - {sku: LIVRE, name: Livre}\n",
    )
    rows = ["nulle-part,MICHE,5", "fanny,PAIN,5", "alix,RIEN,5", "ELIE-1,CONF,5", "ELIE-1,LIVRE,5"]
    body = "\n".join(["store_code,id,quantity", *rows * 5, "alix,MICHE,5", ""]).encode()
    outcome = market.take(body)

    reasons = ("unknown-store", "closed-store", "unknown-product", *["ambiguous-store"] * 2)
    assert [(i + 2, reasons[i % 5], rows[i % 5]) for i in range(25)] == market.quarantine()
    assert {("alix", "MICHE"): IN} == states(market)
    assert (26, 1, 25) == (outcome.stock.rows, outcome.stock.accepted, outcome.stock.quarantined)
    assert {"ambiguous-store": 10, "closed-store": 5, "unknown-product": 5, "unknown-store": 5} == (
        outcome.stock.reasons
    )
    assert same_as_clean(market)


def test_every_reason_has_its_words() -> None:
    """Whoever reads a quarantine finds each of its reasons explained."""
    assert set(OURS) <= set(REASONS)


# The guard

CROWD = 30
GASTON = [told("gaston", f"P{i}", 5, price="10.00") for i in range(CROWD)]


def crowd(root: Path) -> Stocked:
    """Return a market with a shop of thirty products, all in stock at noon."""
    market = Stocked(root, shop("gaston", CROWD))
    market.take(feed(*GASTON, hours=24))
    return market


@pytest.fixture
def crowded(tmp_path: Path) -> Stocked:
    """Return that market."""
    return crowd(tmp_path / "market")


def changed(count: int, **more: object) -> list[Told]:
    """Return Gaston's rows, some of them otherwise."""
    return [row | {k: str(v) for k, v in more.items()} for row in GASTON[:count]] + GASTON[count:]


BAD: dict[str, tuple[bytes, float, float]] = {
    "quarantined": (feed(*changed(3, quantity="?"), hours=25), 0.1, 0.05),
    "lost": (feed(*changed(10, quantity=0), hours=25), 0.3333, 0.3),
    "lost by silence": (feed(*GASTON[10:], hours=25), 0.3333, 0.3),
    "repriced": (feed(*changed(10, price="15.01"), hours=25), 0.3333, 0.3),
    "repriced downwards": (feed(*changed(10, price="4.99"), hours=25), 0.3333, 0.3),
    "older": (feed(*GASTON, hours=23), 1, 0),
    "future": (feed(*GASTON, told("gaston", "P0", 5, timestamp="2999-01-01")), 0, 86_400),
}
"""A feed for each reason, with its figure and the limit."""


@pytest.mark.parametrize("name", BAD)
def test_a_feed_that_the_guard_refuses_changes_nothing(
    crowded: Stocked, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Exit 4, the reason with its figure and limit, and not a byte or a time of a file moves."""
    body, figure, limit = BAD[name]
    path, before = crowded.put("bad.csv", body), crowded.everything()
    flags = ["build", "--root", str(crowded.root), "--executor", "inline", "--json"]

    assert 4 == main([*flags, "--stock", str(path)])
    refused = json.loads(capsys.readouterr().out)["stock"]["refused"]
    assert ("bad.csv", name.split()[0], limit) == (
        refused["feed"], refused["reason"], refused["limit"],
    )  # fmt: skip
    assert name == "future" or figure == refused["figure"]
    assert before == crowded.everything()
    assert [] == crowded.build().written
    assert before == crowded.everything()


@pytest.mark.parametrize("name", BAD)
def test_what_the_guard_refuses_an_operator_may_accept(
    crowded: Stocked, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """With --accept the same feed is taken in, and the site is a clean build's."""
    path = crowded.put("bad.csv", BAD[name][0])
    flags = ["build", "--root", str(crowded.root), "--executor", "inline", "--quiet"]

    assert 0 == main([*flags, "--stock", str(path), "--accept"]), capsys.readouterr().err
    assert same_as_clean(crowded)


@pytest.mark.parametrize(
    "body",
    [
        feed(*changed(1, quantity="?"), hours=25),
        feed(*changed(9, quantity=0), hours=25),
        feed(*changed(9, price="99.00"), hours=25),
        feed(*changed(30, price="15.00"), hours=25),
        feed(*changed(30, price="5.00"), hours=25),
        feed(*GASTON, hours=24),
        feed(told("nulle-part", "X", 5), *[told("gaston", "Q", 5)] * 40, *GASTON, hours=25),
    ],
)
def test_what_is_within_bounds_passes(crowded: Stocked, body: bytes) -> None:
    """A limit is passed when it is exceeded; half a price up or down is not more than half."""
    outcome = crowded.take(body)

    assert outcome.stock.rows >= CROWD
    assert same_as_clean(crowded)


@pytest.mark.parametrize(("sale", "passes"), [("5.00", True), ("0.01", False)])
def test_a_sale_is_compared_as_what_is_asked(crowded: Stocked, sale: str, passes: bool) -> None:
    """Thirty prices that fall to a cent are looked at, be it for a sale."""
    crowded.take(feed(*changed(30, price="9.00"), hours=25), accept=True)
    sales = feed(*changed(30, price="9.00", sale_price=sale), hours=26)
    if passes:
        assert crowded.take(sales).stock.accepted == 30
        return
    with pytest.raises(Refused) as refused:
        crowded.take(sales)

    assert "repriced" == refused.value.refusal.code
    assert crowded.take(sales, accept=True).stock.accepted == 30


def test_few_offers_have_no_shares(market: Stocked) -> None:
    """Of nineteen rows and offers, all may go, be dear or be nonsense: that is no share."""
    market = Stocked(market.root, shop("gaston", 19))
    rows = GASTON[:19]
    market.take(feed(*rows))
    market.take(feed(*(row | {"price": "99.00"} for row in rows), hours=1))
    market.take(feed(*(row | {"quantity": "0"} for row in rows), hours=2))
    market.take(feed(*(row | {"quantity": "?"} for row in rows[1:]), rows[0], hours=3))

    assert {("gaston", "P0"): IN} == {k: s for k, s in states(market).items() if s != UNKNOWN}
    assert same_as_clean(market)


USELESS: dict[str, bytes] = {
    "empty": b"",
    "empty but for its header": b"store_code,id,quantity\n",
    "no-usable-column": b"magasin;produit;combien\nalix;MICHE;5\n",
    "unreadable": b"PK\x03\x04\x00\x00",
    "unreadable at its end": gzip.compress(feed(*GASTON, hours=25))[:-9],
    "unreadable as Parquet": b"PAR1 and nothing else PAR1",
}


@pytest.mark.parametrize("accept", [False, True])
@pytest.mark.parametrize("name", USELESS)
def test_what_cannot_be_read_cannot_be_accepted(
    crowded: Stocked, capsys: pytest.CaptureFixture[str], name: str, accept: bool
) -> None:
    """There is nothing in it to overrule the guard for: exit 4, and nothing changes."""
    path, before = crowded.put("useless", USELESS[name]), crowded.everything()
    flags = ["--stock", str(path), "--feed-format", "csv", "--json", *["--accept"] * accept]

    assert 4 == main(["build", "--root", str(crowded.root), *flags])
    out = json.loads(capsys.readouterr().out)
    assert name.split()[0] == out["stock"]["refused"]["reason"]
    assert {"read", "plan", "render", "search", "total"} == out["seconds"].keys()
    assert before == crowded.everything()


def test_a_feed_that_is_not_there_is_refused(
    crowded: Stocked, capsys: pytest.CaptureFixture[str]
) -> None:
    """It cannot be read: exit 4 by its name, as any other that cannot, and nothing changes."""
    before = crowded.everything()
    path = crowded.root / "absent.csv"

    assert 4 == main(["build", "--root", str(crowded.root), "--stock", str(path)])
    assert "absent.csv" in capsys.readouterr().err
    assert before == crowded.everything()


def test_a_feed_of_another_market_is_refused(crowded: Stocked) -> None:
    """Where no row names a store and a product of the site, something is amiss."""
    before = crowded.everything()

    with pytest.raises(Refused, match="no-usable-row"):
        crowded.take(feed(told("nulle-part", "X", 5), hours=25))
    assert before == crowded.everything()


def test_a_refused_feed_leaves_nothing_behind(market: Stocked) -> None:
    """What its build had read of content/ is read again: a sku mended since is known."""
    market.take(feed(told("alix", "MICHE", 5)))
    market.edit(ALIX, "sku: MICHE", "sku: MICHEE")
    with pytest.raises(Refused):
        market.take(feed(told("nulle-part", "X", 5), hours=1))
    market.edit(ALIX, "sku: MICHEE", "sku: PAVE")
    outcome = market.take(feed(told("alix", "PAVE", 5), hours=2))

    assert 1 == outcome.stock.accepted
    assert same_as_clean(market)


def test_a_lost_ledger_does_not_bring_old_offers_back(market: Stocked) -> None:
    """What feeds were matched with before it was lost is not what they are matched with after."""
    market.take(feed(told("alix", "MICHE", 5)))
    market.edit(ALIX, "sku: MICHE", "sku: PAVE")
    market.build()
    market.remove(".halles/ledger.db")
    outcome = market.take(feed(told("alix", "PAVE", 5), hours=1))

    assert 1 == outcome.stock.accepted
    assert same_as_clean(market)


# Several feeds


def test_several_feeds_are_one_snapshot(market: Stocked) -> None:
    """One after the other, the later one having the last word; one number more."""
    market.take(
        feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 5)),
        feed(told("dalia", "BRIE", 1), hours=1),
        feed(told("alix", "MICHE", 0), hours=2),
    )

    assert {("alix", "MICHE"): OUT, ("alix", "FICELLE"): UNKNOWN, ("dalia", "BRIE"): LIMITED} == (
        states(market)
    )
    current = json.loads(market.read("data/stock/current.json"))
    assert (1, 3, at(2)) == (
        current["snapshot"]["number"], len(current["snapshot"]["feeds"]), current["snapshot"]["now"],
    )  # fmt: skip
    assert same_as_clean(market)


def test_several_feeds_in_one_go_or_one_by_one(tmp_path: Path) -> None:
    """The state is the same, and so is the site; each store is of the snapshot that named it."""
    bodies = [
        feed(told("alix", "MICHE", 5), told("alix", "FICELLE", 0)),
        feed(told("alix", "FICELLE", 5), told("berthe", "CONF", 5), hours=3),
        feed(told("berthe", "CONF", 0), told("dalia", "BRIE", 5), hours=9 * 24),
    ]
    at_once, by_turns = Stocked(tmp_path / "a"), Stocked(tmp_path / "b")
    at_once.take(*bodies)
    for body in bodies:
        by_turns.take(body)

    stores = at_once.stores(), by_turns.stores()
    numbers = [{name: store.pop("snapshot") for name, store in some.items()} for some in stores]
    assert at_once.held() == by_turns.held()
    assert stores[0] == stores[1]
    assert [{"alix": 1, "berthe": 1, "dalia": 1}, {"alix": 2, "berthe": 3, "dalia": 3}] == numbers
    assert [] == list(differences(at_once.said(), by_turns.said()))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_several_feeds_are_taken_in_all_or_none(crowded: Stocked, place: int) -> None:
    """One that is refused, wherever it stands, takes the others with it."""
    good = [feed(told("alix", "MICHE", 5), hours=25), feed(told("dalia", "BRIE", 5), hours=26)]
    bodies = [*good[:place], BAD["lost"][0], *good[place:]]
    before = crowded.everything()

    with pytest.raises(Refused, match="lost"):
        crowded.take(*bodies)
    assert before == crowded.everything()
    assert [] == crowded.build().written


# Nothing new


@pytest.mark.parametrize("hours", [0, None])
@pytest.mark.parametrize("full", [True, False])
def test_the_same_feed_twice_changes_nothing(
    market: Stocked, full: bool, hours: float | None
) -> None:
    """Not even current.json, though its file be younger: the same bytes say the same thing."""
    body = feed(told("alix", "MICHE", 5), told("alix", "RIEN", 5), hours=hours)
    market.take(body, full=full)
    before = market.everything()
    outcome = market.take(body, full=full, hours=30)

    assert before == market.everything()
    assert (2, 0, 1, 1) == (
        outcome.stock.rows, outcome.stock.accepted, outcome.stock.unchanged, outcome.stock.quarantined,
    )  # fmt: skip
    assert [] == outcome.written


class _Pipe:
    """A standard input that is not seekable."""

    def __init__(self, body: bytes) -> None:
        self.buffer = io.BytesIO(body)


def test_the_same_words_twice_from_standard_input(
    market: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows without a time are of the moment they are piped in; the same bytes are of the first."""
    body = feed(told("alix", "MICHE", 5), hours=None)
    for clock in (CLOCK, CLOCK + 3 * DAY):
        monkeypatch.setattr(sys, "stdin", _Pipe(body))
        before = market.everything()
        outcome = market.build(feeds=Feeds((Given(None, True),), clock=clock))

    assert CLOCK == market.held()["alix", "MICHE"]["since"]
    assert (before, 1) == (market.everything(), outcome.stock.unchanged)


def test_a_second_look_at_the_same_shelves_is_news(market: Stocked) -> None:
    """The same rows, of a later hour: nothing is otherwise, and all of it is confirmed."""
    market.take(feed(told("alix", "MICHE", 5)))
    outcome = market.take(feed(told("alix", "MICHE", 5), hours=1))

    assert (0, 1) == (outcome.stock.accepted, outcome.stock.unchanged)
    assert at(1) == market.manifest()["at"]
    assert same_as_clean(market)


# Order and form


def test_the_order_of_rows_says_nothing(tmp_path: Path) -> None:
    """However the rows are shuffled, the same files of state, and the same site."""
    rows = [
        *GASTON,
        *(told(s, k, 5) for s, k in (("alix", "MICHE"), ("berthe", "CONF"), ("dalia", "BRIE"))),
    ]
    found = []
    for seed in range(3):
        market = Stocked(tmp_path / str(seed), shop("gaston", CROWD))
        random.Random(seed).shuffle(rows)
        market.take(feed(*rows))
        kept = {p: b for p, (b, _) in market.everything().items() if "data/stock/state/" in p}
        found.append((kept, market.tree()))

    assert found[0] == found[1] == found[2]


def _as_parquet(rows: list[Told]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_bytes(_as_lines(rows))
        duckdb.execute(
            f"copy (from read_json('{path}', columns = {{store_code: 'varchar', id: 'varchar', "
            f"quantity: 'varchar', price: 'varchar', timestamp: 'varchar'}})) "
            f"to '{path}.parquet' (format parquet)"
        )
        return Path(f"{path}.parquet").read_bytes()


def _as_lines(rows: list[Told]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


FORMS: dict[str, Callable[[list[Told]], bytes]] = {
    "a.csv": lambda rows: feed(*rows, hours=None),
    "a.tsv": lambda rows: feed(*rows, hours=None).replace(b",", b"\t"),
    "a.jsonl": _as_lines,
    "a.parquet": _as_parquet,
    "a.csv.gz": lambda rows: gzip.compress(feed(*rows, hours=None)),
    "a.csv.zst": lambda rows: zstandard.compress(feed(*rows, hours=None)),
    "quoted.csv": lambda rows: feed(*rows, hours=None).replace(b"alix", b'"alix"'),
    "crlf.csv": lambda rows: b"\xef\xbb\xbf" + feed(*rows, hours=None).replace(b"\n", b"\r\n"),
}


def test_each_form_gives_the_same_site(tmp_path: Path) -> None:
    """CSV, TSV, JSON Lines and Parquet, plain or packed: the same state, shards and pages."""
    rows = [
        told("alix", "MICHE", 5, price="6.50 CAD", timestamp="2025-01-06T12:00:00Z"),
        told("alix", "FICELLE", 0, price="2.25", timestamp="2025-01-06T11:00:00-05:00"),
        told("berthe", "CONF", 2, price="", timestamp="2025-01-06 09:30:00"),
        told("alix", "RIEN", 2, price="", timestamp="2025-01-06"),
    ]
    found: dict[str, tuple[dict[Any, Any], dict[str, bytes]]] = {}
    for name, form in FORMS.items():
        market = Stocked(tmp_path / name)
        market.take(form(rows), name=name)
        found[name] = (market.held(), market.tree())

    assert {(IN, 650), (OUT, 225), (LIMITED, None)} == {
        (row["state"], row["price"]) for row in found["a.csv"][0].values()
    }
    assert [] == [name for name, each in found.items() if each != found["a.csv"]]


# Whatever comes

HOSTILE = ("\0", '"', "'", ",", "\n", "\t", "é", "\u202e", "9" * 40, "-", "=", "{{", "<b>", "%",
           "1e308", "NaN", ";", "\\", "\ud800", "0001-01-01", "9999-12-31", "1850-06-01", "💥",
           "2025-01-01/9999-12-31", "0001-01-01/0002-01-01", "1969-12-31T23:59:59Z", "+", " ")  # fmt: skip


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Return a feed as somebody who wishes us ill, or a bad disk, would send it."""
    for _ in range(chance.randint(1, 4)):
        way, place = chance.randrange(7), chance.randrange(len(body) + 1)
        word = chance.choice(HOSTILE).encode("utf-8", "surrogatepass")
        cells = body.split(b",")
        if way == 0:
            body = body[:place] + word + body[place:]
        elif way == 1:
            body = body[:place]
        elif way == 2:
            body = body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :]
        elif way == 3:
            cells[chance.randrange(len(cells))] = word
            body = b",".join(cells)
        elif way == 4:
            body = body[place:] + body[:place]
        elif way == 5:
            body += body[place:]
        else:
            body = gzip.compress(body)[: chance.choice((-1, -5, 9999))]
        body = body or b"\n"
    return body


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 200, 25))
def test_hostile_feeds(tmp_path: Path, capsys: pytest.CaptureFixture[str], first: int) -> None:
    """Two hundred: each ends in 0 or in 4 and, after a 4, with nothing changed; never our fault."""
    market = Stocked(tmp_path / "market", shop("gaston", CROWD))
    assert 0 == main(["build", "--root", str(market.root), "--executor", "inline"])
    sale = {"sale_price": "1.00", "sale_price_effective_date": "2025-01-01/2025-02-01"}
    rows = [told("alix", "MICHE", 5, price="6.00", gtin=GTIN, availability="in stock", **sale)]
    sound = feed(*rows, *GASTON[:22])
    for number in range(first, first + 25):
        chance = random.Random(number)
        path, before = market.put("hostile.csv", mutated(sound, chance)), market.everything()
        flags = ["--accept"] * (number % 2) + ["--executor", "inline"]
        kind = ("--stock", "--stock-delta")[number % 3 == 0]
        capsys.readouterr()
        code = main(["build", "--root", str(market.root), kind, str(path), *flags])
        said = capsys.readouterr().err

        assert code in (0, 4), f"{number}: {said}"
        assert "Traceback" not in said, number
        assert code == 0 or before == market.everything(), number
    assert same_as_clean(market)


@pytest.mark.parametrize(
    "more",
    [
        {"timestamp": "0001-01-01T00:00:00Z"},
        {"timestamp": "1850-06-01"},
        {"timestamp": "1969-12-31T23:59:59Z"},
        {"timestamp": "9999-12-31T23:59:59Z"},
        {"sale_price": "1.00", "sale_price_effective_date": "2025-01-01/9999-12-31"},
        {"sale_price": "1.00", "sale_price_effective_date": "0001-01-01/9999-12-31T23:59"},
    ],
)
def test_times_beyond_all_measure(
    market: Stocked, capsys: pytest.CaptureFixture[str], more: dict[str, str]
) -> None:
    """A year one or 9999 is refused, or shown, and breaks no page."""
    path = market.put("odd.csv", feed(told("alix", "MICHE", 5, price="6.00", **more)))

    code = main(["build", "--root", str(market.root), "--stock", str(path), "--accept"])
    assert code in (0, 4), capsys.readouterr().err
    assert same_as_clean(market)


cells = st.sampled_from
lines = st.fixed_dictionaries({
    "store_code": cells(["alix", "berthe", "dalia", "fanny", "nulle-part", "double", ""]),
    "id": cells(["MICHE", "CONF", "CONFITURE", "BRIE", "POT", "rien", "", "?"]),
    "gtin": cells(["", GTIN, "4006381333931", "12"]),
    "quantity": cells(["0", "1", "3", "-1", ""]),
    "timestamp": cells(["", "2025-01-06T12:00Z", "2025-01-07", "jadis"]),
})  # fmt: skip


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(lines, max_size=30), min_size=1, max_size=3), st.booleans())
def test_no_row_is_lost_or_counted_twice(
    tmp_path: Path, feeds: list[list[Told]], full: bool
) -> None:
    """Each row is accepted, superseded, unchanged or quarantined, whatever the feeds say."""
    twins = {f"content/merchants/sud/zo/{n}.yaml": TWIN.format(n) for n in ("zoe", "zora")}
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        market = Stocked(Path(folder) / "market", twins)
        for rows in feeds:
            if not rows:
                continue
            try:
                counts = market.take(feed(*rows, hours=None), full=full, accept=True).stock
            except Refused:
                continue
            parts = (counts.accepted, counts.superseded, counts.unchanged, counts.quarantined)
            assert len(rows) == counts.rows == sum(parts), parts
            assert counts.quarantined == sum(counts.reasons.values())


TWIN = """\
id: {}
name: Un double
region: sud
store_code: double
products:
  - {{sku: MICHE, name: Miche}}
"""


def test_standard_input_may_be_a_pipe(market: Stocked) -> None:
    """From the door, ``--stock -``: as a scheduler would hand it over."""
    import subprocess

    ran = subprocess.run(
        market.command("--stock", "-", "--json"),
        input=feed(told("alix", "MICHE", 5)),
        capture_output=True,
        env={**os.environ, "LC_ALL": "C"},
    )

    assert 0 == ran.returncode
    assert 1 == json.loads(ran.stdout)["stock"]["changed"]
    assert {("alix", "MICHE"): IN} == states(market)
