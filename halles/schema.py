"""JSON Schemas of the content, from the same types that the decoder follows.

An editor's program reads a file with a YAML 1.2 reader of its own, which takes ``6.50`` for a
number; the build takes a plain scalar for the text it is. So a schema accepts, where text is
wanted, whatever such a reader may have made of a text that the build accepts: it never marks as
wrong what the build takes. What only the build can judge stands in ``docs/notices.md``.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import NODEFAULT, inspect

from halles.model import Campaign, Category, ContentPage, Label, Merchant, Region

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
ONE: Mapping[str, type] = {
    "merchant": Merchant,
    "region": Region,
    "page": ContentPage,
    "campaign": Campaign,
}
LISTS: Mapping[str, type] = {"categories": Category, "labels": Label}

TITLES: Mapping[str, str] = {
    "Merchant": "Un marchand : content/merchants/<région>/<xx>/<id>.yaml",
    "Region": "L’en-tête d’une région : content/regions/<id>.md",
    "ContentPage": "L’en-tête d’une page : content/pages/<id>.md",
    "Campaign": "L’en-tête d’une campagne : content/campaigns/<id>.md",
    "Category": "Une branche de l’arbre des catégories",
    "Label": "Une marque d’origine",
    "Product": "Un produit que le marchand vend",
    "Both": "Un texte d’une ligne, dans les deux langues",
    "BothProse": "Du Markdown, dans les deux langues",
    "BothSegments": "Un morceau d’adresse, dans les deux langues",
    "Position": "Un point, en degrés (WGS 84)",
    "Address": "Où va le courrier; la ville a sa propre clé, municipality",
    "Delivery": "Jusqu’où le marchand livre, et pour combien",
    "Origin": "Une marque d’origine, avec la preuve qu’on en a",
    "Picture": "Une image de content/media/ et ce qu’elle montre",
    "Synonyms": "Ce que les gens tapent pour trouver la catégorie",
}
LIST_TITLES: Mapping[str, str] = {
    "categories": "L’arbre des catégories : content/categories.yaml",
    "labels": "Les marques d’origine : content/labels.yaml",
}

_ID = "Son identifiant, celui du nom de fichier; il devient l’adresse et ne sert jamais deux fois."
_NAME = "Le nom, en français, ou {fr: …, en: …}."
_SLUG = "Le dernier morceau de l’adresse, s’il n’est pas l’identifiant."
_SUMMARY = "Une phrase qui annonce la page."
_BODY = "Le texte; on l’écrit d’ordinaire en Markdown sous l’en-tête."
_FR, _EN = "En français.", "En anglais; sans lui, le site montre le français."

DESCRIPTIONS: Mapping[str, str] = {
    "Merchant.id": _ID,
    "Merchant.name": _NAME,
    "Merchant.region": "L’identifiant de la région, celui du dossier.",
    "Merchant.categories": "Identifiants de content/categories.yaml; le premier est le principal.",
    "Merchant.neq": "Le numéro d’entreprise du Québec, dix chiffres.",
    "Merchant.status": "Ouvert ou fermé; un marchand fermé garde sa page et quitte les listes.",
    "Merchant.closed_on": "Le jour de la fermeture, avec status: closed.",
    "Merchant.added_on": "Le jour de son entrée au répertoire; les fils de nouvelles le disent.",
    "Merchant.updated_on": "Le jour du dernier changement de la fiche; le plan du site le répète.",
    "Merchant.municipality": "La ville ou le village.",
    "Merchant.address": "L’adresse postale.",
    "Merchant.location": "Où se trouve la porte.",
    "Merchant.phone": "Dix chiffres, comme on les écrit ici.",
    "Merchant.email": "L’adresse courriel que le public peut voir.",
    "Merchant.website": "L’adresse du site, avec https://.",
    "Merchant.tags": "Quelques mots libres; une campagne peut en choisir.",
    "Merchant.description": "Une présentation en Markdown, en français ou {fr: …, en: …}.",
    "Merchant.hours": "Les heures, dans la grammaire opening_hours d’OpenStreetMap.",
    "Merchant.hours_exempt": "true si la loi permet d’ouvrir les jours de fermeture obligatoire.",
    "Merchant.services": "Ce que le marchand offre.",
    "Merchant.delivery": "Les conditions de livraison.",
    "Merchant.payment": "Comment on peut payer.",
    "Merchant.origin": "La marque d’origine du marchand lui-même.",
    "Merchant.store_code": "Le nom du magasin dans le flux de stock; sans lui, l’identifiant.",
    "Merchant.logo": "Le logo.",
    "Merchant.photos": "Des photos.",
    "Merchant.products": "Ce qu’on y vend.",
    "Product.sku": "Le code du produit chez ce marchand; le flux de stock le nomme ainsi.",
    "Product.name": _NAME,
    "Product.gtin": "Les chiffres sous le code à barres, zéros compris.",
    "Product.brand": "La marque de commerce.",
    "Product.price": "En dollars canadiens, taxes en sus.",
    "Product.category": "Un identifiant de content/categories.yaml.",
    "Product.description": "Du Markdown, en français ou {fr: …, en: …}.",
    "Product.origin": "La marque d’origine du produit.",
    "Product.url": "La page du produit chez le marchand.",
    "Product.image": "Une image du produit.",
    "Position.lat": "La latitude; au Québec, de 44 à 63.",
    "Position.lon": "La longitude; au Québec, de -80 à -57.",
    "Address.street": "Le numéro et la rue.",
    "Address.postal_code": "En majuscules, avec une espace.",
    "Delivery.radius_km": "Le rayon, en kilomètres.",
    "Delivery.fee": "Les frais, en dollars.",
    "Origin.label": "Un identifiant de content/labels.yaml.",
    "Origin.body": "L’organisme qui certifie.",
    "Origin.number": "Le numéro du certificat.",
    "Origin.url": "Où la preuve se lit.",
    "Origin.checked_on": "Le jour où quelqu’un a vu la preuve.",
    "Origin.valid_until": "Le dernier jour où la preuve vaut.",
    "Picture.file": "Un fichier de content/media/.",
    "Picture.alt": "Ce que montre l’image, pour qui ne la voit pas.",
    "Region.id": _ID,
    "Region.name": _NAME,
    "Region.code": "Les deux chiffres de la région administrative.",
    "Region.centre": "Où centrer la carte.",
    "Region.bounds": "Les coins [lat, lon] du sud-ouest et du nord-est.",
    "Region.body": _BODY,
    "Category.id": "Son identifiant, unique dans l’arbre; il devient l’adresse.",
    "Category.name": _NAME,
    "Category.synonyms": "Ce que les gens tapent pour la trouver.",
    "Category.schema": "Un sous-type de LocalBusiness de schema.org, pour un métier.",
    "Category.children": "Les catégories plus précises.",
    "Synonyms.fr": "En français.",
    "Synonyms.en": "En anglais.",
    "Label.id": "Son identifiant; il devient l’adresse.",
    "Label.name": _NAME,
    "Label.definition": "Ce que la marque promet, en Markdown.",
    "Label.body": "L’organisme qui l’accorde.",
    "Label.url": "Le site de l’organisme.",
    "ContentPage.id": _ID,
    "ContentPage.title": _NAME,
    "ContentPage.slug": _SLUG,
    "ContentPage.summary": _SUMMARY,
    "ContentPage.menu": "Le menu qui mène à la page; sans lui, aucun.",
    "ContentPage.body": _BODY,
    "Campaign.id": _ID,
    "Campaign.title": _NAME,
    "Campaign.slug": _SLUG,
    "Campaign.summary": _SUMMARY,
    "Campaign.starts_on": "Le premier jour.",
    "Campaign.ends_on": "Le dernier jour.",
    "Campaign.merchants": "Des marchands, par identifiant : ils en sont toujours.",
    "Campaign.regions": "Les régions où l’on choisit.",
    "Campaign.categories": "Les catégories où l’on choisit.",
    "Campaign.labels": "Les marques d’origine que l’on choisit.",
    "Campaign.tags": "Les mots libres que l’on choisit.",
    "Campaign.body": _BODY,
    "Both.fr": _FR,
    "Both.en": _EN,
    "BothProse.fr": _FR,
    "BothProse.en": _EN,
    "BothSegments.fr": _FR,
    "BothSegments.en": _EN,
}
EXAMPLES: Mapping[str, tuple[Any, ...]] = {
    "Merchant.id": ("boulangerie-du-marche",),
    "Merchant.name": ("Boulangerie du Marché",),
    "Merchant.region": ("bas-saint-laurent",),
    "Merchant.categories": (["boulangerie", "cafe"],),
    "Merchant.neq": ("1143920115",),
    "Merchant.closed_on": ("2026-05-01",),
    "Merchant.added_on": ("2026-03-15",),
    "Merchant.updated_on": ("2026-05-01",),
    "Merchant.municipality": ("Rimouski",),
    "Merchant.phone": ("418 555-0123",),
    "Merchant.email": ("bonjour@boulangerie.example",),
    "Merchant.website": ("https://boulangerie.example",),
    "Merchant.tags": (["levain", "cadeaux"],),
    "Merchant.hours": ("Mo-Fr 08:00-17:30; Sa 08:00-16:00; PH off",),
    "Merchant.services": (["pickup", "delivery"],),
    "Merchant.payment": (["cash", "interac"],),
    "Merchant.store_code": ("RIM-01",),
    "Product.sku": ("PAIN-LEVAIN",),
    "Product.name": ("Pain au levain", {"fr": "Pain au levain", "en": "Sourdough loaf"}),
    "Product.gtin": ("0624153607116",),
    "Product.price": ("6.50",),
    "Position.lat": (48.4488,),
    "Position.lon": (-68.523,),
    "Address.street": ("12, rue Saint-Germain Est",),
    "Address.postal_code": ("G5L 1A1",),
    "Delivery.radius_km": (20,),
    "Delivery.fee": ("5.00",),
    "Origin.label": ("produit-du-quebec",),
    "Origin.checked_on": ("2026-05-01",),
    "Origin.valid_until": ("2027-05-01",),
    "Picture.file": ("media/pain.jpg",),
    "Picture.alt": ("Une miche dorée",),
    "Region.code": ("01",),
    "Region.bounds": ([[47.3, -69.8], [48.8, -67.2]],),
    "Category.schema": ("Bakery",),
}


def schemas() -> dict[str, str]:
    """Return the text of each schema, by its file's name."""
    one = {name: _of_one(kind) for name, kind in ONE.items()}
    lists = {name: _of_list(kind, LIST_TITLES[name]) for name, kind in LISTS.items()}
    found = {f"{name}.schema.json": schema for name, schema in {**one, **lists}.items()}
    return {name: _text(schema) for name, schema in sorted(found.items())}


