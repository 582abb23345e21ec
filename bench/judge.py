"""Ask the judged questions of halles, of plain Pagefind and of MiniSearch; tell how well each does.

python bench/judge.py            (needs ../shared/data, node_modules, and some minutes once)
"""

import argparse
import csv
import json
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # and not bench/, whose profile.py hides Python's

from bench.sites import python  # noqa: E402
from bench.table import markdown  # noqa: E402
from halles.addresses import Ways  # noqa: E402
from halles.catalogue import product_slug, same_gtin  # noqa: E402
from halles.search.pagefind import find_indexer  # noqa: E402
from halles.text import fold  # noqa: E402

JUDGED = ROOT / "bench" / "judged"
QUERY = ROOT / "themes" / "marche" / "static" / "query.js"
DATA = ROOT.parent / "shared" / "data"
IMPORTS = ("osm_montreal_food.geojson", "osm_quebec_producers.geojson")
FIRST = 10
BARS = (0.95, 0.85)
"""Recall among the first ten, and mean reciprocal rank, that are promised."""
WAYS = Ways(("fr", "en"), "")


@dataclass(frozen=True, slots=True)
class Thing:
    """A merchant or a product as the judges know it: from content/, and not from any index."""

    kind: str
    address: dict[str, str]
    title: dict[str, str]
    facts: dict[str, frozenset[str]]


def site(work: Path) -> Path:
    """Return the site that is asked: the example content and what OpenStreetMap knows, built."""
    root = work / "judged"
    if not (root / "content").exists():
        root.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT / "content", root / "content")
        shutil.copyfile(ROOT / "halles.toml", root / "halles.toml")
        for name in IMPORTS if DATA.is_dir() else ():
            python(ROOT / "build.py", "import", "osm", DATA / name, "--root", root)
    subprocess.run(
        [sys.executable, ROOT / "build.py", "--root", root, "--quiet"], check=False
    )  # some of what is imported is told about; it is built all the same
    return root


def things(root: Path) -> Iterator[Thing]:
    """Yield everything that a question may want."""
    ways = _tree(yaml.load((root / "content/categories.yaml").read_text(), yaml.CSafeLoader))
    offers: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = defaultdict(list)
    for file in sorted((root / "content" / "merchants").rglob("*.yaml")):
        merchant = yaml.load(file.read_text("utf-8"), yaml.CBaseLoader)
        if merchant.get("status") == "closed":
            continue
        facts = {
            "id": {merchant["id"]}, "town": {fold(merchant.get("municipality", ""))},
            "region": {merchant["region"]},
            "cat": {c for own in merchant["categories"] for c in ways.get(own, ())},
        }  # fmt: skip
        address = {lang: WAYS.to(lang, "merchants", merchant["id"]) for lang in WAYS.languages}
        yield Thing("m", address, _names(merchant["name"]), _frozen(facts))
        for product in merchant.get("products", ()):
            offers[slug_of(merchant, product)].append((merchant, product))
    for key, sold in offers.items():
        address = {lang: WAYS.to(lang, "products", key) for lang in WAYS.languages}
        facts = {
            "offer": {f"{m['id']}/{p['sku']}" for m, p in sold}, "sku": {p["sku"] for _, p in sold},
            "gtin": {key}, "shop": {m["id"] for m, _ in sold},
            "town": {fold(m.get("municipality", "")) for m, _ in sold},
            "region": {m["region"] for m, _ in sold},
            "brand": {fold(p["brand"]) for _, p in sold if p.get("brand")},
            "cat": {c for m, p in sold for c in ways.get(_category(m, p), ())},
        }  # fmt: skip
        yield Thing("p", address, _names(sold[0][1]["name"]), _frozen(facts))


def slug_of(merchant: dict[str, Any], product: dict[str, Any]) -> str:
    """Return the slug of a product's page."""
    gtin = product.get("gtin")
    return same_gtin(gtin) if gtin else product_slug(merchant["id"], product["sku"])


def _category(merchant: dict[str, Any], product: dict[str, Any]) -> str:
    return str(product.get("category") or merchant["categories"][0])


def _names(name: Any) -> dict[str, str]:
    both = {"fr": name, "en": name} if isinstance(name, str) else {"en": name["fr"], **name}
    return {lang: fold(text) for lang, text in both.items()}


def _frozen(facts: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in facts.items()}


