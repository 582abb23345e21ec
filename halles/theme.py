"""A theme: templates in each language, what each of them includes, and the files beside them.

Templates are written in French; ``_("…")`` marks what is said to the reader. The words of the
other language are put in when the theme is read, not when a page is rendered, so that a
translated page costs what a French one does.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from msgspec import Struct

from halles.digest import digest
from halles.pictures import Sign
from halles.spoken import SPOKEN

_SAID = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)*)"\s*\)')
_COUNTED = re.compile(
    r'\b_n\(\s*"((?:[^"\\]|\\.)*)"\s*,\s*"((?:[^"\\]|\\.)*)"\s*,\s*([^()]*?)\s*\)'
)
_USES = re.compile(
    r"{%[-+]?\s*(?:extends|include|import|from)\b\s*"
    r'("([^"]*)"(?=\s*(?:[-+]?%}|(?:ignore|with|without|import|as)\b))|[^%]*)'
)

_BESIDE = re.compile(
    rb"(?:(?<=\bfrom )|(?<=\bimport\())'\./([\w.-]+\.js)'|(?<=\bnew URL\()'\./([\w.-]+)'"
)
_REMARKS = re.compile(rb"(?m)^[ \t]*(?:/\*(?!!|\s*@)(?s:.*?)\*/[ \t]*|//.*)\n")
_CHROME = re.compile(r"\bchrome\.([a-z_]+)")
_NAME = re.compile(r"[a-z0-9-]+")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class ThemeFault(Exception):
    """A theme cannot be used; the sentences say why, in French and English."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(fr, en)
        self.fr = fr
        self.en = en

    def __str__(self) -> str:
        return self.en


class _Said(NamedTuple):
    """The forms of a translation, and the catalogue that has it."""

    forms: tuple[str, ...]
    path: Path


class Theme(Struct, frozen=True):
    """Everything a renderer needs: a value, so that it can travel with the work."""

    templates: dict[str, dict[str, str]]
    """By language, by name."""
    closures: dict[str, dict[str, bytes]]
    """By language and name: the digest of a template with all that it includes."""
    assets: dict[str, bytes]
    """Files to publish, by their address from the site's root; names carry their digest."""
    chrome: tuple[str, ...]
    """Parts that are the same on every page: ``{{ chrome.header }}`` is ``_header.html``."""
    addresses: dict[str, str]
    """From an asset's name in static/ to where it is published."""
    sign: Sign | None = None
    """How pictures to share are drawn; None where a theme has no font for it."""
    told: dict[str, dict[str, str]] = {}
    """By language: what pages say of themselves, from French, where a catalogue has it."""


def read_theme(
    name: str,
    folders: tuple[Path, ...],
    languages: tuple[str, ...],
    made: Mapping[str, bytes] = MappingProxyType({}),
) -> Theme:
    """Return a theme, joined to those it extends; ``made`` goes before what stands in static/.

    Raises:
        ThemeFault: it is missing, extends itself, or includes what does not exist.
    """
    chain = list(_chain(name, folders))
    texts = _layered(chain, "templates", ("*.html", "*.xml", "*.txt"))
    words = {lang: _words(chain, lang) for lang in languages}
    french = {name: _text(name, body) for name, body in texts.items()}
    templates = {lang: _translated(french, words[lang]) for lang in languages}
    told = {
        lang: {word: of[word].forms[0] for word in SPOKEN if word in of}
        for lang, of in words.items()
    }
    closures = {lang: _closures(of) for lang, of in templates.items()}
    addresses, assets = _published({**_layered(chain, "static", ("*",)), **made})
    chrome = sorted({part for text in french.values() for part in _CHROME.findall(text)})
    return Theme(templates, closures, assets, tuple(chrome), addresses, _sign(chain), told)


def theme_files(name: str, folders: tuple[Path, ...]) -> Iterator[tuple[str, Path]]:
    """Yield every file that a theme is read from, after its name from themes/."""
    for folder in _chain(name, folders):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(folder.parent).as_posix(), path


