"""What is indexed in place of what is written: the same words as a hurried hand types them."""

import re
import unicodedata
from functools import lru_cache

from halles.text import fold

_AS_TYPED = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss"}
)
_JOINED = re.compile(r"(?<=\w)['\-\u2010-\u2014/+&.](?=\w)")
_MARKS = re.compile(r"[*_`#\[\]|]+")


def index_copy(text: str) -> str:
    """Return a text for the index: Pagefind folds accents by itself, but neither ’ nor œ.

    What joins two words parts them here, since people type them either way.

    >>> index_copy("L’œuf d'Érable, à Saint-Félicien")
    'L oeuf d Érable, à Saint Félicien'
    """
    if text.isascii() and text.replace(" ", "").isalnum():
        return text
    return _JOINED.sub(" ", unicodedata.normalize("NFC", text.translate(_AS_TYPED)))


def beginning(markdown: str, words: int) -> str:
    """Return the first words of a description, without its marks."""
    found = _MARKS.sub(" ", markdown[: words * 16]).split()
    return " ".join(found[:words])


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
