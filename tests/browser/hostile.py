"""Content by somebody who means harm, in every field that the model has."""

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import inspect

from halles.model import Campaign, Category, ContentPage, Label, Merchant, Product, Region
from tests.images import picture

PWN = "window.__pwned=1"
PAYLOADS = (
    f"<script>{PWN}</script>",
    f'"><img src=x onerror={PWN}>',
    f"' onmouseover='{PWN}' autofocus onfocus='{PWN}' x='",
    f"javascript:{PWN}",
    f"[x](javascript:{PWN}) <javascript:{PWN}> ![x](x)",
    "{{ 7*7 }} {% raw %}{{ 7*7 }}{% endraw %} ${7*7} #{7*7} {n} {# x #}",
    f"</script><script>{PWN}</script><!--<script>",
    f"</title></style></textarea></noscript></main><svg onload={PWN}>",
    f"&lt;script&gt;{PWN}&lt;/script&gt; &#x3c;script&#x3e;{PWN}",
    "\\\" --> ]]> %0a<iframe srcdoc='<script>parent.__pwned=1</script>'>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={PWN}>",
    f"*<a href=javascript:{PWN}>x</a>* `</code><script>{PWN}</script>`",
)
UNSEEN = {
    "null": "a\x00b", "escape": "a\x1bb", "delete": "a\x7fb", "c1": "a\x9bb",
    "right-to-left override": "a\u202eb", "isolate": "a\u2066b", "mark": "a\u200fb",
    "line separator": "a\u2028b",
}  # fmt: skip

SOUND = {
    "sku": "SKU-1", "gtin": "0624153607116", "neq": "1143920115", "price": "6.50",
    "day": "2026-05-01", "postal-code": "G5L 1A1", "media-file": "media/a.jpg", "code": "C1",
    "region-code": "01", "schema-type": "Bakery",
    # As bad as the format allows:
    "url": "https://x.example/?a=1&b=%22%3E%3Cscript%3E&c=javascript:x;d=$(x)#<".removesuffix("<"),
    "email": "o'x+%_-@x.example",
}  # fmt: skip
KINDS = (Merchant, Region, Category, Label, ContentPage, Campaign)

Path = tuple[str | int, ...]


def record(kind: type, payload: str, ids: dict[str, Any]) -> Any:
    """Return a record of a kind with every field filled, and every free text the payload.

    ``ids`` are the values of the fields that must name something, by the fields' names.
    """
    return _filled(inspect.type_info(kind), payload, ids, "", 0)


def _filled(wanted: inspect.Type, payload: str, ids: dict[str, Any], name: str, deep: int) -> Any:
    if name in ids:
        return ids[name]
    if isinstance(wanted, inspect.Metadata):
        return _text(wanted.type, payload, (wanted.extra or {}).get("format", ""))
    if isinstance(wanted, inspect.UnionType):
        kinds = [t for t in wanted.types if not isinstance(t, inspect.NoneType)]
        both = [t for t in kinds if isinstance(t, inspect.StructType)]
        return _filled((both or kinds)[0], payload, ids, "", deep)
    if isinstance(wanted, inspect.StructType):
        return {
            f.encode_name: _filled(f.type, payload, ids, f.encode_name, deep + 1)
            for f in wanted.fields
            if not (f.encode_name == "children" and deep)
        }
    if isinstance(wanted, inspect.VarTupleType):
        return [_filled(wanted.item_type, payload, ids, "", deep)]
    if isinstance(wanted, inspect.TupleType):
        return [_filled(t, payload, ids, "", deep) for t in wanted.item_types]
    if isinstance(wanted, inspect.LiteralType):
        return str(wanted.values[0])
    if isinstance(wanted, inspect.BoolType):
        return "true"
    return "48.5"


def _text(kind: Any, payload: str, format_name: str) -> str:
    fits = not kind.pattern or re.search(kind.pattern, payload)
    short = not kind.max_length or len(payload) <= kind.max_length
    return payload if fits and short else SOUND[format_name]


