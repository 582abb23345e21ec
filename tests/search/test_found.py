"""What is published is found: asked of the site's own scripts and bundles, in node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.found import is_lost, named
from bench.judge import answered, asker
from halles.cli import main
from halles.outcome import Options
from halles.search.pagefind import find_indexer
from halles.site import build
from tests.market import HERE, Market

COUNTS = Path(__file__).parent / "counts.mjs"
PEOPLE, WARES = 60, 4

pytestmark = pytest.mark.skipif(
    find_indexer(HERE) is None or shutil.which("node") is None, reason="npm ci was not run"
)


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up market of some size, searched; its root."""
    root = tmp_path_factory.mktemp("fair") / "site"
    demo = ["demo", "--root", str(root), "--merchants", str(PEOPLE), "--products", str(WARES)]
    assert 0 == main(demo)
    build(root, Options())
    return root


def ask(root: Path, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the page would answer each question with."""
    return answered(asker(root), questions)


def names(root: Path) -> list[dict[str, Any]]:
    """Return the question that every page of the site should answer, in all of Québec."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((root / "content" / "merchants").rglob("*.yaml")):
        for question in named(file):
            found.setdefault(question["path"], {**question, "region": ""})
    return list(found.values())


def test_every_page_is_found_by_its_name(fair: Path) -> None:
    """Among the first answers stands the page, or others that are called the same."""
    known = names(fair)
    assert len(known) > PEOPLE * 3
    answers = ask(fair, known)

    lost = [(a["q"], a["path"], a["titles"][:2]) for a in answers if is_lost(a)]
    assert [] == lost
    assert len(known) == len(answers)


@pytest.mark.parametrize("query", ["", "pain", "fromage erable"])
def test_what_a_facet_counts_is_what_it_shows(fair: Path, query: str) -> None:
    """Each value of each facet: the number told is the number shown, and each record has it."""
    done = subprocess.run(
        ["node", "--no-warnings", str(COUNTS), str(fair / "output"), "fr", query],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    told = json.loads(done.stdout)

    assert [] == told["wrong"]
    assert told["values"] > 20 or told["total"] < 20


MISTAKES = [
    ("boulangerie alix", "/commerces/alix/"),
    ("Boulangerie Alix", "/commerces/alix/"),
    ("boulangeri alix", "/commerces/alix/"),
    ("boulangreie alix", "/commerces/alix/"),
    ("livres elie", "/commerces/elie/"),
    ("come et fils", "/commerces/come/"),
    ("CÔME & FILS", "/commerces/come/"),
    ("624153607116", "/produits/0624153607116/"),
    ("00624153607116", "/produits/0624153607116/"),
    ("0 624153 607116", "/produits/0624153607116/"),
    ("ficelle alix", "/produits/alix_ficelle/"),
    ("FICELLE", "/produits/alix_ficelle/"),
    ("maison confiture", "/produits/0624153607116/"),
    ("brie longueuil", "/produits/dalia_brie/"),
    ("pots de miels", "/produits/4006381333931/"),
    ("confiture près de Matane", "/produits/0624153607116/"),
    ("loaf", "/commerces/alix/"),
]


def test_what_people_type_is_understood(searched: Market) -> None:
    """Accents, letters in the wrong place, codes, plurals, places, the other language's words."""
    searched.build()
    answers = ask(searched.root, [{"lang": "fr", "q": q, "want": w} for q, w in MISTAKES])

    assert [] == [
        (a["q"], a["want"], a["urls"][:3]) for a in answers if a["want"] not in a["urls"][:3]
    ]


def test_a_short_word_sends_nobody_elsewhere(searched: Market) -> None:
    """Words of two letters are in no list of words: gold is not asked where there are oranges."""
    searched.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "L'Érable d'or")
    searched.edit("content/merchants/nord/al/alix.yaml", "Ficelle", "Orange")
    searched.build()

    (answer,) = ask(searched.root, [{"lang": "fr", "q": "L'Érable d'or"}])

    assert "/commerces/alix/" in answer["urls"][:3]


def test_a_lost_letter_is_put_back(searched: Market) -> None:
    """Of words as far from what was typed, the one that keeps more of it is meant."""
    searched.edit("content/merchants/nord/al/alix.yaml", "Ficelle", "Brume du matin")
    searched.edit("content/merchants/nord/al/alix.yaml", "Boulangerie Alix", "Pains main Alix")
    searched.build()

    (answer,) = ask(searched.root, [{"lang": "fr", "q": "brume du matn"}])

    assert answer["asked"] == "brume matin"
    assert answer["urls"][0] == "/produits/alix_ficelle/"


def test_closed_shops_are_not_offered(searched: Market) -> None:
    """Its page stands, and nobody is sent there."""
    searched.build()

    assert all(
        "fanny" not in "".join(a["urls"])
        for a in ask(searched.root, [{"lang": "fr", "q": "fanny"}])
    )


@pytest.mark.parametrize(("policy", "path"), [
    ("all", "/produits/0624153607116/"), ("shared", "/produits/0624153607116/"),
    ("none", "/commerces/alix/#confiture"),
])  # fmt: skip
def test_products_lead_to_where_they_are(searched: Market, policy: str, path: str) -> None:
    """To their page; where they have none, to their place on the merchant's."""
    searched.edit("halles.toml", "page_size = 2", f'page_size = 2\nproduct_pages = "{policy}"')
    searched.build()

    (answer,) = ask(searched.root, [{"lang": "fr", "q": "confiture maison"}])

    assert path == answer["urls"][0]
