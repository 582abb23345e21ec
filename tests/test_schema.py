"""The schemas say what the decoder does, as far as a schema can."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import inspect
from yaml_rs import loads

from halles.cli import main
from halles.model import Campaign, Category, ContentPage, Label, Merchant, Region
from halles.read.decode import decode
from halles.read.sources import LISTS, front_matter
from halles.read.yamltext import Unreadable, parse
from halles.schema import DESCRIPTIONS, EXAMPLES, ONE, TITLES, schemas

CHECKOUT = Path(__file__).parents[1]
SCHEMAS = {name.partition(".")[0]: json.loads(text) for name, text in schemas().items()}
CHECKERS = {name: jsonschema.Draft7Validator(schema) for name, schema in SCHEMAS.items()}

# --- what is committed --------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCHEMAS)
def test_draft_07(name: str) -> None:
    """Each schema is a draft-07 schema, and says so."""
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])

    assert "http://json-schema.org/draft-07/schema#" == SCHEMAS[name]["$schema"]


def test_committed_schemas_are_up_to_date(tmp_path: Path) -> None:
    """``build.py schema`` writes what stands in schema/."""
    assert 0 == main(["schema", "--root", str(tmp_path)])

    fresh = {path.name: path.read_text("utf-8") for path in (tmp_path / "schema").iterdir()}
    committed = {p.name: p.read_text("utf-8") for p in (CHECKOUT / "schema").glob("*.json")}
    assert fresh == committed


def test_every_field_is_described() -> None:
    """Every field of every record has a description, and the table has no other."""
    fields = {
        f"{kind.cls.__name__}.{field.encode_name}" for kind in structs() for field in kind.fields
    }

    assert fields == set(DESCRIPTIONS)
    assert set(EXAMPLES) <= fields
    assert {kind.cls.__name__ for kind in structs()} == set(TITLES)


def test_examples_are_valid() -> None:
    """The examples of a field satisfy its schema."""
    wrong = [
        (path, example)
        for schema in SCHEMAS.values()
        for path, field in fields_of(schema)
        for example in field.get("examples", [])
        if not checker({**field, "definitions": schema.get("definitions", {})}).is_valid(example)
    ]

    assert [] == wrong


def test_patterns_are_portable() -> None:
    """A pattern uses only what Python and JavaScript, strict about escapes, read alike."""
    patterns = set(re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', "".join(schemas().values())))
    escapes = {e for p in patterns for e in re.findall(r"\\.", json.loads(p))}

    assert {r"\n", r"\s", r"\S", r"\.", r"\\"} >= escapes


def structs() -> list[inspect.StructType]:
    """Return the description of every record type, and of every part of one."""
    todo = [inspect.type_info(k) for k in (*ONE.values(), Category, Label)]
    found: dict[str, inspect.StructType] = {}
    while todo:
        match todo.pop():
            case inspect.StructType() as kind if kind.cls.__name__ not in found:
                found[kind.cls.__name__] = kind
                todo += [field.type for field in kind.fields]
            case inspect.UnionType(types=types):
                todo += types
            case inspect.VarTupleType(item_type=item):
                todo.append(item)
            case inspect.Metadata(type=inner):
                todo.append(inner)
    return list(found.values())


def fields_of(schema: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return every field of a schema, by name."""
    maps = [schema, *schema.get("definitions", {}).values()]
    return [pair for each in maps for pair in each.get("properties", {}).items()]


def checker(schema: dict[str, Any]) -> jsonschema.Draft7Validator:
    """Return what checks a value by a schema."""
    return jsonschema.Draft7Validator(schema)


# --- the example site ---------------------------------------------------------------------------

FILES = sorted(
    path
    for path in (CHECKOUT / "content").rglob("*.*")
    if path.suffix in (".yaml", ".md") and not path.name.endswith(".en.md")
)


def schema_of(path: Path) -> str:
    """Return the name of the schema for a file of content/."""
    if path.name in LISTS:
        return path.stem
    folder = path.relative_to(CHECKOUT / "content").parts[0]
    return folder.removesuffix("s")


def yaml_of(path: Path) -> bytes:
    """Return the YAML of a file: all of it, or its front matter."""
    body = path.read_bytes()
    return body if path.suffix == ".yaml" else front_matter(body)[0] or b""


def test_the_example_site_is_valid() -> None:
    """Every file of content/ that holds YAML satisfies its schema, as an editor reads it."""
    wrong = {
        str(path.relative_to(CHECKOUT)): [error.message for error in found]
        for path in FILES
        if (found := list(CHECKERS[schema_of(path)].iter_errors(read(yaml_of(path)))))
    }

    assert len(FILES) > 100
    assert {} == wrong


