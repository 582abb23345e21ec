"""A record is what its file's name and folder say it is."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from halles.checks import Bearings, Check
from halles.model import Campaign, ContentPage, Merchant, Region
from halles.notices import Problem, Rule, Words

ID_NOT_FILE_NAME = Rule(
    code="id-not-file-name",
    severity="error",
    says=Words(
        "l'identifiant « {given} » n'est pas le nom du fichier, « {file} ».",
        "the id “{given}” is not the file's name, “{file}”.",
    ),
    hint=Words(
        "Écrivez « id: {file} », ou renommez le fichier {given}{suffix}.",
        "Write “id: {file}”, or rename the file {given}{suffix}.",
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


def find(record: Any, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Compare a record with its place in content/."""
    path = PurePosixPath(source)
    if record.id != path.stem:
        given = {"given": record.id, "file": path.stem, "suffix": path.suffix}
        yield Problem(ID_NOT_FILE_NAME, ("id",), given)
    if isinstance(record, Merchant) and len(path.parts) > 3 and record.region != path.parts[2]:
        given = {"given": record.region, "folder": path.parts[2]}
        yield Problem(REGION_NOT_FOLDER, ("region",), given)


CHECK = Check(
    of=(Merchant, Region, ContentPage, Campaign),
    rules=(ID_NOT_FILE_NAME, REGION_NOT_FOLDER),
    find=find,
)
