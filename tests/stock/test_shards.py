"""Live stock as it is published: shards by the hash of what they say, and one manifest."""

import json
import random
import re
from hashlib import blake2b
from typing import Any

import pytest

from halles.stock.shown import shard_of
from tests.market import differences, named
from tests.stock.arrivals import Stocked, at, feed, named_shards, same_as_clean, shop, told

ROWS = [("alix", "MICHE"), ("alix", "CONFITURE"), ("berthe", "CONF"), ("dalia", "BRIE")]
GTIN = "0624153607116"


def there(market: Stocked) -> set[str]:
    """Return the shards that are published, retired ones among them."""
    found = {path.removeprefix("stock/") for path in market.tree() if path.startswith("stock/")}
    return found - {"manifest.json"}


def hour(market: Stocked, number: int, **of: Any) -> set[str]:
    """Let an hour pass in which Alix's bread is counted; return the shards by now."""
    market.take(feed(*(told(s, k, number + 3) for s, k in ROWS[:1]), hours=number), **of)
    return there(market)


def changes(market: Stocked) -> dict[str, list[str]]:
    """Return what the last build tells whoever publishes."""
    found: dict[str, list[str]] = json.loads(market.read(".halles/changes.json"))
    return found


@pytest.mark.parametrize("shards", [1, 7, 512])
def test_each_stands_in_the_shard_of_its_name(market: Stocked, shards: int) -> None:
    """A merchant and a GTIN that several sell: a function of name and settings, and no feed."""
    market.edit("halles.toml", "page_size = 2\n", f"page_size = 2\n[stock]\nshards = {shards}\n")
    market.take(feed(*(told(s, k, 5) for s, k in ROWS)))
    found = {}
    for name in there(market):
        for key in json.loads(market.read(f"output/stock/{name}")):
            found[key] = name.partition("-")[0]

    keys = ["alix", "berthe", "dalia"]
    assert found == {k: f"m{shard_of(k, shards)}" for k in keys} | {
        GTIN: f"p{shard_of(GTIN, shards)}"
    }
    assert {8 * shards} == {len(market.manifest()[family]) for family in "mp"}


def test_the_manifest_names_exactly_what_there_is(market: Stocked) -> None:
    """Nothing more, nothing less, each by the hash of its bytes; and when it all was so."""
    market.take(feed(*(told(s, k, 5) for s, k in ROWS), hours=2))

    assert named_shards(market.manifest()) == there(market)
    assert at(2) == market.manifest()["at"]
    for name in there(market):
        body = (market.root / "output/stock" / name).read_bytes()
        assert name.endswith(f"-{blake2b(body, digest_size=16).hexdigest()[:8]}.json")
    assert len(there(market)) == 4


def test_a_shard_says_what_is_known(market: Stocked) -> None:
    """By sku: state, quantity, price; the store's own time only where it is not the manifest's."""
    market.take(feed(told("alix", "MICHE", 5, price="6.00"), told("alix", "CONFITURE", 2)))
    market.take(feed(told("berthe", "CONF", 0), hours=1))

    assert {
        "alix": {"t": at(0), "o": {"CONFITURE": [2, 2], "MICHE": [1, 5, 600]}},
        "berthe": {"o": {"CONF": [3, 0]}},
        GTIN: {"alix": [2, 2, None, None, None, at(0)], "berthe": [3, 0]},
    } == market.shards()


def test_a_retired_shard_stays_for_two_snapshots_more(market: Stocked) -> None:
    """An open page may still ask for it; then it goes, and whoever publishes is told."""
    (first,) = hour(market, 0)
    (second,) = hour(market, 1) - {first}
    assert [] == changes(market)["removed"]
    (third,) = hour(market, 2) - {first, second}
    assert {first, second, third} == there(market)
    found = hour(market, 3)

    assert first not in found
    assert {second, third} < found
    assert [f"/stock/{first}"] == changes(market)["removed"]
    assert f"https://marche.example/stock/{first}" in changes(market)["purge"]
    assert {second} == found - hour(market, 4)
    assert [f"/stock/{second}"] == changes(market)["removed"]


def test_only_snapshots_make_a_shard_older(market: Stocked) -> None:
    """Builds without a feed, with one that says nothing new, or of the content, take none away."""
    hour(market, 0)
    found = hour(market, 1)
    body = feed(told("alix", "MICHE", 4), hours=1)
    for _ in range(4):
        market.build()
        market.take(body)
        market.write(
            "content/merchants/nord/al/alix.yaml",
            "# \n" + market.read("content/merchants/nord/al/alix.yaml"),
        )
        market.build()

    assert found == there(market)
    assert len(found) == 2


