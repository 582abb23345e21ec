"""Open data: merchants and products as rows, in CSV, JSON and GeoJSON."""

import csv
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from io import StringIO
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from halles.model import Merchant, Origin, Product, Text

_json = msgspec.json.Encoder().encode


class Row(Struct, frozen=True, omit_defaults=True):
    """A row: what is not known is left out of JSON, and empty in CSV."""


class MerchantRow(Row, frozen=True, omit_defaults=True):
    """A merchant; a closed one stays, and says so."""

    id: Annotated[str, Meta(description="Identifier; never used for another merchant")]
    name_fr: Annotated[str, Meta(description="Name, in French or as it is")]
    region: Annotated[str, Meta(description="Identifier of the region")]
    status: Annotated[str, Meta(description="open or closed")]
    categories: Annotated[
        tuple[str, ...], Meta(description="Identifiers, the main one first; in CSV apart by spaces")
    ]
    url: Annotated[str, Meta(description="The merchant's page on this site")]
    name_en: Annotated[str, Meta(description="Name in English, where it has one")] = ""
    municipality: str = ""
    street: str = ""
    postal_code: str = ""
    lat: Annotated[float | None, Meta(description="Degrees, WGS 84")] = None
    lon: Annotated[float | None, Meta(description="Degrees, WGS 84")] = None
    phone: str = ""
    email: str = ""
    website: str = ""
    neq: Annotated[str, Meta(description="Québec enterprise number, ten digits")] = ""
    store_code: str = ""
    hours: Annotated[str, Meta(description="OpenStreetMap's opening_hours")] = ""
    services: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    origin: Annotated[str, Meta(description="Identifier of the label of origin")] = ""
    origin_number: str = ""
    origin_url: str = ""
    origin_checked_on: str = ""
    origin_valid_until: str = ""
    added_on: str = ""
    updated_on: str = ""
    closed_on: str = ""


class ProductRow(Row, frozen=True, omit_defaults=True):
    """What one open merchant sells. Stock is not told here: it changes by the quarter hour."""

    merchant: Annotated[str, Meta(description="Identifier of the merchant")]
    sku: Annotated[str, Meta(description="The product's code at this merchant's")]
    name_fr: Annotated[str, Meta(description="Name, in French or as it is")]
    name_en: Annotated[str, Meta(description="Name in English, where it has one")] = ""
    gtin: str = ""
    brand: str = ""
    price: Annotated[str, Meta(description="Canadian dollars, taxes apart, as the record has")] = ""
    category: str = ""
    origin: Annotated[str, Meta(description="Identifier of the label of origin")] = ""
    origin_number: str = ""
    origin_url: str = ""
    origin_checked_on: str = ""
    origin_valid_until: str = ""
    url: Annotated[str, Meta(description="The product's page at the merchant's")] = ""


ROWS = {"merchants": MerchantRow, "products": ProductRow}
MERCHANTS, PRODUCTS = MerchantRow.__struct_fields__, ProductRow.__struct_fields__
_EMPTY = ("", "", "", "", "")


def _names(name: Text) -> tuple[str, str]:
    return (name, "") if isinstance(name, str) else (name.fr, name.en or "")


def _origin(origin: Origin | None) -> tuple[str, str, str, str, str]:
    if origin is None:
        return _EMPTY
    return (
        origin.label, origin.number or "", origin.url or "", origin.checked_on or "",
        origin.valid_until or "",
    )  # fmt: skip


def merchant_row(merchant: Merchant, start: str) -> tuple[Any, ...]:
    """Return a merchant's fields in their order; its page stands under ``start``.

    How to reach a shop that is closed is nobody's business any more.
    """
    fr, en = _names(merchant.name)
    address, place = merchant.address, merchant.location
    there = merchant.status == "open"
    return (
        merchant.id, fr, merchant.region, merchant.status, merchant.categories,
        f"{start}{merchant.id}/", en, merchant.municipality or "",
        (address and address.street) or "", (address and address.postal_code) or "",
        place and place.lat, place and place.lon, (there and merchant.phone) or "",
        (there and merchant.email) or "",
        merchant.website or "", merchant.neq or "", merchant.store_code or "",
        (there and merchant.hours) or "", merchant.services, merchant.payment,
        *_origin(merchant.origin),
        merchant.added_on or "", merchant.updated_on or "", merchant.closed_on or "",
    )  # fmt: skip


