"""What is written in a text is shown: no HTML, no picture, no link that leads nowhere."""

from collections.abc import Iterator
from typing import Any

from halles.checks import Bearings, Check
from halles.model import BothProse, Campaign, ContentPage, Label, Merchant, Region
from halles.notices import Problem, Rule, Words
from halles.prose import lost

HTML_IN_TEXT = Rule(
    code="html-in-text",
    severity="warning",
    says=Words(
        "« {key} » contient du HTML, « {given} », qui n'est pas montré.",
        "“{key}” holds HTML, “{given}”, which is not shown.",
    ),
    hint=Words(
        "Écrivez-le en Markdown : *italique*, **gras**, [lien](https://…), un tiret par élément.",
        "Write it in Markdown: *italics*, **bold**, [link](https://…), a dash for each item.",
    ),
    about=Words(
        "Un texte en Markdown contient du HTML : les balises sont retirées, et ce qui est entre "
        "elles l'est parfois aussi.",
        "A Markdown text holds HTML: its tags are taken out, and sometimes what stands between "
        "them too.",
    ),
)
PICTURE_IN_TEXT = Rule(
    code="picture-in-text",
    severity="warning",
    says=Words(
        "« {key} » contient une image, « {given} », qui n'est pas montrée.",
        "“{key}” holds a picture, “{given}”, which is not shown.",
    ),
    hint=Words(
        "Retirez-la du texte ; celles d'un marchand vont dans « photos ».",
        "Take it out of the text; a merchant's go into “photos”.",
    ),
    about=Words(
        "Un texte en Markdown contient une image : elle est retirée.",
        "A Markdown text holds a picture: it is taken out.",
    ),
)
DEAD_LINK = Rule(
    code="dead-link",
    severity="warning",
    says=Words(
        "le lien « {given} » de « {key} » ne mène nulle part.",
        "the link “{given}” of “{key}” leads nowhere.",
    ),
    hint=Words(
        "Écrivez l'adresse entière, https://… (ou mailto:…, tel:…) ; une page du site commence "
        "par /.",
        "Write the whole address, https://… (or mailto:…, tel:…); a page of the site starts "
        "with /.",
    ),
    about=Words(
        "L'adresse d'un lien ne commence ni par https:, http:, mailto: ou tel:, ni par / ou #.",
        "A link's address starts with none of https:, http:, mailto:, tel:, / and #.",
    ),
)
LOSSES = {"html": HTML_IN_TEXT, "picture": PICTURE_IN_TEXT, "link": DEAD_LINK}
Path = tuple[str | int, ...]


def find(record: Any, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Look for what the pages will not show of a record's Markdown."""
    for path, text in _texts(record):
        for loss, given in lost(text).items():
            key = ".".join(
                piece for piece in path if isinstance(piece, str) and piece != "products"
            )
            yield Problem(LOSSES[loss], path, {"key": key, "given": given})


def _texts(record: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(record, Merchant):
        yield from _both(record.description, ("description",))
        for i, product in enumerate(record.products):
            if product.description is not None:
                yield from _both(product.description, ("products", i, "description"))
    elif isinstance(record, Label):
        yield from _both(record.definition, ("definition",))
    else:
        yield from _both(record.body, ("body",))


def _both(text: str | BothProse | None, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(text, str):
        yield path, text
    elif text is not None:
        yield (*path, "fr"), text.fr
        if text.en is not None:
            yield (*path, "en"), text.en


CHECK = Check(
    of=(Merchant, Region, Label, ContentPage, Campaign),
    rules=(HTML_IN_TEXT, PICTURE_IN_TEXT, DEAD_LINK),
    find=find,
)
