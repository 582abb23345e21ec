"""import: make merchants' files of data that others keep."""

import argparse
from collections import Counter

from halles import shelf
from halles.cli.words import give, say
from halles.read.importers import Importer, Kept, Skipped, Wrote
from halles.settings import read_settings


def run(flags: argparse.Namespace, lang: str) -> int:
    """Bring data in; say each file that was written and each element that was not, and why."""
    read_settings(flags.root / "halles.toml")  # a folder that is no site is refused, not filled
    importer: Importer = shelf.take("halles.read.importers", "IMPORTER", flags.importer)
    counts: Counter[str] = Counter()
    for outcome in importer.bring_in(flags.files, flags.root, dry_run=flags.dry_run):
        match outcome:
            case Wrote(path=path, what=what):
                counts[what] += 1
                give(f"{what}  {path}")
            case Skipped(source=source, reason=reason, detail=detail):
                counts[reason] += 1
                give(f"skipped  {source}  {reason}  {detail}".rstrip())
            case Kept():
                counts["kept"] += 1
    for name, count in sorted(counts.items()):
        say(f"{count:>7}  {name}")
    if flags.dry_run:
        say(
            "rien n'a été écrit (--dry-run)."
            if lang == "fr"
            else "nothing was written (--dry-run)."
        )
    return 0


RUN = run
