"""OpenStreetMap: a GeoJSON extract becomes merchant files, and keeps them fresh.

Each element that has a name, a category and a place in one of the site's regions makes one file,
which names the element in a comment on top (``# osm: node/1, © OpenStreetMap contributors``). What
OSM said of it is remembered in data/imports/osm.jsonl, so that a later import can tell what changed
upstream from what an editor changed here: OSM's news is taken, an editor's word is never touched.
A shop that OSM says is no more is closed here, without a day, and opens again if it does there.
An extract covers one area and one theme; that it lacks an element says nothing, and nothing is ever
deleted.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import msgspec
import phonenumbers
import shapely
import yaml
from opening_hours import validate
from shapely.geometry import shape
from slugify import slugify
from yaml import CBaseLoader

from halles.boundaries import match_polygons
from halles.model import Corner, Email, Line, Merchant, PostalCode, Region, Url
from halles.read.importers import Importer, ImportRefused, Kept, Outcome, Skipped, Wrote

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""A value as YAML and JSON both carry it: every scalar is its text."""
Fields: TypeAlias = Mapping[str, Value]
Element: TypeAlias = str
Point: TypeAlias = tuple[float, float]

FIELDS = (
    *(
        "id",
        "name",
        "region",
        "status",
        "municipality",
        "address",
        "location",
        "phone",
        "email",
        "website",
    ),
    *("categories", "tags", "hours", "services", "payment"),
)
MERCHANTS = PurePosixPath("content/merchants")
MEMORY = PurePosixPath("data/imports/osm.jsonl")
TABLE: Mapping[str, Any] = tomllib.loads(
    Path(__file__).with_name("osm_tags.toml").read_text(encoding="utf-8")
)


def bring_in(files: Sequence[Path], root: Path, *, dry_run: bool) -> Iterator[Outcome]:
    """Yield what becomes of each feature of the extracts, in their order, as it is done."""
    features = [(f"{file.name}#{n}", one) for file in files for n, one in read_features(file)]
    site = read_site(root)
    memory = read_memory(root)
    homes = find_homes(root, memory)
    remembered = dict(memory)
    try:
        for found in judge(features, site):
            past = memory.get(found.source if isinstance(found, Skipped) else found.element)
            if isinstance(found, Skipped) and found.reason == "closed" and past:
                found = closed(found.source, past)
            if isinstance(found, Skipped):
                yield found if past is None else replace(found, detail=_also(found, past))
                continue
            step = settle(found, past, homes(found.element), root)
            if not dry_run:
                carry_out(step, root)
            if step.remembered:
                remembered[found.element] = step.remembered
            yield step.outcome
    finally:
        if not dry_run and remembered != memory:
            put(root / MEMORY, memory_text(remembered))


def closed(element: Element, past: Remembered) -> Today:
    """Return what OSM says of a merchant that is no more: what it last said, and that it closed.

    The tags of what stands there now are another's, or nobody's.
    """
    return Today(element, {**past.fields, "status": "closed"})


def _also(found: Skipped, past: Remembered) -> str:
    return f"{found.detail}; {past.file}" if found.detail else str(past.file)


# --- what the extracts hold ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Feature:
    """One OSM element: its id, its tags, and where it is if it is anywhere."""

    element: Element
    tags: Mapping[str, str]
    point: Point | None


@dataclass(frozen=True, slots=True)
class Today:
    """What OSM says of one merchant today."""

    element: Element
    fields: Fields


