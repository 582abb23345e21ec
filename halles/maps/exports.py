"""A region's points for other people's maps: GeoJSON, and KML."""

from collections.abc import Sequence
from html import escape

import msgspec

from halles.model import Text, said
from halles.points import GRAIN, Point

_json = msgspec.json.Encoder().encode


def geojson(points: Sequence[Point], start: str) -> bytes:
    """Return points as GeoJSON (RFC 7946); a merchant's page stands under ``start``."""
    features = b",\n".join(
        b'{"type":"Feature","id":%s,"geometry":{"type":"Point","coordinates":[%s,%s]},'
        b'"properties":{"name":%s,"town":%s,"categories":%s,"url":%s}}'
        % (
            _json(p.id), _degrees(p.lon), _degrees(p.lat), _json(said(p.name, "fr")[0]),
            _json(p.town), _json(p.categories), _json(f"{start}{p.id}/"),
        )
        for p in points
    )  # fmt: skip
    return b'{"type":"FeatureCollection","features":[\n%s\n]}\n' % features


def kml(points: Sequence[Point], start: str, title: Text) -> bytes:
    """Return points as KML 2.2."""
    marks = "\n".join(
        f'<Placemark id="{p.id}"><name>{escape(said(p.name, "fr")[0])}</name>'
        f"<address>{escape(p.town)}</address>"
        f"<description>{escape(f'{start}{p.id}/')}</description><Point><coordinates>"
        f"{_degrees(p.lon).decode()},{_degrees(p.lat).decode()}</coordinates></Point></Placemark>"
        for p in points
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><name>{escape(said(title, 'fr')[0])}</name>\n{marks}\n</Document></kml>\n"
    ).encode()


def _degrees(grains: int) -> bytes:
    return b"%.5f" % (grains / GRAIN)
