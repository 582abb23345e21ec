"""A made-up site: the same every time, sound, spread like the real regions, and as big as asked.

Its stock is in tests/test_demo_stock.py.
"""

import hashlib
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from halles import demo
from halles.checking import check_site
from halles.cli import main
from halles.demo import DemoRefused, make, restock
from halles.demo_words import AREAS, NAMES, TRADES
from halles.model import Both, Merchant
from halles.read.decode import decode_quickly
from halles.read.yamltext import quick
from halles.text import fold


def files(root: Path) -> dict[str, bytes]:
    """Return every file of a site."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def merchants(count: int, products: int = 10, seed: int = 1) -> list[tuple[str, bytes, Merchant]]:
    """Return the first merchants of a demo: path, bytes and record, read the quick way."""
    found = []
    for index in range(count):
        path, text, _ = demo._merchant(seed, index, products)
        record = decode_quickly(quick(text.encode()), text.encode(), Merchant)
        assert record is not None, path
        found.append((path, text.encode(), record))
    return found


CROWD = merchants(4000)


# --- the laws -----------------------------------------------------------------------------------


def test_the_same_bytes_everywhere(tmp_path: Path) -> None:
    """The bytes depend on the arguments alone, whatever the machine: here is what they are."""
    make(tmp_path, 30, 10, 7)
    restock(tmp_path, 30, 10, 7, 0.2, 9)
    made = files(tmp_path)
    stock = made.pop("stock.csv") + made.pop("stock-9.csv")
    lines = b"".join(b"%s\0%s\0" % (n.encode(), body) for n, body in made.items())

    assert EXPECTED == hashlib.sha256(lines).hexdigest()[:16]
    assert EXPECTED_STOCK == hashlib.sha256(stock).hexdigest()[:16]


EXPECTED, EXPECTED_STOCK = "a23466c4261f4bff", "6d933148401259ea"


def test_a_smaller_demo_is_the_beginning_of_a_bigger_one(tmp_path: Path) -> None:
    """More merchants add files and stock, and change no other but the settings' first line."""
    make(tmp_path / "small", 40, 10, 1)
    make(tmp_path / "big", 90, 10, 1)
    small, big = files(tmp_path / "small"), files(tmp_path / "big")
    same = {name for name in small if small[name] == big.get(name)}

    assert {"halles.toml", "stock.csv"} == small.keys() - same
    assert big["stock.csv"].startswith(small["stock.csv"])
    assert 50 == len(big) - len(small)


def test_another_seed_is_another_site() -> None:
    """The seed, negative or not, decides."""
    texts = {demo._merchant(seed, 0, 10)[1] for seed in (1, 2, -1, 0)}

    assert 4 == len(texts)


def test_check_finds_no_error(tmp_path: Path) -> None:
    """A demo is valid; what there is to say of it is what real sites are told too."""
    make(tmp_path, 400, 10, 1)

    assert {"expired-evidence", "same-neq"} >= {n.code for n in check_site(tmp_path)}


@pytest.mark.parametrize(("count", "products"), [(0, 0), (0, 10), (3, 0), (1, 1200)])
def test_any_size(tmp_path: Path, count: int, products: int) -> None:
    """No merchant, no product, or very many, still make a valid site."""
    made = make(tmp_path, count, products, 1)

    assert count == made.merchants
    assert [] == [n for n in check_site(tmp_path) if n.severity == "error"]


# --- what must be unique ------------------------------------------------------------------------


def test_nothing_that_must_be_unique_repeats() -> None:
    """Ids, store codes, phone numbers and a merchant's own product codes stand for one thing."""
    records = [record for *_, record in CROWD]
    codes = [r.store_code or r.id for r in records]
    phones = [r.phone for r in records if r.phone]
    neqs = Counter(r.neq for r in records if r.neq)
    skus = [(r.id, p.sku.lower()) for r in records for p in r.products]

    assert [len(set(x)) for x in (codes, phones, skus)] == [len(x) for x in (codes, phones, skus)]
    assert max(neqs.values()) <= 2


def test_made_up_numbers_are_nobodys() -> None:
    """Phone numbers are in 555, the first ones in 555-01, and GTINs in the range never given."""
    phones = [record.phone for *_, record in CROWD if record.phone]
    gtins = {p.gtin for *_, record in CROWD for p in record.products if p.gtin}

    assert all(phone[4:8] == "555-" for phone in phones)
    assert all(phone[4:10] == "555-01" for *_, r in CROWD[:300] if (phone := r.phone))
    assert all(gtin.startswith("2") and len(gtin) == 13 for gtin in gtins)