def _chain(name: str, folders: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the theme's folder, then the one it extends, and so on."""
    seen: list[str] = []
    while name:
        if name in seen:
            circle = " > ".join([*seen, name])
            raise ThemeFault(
                f"le thème se prolonge lui-même : {circle}.", f"the theme extends itself: {circle}."
            )
        seen.append(name)
        folder = next((f / name for f in folders if (f / name).is_dir()), None)
        if folder is None:
            raise ThemeFault(
                f"il n'y a pas de thème « {name} » sous themes/.",
                f"there is no theme “{name}” under themes/.",
            )
        yield folder
        name = _parent(folder)


def _parent(folder: Path) -> str:
    settings = folder / "theme.toml"
    name = _settings(settings).get("extends", "")
    if not isinstance(name, str) or (name and not _NAME.fullmatch(name)):
        raise ThemeFault(
            f"{settings} : « extends » nomme un dossier de themes/ (minuscules, chiffres, tirets), "
            f"pas {name!r}.",
            f"{settings}: “extends” names a folder of themes/ (small letters, digits, hyphens), "
            f"not {name!r}.",
        )
    return name


def _settings(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise ThemeFault(f"{path} : {fault}", f"{path}: {fault}") from None


def _sign(chain: list[Path]) -> Sign | None:
    """Return the nearest font of share/ and the nearest colours of ``[share]``, where both are."""
    fonts = [path for folder in chain for path in sorted((folder / "share").glob("*.woff"))]
    colours: dict[str, str] = {}
    for folder in reversed(chain):
        found = _settings(folder / "theme.toml").get("share", {})
        if not isinstance(found, dict) or not all(
            isinstance(colour, str) and _COLOUR.fullmatch(colour) for colour in found.values()
        ):
            raise ThemeFault(
                f'{folder / "theme.toml"} : les couleurs de [share] s\'écrivent "#1b4435".',
                f'{folder / "theme.toml"}: the colours of [share] are written "#1b4435".',
            )
        colours |= found
    names = ("ground", "ink", "stripe", "canvas")
    if not fonts or not all(name in colours for name in names):
        return None
    return Sign(fonts[0].read_bytes(), *(colours[name] for name in names))


def _layered(chain: list[Path], part: str, patterns: tuple[str, ...]) -> dict[str, bytes]:
    """Return the files of one part of a theme; the nearest theme's wins."""
    found: dict[str, bytes] = {}
    for folder in reversed(chain):
        base = folder / part
        for pattern in patterns:
            for path in sorted(base.rglob(pattern)):
                name = path.relative_to(base).as_posix()
                if path.is_file() and not path.name.startswith(".") and name.isprintable():
                    found[name] = path.read_bytes()
    return found


def _words(chain: list[Path], lang: str) -> dict[str, _Said]:
    """Return the translations of a language, from the themes' gettext catalogues."""
    words: dict[str, _Said] = {}
    for folder in reversed(chain):
        path = folder / "locale" / f"{lang}.po"
        if not path.is_file():
            continue
        from babel.messages.pofile import PoFileError, read_po

        try:
            with path.open("rb") as file:
                messages = list(read_po(file, abort_invalid=True))
        except (PoFileError, ValueError, LookupError) as fault:
            raise ThemeFault(f"{path} : {fault}", f"{path}: {fault}") from None
        for message in messages:
            key = message.id if isinstance(message.id, str) else message.id[0]
            string = message.string or ""
            said = (string,) if isinstance(string, str) else tuple(string)
            if key and all(said):
                words[key] = _Said(said, path)
    return words


def _text(name: str, body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise ThemeFault(
            f"le gabarit {name} n'est pas en UTF-8 : enregistrez-le de nouveau.",
            f"the template {name} is not UTF-8: save it again.",
        ) from None


def _quoted(word: str) -> str:
    """Return a translation as it may stand between the quotes of a template's string."""
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _translated(texts: dict[str, str], words: Mapping[str, _Said]) -> dict[str, str]:
    def one(said: re.Match[str]) -> str:
        return f'"{_quoted(words[said[1]].forms[0]) if said[1] in words else said[1]}"'

    def counted(said: re.Match[str]) -> str:
        few, many = _two_forms(said[1], words[said[1]]) if said[1] in words else said.group(1, 2)
        return f'(("{few}" if one({said[3]}) else "{many}")|fill(n=({said[3]})|number))'

    return {name: _COUNTED.sub(counted, _SAID.sub(one, text)) for name, text in texts.items()}


def _two_forms(entry: str, said: _Said) -> tuple[str, str]:
    """Return what is said of one and of several."""
    if len(said.forms) == 2:
        return _quoted(said.forms[0]), _quoted(said.forms[1])
    raise ThemeFault(
        f"{said.path} : il faut à « {entry} » un msgid_plural et deux formes, "
        "msgstr[0] et msgstr[1].",
        f"{said.path}: “{entry}” needs a msgid_plural and two forms, msgstr[0] and msgstr[1].",
    )


def _closures(texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the digest of each template and of everything that it includes, however far down."""
    found: dict[str, bytes] = {}

    def closure(name: str, above: tuple[str, ...]) -> bytes:
        if name in above:
            raise ThemeFault(
                f"le gabarit {name} s'inclut lui-même.", f"the template {name} includes itself."
            )
        if name not in found:
            below = [closure(used, (*above, name)) for used in _used(name, texts)]
            found[name] = digest(b"\0".join([texts[name].encode(), *below]))[:8]
        return found[name]

    for name in texts:
        closure(name, ())
    return found


def _used(name: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the templates that one includes."""
    named = _USES.findall(texts[name])
    named += [(f"_{part}.html",) * 2 for part in _CHROME.findall(texts[name])]
    for said, used in named:
        if not used:
            raise ThemeFault(
                f"le gabarit {name} inclut {said.strip()} : écrivez le nom entre guillemets.",
                f"the template {name} includes {said.strip()}: write the name between quotes.",
            )
        if used not in texts:
            raise ThemeFault(
                f"le gabarit {name} inclut {used}, qui n'existe pas.",
                f"the template {name} includes {used}, which does not exist.",
            )
        yield used


def _published(static: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return where each file is published, and the files by that address.

    A module names the files beside it as they are published, so that its own name follows theirs.
    """
    addresses: dict[str, str] = {}
    assets: dict[str, bytes] = {}

    def publish(name: str, above: tuple[str, ...] = ()) -> str:
        if name in addresses:
            return addresses[name]
        if name in above:
            raise ThemeFault(
                f"le module {name} s'importe lui-même.", f"the module {name} imports itself."
            )

        def beside(found: re.Match[bytes]) -> bytes:
            used = Path(name).with_name((found[1] or found[2]).decode()).as_posix()
            if used not in static:
                raise ThemeFault(
                    f"le module {name} importe {used}, qui n'existe pas.",
                    f"the module {name} imports {used}, which does not exist.",
                )
            return f"'./{Path(publish(used, (*above, name))).name}'".encode()

        body = static[name]
        if name.endswith(".js"):
            body = _BESIDE.sub(beside, spare(body))
        addresses[name] = published_at(name, body)
        assets[addresses[name].removeprefix("/")] = body
        return addresses[name]

    for name in static:
        publish(name)
    return {name: addresses[name] for name in static}, assets


def spare(script: bytes) -> bytes:
    """Return a script without the comments that have lines to themselves: readers pay for each.

    Those that begin with ``/*!`` or ``/* @preserve`` are somebody's licence, and stay.

    >>> spare(b"/* Why. */\n// And how.\nlet a = 1; // one\n/*! MIT */\n")
    b'let a = 1; // one\n/*! MIT */\n'
    """
    return _REMARKS.sub(b"", script)


def published_at(name: str, body: bytes) -> str:
    """Return where a file of the theme is published: its name tells its bytes."""
    path = Path(name)
    hashed = f"{path.stem}-{digest(body).hex()[:10]}{path.suffix}"
    return f"/assets/{path.with_name(hashed).as_posix()}"


def phrases(texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what templates say to the reader, for translators and tests."""
    for text in texts.values():
        yield from (found[1] for found in _SAID.finditer(text))
        yield from (found[1] for found in _COUNTED.finditer(text))
