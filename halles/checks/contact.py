"""A phone rings, and opening hours can be understood."""

from collections.abc import Iterator
from functools import lru_cache

from halles.checks import Bearings, Check
from halles.model import Merchant
from halles.notices import Problem, Rule, Words
from halles.phones import international

BAD_PHONE = Rule(
    code="bad-phone",
    severity="error",
    says=Words("« {given} » n'est pas un numéro de téléphone.", "“{given}” is not a phone number."),
    hint=Words(
        "Dix chiffres avec un indicatif qui existe : 418 555-1234.",
        "Ten digits with an area code that exists: 418 555-1234.",
    ),
    about=Words("Le numéro de téléphone ne peut pas exister.", "The phone number cannot exist."),
)
BAD_HOURS = Rule(
    code="bad-hours",
    severity="error",
    says=Words(
        "les heures « {given} » ne suivent pas la grammaire d'OpenStreetMap.",
        "the hours “{given}” do not follow OpenStreetMap's grammar.",
    ),
    hint=Words(
        "Jours en anglais abrégé et heures sur 24 : Mo-Fr 08:00-17:30; Sa 09:00-16:00; PH off.",
        "Two-letter days and 24-hour times: Mo-Fr 08:00-17:30; Sa 09:00-16:00; PH off.",
    ),
    about=Words(
        "Les heures d'ouverture ne suivent pas la grammaire opening_hours.",
        "The opening hours do not follow the opening_hours grammar.",
    ),
)


def find(merchant: Merchant, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Try the phone and the hours."""
    if merchant.phone and international(merchant.phone) is None:
        yield Problem(BAD_PHONE, ("phone",), {"given": merchant.phone})
    if merchant.hours and not understood(merchant.hours):
        yield Problem(BAD_HOURS, ("hours",), {"given": merchant.hours})


@lru_cache(maxsize=8192)
def understood(hours: str) -> bool:
    """Tell whether opening hours follow the grammar."""
    from opening_hours import validate

    return bool(validate(hours))


CHECK = Check(of=(Merchant,), rules=(BAD_PHONE, BAD_HOURS), find=find)
