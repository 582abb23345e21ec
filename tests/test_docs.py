"""The documents say what the program does."""

import argparse
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from halles.checking import check_files
from halles.cli import main, parser
from halles.cli.words import rules
from halles.model import Merchant, Origin, Product

CHECKOUT = Path(__file__).parents[1]
README = CHECKOUT / "README.md"
PARTS = {"## Le marchand": Merchant, "## Un produit": Product, "## Une marque": Origin}
BLANKS = {"given", "key", "known", "near", "least", "most", "length", "other", "start"}
BLANKS |= {"file", "suffix", "folder", "region", "metres", "why"}
BLANKS |= {"kind", "ending", "size", "width", "height"}
"""What the sentence of a notice may leave room for."""


def test_the_notices_reference_is_up_to_date(tmp_path: Path) -> None:
    """``build.py notices`` writes what stands in docs/notices.md."""
    assert 0 == main(["notices", "--root", str(tmp_path)])

    fresh = (tmp_path / "docs" / "notices.md").read_text("utf-8")
    assert fresh == (CHECKOUT / "docs" / "notices.md").read_text("utf-8")


def test_every_rule_has_its_anchor() -> None:
    """Each code is a heading, in the order of the alphabet, and is linked once from the top."""
    text = (CHECKOUT / "docs" / "notices.md").read_text("utf-8")

    assert sorted(rules()) == re.findall(r"^## (\S+)$", text, re.MULTILINE)
    assert sorted(rules()) == sorted(re.findall(r"\]\(#([a-z0-9-]+)\)", text))


@pytest.mark.parametrize("code", sorted(rules()))
def test_a_rule_speaks_both_languages(code: str) -> None:
    """Sentence, remedy and meaning are there in French and English, with the same blanks."""
    rule = rules()[code]
    for words in (rule.says, rule.hint, rule.about, rule.near):
        blanks = [set(re.findall(r"\{([a-z]*)\}", text)) for text in words]
        assert all(text.strip() == text and text.endswith((".", "?", ")")) for text in words)
        assert blanks[0] == blanks[1] <= BLANKS
        assert "{{" not in "".join(words)
    assert set() == set(re.findall(r"\{([a-z]+)\}", "".join(rule.about)))


@pytest.mark.parametrize("code", sorted(rules()))
def test_a_meaning_is_a_sentence(code: str) -> None:
    """What the reference says of a rule begins with a capital, or with a word of the format."""
    for text in rules()[code].about:
        assert text[0].isupper() or text.startswith("true"), text


def flags() -> Iterator[tuple[str, str]]:
    """Yield each command and each of its flags."""
    for action in parser("en")._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command, inner in action.choices.items():
                for flag in inner._actions:
                    yield from ((command, o) for o in flag.option_strings if o.startswith("--"))


@pytest.mark.skipif(not README.is_file(), reason="README.md does not exist yet")
def test_every_flag_stands_in_the_readme() -> None:
    """A flag that the README does not name is a flag that nobody finds."""
    text = README.read_text("utf-8") if README.is_file() else ""
    unnamed = {
        (command, flag)
        for command, flag in flags()
        if flag != "--help" and not re.search(rf"{flag}(?![a-z-])", text)
    }

    assert set() == unnamed


def test_the_merchant_file_is_told_whole() -> None:
    """docs/merchant-file.md has a row for each field, and no row for what is not one."""
    text = (CHECKOUT / "docs" / "merchant-file.md").read_text("utf-8")
    tables = [text.split(heading)[1].split("\n## ")[0] for heading in PARTS]
    told = [re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE) for table in tables]

    assert [sorted(kind.__struct_fields__) for kind in PARTS.values()] == [sorted(t) for t in told]


@pytest.mark.parametrize("number", [0, 1])
def test_the_merchant_files_shown_are_sound(number: int, tmp_path: Path) -> None:
    """Who copies an example of docs/merchant-file.md is told of nothing."""
    text = (CHECKOUT / "docs" / "merchant-file.md").read_text("utf-8")
    example = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[number]
    shutil.copytree(CHECKOUT / "content", tmp_path / "content", ignore=lambda *_: ["merchants"])
    shutil.copy(CHECKOUT / "halles.toml", tmp_path)
    file = tmp_path / "content/merchants/bas-saint-laurent/bo/boulangerie-alix.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(example, "utf-8")

    assert [] == check_files(tmp_path, [file])
