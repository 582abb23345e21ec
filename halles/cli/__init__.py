"""The terminal: flags to options, events to words, outcome to exit code."""

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from halles import __version__, shelf
from halles.cli.french import FrenchParser
from halles.cli.words import as_text, language, say
from halles.stock.forms import form_named

DONE, FAULTY, MISUSED, BROKEN, REFUSED = 0, 1, 2, 3, 4
"""Exit codes: done; built but some content has errors; wrong use; our fault; a feed was refused."""

COMMANDS = ("build", "check", "demo", "import", "stock", "schema", "notices")
ALONE = ("-h", "--help", "--full", "--why", "--json", "--quiet", "--dry-run", "--accept")
"""Flags that take no value: the word after one may be the command."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; no mistake of the user's gives a traceback."""
    _speak_anywhere()
    lang = language()
    try:
        flags = parser(lang).parse_args(_command_first(arguments))
    except SystemExit as left:
        return MISUSED if left.code else DONE
    command: Callable[[argparse.Namespace, str], int] = shelf.take(
        "halles.cli.commands", "RUN", f"{flags.command}_command"
    )
    code = _guarded(command, flags, lang)
    if code in (MISUSED, BROKEN) and flags.command == "build" and flags.json:
        shelf.take("halles.cli.commands", "FAILED", "build_command")(code)
    return code


def _command_first(words: Sequence[str]) -> list[str]:
    """Return the words with their command in front: build, if they name none.

    A command may stand after flags. The value of a flag is no command, whatever it is called.
    """
    if words and words[0] in ("-h", "--help", "--version"):
        return list(words)
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 1 if words[at] in ALONE or "=" in words[at] else 2
    if at < len(words):
        return [words[at], *words[:at], *words[at + 1 :]]
    return ["build", *words]


