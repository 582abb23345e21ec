import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from halles.site import PACKAGE
from halles.spoken import SPOKEN
from halles.theme import Theme, ThemeFault, phrases, read_theme
from tests.market import Market

SHIPPED = PACKAGE.parent / "themes"
BOTH = ("fr", "en")
PAGE = '<p>{{ _("Bonjour") }}</p>'
COUNT = {"petit/templates/_a.html": '{{ _n("{n} pain", "{n} pains", 2) }}'}
PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset={}\\n"
"Plural-Forms: nplurals={}; plural=(n > 1)\\n"

"""
PLURAL = 'msgid "{n} pain"\nmsgid_plural "{n} pains"\n'


@pytest.fixture
def themes(tmp_path: Path) -> Path:
    """Return a folder with one small theme, ``petit``."""
    write(tmp_path, "petit/templates/base.html", "<main>{% block main %}{% endblock %}</main>")
    write(tmp_path, "petit/templates/page.html", '{% extends "base.html" %}{% include "_a.html" %}')
    write(tmp_path, "petit/templates/_a.html", PAGE)
    write(tmp_path, "petit/templates/alone.html", "seul")
    write(tmp_path, "petit/static/petit.css", "p{}")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    """Give a theme's file this text."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def read(folder: Path, name: str = "petit") -> Theme:
    """Return a theme in both languages."""
    return read_theme(name, (folder, SHIPPED), BOTH)


# Closures: what decides whether a page's template changed


@pytest.mark.parametrize(
    ("edited", "stale"),
    [
        ("base.html", {"base.html", "page.html"}),
        ("_a.html", {"_a.html", "page.html"}),
        ("page.html", {"page.html"}),
        ("alone.html", {"alone.html"}),
    ],
)
def test_a_template_is_stale_when_anything_that_it_includes_is(
    themes: Path, edited: str, stale: set[str]
) -> None:
    """Given an edit, exactly the templates above it have another digest."""
    before = read(themes).closures["fr"]
    write(themes, f"petit/templates/{edited}", before_text(themes, edited) + "<!-- -->")
    after = read(themes).closures["fr"]

    assert stale == {name for name in after if after[name] != before[name]}


def before_text(themes: Path, name: str) -> str:
    """Return a template of ``petit``."""
    return (themes / "petit" / "templates" / name).read_text("utf-8")


def test_a_translation_is_part_of_its_languages_template_only(themes: Path) -> None:
    """A new English word leaves French pages alone."""
    before = read(themes).closures
    write(themes, "petit/locale/en.po", 'msgid "Bonjour"\nmsgstr "Hello"\n')
    after = read(themes).closures

    assert before["fr"] == after["fr"]
    assert {"_a.html", "page.html"} == {n for n in BASE if after["en"][n] != before["en"][n]}


BASE = ("base.html", "page.html", "_a.html", "alone.html")


def test_a_closure_is_the_same_wherever_the_theme_stands(themes: Path, tmp_path: Path) -> None:
    """No path of this machine is in a digest."""
    elsewhere = tmp_path / "elsewhere"
    for name in BASE:
        write(elsewhere, f"petit/templates/{name}", before_text(themes, name))

    assert read(themes).closures == read(elsewhere).closures


@pytest.mark.parametrize(
    "include",
    ["{% include name %}", "{% include 'a' ~ x %}", '{% include "_a.html" if x else "alone.html" %}',
     "{%- include name -%}", "{%+ include name %}", '{% include ["_a.html", "alone.html"] %}',
     '{% extends layout %}', '{% import name as m %}', '{% from name import m %}'],
)  # fmt: skip
def test_what_a_template_includes_must_be_readable_in_it(themes: Path, include: str) -> None:
    """A name that is made up as the page is rendered could change unseen; it is refused."""
    write(themes, "petit/templates/page.html", include)

    with pytest.raises(ThemeFault) as fault:
        read(themes)
    assert "page.html" in fault.value.fr
    assert "page.html" in fault.value.en


