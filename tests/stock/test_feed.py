"""A stock feed in, two tables out, whatever it is made of."""

import gzip
import io
import json
import random
import zipfile
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from halles.stock import feed as feed_module
from halles.stock.feed import REASONS, Feed, FeedFault, read_feed

ZONE = ZoneInfo("America/Montreal")
WHEN = 1_800_000_000
SAID = "store, sku, gtin, state, quantity, price, sale, sale_from, sale_until, seen"


class Counter:
    """A place where feeds are taken in, one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db = duckdb.connect(config={"threads": 1})
        self.count = 0

    def take(self, body: bytes, name: str = "feed.csv", form: str = "") -> Feed:
        """Take in a feed of these bytes."""
        self.count += 1
        place = self.folder / str(self.count)
        scratch = place / "scratch"
        scratch.mkdir(parents=True)
        (place / name).write_bytes(body)
        feed = read_feed(self.db, place / name, form=form, scratch=scratch, zone=ZONE, when=WHEN)
        for left in sorted(place.rglob("*"), reverse=True):
            left.unlink() if not left.is_dir() else left.rmdir()
        return feed

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        return self.db.execute(query).fetchall()

    def said(self) -> list[tuple[Any, ...]]:
        """Return what the rows said, but for their lines."""
        return self.rows(f"SELECT {SAID} FROM said ORDER BY ALL")

    def refused(self) -> list[tuple[Any, ...]]:
        """Return the refused rows, by line."""
        return self.rows("SELECT line, reason, raw FROM refused ORDER BY line")


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    """A counter of its own."""
    return Counter(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Counter:
    """A counter for many small feeds."""
    return Counter(tmp_path_factory.mktemp("counter"))


def table(*rows: str, header: str = "store_code,id,quantity,availability,price") -> bytes:
    """Return a feed of these lines."""
    return "\n".join([header, *rows, ""]).encode()


def verdict(counter: Counter, columns: str, **values: str) -> SimpleNamespace:
    """Return what one row comes to: its reason, or what it says."""
    base = {"store_code": "A", "id": "X", "quantity": "5"} | values
    base = {name: value for name, value in base.items() if value != "absent"}
    line = json.dumps(base, ensure_ascii=False)
    counter.take(line.encode(), "feed.jsonl")
    reasons = counter.rows("SELECT reason FROM refused")
    if reasons:
        return SimpleNamespace(**dict.fromkeys(columns.split()), reason=reasons[0][0])
    (found,) = counter.rows(f"SELECT {SAID} FROM said")
    return SimpleNamespace(**dict(zip(SAID.split(", "), found, strict=True)), reason=None)


@pytest.mark.parametrize(
    ("written", "quantity", "state"),
    [("0", 0, "out_of_stock"), ("1", 1, "limited"), ("2", 2, "limited"), ("3", 3, "in_stock"),
     ("3.0", 3, "in_stock"), ("3,0", 3, "in_stock"), (" 12\u00a0", 12, "in_stock"),
     ("1 234", 1234, "in_stock"), ("1\u00a0234", 1234, "in_stock"), ("1\u202f234", 1234, "in_stock"),
     ("007", 7, "in_stock"), ("1000000000", 10**9, "in_stock")],
)  # fmt: skip
def test_a_quantity_gives_a_state(shared: Counter, written: str, quantity: int, state: str) -> None:
    """Three or more are in stock, one or two are limited, none is out."""
    found = verdict(shared, "", quantity=written)

    assert (quantity, state) == (found.quantity, found.state)


@pytest.mark.parametrize(
    "written",
    ["-1", "1.5", "1,5", "x", "1e3", "+1", "3,000", "1000000001", "9" * 5000, "1_000", "0x1",
     "=1", "1 2", "12 34", "٣", "true", "NaN", "inf", "1.", ".0", "\x01"],
)  # fmt: skip
def test_a_quantity_is_a_whole_number(shared: Counter, written: str) -> None:
    """Anything else is refused, and so is what could be read in two ways."""
    assert "bad-quantity" == verdict(shared, "", quantity=written).reason


@pytest.mark.parametrize(
    ("written", "state"),
    [("in_stock", "in_stock"), ("In Stock", "in_stock"), ("IN-STOCK", "in_stock"),
     ("limited_availability", "limited"), ("limited", "limited"), ("out of stock", "out_of_stock"),
     ("on display to order", "on_display_to_order"), ("https://schema.org/InStock", "in_stock"),
     ("http://schema.org/LimitedAvailability", "limited"),
     ("https://schema.org/OutOfStock", "out_of_stock"),
     ("https://schema.org/MadeToOrder", "on_display_to_order"),
     ("https://schema.org/BackOrder", "on_display_to_order")],
)  # fmt: skip
def test_an_availability_wins_over_the_quantity(shared: Counter, written: str, state: str) -> None:
    """What the merchant says in so many words is what counts."""
    assert state == verdict(shared, "", availability=written, quantity="1").state
    assert state == verdict(shared, "", availability=written, quantity="").state


@pytest.mark.parametrize(
    "written",
    [
        "preorder",
        "backorder",
        "yes",
        "1",
        "https://schema.org/PreOrder",
        "en stock",
        "made_to_order",
    ],
)
def test_an_availability_is_one_of_four(shared: Counter, written: str) -> None:
    """A word that halles does not know is not guessed at."""
    assert "bad-availability" == verdict(shared, "", availability=written).reason


@pytest.mark.parametrize(
    ("written", "cents"),
    [("28.00 CAD", 2800), ("28.00", 2800), ("28,00", 2800), ("28,00 $", 2800), ("$28.00", 2800),
     ("1 234,50", 123450), ("1\u00a0234,50\u00a0$", 123450), ("1,234.50", 123450), ("28", 2800),
     ("28.5", 2850), ("28.5000", 2850), ("CAD 28.00", 2800), ("28.00cad", 2800), ("0.01", 1),
     ("9999999.99", 999999999), ("28.000", 2800), ("1 234 567", 123456700), ("CA$28", 2800),
     ("", None)],
)  # fmt: skip
def test_a_price_is_read_as_people_write_it(shared: Counter, written: str, cents: int) -> None:
    """With a point or a comma, with thousands apart, with a sign or a code."""
    assert (cents, None) == ((found := verdict(shared, "", price=written)).price, found.reason)


@pytest.mark.parametrize(
    ("written", "reason"),
    [("28.00 USD", "other-currency"), ("€28", "other-currency"), ("28,00 €", "other-currency"),
     ("US$28.00", "other-currency"), ("EUR 28", "other-currency"), ("£1,000.00", "other-currency"),
     ("0", "bad-price"), ("0.00", "bad-price"), ("-1", "bad-price"), ("-28.00 CAD", "bad-price"),
     ("28.005", "bad-price"), ("1,234", "bad-price"), ("10000000.00", "bad-price"),
     ("9" * 400, "bad-price"), ("free", "bad-price"), ("=1+1", "bad-price"), ("1e3", "bad-price"),
     ("28.00.00", "bad-price"), ("NaN", "bad-price"), ("1 23", "bad-price"), ("$", "bad-price")],
)  # fmt: skip
def test_a_price_that_is_none(shared: Counter, written: str, reason: str) -> None:
    """Other money is not converted, nothing is for nothing, and nothing is guessed at."""
    assert reason == verdict(shared, "", price=written).reason


@pytest.mark.parametrize(
    ("price", "sale", "expected"),
    [("28.00", "20.00", (2000, None)), ("28.00", "28.00", (None, None)),
     ("28.00", "30.00", (None, None)), ("", "20.00", (2000, None)),
     ("28.00", "-1", (None, "bad-sale-price")), ("28.00", "20 USD", (None, "bad-sale-price"))],
)  # fmt: skip
def test_a_sale_is_below_the_price(
    shared: Counter, price: str, sale: str, expected: tuple[int | None, str | None]
) -> None:
    """A sale that saves nothing is dropped; its row stays."""
    found = verdict(shared, "sale", price=price, sale_price=sale)

    assert expected == (found.sale, found.reason)


def at(text: str) -> int:
    """Return a moment in seconds, told independently."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).timestamp())


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2026-11-22T07:00:00Z", "2026-11-22T07:00:00+00:00"), ("2026-11-22T07:00-05:00",) * 2,
     ("2026-11-22T07:00:00-0500", "2026-11-22T07:00:00-05:00"), ("2026-11-22T07:00:00",) * 2,
     ("2026-07-01 07:00:00",) * 2, ("2026-07-01",) * 2, ("2026-11-22t07:00z", "2026-11-22T07:00Z"),
     ("2026-11-22T07:00:00.999Z", "2026-11-22T07:00:00Z"),
     ("2000-01-01T05:00:00Z",) * 2],
)  # fmt: skip
def test_a_timestamp_is_a_moment(shared: Counter, written: str, meant: str) -> None:
    """With an offset it says which; without, the clocks of the site's zone do."""
    assert at(meant) == verdict(shared, "seen", timestamp=written).seen