def _tree(tree: list[dict[str, Any]], way: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    found = {}
    for category in tree:
        here = (*way, category["id"])
        found[category["id"]] = here
        found |= _tree(category.get("children", []), here)
    return found


def wanted(rule: str, lang: str, known: list[Thing]) -> set[str]:
    """Return the addresses that answer a question, by its judge's rule (see the README)."""
    found = set()
    for part in rule.split(" | "):
        kind, _, told = part.strip().partition(" ")
        if kind.startswith("@"):
            kind, told = "m", f"id={kind[1:]}"
        elif kind.startswith("gtin="):
            kind, told = "p", kind
        elif "/" in kind:
            kind, told = "p", f"offer={part.strip()}"
        asked = [one.partition("=") for one in told.split(";")]
        found |= {
            thing.address[lang]
            for thing in known
            if thing.kind == kind and all(_holds(thing, n, v, lang) for n, _, v in asked)
        }
    return found


def _holds(thing: Thing, name: str, value: str, lang: str) -> bool:
    if name == "title":
        inside = thing.title[lang].split()
        return all(any(_same(w, one) for one in inside) for w in fold(value).split())
    return value in thing.facts.get(name, ())


@cache
def _same(a: str, b: str) -> bool:
    return a.rstrip("sx") == b.rstrip("sx")


def asker(root: Path) -> list[object]:
    """Return the command that asks a built site as its own page does."""
    return [JUDGED / "ask.mjs", root / "output", QUERY]


def answered(command: list[object], questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the questions with the addresses that someone answers each with, best first."""
    done = subprocess.run(
        ["node", "--no-warnings", *map(str, command)], input=json.dumps(questions),
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def score(urls: list[str], right: set[str]) -> tuple[float, float]:
    """Return which share of the first ten places is right that could be, and one by the rank."""
    first = urls[:FIRST]
    recall = len(right & set(first)) / min(FIRST, len(right))
    rank = next((i for i, url in enumerate(first, 1) if url in right), 0)
    return recall, 1 / rank if rank else 0.0


def records(root: Path, file: Path) -> None:
    """Write the records that halles indexes, a line each, for another engine to index."""
    from bench.judged.export import lines

    file.write_text("".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in lines(root)))


def main(words: list[str]) -> int:
    """Ask, judge, and print the tables."""
    flags = argparse.ArgumentParser(description=__doc__)
    flags.add_argument("--work", type=Path, default=ROOT / "bench" / "work")
    flags.add_argument("--json", type=Path)
    flags.add_argument("--alone", action="store_true", help="halles only")
    flags.add_argument("--wrong", action="store_true", help="say which questions halles misses")
    given = flags.parse_args(words)
    root = site(given.work.resolve())
    known = list(things(root))
    with (JUDGED / "queries.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    right = {(r["lang"], r["query"]): wanted(r["wanted"], r["lang"], known) for r in rows}
    left = [r["query"] for r in rows if not right[r["lang"], r["query"]]]
    rows = [r for r in rows if right[r["lang"], r["query"]]]
    questions = [{"lang": r["lang"], "q": r["query"]} for r in rows]
    tools: dict[str, list[object]] = {"halles": asker(root)}
    if not given.alone:
        tools |= _peers(root, given.work.resolve())
    answers = {
        name: {(a["lang"], a["q"]): a for a in answered(command, questions)}
        for name, command in tools.items()
    }
    lines = [_line(name, kind, of, rows, right) for name, of in answers.items() for kind in ("",)]
    print(markdown(("asked", "questions", "recall@10", "MRR"), [line[1:] for line in lines]))
    kinds = sorted({r["kind"] for r in rows})
    head = ("kind", "n", *(f"{name} {what}" for name in answers for what in ("recall", "MRR")))
    table = []
    for kind in kinds:
        some = [r for r in rows if r["kind"] == kind]
        cells = [_line(name, kind, of, some, right)[3:] for name, of in answers.items()]
        table.append((kind, str(len(some)), *(cell for two in cells for cell in two)))
    print("", markdown(head, table), sep="\n")
    print(f"\nbars {BARS[0]} and {BARS[1]}; {len(known)} things; nothing is right for: {left}")
    if given.wrong:
        _tell_wrong(answers["halles"], rows, right)
    if given.json:
        told = [{"tool": line[1], "recall": line[3], "mrr": line[4]} for line in lines]
        given.json.write_text(json.dumps(told, indent=1) + "\n")
    return 0


def _peers(root: Path, work: Path) -> dict[str, list[object]]:
    """Return how the others are asked, with what they need made."""
    indexer = find_indexer(ROOT)
    assert indexer, "run npm ci"
    plain, file = work / "judged-plain", work / "judged-records.jsonl"
    command = [indexer.path, "--site", root / "output", "--output-path", plain, "--quiet"]
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    records(root, file)
    peers = JUDGED / "peers.mjs"
    return {
        "plain Pagefind": [peers, "pagefind", plain],
        "MiniSearch": [peers, "minisearch", file],
    }


def _line(
    name: str,
    kind: str,
    of: dict[tuple[str, str], Any],
    rows: list[dict[str, str]],
    right: dict[tuple[str, str], set[str]],
) -> tuple[str, ...]:
    found = [score(of[r["lang"], r["query"]]["urls"], right[r["lang"], r["query"]]) for r in rows]
    recall, mrr = (sum(f[i] for f in found) / len(found) for i in (0, 1))
    return kind, name, str(len(found)), f"{recall:.3f}", f"{mrr:.3f}"


def _tell_wrong(
    of: dict[tuple[str, str], Any],
    rows: list[dict[str, str]],
    right: dict[tuple[str, str], set[str]],
) -> None:
    for key in ((row["lang"], row["query"]) for row in rows):
        urls = of[key]["urls"]
        recall, mrr = score(urls, right[key])
        if recall < 1 or mrr < 1:
            print(f"{recall:.2f} {mrr:.2f} {key}, asked {of[key]['asked']!r}")
            print(*("      " + "-+"[url in right[key]] + url for url in urls[:4]), sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
