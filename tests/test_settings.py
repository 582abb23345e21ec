"""halles.toml: everything that is wrong with it, in one go, in words, at its line."""

import datetime
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from halles.cli.words import as_text
from halles.read.tomlfaults import Lines, mistakes
from halles.settings import Settings, SettingsFault, read_settings

HEAD = '[site]\ntitle = "T"\nbase_url = "https://t.example"\n'
WRONG = """\
sit = 3
[site]
titel = "x"
base_url = "javascript:x"
languages = [
  "fr",
  "de", "fr",
]
theme = "../x"
product_pages = "al"
page_size = "50"
timezone = "America"
tagline = ''''''
[stock]
expires_days = 7.5
guard = { quarantined = 2, lost = true }
[map]
tiles = ""
attribution = 5
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A place for settings."""
    return tmp_path / "halles.toml"


def refused(file: Path, text: str | bytes) -> SettingsFault:
    """Return why settings are refused."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsFault) as fault:
        read_settings(file)
    return fault.value


def said(fault: SettingsFault, lang: str = "en") -> list[str]:
    """Return what is said of each mistake, and what to do about it."""
    return [" ".join(as_text(notice, lang).split()) for notice in fault.notices]


def test_all_mistakes_are_said_in_one_go(file: Path) -> None:
    """Each in the file's order, with its place, its code and a remedy."""
    keys = (
        "title, base_url, languages, theme, product_pages, page_size, timezone, tagline, extras, "
        "contact, licence, credit, report, offline"
    )
    expected = [
        "1:1: unknown-key error: there is no key “sit” here. Did you mean “site”? Possible keys: "
        "site, stock, map, search.",
        "2:2: missing-key error: the key “title” is missing. Add title = …",
        "3:1: unknown-key error: there is no key “titel” here. Did you mean “title”? Possible keys: "
        f"{keys}.",
        "4:1: bad-url error: “javascript:x” is not a web address. It starts with https:// and holds "
        "no space or quote.",
        '5:1: not-languages error: the site\'s languages are one or two, once each. Write ["fr", '
        '"en"], or ["fr"].',
        "5:1: not-one-of error: “de” is not one of the choices of “languages”. Choices: en, fr.",
        "9:1: bad-id error: “../x” is not an identifier. Small letters without accents, digits and "
        "hyphens: boulangerie-du-marche.",
        "10:1: not-one-of error: “al” is not one of the choices of “product_pages”. Did you mean "
        "“all”? Choices: all, none, shared.",
        '11:1: not-a-number error: “"50"” is not a number. Write digits without quotes.',
        "12:1: not-a-timezone error: there is no time zone “America”. For example: America/Montreal.",
        "13:1: empty-value error: “tagline” is empty. Write a value, or remove the key.",
        "15:1: not-whole error: “7.5” is not a whole number. Write digits only.",
        "16:11: out-of-range error: 2 is out of range (0 to 1). Choose a number between the two.",
        "16:28: not-a-number error: “true” is not a number. Write digits without quotes.",
        "19:1: not-text error: “attribution” should be a text. Write a text between quotes.",
    ]

    assert [f"halles.toml:{text}" for text in expected] == said(refused(file, WRONG))


def test_they_are_said_in_french_too(file: Path) -> None:
    """The same places and codes, and no English word among them."""
    fault = refused(file, WRONG)
    french = said(fault, "fr")

    assert french[2].startswith(
        "halles.toml:3:1: unknown-key error: la clé « titel » n'existe pas ici. "
        "Vouliez-vous dire « title » ? Clés possibles : title, base_url, languages"
    )
    assert not [line for line in french if " the " in line or "Expected" in line or " is " in line]


def test_a_lone_mistake_of_sense_has_its_place(file: Path) -> None:
    """What no type can refuse is told as what types refuse."""
    text = f'{HEAD}languages = []\n\n# \ntimezone = "Mars/Olympus"\n'

    assert [("not-languages", 4, 1), ("not-a-timezone", 7, 1)] == [
        (n.code, n.line, n.column) for n in refused(file, text).notices
    ]


@pytest.mark.parametrize("tail", ["", "/", ":8080", ":8080/"])
def test_a_site_stands_at_the_root_of_a_host(file: Path, tail: str) -> None:
    """A host, with or without its port and a slash at the end."""
    file.write_text(f'[site]\ntitle = "T"\nbase_url = "https://t.example{tail}"\n')

    assert f"https://t.example{tail}" == read_settings(file).site.base_url


@pytest.mark.parametrize("tail", ["/sub", "/sub/", "//", "?a=1", "/?", "#a", "/#", "/a?b#c"])
def test_a_site_in_a_folder_of_a_host_is_refused(file: Path, tail: str) -> None:
    """Its links would lead to the host's root, and to nothing: why, and what to do."""
    fault = refused(file, f'[site]\ntitle = "T"\nbase_url = "https://t.example{tail}"\n')

    assert [
        f"halles.toml:3:1: not-a-host error: “https://t.example{tail}” should be the address of a "
        "host and nothing more. The links of halles start with “/”: the site stands at the root of "
        "a host. Write https://example.org; give a subdomain to a site that shares a name."
    ] == said(fault)
    assert f"« https://t.example{tail} » devrait être l'adresse d'un hôte" in said(fault, "fr")[0]


