"""Settings: what halles.toml says, about twenty lines at most."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta, Struct

from halles.model import Both, Line, Text, Url


class SettingsFault(Exception):
    """The site's folder cannot be used; the sentences say why, in French and English."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.fr = fr
        self.en = en


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Site(_Table, frozen=True, kw_only=True):
    """What the site is called, where it lives, and how much of it there is."""

    title: Text
    """The name of the site, in one language or ``{fr, en}``."""
    base_url: Url
    """Where the site will stand; canonical addresses start with it."""
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


class Map(_Table, frozen=True, kw_only=True):
    """Where map tiles come from."""

    tiles: str = ""
    """An XYZ address; empty: the built-in backdrop, and no third party."""
    attribution: str = ""


class Settings(_Table, frozen=True, kw_only=True):
    """All of halles.toml."""

    site: Site
    stock: Stock = Stock()
    map: Map = Map()


def read_settings(path: Path) -> Settings:
    """Return the settings of a site folder.

    Raises:
        SettingsFault: the file is absent, is not TOML, or holds something else than settings.
    """
    try:
        source = path.read_text("utf-8")
    except FileNotFoundError:
        raise SettingsFault(
            f"il n'y a pas de fichier {path}. Un dossier de site commence par un halles.toml "
            "qui contient [site], title et base_url.",
            f"there is no file {path}. A site folder starts with a halles.toml that holds "
            "[site], title and base_url.",
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsFault(
            f"{path} est illisible : {fault}", f"{path} cannot be read: {fault}"
        ) from None
    try:
        settings = msgspec.convert(tomllib.loads(source), Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise SettingsFault(f"{path} : {fault}", f"{path}: {fault}") from None
    return _sound(settings, path)


def _sound(settings: Settings, path: Path) -> Settings:
    languages = settings.site.languages
    if not languages or len(set(languages)) != len(languages):
        raise SettingsFault(
            f"{path} : site.languages doit nommer une ou deux langues, une fois chacune.",
            f"{path}: site.languages must name one or two languages, once each.",
        )
    try:
        ZoneInfo(settings.site.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SettingsFault(
            f"{path} : il n'y a pas de fuseau horaire {settings.site.timezone!r} "
            "(exemple : America/Montreal).",
            f"{path}: there is no time zone {settings.site.timezone!r} "
            "(example: America/Montreal).",
        ) from None
    return settings


def title_of(settings: Settings, lang: str) -> str:
    """Return the site's name in a language."""
    title = settings.site.title
    if isinstance(title, Both):
        return title.en or title.fr if lang == "en" else title.fr
    return title