def test_a_missing_include_is_told_before_any_page(themes: Path) -> None:
    """The template and what it misses are both named, in both languages."""
    write(themes, "petit/templates/page.html", '{% include "_gone.html" %}')

    with pytest.raises(ThemeFault, match=r"page\.html.*_gone\.html"):
        read(themes)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"petit/templates/_a.html": '{% include "page.html" %}'}, "includes itself"),
        ({"petit/theme.toml": 'extends = "petit"'}, "petit > petit"),
        ({"petit/theme.toml": 'extends = "grand"', "grand/theme.toml": 'extends = "petit"'},
         "petit > grand > petit"),
        ({"petit/theme.toml": 'extends = "absent"'}, "no theme “absent”"),
        ({"petit/theme.toml": "extends ="}, "theme.toml"),
        ({"petit/theme.toml": 'extends = "../petit"'}, r"theme\.toml.*'../petit'"),
        ({"petit/theme.toml": 'extends = "/tmp"'}, r"theme\.toml.*'/tmp'"),
        ({"petit/theme.toml": "extends = 3"}, r"theme\.toml.*3"),
        ({"petit/theme.toml": "extends = []"}, r"theme\.toml"),
        ({"petit/theme.toml": 'extends = "grand\\n"'}, r"theme\.toml"),
        ({"petit/locale/en.po": 'msgid "a"\nmsgst "b"\n'}, "en.po"),
        ({"petit/locale/en.po": PO.format("oops", 2) + 'msgid "a"\nmsgstr "b"\n'}, "en.po"),
        ({"petit/locale/en.po": PO.format("utf-8", "oops")}, "en.po"),
        ({**COUNT, "petit/locale/en.po": 'msgid "{n} pain"\nmsgstr "{n} loaf"\n'},
         r"locale/en\.po.*“{n} pain”"),
        ({**COUNT, "petit/locale/en.po": PO.format("utf-8", 1) + PLURAL + 'msgstr[0] "{n} loaf"\n'},
         r"locale/en\.po.*“{n} pain”"),
        ({**COUNT, "petit/locale/en.po": PO.format("utf-8", 3) + PLURAL
          + "".join(f'msgstr[{i}] "{{n}} x"\n' for i in range(3))},
         r"locale/en\.po.*“{n} pain”"),
    ],
)  # fmt: skip
def test_a_theme_that_cannot_be_used_says_why(
    themes: Path, files: dict[str, str], said: str
) -> None:
    """Circles, absent parents and broken files each have their sentence."""
    for name, text in files.items():
        write(themes, name, text)

    with pytest.raises(ThemeFault, match=said):
        read(themes)


def test_a_template_that_is_not_utf8_is_named(themes: Path) -> None:
    """No traceback for a file that was saved in another encoding."""
    (themes / "petit/templates/page.html").write_bytes("é".encode("latin-1"))

    with pytest.raises(ThemeFault, match=r"page\.html"):
        read(themes)


# Extending


def test_the_nearest_file_wins(themes: Path) -> None:
    """A theme that extends another takes over one file at a time: templates, static, words."""
    write(themes, "fils/theme.toml", 'extends = "petit"')
    write(themes, "fils/templates/_a.html", "autre")
    write(themes, "fils/static/petit.css", "b{}")
    write(themes, "petit/locale/en.po", 'msgid "Bonjour"\nmsgstr "Hello"\n')
    write(themes, "fils/locale/en.po", 'msgid "Bonjour"\nmsgstr "Hi"\n')
    child, parent = read(themes, "fils"), read(themes)

    assert "autre" == child.templates["fr"]["_a.html"]
    assert parent.templates["fr"]["base.html"] == child.templates["fr"]["base.html"]
    assert parent.closures["fr"]["page.html"] != child.closures["fr"]["page.html"]
    assert [b"b{}"] == list(child.assets.values())
    assert {"petit.css"} == child.addresses.keys()


def test_an_asset_is_named_after_its_bytes(themes: Path) -> None:
    """Other bytes, another address: a browser may keep the old one for ever."""
    before = read(themes).addresses["petit.css"]
    write(themes, "petit/static/petit.css", "p{color:red}")
    after = read(themes).addresses["petit.css"]

    assert before != after
    assert re.fullmatch(r"/assets/petit-[0-9a-f]{10}\.css", after)


def test_a_site_may_bring_its_own_theme_that_extends_the_shipped_one(market: Market) -> None:
    """The parent is found among the themes that come with halles."""
    market.theme()
    market.write(
        "themes/mien/templates/page.html",
        '{% extends "base.html" %}{% block main %}<h1>Mien</h1>{% endblock %}',
    )
    market.build()

    assert b"<h1>Mien</h1>" in market.tree()["a-propos/index.html"]


# Words


def shipped() -> Iterator[Path]:
    """Yield every theme that comes with halles."""
    yield from (path for path in sorted(SHIPPED.iterdir()) if path.is_dir())


@pytest.mark.parametrize("theme", [path.name for path in shipped()])
def test_every_phrase_has_its_english(theme: str) -> None:
    """A phrase that the French templates say has another, or a deliberate same one, in en.po."""
    french = read_theme(theme, (SHIPPED,), ("fr",)).templates["fr"]
    texts = {n: (SHIPPED / theme / "templates" / n).read_text("utf-8") for n in french}
    said = set(phrases(texts)) | {french for french in SPOKEN if theme == "marche"}
    english = set(
        re.findall(r'^msgid "(.+)"$', (SHIPPED / theme / "locale/en.po").read_text("utf-8"), re.M)
    )

    assert said
    assert set() == said - english
    assert set() == english - said


