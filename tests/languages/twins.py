"""The French/English twin report: which pages lack a twin, which words their translation.

``python -m tests.languages.twins [folder]`` builds the example site in a folder and prints it.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po
from lxml import html

from halles.spoken import SPOKEN
from halles.theme import phrases
from tests.example import BASE, Example
from tests.market import MARCHE

ENGLISH = "/en/"
TAGS = re.compile(r"\{\w+\}")
PLAIN_SPACE = re.compile(r"[\w»)’] [:;!?»$](?![\w/])|« ")
"""What fr-CA typography does not write: a plain space there breaks a line before the sign."""
UNSPACED = re.compile(r"\w[»$]|«\w|'")
WRITTEN_BY_US = re.compile(r"\d \$|\d{3} \d{3} \$")
"""Prices with a plain space: these no content gives as they are shown."""


class Report(NamedTuple):
    """What was found, a list each; all but the last must be empty."""

    kinds: Counter[tuple[str, str]]
    """Pages by kind and language."""
    twinless: list[str]
    untranslated: list[str]
    foreign: list[tuple[str, str]]
    """(page, words of the other language's interface that stand on it)."""
    typography: list[tuple[str, str]]
    fallen_back: Counter[str]
    """Content that an English page shows in French, said to be so, by kind."""


def report(site: Example) -> Report:
    """Look at every page of a site."""
    words = _catalogue()
    said = set(phrases({p.name: p.read_text("utf-8") for p in MARCHE.rglob("templates/*")}))
    # Only words of some length that the other language has not: "Photos" is both.
    said.update(SPOKEN)
    french = {w for w in words if w != words[w] and _telling(w)} - set(words.values())
    english = {words[w] for w in words if w != words[w] and _telling(words[w])} - set(words)
    found = Report(Counter(), [], sorted(said - words.keys()), [], [], Counter())
    ill = (w for w in sorted(said | words.keys()) if PLAIN_SPACE.search(w) or UNSPACED.search(w))
    found.typography.extend(("marche", w) for w in ill)
    for path, page in site.pages.items():
        lang = "en" if path.startswith(ENGLISH) else "fr"
        kind = (page.xpath("//main/@class") or ["?"])[0].split()[0]
        found.kinds[kind, lang] += 1
        if not path.endswith("/404.html") and not _twin(site, path, page):
            found.twinless.append(path)
        texts = list(_texts(page, lang))
        other = english if lang == "fr" else french
        found.foreign.extend((path, text) for text in texts if text in other)
        if lang == "fr":
            found.typography.extend((path, t) for t in texts if WRITTEN_BY_US.search(t))
        else:
            found.fallen_back[kind] += len(page.xpath('//main//*[@lang="fr"]'))
    return found


def _telling(text: str) -> bool:
    return len(text) > 3 and not TAGS.search(text)


def _catalogue() -> dict[str, str]:
    """Return each French form that the catalogue has, with its English."""
    with (MARCHE / "locale" / "en.po").open("rb") as file:
        messages = [m for m in read_po(file) if m.id]
    found: dict[str, str] = {}
    for message in messages:
        if isinstance(message.id, str):
            found[message.id] = str(message.string)
        else:
            found.update(zip(message.id, message.string, strict=True))
    return found


def _twin(site: Example, path: str, page: html.HtmlElement) -> bool:
    """Tell whether a page has its twin, and the twin says so; both say who they are."""
    twins = {a.get("hreflang"): a.get("href") for a in page.xpath('//link[@rel="alternate"]')}
    if not page.xpath('//link[@rel="canonical"]'):
        return True  # not to be found by itself
    for lang in ("fr-CA", "en-CA"):
        other = site.pages.get(str(twins.get(lang, "")).removeprefix(BASE))
        if other is None:
            return False
        back = other.xpath('//link[@rel="alternate"][@hreflang=$l]/@href', l=page.get("lang"))
        if back != [BASE + path]:
            return False
    return True


def _texts(page: html.HtmlElement, lang: str) -> Iterator[str]:
    """Yield what a page says in its own language: words, and what stands in for pictures."""
    for node in page.xpath("//body//text()[normalize-space()] | //@aria-label | //@title | //@alt"):
        holder = node.getparent()
        if holder.tag in ("script", "style", "code", "pre"):
            continue
        own = holder.xpath("string(ancestor-or-self::*[@lang][1]/@lang)")
        if own.startswith(lang):
            yield re.sub(r"[ \n\t]+", " ", str(node)).strip(" ")


def lines(found: Report) -> Iterator[str]:
    """Yield the report as a table, then what is wrong."""
    yield f"{'pages':<14}{'fr':>7}{'en':>7}{'in French on English pages':>30}"
    for kind in sorted({kind for kind, _ in found.kinds}):
        fr, en = found.kinds[kind, "fr"], found.kinds[kind, "en"]
        yield f"{kind:<14}{fr:>7}{en:>7}{found.fallen_back[kind]:>30}"
    wrong: dict[str, list[str]] = {
        "twins missing": found.twinless,
        "interface strings untranslated": found.untranslated,
        "foreign interface strings": [f"{p}: {text}" for p, text in found.foreign],
        "typography": [f"{p}: {text}" for p, text in found.typography],
    }
    for name, items in wrong.items():
        yield f"{name}: {len(items)}"
        yield from (f"  {item}" for item in items[:20])


def main() -> int:
    """Build, print, and tell by the exit code whether anything is wrong."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(sys.argv[1]) if sys.argv[1:] else Path(scratch) / "site"
        found = report(Example(folder))
    sys.stdout.write("\n".join(lines(found)) + "\n")
    return int(bool(found.twinless or found.untranslated or found.foreign or found.typography))


if __name__ == "__main__":
    sys.exit(main())
