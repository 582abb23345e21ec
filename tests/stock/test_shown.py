"""What pages and shards show of what feeds said: pure functions, and a moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halles.stock.shown import (
    A_DAY,
    BEST_FIRST,
    IN_STOCK,
    LIMITED,
    ON_DISPLAY,
    OUT_OF_STOCK,
    STATES,
    UNKNOWN,
    Held,
    Moment,
    Stocked,
    Store,
    expired,
    fragment,
    live,
    on_sale,
    restocked,
    shard_of,
    shown,
    stock_of,
)

NOW = 1_736_164_800
WEEK = Moment(NOW, 7 * A_DAY)
FRESH = Store(NOW, ())

states = st.sampled_from(range(5))
moments = st.integers(NOW - 30 * A_DAY, NOW + 30 * A_DAY)
cents = st.none() | st.integers(1, 10**9)
rows = st.builds(
    Held, st.just("A"), states, moments, st.none() | st.integers(0, 10**9), cents, cents,
    st.none() | moments, st.none() | moments, st.just(0) | moments, st.just(0) | moments,
)  # fmt: skip
stores = st.builds(Store, moments, st.just(()))


@pytest.mark.parametrize(("age", "over"), [(0, False), (7 * A_DAY, False), (7 * A_DAY + 1, True)])
def test_a_word_expires_after_its_days(age: int, over: bool) -> None:
    """It holds to the last second of the seventh day, its store's word or its own."""
    own = Held("A", IN_STOCK, NOW, seen=NOW - age)
    stores = Held("A", IN_STOCK, NOW)

    assert over == expired(own, FRESH, WEEK)
    assert over == expired(stores, Store(NOW - age, ()), WEEK)


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [(None, None, True), (NOW, None, True), (NOW + 1, None, False), (None, NOW + 1, True),
     (None, NOW, False), (NOW - 9, NOW - 1, False), (NOW - 9, NOW + 9, True)],
)  # fmt: skip
def test_a_sale_has_a_beginning_and_an_end(
    begins: int | None, ends: int | None, holds: bool
) -> None:
    """The first second is in, the last one is out; what is not said bounds nothing."""
    row = Held("A", IN_STOCK, NOW, price=900, sale=700, sale_from=begins, sale_until=ends)

    assert holds == on_sale(row, WEEK)
    assert (700 if holds else None, ends if holds else None) == (
        shown(row, FRESH, WEEK).sale,
        shown(row, FRESH, WEEK).sale_until,
    )


def test_no_sale_without_its_price() -> None:
    """Dates alone are no sale."""
    assert not on_sale(Held("A", IN_STOCK, NOW, sale_from=NOW - 9, sale_until=NOW + 9), WEEK)


def test_what_is_too_old_is_unknown_and_its_price_stale() -> None:
    """The state goes, the price with it, and what stays is when the last word was."""
    row = Held("A", IN_STOCK, NOW - 90 * A_DAY, 4, 650, seen=NOW - 8 * A_DAY)

    assert Stocked("unknown", NOW - 8 * A_DAY, 650, stale=True) == shown(row, FRESH, WEEK)


def test_what_a_full_feed_left_out_is_unknown_since_its_last_word() -> None:
    """It was confirmed last when it was last listed, not when it was left out."""
    row = Held("A", UNKNOWN, NOW, price=650, seen=NOW - A_DAY)

    assert Stocked("unknown", NOW - A_DAY, 650, stale=True) == shown(row, FRESH, WEEK)


def test_what_no_feed_ever_listed_is_unknown_and_its_price_stands() -> None:
    """Content's own price was never contradicted, so it is no stale price."""
    assert {"B": Stocked("unknown", 0)} == stock_of(FRESH, ["B"], WEEK)


