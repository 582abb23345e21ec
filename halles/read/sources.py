"""One file of content/ in, one reading out: the record it holds, or every reason why it holds none.

A reading is a pure function of the file's bytes, its path and the bearings. Workers make them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from halles import shelf
from halles.catalogue import Card, Mark, card_of, marks_of, slugs_of, store_of, wares_of
from halles.checks import Bearings, Check
from halles.digest import digest
from halles.model import Campaign, Category, ContentPage, Label, Merchant, Region
from halles.notices import NOT_UTF8, Notice, Problem, Rule, Words
from halles.points import point_of
from halles.read.decode import EMPTY_FILE, NOT_A_LIST, decode, decode_quickly
from halles.read.remains import remains
from halles.read.yamltext import Fault, Spot, Tree, Unreadable, parse, quick

FOLDERS: dict[str, tuple[str, type]] = {
    "regions": ("region", Region),
    "pages": ("page", ContentPage),
    "campaigns": ("campaign", Campaign),
}
LISTS: dict[str, tuple[str, type]] = {
    "categories.yaml": ("category", Category),
    "labels.yaml": ("label", Label),
}


def _yaml(code: str, says: Words, hint: Words, about: Words) -> Rule:
    return Rule(code=code, severity="error", says=says, hint=hint, about=about)


FAULTS = {
    rule.code: rule
    for rule in (
        _yaml(
            "yaml-syntax",
            Words(
                "ce n'est plus du YAML à partir de « {given} ».",
                "this is no longer YAML from “{given}” on.",
            ),
            Words(
                "Vérifiez les retraits, les deux-points, les guillemets et les crochets de cette ligne "
                "et de la précédente ; un texte qui contient « : » se met entre guillemets.",
                "Check the indents, colons, quotes and brackets of this line and the one above; a text that "
                "holds “: ” goes between quotes.",
            ),
            Words("Le fichier n'est pas du YAML.", "The file is not YAML."),
        ),
        _yaml(
            "yaml-tab",
            Words("une tabulation ne peut pas servir de retrait.", "a tab cannot be an indent."),
            Words("Remplacez-la par des espaces.", "Replace it with spaces."),
            Words("Une tabulation sert de retrait.", "A tab serves as an indent."),
        ),
        NOT_UTF8,
        _yaml(
            "too-large",
            Words("le fichier dépasse 1 Mio.", "the file is over 1 MiB."),
            Words(
                "Une fiche tient en quelques kilo-octets : retirez ce qui n'en est pas.",
                "A record takes a few kilobytes: remove what does not belong.",
            ),
            Words("Un fichier dépasse 1 Mio.", "A file is over 1 MiB."),
        ),
        _yaml(
            "too-deep",
            Words("les retraits dépassent 20 niveaux.", "the nesting is over 20 levels deep."),
            Words("Une fiche a quatre niveaux au plus.", "A record has four levels at most."),
            Words("Les retraits dépassent 20 niveaux.", "The nesting is over 20 levels deep."),
        ),
        _yaml(
            "duplicate-key",
            Words(
                "la clé « {given} » est écrite deux fois.", "the key “{given}” is written twice."
            ),
            Words("Gardez une seule des deux lignes.", "Keep one of the two lines."),
            Words("Une clé est écrite deux fois.", "A key is written twice."),
        ),
        _yaml(
            "yaml-anchor",
            Words(
                "les ancres et les renvois de YAML ne sont pas permis (« {given} »).",
                "YAML anchors and aliases are not allowed (“{given}”).",
            ),
            Words(
                "Recopiez la valeur ; si c'est un texte, mettez-le entre guillemets.",
                "Copy the value; if it is text, put it between quotes.",
            ),
            Words(
                "Une ancre (&), un renvoi (*) ou une fusion (<<) de YAML.",
                "A YAML anchor (&), alias (*) or merge (<<).",
            ),
        ),
        _yaml(
            "yaml-tag",
            Words(
                "les étiquettes de type de YAML ne sont pas permises (« {given} »).",
                "YAML tags are not allowed (“{given}”).",
            ),
            Words(
                "Retirez-la ; si c'est un texte, mettez-le entre guillemets.",
                "Remove it; if it is text, put it between quotes.",
            ),
            Words("Une étiquette de type de YAML (!).", "A YAML tag (!)."),
        ),
        _yaml(
            "several-documents",
            Words(
                "le fichier contient plusieurs documents YAML.",
                "the file holds several YAML documents.",
            ),
            Words(
                "Un fichier, une fiche : retirez la ligne « --- » et ce qui suit.",
                "One file, one record: remove the line “---” and what follows.",
            ),
            Words("Un fichier contient plusieurs fiches.", "A file holds several records."),
        ),
        _yaml(
            "complex-key",
            Words("une clé doit être un simple mot.", "a key must be a plain word."),
            Words("Écrivez « clé: valeur ».", "Write “key: value”."),
            Words("Une clé est une liste ou un groupe.", "A key is a list or a group."),
        ),
        _yaml(
            "control-character",
            Words(
                "le fichier contient un caractère de commande ({given}).",
                "the file holds a control character ({given}).",
            ),
            Words(
                "Effacez-le : il ne se voit pas, mais l'éditeur peut le montrer.",
                "Delete it: it is not seen, but your editor can show it.",
            ),
            Words(
                "Un fichier contient un caractère de commande que YAML interdit.",
                "A file holds a control character that YAML forbids.",
            ),
        ),
    )
}
NO_FRONT_MATTER = Rule(
    code="no-front-matter",
    severity="error",
    says=Words(
        "le fichier n'a pas d'en-tête, ou l'en-tête ne finit pas.",
        "the file has no front matter, or it does not end.",
    ),
    hint=Words(
        "Première ligne « --- », puis les clés, puis « --- », puis le texte.",
        "First line “---”, then the keys, then “---”, then the text.",
    ),
    about=Words(
        "Un fichier .md commence par ses clés, entre deux lignes « --- ».",
        "A .md file starts with its keys, between two lines “---”.",
    ),
)
ORPHAN_TRANSLATION = Rule(
    code="orphan-translation",
    severity="warning",
    says=Words(
        "il n'y a pas de fichier « {given} » à traduire.",
        "there is no file “{given}” to translate.",
    ),
    hint=Words("Renommez ce fichier, ou retirez-le.", "Rename this file, or remove it."),
    about=Words(
        "Un fichier .en.md n'a pas de fichier .md à côté de lui.",
        "An .en.md file has no .md file beside it.",
    ),
)
IGNORED_FILE = Rule(
    code="ignored-file",
    severity="warning",
    says=Words("ce fichier n'est pas lu.", "this file is not read."),
    hint=Words(
        "Une fiche de marchand est content/merchants/<région>/<xx>/<id>.yaml (un .yml se renomme en .yaml) ; les images vont "
        "dans content/media/.",
        "A merchant's file is content/merchants/<region>/<xx>/<id>.yaml (rename a .yml to .yaml); pictures go to "
        "content/media/.",
    ),
    about=Words(
        "Un fichier de content/ n'est à aucun endroit où l'on en lit.",
        "A file of content/ stands where none is read.",
    ),
)
UNREADABLE_FILE = Rule(
    code="unreadable-file",
    severity="error",
    says=Words("le système refuse de lire le fichier.", "the system refuses to read the file."),
    hint=Words("Vérifiez ses permissions.", "Check its permissions."),
    about=Words("Le système refuse la lecture d'un fichier.", "The system refuses to read a file."),
)
RULES = (
    *FAULTS.values(), NO_FRONT_MATTER, ORPHAN_TRANSLATION, IGNORED_FILE, UNREADABLE_FILE
)  # fmt: skip


class Reading(Struct, array_like=True):
    """What reading one file gave. ``record`` is the encoded record, empty if there is none."""

    folder: str
    name: str
    kind: str
    id: str
    digest: bytes
    record: bytes = b""
    notices: tuple[Notice, ...] = ()
    region: str = ""
    open: bool = True
    products: int = 0
    updated: str = ""
    card: bytes = b""
    marks: tuple[Mark, ...] = ()
    slugs: tuple[str, ...] = ()
    store: str = ""
    wares: bytes = b""
    """The offers that a stock feed may speak of, encoded; empty where the merchant is closed."""
    point: bytes = b""
    """Where it is, as maps tell it, encoded; empty of one whose place nobody tells."""

    @property
    def path(self) -> str:
        """The file, from the site's root."""
        return f"{self.folder}/{self.name}"


