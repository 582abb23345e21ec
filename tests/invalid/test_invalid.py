"""Every rule has its smallest broken example, and check says exactly that, there, in words."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from halles.checking import check_files, check_site
from halles.cli.words import as_text, rules
from halles.notices import Notice, Rule, Words, hint, message
from halles.outcome import Options
from halles.search.rules import RULES as OF_TOOLS
from halles.settings import SettingsFault
from halles.site import build
from tests.invalid.cases import CASES, CATEGORIES, MERCHANT, REGION, SETTINGS, SHOP, SITE, Case

Check = Callable[[Case], list[Notice]]
EVERY = (*CASES, *SETTINGS)


def lay(root: Path, case: Case) -> None:
    """Write a case's site."""
    for path, text in {**SITE, **case.files}.items():
        if text is not None:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return what checks a case's whole site."""

    def checked(case: Case) -> list[Notice]:
        lay(tmp_path, case)
        if case.code == "unreadable-file":
            refuse(monkeypatch, tmp_path / SHOP)
        if case.code == "picture-unreadable":
            refuse(monkeypatch, tmp_path / "content/media/a.png")
        try:
            return check_site(tmp_path)
        except SettingsFault as fault:
            return list(fault.notices)

    return checked


def refuse(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Make the system refuse to read a file, even to root."""
    read_bytes = Path.read_bytes

    def refusing(path: Path) -> bytes:
        if path == file:
            raise PermissionError(13, "Permission denied", str(file))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refusing)


def test_every_rule_has_a_case() -> None:
    """A rule without its broken example is not finished; tools that fail are tried elsewhere."""
    tools = {*(rule.code for rule in OF_TOOLS), "map-missing"}
    assert set(rules()) - tools == {case.code for case in EVERY}


def test_the_sound_site_is_sound(check: Check) -> None:
    """What a case finds is due to what the case changes."""
    assert [] == check(Case("", "", {}))


@pytest.mark.parametrize("case", EVERY, ids=[case.code for case in EVERY])
def test_the_one_notice(check: Check, case: Case) -> None:
    """Check says this, at this line and column, and nothing else."""
    found = check(case)

    assert [(case.code, case.place)] == [(n.code, f"{n.path}:{n.line}:{n.column}") for n in found]
    assert rules()[case.code].severity == found[0].severity


@pytest.mark.parametrize("case", EVERY, ids=[case.code for case in EVERY])
def test_the_words(check: Check, case: Case) -> None:
    """The sentence and the remedy are whole, in both languages, and hold what was found."""
    for notice in check(case):
        for lang in ("fr", "en"):
            text = as_text(notice, lang)
            assert not re.search(r"\{[a-z]+\}|\{\{|\}\}|None", text), text
            assert not re.search(r"« *»|“”|: \.", text), text
            assert "\n    " in text


TOGETHER = {"duplicate-store-code", "same-neq", "same-phone", "same-name-nearby"}
BY_THE_DAY = {"lonely-date", "expired-evidence"}
"""What nobody can know of a file alone: it needs the other merchants, as the last build knew them."""
IN_FILES = [case for case in CASES if case.code != "no-merchants"]
"""The cases that are told of a file."""


@pytest.mark.parametrize("case", IN_FILES, ids=[case.code for case in IN_FILES])
def test_one_file_is_enough(tmp_path: Path, check: Check, case: Case) -> None:
    """Given the file alone, check says the same, but for what needs the other merchants.

    That too, once a check of all has read them.
    """
    whole = check(case)
    path = case.place.split(":")[0]
    assert whole == check_files(tmp_path, [tmp_path / path])

    shutil.rmtree(tmp_path / ".halles")

    alone = check_files(tmp_path, [tmp_path / path])
    assert alone == ([] if case.code in TOGETHER | BY_THE_DAY else whole)


@pytest.mark.parametrize("case", IN_FILES, ids=[case.code for case in IN_FILES])
def test_one_file_is_enough_on_a_site_that_was_built(
    tmp_path: Path, check: Check, case: Case
) -> None:
    """Given the file alone, check says the same of it once the others are known."""
    whole = check(case)
    build(tmp_path, Options(executor="inline"))

    assert whole == check_files(tmp_path, [tmp_path / case.place.split(":")[0]])


# --- what the cases taught ----------------------------------------------------------------------


def test_a_region_that_nobody_knows_is_told_once(check: Check) -> None:
    """Which folder the file belongs in is not known before the region is."""
    found = check(Case("", "", {SHOP: MERCHANT.replace("region: laval", "region: lavol")}))

    assert ["unknown-region"] == [notice.code for notice in found]


def test_a_region_that_is_left_out_blames_no_merchant(check: Check) -> None:
    """Its own mistake is told; nothing is said of the merchants' regions or places."""
    bounds = SITE[REGION].replace("45.5, -73.9], [45.7, -73.5", "45.5, -73.5], [45.7, -73.9")
    shops = {SHOP: MERCHANT + "location: {lat: 45.58, lon: -73.72}\n"}
    found = check(Case("", "", {REGION: bounds, **shops}))

    assert ["bad-bounds"] == [notice.code for notice in found]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (SHOP, ""),
        (CATEGORIES, "\n"),
        (REGION, " \n"),
        (REGION, "---\n---\n"),
        ("content/pages/aide.md", b"\xef\xbb\xbf"),
        (REGION.replace(".md", ".en.md"), "\n"),
    ],
)
def test_an_empty_file_is_called_empty(check: Check, path: str, text: str | bytes) -> None:
    """Whatever should stand in it; and nobody else is blamed."""
    found = check(Case("", "", {path: text}))

    assert [("empty-file", path)] == [(notice.code, notice.path) for notice in found]


