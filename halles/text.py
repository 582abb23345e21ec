"""Words and figures as Québec writes them."""

import re
import unicodedata
from functools import lru_cache

NBSP = "\u00a0"
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss"})
# Accents in CLDR's order: acute, grave, circumflex, diaeresis, tilde, cedilla; then any other.
_ACCENTS = str.maketrans("\u0301\u0300\u0302\u0308\u0303\u0327", "123456")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_ASCII_WORDS = re.compile(r"[A-Za-z0-9 ]*\Z")
_MONTHS = {
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def fold(text: str) -> str:
    """Return text as a hurried hand types it: no accent, no capital, one space between words.

    >>> fold("L’Œuf d'Érable")
    'l oeuf d erable'
    """
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        text = "".join(c if c.isalnum() else " " for c in apart if not unicodedata.combining(c))
    return " ".join(_BETWEEN_WORDS.sub(" ", text.lower()).split())


def collation_key(text: str) -> bytes:
    """Return a key whose byte order is the alphabet's, as CLDR's fr_CA has it.

    Letters count first; where they agree, accents do, from the end of the word backwards; then
    small letters come before capitals. Punctuation and spaces weigh less than letters.

    >>> sorted(["côté", "coté", "côte", "cote"], key=collation_key)
    ['cote', 'côte', 'coté', 'côté']
    """
    if _ASCII_WORDS.match(text):
        return f"{text.lower()}\0\0{text.swapcase()}".encode()
    apart = unicodedata.normalize("NFD", text.translate(_LIGATURES))
    letters: list[str] = []
    accents: list[str] = []
    for char in apart:
        if unicodedata.combining(char):
            if accents:
                accents[-1] += char.translate(_ACCENTS)
        else:
            letters.append(char if char.isalnum() else " ")
            accents.append(" ")
    plain = re.sub(" +", " ", "".join(letters)).strip().lower()
    return f"{plain}\0{''.join(reversed(accents)).rstrip()}\0{text.swapcase()}".encode()


@lru_cache(maxsize=4096)
def price(amount: str, lang: str) -> str:
    """Return a decimal amount of dollars as people write it.

    >>> price("1234.5", "en")
    '$1,234.50'
    """
    units, _, cents = amount.partition(".")
    cents = (cents + "00")[:2]
    grouped = f"{int(units):,}"
    if lang == "fr":
        return f"{grouped.replace(',', NBSP)},{cents}{NBSP}$"
    return f"${grouped}.{cents}"


def number(value: int, lang: str) -> str:
    """Return a whole number with its thousands apart."""
    return f"{value:,}".replace(",", NBSP) if lang == "fr" else f"{value:,}"


def distance(tenths: int, lang: str) -> str:
    """Return a way in kilometres, given in tenths of one; a short one to the tenth.

    >>> distance(12, "en").replace(NBSP, " "), distance(1230, "fr").replace(NBSP, " ")
    ('1.2 km', '123 km')
    """
    whole, tenth = divmod(tenths, 10)
    mark = "," if lang == "fr" else "."
    told = f"{whole}{mark}{tenth}" if tenths < 100 else number(whole, lang)
    return f"{told}{NBSP}km"


def size(count: int, lang: str) -> str:
    """Return how big a file is, in two figures.

    >>> size(2_340_000, "fr").replace(NBSP, " "), size(48_000, "en").replace(NBSP, " ")
    ('2,3 Mo', '48 kB')
    """
    unit, amount = ("M", count / 1e6) if count >= 1e6 else ("k", count / 1e3)
    shown = f"{amount:.1f}" if amount < 10 else f"{amount:.0f}"
    if lang == "fr":
        return f"{shown.replace('.', ',')}{NBSP}{unit}o"
    return f"{shown}{NBSP}{unit}B"


def day(date: str, lang: str) -> str:
    """Return an ISO date in words.

    >>> day("2026-05-01", "fr")
    '1er mai 2026'
    """
    year, month, of_month = date.split("-")
    name = _MONTHS[lang][int(month) - 1]
    if lang == "fr":
        return f"{'1er' if of_month == '01' else int(of_month)} {name} {year}"
    return f"{name} {int(of_month)}, {year}"


_MONTHS_SHORT = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.",
           "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}  # fmt: skip


def moment(local: str, lang: str) -> str:
    """Return a local time, ISO 8601, as a day and an hour.

    >>> moment("2026-11-23T14:05-05:00", "fr").replace(NBSP, " ")
    '23 nov. 2026, 14 h 05'
    """
    year, month, of_month = local[:10].split("-")
    name = _MONTHS_SHORT[lang][int(month) - 1]
    hour = clock(local[11:16], lang)
    if lang == "fr":
        first = "1er" if of_month == "01" else str(int(of_month))
        return f"{first}{NBSP}{name}{NBSP}{year}, {hour}"
    return f"{name}{NBSP}{int(of_month)}, {year}, {hour}"


def clock(time: str, lang: str) -> str:
    """Return an hour of the day as a door shows it.

    >>> clock("08:30", "en").replace(NBSP, " ")
    '8:30 a.m.'
    """
    hour, minute = int(time[:2]) % 24, time[3:5]
    if time == "24:00":
        return "minuit" if lang == "fr" else "midnight"
    if lang == "fr":
        return f"{hour}{NBSP}h" + ("" if minute == "00" else f"{NBSP}{minute}")
    half = "a.m." if hour < 12 else "p.m."
    return f"{(hour - 1) % 12 + 1}" + ("" if minute == "00" else f":{minute}") + f"{NBSP}{half}"
