"""Structured data: what search engines are told, in schema.org's words."""

from typing import Any

from halles.facts import StockFact
from halles.hours import Week
from halles.model import Merchant
from halles.phones import international

_AVAILABILITY = {
    "in_stock": "https://schema.org/InStock",
    "limited": "https://schema.org/LimitedAvailability",
    "out_of_stock": "https://schema.org/OutOfStock",
    "on_display_to_order": "https://schema.org/MadeToOrder",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def business(
    merchant: Merchant, url: str, name: str, kind: str, week: Week | None
) -> dict[str, Any]:
    """Return a merchant as a LocalBusiness; what is not known, or is over, is left out."""
    found: dict[str, Any] = {
        "@type": kind or "LocalBusiness",
        "@id": url,
        "name": name,
        "url": merchant.website or url,
    }
    is_open = merchant.status == "open"
    if is_open and merchant.phone and (number := international(merchant.phone)):
        found["telephone"] = number
    if is_open and merchant.email:
        found["email"] = merchant.email
    if merchant.address or merchant.municipality:
        found["address"] = address(merchant)
    if merchant.location:
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": merchant.location.lat,
            "longitude": merchant.location.lon,
        }
    if week and is_open:
        found["openingHoursSpecification"] = opening_hours(week)
    if merchant.neq:
        found["identifier"] = {"@type": "PropertyValue", "propertyID": "NEQ", "value": merchant.neq}
    return found


def address(merchant: Merchant) -> dict[str, str]:
    """Return where the post goes."""
    found = {"@type": "PostalAddress", "addressRegion": "QC", "addressCountry": "CA"}
    if merchant.municipality:
        found["addressLocality"] = merchant.municipality
    if merchant.address and merchant.address.street:
        found["streetAddress"] = merchant.address.street
    if merchant.address and merchant.address.postal_code:
        found["postalCode"] = merchant.address.postal_code
    return found


def opening_hours(week: Week) -> list[dict[str, Any]]:
    """Return a week: one entry for the days that share a pair of hours."""
    days: dict[tuple[str, str], list[str]] = {}
    for name, pairs in zip(_DAYS, week.days, strict=True):
        for opens, closes in pairs:
            days.setdefault((opens, _within_a_day(closes)), []).append(name)
    return [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": names, "opens": opens, "closes": closes}
        for (opens, closes), names in days.items()
    ]


def _within_a_day(closes: str) -> str:
    hour = int(closes[:2])
    return "23:59" if closes == "24:00" else f"{hour % 24:02d}{closes[2:]}"


def offer(name: str, merchant_url: str, price: str, told: StockFact | None) -> dict[str, Any]:
    """Return one merchant's offer of a product."""
    seller = {"@type": "LocalBusiness", "@id": merchant_url, "name": name}
    return {"@type": "Offer", "seller": seller, **_terms(price, told)}


def stocked(product: str, price: str, told: StockFact) -> dict[str, Any]:
    """Return an offer as it stands on its merchant's page."""
    item = {"@type": "Product", "name": product}
    return {"@type": "Offer", "itemOffered": item, **_terms(price, told)}


def _terms(price: str, told: StockFact | None) -> dict[str, Any]:
    """Return price and availability; of what is unknown nothing is said."""
    found: dict[str, Any] = {}
    if told and told.sale:
        found |= {"price": told.sale, "priceCurrency": "CAD"}
        if told.sale_until:
            found["priceValidUntil"] = told.sale_until[:10]
    elif price:
        found |= {"price": price, "priceCurrency": "CAD"}
    if told and told.state in _AVAILABILITY:
        found["availability"] = _AVAILABILITY[told.state]
    return found


def item_list(urls: list[str], first: int) -> dict[str, Any]:
    """Return a listing: the addresses in order, from a position on."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": i, "url": url} for i, url in enumerate(urls, first)
        ],
    }
