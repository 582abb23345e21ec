"""Which clock a shop's hours are told by."""

import pytest

from halles.model import Merchant, Position
from halles.zones import zone_of


def shop(town: str = "", lat: float | None = None, lon: float | None = None) -> Merchant:
    """Return a shop somewhere."""
    place = Position(lat=lat, lon=lon) if lat is not None and lon is not None else None
    return Merchant(
        id="a", name="A", region="r", categories=("c",), municipality=town or None, location=place
    )


@pytest.mark.parametrize(
    ("town", "lat", "lon", "zone"),
    [
        ("Montréal", 45.5, -73.57, ""),
        ("Gaspé", 48.83, -64.48, ""),
        ("Percé", 48.52, -64.21, ""),
        ("Havre-Saint-Pierre", 50.24, -63.6, ""),
        ("Port-Menier", 49.82, -64.35, ""),
        ("Natashquan", 50.19, -61.82, ""),
        ("Kegaska", 50.19, -61.27, "America/Blanc-Sablon"),
        ("Saint-Augustin", 51.23, -58.65, "America/Blanc-Sablon"),
        ("Blanc-Sablon", None, None, "America/Blanc-Sablon"),
        ("Saint-Augustin-de-Desmaures", 46.74, -71.46, ""),
        ("", 47.38, -61.86, "America/Halifax"),
        ("Les Îles-de-la-Madeleine", None, None, "America/Halifax"),
        ("Grosse-Île", None, None, "America/Halifax"),
        ("Listuguj", 48.02, -66.7, "America/Halifax"),
        ("Pointe-à-la-Croix", 48.02, -66.68, ""),
        ("", None, None, ""),
    ],
)
def test_the_law_on_legal_time(town: str, lat: float | None, lon: float | None, zone: str) -> None:
    """Its three clocks, and Minganie, which keeps Montréal's past the 63rd meridian."""
    assert zone == zone_of(shop(town, lat, lon))
