"""Tell whether pages are found by their names: merchants and products of a built site, by sample.

python bench/found.py --site bench/work/shared-22000-…/site [--sample 300] [--seed 1]
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # and not bench/, whose profile.py hides Python's

from bench.judge import JUDGED, answered  # noqa: E402
from bench.table import markdown  # noqa: E402
from halles.catalogue import product_slug, same_gtin  # noqa: E402
from halles.text import fold  # noqa: E402

SCRIPT = ROOT / "themes" / "marche" / "static" / "query.js"
HEAD = ("pages", "asked", "found", "behind namesakes", "lost")
FIRST = 10


def main(words: list[str]) -> int:
    """Ask, and print what was found; the exit code tells whether a page was lost."""
    flags = argparse.ArgumentParser(prog="bench/found.py", description=__doc__)
    flags.add_argument("--site", type=Path, required=True, help="a site folder, built with search")
    flags.add_argument("--sample", type=int, default=300, help="merchants to ask for")
    flags.add_argument("--seed", type=int, default=1)
    given = flags.parse_args(words)
    asked = list(_names(given.site, given.sample, Random(given.seed)))
    questions = [
        {"lang": "fr", "q": name, "region": region, "path": path} for name, region, path in asked
    ]
    command: list[object] = [JUDGED / "ask.mjs", given.site / "output", SCRIPT]
    answers = answered(command, questions)
    # Where the bundles that hold most of it have nothing, the page asks the others by itself.
    again = [{**q, "all": "1"} for q, a in zip(questions, answers, strict=True) if not a["total"]]
    late = {a["path"]: a for a in answered(command, again)}
    answers = [late.get(answer["path"], answer) for answer in answers]
    table, lost = [], []
    for kind in ("/commerces/", "/produits/"):
        there = namesakes = 0
        some = [answer for answer in answers if answer["path"].startswith(kind)]
        for answer in some:
            name, path = answer["q"], answer["path"]
            if path in answer["urls"]:
                there += 1
            elif {fold(title) for title in answer["titles"][:FIRST]} == {fold(name)}:
                namesakes += 1
            else:
                lost.append(f"{path} {name}: {answer['titles'][:3]}")
        row = (len(some), there, namesakes, len(some) - there - namesakes)
        table.append((kind, *map(str, row)))
    print(markdown(HEAD, table), *lost, sep="\n")
    return 1 if lost else 0


def _names(site: Path, sample: int, dice: Random) -> Iterator[tuple[str, str, str]]:
    """Yield (name, region, address) of some merchants, and of one product of each."""
    files = sorted((site / "content" / "merchants").rglob("*.yaml"))
    for file in dice.sample(files, min(sample, len(files))):
        merchant = yaml.load(file.read_text("utf-8"), yaml.CBaseLoader)
        if merchant.get("status") == "closed":
            continue
        region = merchant["region"]
        yield _french(merchant["name"]), region, f"/commerces/{merchant['id']}/"
        for product in merchant.get("products", ())[:1]:
            gtin = product.get("gtin")
            slug = same_gtin(gtin) if gtin else product_slug(merchant["id"], product["sku"])
            yield _french(product["name"]), region, f"/produits/{slug}/"


def _french(name: str | dict[str, str]) -> str:
    return name if isinstance(name, str) else name["fr"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