@pytest.mark.parametrize(
    "written",
    ["yesterday", "2026-13-01", "2026-02-30T00:00Z", "22/11/2026", "1700000000", "2026-11-22T25:00",
     "2026-11-22T07", "2026-11-22T07:00+25:00", "infinity", "epoch", "20261122", "-2026-11-22",
     "0001-01-01", "1969-12-31T23:59:58Z", "9999-12-31T23:59:59Z"],
)  # fmt: skip
def test_a_timestamp_that_is_none(shared: Counter, written: str) -> None:
    """What is no date of ISO 8601 is refused, and what no shop could have said."""
    assert "bad-timestamp" == verdict(shared, "", timestamp=written).reason


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [("2026-11-01T08:00-0500/2026-11-07T20:00-0500", "2026-11-01T08:00-05:00", "2026-11-07T20:00-05:00"),
     ("2026-11-01/2026-11-07", "2026-11-01", "2026-11-08"),
     ("2026-11-01 / 2026-11-01", "2026-11-01", "2026-11-02"), ("2026-11-01/9999-12-31", "2026-11-01", "")],
)  # fmt: skip
def test_a_sale_has_dates(shared: Counter, written: str, start: str, end: str) -> None:
    """A sale that ends on a day lasts that day; one until the year 9999 has no end."""
    row = {"price": "9", "sale_price": "8", "sale_price_effective_date": written}
    found = verdict(shared, "", **row)

    assert (at(start), at(end) if end else None) == (found.sale_from, found.sale_until)