def read(source: bytes) -> Any:
    """Return a document as an editor's YAML 1.2 reader has it."""
    return loads(source.decode(), parse_datetime=False)


# --- agreement with the decoder -----------------------------------------------------------------

KINDS = {**ONE, "categories": Category, "labels": Label}
DELIBERATE = {
    "unseen-character": "which characters nobody sees is the build's to know",
    "not-a-number": "a reader takes 1e3 and .5 for numbers; the build wants plain digits",
    "out-of-range": "a number between quotes has no size for a schema",
    "not-a-flag": "a reader takes True for true",
    "empty-value": "a reader cannot tell nothing from the text null",
    "not-text": "an item that is nothing may be the text null",
    "not-a-map": "a key without value may be the text null",
    "not-a-list": "a key without value may be the text null",
    "not-one-of": "a key without value may be the text null",
    "bad-*": "a reader drops how a number was spelled: 1e3, 0x1f, +5, 1.250",
    "too-long": "a number is as long as it is spelled",
}
"""What the build refuses and a schema may accept, and why; nothing else may be so."""
TYPED = re.compile(
    r"[-+]?(\d[\d_]*\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|\.(inf|Inf|INF)|0x[0-9a-fA-F]+|0o[0-7]+)"
    r"|\.(nan|NaN|NAN)|true|True|TRUE|false|False|FALSE|null|Null|NULL|~|"
)
"""What a YAML 1.2 reader may take for something else than text."""

VALID = {
    "id": "boulangerie-du-marche",
    "segment": "a-propos",
    "sku": "PAIN-LEVAIN",
    "gtin": "0624153607116",
    "neq": "1143920115",
    "price": "6.50",
    "day": "2026-05-01",
    "postal-code": "G5L 1A1",
    "url": "https://example.org/pain",
    "email": "bonjour@example.org",
    "media-file": "media/pain.jpg",
    "code": "RIM-01",
    "region-code": "01",
    "schema-type": "Bakery",
    "line": "Pain au levain",
    "prose": "Pain *pétri* sur place.\n\nTous les jours.",
}
ODD = st.sampled_from(
    [
        "", " ", "null", "~", "true", "True", "false", "1984", "0", "007", "-1", "6.50", "1e3",
        "0x1f", "0o17", ".5", ".inf", ".nan", "1_000", "+5", "no", "22:30", "2026-05-01",
        "2026-13-01", "Été", "12345678", "123456789012", "1234567890", "a b", "a\nb", "a\u200eb",
        "a\x07b", "open", "closed", "pickup", "cash", "header", "javascript:alert(1)",
        "https://a b", "é@x", "48.4488", "91", "-181", "99999999", "1.250", "media/../x",
        "G5L1A1", "g5l 1a1", "G5L 1A1\n",
        "A" * 301,
    ]
)  # fmt: skip
TEXT = st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"]), max_size=12))


def sound(kind: inspect.Type, depth: int = 0) -> st.SearchStrategy[Any]:
    """Return well-formed values of a type, every scalar as its text."""
    match kind:
        case inspect.Metadata(type=inner, extra={"format": name}) if name not in ("line", "prose"):
            return st.just(VALID[name])
        case inspect.Metadata(type=inner):
            return sound(inner, depth)
        case inspect.UnionType(types=types):
            some = [t for t in types if not isinstance(t, inspect.NoneType)]
            return st.one_of([sound(t, depth) for t in some])
        case inspect.StructType(fields=fields):
            must = {f.encode_name: sound(f.type, depth + 1) for f in fields if f.required}
            rest = [f for f in fields if not f.required] if depth < 3 else []
            may = {f.encode_name: sound(f.type, depth + 1) for f in rest}
            return st.fixed_dictionaries(must, optional=may)
        case inspect.VarTupleType(item_type=item, min_length=least):
            return st.lists(sound(item, depth + 1), min_size=least or 0, max_size=2)
        case inspect.TupleType(item_types=items):
            return st.tuples(*(sound(item, depth) for item in items)).map(list)
        case inspect.LiteralType(values=values):
            return st.sampled_from(list(values))
        case inspect.FloatType():
            return st.sampled_from(["0.5", "48", "60.1234"])
        case inspect.BoolType():
            return st.sampled_from(["true", "false"])
    return st.sampled_from(["Pain au levain", "1984", "null", "6.50", "true", "Œuf"])


