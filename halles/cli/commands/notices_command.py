"""notices: write the reference of everything that check can say, in both languages."""

import argparse
import re
from collections.abc import Iterator

from halles.cli.words import give, rules, unfilled
from halles.notices import Rule, Severity, Words

SEVERITIES: dict[Severity, Words] = {
    "error": Words("erreur", "error"),
    "warning": Words("avertissement", "warning"),
    "info": Words("remarque", "remark"),
}
HEAD = """\
<!-- Écrit par « python build.py notices » : ne pas modifier à la main. -->

# Les avis · The notices

`python build.py check` dit tout ce qui ne va pas dans `content/`, à sa ligne et avec un remède. Un
avis a un code, qui ne change pas, et une gravité :

- une **erreur** (`error`) laisse la fiche hors du site jusqu'à sa correction; le reste du marché
  ouvre, et le code de sortie est 1;
- un **avertissement** (`warning`) signale ce qui est sans doute faux; la fiche est publiée;
- une **remarque** (`info`) signale ce qui pourrait être mieux.

`python build.py check` says everything that is wrong in `content/`, at its line, with a remedy. A
notice has a code, which does not change, and a severity:

- an **error** leaves its record out of the site until it is mended; the rest of the market opens,
  and the exit code is 1;
- a **warning** points at what is most likely wrong; the record is published;
- a remark (`info`) points at what could be better.

Là où un avis nomme ce qu'il a trouvé, cette page met « … ». Where a notice names what it found,
this page has “…”.
"""


def reference() -> str:
    """Return the text of docs/notices.md; a rule's code is its anchor."""
    known = sorted(rules().values(), key=lambda rule: rule.code)
    return "\n".join([HEAD, *_contents(known), *(line for rule in known for line in _entry(rule))])


def _contents(known: list[Rule]) -> Iterator[str]:
    for severity, words in SEVERITIES.items():
        links = [f"[{r.code}](#{r.code})" for r in known if r.severity == severity]
        yield f"**{words.fr} · {words.en}** ({len(links)}) : {', '.join(links)}\n"


def _entry(rule: Rule) -> Iterator[str]:
    words = SEVERITIES[rule.severity]
    yield f"## {rule.code}\n"
    yield f"*{words.fr} · {words.en}*\n"
    for lang in ("fr", "en"):
        about, says, hint = (getattr(part, lang) for part in (rule.about, rule.says, rule.hint))
        yield f"{_plain(about)}\n"
        yield f"> {_plain(says)}<br>\n> {_plain(hint)}\n"


def _plain(text: str) -> str:
    """Return words as Markdown that shows them as they are, with … for what a notice fills in."""
    return re.sub(r"([\\`*_<>\[\]#|])", r"\\\1", unfilled(text))


def run(flags: argparse.Namespace, lang: str) -> int:
    """Write docs/notices.md and name it."""
    path = flags.root / "docs" / "notices.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reference(), "utf-8", newline="\n")
    give(str(path))
    return 0


RUN = run
