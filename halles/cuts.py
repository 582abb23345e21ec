"""A merchant, cut into the facts that pages see of it: what none of them shows changes none."""

import msgspec
from msgspec import Struct

from halles.catalogue import product_slug, same_gtin, store_of
from halles.facts import Facts, LineFact, Row, Stall, StockFact
from halles.model import Merchant, Product
from halles.stock.shown import Moment, Store, decimal, shard_of, stock_of
from halles.zones import local


def slug_of(merchant: str, product: Product, policy: str, shared: frozenset[str]) -> str:
    """Return the slug of the page that an offer is shown on, empty where there is none.

    ``shared`` are the GTINs that several open merchants sell.
    """
    if product.gtin is not None:
        gtin = same_gtin(product.gtin)
        has_page = policy == "all" or (policy == "shared" and gtin in shared)
        return gtin if has_page else ""
    return product_slug(merchant, product.sku) if policy == "all" else ""


class Times(Struct, frozen=True):
    """What time it is for a site: its day, and the moment of its stock."""

    today: str
    """Evidence that ended before this day is over."""
    moment: Moment
    shards: int
    zone: str


def put_merchant(
    facts: Facts,
    merchant: Merchant,
    policy: str,
    shared: frozenset[str],
    times: Times,
    store: Store | None,
) -> None:
    """Cut a merchant into the facts that pages see of it.

    ``store`` is what feeds said, None of a merchant that takes no part.
    """
    if store is not None:
        merchant = _stocked(facts, merchant, store, times)
    for origin in (merchant.origin, *(p.origin for p in merchant.products)):
        if origin and origin.valid_until and origin.valid_until < times.today:
            facts.put(f"over:{origin.valid_until}", True)
    mid = merchant.id
    facts.put(f"stall:{mid}", _stall(merchant))
    facts.put(f"sheet:{mid}", msgspec.structs.replace(merchant, products=()))
    facts.put(f"door:{mid}", _door(merchant))
    rows = []
    if merchant.status == "open":
        for product in merchant.products:
            slug = slug_of(mid, product, policy, shared)
            facts.put(f"offer:{mid}/{product.sku}", product)
            facts.put(f"line:{mid}/{product.sku}", LineFact(product.name, slug))
            rows.append(_row(product, slug))
    facts.put(f"rack:{mid}", tuple(rows))


def _stocked(facts: Facts, merchant: Merchant, store: Store, times: Times) -> Merchant:
    """Put what feeds said, and return the merchant with the prices that hold by it."""
    shard = f"m{shard_of(merchant.id, times.shards)}"
    told = stock_of(store, (p.sku for p in merchant.products), times.moment)
    products = []
    every = []
    for product in merchant.products:
        said = told[product.sku]
        sale = decimal(said.sale) if said.sale is not None else ""
        since = local(said.since, times.zone)
        until = local(said.sale_until - 1, times.zone) if said.sale_until else ""
        back = local(said.restocked, times.zone)
        fact = StockFact(shard, said.state, since, sale, until, back)
        every.append((product.sku, fact))
        facts.put(f"stock:{merchant.id}/{product.sku}", fact)
        price = product.price
        if said.price is not None:
            price = None if said.stale else decimal(said.price)
        products.append(msgspec.structs.replace(product, price=price))
    facts.put(f"stock:{merchant.id}", tuple(every))
    return msgspec.structs.replace(merchant, products=tuple(products))


def _stall(merchant: Merchant) -> Stall:
    place = merchant.location
    return Stall(
        merchant.id,
        merchant.name,
        merchant.municipality or "",
        merchant.region,
        merchant.phone or "",
        merchant.website or "",
        store_of(merchant),
        place.lat if place else None,
        place.lon if place else None,
    )


def _door(merchant: Merchant) -> Merchant:
    return Merchant(
        id=merchant.id, name=merchant.name, region=merchant.region, categories=(),
        municipality=merchant.municipality, address=merchant.address, location=merchant.location,
        phone=merchant.phone, hours=merchant.hours, hours_exempt=merchant.hours_exempt,
    )  # fmt: skip


def _row(product: Product, slug: str) -> Row:
    return Row(
        product.sku,
        product.name,
        slug,
        product.price or "",
        product.brand or "",
        product.origin.label if product.origin else "",
        None if slug else product.description,
        product.image,
    )
