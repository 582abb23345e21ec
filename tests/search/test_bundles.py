"""A bundle is made again when what its records say changed, and at no other time."""

import json
import os
from pathlib import Path

import pytest

from halles.outcome import Outcome
from halles.search import pagefind
from tests.market import SITE, Market, differences
from tests.search.conftest import ON, manifest
from tests.stock.arrivals import Stocked, feed, told

ALIX = "content/merchants/nord/al/alix.yaml"


def moved(market: Market) -> set[str]:
    """Build, and return the bundles that stand elsewhere than before."""
    before = manifest(market.root)
    market.build()
    after = manifest(market.root)
    return {
        f"{lang}/{name}"
        for lang in after
        for name in after[lang].keys() | before[lang].keys()
        if after[lang].get(name) != before[lang].get(name)
    }


def test_a_region_has_a_bundle_of_each_kind(searched: Market) -> None:
    """Open merchants and products, by language; a region without any has no bundle."""
    searched.build()

    for of in manifest(searched.root).values():
        assert {"nord_m", "nord_p", "sud_m", "sud_p"} == set(of)


def test_a_phone_is_not_searched(searched: Market) -> None:
    """What no record says moves no bundle, though the page is another."""
    searched.build()
    searched.edit(ALIX, "555-0101", "555-0199")

    assert set() == moved(searched)


def test_an_edit_makes_its_own_bundles_again(searched: Market) -> None:
    """A merchant's name is said with its products; other regions stay as they are."""
    searched.build()
    searched.edit(ALIX, "Boulangerie Alix", "Alix et filles")

    assert {"fr/nord_m", "fr/nord_p", "en/nord_m", "en/nord_p"} == moved(searched)


def test_english_words_move_english_bundles(searched: Market) -> None:
    """A bundle is of one language: another's words are nothing to it."""
    searched.build()
    searched.edit("content/merchants/sud/da/dalia.yaml", "Dalia Cheese", "Cheese by Dalia")

    assert {"en/sud_m", "en/sud_p"} == moved(searched)


def test_a_synonym_moves_those_who_are_found_by_it(searched: Market) -> None:
    """Bread is sold in the north alone: the south stays. French words are searched in English too."""
    searched.build()
    searched.edit("content/categories.yaml", "fr: [miche]", "fr: [miche, fesse]")

    assert {"fr/nord_m", "fr/nord_p", "en/nord_m", "en/nord_p"} == moved(searched)


def test_a_product_of_two_regions_is_in_both(searched: Market) -> None:
    """A seller more in the south is told of there, and the north stays as it is."""
    searched.build()
    searched.edit("content/merchants/sud/da/dalia.yaml", "4006381333931", "0624153607116")

    assert {"fr/sud_p", "en/sud_p"} == moved(searched)


def test_stock_indexes_nothing(tmp_path: Path) -> None:
    """A snapshot changes pages and shards, and no bundle."""
    market = Stocked(tmp_path / "market")
    market.edit("halles.toml", *ON)
    market.build()
    before = manifest(market.root)

    outcome = market.take(feed(told("alix", "MICHE", 0), told("ELIE-1", "X", 2), hours=1))

    assert before == manifest(market.root)
    assert not [path for path in outcome.written if path.startswith("/pagefind/")]


def test_why_names_who_changed(searched: Market) -> None:
    """The reason stands with the bundle's entry."""
    searched.build()
    searched.edit(ALIX, "Boulangerie Alix", "Alix et filles")

    why = searched.build().why

    entries = {path: said for path, said in why.items() if path.endswith("pagefind-entry.json")}
    assert {"alix changed"} == {
        said.replace("alix, gtin:0624153607116", "alix") for said in entries.values()
    }
    assert 4 == len(entries)


def test_off_takes_it_away(searched: Market) -> None:
    """Without search there is nothing of it, and the policy does not let WebAssembly run."""
    searched.build()
    assert "wasm-unsafe-eval" in searched.read("output/_headers")
    searched.edit("halles.toml", *reversed(ON))

    now = searched.said()

    assert not (searched.root / "output/pagefind").exists()
    assert "wasm-unsafe-eval" not in searched.read("output/_headers")
    assert [] == list(differences(now, searched.clean()))


