"""Random edits of a market: of every field of every record, and of everything else it is made of.

What can be edited is read from the model, not listed here, so that a new field cannot be
forgotten. An edit is a name and a seed: the same two do the same to the same market.
"""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from msgspec import inspect

from halles import model
from halles.centroids import CENTROIDS
from halles.read.sources import front_matter
from halles.read.yamltext import parse
from halles.settings import Settings
from tests.images import bomb, picture, see_through
from tests.market import MARCHE, SITE

KINDS: dict[str, Any] = {
    "merchant": model.Merchant,
    "region": model.Region,
    "category": model.Category,
    "label": model.Label,
    "page": model.ContentPage,
    "campaign": model.Campaign,
    "settings": Settings,
}
FOLDERS = {"region": "regions", "page": "pages", "campaign": "campaigns"}
TREE, LABELS, TOML = "content/categories.yaml", "content/labels.yaml", "halles.toml"
OUTLINES = "data/boundaries.geojson"

IDS = ("alix", "berthe", "come", "dalia", "elie", "fanny", "gaston", "page")
REGIONS = ("nord", "sud", "est", "ouest", "page")
CATEGORIES = ("manger", "pain", "levain", "fromage", "lire", "neuf", "page", "inconnue")
LABEL_IDS = ("ici", "bio", "neuf", "inconnu")
BY_NAME: dict[str, tuple[Any, ...]] = {
    "merchant.id": IDS,
    "region.id": REGIONS,
    "category.id": CATEGORIES,
    "label.id": LABEL_IDS,
    "page.id": ("a-propos", "neuf"),
    "campaign.id": ("fete", "neuf"),
    "region": REGIONS,
    "regions": REGIONS,
    "category": CATEGORIES,
    "categories": CATEGORIES,
    "label": LABEL_IDS,
    "labels": LABEL_IDS,
    "merchants": IDS,
    "tags": ("levain", "Levain", "sans gluten"),
    "phone": ("418 555-0101", "(418) 555-0102", "514 555-0103", "999", "+33 1 42 68 53 00"),
    "hours": (
        "Mo-Fr 08:00-17:30",
        "24/7",
        "Sa 22:00-02:00; PH off",
        "quand je veux",
        '"rdv"',
        "Mo-Sa 09:00-17:00; Jul-Aug Mo-Su 09:00-21:00; Dec 24 off",
        "Mo-Su,PH 08:00-22:00",
    ),
    "municipality": ("Rimouski", "Blanc-Sablon", "Les Îles-de-la-Madeleine", "Œuf <b>"),
    "timezone": ("America/Montreal", "Europe/Paris", "Nulle/Part"),
    "lat": (48.4488, 48.4489, 45.5, 47.5, 60.0),
    "lon": (-68.523, -68.5231, -73.5, -65.5, 0.0),
    "bounds": (45.0, 47.0, 48.0, 48.445, 49.0, -74.0, -70.0, -67.0, -65.0),
    "theme": ("marche", "mien", "absent"),
    "report": ("", "mailto:aide@marche.example", "https://billets.example/new?a=1", "quelque part"),
    "tiles": ("", "https://tuiles.example/{z}/{x}/{y}.png"),
    "attribution": ("", "Les gens"),
    "pmtiles": ("", "/fond.pmtiles"),
    "page_size": (1, 2, 3, 50),
    "expires_days": (3, 7),
    "shards": (1, 4, 512),
    "history_days": (1, 400),
    "keep_snapshots": (0, 3),
    "base_url": ("https://marche.example", "https://autre.example/"),
}
"""Values by the name of the field; those that mean other records by the kind too."""
BY_FORMAT: dict[str, tuple[Any, ...]] = {
    "id": (*CATEGORIES, *IDS),
    "line": ("Alix", "Boulangerie Alix", "Chez Berthe", "Zoé & fils <i>", "{{ 7 }}", "œuf", "Ça"),
    "prose": ("Du pain.", "Du *pain* <b>vif</b>.", "# Titre\n\n- un\n- deux", "Mot " * 90),
    "sku": ("MICHE", "miche", "TARTE", "NEUF", "a.b_c-d"),
    "gtin": ("0624153607116", "4006381333931", "96385074", "0624153607117"),
    "neq": ("1143920115", "2243920115"),
    "price": ("6.50", "7", "0", "1234.5"),
    "day": ("2025-01-01", "2026-05-01", "2026-06-01", "2027-05-02", "2026-02-30"),
    "postal-code": ("G5L 1A1", "H2X 3K4"),
    "url": ("https://alix.example", "https://b.example/x?y=1&z=2", "http://c.example"),
    "email": ("a@alix.example", "b@berthe.example"),
    "segment": ("a-propos", "about", "neuf", "commerces", "page", "en"),
    "media-file": ("media/pain.jpg", "media/b/four.png", "media/absent.webp"),
    "code": ("ELIE-1", "alix", "COME"),
    "region-code": ("01", "02", "09"),
    "schema-type": ("Bakery", "Store"),
}
BROKEN: tuple[Any, ...] = ("", "!", [], {}, {"zzz": "1"}, ["x", "y"], "a\u202eb", "x" * 301)