def test_a_shared_gtin_is_one_thing() -> None:
    """Whoever sells a GTIN gives it the same name and brand."""
    named: dict[str, set[tuple[object, ...]]] = {}
    sold: Counter[str] = Counter()
    for *_, record in CROWD:
        for product in record.products:
            if product.gtin:
                named.setdefault(product.gtin, set()).add((product.name, product.brand))
                sold[product.gtin] += 1

    assert {1} == {len(names) for names in named.values()}
    assert sum(1 for times in sold.values() if times > 1) > 500
    assert max(sold.values()) < 40


# --- what is plausible --------------------------------------------------------------------------


def test_regions_have_their_real_shares() -> None:
    """Montréal has 23 merchants in a hundred, Nord-du-Québec one in two hundred."""
    counts = Counter(record.region for *_, record in CROWD)
    shares = {area.id: area.share / 1000 for area in AREAS}

    assert 1000 == sum(area.share for area in AREAS)
    assert all(abs(counts[r] / len(CROWD) - share) < 0.02 for r, share in shares.items())
    assert len(counts) == 17


def test_products_are_as_many_as_asked_on_average() -> None:
    """The average is M; most merchants have fewer, and some none."""
    counts = sorted(len(record.products) for *_, record in CROWD)

    assert abs(sum(counts) / len(counts) - 10) < 0.5
    assert counts[len(counts) // 2] < 9
    assert (0, True) == (counts[0], counts[-1] >= 25)


def test_every_field_is_used_and_none_by_all() -> None:
    """Every optional field of merchants and products is there at times and absent at times."""
    records = [record for *_, record in CROWD]
    products = [p for r in records for p in r.products]
    for group in (records, products):
        for name in group[0].__struct_fields__:
            values = {getattr(one, name) in (None, (), False) for one in islice(group, 4000)}
            required = name in ("id", "name", "region", "categories", "sku")
            always = required or name in ("status", "municipality")
            assert values == ({False} if always else {True, False}), name
    assert {"open", "closed"} == {r.status for r in records}
    assert any(isinstance(p.name, Both) for p in products)


def test_folders_stay_small() -> None:
    """Ids begin in so many ways that ten times the real Québec fits a thousand files a folder."""
    starts = Counter(fold(name).replace(" ", "-")[:2] for name in NAMES)
    largest = max(starts.values()) / len(NAMES) * 0.23 * 200_000

    assert largest < 1000
    assert 42 == len({trade.id for trade in TRADES})


# --- where it writes ----------------------------------------------------------------------------


def test_a_demo_replaces_a_demo(tmp_path: Path) -> None:
    """Nothing of an earlier demo stays, and nothing that a build made is touched."""
    make(tmp_path / "again", 40, 10, 1)
    restock(tmp_path / "again", 40, 10, 1, 0.1, 2)
    ledger = tmp_path / "again" / ".halles" / "ledger.db"
    ledger.parent.mkdir()
    ledger.touch()
    make(tmp_path / "again", 5, 3, 2)
    assert ledger.exists()
    ledger.unlink()
    make(tmp_path / "fresh", 5, 3, 2)

    assert files(tmp_path / "fresh") == files(tmp_path / "again")


@pytest.mark.parametrize("name", ["halles.toml", "content/categories.yaml"])
def test_another_site_is_left_alone(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that the demo did not make is not written over: a sentence, and exit code 2."""
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("[site]\n")
    before = files(tmp_path)

    assert 2 == main(["demo", "--root", str(tmp_path), "--merchants", "3"])
    assert "contient déjà un site" in capsys.readouterr().err
    assert before == files(tmp_path)


def test_an_adopted_demo_is_left_alone(tmp_path: Path) -> None:
    """Who takes the first line of the settings away keeps the site."""
    make(tmp_path, 2, 2, 1)
    settings = tmp_path / "halles.toml"
    settings.write_text("".join(settings.read_text().splitlines(keepends=True)[1:]))

    with pytest.raises(DemoRefused):
        make(tmp_path, 2, 2, 1)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    """A root that is a file is refused in words."""
    (tmp_path / "file").touch()

    assert 2 == main(["demo", "--root", str(tmp_path / "file")])
