"""The examples of docs/adding.md are whole: a copy of the project is extended by them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.market import Market

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r'^```(\w+) title="([^"]+)"\n(.*?)^```$', re.M | re.S)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the program and its theme with every example put in its place."""
    folder = tmp_path / "project"
    for part in ("halles", "themes"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "build.py", folder)
    for language, name, text in EXAMPLE.findall((ROOT / "docs" / "adding.md").read_text("utf-8")):
        put = changed((folder / name).read_text("utf-8"), text) if language == "diff" else text
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(put, "utf-8")
    return folder


def changed(text: str, diff: str) -> str:
    """Return a text with a diff's new lines put in below the lines that it quotes."""
    above = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] == " ")
    added = "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] == "+")
    assert text.count(above) == 1, f"docs/adding.md quotes lines that are not there:\n{above}"
    return text.replace(above, above + added)


def run(project: Path, market: Market, *words: str) -> str:
    """Run a command of the extended program on a market, and return its standard output."""
    command = [sys.executable, str(project / "build.py"), *words, "--root", str(market.root)]
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_are_whole(project: Path, market: Market, tmp_path: Path) -> None:
    """Page, checks, importer, executor and theme are found without being registered, and work."""
    table = tmp_path / "new.csv"
    columns = "id,name,region,municipality,phone,category"
    table.write_text(f"{columns}\nle-crieur,CHEZ LE CRIEUR,nord,,,pain\n", "utf-8")
    market.edit("halles.toml", "page_size", 'theme = "hiver"\npage_size')
    market.edit("content/merchants/sud/el/elie.yaml", "neq:", "website: https://alix.example\nneq:")

    brought = run(project, market, "import", "csv", str(table))
    run(project, market, "build", "--executor", "threads")
    said = run(project, market, "check", "--format", "json").splitlines()

    assert {"name-in-capitals", "same-website"} <= {json.loads(line)["code"] for line in said}
    pages = {path: body.decode(errors="replace") for path, body in market.tree().items()}
    assert "new" in brought
    assert "Où irons-nous?" in pages["regions/index.html"]
    assert "Where shall we go?" in pages["en/regions/index.html"]
    assert "Sans poison." in pages["origine/index.html"]
    assert "/en/origin/</loc>" in pages["sitemap.xml"]
