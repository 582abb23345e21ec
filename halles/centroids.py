"""Where postal codes lie, by a table that a site may have: ``data/postal-codes.csv`` (pure)."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from math import isfinite

from halles.notices import Notice, Rule, Words

CENTROIDS = "data/postal-codes.csv"
GRAIN = 1000
"""Parts of a degree: a hundred metres."""
COLUMNS = ("code", "lat", "lon")
MOST = 50
"""Lines that are told of; the last one says how many more there are."""
BAD_CENTROIDS = Rule(
    code="bad-centroids",
    severity="warning",
    says=Words(
        "cette table ne dit où se trouve aucun code postal : {why}.",
        "this table tells of no postal code where it lies: {why}.",
    ),
    hint=Words(
        "Donnez-lui les colonnes code,lat,lon, séparées par des virgules et nommées en première "
        "ligne, en UTF-8 ; ou enlevez le fichier.",
        "Give it the columns code,lat,lon, parted by commas and named on the first line, in "
        "UTF-8; or take the file away.",
    ),
    about=Words(
        "Le fichier data/postal-codes.csv est là, mais n'a pas les colonnes code, lat et lon, ou "
        "ne peut pas être lu.",
        "The file data/postal-codes.csv is there, but has not the columns code, lat and lon, or "
        "cannot be read.",
    ),
)
BAD_CENTROID = Rule(
    code="bad-centroid",
    severity="warning",
    says=Words(
        "cette ligne ne dit pas où se trouve un code postal : {why}.",
        "this line does not tell where a postal code lies: {why}.",
    ),
    hint=Words(
        "Écrivez le code, ou ses trois premiers signes, puis la latitude et la longitude en "
        "degrés : G5L 1A1,48.4488,-68.523.",
        "Write the code, or its first three signs, then latitude and longitude in degrees: "
        "G5L 1A1,48.4488,-68.523.",
    ),
    about=Words(
        "Une ligne de data/postal-codes.csv ne donne pas de code postal, ou pas d'endroit : elle "
        "est laissée de côté.",
        "A line of data/postal-codes.csv gives no postal code, or no place: it is left aside.",
    ),
)
RULES = (BAD_CENTROIDS, BAD_CENTROID)
_CODE = re.compile(r"[A-Z]\d[A-Z](?: ?\d[A-Z]\d)?")
_NO_CODE = Words("« {given} » n'est pas un code postal", "“{given}” is not a postal code")
_NO_PLACE = Words(
    "« {given} » n'est pas une latitude et une longitude",
    "“{given}” is not a latitude and a longitude",
)
_NO_COLUMN = Words("il manque la colonne {given}", "the column {given} is missing")
_NO_TABLE = Words("ce n'est pas du CSV", "it is not CSV")
REFUSED = Words("le système refuse de le lire", "the system refuses to read it")


def centres(body: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the centres that a table gives, in parts of a degree.

    >>> list(centres(b"code,lat,lon\\nG5L 1A1,48.4488,-68.523\\nnowhere,,\\n"))
    [('G5L', (48449, -68523))]
    """
    for _, found in _lines(body):
        if not isinstance(found, Words):
            yield found


def faults(body: bytes) -> Iterator[Notice]:
    """Yield what is wrong with a table, line by line."""
    wrong = [(line, found) for line, found in _lines(body) if isinstance(found, Words)]
    for i, (line, why) in enumerate(wrong[:MOST], 1):
        if i == MOST < len(wrong):
            more = len(wrong) - MOST
            why = Words(f"{why.fr} ({more} autres aussi)", f"{why.en} (so are {more} others)")
        rule = BAD_CENTROID if line else BAD_CENTROIDS
        yield rule.at(CENTROIDS, (line, 1 if line else 0), **{"why.fr": why.fr, "why.en": why.en})


def refused() -> Notice:
    """Return the notice that a table cannot be read at all."""
    why = {"why.fr": REFUSED.fr, "why.en": REFUSED.en}
    return BAD_CENTROIDS.at(CENTROIDS, (0, 0), **why)


def _lines(body: bytes) -> Iterator[tuple[int, Words | tuple[str, tuple[int, int]]]]:
    """Yield each line's number with the centre that it gives, or why not; 0 is the whole table."""
    rows = csv.DictReader(StringIO(body.decode("utf-8-sig", "replace")))
    try:
        if lacking := [name for name in COLUMNS if name not in (rows.fieldnames or ())]:
            yield 0, _said(_NO_COLUMN, lacking[0])
            return
        for row in rows:
            yield rows.line_num, _centre(*((row[name] or "").strip() for name in COLUMNS))
    except csv.Error:
        yield 0, _NO_TABLE


def _centre(code: str, lat: str, lon: str) -> Words | tuple[str, tuple[int, int]]:
    if not _CODE.fullmatch(code.upper()):
        return _said(_NO_CODE, code)
    try:
        south, west = float(lat), float(lon)
    except ValueError:
        return _said(_NO_PLACE, f"{lat},{lon}")
    if not (isfinite(south) and abs(south) <= 90 and isfinite(west) and abs(west) <= 180):
        return _said(_NO_PLACE, f"{lat},{lon}")
    return code[:3].upper(), (round(south * GRAIN), round(west * GRAIN))


def _said(words: Words, given: str) -> Words:
    short = given if len(given) <= 40 else f"{given[:39]}…"
    return Words(words.fr.replace("{given}", short), words.en.replace("{given}", short))
