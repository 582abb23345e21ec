"""A merchant stands inside its region, and a region inside its own bounds."""

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
BAD_BOUNDS = Rule(
    code="bad-bounds",
    severity="error",
    says=Words(
        "les limites {given} ne vont pas du sud-ouest au nord-est.",
        "the bounds {given} do not go from south-west to north-east.",
    ),
    hint=Words(
        "Écrivez [[sud, ouest], [nord, est]], en degrés : [[47.3, -69.8], [48.8, -67.2]].",
        "Write [[south, west], [north, east]], in degrees: [[47.3, -69.8], [48.8, -67.2]].",
    ),
    about=Words(
        "Le sud des limites d'une région n'est pas au sud du nord, ou l'ouest à l'ouest de l'est.",
        "The south of a region's bounds is not south of the north, or the west not west of the "
        "east.",
    ),
)
CENTRE_OUTSIDE = Rule(
    code="centre-outside",
    severity="warning",
    says=Words(
        "le centre {given} est hors des limites de la région.",
        "the centre {given} is outside the region's bounds.",
    ),
    hint=Words("Corrigez « centre » ou « bounds ».", "Mend “centre” or “bounds”."),
    about=Words(
        "Le centre d'une région tombe hors de ses limites.",
        "A region's centre falls outside its bounds.",
    ),
)


def find(record: Merchant | Region, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Hold a merchant's point against its region's outline, and a region's against its bounds."""
    if isinstance(record, Region):
        yield from _corners(record)
    else:
        yield from _place(record, bearings)


def _corners(region: Region) -> Iterator[Problem]:
    (south, west), (north, east) = region.bounds
    if south > north or west > east:  # a point is narrow, but not the wrong way round
        given = f"[[{south:g}, {west:g}], [{north:g}, {east:g}]]"
        yield Problem(BAD_BOUNDS, ("bounds",), {"given": given})
    elif not _within(region.centre, region):
        yield Problem(CENTRE_OUTSIDE, ("centre",), {"given": _shown(region.centre)})


def _place(merchant: Merchant, bearings: Bearings) -> Iterator[Problem]:
    region = bearings.catalogue.regions.get(merchant.region)
    if merchant.location is None or region is None:
        return
    if not _inside(merchant.location, region, bearings):
        given = {"given": _shown(merchant.location), "region": region.id}
        yield Problem(OUTSIDE_REGION, ("location",), given)


def _inside(point: Position, region: Region, bearings: Bearings) -> bool:
    if bearings.boundaries:
        outlines = boundaries(*bearings.boundaries, bearings.catalogue.regions.values())
        if (known := outlines.contains(region.id, point)) is not None:
            return known
    return _within(point, region)


def _within(point: Position, region: Region) -> bool:
    (south, west), (north, east) = region.bounds
    return south <= point.lat <= north and west <= point.lon <= east


def _shown(point: Position) -> str:
    return f"{point.lat:g}, {point.lon:g}"


CHECK = Check(of=(Merchant, Region), rules=(OUTSIDE_REGION, BAD_BOUNDS, CENTRE_OUTSIDE), find=find)