def read_features(path: Path) -> list[tuple[int, Any]]:
    """Return the features of a GeoJSON file, numbered from 1."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise ImportRefused(
            fr=f"le fichier {path} ne peut pas être lu.", en=f"the file {path} cannot be read."
        ) from None
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict) and isinstance(found.get("elements"), list):
        raise ImportRefused(
            fr=f"{path} est du JSON d’Overpass ; convertissez-le en GeoJSON (avec osmtogeojson).",
            en=f"{path} is Overpass JSON; convert it to GeoJSON (with osmtogeojson).",
        )
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise ImportRefused(
            fr=f"{path} n’est pas un fichier GeoJSON (une FeatureCollection est attendue).",
            en=f"{path} is not a GeoJSON file (a FeatureCollection is expected).",
        )
    return list(enumerate(features, 1))


def judge(features: Iterable[tuple[str, Any]], site: Site) -> Iterator[Today | Skipped]:
    """Yield a merchant, or why there is none, for each feature; the first of two twins wins."""
    seen: set[Element] = set()
    for place, raw in features:
        feature = read_feature(raw)
        if feature is None:
            yield Skipped(place, "unusable", "no OSM id")
        elif feature.element in seen:
            yield Skipped(feature.element, "duplicate", place)
        else:
            seen.add(feature.element)
            yield to_merchant(feature, site)


def read_feature(raw: Any) -> Feature | None:
    """Return the OSM element of a GeoJSON feature, or None if it does not say which it is."""
    properties = raw.get("properties") if isinstance(raw, dict) else None
    if not isinstance(properties, dict):
        return None
    element = element_of(raw.get("id"), properties.get("@id"), properties.get("id"))
    if element is None:
        return None
    texts = (
        (key, clean(str(value)))
        for key, value in properties.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    )
    tags = {key: text for key, text in texts if text and key != "@id"}
    return Feature(element, tags, point_of(raw.get("geometry")))


def element_of(*candidates: object) -> Element | None:
    """Return the first OSM id among the candidates, in its long form.

    >>> element_of(12, "n0112")
    'node/112'
    """
    kinds = {"n": "node", "w": "way", "r": "relation"}
    for candidate in candidates:
        found = re.fullmatch(r"(node/|way/|relation/|n|w|r)([0-9]{1,19})", str(candidate))
        if found:
            return f"{kinds[found[1][0]]}/{int(found[2])}"
    return None


def point_of(geometry: object) -> Point | None:
    """Return where a point is, or the middle of an area, as Overpass puts its centres."""
    if not isinstance(geometry, dict):
        return None
    if geometry.get("type") not in ("Point", "Polygon", "MultiPolygon"):
        return None
    points = list(positions(geometry.get("coordinates")))
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def positions(coordinates: object) -> Iterator[Point]:
    """Yield the positions at any depth of GeoJSON coordinates that lie on Earth."""
    match coordinates:
        case [int() | float() as lon, int() | float() as lat, *_]:
            if math.isfinite(lon) and abs(lon) <= 180 and abs(lat) <= 90:
                yield float(lon), float(lat)
        case [*deeper]:
            for inner in deeper:
                yield from positions(inner)


def clean(text: str) -> str:
    """Return text on one line, without the characters that nobody can see.

    >>> clean("Caf\\u0065\\u0301 \\u200e\\tNoir\\x00")
    'Café Noir'
    """
    if not text.isprintable():
        text = "".join(
            c if c.isprintable() or c == "\u200d" else " " if c.isspace() else "" for c in text
        )
    return " ".join(unicodedata.normalize("NFC", text).split())


# --- from tags to the fields of a merchant ------------------------------------------------------


def to_merchant(feature: Feature, site: Site) -> Today | Skipped:
    """Return the merchant that an element is, or the first reason why it is none."""
    tags, element = feature.tags, feature.element
    if is_closed(tags):
        return Skipped(element, "closed", main_tag(tags))
    name = tags.get("name") or tags.get("name:fr", "")
    if not fits(name, Line):
        return Skipped(element, "no-name", main_tag(tags))
    categories, missing = categories_of(tags, site.categories)
    if not categories:
        return Skipped(element, "no-category", " ".join(missing) or main_tag(tags))
    if feature.point is None:
        return Skipped(element, "not-a-point", name)
    region = site.regions.at(feature.point)
    if region is None:
        return Skipped(element, "outside-every-region", f"{degrees(feature.point)} {name}")
    fields = fields_of(feature, feature.point, name, region, categories)
    return Today(element, fields)


def main_tag(tags: Mapping[str, str]) -> str:
    """Return the tag by which a person would know what the element is, if one stands out."""
    keys = [*TABLE["categories"], "office", "healthcare", "leisure", "man_made", "landuse"]
    ghosts = [key for key in tags if key.partition(":")[0] in LIFECYCLE]
    return next((f"{key}={tags[key]}" for key in [*keys, *ghosts] if key in tags), "")


LIFECYCLE = {"disused", "abandoned", "was", "demolished", "removed", "razed", "closed"}


def is_closed(tags: Mapping[str, str]) -> bool:
    """Say whether the tags tell of a shop that is no more.

    An old shop's tags often stay beside those of the shop that took its place: that one is open.
    """
    if tags.get("opening_hours", "").strip('"').lower() in ("off", "closed"):
        return True
    if any(tags.get(key) == "yes" for key in LIFECYCLE):
        return True
    if any(meanings(tags, "categories")):
        return False
    parted = ((key.partition(":"), value) for key, value in tags.items())
    once = {key[2]: value for key, value in parted if key[0] in LIFECYCLE}
    return tags.get("shop") == "vacant" or any(meanings(once, "categories"))


def meanings(tags: Mapping[str, str], part: str) -> Iterator[Any]:
    """Yield what a part of the table has to say of these tags, in the table's order."""
    for key, values in TABLE[part].items():
        for value in tags.get(key, "").split(";"):
            meaning = values.get(value.strip().lower())
            if meaning:
                yield meaning


