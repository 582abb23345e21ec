"""A record is what its file's name and folder say it is."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from halles.checks import Bearings, Check
from halles.model import Campaign, ContentPage, Id, Merchant, Region
from halles.notices import Problem, Rule, Words

ID_NOT_FILE_NAME = Rule(
    code="id-not-file-name",
    severity="error",
    says=Words(
        "l'identifiant « {given} » n'est pas le nom du fichier, « {file} ».",
        "the id “{given}” is not the file's name, “{file}”.",
    ),
    near=Words(
        "Si le nom du fichier est le bon, écrivez « id: {near} ».",
        "If the file's name is right, write “id: {near}”.",
    ),
    hint=Words(
        "Si l'identifiant est le bon, renommez le fichier {given}{suffix}, à moins qu'un autre "
        "n'ait ce nom.",
        "If the id is right, rename the file {given}{suffix}, unless another has that name.",
    ),
    about=Words(
        "L'identifiant d'une fiche est le nom de son fichier.",
        "A record's id is the name of its file.",
    ),
)
REGION_NOT_FOLDER = Rule(
    code="region-not-folder",
    severity="error",
    says=Words(
        "la région « {given} » n'est pas celle du dossier, « {folder} ».",
        "the region “{given}” is not the folder's, “{folder}”.",
    ),
    hint=Words(
        "Écrivez « region: {folder} », ou déplacez le fichier sous content/merchants/{given}/.",
        "Write “region: {folder}”, or move the file under content/merchants/{given}/.",
    ),
    about=Words(
        "Un marchand est rangé dans le dossier de sa région.",
        "A merchant is filed in the folder of its region.",
    ),
)
WRONG_FOLDER = Rule(
    code="wrong-folder",
    severity="warning",
    says=Words(
        "le fichier n'est pas à sa place, qui est {file}.",
        "the file is not in its place, which is {file}.",
    ),
    hint=Words(
        "Déplacez-le là : chacun saura où le chercher, et les importations le retrouveront.",
        "Move it there: everybody will know where to look for it, and imports will find it.",
    ),
    about=Words(
        "La fiche d'un marchand n'est pas à content/merchants/<région>/<xx>/<id>.yaml, où <xx> est "
        "les deux premiers caractères de l'identifiant.",
        "A merchant's file is not at content/merchants/<region>/<xx>/<id>.yaml, where <xx> is the "
        "first two characters of the id.",
    ),
)


def find(record: Any, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Compare a record with its place in content/."""
    path = PurePosixPath(source)
    named = record.id == path.stem
    if not named:
        given = {"given": record.id, "file": path.stem, "suffix": path.suffix}
        given |= {"near": path.stem} if _is_id(path.stem) else {}
        yield Problem(ID_NOT_FILE_NAME, ("id",), given)
    if isinstance(record, Merchant):
        yield from _filed(record, path, bearings, named=named)


def _is_id(name: str) -> bool:
    try:
        msgspec.convert(name, Id)
    except msgspec.ValidationError:
        return False
    return True


def _filed(
    merchant: Merchant, path: PurePosixPath, bearings: Bearings, *, named: bool
) -> Iterator[Problem]:
    """Compare a merchant with its folder; of an id or a region that is wrong, that is enough."""
    known = bearings.catalogue
    if merchant.region not in known.regions and "region" not in known.unread:
        return
    if len(path.parts) > 3 and merchant.region != path.parts[2]:
        given = {"given": merchant.region, "folder": path.parts[2]}
        yield Problem(REGION_NOT_FOLDER, ("region",), given)
        return
    place = f"content/merchants/{merchant.region}/{merchant.id[:2]}/{merchant.id}.yaml"
    if named and str(path) != place:
        yield Problem(WRONG_FOLDER, ("id",), {"file": place})


CHECK = Check(
    of=(Merchant, Region, ContentPage, Campaign),
    rules=(ID_NOT_FILE_NAME, REGION_NOT_FOLDER, WRONG_FOLDER),
    find=find,
)
