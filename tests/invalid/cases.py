"""The smallest broken example of every rule, on top of a tiny site with nothing to say against.

A case is the code, the place as check says it, and the files that differ from the sound site; a
merchant's file may be given by its last lines alone, which are added to a sound merchant's.
"""

from typing import NamedTuple

from tests.images import bomb, moving, picture

SHOP = "content/merchants/laval/au/au-coin.yaml"
OTHER = "content/merchants/laval/le/le-four.yaml"
THIRD = "content/merchants/laval/le/le-puits.yaml"
REGION = "content/regions/laval.md"
PAGE = "content/pages/aide.md"
NORTH = "content/regions/nord.md"
ASTRAY = "content/merchants/nord/au/au-coin.yaml"
STRAY = "content/merchants/laval/au-coin.yaml"
CAMPAIGN = "content/campaigns/fete.md"
CATEGORIES = "content/categories.yaml"
OUTLINES = "data/boundaries.geojson"
CODES = "data/postal-codes.csv"
LABELS = "content/labels.yaml"

MERCHANT = """\
id: au-coin
name: Au coin
region: laval
categories: [pain]
"""
"""Four lines, so that what a case adds begins at line 5."""

FOUR = """\
id: le-four
name: Le four
region: laval
categories: [pain]
"""

SITE: dict[str, str] = {
    "halles.toml": '[site]\ntitle = "X"\nbase_url = "https://x.example"\n',
    REGION: """\
---
id: laval
code: "13"
name: {fr: Laval, en: Laval}
centre: {lat: 45.58, lon: -73.72}
bounds: [[45.5, -73.9], [45.7, -73.5]]
---
""",
    CATEGORIES: """\
- id: pain
  name: {fr: Pain, en: Bread}
""",
    LABELS: """\
- id: ici
  name: {fr: Ici, en: Here}
  definition: {fr: Fait ici., en: Made here.}
""",
    SHOP: MERCHANT,
}


Files = dict[str, str | bytes | None]
"""What stands in files, by path; None: no such file."""


class Case(NamedTuple):
    """A broken site, and the one thing that check must say of it."""

    code: str
    place: str
    files: Files


def drawn(code: str, name: str, body: bytes) -> Case:
    """Return the case of a shop whose photo is wrong."""
    text = f"photos:\n  - {{file: media/{name}, alt: Le four}}\n"
    return Case(code, f"{SHOP}:6:12", {SHOP: MERCHANT + text, f"content/media/{name}": body})


def shop(code: str, spot: str, more: str) -> Case:
    """Return the case of a merchant whose file has a few lines more."""
    return Case(code, f"{SHOP}:{spot}", {SHOP: MERCHANT + more})


def whole(code: str, spot: str, text: str | bytes) -> Case:
    """Return the case of a merchant's whole file."""
    return Case(code, f"{SHOP}:{spot}", {SHOP: text})


def product(code: str, spot: str, more: str) -> Case:
    """Return the case of a merchant with one product, which has a key more, at line 6."""
    return shop(code, spot, "products:\n  - {" + more + "}\n")


def twins(code: str, spot: str, mine: str, theirs: str) -> Case:
    """Return the case of two merchants, of whom the second, by path, is told."""
    return Case(code, f"{OTHER}:{spot}", {SHOP: MERCHANT + mine, OTHER: FOUR + theirs})


def page(head: str) -> str:
    """Return a content page with this front matter."""
    return f"---\n{head}---\n"


FLOUR = "sku: A, name: Farine"
DEEP = "x: " + "[" * 20 + "]" * 20 + "\n"