def _text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _of_one(kind: type) -> Schema:
    known: dict[str, Schema] = {}
    return {"$schema": DRAFT, **_map(inspect.type_info(kind), known), **_definitions(known)}


def _of_list(kind: type, title: str) -> Schema:
    known: dict[str, Schema] = {}
    items = _schema(inspect.type_info(kind), known)
    top = {"$schema": DRAFT, "title": title, "type": "array", "items": items}
    return {**top, **_definitions(known)}


def _definitions(known: Mapping[str, Schema]) -> Schema:
    return {"definitions": dict(sorted(known.items()))} if known else {}


def _schema(kind: inspect.Type, known: dict[str, Schema]) -> Schema:
    """Return the schema of a type; the maps it is made of are defined in ``known``."""
    match kind:
        case inspect.Metadata(type=inner):
            return _schema(inner, known)
        case inspect.UnionType(types=types):
            some = [_schema(t, known) for t in types if not isinstance(t, inspect.NoneType)]
            return some[0] if len(some) == 1 else {"anyOf": some}
        case inspect.StructType(cls=cls):
            if cls.__name__ not in known:
                known[cls.__name__] = {}  # a category's children are categories
                known[cls.__name__] = _map(kind, known)
            return {"$ref": f"#/definitions/{cls.__name__}"}
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            bounds = {"minItems": least, "maxItems": most}
            return {
                "type": "array",
                "items": _schema(item, known),
                **{name: value for name, value in bounds.items() if value is not None},
            }
        case inspect.TupleType(item_types=items):
            return {
                "type": "array",
                "items": [_schema(item, known) for item in items],
                "additionalItems": False,
                "minItems": len(items),
            }
        case inspect.LiteralType(values=values):
            return {"enum": list(values)}
        case inspect.FloatType():
            return _number(kind)
        case inspect.BoolType():
            return {"type": ["boolean", "string"], "pattern": "^(true|false)$"}
        case inspect.StrType():
            return _scalar(kind)
    raise TypeError(kind)