_pack = msgspec.msgpack.Encoder().encode
_unpack_job = msgspec.msgpack.Decoder(list[tuple[str, str]]).decode
_unpack_readings = msgspec.msgpack.Decoder(list[Reading]).decode


@dataclass(frozen=True)
class ReadWork:
    """The work of reading merchants: a batch of (folder, name) in, their readings out."""

    root: Path
    bearings: Bearings
    policy: str

    def __call__(self, job: bytes) -> bytes:
        """Read every file of a batch."""
        return _pack([self._read(folder, name) for folder, name in _unpack_job(job)])

    def _read(self, folder: str, name: str) -> Reading:
        try:
            body = (self.root / folder / name).read_bytes()
        except OSError:
            return unreadable(folder, name)
        return read_merchant(folder, name, body, self.bearings, self.policy)


def batches(files: Iterable[tuple[str, str]], size: int) -> Iterator[bytes]:
    """Yield jobs for ReadWork."""
    batch: list[tuple[str, str]] = []
    for file in files:
        batch.append(file)
        if len(batch) == size:
            yield _pack(batch)
            batch = []
    if batch:
        yield _pack(batch)


def readings(answer: bytes) -> list[Reading]:
    """Return what a ReadWork answered."""
    return _unpack_readings(answer)


def unreadable(folder: str, name: str) -> Reading:
    """Return the reading of a file that the system refuses."""
    notice = UNREADABLE_FILE.at(f"{folder}/{name}", (0, 0))
    return Reading(folder, name, kind_of(folder, name), "", b"", notices=(notice,))