def test_a_translation_with_quotes_is_only_words(themes: Path) -> None:
    """Quotes, backslashes and braces in a translation are shown, not obeyed."""
    write(
        themes, "petit/locale/en.po", 'msgid "Bonjour"\nmsgstr "He said \\"hi\\" \\\\ {{ 7*7 }}"\n'
    )
    from halles.render import environment

    page = environment(read(themes).templates["en"], "en").render_template("_a.html")

    assert "<p>He said &quot;hi&quot; \\ {{ 7*7 }}</p>" == page


@pytest.mark.parametrize(("lang", "other"), [("en", "fr"), ("fr", "en")])
def test_no_page_speaks_the_other_language(market: Market, lang: str, other: str) -> None:
    """On a page of one language, no phrase of the theme is said in the other."""
    market.build()
    foreign = words_of(other) - words_of(lang)
    strays = []
    for path, body in market.tree().items():
        if path.endswith(".html") and path.startswith("en/") == (lang == "en"):
            for text in spoken(body, lang):
                strays += [(path, text) for phrase in foreign if re.fullmatch(phrase, text)]

    assert [] == strays


def words_of(lang: str) -> set[str]:
    """Return what the theme says in a language, as patterns: a name in braces is anything."""
    texts = {p.name: p.read_text("utf-8") for p in (SHIPPED / "marche/templates").glob("*.html")}
    known = dict(translations())
    said = set(phrases(texts))
    found = {known[phrase] for phrase in said} if lang == "en" else said
    return {re.sub(r"\\\{\w+\\\}", ".+", re.escape(phrase)) for phrase in found}


def translations() -> Iterator[tuple[str, str]]:
    """Yield what the shipped theme says in French and in English."""
    from babel.messages.pofile import read_po

    with (SHIPPED / "marche/locale/en.po").open("rb") as file:
        for message in read_po(file):
            if isinstance(message.id, str):
                yield message.id, str(message.string)
            else:
                yield message.id[0], message.string[0]


def spoken(body: bytes, lang: str) -> Iterator[str]:
    """Yield the texts of a page that are in its own language, and its labels for the ear."""
    for element in html.fromstring(body.decode()).iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        for holder, text in ((element, element.text), (element.getparent(), element.tail)):
            if text and text.strip() and language(holder) == lang:
                yield text.strip()
        for name in ("aria-label", "title"):
            if element.get(name) and language(element) == lang:
                yield element.get(name)


def language(element: html.HtmlElement | None) -> str:
    """Return the language that an element is in."""
    while element is not None and element.get("lang") is None:
        element = element.getparent()
    return "" if element is None else element.get("lang")[:2]


# Modules that import modules


def test_a_module_imports_what_is_published(themes: Path) -> None:
    """By the published name; another body beneath is another name above."""
    write(themes, "petit/static/js/a.js", "import { b } from './b.js';\n")
    write(themes, "petit/static/js/b.js", "export const b = 1;\n")
    before = read(themes)
    name = before.addresses["js/b.js"].rpartition("/")[2]
    a = before.addresses["js/a.js"]

    assert f"import {{ b }} from './{name}';\n".encode() == before.assets[a[1:]]
    write(themes, "petit/static/js/b.js", "export const b = 2;\n")
    after = read(themes)
    assert before.addresses["js/b.js"] != after.addresses["js/b.js"]
    assert a != after.addresses["js/a.js"]


def test_a_module_names_other_files_as_they_are_published(themes: Path) -> None:
    """A sheet that comes on use is found beside the module that asks for it."""
    write(themes, "petit/static/js/a.js", "new URL('./a.css', import.meta.url)\n")
    write(themes, "petit/static/js/a.css", "p{}\n")
    theme = read(themes)
    name = theme.addresses["js/a.css"].rpartition("/")[2]

    published = theme.assets[theme.addresses["js/a.js"][1:]]
    assert published == f"new URL('./{name}', import.meta.url)\n".encode()


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ("import './c.js'; import { c } from './c.js';", "", "imports js/c.js"),
        ("import { b } from './b.js';", "import { a } from './a.js';", "imports itself"),
        ("import { a } from './a.js';", "", "imports itself"),
    ],
)
def test_a_module_that_cannot_be_published_is_the_themes_fault(
    themes: Path, a: str, b: str, said: str
) -> None:
    """One that imports what is not there, or itself in the end."""
    write(themes, "petit/static/js/a.js", a)
    write(themes, "petit/static/js/b.js", b)

    with pytest.raises(ThemeFault, match=said):
        read(themes)
