"""Settings: what halles.toml says, about twenty lines at most."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from halles.model import Both, Email, Line, Text, Url
from halles.notices import NOT_UTF8, Notice, Problem, Rule, Words, in_order


class SettingsFault(Exception):
    """The site's folder cannot be used; the sentences say why, in French and English.

    Where the settings can be read and are wrong, each mistake is a notice, and stands in neither.
    """

    def __init__(self, fr: str = "", en: str = "", notices: tuple[Notice, ...] = ()) -> None:
        super().__init__(en or ", ".join(f"{n.code} ({n.line})" for n in notices))
        self.fr = fr
        self.en = en
        self.notices = notices


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Site(_Table, frozen=True, kw_only=True):
    """What the site is called, where it lives, and how much of it there is."""

    title: Text
    """The name of the site, in one language or ``{fr, en}``."""
    base_url: Url
    """Where the site will stand, at the root of a host; canonical addresses start with it."""
    languages: tuple[Literal["fr", "en"], ...] = ("fr", "en")
    """The first stands at the root."""
    theme: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")] = "marche"
    """A folder of ``themes/``."""
    product_pages: Literal["all", "shared", "none"] = "all"
    """Which products have a page: each, those that several merchants sell, or none."""
    page_size: Annotated[int, Meta(ge=1, le=1000)] = 50
    """Merchants on a page of a listing."""
    timezone: Line = "America/Montreal"
    """The clock that hours are told by."""
    tagline: Text | None = None
    """One sentence under the name, on the front page."""
    extras: tuple[Literal["calendar", "card", "poster", "widget"], ...] = ("calendar", "card")
    """What each merchant has besides a page: iCal hours, a vCard, a poster, a widget."""
    contact: Email | None = None
    """Whom to write to; without it, no security.txt is published."""
    licence: Literal["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "ODbL-1.0"] = "CC-BY-4.0"
    """Under which terms the open data may be used again."""
    credit: Line | None = None
    """Who is to be named by those who use it; the site's title if nothing is said."""
    report: str = ""
    """Where mistakes are told: an issue tracker's page or ``mailto:``; empty: nowhere."""
    offline: bool = True
    """Whether readers may keep pages for when they are offline; ``false`` undoes it in browsers."""


class Guard(_Table, frozen=True, kw_only=True):
    """Shares of a feed beyond which it is refused."""

    quarantined: Annotated[float, Meta(ge=0, le=1)] = 0.05
    lost: Annotated[float, Meta(ge=0, le=1)] = 0.3
    repriced: Annotated[float, Meta(ge=0, le=1)] = 0.3


class Stock(_Table, frozen=True, kw_only=True):
    """How long a word about stock is believed, and which feeds are not."""

    expires_days: Annotated[int, Meta(ge=1, le=365)] = 7
    """Days without confirmation after which an offer's state is unknown."""
    guard: Guard = Guard()
    shards: Annotated[int, Meta(ge=1, le=65536)] = 512
    """Pieces in which live stock is published: a page fetches one, of 30 KB at most."""
    history_days: Annotated[int, Meta(ge=1, le=3650)] = 400
    """Days for which changes are remembered."""
    keep_snapshots: Annotated[int, Meta(ge=0, le=100)] = 3
    """Earlier snapshots that can be gone back to."""


class Map(_Table, frozen=True, kw_only=True):
    """Whether there are maps, when they come alive, and what lies under them."""

    on: bool = True
    """Whether pages have maps."""
    when: Literal["tap", "view"] = "tap"
    """When a picture gives way to the map that can be moved: if asked, or once it is in sight."""
    tiles: str = ""
    """An XYZ address; empty: the built-in backdrop, and no third party."""
    attribution: str = ""
    """Whom the tiles come from, as their licence wants it said."""
    pmtiles: str = ""
    """A PMTiles file that this site serves, such as ``/fond.pmtiles``; empty: none."""


class Search(_Table, frozen=True, kw_only=True):
    """Whether there is something to search with."""

    on: bool = True
    """Index merchants and products; ``false`` leaves the search page its lists."""


class Settings(_Table, frozen=True, kw_only=True):
    """All of halles.toml."""

    site: Site
    stock: Stock = Stock()
    map: Map = Map()
    search: Search = Search()


def read_settings(path: Path) -> Settings:
    """Return the settings of a site folder.

    Raises:
        SettingsFault: the file is absent, is not TOML, or holds something else than settings; it
            says everything that is wrong, in one go.
    """
    source = _text_of(path)
    try:
        tree = tomllib.loads(source)
    except (ValueError, RecursionError) as fault:
        raise SettingsFault(notices=(_not_toml(path.name, str(fault)),)) from None
    doubts = list(_doubts(tree))
    try:
        settings = msgspec.convert(tree, Settings)
    except msgspec.ValidationError:
        raise _all_wrong(path.name, source, tree, doubts) from None
    if doubts:
        raise _all_wrong(path.name, source, tree, doubts)
    return settings


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise SettingsFault(
            f"il n'y a pas de fichier {path}. Un dossier de site commence par un halles.toml "
            "qui contient [site], title et base_url.",
            f"there is no file {path}. A site folder starts with a halles.toml that holds "
            "[site], title and base_url.",
        ) from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        column = fault.start - fault.object.rfind(b"\n", 0, fault.start)
        raise SettingsFault(notices=(NOT_UTF8.at(path.name, (line, column)),)) from None
    except OSError as fault:
        raise SettingsFault(
            f"{path} est illisible : {fault.strerror}", f"{path} cannot be read: {fault.strerror}"
        ) from None


