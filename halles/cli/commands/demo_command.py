"""demo: write a made-up site of any size."""

import argparse

from halles.cli.words import say
from halles.demo import DemoRefused, make
from halles.text import number


def run(flags: argparse.Namespace, lang: str) -> int:
    """Write a demo, and say how much of it there is."""
    try:
        made = make(flags.root, flags.merchants, flags.products, flags.seed)
    except DemoRefused as refused:
        say(refused.fr if lang == "fr" else refused.en)
        return 2
    merchants, products = number(made.merchants, lang), number(made.products, lang)
    say(
        f"{merchants} marchands et {products} produits dans {flags.root}"
        if lang == "fr"
        else f"{merchants} merchants and {products} products in {flags.root}"
    )
    return 0


RUN = run