class Field(NamedTuple):
    """A field of a kind of record; ``[]`` in its path is any item of a list."""

    kind: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((self.kind, *self.path))


@cache
def described(kind: str) -> inspect.StructType:
    """Return the model's own description of a kind."""
    found = inspect.type_info(KINDS[kind])
    assert isinstance(found, inspect.StructType)
    return found


@cache
def all_fields() -> tuple[Field, ...]:
    """Return every field of every kind, however deep, as the model has them today."""
    found = (Field(kind, path) for kind in KINDS for path in _paths(described(kind), ()))
    return tuple(dict.fromkeys(found))


def _paths(kind: inspect.Type, seen: tuple[Any, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(kind, inspect.UnionType):
        for one in kind.types:
            yield from _paths(one, seen)
    elif isinstance(kind, inspect.VarTupleType):
        yield from (("[]", *path) for path in _paths(kind.item_type, seen))
    elif isinstance(kind, inspect.TupleType):
        yield from (("[]", *path) for item in kind.item_types for path in _paths(item, seen))
    elif isinstance(kind, inspect.StructType) and kind.cls not in seen:
        for member in kind.fields:
            yield (member.encode_name,)
            inner = _paths(member.type, (*seen, kind.cls))
            yield from ((member.encode_name, *path) for path in inner)


@dataclass
class Sources:
    """What a market is made of: trees for records, bytes for all else; and what to do beside."""

    trees: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, bytes] = field(default_factory=dict)
    """Files as they are; one that has a tree too is broken, and its tree its repair."""
    acts: list[str] = field(default_factory=list)
    """What happens to the market besides its sources."""
    feeds: list[tuple[bool, str]] = field(default_factory=list)
    """Stock that arrives with this edit: whether it is full, and its rows."""
    hour: int = 0
    """When the newest feed was made, in hours since the first one could be."""

    @classmethod
    def of_site(cls) -> "Sources":
        """Return the market that every sequence starts from."""
        found = cls()
        for path, text in SITE.items():
            if path == TOML:
                found.trees[path] = {
                    "site": {
                        "title": {"fr": "Le petit marché", "en": "The little market"},
                        "base_url": "https://marche.example",
                        "languages": ["fr", "en"],
                        "page_size": 2,
                    },
                    "search": {"on": False},  # an edit turns it on
                }
            elif path.endswith(".yaml"):
                found.trees[path] = parse(text.encode()).value
            elif path.endswith(".en.md"):
                found.raw[path] = text.encode()
            else:
                head, body, _ = front_matter(text.encode())
                found.trees[path] = {"head": parse(head or b"").value, "body": body.decode()}
        return found

    def texts(self) -> dict[str, bytes]:
        """Return every file with its bytes."""
        return {path: _text(path, tree) for path, tree in self.trees.items()} | self.raw

    def copy(self) -> "Sources":
        """Return the same once more, to change."""
        return Sources(copy.deepcopy(self.trees), dict(self.raw), hour=self.hour)

    def of_kind(self, kind: str) -> list[str]:
        """Return the paths of the files of one kind of record that have a tree."""
        if kind == "merchant":
            return sorted(p for p in self.trees if p.startswith("content/merchants/"))
        if kind in FOLDERS:
            return sorted(p for p in self.trees if p.startswith(f"content/{FOLDERS[kind]}/"))
        path = {"category": TREE, "label": LABELS, "settings": TOML}[kind]
        return [path] if path in self.trees else []

    def records(self, kind: str) -> list[tuple[str, Any]]:
        """Return every record of a kind, wherever it stands, with its file."""
        found = []
        for path in self.of_kind(kind):
            tree = self.trees.get(path)
            if kind == "category":
                found += [(path, node) for node in _nodes(tree)]
            elif kind == "label":
                found += [(path, label) for label in tree if isinstance(label, dict)]
            else:
                found.append((path, tree["head"] if kind in FOLDERS else tree))
        return found


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    for node in tree if isinstance(tree, list) else ():
        if isinstance(node, dict):
            yield node
            yield from _nodes(node.get("children", ()))


def _text(path: str, tree: Any) -> bytes:
    if path == TOML:
        return "".join(_table(name, table) for name, table in tree.items()).encode()
    if path.endswith(".md"):
        body = tree["body"]
        return f"---\n{_yaml(tree['head'])}---\n{body}".encode()
    return _yaml(tree).encode()


def _yaml(tree: Any) -> str:
    if isinstance(tree, list):
        return "".join(f"- {_flow(item)}\n" for item in tree) or "[]\n"
    lines = []
    for key, value in tree.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{key}:\n" + "".join(f"  - {_flow(item)}\n" for item in value))
        else:
            lines.append(f"{key}: {_flow(value)}\n")
    return "".join(lines) or "{}\n"


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(name: str, table: Any) -> str:
    if not isinstance(table, dict):
        return f"{name} = {_toml(table)}\n"
    return f"[{name}]\n" + "".join(f"{k} = {_toml(v)}\n" for k, v in table.items())


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return _flow(value)


# A field gets another value


def value(kind: inspect.Type, where: Field, rng: Random) -> Any:
    """Return a value that a field might have: a likely one, sometimes an unlikely one."""
    if isinstance(kind, inspect.UnionType):
        return value(rng.choice([k for k in kind.types if not _is_none(k)]), where, rng)
    if isinstance(kind, inspect.StructType):
        wanted = [f for f in kind.fields if f.required or rng.random() < 0.4]
        return {
            f.encode_name: value(f.type, Field(where.kind, (*where.path, f.encode_name)), rng)
            for f in wanted
            if f.type is not kind and f.encode_name != "children"
        }
    if isinstance(kind, inspect.VarTupleType):
        count = rng.choice((0, 1, 1, 2, 3))
        return [value(kind.item_type, where, rng) for _ in range(count)]
    if isinstance(kind, inspect.TupleType):
        return [value(item, where, rng) for item in kind.item_types]
    if isinstance(kind, inspect.LiteralType):
        return rng.choice(kind.values)
    if isinstance(kind, inspect.BoolType):
        return rng.random() < 0.5
    return rng.choice(_pool(kind, where))


def _is_none(kind: inspect.Type) -> bool:
    return isinstance(kind, inspect.NoneType)


def _pool(kind: inspect.Type, where: Field) -> tuple[Any, ...]:
    name = next((step for step in reversed(where.path) if step != "[]"), "")
    owned = f"{where.kind}.{name}" if len(where.path) == 1 else ""
    for key in (owned, name):
        if key in BY_NAME:
            return BY_NAME[key]
    if isinstance(kind, inspect.FloatType):
        least, most = kind.ge or kind.gt or 0, kind.le or kind.lt or 100
        return (least, most, (least + most) / 2, least + 1)
    assert isinstance(kind, inspect.Metadata), f"{where} has no values here: add some to BY_NAME"
    return BY_FORMAT[(kind.extra or {})["format"]]


def edit_field(site: Sources, where: Field, rng: Random) -> str:
    """Give a field of one record another value, or none, or one that no field may have."""
    records = site.records(where.kind)
    if not records:
        return ""
    path, record = rng.choice(records)
    chance = rng.random()
    holder, step, kind = _reach(record, described(where.kind), where, rng)
    if chance < 0.12 and isinstance(holder, dict):
        holder.pop(step, None)
        return f"{path}: no {where}"
    if chance < 0.2 and where.kind != "settings":
        holder[step] = copy.deepcopy(rng.choice(BROKEN))
    else:
        holder[step] = value(kind, where, rng)
    return f"{path}: {where} is {_flow(holder[step])[:150]}"


def _reach(
    record: Any, kind: inspect.Type, where: Field, rng: Random
) -> tuple[Any, Any, inspect.Type]:
    """Return what holds a field, its key there and its type; what lacks on the way is made."""
    holder, step, at = None, None, record
    for i, name in enumerate(where.path):
        kind = _that_has(kind, name)
        if name == "[]":
            if not isinstance(at, list) or not at:
                at = [_seed(kind, where, i, rng)]
                holder[step] = at
            holder, step = at, rng.randrange(len(at))
            kind = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind.item_types[0]
        else:
            if not isinstance(at, dict):
                at = {"fr": at} if isinstance(at, str) else {}
                holder[step] = at
            holder, step = at, name
            kind = next(f.type for f in kind.fields if f.encode_name == name)
        at = holder[step] if isinstance(holder, list) else holder.get(step)
    return holder, step, kind


def _seed(kind: Any, where: Field, i: int, rng: Random) -> Any:
    item = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind.item_types[0]
    return value(item, Field(where.kind, where.path[:i]), rng)


def _that_has(kind: inspect.Type, name: str) -> Any:
    if not isinstance(kind, inspect.UnionType):
        return kind
    lists = (inspect.VarTupleType, inspect.TupleType)
    wanted = lists if name == "[]" else (inspect.StructType,)
    return next(k for k in kind.types if isinstance(k, wanted))


# Everything else that can happen to a market

Edit = Callable[[Sources, Random], str]
EDITS: dict[str, tuple[Edit, int]] = {}


def happens(weight: int) -> Callable[[Edit], Edit]:
    """Note an edit, and how often it comes up; it returns what it did, or nothing."""

    def note(edit: Edit) -> Edit:
        EDITS[edit.__name__] = (edit, weight)
        return edit

    return note


@happens(30)
def a_field(site: Sources, rng: Random) -> str:
    """Edit any field; merchants' come up most."""
    kind = rng.choice((*KINDS, "merchant", "merchant", "merchant"))
    return edit_field(site, rng.choice([f for f in all_fields() if f.kind == kind]), rng)


@happens(2)
def search_goes_on(site: Sources, rng: Random) -> str:
    """Index what there is."""
    site.trees[TOML] = {**site.trees.get(TOML, {}), "search": {"on": True}}
    return "search goes on"


STORES = ("alix", "alix", "berthe", "berthe", "dalia", "ELIE-1", "fanny", "neuf", "nulle-part")
SKUS = ("MICHE", "FICELLE", "CONFITURE", "CONF", "TARTE", "BRIE", "POT", "NEUF", "rien")
COLUMNS = (
    "store code,id,gtin,quantity,availability,price,sale price,sale price effective date,timestamp"
)


@happens(25)
def stock_arrives(site: Sources, rng: Random) -> str:
    """Take in one or two feeds: later or earlier, full or not, sound or not."""
    for _ in range(rng.choice((1, 1, 1, 2))):
        site.hour += rng.choice((0, 1, 1, 5, 24, 24 * 6, 24 * 9, -3))
        rows = [_stock_row(site.hour, rng) for _ in range(rng.randint(1, 12))]
        site.feeds.append((rng.random() < 0.6, "\n".join([COLUMNS, *rows, ""])))
    return f"feeds {site.feeds}"


def _stock_row(hour: int, rng: Random) -> str:
    now = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(hours=hour)
    sale = rng.choice(("", "", "", "3.50 CAD", "1,25"))
    days = [(now + timedelta(days=d)).isoformat() for d in sorted(rng.sample(range(-9, 9), 2))]
    cells = (
        rng.choice(STORES),
        rng.choice(SKUS) if rng.random() < 0.9 else "",
        rng.choice(("", "", "0624153607116", "624153607116", "4006381333931")),
        rng.choice(("", "0", "1", "2", "3", "40", "-1")),
        rng.choice(("", "", "in stock", "out_of_stock", "on display to order", "bientôt")),
        rng.choice(("", "6.50 CAD", "7.00", "9.99 USD")),
        f'"{sale}"',
        "/".join(days) if sale and rng.random() < 0.7 else "",
        (now - timedelta(minutes=rng.choice((0, 0, 30)))).isoformat(),
    )
    return ",".join(cells)


@happens(3)
def half_a_year_goes_by(site: Sources, rng: Random) -> str:
    """Take in a feed of months later: the days that hours are told for are others."""
    site.hour += 24 * 184
    site.feeds.append((True, "\n".join([COLUMNS, _stock_row(site.hour, rng), ""])))
    return f"months later, feeds {site.feeds}"


@happens(4)
def stock_goes_back(site: Sources, rng: Random) -> str:
    """Go back to an earlier snapshot, if there is one."""
    site.acts.append("an earlier snapshot")
    return "the snapshot before"


@happens(3)
def stock_goes(site: Sources, rng: Random) -> str:
    """Lose what feeds said."""
    site.acts.append("no stock")
    return "no stock any more"


def _place(region: str, merchant: str) -> str:
    return f"content/merchants/{region}/{merchant[:2]}/{merchant}.yaml"


@happens(4)
def a_new_merchant(site: Sources, rng: Random) -> str:
    """Open a shop, perhaps under an id that another region has, perhaps a copy of another."""
    merchant, region = rng.choice(IDS), rng.choice(REGIONS[:3])
    path = _place(region, merchant)
    others = site.records("merchant")
    made = value(described("merchant"), Field("merchant", ()), rng)
    if others and rng.random() < 0.5:
        made = copy.deepcopy(rng.choice(others)[1])
    site.trees[path] = made | {"id": merchant, "region": region}
    site.raw.pop(path, None)
    return f"new: {path}"


@happens(3)
def no_merchant(site: Sources, rng: Random) -> str:
    """Take a merchant's file away."""
    return _take(site, "merchant", rng)


def _take(site: Sources, kind: str, rng: Random) -> str:
    paths = site.of_kind(kind)
    if not paths:
        return ""
    path = rng.choice(paths)
    del site.trees[path]
    site.raw.pop(path, None)
    return f"removed: {path}"


def _moved(site: Sources, path: str, to: str) -> str:
    if path == to:
        return ""
    for files in (site.trees, site.raw):
        if path in files:
            files[to] = files.pop(path)  # type: ignore[attr-defined]
    return f"moved: {path} to {to}"


@happens(4)
def another_region(site: Sources, rng: Random) -> str:
    """Move a merchant: its folder and its field, or only one of them."""
    found = site.records("merchant")
    if not found:
        return ""
    path, record = rng.choice(found)
    region, way = rng.choice(REGIONS[:3]), rng.choice(("both", "both", "field", "folder", "loose"))
    if way != "folder":
        record["region"] = region
    if way == "field":
        return f"{path}: region alone is {region}"
    name = path.rpartition("/")[2]
    to = f"content/merchants/{name}" if way == "loose" else _place(region, name[:-5])
    return f"{_moved(site, path, to)} ({way})"


@happens(4)
def another_name_of_file(site: Sources, rng: Random) -> str:
    """Rename a file: with its id, or without."""
    kind = rng.choice(("merchant", "merchant", *FOLDERS))
    found = site.records(kind)
    if not found:
        return ""
    path, record = rng.choice(found)
    name = rng.choice({"merchant": IDS, "region": REGIONS}.get(kind, ("neuf", "a-propos", "fete")))
    if rng.random() < 0.7:
        record["id"] = name
    folder = path.rpartition("/")[0]
    to = _place(path.split("/")[2], name) if kind == "merchant" else f"{folder}/{name}.md"
    return _moved(site, path, to)


@happens(6)
def the_same_twice(site: Sources, rng: Random) -> str:
    """Give a merchant what must be another's alone: its code, phone, number, place or product."""
    found = site.records("merchant")
    if len(found) < 2:
        return ""
    (path, record), (_, other) = rng.sample(found, 2)
    what = rng.choice((("phone",), ("neq",), ("store_code",), ("name", "location"), ("products",)))
    for key in what:
        if key in other:
            record[key] = copy.deepcopy(other[key])
    if what == ("store_code",):
        record["store_code"] = other.get("store_code", other.get("id", "x"))
    return f"{path}: {' and '.join(what)} of {other.get('id')}"


@happens(4)
def closed_or_open(site: Sources, rng: Random) -> str:
    """Close a shop, or open it again."""
    found = site.records("merchant")
    if not found:
        return ""
    path, record = rng.choice(found)
    if record.pop("closed_on", None) or record.get("status") == "closed":
        record["status"] = "open"
    else:
        record["status"] = "closed"
        if rng.random() < 0.5:
            record["closed_on"] = rng.choice(BY_FORMAT["day"])
    return f"{path}: {record['status']}"


@happens(6)
def a_place(site: Sources, rng: Random) -> str:
    """Put a merchant on the map, elsewhere, or off it; perhaps with another trade."""
    found = site.records("merchant")
    if not found:
        return ""
    path, record = rng.choice(found)
    if rng.random() < 0.2:
        record.pop("location", None)
    else:
        record["location"] = {
            "lat": rng.choice((48.4488, 48.4489, 48.6, 48.9, 45.5)),
            "lon": rng.choice((-68.523, -68.6, -69.9, -73.5)),
        }
    if rng.random() < 0.4:
        record["categories"] = rng.sample(CATEGORIES[:5], rng.choice((1, 2)))
    return f"{path}: at {record.get('location')}, {record.get('categories')}"


@happens(3)
def maps_come_and_go(site: Sources, rng: Random) -> str:
    """Have maps or none: of each region a picture and its exports, and what pages show of them."""
    settings = site.trees.get(TOML)
    if not isinstance(settings, dict):
        return ""
    there = settings.setdefault("map", {})
    if isinstance(there, dict):
        there["on"] = rng.random() < 0.5
    return f"maps: {there}"


@happens(4)
def everybody_on_the_map(site: Sources, rng: Random) -> str:
    """Give every merchant a place and one of two trades, so that there are neighbours to lose."""
    for _, record in site.records("merchant"):
        lat, lon = 48.0 + rng.randrange(100) / 100, -70.0 + rng.randrange(300) / 100
        record["location"] = {"lat": lat, "lon": lon}
        record["categories"] = [rng.choice(("pain", "levain", "fromage"))]
    return "everybody on the map"


@happens(4)
def a_product(site: Sources, rng: Random) -> str:
    """Add a product, take one away, or turn the rack round."""
    found = site.records("merchant")
    if not found:
        return ""
    path, record = rng.choice(found)
    rack = record.get("products")
    rack = list(rack) if isinstance(rack, list) else []
    way = rng.choice(("add", "add", "take", "turn"))
    if way == "add":
        product = next(f for f in described("merchant").fields if f.name == "products").type
        rack.append(value(product.item_type, Field("merchant", ("products", "[]")), rng))  # type: ignore[attr-defined]
    elif way == "take" and rack:
        rack.pop(rng.randrange(len(rack)))
    else:
        rack.reverse()
    record["products"] = rack
    return f"{path}: products, {way}"


@happens(8)
def the_tree(site: Sources, rng: Random) -> str:
    """Add, move, remove, swap or rename a category, with or without those who use it."""
    tree = site.trees.setdefault(TREE, [])
    nodes = list(_nodes(tree))
    way = rng.choice(("add", "move", "remove", "swap", "rename", "rename", "empty"))
    if way == "add" or not nodes:
        category = {"id": rng.choice(CATEGORIES), "name": rng.choice(BY_FORMAT["line"])}
        rng.choice([tree, *(_children(n) for n in nodes)]).append(category)
        return f"category {category['id']} added"
    if way == "empty":
        if rng.random() < 0.5:
            tree.clear()
        else:
            site.trees.pop(TREE)
        return "no categories"
    home, i = rng.choice([(h, i) for h in _lists(tree) for i in range(len(h))])
    node = home[i]
    if way == "swap":
        tree.reverse()
        return "trunk categories turned round"
    if way == "rename":
        return _renamed(site, node, rng)
    home.pop(i)
    if way == "move":
        rng.choice([tree, *(_children(n) for n in _nodes(tree))]).append(node)
    return f"category {node.get('id')}: {way}"


def _children(node: dict[str, Any]) -> list[Any]:
    if not isinstance(node.get("children"), list):
        node["children"] = []
    found: list[Any] = node["children"]
    return found


def _lists(tree: list[Any]) -> Iterator[list[Any]]:
    yield tree
    for node in _nodes(tree):
        if isinstance(node.get("children"), list):
            yield node["children"]


def _renamed(site: Sources, node: dict[str, Any], rng: Random) -> str:
    old, new = node.get("id"), rng.choice(CATEGORIES)
    node["id"] = new
    if rng.random() < 0.5:
        for _, record in (*site.records("merchant"), *site.records("campaign")):
            if isinstance(record.get("categories"), list):
                record["categories"] = [new if c == old else c for c in record["categories"]]
    return f"category {old} is {new}"


@happens(3)
def the_labels(site: Sources, rng: Random) -> str:
    """Add, remove or turn round the labels."""
    labels = site.trees.setdefault(LABELS, [])
    way = rng.choice(("add", "remove", "turn"))
    if way == "add" or not labels:
        name = rng.choice(LABEL_IDS)
        labels.append({"id": name, "name": f"Marque {name}", "definition": "Vrai."})
    elif way == "remove":
        labels.pop(rng.randrange(len(labels)))
    else:
        labels.reverse()
    return f"labels: {way}"


@happens(4)
def a_small_record(site: Sources, rng: Random) -> str:
    """Add or remove a region, a page or a campaign."""
    kind = rng.choice(tuple(FOLDERS))
    if rng.random() < 0.5:
        return _take(site, kind, rng)
    name = rng.choice({"region": REGIONS}.get(kind, ("neuf", "zen")))
    head = value(described(kind), Field(kind, ()), rng)
    head.pop("body", None)
    path = f"content/{FOLDERS[kind]}/{name}.md"
    site.trees[path] = {"head": head | {"id": name}, "body": rng.choice(("", "Un mot.\n"))}
    return f"new: {path}"


@happens(3)
def a_text(site: Sources, rng: Random) -> str:
    """Change the prose of a small record, French or English; the English may stand alone."""
    path = rng.choice([p for kind in FOLDERS for p in site.of_kind(kind)] or [""])
    if not path:
        return ""
    if rng.random() < 0.5:
        site.trees[path]["body"] = rng.choice(("", *BY_FORMAT["prose"]))
        return f"{path}: other words"
    path = path.removesuffix(".md") + ".en.md"
    if path in site.raw and rng.random() < 0.5:
        del site.raw[path]
        return f"removed: {path}"
    site.raw[path] = rng.choice(("", "Some words.\n", "Other words.\n", "\xff")).encode("latin-1")
    return f"{path}: other words"


@happens(5)
def broken_file(site: Sources, rng: Random) -> str:
    """Break a file: its syntax, its letters, its keys."""
    path = rng.choice([p for p in sorted(site.trees) if p != TOML] or [""])
    if not path:
        return ""
    body = _text(path, site.trees[path])
    site.raw[path] = rng.choice(
        (
            body + b"oups: [\n",
            body + b"zzz: 1\n",
            body + body,
            b"\xff\xfe" + body,
            b"",
            b"---\n" + body,
            body.replace(b": ", b":\t"),
            b"&a " + body,
        )
    )
    return f"broken: {path}"


@happens(5)
def mended_file(site: Sources, rng: Random) -> str:
    """Mend a file that was broken."""
    broken = sorted(site.raw.keys() & site.trees.keys())
    if not broken:
        return ""
    path = rng.choice(broken)
    del site.raw[path]
    return f"mended: {path}"


@happens(3)
def a_comment(site: Sources, rng: Random) -> str:
    """Write a comment above a merchant's first line: no word changes, every line moves."""
    path = rng.choice(site.of_kind("merchant") or [""])
    if not path:
        return ""
    site.raw[path] = b"# un mot\n" + _text(path, site.trees[path])
    return f"commented: {path}"


@happens(2)
def a_file_that_nobody_reads(site: Sources, rng: Random) -> str:
    """Leave something in content/ that is no record, or take it away."""
    path = rng.choice(("content/notes.txt", "content/alix.yaml", "content/regions/x/nord.md"))
    path = rng.choice((path, "content/merchants/lisez.md", "content/media/pain.jpg"))
    if path in site.raw:
        del site.raw[path]
        return f"removed: {path}"
    site.raw[path] = b"bonjour\n"
    return f"new: {path}"


MEDIA = ("media/pain.jpg", "media/b/four.png")
DRAWN = (
    picture(form="JPEG"), picture(360, 200, "JPEG"), picture(60, 90), see_through(), bomb(),
    picture()[:-60], b"<svg/>",
)  # fmt: skip


@happens(9)
def a_picture(site: Sources, rng: Random) -> str:
    """Put a picture where a record names one, sound or not; another; the same twice; or none."""
    path = f"content/{rng.choice(MEDIA)}"
    if path in site.raw and rng.random() < 0.25:
        del site.raw[path]
        return f"no picture: {path}"
    site.raw[path] = rng.choice(DRAWN)
    records = site.of_kind("merchant")
    if records and rng.random() < 0.7:
        record = site.trees[rng.choice(records)]
        shown = {"file": path.removeprefix("content/"), "alt": "Vu"}
        record[rng.choice(("logo", "photos"))] = shown
        if isinstance(record.get("photos"), dict):
            record["photos"] = [record["photos"]]
    return f"picture: {path} of {len(site.raw[path])} bytes"


@happens(5)
def the_outlines(site: Sources, rng: Random) -> str:
    """Draw the regions' outlines, differently, badly, or not at all."""
    if OUTLINES in site.raw and rng.random() < 0.4:
        del site.raw[OUTLINES]
        return "no outlines"
    west, east = rng.choice(((-70, -67), (-68, -67), (-80, -60)))
    ring = [[west, 44], [east, 44], [east, 50], [west, 50], [west, 44]]
    name = rng.choice(({"id": "nord"}, {"code": "02"}, {"nom": "Le Nord"}))
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": name, "geometry": shape}
    body = json.dumps({"type": "FeatureCollection", "features": [feature]})
    if rng.random() < 0.8:
        site.raw[OUTLINES] = body.encode()
        return f"outlines of {name} from {west} to {east}"
    lines = body.replace("Polygon", "MultiLineString")
    useless = (b"{", b"{}", b"[" * 9999, body.replace("nord", "zzz").encode(), lines.encode())
    site.raw[OUTLINES] = rng.choice(useless)
    return f"outlines that draw nothing: {site.raw[OUTLINES][:300]!r}"


@happens(2)
def the_postal_codes(site: Sources, rng: Random) -> str:
    """Say where postal codes lie, otherwise, badly, or not at all."""
    if CENTROIDS in site.raw and rng.random() < 0.4:
        del site.raw[CENTROIDS]
        return "no postal codes"
    lines = ("G5L,48.4,-68.5", "G5L 1A1,48.9,-68.1", "H2X,45.5,-73.6", "H2X,,", "nonsense")
    body = "\n".join(["code,lat,lon", *rng.sample(lines, 3)]).encode()
    site.raw[CENTROIDS] = rng.choice((body, body, b"\xff\x00;;\n1"))
    return f"postal codes: {site.raw[CENTROIDS]!r}"


WORDS = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
THEME_FILES: dict[str, tuple[bytes, ...]] = {
    "static/marche.css": (b"body{color:red}", b"body{color:blue}"),
    "static/neuf.css": (b"a{}", b"b{}"),
    "static/sous/neuf.css": (b"a{}",),
    "static/shards.js": (b"export const NONE = 1;\n", b"import { x } from './absent.js';\n"),
    "templates/offline.html": (b"<h1>{{ title }}</h1>\n",),
    "templates/worker.txt": (b"// {{ stamp }}\n",),
    "templates/_pager.html": (b"<p>{{ pager.page if pager }}</p>\n", b"\n"),
    "templates/page.html": (b"<h1>{{ name.text }}</h1>\n", b"<b>{{ name.text }}</b>\n"),
    "templates/404.html": (b'{% extends "base.html" %}{% block main %}?{% endblock %}\n',),
    "templates/_counts.html": (
        b'<i>{{ _("Marchands") }}</i>{% for c in counts %}{{ c.count }}{% endfor %}\n',
        b"{{ counts[0].absent.plus }}\n",
    ),
    "templates/product.html": (
        b"{{ name.text }} {{ offers|length }}\n",
        b'{{ name.text }}{% if lang == "en" %}{{ absent }}{% endif %}\n',
        b"{% if others %}{{ absent }}{% endif %}{{ name.text }}\n",
        b'{% include "absent.html" %}\n',
        b"{% if %}\n",
    ),
    "templates/_cards.html": (
        b"{% for c in cards %}{{ c.name.text }} {{ c.town }}{% endfor %}\n",
        b'{% for c in cards %}{% if c.town == "" %}{{ c.absent.x }}{% endif %}{% endfor %}\n',
    ),
    "locale/en.po": (
        WORDS + 'msgid "Régions"\nmsgstr "Parts"\n'.encode(),
        WORDS + b'msgid "Marchands"\nmsgstr "Sellers"\n',
    ),
    "notes.md": (b"rien\n",),
}


@happens(8)
def the_theme(site: Sources, rng: Random) -> str:
    """Take a theme of one's own, and give it files, others, or none again."""
    settings = site.trees[TOML].get("site", {})
    own = "themes/mien/theme.toml"
    if own not in site.raw or rng.random() < 0.1:
        site.raw[own] = b'extends = "marche"\n'
        settings["theme"] = "mien"
        return "a theme of one's own"
    if rng.random() < 0.08:
        settings["theme"] = "marche" if settings.get("theme") == "mien" else "mien"
        return f"theme {settings['theme']}"
    name = rng.choice(tuple(THEME_FILES))
    path = f"themes/mien/{name}"
    if path in site.raw and rng.random() < 0.5:
        del site.raw[path]
        return f"removed: {path}"
    site.raw[path] = rng.choice(THEME_FILES[name])
    return f"{path} is {site.raw[path][-60:]!r}"


@happens(2)
def a_theme_of_the_same_name(site: Sources, rng: Random) -> str:
    """Put a copy of marche in the market's own themes/, changed or not, or take it away."""
    there = [p for p in site.raw if p.startswith("themes/marche/")]
    if there:
        for path in there:
            del site.raw[path]
        return "no copy of marche"
    for file in sorted(MARCHE.rglob("*")):
        if file.is_file():
            site.raw[f"themes/marche/{file.relative_to(MARCHE).as_posix()}"] = file.read_bytes()
    if rng.random() < 0.7:
        site.raw["themes/marche/templates/page.html"] = b"{{ name.text }}\n"
    return "a copy of marche"


@happens(3)
def the_asset_moves(site: Sources, rng: Random) -> str:
    """Give a file of the theme another folder, with the same name and bytes."""
    a, b = "themes/mien/static/a/x.css", "themes/mien/static/b/x.css"
    site.raw["themes/mien/theme.toml"] = b'extends = "marche"\n'
    site.trees[TOML].setdefault("site", {})["theme"] = "mien"
    if a in site.raw:
        return _moved(site, a, b)
    site.raw.pop(b, None)
    site.raw[a] = b"p{}"
    return f"new: {a}"


@happens(7)
def something_beside(site: Sources, rng: Random) -> str:
    """Lose the ledger, the site or both; find other files there; look at the clock."""
    act = rng.choice(
        (
            "no ledger",
            "no output",
            "no ledger, and stray files",
            "a ledger of another make",
            "a ledger of rubbish",
            "a ledger cut short",
            "nothing built or known",
            "other times",
            "a full build",
            "several processes",
        )
    )
    site.acts.append(act)
    return act


@happens(2)
def nothing(site: Sources, rng: Random) -> str:
    """Build again, for the sake of it."""
    return "nothing"


def names_by_chance(rng: Random, count: int) -> list[str]:
    """Return the names of some edits, the frequent ones more often; ``back`` is to go back."""
    weights = {name: weight for name, (_, weight) in EDITS.items()} | {"back": 20}
    return rng.choices(tuple(weights), tuple(weights.values()), k=count)