def test_a_shard_that_is_named_again_is_retired_no_more(market: Stocked) -> None:
    """What said so before says so again: the same file, and it stays for as long as it is named."""
    (first,) = hour(market, 0)
    market.take(feed(told("alix", "MICHE", 9), hours=1))
    for number in range(2, 6):
        market.take(feed(told("alix", "MICHE", 3), hours=number))
        assert {first} == named_shards(market.manifest()) & there(market)
    assert {first} == there(market)
    assert same_as_clean(market)


def test_a_shard_that_a_killed_build_named_again_stays(
    market: Stocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was retired, and is in use since a build that never came to say so, is not taken away."""
    hour(market, 0)
    hour(market, 1)

    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("halles.site.retire", killed)
        with pytest.raises(KeyboardInterrupt):
            market.take(feed(told("alix", "MICHE", 3), hours=2))
    for hours in range(2, 6):
        market.take(feed(told("alix", "MICHE", 3), hours=hours))
        assert named_shards(market.manifest()) <= there(market)
    assert same_as_clean(market)


def test_shards_are_swept_with_the_rest(market: Stocked) -> None:
    """What nobody knows of goes after a lost ledger; what is named stays."""
    hour(market, 0)
    hour(market, 1)
    market.remove(".halles")
    market.build()

    assert named_shards(market.manifest()) == there(market)


@pytest.mark.parametrize(("before", "after"), [(512, 1), (1, 512), (16, 7), (7, 16)])
def test_another_number_of_shards(market: Stocked, before: int, after: int) -> None:
    """All is dealt anew, pages and manifest agree, and the site is a clean build's."""
    market.edit("halles.toml", "page_size = 2\n", f"page_size = 2\n[stock]\nshards = {before}\n")
    market.take(feed(*(told(s, k, 5) for s, k in ROWS)))
    old = there(market)
    market.edit("halles.toml", f"shards = {before}", f"shards = {after}")
    market.build()

    now = named_shards(market.manifest())
    assert now <= there(market) <= now | old
    assert same_as_clean(market)
    number = shard_of("alix", after)
    assert f"m{number}" == market.page("/commerces/alix/").xpath("string(//body/@data-stock)")
    for hours in range(1, 5):
        market.take(feed(*(told(s, k, 5 + hours) for s, k in ROWS), hours=hours))
    assert not (old - now) & there(market)
    assert same_as_clean(market)


def test_without_stock_there_is_nothing_of_it(market: Stocked) -> None:
    """When data/stock/ goes, so do shards, retired ones, the manifest, and every claim."""
    market.build()
    before = set(market.tree())
    hour(market, 0)
    hour(market, 1)
    market.remove("data/stock")
    market.build()

    assert not [path for path in market.tree() if path.startswith("stock/")]
    assert before == set(market.tree())
    assert not re.search(r"data-(stock|sku|state)", market.read("output/commerces/alix/index.html"))
    assert same_as_clean(market)


@pytest.mark.slow
def test_a_crowd_in_few_shards(tmp_path: Any) -> None:
    """Ticks of a few shops among many: each shard is what it would be if it were made anew."""
    shops = [shop(f"s{i:02}", 3, more=f"store_code: S-{i}\n") for i in range(40)]
    market = Stocked(tmp_path / "market", *shops)
    market.edit("halles.toml", "page_size = 2\n", "page_size = 2\n[stock]\nshards = 5\n")
    chance = random.Random(5)
    for number in range(6):
        some = chance.sample(range(40), chance.choice((3, 40)))
        rows = [told(f"S-{i}", f"P{k}", chance.randrange(5)) for i in some for k in range(3)]
        market.take(feed(*rows, hours=number), full=bool(number % 2), accept=True)
        now = market.said()

        assert [] == list(differences(now, market.clean()))
        assert named(market.tree()) == now.tree


def test_an_edit_takes_nobody_out_of_a_shard(market: Stocked) -> None:
    """Read again for another e-mail, a shop still stands in the shard that a later tick writes."""
    market.edit("halles.toml", "page_size = 2\n", "page_size = 2\n[stock]\nshards = 1\n")
    market.take(feed(*(told(s, k, 5) for s, k in ROWS)))
    market.edit("content/merchants/nord/al/alix.yaml", "bonjour@", "salut@")
    market.build()
    market.take(feed(told("dalia", "BRIE", 1), hours=1))

    assert {"alix", "berthe", "dalia", GTIN} == market.shards().keys()
    assert same_as_clean(market)