CASES = (
    # what is not YAML, or not ours
    shop("yaml-syntax", "5:12", "phone: Tél : 418 555-0101\n"),
    shop("yaml-tab", "6:1", "address:\n\tstreet: 1, rue X\n"),
    shop("too-deep", "5:23", DEEP),
    shop("duplicate-key", "5:1", "name: Encore\n"),
    shop("yaml-anchor", "5:14", "description: *note\n"),
    shop("yaml-tag", "5:14", "description: !note\n"),
    shop("several-documents", "5:1", "---\n{}\n"),
    shop("complex-key", "5:1", "[a, b]: c\n"),
    shop("control-character", "5:15", "description: a\x07b\n"),
    whole("not-utf8", "2:13", MERCHANT.replace("Au coin", "Au café").encode("latin-1")),
    whole("too-large", "1:1", MERCHANT + "#" * (1 << 20)),
    Case("no-front-matter", f"{PAGE}:1:1", {PAGE: "Bonjour.\n"}),
    Case("unreadable-file", f"{SHOP}:0:0", {}),  # the test takes the permission away
    Case("no-merchants", "content/merchants:0:0", {SHOP: None}),
    Case("ignored-file", "content/merchants/laval/au/au-coin.yml:0:0", {SHOP[:-4] + "yml": "x"}),
    Case("orphan-translation", "content/pages/aide.en.md:1:1", {PAGE[:-2] + "en.md": "Help.\n"}),
    # keys and shapes
    whole("empty-file", "1:1", "# rien encore\n"),
    shop("unknown-key", "5:1", "telephone: 450 555-0101\n"),
    whole("missing-key", "1:1", MERCHANT.replace("name: Au coin\n", "")),
    whole("empty-value", "2:6", MERCHANT.replace("Au coin", "")),
    shop("not-a-map", "5:11", "location: Laval\n"),
    shop("not-a-list", "5:7", "tags: levain\n"),
    shop("not-text", "5:15", "municipality: [Laval]\n"),
    shop("not-a-number", "5:17", "location: {lat: 45°, lon: -73.7}\n"),
    shop("out-of-range", "5:17", "location: {lat: -173.7, lon: 45.5}\n"),
    shop("not-a-flag", "5:15", "hours_exempt: oui\n"),
    shop("not-one-of", "5:9", "status: close\n"),
    whole("too-long", "2:7", MERCHANT.replace("Au coin", "A" * 301)),
    whole("too-few", "4:13", MERCHANT.replace("[pain]", "[]")),
    whole("too-many", "4:13", MERCHANT.replace("[pain]", f"[{', '.join(['pain'] * 21)}]")),
    shop("unseen-character", "5:14", "description: Du\u202enom\n"),
    # formats
    whole("bad-id", "3:9", MERCHANT.replace("region: laval", "region: Laval")),
    whole("bad-line", "2:7", MERCHANT.replace("Au coin", '"Au\\ncoin"')),
    Case(
        "bad-segment",
        f"{PAGE}:4:7",
        {PAGE: page("id: aide\ntitle: {fr: Aide, en: Help}\nslug: à l'aide\n")},
    ),
    product("bad-sku", "6:11", "sku: PAIN LEVAIN, name: Pain"),
    product("bad-gtin", "6:34", f"{FLOUR}, gtin: 062415"),
    shop("bad-neq", "5:6", "neq: 11-4392\n"),
    product("bad-price", "6:35", f"{FLOUR}, price: 6$"),
    shop("bad-day", "6:12", "status: closed\nclosed_on: 1er mai\n"),
    shop("bad-day", "5:11", "added_on: hier\n"),
    shop("bad-day", "5:13", "updated_on: 2026-5-1\n"),
    shop("bad-postal-code", "5:24", "address: {postal_code: h7n 1a1}\n"),
    shop("bad-url", "5:10", "website: aucoin.example\n"),
    shop("bad-email", "5:8", "email: au coin\n"),
    # pictures
    shop("picture-without-alt", "5:14", "logo: {file: media/a.png}\n"),
    shop("picture-missing", "5:14", "logo: {file: media/a.png, alt: Logo}\n"),
    drawn("picture-unreadable", "a.png", picture()),
    drawn("picture-damaged", "a.jpg", picture(form="JPEG")[:-400]),
    drawn("picture-of-another-kind", "a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    drawn("picture-misnamed", "a.jpg", picture(form="PNG")),
    drawn("picture-too-heavy", "a.png", bytes((20 << 20) + 1)),
    drawn("picture-too-large", "a.png", bomb()),
    drawn("picture-animated", "a.webp", moving()),
    shop("bad-media-file", "5:14", "logo: {file: ../logo.png, alt: Logo}\n"),
    shop("bad-code", "5:13", "store_code: LAV 01\n"),
    Case(
        "bad-region-code",
        f"{NORTH}:3:7",
        {NORTH: SITE[REGION].replace("laval", "nord").replace('"13"', "Nord")},
    ),
    Case(
        "bad-schema-type",
        f"{CATEGORIES}:3:48",
        {
            CATEGORIES: SITE[CATEGORIES]
            + "- {id: vin, name: {fr: Vin, en: Wine}, schema: cave à vin}\n"
        },
    ),
    shop("bad-phone", "5:8", "phone: 555-0101\n"),
    shop("bad-hours", "5:8", "hours: Lun-Ven 9h-17h\n"),
    # what a record names, and where it stands
    Case(
        "unknown-region",
        f"{CAMPAIGN}:4:11",
        {CAMPAIGN: page("id: fete\ntitle: {fr: Fête, en: Feast}\nregions: [lavol]\n")},
    ),
    whole("unknown-category", "4:14", MERCHANT.replace("[pain]", "[pains]")),
    shop("unknown-label", "5:17", "origin: {label: icl}\n"),
    whole("id-not-file-name", "1:5", MERCHANT.replace("id: au-coin", "id: du-coin")),
    Case(
        "region-not-folder",
        f"{ASTRAY}:3:9",
        {ASTRAY: MERCHANT, SHOP: None, NORTH: SITE[REGION].replace("laval", "nord")},
    ),
    Case(
        "duplicate-id",
        f"{LABELS}:4:7",
        {LABELS: SITE[LABELS] + SITE[LABELS].replace("Ici", "Là")},
    ),
    Case(
        "path-claimed-twice",
        f"{PAGE}:4:7",
        {PAGE: page("id: aide\ntitle: {fr: Aide, en: Help}\nslug: produits\n")},
    ),
    Case(
        "unknown-schema-type",
        f"{CATEGORIES}:3:48",
        {CATEGORIES: SITE[CATEGORIES] + "- {id: vin, name: {fr: Vin, en: Wine}, schema: Winry}\n"},
    ),
    Case("wrong-folder", f"{STRAY}:1:5", {STRAY: MERCHANT, SHOP: None}),
    twins("duplicate-store-code", "5:13", "store_code: A\n", "store_code: A\n"),
    # places, dates, goods
    Case("bad-boundaries", f"{OUTLINES}:0:0", {OUTLINES: "{"}),
    Case("bad-centroids", f"{CODES}:0:0", {CODES: "code;lat;lon\nG5L;48.4;-68.5\n"}),
    Case("bad-centroid", f"{CODES}:3:1", {CODES: "code,lat,lon\nG5L,48.4,-68.5\nG5,48.4,-68.5\n"}),
    shop("outside-region", "5:11", "location: {lat: 48.4, lon: -68.5}\n"),
    Case(
        "bad-bounds",
        f"{REGION}:6:9",
        {
            REGION: SITE[REGION].replace("45.5, -73.9], [45.7", "45.7, -73.9], [45.5"),
            SHOP: MERCHANT + "location: {lat: 45.58, lon: -73.72}\n",
        },
    ),
    Case("centre-outside", f"{REGION}:5:9", {REGION: SITE[REGION].replace("45.58", "46.58")}),
    shop("no-such-day", "6:12", "status: closed\nclosed_on: 2026-02-30\n"),
    shop("no-such-day", "5:11", "added_on: 2026-02-30\n"),
    shop("no-such-day", "5:13", "updated_on: 2026-02-30\n"),
    shop("closed-on-but-open", "5:12", "closed_on: 2026-05-01\n"),
    Case(
        "ends-before-it-starts",
        f"{CAMPAIGN}:5:10",
        {
            CAMPAIGN: page(
                "id: fete\ntitle: {fr: Fête, en: Feast}\nstarts_on: 2026-07-01\n"
                "ends_on: 2026-06-01\n"
            )
        },
    ),
    shop("undated-evidence", "5:9", "origin: {label: ici, number: A-1}\n"),
    shop(
        "expired-evidence",
        "7:16",
        "origin:\n  label: ici\n  valid_until: 2025-05-01\nstatus: closed\nclosed_on: 2026-05-01\n",
    ),
    Case(
        "lonely-date",
        f"{SHOP}:6:12",
        {
            SHOP: MERCHANT + "status: closed\nclosed_on: 2027-05-01\n",
            OTHER: FOUR + "status: closed\nclosed_on: 2026-05-01\n",
            THIRD: FOUR.replace("four", "puits") + "status: closed\nclosed_on: 2026-06-01\n",
        },
    ),
    product("price-not-positive", "6:35", f'{FLOUR}, price: "0.00"'),
    product("bad-check-digit", "6:34", f"{FLOUR}, gtin: 0624153607115"),
    shop(
        "duplicate-sku",
        "7:11",
        f"products:\n  - {{{FLOUR}}}\n  - {{sku: a, name: Sucre}}\n",
    ),
    shop(
        "duplicate-gtin",
        "7:33",
        f"products:\n  - {{{FLOUR}, gtin: 0624153607116}}\n"
        "  - {sku: B, name: Sucre, gtin: 624153607116}\n",
    ),
    # texts, languages and likenesses
    shop("html-in-text", "5:14", "description: <div>Fermé lundi.</div>\n"),
    product("picture-in-text", "6:41", f"{FLOUR}, description: '![pain](pain.jpg)'"),
    Case(
        "dead-link",
        f"{LABELS}:3:20",
        {LABELS: SITE[LABELS].replace("Fait ici.", "'[Fait](ici.html).'")},
    ),
    shop("missing-translation", "5:14", "description: {fr: Du pain.}\n"),
    twins("same-neq", "5:6", "neq: 1143920115\n", "neq: 1143920115\n"),
    twins("same-phone", "5:8", "phone: 450 555-0101\n", "phone: (450) 555 0101\n"),
    Case(
        "same-name-nearby",
        f"{OTHER}:2:7",
        {
            SHOP: MERCHANT + "location: {lat: 45.5800, lon: -73.7200}\n",
            OTHER: FOUR.replace("Le four", "AU COIN") + "location: {lat: 45.5805, lon: -73.7200}\n",
        },
    ),
)


HEAD = '[site]\ntitle = "X"\nbase_url = "https://x.example"\n'


def settings(code: str, spot: str, text: str | bytes) -> Case:
    """Return the case of a halles.toml that is wrong at a line and column."""
    return Case(code, f"halles.toml:{spot}", {"halles.toml": text})


SETTINGS = (
    settings("not-utf8", "2:10", b'[site]\ntitle = "\xe9"\n'),
    settings("not-toml", "2:6", "[site]\ntitle\n"),
    settings("not-a-host", "3:1", HEAD.replace(".example", ".example/sub")),
    settings("not-languages", "4:1", f"{HEAD}languages = []\n"),
    settings("not-a-report", "4:1", f'{HEAD}report = "http://x.example"\n'),
    settings("not-a-timezone", "4:1", f'{HEAD}timezone = "Mars"\n'),
    settings("not-whole", "4:1", f"{HEAD}page_size = 7.5\n"),
)
"""No site opens without its settings: nothing else is looked at."""