def test_only_what_is_there_came_back() -> None:
    """An offer that came back is told of while it is in stock or limited, and confirmed."""
    found = [Held(STATES[state], state, NOW, restocked=NOW - 9) for state in range(5)]
    old = Held("old", IN_STOCK, NOW, restocked=NOW - 9, seen=NOW - 8 * A_DAY)
    never = Held("never", IN_STOCK, NOW)

    back = [row.sku for row in restocked(Store(NOW, (*found, old, never)), WEEK)]
    assert ["in_stock", "limited"] == back
    assert ["in_stock", "limited"] == [
        row.sku for row in found if shown(row, FRESH, WEEK).restocked
    ]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Held("A", IN_STOCK, 1), [IN_STOCK]),
        (Held("A", IN_STOCK, 1, 8), [IN_STOCK, 8]),
        (Held("A", IN_STOCK, 1, None, 650), [IN_STOCK, None, 650]),
        (Held("A", LIMITED, 1, 2, 900, 700), [LIMITED, 2, 900, 700]),
        (Held("A", LIMITED, 1, 2, 900, 700, None, NOW + 9), [LIMITED, 2, 900, 700, NOW + 9]),
        (Held("A", LIMITED, 1, 2, 900, 700, None, NOW - 9), [LIMITED, 2, 900]),
        (Held("A", OUT_OF_STOCK, 1, 0), [OUT_OF_STOCK, 0]),
        (Held("A", ON_DISPLAY, 1, seen=NOW - 5), [ON_DISPLAY, None, None, None, None, NOW - 5]),
        (Held("A", IN_STOCK, 1, 8, 650, seen=NOW), [IN_STOCK, 8, 650]),
        (Held("A", UNKNOWN, 1, 8, 650), [UNKNOWN]),
        (Held("A", IN_STOCK, 1, 8, 650, seen=1), [UNKNOWN, None, None, None, None, 1]),
    ],
)
def test_a_live_row_says_no_more_than_is_known(row: Held, line: list[int | None]) -> None:
    """Nothing at its end, no time but its own, and of the unknown nothing but when."""
    assert line == live(row, FRESH, WEEK)


@given(rows, stores)
def test_page_and_shard_agree(row: Held, store: Store) -> None:
    """At one moment both say the same state, price, sale and end, whatever feeds said."""
    line = [*live(row, store, WEEK), *[None] * 6][:6]
    page = shown(row, store, WEEK)

    assert page.state == STATES[line[0] or 0]
    assert page.stale == (line[0] == UNKNOWN)
    assert page.stale or (page.price, page.sale, page.sale_until) == (line[2], line[3], line[4])


@given(rows, stores)
def test_a_live_row_has_no_nothing_at_its_end(row: Held, store: Store) -> None:
    """Six values at most, the last one something; a state always."""
    line = live(row, store, WEEK)

    assert 1 <= len(line) <= 6
    assert line[-1] is not None
    assert line[0] is not None


def test_a_fragment_has_only_what_the_merchant_lists() -> None:
    """What content dropped is remembered, and told to nobody."""
    store = Store(NOW, (Held("A", IN_STOCK, 1, 4), Held("GONE", IN_STOCK, 1, 4)))

    assert b'"alix":{"o":{"A":[1,4]}}' == fragment("alix", store, ["A", "NEW"], WEEK)


def test_a_fragment_tells_when_it_was_confirmed() -> None:
    """Where that is not the moment that the manifest tells for all."""
    store = Store(NOW - 5, (Held("A", IN_STOCK, 1, 4),))

    assert fragment("alix", store, ["A"], WEEK).startswith(b'"alix":{"t":%d,"o":{"A":' % (NOW - 5))


@given(st.text(min_size=1), st.integers(1, 65_536))
def test_a_shard_follows_from_name_and_number(key: str, shards: int) -> None:
    """The same name and settings, the same shard; and it is one that there is."""
    assert shard_of(key, shards) == shard_of(key, shards)
    assert 0 <= shard_of(key, shards) < shards


def test_a_shard_never_moves() -> None:
    """Pages that were built long ago must find it: these numbers are for ever."""
    assert [188, 234] == [shard_of("alix", 512), shard_of("0624153607116", 512)]


def test_every_state_has_its_rank() -> None:
    """What is there comes first, and what is known to be gone last."""
    assert set(STATES) == set(BEST_FIRST)
    assert ["in_stock", "limited", "on_display_to_order", "unknown", "out_of_stock"] == sorted(
        STATES, key=lambda state: BEST_FIRST[state]
    )