def categories_of(tags: Mapping[str, str], known: frozenset[str]) -> tuple[list[str], list[str]]:
    """Return the site's categories for these tags, the main one first, and those it lacks."""
    found, missing = _nearest(meanings(tags, "categories"), known)
    if found:
        found += _nearest(meanings(tags, "also"), known)[0]
    return list(dict.fromkeys(found)), list(dict.fromkeys(missing))


def _nearest(wanted: Iterable[list[str]], known: frozenset[str]) -> tuple[list[str], list[str]]:
    found: list[str] = []
    missing: list[str] = []
    for alternatives in wanted:
        near = next((one for one in alternatives if one in known), None)
        found += [near] if near else []
        missing += [] if near else alternatives[:1]
    return found, missing


def fields_of(
    feature: Feature, point: Point, name: str, region: str, categories: list[str]
) -> Fields:
    """Return the fields of a merchant file; a piece that the file could not hold is left out."""
    tags = feature.tags
    lat, lon = degrees(point).split()
    found: dict[str, Value | None] = {
        "id": f"{slug(name) or 'commerce'}-{feature.element[0]}{feature.element.partition('/')[2]}",
        "name": name,
        "region": region,
        "municipality": first(tags, Line, "addr:city", "contact:city"),
        "address": address_of(tags),
        "location": {"lat": lat, "lon": lon},
        "phone": phone_of(tags),
        "email": first(tags, Email, "email", "contact:email", apart=r"[;,\s]+"),
        "website": website_of(tags),
        "categories": [*categories[:20]],
        "tags": [*dict.fromkeys(meanings(tags, "tags"))],
        "hours": hours_of(tags),
        "services": words_of(tags, "services"),
        "payment": words_of(tags, "payment"),
    }
    return {key: value for key, value in found.items() if value}


def slug(name: str) -> str:
    """Return a name as a piece of an id.

    >>> slug("L’Œuf n° 1")
    'l-oeuf-n-1'
    """
    return slugify(name, max_length=60, word_boundary=True, replacements=[("’", "'"), ("°", "")])


def degrees(point: Point) -> str:
    """Return latitude and longitude as text, to the centimetre that OSM keeps."""
    return " ".join(f"{part:.7f}".rstrip("0").rstrip(".") for part in (point[1], point[0]))


def first(tags: Mapping[str, str], kind: Any, *keys: str, apart: str = "$^") -> str | None:
    """Return the first of the tags' values that a merchant file may hold."""
    pieces = (piece for key in keys for piece in re.split(apart, tags.get(key, "")))
    return next((piece for piece in pieces if fits(piece, kind)), None)


def fits(value: object, kind: Any) -> bool:
    """Say whether a merchant file may hold this value in a field of that kind."""
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError:
        return False
    return True


def address_of(tags: Mapping[str, str]) -> dict[str, Value]:
    """Return the civic address as Québec writes it: ``12, rue X, local 3``."""
    code = re.sub(r"[^A-Z0-9]", "", tags.get("addr:postcode", "").upper())
    code = f"{code[:3]} {code[3:]}"
    street = street_of(tags)
    pieces: dict[str, Value] = {"street": street} if fits(street, Line) else {}
    return pieces | ({"postal_code": code} if fits(code, PostalCode) else {})