def test_the_folder_and_the_number_of_processes_are_irrelevant(tmp_path: Path) -> None:
    """The same bytes, wherever and however many bundles are made at once."""
    files = {**SITE, "halles.toml": SITE["halles.toml"].replace(*ON)}
    one, other = Market(tmp_path / "a", files), Market(tmp_path / "b" / "deep", files)
    one.build()
    other.build(executor="processes", workers=3)

    assert one.tree() == other.tree()


def test_a_bundle_names_its_files(searched: Market) -> None:
    """Whoever keeps a bundle to search it offline finds all that it is made of."""
    searched.build()
    for of in manifest(searched.root).values():
        for path in of.values():
            folder = searched.root / "output" / path[1:]
            there = {
                f"/{f.relative_to(searched.root / 'output')}"
                for f in folder.rglob("*")
                if f.is_file()
            }
            assert there - {f"{path}files.json"} == set(
                json.loads((folder / "files.json").read_bytes())
            )


# Where the indexer fails


def codes(outcome: Outcome) -> set[str]:
    """Return what a build says of search."""
    return {n.code for n in outcome.notices if n.code.startswith("search-")}


def script(folder: Path, text: str) -> str:
    """Return the path of a program that stands in for Pagefind."""
    path = folder / "indexer"
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_without_an_indexer_the_site_is_built(
    searched: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so once, with a remedy, and the exit code is none of a fault; then it is made up for."""
    whole = searched.said()
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(searched.root / "nowhere"))

    without = searched.said()
    ran = searched.run(environment={"LC_ALL": "C"})

    assert not any(path.startswith("pagefind/") for path in without.tree)
    assert [] == list(differences(without, searched.clean()))
    assert 0 == ran.returncode
    assert 1 == ran.stderr.count("search-missing")
    assert "npm ci --omit=dev" in ran.stderr
    monkeypatch.delenv("PAGEFIND_BINARY_PATH")
    assert [] == list(differences(searched.said(), whole))


@pytest.mark.parametrize(
    ("does", "code"),
    [("sleep 60", "search-late"), ("exit 1", "search-failed"), ("cat >/dev/null", "search-late")],
)
def test_an_indexer_that_fails_is_told_of(
    searched: Market, monkeypatch: pytest.MonkeyPatch, does: str, code: str
) -> None:
    """The site stands without what could not be indexed, and the next build tries again."""
    monkeypatch.setattr(pagefind, "AT_LEAST", 0.3)
    monkeypatch.setattr(pagefind, "A_RECORD", 0.0)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", script(searched.root, does))

    outcome = searched.build()

    assert {code} == codes(outcome)
    assert (searched.root / "output/index.html").exists()
    assert not (searched.root / "output/pagefind/manifest.json").exists()
    monkeypatch.undo()
    assert [] == list(differences(searched.said(), searched.clean()))


def test_one_bundle_that_fails_is_left_out(
    searched: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are published and named; the next build makes the one that lacks."""
    index = pagefind.index

    def picky(indexer: object, found: list[object], folder: Path) -> object:
        if "nord_m" in folder.name:
            raise pagefind.Failure("failed", "why not")
        return index(indexer, found, folder)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("halles.search.bundle.index", picky)
        told = searched.build()
        assert {"nord_p", "sud_m", "sud_p"} == set(manifest(searched.root)["fr"])
    assert {"search-failed"} == codes(told)

    assert [] == list(differences(searched.said(), searched.clean()))


def test_a_full_disk_is_told_of(searched: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pagefind would wait for ever for room: it is looked for before."""
    monkeypatch.setattr(pagefind, "ROOM", 1 << 62)

    assert {"search-no-room"} == codes(searched.build())


def test_a_bundle_of_rubbish_is_told_of(searched: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """An indexer that answers, but not what was asked, has made nothing."""
    answer = "while true; do printf 'e30=,' || exit; done"
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", script(searched.root, answer))

    assert {"search-failed"} == codes(searched.build())
    assert os.listdir(searched.root / "output")


def test_a_lost_output_is_made_up_for(searched: Market) -> None:
    """A ledger without its site, and a site without its ledger."""
    whole = searched.said()
    searched.remove("output")
    assert [] == list(differences(searched.said(), whole))
    searched.remove(".halles")
    assert [] == list(differences(searched.said(), whole))
    assert [] == searched.build().written
    assert [] == list(differences(searched.said(full=True), whole))