@pytest.mark.parametrize("address", ["https://[t.example", "https://:80", "https:///sub"])
def test_an_address_without_a_host_is_refused(file: Path, address: str) -> None:
    """What looks like an address, and leads nowhere."""
    (notice,) = refused(file, f'[site]\ntitle = "T"\nbase_url = "{address}"\n').notices

    assert 3 == notice.line


def test_an_address_that_is_none_is_refused_once(file: Path) -> None:
    """What the type refuses already is not said twice."""
    assert 1 == len(refused(file, HEAD.replace("https:", "javascript:")).notices)


def test_nothing_at_all(file: Path) -> None:
    """An empty file has no line to point at."""
    assert [
        "halles.toml:0:0: missing-key error: the key “site” is missing. Add a line [site]."
    ] == said(refused(file, ""))


def test_what_is_not_toml(file: Path) -> None:
    """The line and column are kept; tomllib's own words are quoted, for it has no French."""
    (told,) = said(refused(file, "[site]\ntitle\n"), "fr")

    assert told.startswith(
        "halles.toml:2:6: not-toml error: ce n'est pas du TOML (« Expected '=' after a key in a "
        "key/value pair »)."
    )


@pytest.mark.parametrize("text", ["x = [", "x = " + "9" * 5000, "x = " + "[" * 5000, 'x = "'])
def test_any_other_toml_is_refused_in_words(file: Path, text: str) -> None:
    """An open end, a number beyond all numbers, a nest too deep."""
    assert "ce n'est pas du TOML" in said(refused(file, text), "fr")[0]


ODD = st.sampled_from(
    [5, 0, -1, 10**30, 0.5, 7.5, float("nan"), float("inf"), True, "", "x", "5", "all", "fr", "a\nb",
     "https://t.example", [], ["fr"], ["fr", "en"], ["x"], [1], {}, {"fr": "x"}, {"en": "x"},
     {"fr": 5, "x": 1}, {"lost": 0.5}, {"lost": "x"}, datetime.date(2026, 1, 1), [{}]]
)  # fmt: skip


def tables(kind: Any) -> st.SearchStrategy[Any]:
    """Return tables with some of a type's keys, whatever they hold."""
    keys = {field.name: ODD for field in msgspec.structs.fields(kind)}
    return st.fixed_dictionaries({}, optional={**keys, "other": ODD}) | ODD


GOOD = {"title": "T", "base_url": "https://t.example"}


@given(st.data())
def test_what_is_refused_is_named_and_nothing_else(data: st.DataObject) -> None:
    """The walk finds a mistake exactly where msgspec refuses to read."""
    fields = {field.name: field for field in msgspec.structs.fields(Settings)}
    tree = data.draw(
        st.fixed_dictionaries({}, optional={n: tables(f.type) for n, f in fields.items()})
    )
    if isinstance(tree.get("site"), dict) and data.draw(st.booleans()):
        tree["site"] = {**GOOD, **tree["site"]}
    try:
        msgspec.convert(tree, Settings)
    except msgspec.ValidationError:
        assert mistakes(tree, Settings)
    else:
        assert [] == mistakes(tree, Settings)


def test_lines_are_those_of_the_statements() -> None:
    """However a key is written: in its table, dotted, in a table on one line or over several."""
    lines = Lines(
        "# a\n[a]\nb = 1\n\n# c = 2\nc = '''\nd = 5\n'''\n\n[e.f]\ng.h = {i = 1}\nl = [\n1,\n2]\n"
    )
    where = {
        "a": (2, 2), "a b": (3, 1), "a c": (6, 1), "a d": (2, 2), "e": (10, 2), "e f": (10, 4),
        "e f g h i": (11, 8), "e f l": (12, 1),
    }  # fmt: skip

    assert where == {path: lines.of(tuple(path.split())) for path in where}
    assert (12, 1) == lines.of(("e", "f", "l", 1))
    assert (0, 0) == lines.of(())


def test_the_example_names_every_setting() -> None:
    """Whoever opens halles.toml finds all there is, and beside a # what holds without it."""
    source = (Path(__file__).parents[1] / "halles.toml").read_text("utf-8")
    shown = tomllib.loads(re.sub(r"(?m)^# (?=[a-z_]+ = )", "", source))
    defaults = msgspec.to_builtins(msgspec.convert(tomllib.loads(HEAD), Settings))

    for table in ("site", "stock", "map", "search"):
        assert defaults[table].keys() == shown[table].keys()
    commented = dict(re.findall(r"(?m)^# ([a-z_]+) = ([0-9a-z]+) ", source))
    assert {"offline": "true", "shards": "512", "history_days": "400", "keep_snapshots": "3"} == (
        commented
    )