def street_of(tags: Mapping[str, str]) -> str:
    """Return the street with its number before it and the unit after it, where they are known."""
    street = tags.get("addr:street") or tags.get("addr:place", "")
    number = re.sub(r"\s*;\s*", "-", tags.get("addr:housenumber", "").strip(" ,;"))
    if not street or not number:
        return street
    generic, _, proper = street.partition(" ")
    if proper and generic.lower() in TABLE["street"]["generic"]:
        street = f"{generic.lower()} {proper}"
    unit = tags.get("addr:unit")
    return f"{number}, {street}" + (f", local {unit}" if unit else "")


def phone_of(tags: Mapping[str, str]) -> str | None:
    """Return the first valid North American number, written ``514 555-1234``."""
    for key in ("phone", "contact:phone", "mobile", "contact:mobile"):
        for piece in filter(None, re.split(r"[;,/]", tags.get(key, ""))):
            try:
                number = phonenumbers.parse(piece, "CA")
            except phonenumbers.NumberParseException:
                continue
            if number.country_code == 1 and phonenumbers.is_valid_number(number):
                digits = str(number.national_number)
                return f"{digits[:3]} {digits[3:6]}-{digits[6:]}"
    return None


def website_of(tags: Mapping[str, str]) -> str | None:
    """Return the first web address; one that lacks its scheme is given the one all sites answer."""
    for key in ("website", "contact:website", "website:fr", "url"):
        for piece in re.split(r"[;,]?\s+|;(?=https?:|www\.)", tags.get(key, "")):
            scheme, mark, rest = piece.partition("://")
            url = f"{scheme.lower()}://{rest}" if mark else f"http://{piece}"
            if fits(url, Url) and _has_host(url):
                return url
    return None


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(re.fullmatch(r"[^\W_][\w-]*(\.[\w-]+)*\.\w{2,}", parts.hostname or ""))
    except ValueError:
        return False


def hours_of(tags: Mapping[str, str]) -> str | None:
    """Return the opening hours if they follow OSM's own grammar, and are not a mere remark."""
    text = tags.get("opening_hours", "")
    remark = re.fullmatch(r'"[^"]*"', text)
    return text if not remark and validate(text) and fits(text, Line) else None


def words_of(tags: Mapping[str, str], part: str) -> list[Value]:
    """Return the words of a part of the table that one of the tags says yes to."""
    return [
        word
        for word, asked in TABLE[part].items()
        if any(tags.get(key) in values for key, values in asked.items())
    ]


# --- the site: its regions and categories -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Regions:
    """Where the regions lie: within a polygon where one is known, else within bounds.

    A point that no polygon holds may still be in the smallest of the boxes of other regions.
    """

    drawn: tuple[str, ...]
    tree: shapely.STRtree
    boxes: tuple[tuple[str, tuple[Corner, Corner]], ...]

    def at(self, point: Point) -> str | None:
        """Return the region of a point, the same one each time where two of them touch."""
        found = self.tree.query(shapely.Point(point), predicate="intersects")
        if len(found):
            return min(self.drawn[int(index)] for index in found)
        lon, lat = point
        holding = (name for name, ((s, w), (n, e)) in self.boxes if s <= lat <= n and w <= lon <= e)
        return next(holding, None)


@dataclass(frozen=True, slots=True)
class Site:
    """What an import must know of the site: its regions and the ids of its categories."""

    regions: Regions
    categories: frozenset[str]


def read_site(root: Path) -> Site:
    """Return what the root says of its regions and categories."""
    read = (read_region(path) for path in sorted(root.glob("content/regions/*.md")))
    regions = [region for region in read if region]
    categories = root / "content/categories.yaml"
    known = ids(read_yaml(categories)) if categories.exists() else ()
    boundaries = root / "data/boundaries.geojson"
    features = [one for _, one in read_features(boundaries)] if boundaries.exists() else []
    try:
        return Site(locate(regions, features), frozenset(known))
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        raise ImportRefused(
            fr=f"{boundaries} contient un polygone illisible.",
            en=f"{boundaries} holds a polygon that cannot be read.",
        ) from None


def read_yaml(path: Path) -> Value:
    """Return what a YAML file says, with every scalar as its text."""
    try:
        return plain(yaml.compose(path.read_bytes(), Loader=CBaseLoader))
    except (yaml.YAMLError, ValueError):
        raise ImportRefused(
            fr=f"{path} n’est pas du YAML correct ; corrigez-le d’abord.",
            en=f"{path} is not correct YAML; mend it first.",
        ) from None


