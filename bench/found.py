"""Tell whether pages are found by their names: merchants and products of a built site, by sample.

python bench/found.py --site bench/work/shared-22000-…/site [--sample 300] [--seed 1]
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # and not bench/, whose profile.py hides Python's

from bench.judge import FIRST, answered, asker, slug_of  # noqa: E402
from bench.table import markdown  # noqa: E402
from halles.text import fold  # noqa: E402

HEAD = ("pages", "asked", "found", "behind namesakes", "lost")


def main(words: list[str]) -> int:
    """Ask, and print what was found; the exit code tells whether a page was lost."""
    flags = argparse.ArgumentParser(prog="bench/found.py", description=__doc__)
    flags.add_argument("--site", type=Path, required=True, help="a site folder, built with search")
    flags.add_argument("--sample", type=int, default=300, help="merchants to ask for")
    flags.add_argument("--seed", type=int, default=1)
    given = flags.parse_args(words)
    files = sorted((given.site / "content" / "merchants").rglob("*.yaml"))
    some = Random(given.seed).sample(files, min(given.sample, len(files)))
    # A merchant, and the first of its products.
    asked = [one for file in some for one in islice(named(file), 2)]
    answers = answered(asker(given.site), asked)
    table = []
    for kind in ("/commerces/", "/produits/"):
        mine = [answer for answer in answers if answer["path"].startswith(kind)]
        there = sum(answer["path"] in answer["urls"] for answer in mine)
        gone = sum(is_lost(answer) for answer in mine)
        table.append((kind, *map(str, (len(mine), there, len(mine) - there - gone, gone))))
    lost = [f"{a['path']} {a['q']}: {a['titles'][:3]}" for a in answers if is_lost(a)]
    print(markdown(HEAD, table), *lost, sep="\n")
    return 1 if lost else 0


def named(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the question that each page of an open merchant should answer: its French name."""
    merchant = yaml.load(file.read_text("utf-8"), yaml.CBaseLoader)
    if merchant.get("status") == "closed":
        return
    paths = {f"/commerces/{merchant['id']}/": merchant["name"]}
    for product in merchant.get("products", ()):
        paths[f"/produits/{slug_of(merchant, product)}/"] = product["name"]
    for path, name in paths.items():
        french = name if isinstance(name, str) else name["fr"]
        yield {"lang": "fr", "q": french, "region": merchant["region"], "path": path}


def is_lost(answer: dict[str, Any]) -> bool:
    """Tell whether neither a page nor those that are called the same stand first."""
    if answer["path"] in answer["urls"]:
        return False
    return {fold(title) for title in answer["titles"][:FIRST]} != {fold(answer["q"])}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