@pytest.mark.parametrize(
    "written",
    ["2026-11-01", "soon/later", "2026-11-07/2026-11-01", "/", "2026-11-01/2026-11-02/2026-11-03"],
)
def test_dates_of_a_sale_are_two(shared: Counter, written: str) -> None:
    """A start and a later end; without a sale nobody looks at them."""
    dates = {"sale_price_effective_date": written}

    assert "bad-sale-dates" == verdict(shared, "", price="9", sale_price="8", **dates).reason
    assert None is verdict(shared, "", price="9", **dates).reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [({"store_code": ""}, "no-store"), ({"store_code": "\u00a0 "}, "no-store"),
     ({"store_code": "A" * 65}, "bad-store"), ({"store_code": "A\x07"}, "bad-store"),
     ({"store_code": "A\u202eB"}, "bad-store"), ({"store_code": "A\nB"}, "bad-store"),
     ({"id": ""}, "no-product"), ({"id": "../../etc/passwd"}, "bad-id"), ({"id": "=HYPERLINK(1)"}, "bad-id"),
     ({"id": "a" * 51}, "bad-id"), ({"id": "a b"}, "bad-id"), ({"id": "é"}, "bad-id"),
     ({"id": "", "gtin": "123"}, "bad-gtin"), ({"id": "", "gtin": "1234567x"}, "bad-gtin"),
     ({"quantity": ""}, "no-stock"), ({"quantity": "", "availability": " "}, "no-stock"),
     ({"store_code": "", "id": "", "quantity": "x", "price": "x"}, "no-store"),
     ({"quantity": "x", "availability": "x", "price": "x"}, "bad-quantity"),
     ({"availability": "x", "price": "x", "timestamp": "x"}, "bad-availability"),
     ({"price": "x", "sale_price": "x", "timestamp": "x"}, "bad-price"),
     ({"sale_price": "x", "sale_price_effective_date": "x", "timestamp": "x"}, "bad-sale-price"),
     ({"sale_price": "1", "sale_price_effective_date": "x", "timestamp": "x"}, "bad-sale-dates"),
     ({"id": "", "gtin": "0", "quantity": ""}, "bad-gtin")],
)  # fmt: skip
def test_the_first_reason_is_the_reason(shared: Counter, row: dict[str, str], reason: str) -> None:
    """A row is refused for one reason, the first that holds, and each has its words."""
    assert reason == verdict(shared, "", **row).reason
    assert REASONS[reason].fr and REASONS[reason].en


