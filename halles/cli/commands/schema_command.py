"""schema: write the JSON Schemas that editors' programs check content by."""

import argparse

from halles.cli.words import give
from halles.schema import schemas


def run(flags: argparse.Namespace, lang: str) -> int:
    """Write schema/*.json and name each file."""
    folder = flags.root / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8", newline="\n")
        give(str(folder / name))
    return 0


RUN = run
