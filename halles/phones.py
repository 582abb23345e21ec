"""Phone numbers: stored as written, understood as E.164, shown as Québec writes them."""

import re
from functools import lru_cache

_NORTH_AMERICAN = re.compile(
    r"(?:\+?1[ .-]?)?\(?([2-9][0-9]{2})\)?[ .-]?([2-9][0-9]{2})[ .-]?([0-9]{4})"
)


@lru_cache(maxsize=65536)
def international(written: str) -> str | None:
    """Return a number as E.164 (``+14185551234``), or None if there can be no such number."""
    if match := _NORTH_AMERICAN.fullmatch(written.strip()):
        return f"+1{match[1]}{match[2]}{match[3]}" if _is_area(match[1]) else None
    return _by_library(written)


@lru_cache(maxsize=4096)
def shown(written: str) -> str:
    """Return a number as people write it here; one with an extension stays as it is written.

    >>> shown("(418) 555-0123").replace("\\u00a0", " ")
    '418 555-0123'
    """
    number = international(written)
    plain = sum(c.isdigit() for c in written) <= 11  # more of them are an extension's
    if number and number.startswith("+1") and len(number) == 12 and plain:
        return f"{number[2:5]}\u00a0{number[5:8]}-{number[8:]}"
    return written


@lru_cache(maxsize=1024)
def _is_area(code: str) -> bool:
    """Ask the library once an area code, not once a number: it takes 100 µs to answer."""
    return _by_library(f"+1{code}2345678") is not None


def _by_library(written: str) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(written, "CA")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
