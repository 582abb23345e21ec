"""What is indexed in place of what is written: the same words as a hurried hand types them.

Pagefind tells where in a record it found a word by how many words stand before it. So what is shown
has its words at the same places as what is indexed: `shown_copy` and `index_copy` part alike.
"""

import re
import unicodedata
from functools import lru_cache

from halles.text import fold

GOES_ON = "\u2060"
"""Ends a word that the index parts from the next, with which it is written as one."""
ELLIPSIS = "…"
_AS_TYPED = {
    "’": "'", "‘": "'", ELLIPSIS: ".", "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss",
}  # fmt: skip
_JOINED = re.compile(r"['’‘\-\u2010-\u2014/+&.…](?<=\w.)(?=\w)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)")
_STRESS = re.compile(r"[*`]+|\b_+|_+\b")
_MARKS = re.compile(r"[#\[\]|]+")


def index_copy(text: str) -> str:
    """Return a text for the index: Pagefind folds accents by itself, but neither ’ nor œ.

    What joins two words parts them here, since people type them either way.

    >>> index_copy("L’œuf d'Érable, à Saint-Félicien")
    'L oeuf d Érable, à Saint Félicien'
    """
    text = _JOINED.sub(" ", _composed(text))
    for written, typed in _AS_TYPED.items():  # a tenth of what str.translate takes
        text = text.replace(written, typed)
    return text


def shown_copy(text: str) -> str:
    """Return a text in as many words as its index copy has, each written as it is.

    >>> shown_copy("L’œuf").split() == ["L’" + GOES_ON, "œuf"]
    True
    """
    return _JOINED.sub(rf"\g<0>{GOES_ON} ", _composed(text))


def _composed(text: str) -> str:
    """Return a text of whole letters: ʼ is one to Python, and an apostrophe to whoever types it."""
    return unicodedata.normalize("NFC", text).replace("ʼ", "’")


def beginning(markdown: str, words: int) -> str:
    """Return the first words of a description, without its marks.

    >>> beginning("Du *pain*, du [vin](/vin/).", 4), beginning("Du _pain_, du vin.", 2)
    ('Du pain, du vin.', 'Du pain…')
    """
    read = _STRESS.sub("", _LINK.sub(r"\1", markdown[: words * 16]))
    found = _MARKS.sub(" ", read).split()
    first = " ".join(found[:words])
    return f"{first.rstrip(',;:')}{ELLIPSIS}" if len(found) > words else first


def vocabulary(text: str) -> set[str]:
    """Return the words of a text that a reader may misspell: folded, of letters alone.

    >>> sorted(vocabulary("L'Œuf frais, 12 PAIN-01"))
    ['frais', 'oeuf', 'pain']
    """
    found: set[str] = set()
    for piece in text.split():
        found.update(_words_of(piece))
    return found


@lru_cache(maxsize=1 << 16)
def _words_of(piece: str) -> tuple[str, ...]:
    """Return the words of a piece; there are few pieces, and they come again and again."""
    return tuple(w for w in fold(piece).split() if len(w) > 2 and w.isalpha())
