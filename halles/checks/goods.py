"""A product can be told from the others, scanned and paid for."""

from collections.abc import Iterator

from halles.catalogue import same_gtin
from halles.checks import Bearings, Check
from halles.model import Merchant
from halles.notices import Problem, Rule, Words

DUPLICATE_SKU = Rule(
    code="duplicate-sku",
    severity="error",
    says=Words(
        "le code « {given} » sert déjà au produit « {other} ».",
        "the code “{given}” already stands for the product “{other}”.",
    ),
    hint=Words(
        "Donnez à chaque produit son propre code (majuscules et minuscules se confondent).",
        "Give each product its own code (capitals and small letters count as one).",
    ),
    about=Words(
        "Deux produits d'un marchand ont le même code.",
        "Two products of a merchant have one code.",
    ),
)
DUPLICATE_GTIN = Rule(
    code="duplicate-gtin",
    severity="error",
    says=Words(
        "le GTIN {given} sert déjà au produit « {other} ».",
        "the GTIN {given} already stands for the product “{other}”.",
    ),
    hint=Words(
        "Un GTIN désigne un seul produit : retirez celui qui est de trop.",
        "A GTIN stands for one product: remove the one too many.",
    ),
    about=Words(
        "Deux produits d'un marchand ont le même GTIN.",
        "Two products of a merchant have one GTIN.",
    ),
)
BAD_CHECK_DIGIT = Rule(
    code="bad-check-digit",
    severity="error",
    says=Words(
        "le dernier chiffre du GTIN {given} est faux.", "the last digit of GTIN {given} is wrong."
    ),
    hint=Words(
        "Recopiez tous les chiffres sous le code à barres.",
        "Copy all the digits under the bar code.",
    ),
    about=Words(
        "Le chiffre de contrôle d'un GTIN ne correspond pas.",
        "The check digit of a GTIN does not match.",
    ),
)
PRICE_NOT_POSITIVE = Rule(
    code="price-not-positive",
    severity="error",
    says=Words("le prix {given} n'est pas positif.", "the price {given} is not positive."),
    hint=Words(
        "Écrivez un prix au-dessus de zéro, ou retirez la clé.",
        "Write a price above zero, or remove the key.",
    ),
    about=Words("Un prix est nul.", "A price is zero."),
)


def find(merchant: Merchant, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Look at each product, and at those before it."""
    skus: dict[str, str] = {}
    gtins: dict[str, str] = {}
    for i, product in enumerate(merchant.products):
        folded = product.sku.lower()
        if folded in skus:
            given = {"given": product.sku, "other": skus[folded]}
            yield Problem(DUPLICATE_SKU, ("products", i, "sku"), given)
        skus.setdefault(folded, product.sku)
        if product.gtin:
            yield from _gtin(product.gtin, i, gtins)
            gtins.setdefault(same_gtin(product.gtin), product.sku)
        if product.price and not product.price.strip("0."):
            given = {"given": product.price}
            yield Problem(PRICE_NOT_POSITIVE, ("products", i, "price"), given)


def _gtin(gtin: str, i: int, before: dict[str, str]) -> Iterator[Problem]:
    from stdnum import ean

    if not ean.is_valid(gtin):
        yield Problem(BAD_CHECK_DIGIT, ("products", i, "gtin"), {"given": gtin})
    if same_gtin(gtin) in before:
        given = {"given": gtin, "other": before[same_gtin(gtin)]}
        yield Problem(DUPLICATE_GTIN, ("products", i, "gtin"), given)


CHECK = Check(
    of=(Merchant,),
    rules=(DUPLICATE_SKU, DUPLICATE_GTIN, BAD_CHECK_DIGIT, PRICE_NOT_POSITIVE),
    find=find,
)