@pytest.mark.parametrize(
    "code", ["A" * 64, "É" * 64, "Rimouski 01", "ﬁn", "../x", "'; DROP TABLE said; --"]
)
def test_a_store_code_is_any_short_text(shared: Counter, code: str) -> None:
    """Whether it names a merchant is for others to say."""
    assert code == verdict(shared, "", store_code=code).store


def test_a_gtin_is_enough(shared: Counter) -> None:
    """A product is named by its id or by its GTIN; a bad GTIN beside an id is left out."""
    alone = verdict(shared, "", id="", gtin="0624153607116")
    beside = verdict(shared, "", gtin="12")

    assert (None, "0624153607116") == (alone.sku, alone.gtin)
    assert ("X", None) == (beside.sku, beside.gtin)


GOOD = [
    {"store_code": "RIM-01", "id": "PAIN", "quantity": "12", "availability": "", "price": "6.50",
     "sale_price": "5.00", "sale_price_effective_date": "2026-11-01/2026-11-07", "gtin": "0624153607116", "timestamp": "2026-11-22T07:00:00-05:00", "note": "a"},
    {"store_code": "Épicerie", "id": "LAIT", "quantity": "", "availability": "limited_availability", "price": "1234.50",
     "sale_price": "", "sale_price_effective_date": "", "gtin": "", "timestamp": "2026-11-22T08:00:00-05:00", "note": ""},
    {"store_code": "RIM-01", "id": "../oups", "quantity": "1", "availability": "", "price": "",
     "sale_price": "", "sale_price_effective_date": "", "gtin": "", "timestamp": "", "note": "é"},
    {"store_code": "RIM-01", "id": "SEL", "quantity": "0", "availability": "", "price": "",
     "sale_price": "", "sale_price_effective_date": "", "gtin": "", "timestamp": "", "note": ""},
    {"store_code": "RIM-01", "id": "VIN", "quantity": "-4", "availability": "", "price": "",
     "sale_price": "", "sale_price_effective_date": "", "gtin": "", "timestamp": "", "note": ""},
]  # fmt: skip
NAMES = list(GOOD[0])


def separated(mark: str, end: str = "\n", comma: bool = False, spaced: bool = False) -> str:
    """Return the good feed as a table."""
    header = [name.replace("_", " ") if spaced else name for name in NAMES]
    rows = [
        [row[n].replace(".", ",") if comma and "price" in n else row[n] for n in NAMES]
        for row in GOOD
    ]
    return "".join(mark.join(row) + end for row in [header, *rows])


def parquet(tmp_path: Path) -> bytes:
    """Return the good feed in Parquet, as another program writes it."""
    (tmp_path / "good.jsonl").write_text("\n".join(map(json.dumps, GOOD)))
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in NAMES)
    duckdb.execute(
        f"COPY (FROM read_json('{tmp_path}/good.jsonl', columns = {{{columns}}})) TO '{tmp_path}/good.parquet' (FORMAT parquet)"
    )
    return (tmp_path / "good.parquet").read_bytes()


def good(form: str, tmp_path: Path) -> bytes:
    """Return the good feed in one of its forms."""
    return {
        "csv": lambda: separated(",").encode(),
        "txt": lambda: separated(";", "\r\n", comma=True).encode("cp1252"),
        "tsv": lambda: separated("\t", spaced=True).encode("utf-8-sig"),
        "jsonl": lambda: "\n".join(json.dumps(row) for row in GOOD).encode(),
        "parquet": lambda: parquet(tmp_path),
        "16.csv": lambda: separated(",").encode("utf-16"),
        "old.csv": lambda: separated("|", "\r").encode(),
        "quoted.csv": lambda: (
            separated('","').replace("\n", '"\n"').removesuffix('"').join(['"', ""]).encode()
        ),
        "gaps.csv": lambda: separated(",", "\n\n").encode(),
        "nameless": lambda: separated(",").encode(),
    }[form]()


