"""Structured data: what search engines are told, in schema.org's words."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from halles.facts import StockFact
from halles.hours import Day, Pair
from halles.model import Merchant, Origin
from halles.openings import Openings, Season, Special
from halles.phones import international

_AVAILABILITY = {
    "in_stock": "https://schema.org/InStock",
    "limited": "https://schema.org/LimitedAvailability",
    "out_of_stock": "https://schema.org/OutOfStock",
    "on_display_to_order": "https://schema.org/MadeToOrder",
}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def business(merchant: Merchant, url: str, name: str, kind: str) -> dict[str, Any]:
    """Return a merchant as a LocalBusiness; what is not known, or is over, is left out."""
    found: dict[str, Any] = {
        "@type": kind or "LocalBusiness",
        "@id": url,
        "name": name,
        "url": url,
    }
    if merchant.website:
        found["sameAs"] = [merchant.website]
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


def hours(shop: Openings, singly: Iterable[Special]) -> dict[str, Any]:
    """Return when a shop is open: its week, then seasons and single days; no doubt is a claim."""
    found = {"openingHoursSpecification": _week(shop.days, {})}
    others = [entry for season in shop.seasons for entry in _season(season, shop.days)]
    for first, last, day in _together(singly):
        pairs = [(opens, _within_a_day(closes)) for opens, closes in day] or [("00:00", "00:00")]
        others += [_entry(pair, {"validFrom": first, "validThrough": last}) for pair in pairs]
    if others:
        found["specialOpeningHoursSpecification"] = others
    return {name: entries for name, entries in found.items() if entries}


def _together(singly: Iterable[Special]) -> Iterator[tuple[str, str, tuple[Pair, ...]]]:
    """Yield single days, those that follow each other and are alike as one."""
    first = last = ""
    before: tuple[Pair, ...] = ()
    for special in singly:
        if special.hours is None:
            continue
        if last and special.hours == before and _after(last) == special.day:
            last = special.day
            continue
        if last:
            yield first, last, before
        first, last, before = special.day, special.day, special.hours
    if last:
        yield first, last, before


def _after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _season(season: Season, ordinary: tuple[Day, ...]) -> list[dict[str, Any]]:
    valid = {"validFrom": season.first, "validThrough": season.last}
    shut = [
        name
        for name, day, usual in zip(_DAYS, season.days, ordinary, strict=True)
        if day == () and usual
    ]
    closed = [_entry(("00:00", "00:00"), {"dayOfWeek": shut, **valid})] if shut else []
    return _week(season.days, valid) + closed


def _week(week: tuple[Day, ...], valid: dict[str, str]) -> list[dict[str, Any]]:
    """Return a week: one entry for the days that share a pair of hours."""
    days: dict[tuple[str, str], list[str]] = {}
    for name, pairs in zip(_DAYS, week, strict=True):
        for opens, closes in pairs or ():
            days.setdefault((opens, _within_a_day(closes)), []).append(name)
    return [_entry(pair, {"dayOfWeek": names, **valid}) for pair, names in days.items()]


def _entry(pair: Pair, when: dict[str, Any]) -> dict[str, Any]:
    opens, closes = pair
    return {"@type": "OpeningHoursSpecification", **when, "opens": opens, "closes": closes}


def _within_a_day(closes: str) -> str:
    hour = int(closes[:2])
    return "23:59" if closes == "24:00" else f"{hour % 24:02d}{closes[2:]}"


def offer(
    name: str, merchant_url: str, price: str, told: StockFact | None, store: str
) -> dict[str, Any]:
    """Return one merchant's offer of a product; ``store`` is what stock feeds call the merchant."""
    seller = {"@type": "LocalBusiness", "@id": merchant_url, "name": name}
    return {"@type": "Offer", "seller": seller, **_terms(price, told), **_branch(told, store)}


def stocked(product: str, price: str, told: StockFact, store: str) -> dict[str, Any]:
    """Return an offer as it stands on its merchant's page, under its product's name.

    A product within it would be one without an offer of its own, which search engines refuse.
    """
    return {"@type": "Offer", "name": product, **_terms(price, told), **_branch(told, store)}


def _branch(told: StockFact | None, store: str) -> dict[str, Any]:
    """Return where an offer is to be had, where something is known of its being there."""
    if told is None or told.state not in _AVAILABILITY:
        return {}
    return {"availableAtOrFrom": {"@type": "Place", "branchCode": store}}


def website(site: str, home: str, lang: str, icon: str) -> list[dict[str, Any]]:
    """Return the site, and whose it is."""
    owner = {"@type": "Organization", "@id": f"{home}#organization", "name": site, "url": home}
    if icon:
        owner["logo"] = icon
    return [
        {
            "@type": "WebSite",
            "@id": f"{home}#website",
            "name": site,
            "url": home,
            "inLanguage": f"{lang}-CA",
            "publisher": {"@id": owner["@id"]},
        },
        owner,
    ]


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


def item_list(items: list[tuple[str, str]], first: int) -> dict[str, Any]:
    """Return a listing: names and addresses in order, from a position on."""
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": i, "name": name, "url": url}
            for i, (name, url) in enumerate(items, first)
        ],
    }


def certified(origin: Origin, name: str) -> dict[str, Any]:
    """Return evidence of origin that holds today; of what is declared or over, nothing is said."""
    found: dict[str, Any] = {"@type": "Certification", "name": name}
    if origin.body:
        found["issuedBy"] = {"@type": "Organization", "name": origin.body}
    if origin.number:
        found["certificationIdentification"] = origin.number
    if origin.valid_until:
        found["expires"] = origin.valid_until
    if origin.url:
        found["url"] = origin.url
    return {"hasCertification": found}