def _map(kind: inspect.Type, known: dict[str, Schema]) -> Schema:
    if not isinstance(kind, inspect.StructType):
        raise TypeError(kind)
    name = kind.cls.__name__
    return {
        "title": TITLES[name],
        "type": "object",
        "additionalProperties": False,
        "required": [field.encode_name for field in kind.fields if field.required],
        "properties": {
            field.encode_name: _field(f"{name}.{field.encode_name}", field, known)
            for field in kind.fields
        },
    }


def _field(name: str, field: inspect.Field, known: dict[str, Schema]) -> Schema:
    schema = _schema(field.type, known)
    about: Schema = {"description": DESCRIPTIONS[name]}
    if name in EXAMPLES:
        about["examples"] = list(EXAMPLES[name])
    if field.default not in (NODEFAULT, None, ()):
        about["default"] = field.default
    if not field.required:
        schema = _or_nothing(schema)
    return {**about, **({"allOf": [schema]} if "$ref" in schema else schema)}


def _or_nothing(schema: Schema) -> Schema:
    """Return a schema that also takes a key without a value, as the build does."""
    nothing = {"type": "null"}
    if "anyOf" in schema:
        takes_it = any("null" in each.get("type", ()) for each in schema["anyOf"])
        return schema if takes_it else {"anyOf": [*schema["anyOf"], nothing]}
    if "type" in schema:
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        return {**schema, "type": types if "null" in types else [*types, "null"]}
    return {"anyOf": [schema, nothing]}