def kind_of(folder: str, name: str) -> str:
    """Return which kind of record a path may hold, or ``ignored``."""
    parts = folder.split("/")
    if "\\" in folder + name:  # that is how scan() writes what cannot be shown
        return "ignored"
    if name.endswith(".yaml"):
        if parts[:2] == ["content", "merchants"]:
            return "merchant"
        if folder == "content" and name in LISTS:
            return LISTS[name][0]
    if name.endswith(".md") and len(parts) == 2 and parts[1] in FOLDERS:
        return "translation" if name.endswith(".en.md") else FOLDERS[parts[1]][0]
    return "ignored"


def read_merchant(folder: str, name: str, body: bytes, bearings: Bearings, policy: str) -> Reading:
    """Return the reading of a merchant's file."""
    path = f"{folder}/{name}"
    stem = name.removesuffix(".yaml")
    stamp = digest(body)
    file = read_one(path, body, Merchant, bearings)
    merchant = file.record
    if merchant is None:
        return Reading(folder, name, "merchant", stem, stamp, notices=file.notices)
    return Reading(
        folder,
        name,
        "merchant",
        merchant.id,
        stamp,
        _pack(merchant),
        file.notices,
        merchant.region,
        merchant.status == "open",
        len(merchant.products),
        merchant.updated_on or "",
        _pack(card_of(merchant)),
        marks_of(merchant, bearings.catalogue),
        slugs_of(merchant, policy),
        store_of(merchant),
        _pack(wares_of(merchant)) if merchant.status == "open" else b"",
        _pack(point) if (point := point_of(merchant, bearings.catalogue)) else b"",
    )


class File(Struct):
    """A record and what is wrong with it; no record where something is an error."""

    record: Any
    notices: tuple[Notice, ...]


def read_one(path: str, body: bytes, kind: type, bearings: Bearings) -> File:
    """Return the one record that a YAML file holds.

    The quick way comes first. Only a file with something to say against, or with scalars that
    could be mistaken for another type, is read the slow way, which knows every place.
    """
    value = quick(body)
    record = decode_quickly(value, body, kind) if value is not None else None
    if record is not None:
        problems = list(problems_of(record, path, bearings))
        if not problems:
            return File(record, ())
    try:
        tree = parse(body)
    except Unreadable as fault:
        told = faults(path, fault.faults)
        if fault.tree is not None:  # the rest of the file can be told of in the same go
            _, problems = judged(fault.tree.value, kind, path, bearings)
            told = in_reading_order((*told, *placed(path, fault.tree, problems)))
        return File(None, told)
    if record is None:
        record, problems = judged(tree.value, kind, path, bearings)
    notices = placed(path, tree, problems)
    return File(None if broken(notices) else record, notices)


def judged(
    value: Any, kind: type, path: str, bearings: Bearings
) -> tuple[Any | None, list[Problem]]:
    """Return the record that a tree's value stands for, if any, and all that is wrong with it."""
    record, problems = decode(value, kind)
    if record is not None:
        return record, list(problems_of(record, path, bearings))
    rest = remains(value, kind, problems)
    if rest is not None:
        problems = [*problems, *rest.placed(problems_of(rest.record, path, bearings))]
    return None, problems


def problems_of(record: Any, path: str, bearings: Bearings) -> Iterator[Problem]:
    """Yield what every family of rules has to say about a record."""
    for check in checks_for(type(record)):
        yield from check.find(record, path, bearings)


