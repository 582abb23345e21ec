"""The door: exit codes, formats, languages, and no traceback for a mistake that is the user's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.market import HERE, Market

ALIX = "content/merchants/nord/al/alix.yaml"


def door(
    *flags: str, lang: str = "C", extra: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Come in by the door."""
    return subprocess.run(
        [sys.executable, str(HERE / "build.py"), *flags],
        capture_output=True,
        text=True,
        env={"LC_ALL": lang, "PATH": "/usr/bin:/bin", **(extra or {})},
        check=False,
    )


def test_json_is_the_last_word(market: Market) -> None:
    """--json prints one object with the names of the contract."""
    ran = door("--root", str(market.root), "--json")
    said = json.loads(ran.stdout.splitlines()[-1])

    assert 0 == ran.returncode
    assert {"pages", "stock", "notices", "seconds"} == said.keys()
    assert {"total", "rendered", "written", "removed", "failed"} == said["pages"].keys()
    assert {"rows", "changed", "flipped", "quarantined", "refused"} == said["stock"].keys()
    assert {"error", "warning", "info"} == said["notices"].keys()
    assert {"read", "plan", "render", "search", "total"} == said["seconds"].keys()


def test_an_error_in_the_content_is_exit_1(market: Market) -> None:
    """The site is built without the bad file, which is named."""
    market.edit(ALIX, "418 555-0101", "12")

    built = door("--root", str(market.root))
    checked = door("check", "--root", str(market.root))

    assert (1, 1) == (built.returncode, checked.returncode)
    assert f"{ALIX}:7:8: bad-phone error:" in checked.stdout
    assert f"{ALIX}:7:8: bad-phone error:" in built.stderr
    assert "commerces/alix/index.html" not in market.tree()
    assert "commerces/berthe/index.html" in market.tree()


@pytest.mark.parametrize(
    "break_it",
    [
        lambda m: m.remove("halles.toml"),
        lambda m: m.write("halles.toml", "[site\n"),
        lambda m: m.write("halles.toml", '[site]\ntitle = "x"\n'),
        lambda m: m.edit("halles.toml", "page_size", 'theme = "aucun"\npage_size'),
        lambda m: m.edit("halles.toml", "page_size", 'timezone = "Mars/Olympus"\npage_size'),
    ],
)
def test_wrong_use_is_exit_2(market: Market, break_it) -> None:
    """A site folder that cannot be used is refused in a sentence."""
    break_it(market)

    ran = door("--root", str(market.root))

    assert 2 == ran.returncode
    assert ran.stderr.strip()
    assert "Traceback" not in ran.stderr
    assert not (market.root / "output").exists()


def test_an_unknown_flag_is_exit_2() -> None:
    """So is a flag that there is not."""
    assert 2 == door("--nonsense").returncode


def test_languages(market: Market) -> None:
    """The terminal speaks the language of its locale."""
    market.edit(ALIX, "[pain]", "[pian]")

    french = door("check", "--root", str(market.root), lang="fr_CA.UTF-8").stdout
    english = door("check", "--root", str(market.root)).stdout

    assert "Vouliez-vous dire « pain » ?" in french
    assert "Did you mean “pain”?" in english


def test_json_notices(market: Market) -> None:
    """check --format json gives an object a line, with the names of the contract."""
    market.edit(ALIX, "[pain]", "[pian]")

    lines = door("check", "--root", str(market.root), "--format", "json").stdout.splitlines()
    first = json.loads(lines[0])

    assert {"path", "line", "column", "code", "severity", "message", "hint"} == first.keys()
    assert (ALIX, "unknown-category", "error") == (first["path"], first["code"], first["severity"])


def test_github_shows_ten_a_step(market: Market, tmp_path: Path) -> None:
    """Nine errors and a word about the rest; the whole list goes to the summary."""
    for number in range(15):
        market.write(f"content/merchants/nord/xx/xx{number}.yaml", "id: x\n")
    summary = tmp_path / "summary.md"

    ran = door(
        "check", "--root", str(market.root), "--format", "github",
        extra={"GITHUB_STEP_SUMMARY": str(summary)},
    )  # fmt: skip
    errors = [line for line in ran.stdout.splitlines() if line.startswith("::error")]

    assert 10 == len(errors)
    assert "others" in errors[-1]
    assert 15 <= summary.read_text("utf-8").count("**error**")


def test_sarif_is_sarif(market: Market) -> None:
    """check --format sarif gives one 2.1.0 document, a rule for each result."""
    market.edit(ALIX, "[pain]", "[pian]")

    document = json.loads(door("check", "--root", str(market.root), "--format", "sarif").stdout)
    run = document["runs"][0]

    assert "2.1.0" == document["version"]
    assert {r["ruleId"] for r in run["results"]} == {
        r["id"] for r in run["tool"]["driver"]["rules"]
    }


def test_check_of_files(market: Market) -> None:
    """With files, only what they bring about is said, and their likely duplicates are known."""
    market.build()
    market.edit(ALIX, "555-0101", "555-0102")

    ran = door("check", "--root", str(market.root), str(market.root / ALIX))

    assert 0 == ran.returncode
    assert "berthe.yaml:5:8: same-phone" in ran.stdout  # the first by path is not told
    berthe = market.root / "content/merchants/nord/be/berthe.yaml"
    assert f"no file {berthe}x" in door("check", "--root", str(market.root), f"{berthe}x").stderr


def test_why_says_a_reason_a_page(market: Market) -> None:
    """--why prints each rendered page with its reason, on standard output."""
    lines = door("--root", str(market.root), "--why", "--quiet").stdout.splitlines()

    assert "/commerces/alix/  new page" in lines