PACKED = {"": bytes, ".gz": gzip.compress, ".zst": lambda body: zstandard.compress(body)}
FORMS = [
    "csv",
    "txt",
    "tsv",
    "jsonl",
    "parquet",
    "16.csv",
    "old.csv",
    "quoted.csv",
    "gaps.csv",
    "nameless",
]


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", FORMS)
def test_a_feed_in_any_form_gives_the_same_tables(
    counter: Counter, tmp_path: Path, form: str, packing: str
) -> None:
    """What is said does not depend on how it is written down."""
    found = counter.take(PACKED[packing](good(form, tmp_path)), f"feed.{form}{packing}")

    assert [
        ("RIM-01", "PAIN", "0624153607116", "in_stock", 12, 650, 500, at("2026-11-01"), at("2026-11-08"), at("2026-11-22T07:00-05:00")),
        ("RIM-01", "SEL", None, "out_of_stock", 0, None, None, None, None, WHEN),
        ("Épicerie", "LAIT", None, "limited", None, 123450, None, None, None, at("2026-11-22T08:00-05:00")),
    ] == counter.said()  # fmt: skip
    assert ["bad-id", "bad-quantity"] == [reason for _, reason, _ in counter.refused()]
    assert (5, ("note",), at("2026-11-22T08:00-05:00")) == (found.rows, found.ignored, found.time)


@pytest.mark.parametrize("packing", PACKED)
def test_a_digest_is_of_the_feed_and_not_of_its_packing(counter: Counter, packing: str) -> None:
    """The same bytes, packed or not, are the same feed."""
    body = table("A,X,1,,")

    assert counter.take(body).digest == counter.take(PACKED[packing](body), "x.bin").digest


def test_a_form_may_be_said(counter: Counter) -> None:
    """Whoever says what a feed is need not name it so."""
    assert 1 == counter.take(gzip.compress(table("A,X,1,,")), "feed", "csv+gz").rows
    assert 1 == counter.take(b'{"store":"A","sku":"X","qty":1}', "feed.csv", "jsonl").rows


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "parquet"])
def test_a_form_may_be_said_with_its_packing(
    counter: Counter, tmp_path: Path, form: str, packing: str
) -> None:
    """As the end of a file's name would say it: no name, and the same rows."""
    found = counter.take(PACKED[packing](good(form, tmp_path)), "feed", f"{form}{packing}")

    assert (5, 3) == (found.rows, len(counter.said()))


