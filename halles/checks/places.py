"""A merchant stands inside its region."""

from collections.abc import Iterator

from halles.boundaries import boundaries
from halles.checks import Bearings, Check
from halles.model import Merchant, Position, Region
from halles.notices import Problem, Rule, Words

OUTSIDE_REGION = Rule(
    code="outside-region",
    severity="warning",
    says=Words(
        "le point {given} est hors de la région « {region} ».",
        "the point {given} is outside the region “{region}”.",
    ),
    hint=Words(
        "Vérifiez lat et lon (au Québec, lat de 44 à 63 et lon de -80 à -57), ou la région.",
        "Check lat and lon (in Québec, lat 44 to 63 and lon -80 to -57), or the region.",
    ),
    about=Words(
        "Les coordonnées tombent hors des limites de la région, ou de son polygone si "
        "data/boundaries.geojson le donne.",
        "The coordinates fall outside the region's bounds, or its polygon where "
        "data/boundaries.geojson has it.",
    ),
)


def find(merchant: Merchant, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Hold the merchant's point against its region's outline."""
    region = bearings.catalogue.regions.get(merchant.region)
    if merchant.location is None or region is None:
        return
    if not _inside(merchant.location, region, bearings):
        point = f"{merchant.location.lat:g}, {merchant.location.lon:g}"
        yield Problem(OUTSIDE_REGION, ("location",), {"given": point, "region": region.id})


def _inside(point: Position, region: Region, bearings: Bearings) -> bool:
    if bearings.boundaries:
        outlines = boundaries(*bearings.boundaries, bearings.catalogue.regions.values())
        if (known := outlines.contains(region.id, point)) is not None:
            return known
    (south, west), (north, east) = region.bounds
    return south <= point.lat <= north and west <= point.lon <= east


CHECK = Check(of=(Merchant,), rules=(OUTSIDE_REGION,), find=find)