def test_a_blank_line_is_called_empty(check: Check) -> None:
    """Spaces alone are no value."""
    found = check(Case("", "", {SHOP: MERCHANT.replace("Au coin", '"  "')}))

    assert [("empty-value", 2)] == [(notice.code, notice.line) for notice in found]


@pytest.mark.parametrize(("name", "offered"), [("le-coin", True), ("Au Coin", False)])
def test_no_id_is_offered_that_cannot_be_one(check: Check, name: str, offered: bool) -> None:
    """A file's name may be no identifier; then only another name for the file is offered."""
    (notice,) = check(Case("", "", {SHOP: None, SHOP.replace("au-coin", name): MERCHANT}))

    assert "id-not-file-name" == notice.code
    assert offered == (f"“id: {name}”" in as_text(notice, "en"))
    assert "rename the file au-coin.yaml, unless" in as_text(notice, "en")


@pytest.mark.parametrize(
    ("case", "remedy"),
    [
        (Case("", "", {SHOP.replace(".yaml", ".yml"): "x"}), "rename a .yml to .yaml"),
        (Case("", "", {SHOP: MERCHANT + "address: {postal_code: M5V 3L9}\n"}), "begin with G, H"),
    ],
)
def test_the_remedy_meets_the_usual_mistake(check: Check, case: Case, remedy: str) -> None:
    """What most people stumble over is in the hint."""
    (notice,) = check(case)

    assert remedy in as_text(notice, "en")


def test_the_right_place_is_named(check: Check) -> None:
    """Who filed a merchant elsewhere is told where to."""
    (notice,) = check(Case("", "", {SHOP: None, SHOP.replace("/au/", "/co/"): MERCHANT}))

    assert {"file": SHOP} == notice.given


def test_all_mistakes_at_once(check: Check) -> None:
    """A file says all its mistakes in one go, in reading order."""
    text = MERCHANT + "phone: 1\nhours: midi\nwebsite: x\nneq: y\nnom: z\n"
    found = check(Case("", "", {SHOP: text}))

    said = [("bad-phone", 5), ("bad-hours", 6), ("bad-url", 7), ("bad-neq", 8), ("unknown-key", 9)]
    assert said == [(n.code, n.line) for n in found]


def test_a_near_name_is_offered(check: Check) -> None:
    """Who mistypes a name is offered the one that was meant."""
    (notice,) = check(Case("", "", {SHOP: MERCHANT.replace("[pain]", "[pian]")}))
    text = as_text(notice, "fr"), as_text(notice, "en")

    assert "Vouliez-vous dire « pain » ?" in text[0]
    assert "Did you mean “pain”?" in text[1]


def test_what_was_found_is_not_filled_in() -> None:
    """Words of the content that look like a blank of ours stay as they are."""
    words = Words("« {given} », {other}", "“{given}”, {other}")
    rule = Rule(code="x", severity="error", says=words, hint=words, about=words)
    notice = rule.at("a", (1, 1), given="{other}", other="B")

    assert ("« {other} », B", "“{other}”, B") == (
        message(notice, rule, "fr"),
        hint(notice, rule, "en"),
    )


@pytest.mark.parametrize("path", [CATEGORIES, "content/pages/aide.md", "content/pages/aide.en.md"])
def test_any_file_may_be_refused(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that the system refuses to read is named, twice in a row; the rest opens."""
    pages = {
        f"content/pages/aide{end}": "---\nid: aide\ntitle: X\n---\n" for end in (".md", ".en.md")
    }
    lay(tmp_path, Case("", "", {**pages}))
    refuse(monkeypatch, tmp_path / path)
    found = [[n.path for n in check_site(tmp_path) if n.code == "unreadable-file"] for _ in "12"]

    assert [[path], [path]] == found