def plain(node: yaml.Node | None) -> Value:
    """Return the value of a YAML node with every scalar as its text."""
    match node:
        case yaml.MappingNode():
            return {str(plain(key)): plain(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [plain(one) for one in node.value]
        case yaml.ScalarNode():
            return str(node.value)
    return ""


def ids(tree: Value) -> Iterator[str]:
    """Yield the id of each category of a tree."""
    for branch in tree if isinstance(tree, list) else []:
        if isinstance(branch, dict):
            yield str(branch.get("id", ""))
            yield from ids(branch.get("children", []))


def read_region(path: Path) -> Region | None:
    """Return the region of a file of content/regions/, or None for one the site leaves out too."""
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    found = re.match(r"---[ ]*\r?\n(.*?\n)---", text, re.DOTALL)
    try:
        facts = plain(yaml.compose(found[1] if found else "", Loader=CBaseLoader))
        return msgspec.convert(facts, Region, strict=False)
    except (yaml.YAMLError, msgspec.ValidationError):
        return None


def locate(regions: Sequence[Region], features: Sequence[Any]) -> Regions:
    """Return where the regions lie, from their bounds and from whatever polygons fit them."""
    owners = match_polygons(features, regions)
    shapes = [shapely.make_valid(shape(features[index]["geometry"])) for index in owners]
    boxes = [(one.id, one.bounds) for one in regions if one.id not in owners.values()]
    boxes.sort(key=lambda box: (_extent(box[1]), box[0]))
    return Regions(tuple(owners.values()), shapely.STRtree(shapes), tuple(boxes))


def _extent(bounds: tuple[Corner, Corner]) -> float:
    (south, west), (north, east) = bounds
    return (north - south) * (east - west)


# --- what was imported before -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remembered:
    """Where an element's merchant file is, and what OSM said when it was last imported."""

    file: PurePosixPath
    fields: Fields


def read_memory(root: Path) -> Mapping[Element, Remembered]:
    """Return what earlier imports remember."""
    path = root / MEMORY
    if not path.exists():
        return {}
    memory = {}
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            file = PurePosixPath(row["file"])
            if ".." in file.parts or file.parent.parent.parent != MERCHANTS:
                raise ValueError(file)
            memory[str(row["element"])] = Remembered(file, dict(row["fields"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ImportRefused(
            fr=f"{path} est abîmé à la ligne {len(memory) + 1} ; reprenez-le de git.",
            en=f"{path} is damaged at line {len(memory) + 1}; take it back from git.",
        ) from None
    return memory


def memory_text(memory: Mapping[Element, Remembered]) -> str:
    """Return the memory as JSON lines in the order of the elements' ids."""
    rows = (
        {"element": element, "file": str(past.file), "fields": past.fields}
        for element, past in sorted(memory.items())
    )
    return "".join(json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)


def find_homes(
    root: Path, memory: Mapping[Element, Remembered]
) -> Callable[[Element], PurePosixPath | None]:
    """Return how to find an element's file: where it was left, else by the comment on its top.

    The comments are read only once something is not where it was left, or is new.
    """
    marks = cache(lambda: read_marks(root, {str(past.file) for past in memory.values()}))

    def home(element: Element) -> PurePosixPath | None:
        past = memory.get(element)
        if past and (root / past.file).is_file():
            return past.file
        return marks().get(element)

    return home


def read_marks(root: Path, known: set[str]) -> Mapping[Element, PurePosixPath]:
    """Return the merchant files, but for the known ones, that a comment ties to an element."""
    marks: dict[Element, PurePosixPath] = {}
    for path in sorted(root.glob(f"{MERCHANTS}/*/*/*.yaml")):
        file = PurePosixPath(path.relative_to(root).as_posix())
        if str(file) in known:
            continue
        with path.open("rb") as stream:
            head = stream.read(1024)
        found = re.search(rb"^# osm: ((?:node|way|relation)/[0-9]+)\b", head, re.MULTILINE)
        if found:
            marks.setdefault(found[1].decode(), file)
    return marks


# --- what to do about one merchant --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be said of one merchant, remembered, written and taken away."""

    outcome: Outcome
    remembered: Remembered | None = None
    text: str | None = None
    gone: PurePosixPath | None = None


def settle(today: Today, past: Remembered | None, home: PurePosixPath | None, root: Path) -> Step:
    """Return what to do about a merchant, given what was imported and what stands in its file."""
    if home is None:
        return welcome(today, root) if past is None else dismiss(today, past)
    if past is None or past.fields == today.fields:
        return Step(Kept(home), Remembered(home, today.fields))
    try:
        return refresh(today, past, home, (root / home).read_bytes().decode())
    except (ValueError, yaml.YAMLError):
        return Step(Skipped(today.element, "unusable", str(home)))


def welcome(today: Today, root: Path) -> Step:
    """Give a merchant its file, unless another one has it."""
    file = place(today.fields)
    if not fits(dict(today.fields), Merchant):
        return Step(Skipped(today.element, "unusable", str(file)))
    if (root / file).exists():
        return Step(Skipped(today.element, "id-taken", str(file)))
    text = f"# osm: {today.element}, © OpenStreetMap contributors, ODbL 1.0\n" + "".join(
        render(key, value) for key, value in today.fields.items()
    )
    return Step(Wrote(file, "added"), Remembered(file, today.fields), text)


def dismiss(today: Today, past: Remembered) -> Step:
    """Leave out a merchant whose file an editor has removed: it stays removed."""
    return Step(Skipped(today.element, "removed-here", str(past.file)))


def refresh(today: Today, past: Remembered, home: PurePosixPath, text: str) -> Step:
    """Bring OSM's news into a file, which moves if its region does."""
    mine = values_of(text)
    merged = merge(past.fields, today.fields, mine)
    remembered = Remembered(home, today.fields)
    if merged == mine:
        return Step(Kept(home), remembered)
    body = text.removeprefix("\ufeff")
    text = text[: len(text) - len(body)] + rewrite(body, merged)
    if merged.get("region") == mine.get("region"):
        return Step(Wrote(home, _news(mine, merged)), remembered, text)
    file = MERCHANTS / str(merged["region"]) / home.parent.name / home.name
    return Step(Wrote(file, "moved"), replace(remembered, file=file), text, gone=home)


def _news(mine: Fields, merged: Fields) -> str:
    if mine.get("status") == merged.get("status"):
        return "changed"
    return "now-closed" if merged.get("status") == "closed" else "open-again"


def place(fields: Fields) -> PurePosixPath:
    """Return where the file of a merchant belongs."""
    own = str(fields["id"])
    return MERCHANTS / str(fields["region"]) / own[:2] / f"{own}.yaml"


def merge(before: Fields, now: Fields, mine: Fields) -> dict[str, Value]:
    """Return the file's fields with OSM's news, but for what an editor has changed.

    The id stays whatever the name becomes; an address is merged piece by piece; whoever gave the
    day of the closing has made it theirs.
    """
    merged = dict(mine)
    for key in FIELDS[1:]:
        old, new, own = before.get(key), now.get(key), mine.get(key)
        value = new if own == old else own
        if key == "status" and "closed_on" in mine:
            value = own
        if key == "address":
            value = _merge_pieces(old, new, own)
        merged.pop(key, None)
        merged |= {key: value} if value is not None else {}
    return merged


def _merge_pieces(old: Value | None, new: Value | None, own: Value | None) -> Value | None:
    pieces = [one or {} for one in (old, new, own)]
    if own == old or not all(isinstance(one, dict) for one in pieces):
        return new if own == old else own
    before, now, mine = ({**one} for one in pieces if isinstance(one, dict))
    for key in before.keys() | now.keys():
        if mine.get(key) == before.get(key):
            mine.pop(key, None)
            mine |= {key: now[key]} if key in now else {}
    return {key: mine[key] for key in sorted(mine, reverse=True)} or None


def carry_out(step: Step, root: Path) -> None:
    """Write what a step asks for."""
    if step.text is not None and isinstance(step.outcome, Wrote):
        put(root / step.outcome.path, step.text)
    if step.gone:
        (root / step.gone).unlink()


def put(target: Path, text: str) -> None:
    """Replace target with text: a reader sees the old file or the new, never half."""
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.new")
    scratch.write_bytes(text.encode())
    scratch.replace(target)


# --- YAML, written and rewritten ----------------------------------------------------------------


def render(key: str, value: Value) -> str:
    """Return one field of a merchant file as tidy YAML.

    >>> render("address", {"street": "12, rue X"})
    'address:\\n  street: 12, rue X\\n'
    """
    if isinstance(value, str):
        return f"{key}: {scalar(value)}\n"
    if key == "address" and isinstance(value, dict):
        return f"{key}:\n" + "".join(f"  {render(name, piece)}" for name, piece in value.items())
    return f"{key}: {flow(value)}\n"


def flow(value: Value) -> str:
    """Return a value on one line."""
    if isinstance(value, list):
        return f"[{', '.join(flow(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {flow(one)}' for key, one in value.items())}}}"
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return value
    return scalar(value) if re.fullmatch(r"[\w .’'-]+", value) else quoted(value)


def scalar(text: str) -> str:
    """Return a text without quotes where no reader of YAML could take it for anything else.

    >>> scalar("12, rue X"), scalar("no"), scalar("Bar : 5 à 7")
    ('12, rue X', '"no"', '"Bar : 5 à 7"')
    """
    odd = re.search(r": |:$| #|[^\S ]", text) or not re.match(r"[^\W_]", text)
    return quoted(text) if odd or _reads_as_other(text) else text


OTHER_READERS = yaml.resolver.Resolver()
"""What YAML 1.1 takes for a number, a date or a yes."""


def _reads_as_other(text: str) -> bool:
    tag = OTHER_READERS.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    if tag != "tag:yaml.org,2002:str":
        return True
    return bool(re.fullmatch(r"[0-9]+([.eE][-+]?[0-9]+)*|0o[0-7]+|y|n|Y|N", text))


def quoted(text: str) -> str:
    """Return a text between quotes: JSON's are YAML's."""
    return json.dumps(text, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one key and its value stand in a file."""

    start: int
    end: int
    value: Value


def entries(text: str) -> dict[str, Entry]:
    """Return where each key of a merchant file stands; the file must be a mapping."""
    node = yaml.compose(text, Loader=CBaseLoader)
    if not isinstance(node, yaml.MappingNode) or node.flow_style:
        raise ValueError(text[:80])
    return {
        str(plain(key)): Entry(key.start_mark.index, end_of(value, text), plain(value))
        for key, value in node.value
    }


def end_of(node: yaml.Node, text: str) -> int:
    """Return where a value really ends: YAML's own marks run on through the comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(last[1] if isinstance(last, tuple) else last, text)
    start = int(node.start_mark.index)
    return start + len(text[start : node.end_mark.index].rstrip())


def values_of(text: str) -> dict[str, Value]:
    """Return the fields of a merchant file."""
    return {key: entry.value for key, entry in entries(text).items()}


def rewrite(text: str, fields: Fields) -> str:
    """Return the file with these fields, and every other byte of it as it was."""
    for key in FIELDS:
        if values_of(text).get(key) != fields.get(key):
            text = with_field(text, key, fields.get(key))
    if values_of(text) != fields:
        raise ValueError(text[:80])
    return text


def with_field(text: str, key: str, value: Value | None) -> str:
    """Return the file with one field set or, for None, taken out; comments stay."""
    line_break = "\r\n" if "\r\n" in text else "\n"
    new = "" if value is None else render(key, value).replace("\n", line_break)
    known = entries(text)
    if key not in known:
        start = end = _line_end(text, _place_for(key, known))
        new = new if text[:start].endswith("\n") else line_break + new
        return text[:start] + new + text[end:]
    start, end = known[key].start, known[key].end
    after = _line_end(text, end)
    notes = comments(text[start:end]) if "\n" in text[start:end] else []
    notes += comments(text[end:after])
    above = "".join(note + line_break for note in notes)
    return text[:start] + above + new + text[after:]


def _place_for(key: str, known: Mapping[str, Entry]) -> int:
    before = [known[one].end for one in FIELDS[: FIELDS.index(key)] if one in known]
    return max(before, default=min(entry.start for entry in known.values()) - 1)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", max(at, 0))
    return len(text) if found < 0 else found + 1


def comments(text: str) -> list[str]:
    """Return the comments of a piece of YAML."""
    return [found.rstrip() for found in re.findall(r"(?:^|(?<=\s))#.*", text, re.MULTILINE)]


IMPORTER = Importer(
    name="osm",
    summary={
        "fr": "commerces d’OpenStreetMap, d’un extrait GeoJSON",
        "en": "shops of OpenStreetMap, from a GeoJSON extract",
    },
    bring_in=bring_in,
)
