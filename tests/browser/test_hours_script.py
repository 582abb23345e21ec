"""Open or closed, as the script of the hours says it: in a real browser, at hours that we choose."""

import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from halles.feasts import almanac
from halles.openings import coded, openings
from halles.site import PACKAGE

STATIC = PACKAGE.parent / "themes/marche/static"
SCRIPT = {name: (STATIC / name).read_text("utf-8") for name in ("hours.js", "openness.js")}
YEAR = almanac("2026-07-01", "2027-12-31")
MONTREAL = "America/Montreal"
NBSP = "\u00a0"
FRENCH = {
    "zone": MONTREAL,
    "open": "Ouvert jusqu’à {time}",
    "always": "Ouvert jour et nuit",
    "today": "Fermé, ouvre à {time}",
    "tomorrow": "Fermé, ouvre demain à {time}",
    "later": "Fermé, ouvre {day} à {time}",
    "shut": "Fermé",
    "ask": "À vérifier, férié",
    "unsure": "À vérifier",
    "law": "Fermé par la loi",
    "midnight": "minuit",
}


def document(shops: list[tuple[str, str]], lang: str, until: str) -> str:
    """Return a page as the theme would make it, about hours."""
    said = "".join(f' data-{k}="{escape(v)}"' for k, v in FRENCH.items())
    places = "".join(
        f'<p data-hours="{escape(code)}"{f" data-zone={zone}" if zone else ""} hidden></p>'
        for code, zone in shops
    )
    return f"""<!doctype html><html lang="{lang}-CA"><meta charset="utf-8"><title>t</title>
<body data-until="{until}"><div id="hours-words" hidden{said}></div>{places}
<table><tr data-day="261224"><td>x</table><script type="module" src="/hours.js"></script></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that has the script and what it imports."""
    for name, text in SCRIPT.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def visit(chromium: Any, serve: Any, folder: Path) -> Iterator[Callable[..., Any]]:
    """Return what opens a page about shops, somewhere in the world, at some moment."""
    base = serve(folder)
    contexts = []

    def opened(
        shops: list[tuple[str, str]], now: datetime, *, reader: str = MONTREAL, lang: str = "fr",
        until: str = "271231",
    ) -> Any:  # fmt: skip
        (folder / "index.html").write_text(document(shops, lang, until), "utf-8")
        context = chromium.new_context(timezone_id=reader, locale=f"{lang}-CA")
        contexts.append(context)
        page = context.new_page()
        page.clock.install(time=now)
        page.clock.pause_at(now + timedelta(seconds=1))
        page.goto(base)
        return page

    yield opened
    for context in contexts:
        context.close()


def code(hours: str, exempt: bool = False) -> str:
    """Return hours as a page bears them."""
    found = openings(hours, exempt, YEAR)
    assert found is not None
    return coded(found)


def says(page: Any) -> list[str]:
    """Return what the page says of each shop; nothing where it says nothing."""
    shown = "ps => ps.map(p => p.hidden ? '' : p.textContent)"
    return [
        str(text).replace(NBSP, " ") for text in page.eval_on_selector_all("[data-hours]", shown)
    ]