SOUND = {name: sound(inspect.type_info(kind)) for name, kind in KINDS.items()}


@st.composite
def documents(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:
    """Return one of the values with a few mistakes in it, or none."""
    value = draw(values)
    for _ in range(draw(st.integers(0, 2))):
        value = spoiled(draw, value)
    return value


def spoiled(draw: st.DrawFn, value: Any) -> Any:
    """Return a value in which one thing is taken away, added or made something else."""
    if isinstance(value, dict) and value and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(sorted(value)))
        change: Callable[[], dict[str, Any]] = draw(
            st.sampled_from(
                [
                    lambda: {k: v for k, v in value.items() if k != key},
                    lambda: {**value, draw(st.sampled_from(["nom", "x", "Id"])): "pain"},
                    lambda: {**value, key: spoiled(draw, value[key])},
                    lambda: {**value, key: spoiled(draw, value[key])},
                ]
            )
        )
        return change()
    if isinstance(value, list) and value and draw(st.booleans()):
        at = draw(st.integers(0, len(value) - 1))
        return [*value[:at], spoiled(draw, value[at]), *value[at + 1 :]]
    return draw(st.one_of(TEXT, st.none(), st.just({}), st.just([]), st.lists(TEXT, max_size=3)))


def written(draw: st.DrawFn, value: Any) -> str:
    """Return a value as YAML in flow style; a text stands without quotes where it can."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {written(draw, v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(draw, v) for v in value) + "]"
    if value is None:
        return ""
    bare = re.fullmatch(r"[\w.~+-][\w.:/@+ -]*(?<![ :])", value, re.ASCII)
    if bare and not value.startswith("- ") and draw(st.integers(0, 3)):
        return str(value)
    return json.dumps(value, ensure_ascii=draw(st.booleans()))


@st.composite
def sources(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return the name of a kind of record and the text of a file, right or nearly so."""
    name = draw(st.sampled_from([*KINDS, "merchant", "merchant"]))
    value = draw(documents(SOUND[name]))
    return name, f"{written(draw, value)}\n".encode()


@settings(max_examples=300)
@given(sources())
def test_the_schema_accepts_what_the_decoder_accepts(found: tuple[str, bytes]) -> None:
    """A file that the build takes is never marked wrong; one it refuses is marked, but for the
    deliberate differences."""
    name, source = found
    try:
        tree = parse(source)
    except Unreadable:
        return
    listed = name in LISTS_BY_NAME
    record, problems = decode(tree.value, KINDS[name])
    typed = read(source)
    errors = list(CHECKERS[name].iter_errors([typed] if listed else typed))

    if record is not None:
        assert [] == [error.message for error in errors]
    elif not errors:
        assert [] == [p for p in problems if not deliberate(p.rule.code, tree.value, p.path)]


LISTS_BY_NAME = {"categories", "labels"}


def deliberate(code: str, value: Any, path: tuple[Any, ...]) -> bool:
    """Say whether a schema may accept what the decoder refuses with this code at this place."""
    if code == "unseen-character":
        return True
    for piece in path:
        value = value[piece]
    known = code in DELIBERATE or (code.startswith("bad-") and "bad-*" in DELIBERATE)
    typed = value is None or (isinstance(value, str) and bool(TYPED.fullmatch(value)))
    return known and (typed or code == "out-of-range")


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("name: 1984", True),
        ("name: null", True),
        ("name: [un]", False),
        ("gtin: 0624153607116", True),
        ("gtin: trop", False),
        ("price: 6.50", True),
        ("price: 6,50", False),
        ("price: -1", False),
        ("prix: 6.50", False),
    ],
)
def test_plain_scalars(text: str, accepted: bool) -> None:
    """A number, a truth or nothing passes where it may be the text that is wanted."""
    fields = {"sku": "sku: PAIN", "name": "name: Pain"}
    fields |= {text.partition(":")[0]: text}
    document = "id: x\nname: X\nregion: laval\ncategories: [x]\nproducts:\n  - " + "\n    ".join(
        fields.values()
    )

    assert accepted == CHECKERS["merchant"].is_valid(read(document.encode()))
    assert accepted == (decode(parse(document.encode()).value, Merchant)[0] is not None)


def test_every_kind_has_a_schema() -> None:
    """All six kinds of file have one."""
    assert {"merchant", "region", "page", "campaign", "categories", "labels"} == set(SCHEMAS)
    assert {Merchant, Region, ContentPage, Campaign} == set(ONE.values())