def test_standard_input_is_a_feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe gives what a file would."""
    stdin = SimpleNamespace(buffer=io.BytesIO(gzip.compress(table("A,X,1,,"))))
    monkeypatch.setattr("halles.stock.opened.sys.stdin", stdin)

    found = read_feed(duckdb.connect(), None, form="csv+gz", scratch=tmp_path, zone=ZONE, when=WHEN)

    assert ("-", 1, WHEN) == (found.name, found.rows, found.time)


def test_names_that_mean_something_to_a_shell_mean_nothing_here(counter: Counter) -> None:
    """A file is the one that was named, whatever its name looks like."""
    for name in ("f[1]*?.csv", "it's.csv", "-.csv", "é\n.csv"):
        assert (name, 1) == counter.take(table("A,X,1,,"), name)[:2]


def test_synonyms_serve_where_the_true_name_is_absent(counter: Counter) -> None:
    """Of two columns alike the first counts, and the others are named as ignored."""
    found = counter.take(table("A,X,Y,1,2,9", header="Store,sku,ID,qty,QUANTITY,quantity"))

    assert [("A", "Y", 2)] == counter.rows("SELECT store, sku, quantity FROM said")
    assert ("sku", "qty", "quantity") == found.ignored


def test_lines_and_raw_rows_are_those_of_the_file(counter: Counter) -> None:
    """An editor finds a refused row by its line, as it stands there, whatever stands before it."""
    body = (
        'store_code,id,quantity,note\r\n\r\nA,X,1,"two\r\nlines"\r\nA,Y,x,"and ""two""\n\nmore"\r\n'
        "A,Z,2\r\nA,Z,3,4,5\r\nA,\0,3\r\n\r\nA,W,y\r\nA,\"V,1\r\nB,X,1\r\n"
    )  # fmt: skip
    counter.take(body.encode())

    assert [(3,), (8,), (14,)] == counter.rows("SELECT line FROM said ORDER BY line")
    assert [
        (5, "bad-quantity", 'A,Y,x,"and ""two""\n\nmore"'), (9, "malformed", "A,Z,3,4,5"),
        (10, "malformed", "A,␀,3"), (12, "bad-quantity", "A,W,y"), (13, "malformed", 'A,"V,1'),
    ] == counter.refused()  # fmt: skip


def test_lines_of_a_plain_feed(counter: Counter) -> None:
    """The short way numbers rows as the exact one does."""
    body = table("A,X,1,,", "A,Y,-1,,9", "A,Z,2", "A,W,x,,", header="store_code,id,quantity,n,m")
    counter.take(body)
    short = counter.refused()
    counter.take(body.replace(b"n,m", b'n,"m"'))

    assert [(3, "bad-quantity", "A,Y,-1,,9"), (5, "bad-quantity", "A,W,x,,")] == short
    assert short == counter.refused()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(
    "shape", ["h1|2|", "h1|2", "|h1|2|", "||h1|2|", "h|1|2|", "h1||2|", "h1|2||", "|h|1||2"]
)  # fmt: skip
def test_blank_lines_are_counted_and_are_no_rows(
    counter: Counter, end: str, bom: str, shape: str
) -> None:
    """Wherever they stand, however lines end, a row keeps the number of its line."""
    body = shape.replace("h", "store_code,id,quantity|").replace("|", end)
    body = body.replace("1", "A,one,1").replace("2", "A,two,2")
    counter.take((bom + body).encode())

    expected = [
        (line.split(",")[1], at)
        for at, line in enumerate(body.split(end), 1)
        if line.startswith("A")
    ]
    assert expected == counter.rows("SELECT sku, line FROM said ORDER BY line")


@pytest.mark.slow
def test_lines_of_a_long_feed(counter: Counter) -> None:
    """Rows keep their numbers however many hands read them at once."""
    counter.db.execute("SET threads = 4")
    count = 300_000
    rows = (f"store,p{line},{'x' if line % 1000 == 0 else line}" for line in range(2, count + 2))
    counter.take("\n".join(["store_code,id,quantity", *rows]).encode())

    assert [(count,)] == counter.rows(
        "SELECT count(DISTINCT line) FROM (SELECT line FROM said UNION SELECT line FROM refused)"
    )
    assert [] == counter.rows("SELECT * FROM said WHERE sku <> 'p' || line OR quantity <> line")
    assert [] == counter.rows("SELECT * FROM refused WHERE raw <> 'store,p' || line || ',x'")


def test_a_raw_row_is_cut(counter: Counter) -> None:
    """A refused row is shown, not kept whole."""
    counter.take(table("A," + "x" * 5000 + ",1,,"))

    assert 2000 == len(counter.refused()[0][2])


def test_a_row_of_parquet_is_shown_as_json(counter: Counter, tmp_path: Path) -> None:
    """Parquet has no lines: rows are numbered, and shown in JSON."""
    counter.take(parquet(tmp_path), "feed.parquet")

    (line, reason, raw), _ = counter.refused()
    assert (3, "bad-id", GOOD[2]) == (line, reason, json.loads(raw))


def test_typed_columns_of_parquet(counter: Counter, tmp_path: Path) -> None:
    """Numbers and moments are read as what they are."""
    duckdb.execute(
        "COPY (SELECT 'A' AS store_code, 12 AS id, 3.0::DOUBLE AS quantity, 28.5::DECIMAL(9, 2) AS price, "
        f"to_timestamp(1790000000) AS timestamp) TO '{tmp_path}/t.parquet' (FORMAT parquet)"
    )
    counter.take((tmp_path / "t.parquet").read_bytes(), "t.parquet")

    assert [("A", "12", None, "in_stock", 3, 2850, None, None, None, 1790000000)] == counter.said()


@pytest.mark.parametrize(
    ("body", "name", "code", "word"),
    [(b"", "f.csv", "empty", "f.csv"), (b"\n\n", "f.csv", "empty", "f.csv"),
     (b"store_code,id,quantity\n", "f.csv", "empty", "f.csv"),
     (b"A,X,1\nA,Y,2\n", "f.csv", "no-usable-column", "A, X, 1"),
     (b"store_code,price\nA,1\n", "f.csv", "no-usable-column", "quantity / availability"),
     (b'{"store":1}', "f.jsonl", "no-usable-column", "quantity / availability"),
     (b"nothing", "f.jsonl", "no-usable-column", "store_code"),
     (b"PK\x03\x04\x14\0", "f.csv.gz", "unreadable", "Excel"),
     (b"store_code,id,quantity\na,b,1\na,c,2\na,d", "f.csv", "unreadable", "coupé"),
     (b"store_code\tid\tquantity\r\na\tb\t1\r\na\tc\t2\r\na", "f.tsv", "unreadable", "coupé"),
     (b'[{"store":1}]', "f.json", "unreadable", "JSON"),
     (bytes(range(256)) * 9, "f.csv", "unreadable", "texte"),
     (b"store_code,id\n", "f.parquet", "unreadable", "Parquet"),
     (b"PAR1", "f.parquet", "unreadable", "f.parquet"),
     (gzip.compress(b"x" * 999, mtime=0)[:-9], "f.csv", "unreadable", "coupé"),
     (zstandard.compress(random.Random(1).randbytes(9999))[:-9], "f.csv", "unreadable", "coupé"),
     (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "f.csv", "unreadable", "gzip"),
     (b",".join(b"c%d" % i for i in range(10**6)), "f.csv", "no-usable-column", "1000"),
     (b"store_code,id,quantity," + b"," * 2 * 10**6 + b"\n", "f.csv", "no-usable-column", "1000")],
)  # fmt: skip
def test_what_is_no_feed(counter: Counter, body: bytes, name: str, code: str, word: str) -> None:
    """A fault says what is wrong and what to do, in both languages."""
    with pytest.raises(FeedFault) as caught:
        counter.take(body, name)

    assert (code, True, True) == (
        caught.value.code,
        word in caught.value.fr,
        caught.value.en != caught.value.fr,
    )


def test_a_zip_is_not_gzip(counter: Counter) -> None:
    """A zip file is named as what it is, whatever its suffix says."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("feed.csv", table("A,X,1,,"))

    with pytest.raises(FeedFault, match="zip or Excel"):
        counter.take(packed.getvalue(), "feed.csv.gz")