def at(text: str, zone: str = MONTREAL) -> datetime:
    """Return a moment by a local clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


BAKERY = "Mo-Fr 08:00-17:30; Sa 09:00-12:00,13:00-16:00"


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (BAKERY, "2026-11-25 10:00", "Ouvert jusqu’à 17 h 30"),
        (BAKERY, "2026-11-25 07:59", "Fermé, ouvre à 8 h"),
        (BAKERY, "2026-11-25 17:30", "Fermé, ouvre demain à 8 h"),
        (BAKERY, "2026-11-28 12:30", "Fermé, ouvre à 13 h"),
        (BAKERY, "2026-11-28 16:00", "Fermé, ouvre lundi à 8 h"),
        (BAKERY, "2026-12-25 10:00", "Fermé par la loi"),
        (BAKERY, "2026-12-24 18:00", "Fermé, ouvre samedi à 9 h"),
        (BAKERY, "2026-10-12 10:00", "À vérifier, férié"),
        (BAKERY, "2026-10-11 10:00", "Fermé"),
        (f"{BAKERY}; PH off", "2026-10-12 10:00", "Fermé, ouvre demain à 8 h"),
        ("Fr-Sa 20:00-03:00", "2026-11-29 02:59", "Ouvert jusqu’à 3 h"),
        ("Fr-Sa 20:00-03:00", "2026-11-29 03:00", "Fermé, ouvre vendredi à 20 h"),
        ("Fr-Sa 20:00-03:00", "2026-12-26 01:00", "Fermé, ouvre à 20 h"),
        ("Mo-Su 18:00-24:00", "2026-11-25 23:59", "Ouvert jusqu’à minuit"),
        ("Mo-Fr 00:00-24:00", "2026-11-25 12:00", "Ouvert jusqu’à minuit"),
        ("Mo-Fr 00:00-24:00; Sa 00:00-05:00", "2026-11-25 12:00", "Ouvert jusqu’à 5 h"),
        ("24/7", "2026-11-25 12:00", "Ouvert jour et nuit"),
        ('"rdv"', "2026-11-25 12:00", "À vérifier"),
        ("Tu-Sa 10:00-17:00; Jul-Aug Mo-Su 09:00-21:00", "2027-08-16 20:00", "Ouvert jusqu’à 21 h"),
        ("Tu-Sa 10:00-17:00; Dec 24 off", "2026-12-24 11:00", "Fermé, ouvre samedi à 10 h"),
    ],
)
def test_what_is_said(visit: Any, hours: str, now: str, expected: str) -> None:
    """At each turn of a day, a night, a holiday and a season."""
    assert [expected] == says(visit([(code(hours), "")], at(now)))


def test_the_english_clock(visit: Any) -> None:
    """With its halves of the day."""
    page = visit([(code(BAKERY), "")], at("2026-11-25 10:00"), lang="en")

    assert ["Ouvert jusqu’à 5:30 p.m."] == says(page)


@pytest.mark.parametrize("reader", ["Asia/Tokyo", "Pacific/Honolulu", "Europe/London"])
def test_the_clock_is_the_shops_and_not_the_readers(visit: Any, reader: str) -> None:
    """Somebody who looks from Tokyo learns what the door in Rimouski says."""
    page = visit([(code(BAKERY), "")], at("2026-11-25 17:29"), reader=reader)

    assert ["Ouvert jusqu’à 17 h 30"] == says(page)


def test_the_islands_are_an_hour_ahead(visit: Any) -> None:
    """At 16:45 in Montréal it is 17:45 in the islands; Blanc-Sablon has no summer time."""
    shops = [(code(BAKERY), z) for z in ("", "America/Halifax", "America/Blanc-Sablon")]
    closed = "Fermé, ouvre demain à 8 h"
    open_until = "Ouvert jusqu’à 17 h 30"

    assert [open_until, closed, closed] == says(visit(shops, at("2026-11-25 16:45")))
    assert [open_until, closed, open_until] == says(visit(shops, at("2027-08-11 16:45")))


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2027-03-14T06:59", "Ouvert jusqu’à 3 h"),  # 01:59, and then it is 3 o'clock
        ("2027-03-14T07:00", "Fermé, ouvre samedi à 20 h"),
        ("2026-11-01T05:30", "Ouvert jusqu’à 3 h"),  # 01:30 for the first time
        ("2026-11-01T06:30", "Ouvert jusqu’à 3 h"),  # and for the second
        ("2026-11-01T08:00", "Fermé, ouvre samedi à 20 h"),
    ],
)
def test_the_nights_on_which_clocks_change(visit: Any, utc: str, expected: str) -> None:
    """A bar that closes at 3 does so by the clock on its wall."""
    now = datetime.fromisoformat(utc).replace(tzinfo=UTC)

    assert [expected] == says(visit([(code("Sa 20:00-03:00"), "")], now))


def test_it_follows_the_clock(visit: Any) -> None:
    """A page that stays open says so when the door closes, without a new visit."""
    page = visit([(code(BAKERY), "")], at("2026-11-25 17:28"))
    assert ["Ouvert jusqu’à 17 h 30"] == says(page)

    page.clock.run_for(3 * 60_000)

    assert ["Fermé, ouvre demain à 8 h"] == says(page)


def test_it_looks_again_when_the_page_is_seen_again(visit: Any) -> None:
    """A tab that slept all night does not greet its reader with yesterday's news."""
    page = visit([(code(BAKERY), "")], at("2026-11-25 17:00"))
    page.clock.set_fixed_time(at("2026-11-26 07:00"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert ["Fermé, ouvre à 8 h"] == says(page)


def test_past_the_days_that_it_knows_it_says_nothing(visit: Any) -> None:
    """A page of two years ago knows no holidays of today."""
    page = visit([(code(BAKERY), "")], at("2028-01-03 10:00"))

    assert [""] == says(page)


def test_days_gone_by_leave_the_list(visit: Any) -> None:
    """And a day to come stays in it."""
    row = "document.querySelector('tr').hidden"

    assert not visit([(code(BAKERY), "")], at("2026-12-24 23:00")).evaluate(row)
    assert visit([(code(BAKERY), "")], at("2026-12-25 00:05")).evaluate(row)


def test_it_agrees_with_the_rules_at_any_moment(visit: Any) -> None:
    """Open and closed are the library's own, of a week of half hours and five kinds of shops."""
    from opening_hours import OpeningHours

    rules = [
        "Mo-Fr 08:00-17:30; Sa 09:00-12:00,13:00-16:00",
        "Th-Su 20:00-03:00",
        "Mo-Su 11:30-24:00",
        "Tu-Sa 10:00-17:00; Dec 07-08 off; Dec 10 22:00-02:00",
        "Nov-Dec We-Su 10:00-18:00; Mo 08:00-09:00",
    ]
    start = at("2026-12-05 00:10")
    page = visit([(code(hours), "") for hours in rules], start)
    for step in range(0, 7 * 48, 5):
        now = start + timedelta(minutes=30 * step)
        page.clock.set_fixed_time(now)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expected = [OpeningHours(hours).is_open(now.replace(tzinfo=None)) for hours in rules]

        assert expected == [text.startswith("Ouvert") for text in says(page)], now


def test_it_is_small() -> None:
    """Two kilobytes and a half on the wire, at most."""
    assert len(gzip.compress("".join(SCRIPT.values()).encode(), 9)) <= 2560
