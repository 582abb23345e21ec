"""Where things stand on the site: every address is made here."""

SEGMENTS = {
    "regions": {"fr": "regions", "en": "regions"},
    "categories": {"fr": "categories", "en": "categories"},
    "merchants": {"fr": "commerces", "en": "merchants"},
    "products": {"fr": "produits", "en": "products"},
    "origin": {"fr": "origine", "en": "origin"},
    "campaigns": {"fr": "campagnes", "en": "campaigns"},
    "map": {"fr": "carte", "en": "map"},
    "search": {"fr": "recherche", "en": "search"},
    "feeds": {"fr": "flux", "en": "feeds"},
    "data": {"fr": "donnees", "en": "data"},
    "restocked": {"fr": "de-retour", "en": "back-in-stock"},
    "widget": {"fr": "widget", "en": "widget"},
    "list": {"fr": "liste", "en": "list"},
    "choices": {"fr": "choix", "en": "choices"},
    "offline": {"fr": "hors-ligne", "en": "offline"},
}
RESERVED = frozenset(
    {name for names in SEGMENTS.values() for name in names.values()}
    | {"fr", "en", "page", "carte", "map", "stock", "points", "assets", "media"}
    | {"pagefind", "gtin", "widget"}
)
"""First pieces of address that belong to the program."""


class Ways:
    """The addresses of a site; its first language stands at the root."""

    def __init__(self, languages: tuple[str, ...], base: str) -> None:
        self.languages = languages
        self.base = base
        self._starts = {
            (lang, section): f"{self.home(lang)}{names[lang]}/"
            for lang in languages
            for section, names in SEGMENTS.items()
        }

    def home(self, lang: str) -> str:
        """Return the front page's address."""
        return "/" if lang == self.languages[0] else f"/{lang}/"

    def to(self, lang: str, section: str, *pieces: str, page: int = 1) -> str:
        """Return the address of a section, or of something in it, or of a later page of that."""
        start = self._starts[lang, section]
        if page > 1:
            pieces = (*pieces, "page", str(page))
        return f"{start}{'/'.join(pieces)}/" if pieces else start

    def url(self, path: str) -> str:
        """Return the whole address of a path."""
        return self.base + path


def file_of(path: str) -> str:
    """Return the file that answers for an address."""
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]


def path_of_file(file: str) -> str:
    """Return the address that a file answers for.

    >>> path_of_file("commerces/alix/index.html"), path_of_file("index.html")
    ('/commerces/alix/', '/')
    >>> path_of_file("404.html"), path_of_file("old-index.html")
    ('/404.html', '/old-index.html')
    """
    folder, _, name = f"/{file}".rpartition("/")
    return f"{folder}/" if name == "index.html" else f"/{file}"