def test_what_is_not_there(tmp_path: Path) -> None:
    """No file and a folder are faults, as any."""
    for number, path in enumerate((tmp_path / "absent.csv", tmp_path)):
        scratch = tmp_path / f"scratch{number}"
        scratch.mkdir()
        with pytest.raises(FeedFault, match=r"cannot be read"):
            read_feed(duckdb.connect(), path, form="", scratch=scratch, zone=ZONE, when=WHEN)


@pytest.mark.slow
@pytest.mark.parametrize(
    "pack",
    [lambda b: gzip.compress(gzip.compress(b, 9, mtime=0), 9), lambda b: zstandard.compress(b, 19)],
)
def test_a_bomb_is_not_a_feed(counter: Counter, pack: Any) -> None:
    """What grows beyond measure is left before the disk is full."""
    with pytest.raises(FeedFault):
        counter.take(pack(b"store_code,id,quantity\n" + b"0" * 200 * 1024**2), "bomb.csv")


texts = st.one_of(
    st.sampled_from(
        [
            "",
            "A",
            "X",
            "1",
            "-1",
            "in_stock",
            "6.50",
            "2026-11-22",
            '"',
            '""',
            ",",
            "\n",
            "\r\n",
            "\0",
            "=1+1",
            "\u00a0",
            ";",
            "\t",
        ]
    ),
    st.text(max_size=6),
)
lines = st.lists(st.lists(texts, max_size=6).map(",".join), max_size=8)


@pytest.mark.slow
@settings(max_examples=50)
@given(lines)
def test_rows_are_conserved(shared: Counter, lines: list[str]) -> None:
    """Each row is in one of the tables, once; what is no row is in none."""
    conserved(
        shared,
        "\n".join(["store_code,id,quantity,availability,price", *lines]).encode("utf-8", "replace"),
    )


def conserved(counter: Counter, body: bytes, name: str = "feed.csv") -> str:
    """Take a feed in; it is a fault, or its rows add up and no line is named twice."""
    try:
        found = counter.take(body, name)
    except FeedFault as fault:
        assert fault.code in {"unreadable", "empty", "no-usable-column"}
        return fault.code
    both = "SELECT line FROM said UNION ALL SELECT line FROM refused"
    assert [(found.rows, found.rows)] == counter.rows(
        f"SELECT count(*), count(DISTINCT line) FROM ({both})"
    )
    assert [] == counter.rows(
        "FROM refused WHERE raw IS NULL OR length(raw) > 2000 OR reason IS NULL"
    )
    assert [] == counter.rows(
        "FROM said WHERE store IS NULL OR state IS NULL OR seen IS NULL OR (sku IS NULL AND gtin IS NULL)"
    )
    assert {reason for (reason,) in counter.rows("SELECT DISTINCT reason FROM refused")} <= set(
        REASONS
    )
    return "taken"