def product_row(merchant: str, product: Product) -> tuple[Any, ...]:
    """Return a product's fields in their order."""
    fr, en = _names(product.name)
    return (
        merchant, product.sku, fr, en, product.gtin or "", product.brand or "",
        product.price or "", product.category or "", *_origin(product.origin), product.url or "",
    )  # fmt: skip


def _products(merchants: Iterable[Merchant]) -> Iterator[tuple[Any, ...]]:
    for merchant in merchants:
        if merchant.status == "open":
            for product in merchant.products:
                yield product_row(merchant.id, product)


def _csv(fields: tuple[str, ...], rows: Iterable[list[Any]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(fields)
    writer.writerows(rows)
    return text.getvalue().encode()


def _flat(row: tuple[Any, ...]) -> list[Any]:
    return [_safe(" ".join(x)) if isinstance(x, tuple) else _safe(x) for x in row]


def _safe(cell: Any) -> Any:
    """Return a cell that a spreadsheet does not take for a formula.

    >>> _safe("=1+1"), _safe("+1 418 555-0101"), _safe(-68.5)
    ("'=1+1", '+1 418 555-0101', -68.5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "@", "\t", "\r") else cell


def _lines(items: Iterable[bytes]) -> bytes:
    inside = b",\n".join(items)
    return b"[\n%s\n]\n" % inside if inside else b"[]\n"


def _objects(kind: Callable[..., Row], rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    for row in rows:
        yield _json(kind(*row))


def _merchants_csv(merchants: tuple[Merchant, ...], start: str) -> bytes:
    return _csv(MERCHANTS, (_flat(merchant_row(m, start)) for m in merchants))


def _merchants_json(merchants: tuple[Merchant, ...], start: str) -> bytes:
    return _lines(_objects(MerchantRow, (merchant_row(m, start) for m in merchants)))


def _merchants_geojson(merchants: tuple[Merchant, ...], start: str) -> bytes:
    """Return those who have a place; longitude comes first, as RFC 7946 has it."""
    features = (
        b'{"type":"Feature","id":%s,"geometry":{"type":"Point","coordinates":[%s,%s]},'
        b'"properties":%s}'
        % (_json(m.id), _json(m.location.lon), _json(m.location.lat),
           _json(MerchantRow(*merchant_row(m, start))))
        for m in merchants
        if m.location
    )  # fmt: skip
    return b'{"type":"FeatureCollection","features":%s}\n' % _lines(features).rstrip()


def _products_csv(merchants: tuple[Merchant, ...], start: str) -> bytes:
    return _csv(PRODUCTS, ([_safe(cell) for cell in row] for row in _products(merchants)))


def _products_json(merchants: tuple[Merchant, ...], start: str) -> bytes:
    return _lines(_objects(ProductRow, _products(merchants)))


FILES: dict[str, Callable[[tuple[Merchant, ...], str], bytes]] = {
    "merchants.csv": _merchants_csv,
    "merchants.json": _merchants_json,
    "merchants.geojson": _merchants_geojson,
    "products.csv": _products_csv,
    "products.json": _products_json,
}
SUMS = "sha256sums.txt"


def file_name(name: str, part: int) -> str:
    """Return what a file is called where its data is cut in parts; part 0 is all of it.

    >>> file_name("merchants.csv", 0), file_name("merchants.csv", 2)
    ('merchants.csv', 'merchants-2.csv')
    """
    stem, _, ending = name.rpartition(".")
    return f"{stem}-{part}.{ending}" if part else name


class Bundle:
    """The files of the same merchants: each made once, when first asked for."""

    def __init__(self, start: str, part: int) -> None:
        self._start, self._part = start, part
        self._made: dict[str, bytes] = {}

    def body(self, name: str, merchants: tuple[Merchant, ...]) -> bytes:
        """Return one of the files, or the sums of all."""
        if name == SUMS:
            return "".join(
                f"{sha256(self.body(each, merchants)).hexdigest()}  {file_name(each, self._part)}\n"
                for each in FILES
            ).encode()
        if name not in self._made:
            self._made[name] = FILES[name](merchants, self._start)
        return self._made[name]


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the rows."""
    _, parts = msgspec.json.schema_components(ROWS.values(), ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": parts,
        "oneOf": [
            {"title": name, "type": "array", "items": {"$ref": f"#/$defs/{kind.__name__}"}}
            for name, kind in ROWS.items()
        ],
    }