_CHECKS: dict[type, tuple[Check, ...]] = {}


def checks_for(kind: type) -> tuple[Check, ...]:
    """Return the families of rules for one kind of record."""
    if kind not in _CHECKS:
        known = shelf.everything("halles.checks", "CHECK").values()
        _CHECKS[kind] = tuple(c for c in known if kind in c.of)
    return _CHECKS[kind]


def placed(
    path: str, tree: Tree, problems: Iterable[Problem], below: int = 0
) -> tuple[Notice, ...]:
    """Return the problems as notices, each with its line and column, in reading order.

    ``below`` is the number of the file's lines that stand above the tree.
    """
    found = []
    for problem in problems:
        where = tree.key_spot if problem.on_key else tree.spot
        spot = where(problem.path)
        found.append(problem.rule.at(path, (spot.line + below, spot.column), **problem.given))
    return in_reading_order(found)


def in_reading_order(found: Iterable[Notice]) -> tuple[Notice, ...]:
    """Return the notices of one file in the order of their places."""
    return tuple(sorted(found, key=lambda n: (n.line, n.column, n.code)))


def faults(path: str, found: Iterable[Fault], below: int = 0) -> tuple[Notice, ...]:
    """Return what keeps a file from being read at all, as notices."""
    return tuple(
        FAULTS[f.code].at(path, (f.spot.line + below, f.spot.column), given=f.given or "…")
        for f in found
    )


def broken(notices: Iterable[Notice]) -> bool:
    """Tell whether a record must be left out."""
    return any(n.severity == "error" for n in notices)


# Small records: everything but merchants


class Small(Struct, array_like=True):
    """What a file of small records holds, before the checks have seen it."""

    records: list[Any]
    texts: dict[str, str]
    """The Markdown below the front matter, by language."""


def read_list(
    path: str, body: bytes, kind: type, bearings: Bearings
) -> tuple[list[Any], tuple[Notice, ...]]:
    """Return the sound items of a YAML list; a bad item is left out alone."""
    try:
        tree = parse(body)
    except Unreadable as fault:
        return [], faults(path, fault.faults)
    if not isinstance(tree.value, list):
        if tree.value is None:
            return [], (EMPTY_FILE.at(path, (1, 1)),)
        return [], (NOT_A_LIST.at(path, (1, 1), key=Path(path).stem),)
    records: list[Any] = []
    problems: list[Problem] = []
    for i, item in enumerate(tree.value):
        record, found = judged(item, kind, path, bearings)
        problems += (_below(problem, i) for problem in found)
        if record is not None and not any(p.rule.severity == "error" for p in found):
            records.append(record)
    return records, placed(path, tree, problems)


def _below(problem: Problem, i: int) -> Problem:
    return problem._replace(path=(i, *problem.path))


def read_page(path: str, body: bytes, english: str | None, kind: type, bearings: Bearings) -> File:
    """Return the record of a Markdown file with front matter, its English text joined to it."""
    head, text, below = front_matter(body)
    if not body.strip(b"\xef\xbb\xbf \t\r\n"):
        return File(None, (EMPTY_FILE.at(path, (1, 1)),))
    if head is None:
        return File(None, (NO_FRONT_MATTER.at(path, (1, 1)),))
    try:
        tree = parse(head)
        prose = text.decode()
    except Unreadable as fault:
        return File(None, faults(path, fault.faults, below))
    except UnicodeDecodeError:
        return File(None, faults(path, [Fault("not-utf8", Spot(1, 1), "")]))
    value = dict(tree.value) if isinstance(tree.value, dict) else tree.value
    if isinstance(value, dict) and prose.strip():
        value["body"] = {"fr": prose.strip(), "en": english} if english else prose.strip()
    record, problems = judged(value, kind, path, bearings)
    notices = placed(path, tree, problems, below)
    return File(None if broken(notices) else record, notices)


def front_matter(body: bytes) -> tuple[bytes | None, bytes, int]:
    """Return what stands between the two ``---`` lines, what follows, and the lines above."""
    lines = body.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
    if lines[0].rstrip() != b"---":
        return None, body, 0
    for i, line in enumerate(lines[1:], 1):
        if line.rstrip() == b"---":
            return b"\n".join(lines[1:i]) + b"\n", b"\n".join(lines[i + 1 :]), 1
    return None, body, 0


__all__ = ["Card", "File", "ReadWork", "Reading"]