_READ_AS: Mapping[str, tuple[str, ...]] = {
    "integer": ("0x1f", "0o17", *("1" * digits for digits in range(1, 20))),
    "number": ("6.5", "6.50", "-1.5", "1e3", "+.5", ".inf", ".nan"),
    "boolean": ("true", "false", "True"),
    "null": ("null", "~"),
}
"""What a YAML reader takes for something else than text, if it is not between quotes."""


def _scalar(kind: inspect.StrType) -> Schema:
    """Return the schema of a text, with the types that a reader may have made of it."""
    pattern = kind.pattern or ""
    types = ["string", *_read_as(pattern)]
    limits = {"minLength": kind.min_length, "maxLength": kind.max_length, "pattern": kind.pattern}
    schema: Schema = {"type": types if len(types) > 1 else "string"}
    schema |= {name: value for name, value in limits.items() if value is not None}
    if {"integer", "number"} & set(types) and not re.search(pattern, "-1"):
        schema["minimum"] = 0
    return schema


def _read_as(pattern: str) -> Iterator[str]:
    found = [
        name for name, texts in _READ_AS.items() if any(re.search(pattern, text) for text in texts)
    ]
    yield from (name for name in found if name != "integer" or "number" not in found)


def _number(kind: inspect.FloatType) -> Schema:
    limits = {
        "minimum": kind.ge,
        "exclusiveMinimum": kind.gt,
        "maximum": kind.le,
        "exclusiveMaximum": kind.lt,
    }
    return {
        "type": ["number", "string"],
        "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$",
        **{name: value for name, value in limits.items() if value is not None},
    }
