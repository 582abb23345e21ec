"""demo: write a made-up site of any size, or a next snapshot of its stock."""

import argparse

from halles.cli.words import say
from halles.demo import DemoRefused, make, restock
from halles.demo_stock import file_name
from halles.text import number


def run(flags: argparse.Namespace, lang: str) -> int:
    """Write a demo, or a snapshot, and say how much of it there is."""
    if flags.snapshot and flags.churn is None:
        say(
            "--snapshot demande --churn : la part des lignes qui changent."
            if lang == "fr"
            else "--snapshot needs --churn: the share of the rows that change."
        )
        return 2
    try:
        return _make(flags, lang) if flags.churn is None else _restock(flags, lang)
    except DemoRefused as refused:
        say(refused.fr if lang == "fr" else refused.en)
        return 2


def _make(flags: argparse.Namespace, lang: str) -> int:
    made = make(flags.root, flags.merchants, flags.products, flags.seed)
    merchants, products = number(made.merchants, lang), number(made.products, lang)
    rows, feed = number(made.rows, lang), flags.root / file_name(1)
    say(
        f"{merchants} marchands et {products} produits dans {flags.root} ; "
        f"{rows} lignes de stock dans {feed}"
        if lang == "fr"
        else f"{merchants} merchants and {products} products in {flags.root}; "
        f"{rows} rows of stock in {feed}"
    )
    return 0


def _restock(flags: argparse.Namespace, lang: str) -> int:
    snapshot = flags.snapshot or 2
    told = restock(flags.root, flags.merchants, flags.products, flags.seed, flags.churn, snapshot)
    rows, feed = number(told, lang), flags.root / file_name(snapshot)
    say(
        f"{rows} lignes de stock dans {feed}" if lang == "fr" else f"{rows} rows of stock in {feed}"
    )
    return 0


RUN = run