def _speak_anywhere() -> None:
    """Let a letter that the terminal cannot show be written as its number, and stop nothing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _guarded(
    command: Callable[[argparse.Namespace, str], int], flags: argparse.Namespace, lang: str
) -> int:
    """Run a command; say what went wrong in words, with a remedy where there is one."""
    from halles.ledger import Busy, Damaged
    from halles.read.importers import ImportRefused
    from halles.run import Broken
    from halles.settings import SettingsFault
    from halles.stock.folder import StockFault
    from halles.theme import ThemeFault

    try:
        return command(flags, lang)
    except SettingsFault as fault:
        told = [as_text(notice, lang) for notice in fault.notices]
        say("\n".join(told) or (fault.fr if lang == "fr" else fault.en))
        return MISUSED
    except (StockFault, ThemeFault) as fault:
        say(fault.fr if lang == "fr" else fault.en)
        return MISUSED
    except ImportRefused as fault:
        say(fault.words[lang])
        return MISUSED
    except Busy:
        say(
            "une autre commande travaille à ce site ; attendez qu'elle finisse."
            if lang == "fr"
            else "another command is at work on this site; wait for it to end."
        )
        return MISUSED
    except Damaged as fault:
        say(
            f"{fault} était abîmé et a été effacé ; relancez, et tout sera relu."
            if lang == "fr"
            else f"{fault} was damaged and has been deleted; run again, and all is read anew."
        )
        return BROKEN
    except Broken:
        say(
            "un processus a été tué, sans doute faute de mémoire ; essayez --jobs 1."
            if lang == "fr"
            else "a process was killed, most likely for lack of memory; try --jobs 1."
        )
        return BROKEN
    except KeyboardInterrupt:
        say(
            "interrompu ; le prochain build reprendra."
            if lang == "fr"
            else "interrupted; the next build takes it up again."
        )
        return BROKEN
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `check | head` is no fault
        return DONE
    except OSError as fault:
        where = f"{fault.filename}{' : ' if lang == 'fr' else ': '}" if fault.filename else ""
        say(
            f"{where}{fault.strerror or fault}. Rien n'est à moitié écrit ; cela réglé, le "
            "prochain build reprendra."
            if lang == "fr"
            else f"{where}{fault.strerror or fault}. Nothing is half written; once that is seen "
            "to, the next build takes it up again."
        )
        return BROKEN
    except Exception:
        import traceback

        traceback.print_exc()
        say(
            "c'est une faute de halles, pas la vôtre : joignez ce qui précède à un signalement."
            if lang == "fr"
            else "this is a fault of halles, not yours: put what stands above into a report."
        )
        return BROKEN


def parser(lang: str) -> argparse.ArgumentParser:
    """Return the flags of every command."""
    fr = lang == "fr"

    def pick(french: str, english: str) -> str:
        return french if fr else english

    top = (FrenchParser if fr else argparse.ArgumentParser)(
        prog="build.py",
        description=pick(
            "Halles : l'annuaire statique des marchands d'une région.",
            "Halles: the static directory of a region's merchants.",
        ),
    )
    top.add_argument(
        "--version",
        action="version",
        version=f"halles {__version__}",
        help=pick("montre la version", "show the version"),
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="|".join(COMMANDS))

    def command(name: str, french: str, english: str) -> argparse.ArgumentParser:
        found = commands.add_parser(
            name, help=pick(french, english), description=pick(french, english)
        )
        found.add_argument(
            "--root", type=Path, default=Path(), metavar="DIR",
            help=pick("le dossier du site (ici)", "the site's folder (here)"),
        )  # fmt: skip
        return found

    build = command("build", "met output/ à jour", "bring output/ up to date")
    build.add_argument(
        "--full",
        action="store_true",
        help=pick("tout relire et tout rendre", "read and render everything again"),
    )
    build.add_argument(
        "--why",
        action="store_true",
        help=pick("dire pourquoi chaque page est rendue", "say why each page is rendered"),
    )
    build.add_argument(
        "--json",
        action="store_true",
        help=pick("finir par un objet JSON", "end with one JSON object"),
    )
    build.add_argument(
        "--quiet", action="store_true", help=pick("ne dire que les erreurs", "say errors only")
    )
    build.add_argument(
        "--jobs",
        type=count,
        default=0,
        metavar="N",
        help=pick("nombre de processus", "number of processes"),
    )
    build.add_argument(
        "--executor",
        default="",
        choices=shelf.names("halles.run"),
        help=pick("où se fait le travail", "where the work is done"),
    )

    build.add_argument(
        "--stock",
        dest="feeds",
        action=_Feed,
        metavar="FEED",
        help=pick(
            "prend un flux de stock, complet pour les magasins qu'il nomme (- : entrée standard)",
            "take a stock feed in, full for the stores it names (-: standard input)",
        ),
    )
    build.add_argument(
        "--stock-delta",
        dest="feeds",
        action=_Feed,
        metavar="FEED",
        help=pick(
            "prend un flux qui ne touche que ses lignes",
            "take a feed in that touches only its rows",
        ),
    )
    build.add_argument(
        "--feed-format",
        type=form,
        metavar="FORM",
        help=pick(
            "csv, tsv, jsonl ou parquet, au besoin suivi de .gz ou .zst (d'après le nom)",
            "csv, tsv, jsonl or parquet, with .gz or .zst where needed (by the name)",
        ),
    )
    build.add_argument(
        "--accept",
        action="store_true",
        help=pick("prendre un flux que la garde refuse", "take a feed that the guard refuses"),
    )

    check = command(
        "check", "vérifie content/ sans rien publier", "check content/ and publish nothing"
    )
    check.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILES",
        help=pick("seulement ces fichiers", "these files only"),
    )
    check.add_argument("--format", default="text", choices=["text", "json", "github", "sarif"])

    demo = command(
        "demo", "écrit un site inventé de toute taille", "write a made-up site of any size"
    )
    demo.add_argument("--merchants", type=count, default=200, metavar="N")
    demo.add_argument(
        "--products",
        type=count,
        default=10,
        metavar="M",
        help=pick("produits par marchand", "products a merchant"),
    )
    demo.add_argument("--seed", type=int, default=1, metavar="S")
    demo.add_argument(
        "--churn",
        type=share,
        metavar="SHARE",
        help=pick(
            "écrit seulement un instantané de stock suivant, où cette part des lignes a changé",
            "write a next stock snapshot only, in which this share of the rows changed",
        ),
    )
    demo.add_argument(
        "--snapshot",
        type=later,
        metavar="K",
        help=pick("lequel, avec --churn (2)", "which one, with --churn (2)"),
    )

    bring = command(
        "import", "fait des fiches d'autres données", "make merchants' files of other data"
    )
    bring.add_argument("importer", choices=shelf.names("halles.read.importers"))
    bring.add_argument("files", nargs="+", type=Path, metavar="FILE")
    bring.add_argument(
        "--dry-run", action="store_true", help=pick("ne rien écrire", "write nothing")
    )

    _ask_of_stock(
        command("stock", "dit ce qu'on sait du stock", "say what is known of the stock"), pick
    )

    command("schema", "écrit schema/*.json", "write schema/*.json")
    command("notices", "écrit docs/notices.md", "write docs/notices.md")
    return top


def _ask_of_stock(stock: argparse.ArgumentParser, pick: Callable[[str, str], str]) -> None:
    """Give ``stock`` its questions; flags may stand before the question or behind it."""
    as_json = pick("un objet JSON par ligne", "one JSON object a line")
    stock.add_argument("--json", action="store_true", help=as_json)
    questions = stock.add_subparsers(dest="question", required=True, metavar="status|show|rollback")

    def question(name: str, french: str, english: str) -> argparse.ArgumentParser:
        said = pick(french, english)
        found = questions.add_parser(name, help=said, description=said)
        found.add_argument(
            "--root", type=Path, default=argparse.SUPPRESS, metavar="DIR",
            help=pick("le dossier du site (ici)", "the site's folder (here)"),
        )  # fmt: skip
        found.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=as_json)
        return found

    question("status", "où en est chaque magasin", "how each store stands")
    show = question("show", "un produit et son histoire", "an offer and its history")
    show.add_argument("store", metavar="STORE", help=pick("code du magasin", "store code"))
    show.add_argument("sku", metavar="SKU", help=pick("code du produit", "the offer's id"))
    question(
        "rollback",
        "revient à l'instantané précédent ; le prochain build le publie",
        "go back to the snapshot before; the next build publishes it",
    )


class _Feed(argparse.Action):
    """A feed, in its order among the others, and whether it is full."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option: str | None = None,
    ) -> None:
        """Add the feed to those before it."""
        before = getattr(namespace, self.dest) or []
        setattr(namespace, self.dest, [*before, (str(values), option == "--stock")])


def count(text: str) -> int:
    """Return a number of things; argparse says “count” of a text that is none."""
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


def form(text: str) -> str:
    """Return the form of a feed, as it was asked for; how it is packed, its bytes say."""
    value = form_named(text)
    if not value:
        raise ValueError(text)
    return value


def share(text: str) -> float:
    """Return a part of a whole, from 0 to 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def later(text: str) -> int:
    """Return the number of a snapshot that is not the first."""
    value = int(text)
    if value < 2:
        raise ValueError(text)
    return value


__all__ = ["main", "parser"]