def _not_toml(name: str, said: str) -> Notice:
    """Return what is wrong with a file that is not TOML, in tomllib's words on what it met."""
    why, line, column = re.findall(r"\A(.*?)(?: \(at line (\d+), column (\d+)\))?\Z", said, re.S)[0]
    return NOT_TOML.at(name, (int(line or 0), int(column or 0)), why=why)


NOT_TOML = Rule(
    code="not-toml",
    severity="error",
    says=Words("ce n'est pas du TOML (« {why} »).", "this is not TOML (“{why}”)."),
    hint=Words(
        "Écrivez une clé = valeur par ligne, les textes entre guillemets.",
        "Write a key = value a line, texts between quotes.",
    ),
    about=Words("Les réglages ne sont pas du TOML.", "The settings are not TOML."),
)
NOT_A_HOST = Rule(
    code="not-a-host",
    severity="error",
    says=Words(
        "« {given} » devrait être l'adresse d'un hôte, et rien de plus. Les liens de halles "
        "commencent par « / » : le site se tient à la racine d'un hôte.",
        "“{given}” should be the address of a host and nothing more. The links of halles start "
        "with “/”: the site stands at the root of a host.",
    ),
    hint=Words(
        "Écrivez https://exemple.org ; à un site qui partage un nom, donnez un sous-domaine.",
        "Write https://example.org; give a subdomain to a site that shares a name.",
    ),
    about=Words(
        "L'adresse du site n'est pas celle d'un hôte.", "The site's address is not that of a host."
    ),
)
NOT_LANGUAGES = Rule(
    code="not-languages",
    severity="error",
    says=Words(
        "les langues du site sont une ou deux, une fois chacune.",
        "the site's languages are one or two, once each.",
    ),
    hint=Words('Écrivez ["fr", "en"], ou ["fr"].', 'Write ["fr", "en"], or ["fr"].'),
    about=Words("Aucune langue, ou une langue deux fois.", "No language, or one of them twice."),
)
NOT_A_REPORT = Rule(
    code="not-a-report",
    severity="error",
    says=Words(
        "« {given} » n'est pas un endroit où l'on peut dire une erreur.",
        "“{given}” is not a place where a mistake can be told.",
    ),
    hint=Words(
        "Écrivez mailto: et une adresse, ou une adresse en https:// où l'on ouvre un billet. "
        "« title » et « body » entre accolades y disent où vont le sujet et le texte ; sans eux, "
        "ils viennent à la fin.",
        "Write mailto: and an address, or an https:// address at which an issue is opened. "
        "“title” and “body” in braces say where the subject and the text go; without them they "
        "come last.",
    ),
    about=Words(
        "L'endroit où dire une erreur n'est ni un courriel ni une adresse sûre.",
        "The place to tell a mistake is neither mail nor a safe address.",
    ),
)
NOT_A_TIMEZONE = Rule(
    code="not-a-timezone",
    severity="error",
    says=Words("il n'y a pas de fuseau horaire « {given} ».", "there is no time zone “{given}”."),
    hint=Words("Par exemple : America/Montreal.", "For example: America/Montreal."),
    about=Words("Un fuseau horaire inconnu.", "An unknown time zone."),
)
RULES = (NOT_TOML, NOT_A_HOST, NOT_LANGUAGES, NOT_A_REPORT, NOT_A_TIMEZONE)


def _doubts(tree: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what no type can refuse in [site]."""
    site = tree.get("site")
    given = site if isinstance(site, dict) else {}
    match given.get("base_url"):
        case str(address) if not _is_host(address):
            yield Problem(NOT_A_HOST, ("site", "base_url"), {"given": address})
    match given.get("languages"):
        case list(found) if not found or len(set(map(str, found))) < len(found):
            yield Problem(NOT_LANGUAGES, ("site", "languages"), {})
    match given.get("report"):
        case str(address) if address and not _is_report(address):
            yield Problem(NOT_A_REPORT, ("site", "report"), {"given": address})
    match given.get("timezone"):
        case str(name) if not _is_timezone(name):
            yield Problem(NOT_A_TIMEZONE, ("site", "timezone"), {"given": name})


def _is_host(address: str) -> bool:
    """Tell whether an address names a host and nothing in it; a slash at its end is nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(parts.hostname) and parts.path in ("", "/") and not set(address) & set("?#")


def _is_report(address: str) -> bool:
    """Tell whether mistakes can be told there: by mail, or over the web in safety."""
    left = address.replace("{title}", "").replace("{body}", "")
    plain = left.isprintable() and not set(left) & set(' {}<>"\\')
    named = re.match(r"mailto:[^?@]+@[^?@]+(\?|$)|https://[^/?#]", left)
    return plain and bool(named)


def report_of(settings: Settings) -> str:
    """Return where mistakes are told, with a place for a {title} and one for a {body}."""
    address = settings.site.report
    if not address or "{title}" in address or "{body}" in address:
        return address
    mark = "&" if "?" in address else "?"
    subject = "subject" if address.startswith("mailto:") else "title"
    return f"{address}{mark}{subject}={{title}}&body={{body}}"


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _all_wrong(name: str, source: str, tree: Any, doubts: list[Problem]) -> SettingsFault:
    """Return everything that is wrong with the settings, in the file's order."""
    from halles.read.tomlfaults import Lines, mistakes

    found = mistakes(tree, Settings)
    known = {problem.path for problem in found}
    found += [problem for problem in doubts if problem.path not in known]
    lines = Lines(source)
    told = (p.rule.at(name, lines.of(p.path), **p.given) for p in found)
    return SettingsFault(notices=tuple(in_order(told)))


def title_of(settings: Settings, lang: str) -> str:
    """Return the site's name in a language."""
    title = settings.site.title
    if isinstance(title, Both):
        return title.en or title.fr if lang == "en" else title.fr
    return title
