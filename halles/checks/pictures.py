"""Pictures: what each shows is said, and its file can be shown.

The first is for a record alone to say. The rest is told by whoever has looked at the files
(``halles.read.pictures``); a picture that breaks a rule is left out, its page is not.
"""

from collections.abc import Iterator

from halles.checks import Bearings, Check
from halles.model import Merchant, Picture
from halles.notices import Problem, Rule, Words


def _rule(code: str, says: Words, hint: Words, about: Words) -> Rule:
    return Rule(code=code, severity="warning", says=says, hint=hint, about=about)


WITHOUT_ALT = _rule(
    "picture-without-alt",
    Words(
        "personne ne dit ce que montre l'image « {given} » : elle n'est pas montrée.",
        "nobody says what the picture “{given}” shows: it is not shown.",
    ),
    Words(
        "Ajoutez « alt: » et dites en quelques mots ce qu'on y voit, pour qui ne la voit pas.",
        "Add “alt:” and say in a few words what is seen there, for those who cannot see it.",
    ),
    Words("Une image n'a pas de texte de remplacement.", "A picture has no alternative text."),
)
FAULTS = {
    rule.code: rule
    for rule in (
        _rule(
            "picture-missing",
            Words("il n'y a pas de fichier content/{given}.", "there is no file content/{given}."),
            Words(
                "Mettez-y l'image, ou corrigez le nom : les majuscules comptent.",
                "Put the picture there, or mend the name: capitals count.",
            ),
            Words(
                "Une fiche nomme une image qui n'est pas dans content/media/.",
                "A record names a picture that is not in content/media/.",
            ),
        ),
        _rule(
            "picture-unreadable",
            Words(
                "le système refuse de lire content/{given}.",
                "the system refuses to read content/{given}.",
            ),
            Words("Vérifiez ses permissions.", "Check its permissions."),
            Words(
                "Le système refuse la lecture d'une image.",
                "The system refuses to read a picture.",
            ),
        ),
        _rule(
            "picture-damaged",
            Words(
                "l'image « {given} » est abîmée ou incomplète.",
                "the picture “{given}” is damaged or cut short.",
            ),
            Words(
                "Ouvrez-la dans un éditeur d'images et enregistrez-la de nouveau, ou copiez encore "
                "l'original.",
                "Open it in an image editor and save it again, or copy the original once more.",
            ),
            Words("Une image ne se laisse pas décoder.", "A picture cannot be decoded."),
        ),
        _rule(
            "picture-of-another-kind",
            Words(
                "l'image « {given} » n'est ni JPEG, ni PNG, ni WebP, ni AVIF ({kind}).",
                "the picture “{given}” is none of JPEG, PNG, WebP and AVIF ({kind}).",
            ),
            Words(
                "Exportez-la en PNG ou en JPEG, large de 1280 pixels ou plus. Un SVG peut contenir "
                "du code : il n'est pas publié.",
                "Export it as PNG or JPEG, 1280 pixels wide or more. An SVG can hold code: it is "
                "not published.",
            ),
            Words(
                "Une image est d'une sorte que le site ne publie pas (SVG, HEIC, TIFF…).",
                "A picture is of a kind that the site does not publish (SVG, HEIC, TIFF…).",
            ),
        ),
        _rule(
            "picture-misnamed",
            Words(
                "l'image « {given} » est en fait du {kind}.",
                "the picture “{given}” is really {kind}.",
            ),
            Words(
                "Renommez le fichier en {ending}, ici aussi ; ou exportez-le sous son nom.",
                "Rename the file to end in {ending}, here too; or export it under its name.",
            ),
            Words(
                "Le nom d'une image finit comme ceux d'une autre sorte.",
                "A picture's name ends as those of another kind do.",
            ),
        ),
        _rule(
            "picture-too-heavy",
            Words(
                "l'image « {given} » pèse {size} Mio ; 20 au plus.",
                "the picture “{given}” weighs {size} MiB; 20 at most.",
            ),
            Words(
                "Réduisez-la : 1280 pixels de large suffisent, soit quelques centaines de "
                "kilo-octets.",
                "Make it smaller: 1280 pixels of width will do, a few hundred kilobytes.",
            ),
            Words("Une image dépasse 20 Mio.", "A picture is over 20 MiB."),
        ),
        _rule(
            "picture-too-large",
            Words(
                "l'image « {given} » compte {width} × {height} pixels ; 40 millions au plus.",
                "the picture “{given}” has {width} × {height} pixels; 40 million at most.",
            ),
            Words(
                "Réduisez-la : 1280 pixels de large suffisent.",
                "Make it smaller: 1280 pixels of width will do.",
            ),
            Words(
                "Une image dépasse 40 millions de pixels.", "A picture is over 40 million pixels."
            ),
        ),
        _rule(
            "picture-animated",
            Words("l'image « {given} » est animée.", "the picture “{given}” is animated."),
            Words(
                "Gardez-en une seule vue : ce qui bouge gêne la lecture.",
                "Keep one view of it: what moves gets in the way of reading.",
            ),
            Words("Une image est animée.", "A picture is animated."),
        ),
    )
}
"""By the code that looking at a file gives."""


def find(merchant: Merchant, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Look for pictures of which nobody says what they show."""
    if merchant.logo:
        yield from _mute(merchant.logo, ("logo",))
    for i, photo in enumerate(merchant.photos):
        yield from _mute(photo, ("photos", i))
    for i, product in enumerate(merchant.products):
        if product.image:
            yield from _mute(product.image, ("products", i, "image"))


def _mute(picture: Picture, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if picture.alt is None:
        yield Problem(WITHOUT_ALT, (*path, "file"), {"given": picture.file})


CHECK = Check(of=(Merchant,), rules=(WITHOUT_ALT, *FAULTS.values()), find=find)
