"""check: say everything that is wrong with content/, and publish nothing."""

import argparse
from collections.abc import Iterable
from pathlib import Path

from halles.checking import check_files, check_site, is_elsewhere, is_outside, knows_the_rest
from halles.cli.formats import FORMATS
from halles.cli.words import SEVERITIES, counted, say, tally
from halles.settings import SettingsFault


def run(flags: argparse.Namespace, lang: str) -> int:
    """Check a whole site, or some of its files and folders."""
    try:
        return _check(flags, lang)
    except SettingsFault as fault:
        if not fault.notices:
            raise
        FORMATS[flags.format](fault.notices, lang, flags.root)
        return 2


def _check(flags: argparse.Namespace, lang: str) -> int:
    if flags.files:
        if missing := [f for f in flags.files if not f.exists()]:
            _say(missing, lang, "il n'y a pas de fichier {}.", "there is no file {}.")
            return 2
        if outside := [f for f in flags.files if is_outside(flags.root, f)]:
            root = flags.root.resolve()
            fr, en = "{} : hors du dossier du site, {}.", "{}: not in the site's folder, {}."
            _say(outside, lang, fr, en, root)
            return 2
        notices = check_files(flags.root, flags.files)
        if not knows_the_rest(flags.root):
            say(
                "ces fichiers n'ont pas été comparés aux autres fiches (doublons, codes déjà "
                "pris) : un check de tout le site les fait connaître."
                if lang == "fr"
                else "these files were not compared with other merchants' (duplicates, codes that "
                "are taken): a check of the whole site makes those known."
            )
        if strange := [f for f in flags.files if is_elsewhere(flags.root, f)]:
            fr = "check ne regarde pas {} : d'autres commandes le font, build surtout."
            en = "check does not look at {}: other commands do, build above all."
            _say(strange, lang, fr, en)
    else:
        notices = check_site(flags.root)
    FORMATS[flags.format](notices, lang, flags.root)
    counts = tally(notices)
    if flags.format == "text":
        say(", ".join(counted(n, SEVERITIES[severity], lang) for severity, n in counts.items()))
    return 1 if counts["error"] else 0


def _say(files: Iterable[Path], lang: str, fr: str, en: str, *more: object) -> None:
    """Say a sentence of some files."""
    say((fr if lang == "fr" else en).format(", ".join(map(str, files)), *more))


RUN = run
