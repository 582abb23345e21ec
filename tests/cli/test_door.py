"""The door, in one process: mistakes in words, figures that agree, formats that hold together."""

import argparse
import fcntl
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from halles import cli, shelf
from halles.cli import BROKEN, DONE, FAULTY, MISUSED, main
from halles.cli.commands import build_command
from halles.cli.formats import A_STEP
from tests.cli.terminal import Terminal
from tests.market import HERE, Market, differences

ALIX = "content/merchants/nord/al/alix.yaml"
HEAD = '[site]\ntitle = "T"\nbase_url = "https://t.example"\n'


@pytest.fixture
def door(market: Market, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """Return the door of a market that has not been built."""
    return Terminal(market, capsys)


def broken(door: Terminal, count: int) -> None:
    """Put so many files with one error each into a market."""
    for n in range(count):
        text = f"id: m{n:02d}\nname: M {n}\nregion: nord\ncategories: [pain]\nprise: 1\n"
        door.market.write(f"content/merchants/nord/m{n // 10}/m{n:02d}.yaml", text)


# Exit codes


def test_all_is_well(door: Terminal) -> None:
    """0; a build has no result of its own, and flags alone are a build's."""
    assert (DONE, "") == door.say("build")[:2]
    assert (DONE, "", "") == door.say("--quiet")


def test_warnings_alone_are_no_failure(door: Terminal) -> None:
    """0, so that an unchecked date does not stop a site from being published."""
    door.market.edit(ALIX, "checked_on: 2026-05-01, ", "")
    said = door.say("check")

    assert DONE == said.code
    assert "undated-evidence warning" in said.results


def test_a_page_that_cannot_be_shown_is_told(door: Terminal) -> None:
    """1: its template and line are named, and the others are published."""
    door.market.theme()
    broken = '<p>\n{% if lang == "en" %}{{ nothing.at_all }}{% endif %}'
    door.market.write("themes/mien/templates/page.html", broken)
    said = door.say("build")

    assert FAULTY == said.code
    assert "/en/about/: template page.html, line 2, cannot show it" in said.words
    assert "commerces/alix/index.html" in door.market.tree()


def test_a_template_that_shows_nothing_takes_nothing_away(door: Terminal) -> None:
    """2: it is named, and every page of its kind stays as it was until it is mended."""
    door.say("build")
    before = door.market.tree()
    door.market.theme()
    door.market.write("themes/mien/templates/merchant.html", "{{ nothing.at_all }}")
    said = door.say("build")

    assert MISUSED == said.code
    assert "merchant.html, line 1, cannot show any page" in said.words
    assert before["commerces/alix/index.html"] == door.market.tree()["commerces/alix/index.html"]

    door.market.remove("themes/mien/templates/merchant.html")

    assert DONE == door.say("build").code
    assert [] == list(differences(door.market.said(), door.market.clean()))


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_site_without_content_is_left_as_it_is(door: Terminal, command: str) -> None:
    """2: a forgotten checkout or a wrong folder must not publish an empty market."""
    door.say("build")
    before = door.market.tree()
    door.market.remove("content")
    said = door.say(command)

    assert MISUSED == said.code
    assert str(door.market.root / "content") in said.words
    assert before == door.market.tree()


def test_a_site_without_merchants_says_so(door: Terminal) -> None:
    """0, since a market may be about to open; but not in silence, nor twice, nor when it opens."""
    door.say("build")
    door.market.remove("content/merchants")
    said = [door.say("build"), door.say("build"), door.say("check")]

    assert [DONE] * 3 == [one.code for one in said]
    assert all("no-merchants warning" in one.words + one.results for one in said)
    assert [] == list(differences(door.market.said(), door.market.clean()))

    door.market.write(ALIX, "id: alix\n")

    assert "no-merchants" not in door.say("check").results


MISTAKES = {
    "unknown setting": ("halles.toml", f"{HEAD}titel = 1\n"),
    "wrong type": ("halles.toml", f'{HEAD}page_size = "x"\n'),
    "no language": ("halles.toml", f"{HEAD}languages = []\n"),
    "one language twice": ("halles.toml", f'{HEAD}languages = ["fr", "fr"]\n'),
    "theme out of themes/": ("halles.toml", f'{HEAD}theme = "../x"\n'),
    "scripted address": ("halles.toml", HEAD.replace("https:", "javascript:")),
    "theme.toml": ("themes/mien/theme.toml", "extends = \n"),
    "missing include": ("themes/mien/templates/page.html", '{% include "gone.html" %}'),
    "made-up include": ("themes/mien/templates/page.html", "{% include name %}"),
    "broken menu": ("themes/mien/templates/_menu.html", "{{ nothing.at_all }}"),
    "syntax of the menu": ("themes/mien/templates/_menu.html", "{% if %}"),
    "translations": ("themes/mien/locale/en.po", 'msgid "a"\nmsgst "b"\n'),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_site_that_cannot_be_built_says_why(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    """2, with a sentence in the locale's language, and nothing is published."""
    door.market.theme()
    door.market.write(*MISTAKES[mistake])
    english = door.say("build")
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    french = door.say("build")

    assert [(MISUSED, "")] * 2 == [english[:2], french[:2]]
    assert english.words.strip()
    assert french.words.strip()
    assert {} == door.market.tree()


def test_a_broken_menu_is_told_from_other_processes_too(door: Terminal) -> None:
    """The sentence travels as it is from where the pages are rendered."""
    door.market.theme()
    door.market.write(*MISTAKES["broken menu"])
    said = door.say("build", "--executor", "processes", "--jobs", "2")

    assert MISUSED == said.code
    assert "_menu.html, line 1" in said.words


def test_a_folder_without_halles_toml_is_left_as_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped --root is told what a site starts with, and no folder is made."""
    assert MISUSED == main(["--root", str(tmp_path / "nulle-part")])
    assert "halles.toml" in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("there", [False, True])
def test_nothing_is_imported_into_a_folder_that_is_no_site(
    door: Terminal, tmp_path: Path, there: bool
) -> None:
    """A mistyped --root, or a folder without halles.toml: it is told so, and left as it was."""
    extract = {
        "type": "Feature",
        "id": "node/1",
        "geometry": {"type": "Point", "coordinates": [-68.5, 48.5]},
        "properties": {"shop": "bakery", "name": "Alix"},
    }
    file = tmp_path / "extract.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [extract]}), "utf-8")
    root = tmp_path / "nulle-part"
    if there:
        root.mkdir()

    assert MISUSED == main(["import", "osm", str(file), "--root", str(root)])
    assert "halles.toml" in door.streams.readouterr().err
    assert [] == list(root.rglob("*"))
    assert there == root.exists()
    assert DONE == main(["import", "osm", str(file), "--root", str(door.market.root)])


WRONG = [
    ["--nope"], ["nope"], ["build", "--jobs", "x"], ["build", "--jobs", "-1"],
    ["build", "--jobs"], ["build", "--full=1"], ["build", "--executor", "cloud"], ["import"],
    ["import", "osm"], ["import", "nope", "f"], ["demo", "--merchants", "beaucoup"], ["--root"],
    ["demo", "--seed", "x"], ["check", "--format", "xml"], ["build", "--j", "3"],
    ["check", "--root"], ["--root", "x", "nope"], ["--full", "nope"], ["stock"], ["stock", "nope"],
    ["build", "--feed-format", "zip"], ["build", "--feed-format", ""], ["build", "--executor", ""],
    ["stock", "show", "alix"], ["stock", "status", "alix"], ["--json", "stock", "rollback", "1"],
]  # fmt: skip


@pytest.mark.parametrize("words", WRONG)
def test_wrong_use_is_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown flag, command or value is answered with the usage."""
    assert MISUSED == main(words)
    assert "usage:" in capsys.readouterr().err


@pytest.mark.parametrize("words", WRONG)
def test_wrong_use_is_told_in_french(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Under a French locale no English word is left, argparse's own neither."""
    main(words)
    english = capsys.readouterr().err
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")

    assert MISUSED == main(words)
    french = capsys.readouterr().err
    assert french.startswith("usage : build.py")
    assert french.splitlines()[-1] not in english
    assert not re.search(
        "error|argument[^ ]|invalid|choose|expected|required|unrecognized|could|ignored", french
    )


@pytest.mark.parametrize("words", [[], *([command] for command in cli.COMMANDS)])
def test_help_is_in_french(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its titles and the flags that every command has, too."""
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")

    assert DONE == main([*words, "--help"])
    said = capsys.readouterr().out
    assert said.startswith("usage : build.py")
    assert "\noptions :\n" in said
    assert not re.search("show [a-z]|positional|options:|exit", said)


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each command."""
    (commands,) = (a for a in cli.parser("en")._actions if isinstance(a.choices, dict))
    return commands.choices


def test_flags_that_stand_alone_are_known() -> None:
    """A command is looked for behind its flags, so the door knows which of them take a value."""
    flags = [action for parser in parsers().values() for action in parser._actions]
    alone = {name for flag in flags if flag.nargs == 0 for name in flag.option_strings}

    assert set(cli.ALONE) == alone
    assert set(cli.COMMANDS) == set(parsers())


@pytest.mark.parametrize(
    "words",
    [["--root", "{}", "check", "--format", "json"], ["--root={}", "check", "--format=json"],
     ["--format", "json", "--root", "{}", "check"], ["check", "--root", "{}", "--format", "json"]],
)  # fmt: skip
def test_a_command_may_stand_after_its_flags(door: Terminal, words: list[str]) -> None:
    """Wherever it stands among them, it is the same command; its files may follow it."""
    broken(door, 1)
    expected = door.say("check", "--format", "json").results
    root = str(door.market.root)

    assert FAULTY == main([word.replace("{}", root) for word in words])
    assert expected == door.streams.readouterr().out
    assert FAULTY == main(["--root", root, "check", f"{root}/content/merchants/nord/m0/m00.yaml"])
    assert "prise" in door.streams.readouterr().out


@pytest.mark.parametrize("words", [["--root", "check"], ["--quiet", "--root", "check"], ["build", "--root", "check"]])  # fmt: skip
def test_a_folder_may_be_called_as_a_command_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """``--root check`` is the site in the folder check, and is built."""
    market = Market(tmp_path / "check")
    monkeypatch.chdir(tmp_path)

    assert DONE == main(words)
    assert "commerces/alix/index.html" in market.tree()


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_that_is_named_is_there(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the help promises can be taken from its shelf, and can be asked about."""
    assert DONE == main([command, "--help"])
    assert capsys.readouterr().out
    assert callable(shelf.take("halles.cli.commands", "RUN", f"{command}_command"))


def test_a_second_build_waits_its_turn(door: Terminal) -> None:
    """2: another build of the same site is under way, and is not disturbed."""
    door.say("build")
    with (door.market.root / ".halles/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = door.say("build")

    assert MISUSED == said.code
    assert "another command" in said.words


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_ledger_that_another_command_holds(door: Terminal, command: str) -> None:
    """2: said in a sentence, and the file is left to whoever holds it."""
    assert DONE == door.say(command).code
    name = "ledger.db" if command == "build" else "check.db"
    with closing(sqlite3.connect(door.market.root / ".halles" / name)) as other:
        other.execute("begin exclusive")
        said = door.say(command)

        assert MISUSED == said.code
        assert "another command" in said.words

        assert DONE == door.say("check", str(door.market.root / ALIX)).code
    assert DONE == door.say(command).code


def test_a_damaged_ledger_is_begun_anew(door: Terminal) -> None:
    """3, with the file's name; the next build leaves what a clean one would."""
    door.say("build")
    path = door.market.root / ".halles" / "ledger.db"
    body = bytearray(path.read_bytes())
    body[8192:] = b"\xa5" * (len(body) - 8192)
    path.write_bytes(body)
    said = door.say("build")

    assert BROKEN == said.code
    assert str(path) in said.words
    assert [] == list(differences(door.market.said(), door.market.clean()))


def test_what_the_system_refuses_is_told(door: Terminal) -> None:
    """A file stands where output/ should be: the sentence names it, and it stays."""
    (door.market.root / "output").write_text("")
    said = door.say("build")

    assert said.code in (MISUSED, BROKEN)
    assert f"{door.market.root / 'output'}: " in said.words
    assert (door.market.root / "output").is_file()


def test_a_name_that_is_no_text_does_not_stop_the_build(door: Terminal) -> None:
    """A file or folder named in another encoding leaves the rest of the market open."""
    nord = os.fsencode(door.market.root / "content/merchants/nord")
    with open(nord + b"/al/caf\xe9.yaml", "wb") as file:
        file.write(b"id: cafe\n")
    os.mkdir(nord + b"/\xe9")
    with open(nord + b"/\xe9/cafe.yaml", "wb") as file:
        file.write(b"id: cafe\n")

    with open(os.fsencode(door.market.root) + b"/content/regions/\xe9.md", "wb") as file:
        file.write(b"---\nid: x\n---\n")

    said = door.say("build")

    assert DONE == said.code
    assert 3 == said.words.count("ignored-file")
    assert "content/merchants/nord/al/caf\\udce9.yaml:0:0: ignored-file" in said.words
    assert [] == list(differences(door.market.said(), door.market.clean()))
    assert "commerces/alix/index.html" in door.market.tree()


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_a_terminal_of_any_encoding_is_spoken_to(market: Market, encoding: str) -> None:
    """From the real door: a letter that the terminal cannot show is no reason to stop."""
    market.edit(ALIX, "418 555-0101", "“Œuvre…”")
    command = [sys.executable, str(HERE / "build.py"), "check", "--root", str(market.root)]
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": "fr_CA"}
    found = subprocess.run(command, capture_output=True, env=environment, check=False)

    assert FAULTY == found.returncode
    assert b"bad-phone" in found.stdout
    assert b"Traceback" not in found.stderr


# Figures


def test_figures_agree_with_what_is_published(door: Terminal) -> None:
    """As many pages as there are; a second build renders, writes and removes none of them."""
    first = json.loads(door.say("--json").results)["pages"]
    second = json.loads(door.say("--json").results)["pages"]
    pages = [path for path in door.market.tree() if path.endswith(".html")]

    assert len(pages) == first["total"] == second["total"]
    assert {"rendered": 0, "written": 0, "removed": 0, "failed": 0} == {
        name: count for name, count in second.items() if name != "total"
    }


def test_of_all_that_is_made_again_only_what_differs_is_told(door: Terminal) -> None:
    """``--full`` writes what somebody changed by hand, and purges nothing else."""
    door.say("build")
    front = door.market.root / "output" / "index.html"
    sound = front.read_bytes()
    front.write_bytes(b"by hand")
    figures = json.loads(door.say("--full", "--json").results)["pages"]
    changes = json.loads((door.market.root / ".halles" / "changes.json").read_bytes())

    assert sound == front.read_bytes()
    assert (figures["total"], 1) == (figures["rendered"], figures["written"])
    assert (["/"], []) == (changes["written"], changes["removed"])


def test_a_page_is_what_is_counted(door: Terminal) -> None:
    """A first build renders and writes as many as there are; style sheet and sitemap stand apart.

    In words and in ``--json`` alike, and so it is with what a build removes.
    """
    words = door.say("build").words
    pages = sum(path.endswith(".html") for path in door.market.tree())
    others = len(door.market.tree()) - pages
    figures = json.loads(door.say("--full", "--json").results)["pages"]
    door.market.remove("content/merchants")
    fewer = json.loads(door.say("--json").results)["pages"]

    assert f"render   {pages} of {pages} pages (0 unchanged on a look)" in words
    assert f"publish  {pages} written, 0 already the same, 0 removed, {others} other files" in words
    assert (pages, pages) == (figures["total"], figures["rendered"])
    assert pages - fewer["removed"] == fewer["total"]


@pytest.mark.parametrize(
    ("locale", "none", "read", "one"),
    [
        (
            "en_CA",
            "0 errors, 0 warnings",
            "1 changed record among",
            "1 error, 1 warning, 3 remarks",
        ),
        ("fr_CA", "0 erreur, 0 avert", "1 fiche changée sur", "1 erreur, 1 avertissement, 3 rem"),
    ],
)
def test_one_is_not_several(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, locale: str, none: str, read: str, one: str
) -> None:
    """Numbers and nouns agree; in French, none is one."""
    monkeypatch.setenv("LC_ALL", locale)
    door.say("build")
    assert none in door.say("check").words

    door.market.edit(ALIX, "checked_on: 2026-05-01, ", "")
    assert read in door.say("build").words

    broken(door, 1)
    assert one in door.say("check").words


def test_the_rest_is_what_was_not_said(door: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each severity has its limit; what is counted as “others” is what lies beyond it."""
    broken(door, 4)
    everything = door.say("build").words
    monkeypatch.setattr(build_command, "SHOWN", {"error": 3, "warning": 20, "info": 20})
    words = door.say("build").words

    assert 4 == everything.count(" error: ")
    assert "other notices" not in everything
    assert 3 == words.count(" error: ")
    check = f"python build.py check --root {door.market.root}"
    assert f"… and other notices (1 error): {check} says them all." in words


def test_as_many_errors_are_said_as_the_table_has(door: Terminal) -> None:
    """More than twenty errors: all are said, and none is counted among others."""
    broken(door, 25)
    words = door.say("build").words

    assert 25 == words.count(" error: ")
    assert "other notices" not in words


def test_json_stands_last_even_beside_reasons(door: Terminal) -> None:
    """Reasons come first, one a line; the object is the last line, and has no stock to tell."""
    lines = door.say("--why", "--json").results.splitlines()

    assert all("  " in line for line in lines[:-1])
    assert {"rows": 0, "changed": 0, "flipped": 0, "quarantined": 0, "refused": None} == json.loads(
        lines[-1]
    )["stock"]


def test_quiet_says_errors_only(door: Terminal) -> None:
    """Warnings and figures are for those who ask."""
    door.market.edit(ALIX, "checked_on: 2026-05-01, ", "")
    door.market.edit(ALIX, "418 555-0101", "418")
    lines = door.say("build", "--quiet").words.splitlines()

    assert ["bad-phone"] == [line.split()[1] for line in lines if not line.startswith(" ")]


# Formats


def test_text_is_two_lines_a_notice(door: Terminal) -> None:
    """``path:line:column: code severity: message``, then what to do."""
    broken(door, 1)
    lines = door.say("check").results.splitlines()
    at = next(i for i, line in enumerate(lines) if "m00" in line)

    path = "content/merchants/nord/m0/m00.yaml"
    assert f"{path}:5:1: unknown-key error: there is no key “prise” here." == lines[at]
    assert lines[at + 1].startswith("    ")


@pytest.mark.parametrize(("count", "shown"), [(A_STEP, A_STEP), (A_STEP + 1, A_STEP - 1), (25, 9)])
def test_github_gets_ten_of_a_kind(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int, shown: int
) -> None:
    """All where they are ten at most; else nine and how many others; the summary has them all."""
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    broken(door, count)
    lines = door.say("check", "--format", "github").results.splitlines()
    errors = [line for line in lines if line.startswith("::error ")]

    assert shown == sum(",title=unknown-key::" in line for line in errors)
    assert min(count, A_STEP) == len(errors)
    assert (count > A_STEP) == errors[-1].endswith(f"…and {count - shown} others")
    assert count == summary.read_text("utf-8").count("**error**")
    assert all(sum(x.startswith(f"::{s} ") for x in lines) <= A_STEP for s in ("warning", "notice"))


def git(folder: Path, *words: str) -> None:
    """Let git do something in a folder, whoever sits at this machine."""
    who = ["-c", "user.name=T", "-c", "user.email=t@t.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def test_what_a_pull_request_touches_is_annotated_first(
    door: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine are shown of many: the author's own file is one of them, and the worst still leads."""
    broken(door, 25)
    repository = door.market.root.parent
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "before")
    git(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    door.market.edit("content/merchants/nord/m2/m23.yaml", "M 23", "Élan")
    git(repository, "commit", "-q", "-a", "-m", "after")
    monkeypatch.chdir(repository)
    before = door.say("check", "--format", "github").results.splitlines()
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    after = door.say("check", "--format", "github").results.splitlines()
    monkeypatch.setenv("GITHUB_BASE_REF", "gone")

    assert "m2/m23.yaml" not in "".join(before)
    assert after[0].startswith("::error file=market/content/merchants/nord/m2/m23.yaml,")
    assert before[: A_STEP - 2] == after[1 : A_STEP - 1]
    assert before == door.say("check", "--format", "github").results.splitlines()


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_without_git_the_order_stays(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """No git, or no repository: nothing is said of it."""
    broken(door, 2)
    expected = door.say("check", "--format", "github")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(door.market.root.parent))
    monkeypatch.setenv("PATH", path or os.environ["PATH"])
    said = door.say("check", "--format", "github")

    assert expected.code == said.code
    assert expected.results == said.results.replace("file=market/", "file=")
    assert expected.words == said.words


def test_a_file_cannot_give_github_commands(door: Terminal) -> None:
    """What a file says neither ends a workflow command nor begins another."""
    door.market.edit(ALIX, "418 555-0101", '"1%0A::error::pwned"')
    lines = door.say("check", "--format", "github").results.splitlines()

    assert [] == [
        line for line in lines if not line.startswith(("::error ", "::warning ", "::notice "))
    ]
    assert "%250A" in "".join(lines)


def test_sarif_points_at_rules_files_and_places(door: Terminal) -> None:
    """Each result's rule is in the list, its file is of the repository, its place counts from 1."""
    broken(door, 3)
    (run,) = json.loads(door.say("check", "--format", "sarif").results)["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert 3 == sum(found["ruleId"] == "unknown-key" for found in run["results"])
    for found in run["results"]:
        place = found["locations"][0]["physicalLocation"]
        assert rules[found["ruleIndex"]] == found["ruleId"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert min(place["region"].values()) >= 1


@pytest.mark.parametrize(
    ("locale", "remedy"), [("en_CA", "Possible keys: …."), ("fr_CA", "Clés possibles : ….")]
)
def test_a_sarif_rule_says_its_remedy(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, locale: str, remedy: str
) -> None:
    """In the locale's language, and no address: halles does not know where its pages stand."""
    monkeypatch.setenv("LC_ALL", locale)
    broken(door, 1)
    (run,) = json.loads(door.say("check", "--format", "sarif").results)["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}

    assert {"text": remedy} == rules["unknown-key"]["help"]
    assert {"id", "shortDescription", "help"} == set().union(*rules.values())


@pytest.mark.parametrize("workspace", [False, True])
def test_annotations_stand_on_the_repositorys_files(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, workspace: bool
) -> None:
    """A site in a folder of a repository: GitHub and scanners are told paths from the repository.

    It is the workspace if there is one, else the folder that the command is given in. People are
    told paths from the site.
    """
    path = "content/merchants/nord/é t/m.yaml"
    door.market.write(path, "id: m\n")
    monkeypatch.chdir(door.market.root if workspace else door.market.root.parent)
    if workspace:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(door.market.root.parent))
    github = door.say("check", "--format", "github").results
    (run,) = json.loads(door.say("check", "--format", "sarif").results)["runs"]
    places = [n["locations"][0]["physicalLocation"]["artifactLocation"] for n in run["results"]]

    assert f"::error file=market/{path},line=1," in github
    assert "file=content/" not in github
    assert {"uri": "market/content/merchants/nord/%C3%A9%20t/m.yaml"} in places
    assert f"\n{path}:1:" in "\n" + door.say("check").results
    assert f'"path": "{path}"' in door.say("check", "--format", "json").results


@pytest.mark.parametrize("format_name", ["text", "json", "github"])
def test_nothing_to_say_is_nothing_said(door: Terminal, format_name: str) -> None:
    """Whatever the format, a site without fault gives no result."""
    for path in ("campaigns", "merchants/est", "merchants/sud", "regions/est.md", "regions/sud.md"):
        door.market.remove(f"content/{path}")

    assert (DONE, "") == door.say("check", "--format", format_name)[:2]


def test_checking_a_file_says_what_checking_all_says_of_it(door: Terminal) -> None:
    """The same notices, and those of no other file."""
    broken(door, 2)
    path = "content/merchants/nord/m0/m01.yaml"
    whole = door.say("check", "--format", "json").results.splitlines()
    part = door.say("check", "--format", "json", str(door.market.root / path)).results.splitlines()

    assert [line for line in whole if path in line] == part


def test_checking_a_copy_says_what_checking_all_says_of_it(door: Terminal) -> None:
    """An id that another file holds, a neighbour of the same name: once, and nothing else."""
    door.say("build")
    copies = ("content/merchants/sud/al/alix.yaml", "content/merchants/nord/al/alixe.yaml")
    text = door.market.read(ALIX)
    door.market.write(copies[0], text.replace("region: nord", "region: sud"))
    door.market.write(copies[1], text.replace("id: alix", "id: alixe"))
    whole = door.say("check", "--format", "json").results.splitlines()
    for path in copies:
        part = door.say("check", "--format", "json", str(door.market.root / path))
        told = [line for line in whole if f'"path": "{path}"' in line]

        assert told == part.results.splitlines()
        assert len(told) == len({json.loads(line)["code"] for line in told})
        assert ("duplicate-id" in part.results) == (path == copies[0])
        assert ("same-name-nearby" in part.results) == (path == copies[1])


def test_checking_a_file_that_nobody_reads_says_so(door: Terminal) -> None:
    """Silence would pass for praise."""
    path = "content/merchants/nord/al/alix.yml"
    door.market.write(path, door.market.read(ALIX))

    assert "ignored-file" in door.say("check", str(door.market.root / path)).results


def test_checking_a_file_of_elsewhere_is_wrong_use(door: Terminal, tmp_path: Path) -> None:
    """It was not checked, and nobody may think so."""
    (tmp_path / "stray.yaml").write_text(door.market.read(ALIX))
    said = door.say("check", str(tmp_path / "stray.yaml"))

    assert MISUSED == said.code
    assert f"not in the site's folder, {door.market.root}" in said.words


def test_files_are_compared_with_the_rest_where_it_is_known(door: Terminal) -> None:
    """From a build, or from a check of all; without either, it is said that they were not."""
    twin = "content/merchants/nord/al/aline.yaml"
    door.market.write(twin, door.market.read(ALIX).replace("id: alix", "id: aline"))
    alone = door.say("check", str(door.market.root / twin))
    door.say("check")
    known = door.say("check", str(door.market.root / twin))

    assert "were not compared" in alone.words
    assert "same-phone" not in alone.results
    assert "were not compared" not in known.words
    assert "same-phone" in known.results


@pytest.mark.parametrize(
    ("path", "body", "code"), [("halles.toml", "[site]", MISUSED), ("output", "a file", BROKEN)]
)
def test_json_stands_last_whatever_became_of_a_build(
    door: Terminal, path: str, body: str, code: int
) -> None:
    """One object, with the exit code where nothing was built: who reads it need not guess."""
    door.market.write(path, body)
    said = door.say("build", "--json")

    assert code == said.code
    (line,) = said.results.splitlines()
    told = json.loads(line)
    assert (code, 0, None) == (told["exit"], told["pages"]["total"], told["stock"]["refused"])
    assert {"error": 0, "warning": 0, "info": 0} == told["notices"]


@pytest.mark.parametrize("folder", ["content", ".", "content/merchants/nord", "content/pages"])
def test_checking_a_folder_is_checking_all_its_files(door: Terminal, folder: str) -> None:
    """Every file below it, with what checking all says of each; all of content/ is the site."""
    broken(door, 2)
    door.market.write("content/merchants/nord/al/alix.yml", "")
    door.market.write("content/merchants/.draft.yaml", "")
    whole = door.say("check", "--format", "json").results.splitlines()
    part = door.say("check", "--format", "json", str(door.market.root / folder)).results
    below = "content/" if folder == "." else folder

    assert part.splitlines() == [
        line for line in whole if json.loads(line)["path"].startswith(below)
    ]
    assert part or folder == "content/pages"


@pytest.mark.parametrize(
    ("path", "told"),
    [("themes/mien/x.css", True), ("content/media/x.jpg", True), ("data/stock.csv", True),
     ("data", True), ("data/boundaries.geojson", False), ("halles.toml", False), (ALIX, False)],
)  # fmt: skip
def test_what_other_commands_look_at_is_said(door: Terminal, path: str, told: bool) -> None:
    """“0 errors” of a file that check does not open would pass for praise."""
    for file in ("themes/mien/x.css", "content/media/x.jpg", "data/stock.csv"):
        door.market.write(file, "x")
    door.market.write("data/boundaries.geojson", '{"type": "FeatureCollection", "features": []}')
    said = door.say("check", str(door.market.root / path))

    assert told == (f"check does not look at {door.market.root / path}: other" in said.words)
    assert DONE == said.code


@pytest.mark.parametrize("name", ["a\x07b.yaml", "a\u202eb.yaml", "\udce9.yaml", "\x01/a.yaml"])
def test_checking_a_name_that_cannot_be_shown_says_so(door: Terminal, name: str) -> None:
    """As checking all does: nobody reads it, and its name is written with numbers."""
    file = door.market.root / "content/merchants/nord/al" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("id: a\n")
    whole = door.say("check", "--format", "json").results.splitlines()
    told = [line for line in whole if "ignored-file" in line]
    for given in (file, file.parent):
        assert told == door.say("check", "--format", "json", str(given)).results.splitlines()

    assert 1 == len(told)


def test_checking_keeps_no_answer_of_another_halles(
    door: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules may have changed: everything is looked at again."""
    broken(door, 1)
    whole = door.say("check")
    ledger = door.market.root / ".halles" / "check.db"
    with closing(sqlite3.connect(ledger)) as kept, kept:
        kept.execute("delete from notices")

    assert whole != door.say("check")

    monkeypatch.setattr("halles.checking.engine", lambda: b"another")

    assert whole == door.say("check")


# Languages


@pytest.mark.parametrize(
    ("locale", "word"),
    [("fr_CA.UTF-8", "fini"), ("fr_FR", "fini"), ("en_CA.UTF-8", "done"), ("C", "done")],
)
def test_words_are_in_the_locales_language(
    door: Terminal, monkeypatch: pytest.MonkeyPatch, locale: str, word: str
) -> None:
    """French for a French locale, English for any other; LC_ALL goes before LANG."""
    monkeypatch.setenv("LANG", "en_CA.UTF-8" if word == "fini" else "fr_CA.UTF-8")
    monkeypatch.setenv("LC_ALL", locale)

    assert word in door.say("build").words


def test_lang_speaks_where_lc_all_is_silent(
    door: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in every other program."""
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    monkeypatch.delenv("LC_ALL")

    assert "fini" in door.say("build").words