@pytest.mark.slow
@settings(max_examples=12)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(shared: Counter, chance: random.Random) -> None:
    """What a feed says is a set of rows."""
    rows = [
        f"S{chance.randrange(3)},P{chance.randrange(9)},{chance.randrange(-2, 5)},,{chance.choice(['', '6.50', 'x'])}"
        for _ in range(20)
    ]
    shared.take(table(*rows))
    before = shared.said(), sorted(row[1:] for row in shared.refused())
    chance.shuffle(rows)
    shared.take(table(*rows))

    assert before == (shared.said(), sorted(row[1:] for row in shared.refused()))


MUTATIONS = ("cut", "spliced", "twice", "noise", "flipped", "nul", "quote", "huge", "wide", "ends", "types", "formula", "path", "random")  # fmt: skip


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Return bytes with something wrong in them."""
    spot, other = sorted((chance.randrange(len(body) + 1), chance.randrange(len(body) + 1)))
    return {
        "cut": lambda: body[:spot],
        "spliced": lambda: body[:spot] + body[other:],
        "twice": lambda: body[:other] + body[spot:],
        "noise": lambda: body[:spot] + chance.randbytes(chance.randrange(1, 40)) + body[spot:],
        "flipped": lambda: body[:spot] + bytes([chance.randrange(256)]) + body[spot + 1 :],
        "nul": lambda: body[:spot] + b"\0" + body[spot:],
        "quote": lambda: body[:spot] + b'"' + body[spot:],
        "huge": lambda: body[:spot] + b"9" * chance.choice([200, 70_000, 3_000_000]) + body[spot:],
        "wide": lambda: body[:spot] + b"," * chance.choice([1, 2000, 10**6]) + body[spot:],
        "ends": lambda: body.replace(b"\n", chance.choice([b"\r", b"\r\n", b"\n\n", b""])),
        "types": lambda: body.replace(b"12", chance.choice([b"[]", b"null", b"{}", b"true", b"1e9"])),
        "formula": lambda: body.replace(b"PAIN", b"=cmd|' /C calc'!A0"),
        "path": lambda: body.replace(b"RIM-01", b"../../../etc/passwd"),
        "random": lambda: chance.randbytes(chance.randrange(300)),
    }[chance.choice(MUTATIONS)]()  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_a_hostile_feed_does_no_harm(counter: Counter, tmp_path: Path, part: int) -> None:
    """Whatever the bytes, the answer is a fault or tables that conserve rows."""
    chance = random.Random(part)
    met = set()
    for _ in range(100):
        form, packing = chance.choice(FORMS), chance.choice([*PACKED, "", ""])
        body = good(form, tmp_path)
        if packing and chance.random() < 0.7:
            body = mutated(PACKED[packing](body), chance)
        else:
            body = PACKED[packing](mutated(body, chance))
        met.add(conserved(counter, body, f"feed.{form}{packing}"))

    assert {"taken", "unreadable"} <= met


def test_a_feed_is_taken_in_without_the_network(counter: Counter) -> None:
    """The database may fetch no extension, now or later."""
    counter.take(table("A,X,1,,"))

    assert [("false",)] * 2 == counter.rows(
        "SELECT value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'"
    )


def test_nothing_else_is_left_in_the_database(counter: Counter) -> None:
    """Three tables, the rows as they stood, and what was there before."""
    counter.take(table("A,X,1,,"))
    counter.take(table("A,X,-1,,"))

    assert [("faulty",), ("raws",), ("refused",), ("said",), ("wares",)] == counter.rows(
        "SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1"
    )


def test_too_many_rows_of_parquet(
    counter: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parquet can pack any number of rows into nothing."""
    monkeypatch.setattr(feed_module, "MOST_ROWS", 4)

    with pytest.raises(FeedFault, match="more than 4 rows"):
        counter.take(parquet(tmp_path), "feed.parquet")