def texts(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where a record holds a text, a number or a choice."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, (*path, name))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from texts(inner, (*path, i))
    else:
        yield path


def changed(value: Any, path: Path, text: str) -> Any:
    """Return a record with another text in one place."""
    if not path:
        return text
    if isinstance(value, dict):
        return {k: changed(v, path[1:], text) if k == path[0] else v for k, v in value.items()}
    return [changed(v, path[1:], text) if i == path[0] else v for i, v in enumerate(value)]


def yaml(value: Any) -> str:
    """Return a record as YAML, every text between quotes with its escapes."""
    return json.dumps(value) + "\n"


def merchant(payload: str, number: int) -> dict[str, Any]:
    """Return a merchant all of whose fields mean harm."""
    ids = _ids(number) | {
        "id": f"m{number}",
        "phone": "418 555-0123",
        "hours": f'Mo 08:00-12:00 "{payload}"' if '"' not in payload else "Mo 08:00-12:00",
        "store_code": re.sub(r"\s", "", payload)[:60] + str(number),
        "status": "open",
        "closed_on": None,
        "products": [],
    }
    found: dict[str, Any] = record(Merchant, payload, ids)
    goods = [record(Product, payload, _ids(number) | {"sku": f"SKU-{i}"}) for i in (1, 2)]
    goods[1].pop("gtin")
    return {k: v for k, v in found.items() if v is not None} | {"products": goods}


def _ids(number: int) -> dict[str, Any]:
    return {
        "region": f"r{number}", "categories": [f"c{number}"], "category": f"c{number}",
        "label": f"l{number}", "labels": [f"l{number}"], "merchants": [f"m{number}"],
        "regions": [f"r{number}"], "checked_on": "2026-05-01", "valid_until": "2027-05-01",
        "starts_on": "2026-05-01", "ends_on": "2027-05-01",
    }  # fmt: skip


def small(kind: type, payload: str, number: int) -> dict[str, Any]:
    """Return a small record all of whose fields mean harm."""
    letter = {Region: "r", Category: "c", Label: "l", ContentPage: "p", Campaign: "k"}[kind]
    ids = _ids(number) | {
        "id": f"{letter}{number}",
        "slug": f"s{number}",
        "bounds": [["40", "-80"], ["60", "50"]],
        "menu": "header" if number % 2 else "footer",
        "children": [],
    }
    found: dict[str, Any] = record(kind, payload, ids)
    return found


def site() -> dict[str, str | bytes]:
    """Return the files of a site in which everybody means harm."""
    title = json.dumps(PAYLOADS[1] + PAYLOADS[0])
    files: dict[str, str | bytes] = {
        f"content/{SOUND['media-file']}": picture(form="JPEG"),
        "halles.toml": f'[site]\ntitle = {title}\nbase_url = "https://x.example"\n'
        f"tagline = {json.dumps(PAYLOADS[6])}\npage_size = 3\n[map]\nattribution = {title}\n",
    }
    for number, payload in enumerate(PAYLOADS):
        files[f"content/merchants/r{number}/m{number}/m{number}.yaml"] = yaml(
            merchant(payload, number)
        )
        for kind, folder in ((Region, "regions"), (ContentPage, "pages"), (Campaign, "campaigns")):
            head = small(kind, payload, number)
            head.pop("body")
            text = f"---\n{yaml(head)}---\n# {payload}\n\n{payload}\n\n- {payload}\n"
            files[f"content/{folder}/{head['id']}.md"] = text
            files[f"content/{folder}/{head['id']}.en.md"] = f"{payload}\n\n> {payload}\n"
    for kind, name in ((Category, "categories"), (Label, "labels")):
        records = [small(kind, payload, number) for number, payload in enumerate(PAYLOADS)]
        files[f"content/{name}.yaml"] = yaml(records)
    return files
