"""Which clock a shop's hours are told by.

Québec has three (Loi sur le temps légal, T-5.1): the east's, from the 63rd meridian on, is Atlantic
time without summer time; but the MRC of Minganie keeps the time of Montréal whole, and the
Îles-de-la-Madeleine and Listuguj keep Atlantic time with summer time. So a place is looked for in
this table, by its town's name, then by where it stands; elsewhere the site's own clock holds.
"""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from halles.model import Merchant
from halles.text import fold

ATLANTIC, NO_SUMMER = "America/Halifax", "America/Blanc-Sablon"
TOWNS = {
    "les iles de la madeleine": ATLANTIC,
    "iles de la madeleine": ATLANTIC,
    "grosse ile": ATLANTIC,
    "cap aux meules": ATLANTIC,
    "listuguj": ATLANTIC,
    "blanc sablon": NO_SUMMER,
    "bonne esperance": NO_SUMMER,
    "gros mecatina": NO_SUMMER,
    "cote nord du golfe du saint laurent": NO_SUMMER,
    "cote nord du golfe saint laurent": NO_SUMMER,
    "la romaine": NO_SUMMER,
    "unamen shipu": NO_SUMMER,
    "pakuashipi": NO_SUMMER,
    "pakua shipi": NO_SUMMER,
}
"""Towns whose name no other town of Québec has."""
SQUARES = (
    ((47.0, -62.6), (48.0, -60.9), ATLANTIC),  # Îles-de-la-Madeleine
    ((50.0, -61.6), (53.0, -57.0), NO_SUMMER),  # from Kegaska to Blanc-Sablon, past Natashquan
)
"""(south-west, north-east, zone)."""


def zone_of(merchant: Merchant) -> str:
    """Return the time zone of a shop, or nothing where the site's own clock holds."""
    place = merchant.location
    return _zone(merchant.municipality or "", place.lat if place else 0, place.lon if place else 0)


@lru_cache(maxsize=4096)
def _by_name(town: str) -> str:
    return TOWNS.get(fold(town), "")


def _zone(town: str, lat: float, lon: float) -> str:
    """Look for a place in the table.

    >>> _zone("Blanc-Sablon", 0, 0), _zone("Natashquan", 50.19, -61.82)
    ('America/Blanc-Sablon', '')
    """
    if found := _by_name(town):
        return found
    for (south, west), (north, east), zone in SQUARES:
        if south <= lat <= north and west <= lon <= east:
            return zone
    return ""


@lru_cache(maxsize=4096)
def local(seconds: int, zone: str) -> str:
    """Return a time as clocks of a zone show it, to the minute; nothing of no time.

    >>> local(1795460700, "America/Montreal")
    '2026-11-23T14:05-05:00'
    """
    if not seconds:
        return ""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).isoformat(timespec="minutes")
