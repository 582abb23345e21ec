"""A date is a day of the calendar, and evidence has one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from halles.checks import Bearings, Check
from halles.model import Campaign, Merchant, Origin
from halles.notices import Problem, Rule, Words

NO_SUCH_DAY = Rule(
    code="no-such-day",
    severity="error",
    says=Words("le {given} n'existe pas au calendrier.", "{given} is not in the calendar."),
    hint=Words("Vérifiez le jour et le mois.", "Check the day and the month."),
    about=Words("Une date n'existe pas au calendrier.", "A date does not exist in the calendar."),
)
ENDS_BEFORE_IT_STARTS = Rule(
    code="ends-before-it-starts",
    severity="error",
    says=Words(
        "la fin, {given}, précède le début, {start}.",
        "the end, {given}, comes before the start, {start}.",
    ),
    hint=Words("Inversez les dates, ou corrigez l'année.", "Swap the dates, or mend the year."),
    about=Words("Une période finit avant de commencer.", "A period ends before it starts."),
)
CLOSED_ON_BUT_OPEN = Rule(
    code="closed-on-but-open",
    severity="error",
    says=Words(
        "« closed_on » est donné, mais le marchand est ouvert.",
        "“closed_on” is given, but the merchant is open.",
    ),
    hint=Words(
        "Ajoutez « status: closed », ou retirez la date.",
        "Add “status: closed”, or remove the date.",
    ),
    about=Words(
        "Une date de fermeture sans « status: closed ».",
        "A closing date without “status: closed”.",
    ),
)
UNDATED_EVIDENCE = Rule(
    code="undated-evidence",
    severity="warning",
    says=Words(
        "la preuve d'origine « {given} » n'a pas de date de vérification.",
        "the evidence of origin “{given}” has no date of checking.",
    ),
    hint=Words(
        "Ajoutez « checked_on: AAAA-MM-JJ », le jour où quelqu'un l'a vue.",
        "Add “checked_on: YYYY-MM-DD”, the day someone saw it.",
    ),
    about=Words(
        "Une preuve d'origine ne dit pas quand elle a été vérifiée.",
        "Evidence of origin does not say when it was checked.",
    ),
)

Path = tuple[str | int, ...]


def find(record: Any, source: str, bearings: Bearings) -> Iterator[Problem]:
    """Try every date of a record."""
    if isinstance(record, Campaign):
        yield from _period(record.starts_on, record.ends_on, "starts_on", "ends_on", ())
        return
    if record.closed_on:
        yield from _calendar(record.closed_on, ("closed_on",))
        if record.status == "open":
            yield Problem(CLOSED_ON_BUT_OPEN, ("closed_on",), {})
    for name in ("added_on", "updated_on"):
        if day := getattr(record, name):
            yield from _calendar(day, (name,))
    if record.origin:
        yield from _origin(record.origin, ("origin",))
    for i, product in enumerate(record.products):
        if product.origin:
            yield from _origin(product.origin, ("products", i, "origin"))


def _origin(origin: Origin, path: Path) -> Iterator[Problem]:
    yield from _period(origin.checked_on, origin.valid_until, "checked_on", "valid_until", path)
    if (origin.number or origin.url) and not origin.checked_on:
        yield Problem(UNDATED_EVIDENCE, path, {"given": origin.number or origin.url or ""})


def _period(
    start: str | None, end: str | None, first: str, last: str, path: Path
) -> Iterator[Problem]:
    days = [(d, (*path, name)) for d, name in ((start, first), (end, last)) if d]
    bad = [problem for day, where in days for problem in _calendar(day, where)]
    yield from bad
    if start and end and not bad and end < start:
        yield Problem(ENDS_BEFORE_IT_STARTS, (*path, last), {"given": end, "start": start})


def _calendar(day: str, path: Path) -> Iterator[Problem]:
    try:
        date.fromisoformat(day)
    except ValueError:
        yield Problem(NO_SUCH_DAY, path, {"given": day})


CHECK = Check(
    of=(Merchant, Campaign),
    rules=(NO_SUCH_DAY, ENDS_BEFORE_IT_STARTS, CLOSED_ON_BUT_OPEN, UNDATED_EVIDENCE),
    find=find,
)
