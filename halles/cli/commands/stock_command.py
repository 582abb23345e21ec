"""stock: how each store stands, what is known of an offer, and the way back to a snapshot."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from halles.cli.words import Noun, counted, give, say
from halles.lock import one_at_a_time
from halles.notices import nearest
from halles.settings import read_settings
from halles.stock.folder import Snapshot, go_back, read_current
from halles.stock.shown import A_DAY, STATES, UNKNOWN, Moment, decimal
from halles.text import moment as in_words
from halles.text import number, price
from halles.zones import local

if TYPE_CHECKING:
    from halles.stock.report import Known

AN_HOUR = 3600
STATE_WORDS: Mapping[str, Mapping[str, str]] = {
    "fr": {
        "in_stock": "en stock", "limited": "presque épuisé", "out_of_stock": "épuisé",
        "on_display_to_order": "sur commande", "unknown": "inconnu",
    },
    "en": {
        "in_stock": "in stock", "limited": "limited", "out_of_stock": "out of stock",
        "on_display_to_order": "to order", "unknown": "unknown",
    },
}  # fmt: skip
ORDER = (*STATES[1:], STATES[0])
"""States as people are told of them: the unknown comes last."""
_ROWS: Noun = {"fr": ("ligne", "lignes"), "en": ("row", "rows")}
_OTHERS: Noun = {
    "fr": ("instantané où revenir", "instantanés où revenir"),
    "en": ("snapshot to go back to", "snapshots to go back to"),
}


class _Asked(NamedTuple):
    """Where a question is asked, in which words, and how it is to be answered."""

    root: Path
    lang: str
    as_json: bool
    zone: str
    expires: int

    def pick(self, french: str, english: str) -> str:
        return french if self.lang == "fr" else english

    def time(self, seconds: int | None) -> str | None:
        """Return a time as the site's clocks show it, ISO 8601; None where they show none."""
        try:
            return local(seconds or 0, self.zone) or None
        except (OverflowError, ValueError):  # before the year 1, or after 9999
            return None

    def when(self, seconds: int | None) -> str:
        """Return a time in words."""
        return in_words(shown, self.lang) if (shown := self.time(seconds)) else "—"

    def price(self, cents: int | None) -> str:
        return "" if cents is None else price(decimal(cents), self.lang)

    def number(self, value: int | None) -> str:
        return "" if value is None else number(value, self.lang)


def run(flags: argparse.Namespace, lang: str) -> int:
    """Answer a question about the stock, or go back."""
    settings = read_settings(flags.root / "halles.toml")
    expires = settings.stock.expires_days * A_DAY
    asked = _Asked(flags.root, lang, flags.json, settings.site.timezone, expires)
    if flags.question == "rollback":
        return _roll_back(asked)
    current, _ = read_current(flags.root)
    if not current.snapshot.offers:
        say(asked.pick("aucun flux n'a encore été pris.", "no feed has been taken in yet."))
        return 0 if flags.question == "status" else 2
    if flags.question == "status":
        return _status(asked, current.snapshot, len(current.before))
    return _show(asked, current.snapshot, flags.store, flags.sku)


# status


def _status(asked: _Asked, snapshot: Snapshot, before: int) -> int:
    from halles.ledger import stores
    from halles.site import engine
    from halles.stock.report import standings

    found = standings(asked.root, snapshot, Moment(snapshot.now, asked.expires))
    merchants = stores(asked.root / ".halles" / "ledger.db", engine())
    if asked.as_json:
        _give_json({**_snapshot(asked, snapshot), "before": before})
        for s in found:
            _give_json({
                "store": s.store, "merchant": merchants.get(s.store, ""),
                "seen": asked.time(s.seen), "age": snapshot.now - s.seen, "rows": s.rows,
                **s.states, "quarantined": s.quarantined,
            })  # fmt: skip
        return 0
    give(
        f"{_told(asked, snapshot)} ; {counted(before, _OTHERS, asked.lang)}"
        if asked.lang == "fr"
        else f"{_told(asked, snapshot)}; {counted(before, _OTHERS, asked.lang)}"
    )
    words = STATE_WORDS[asked.lang]
    titles = asked.pick("magasin marchand âge lignes", "store merchant age rows").split()
    titles += [*(words[state] for state in ORDER), asked.pick("écartées", "set aside")]
    lines = [
        [
            s.store, merchants.get(s.store, ""), age(snapshot.now - s.seen, asked.lang),
            *map(asked.number, (s.rows, *(s.states[state] for state in ORDER), s.quarantined)),
        ]
        for s in found
    ]  # fmt: skip
    _give_table([titles, *lines], texts=2)
    return 0


def _told(asked: _Asked, snapshot: Snapshot) -> str:
    """Return a snapshot in one sentence: its number, its time, its feeds, their rows."""
    if not snapshot.offers:
        return asked.pick("l'état d'avant tout flux", "the state before any feed")
    kinds = {True: asked.pick("complet", "full"), False: asked.pick("partiel", "partial")}
    feeds = ", ".join(f"{feed.name} ({kinds[feed.full]})" for feed in snapshot.feeds)
    rows = _rows(asked, sum(feed.rows for feed in snapshot.feeds))
    aside = asked.number(sum(feed.quarantined for feed in snapshot.feeds))
    when = asked.when(snapshot.now)
    return asked.pick(
        f"instantané {snapshot.number}, {when} : {feeds} ; {rows}, dont {aside} à l'écart",
        f"snapshot {snapshot.number}, {when}: {feeds}; {rows}, {aside} of them set aside",
    )


def _rows(asked: _Asked, count: int) -> str:
    noun = counted(count, _ROWS, asked.lang).partition(" ")[2]
    return f"{asked.number(count)} {noun}"


def _snapshot(asked: _Asked, snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot for a machine."""
    return {
        "snapshot": snapshot.number,
        "time": asked.time(snapshot.now),
        "feeds": [{"name": feed.name, "full": feed.full} for feed in snapshot.feeds],
        "rows": sum(feed.rows for feed in snapshot.feeds),
        "quarantined": sum(feed.quarantined for feed in snapshot.feeds),
    }


def age(seconds: int, lang: str) -> str:
    """Return an age, rounded down to the hour, or to the day.

    >>> age(3 * A_DAY + 7, "fr"), age(7200, "en")
    ('3 j', '2 h')
    """
    if seconds < A_DAY:
        return f"{seconds // AN_HOUR} h"
    return f"{number(seconds // A_DAY, lang)} {'j' if lang == 'fr' else 'd'}"


# show


def _show(asked: _Asked, snapshot: Snapshot, store: str, sku: str) -> int:
    from halles.stock.report import Known, look_up

    found = look_up(asked.root, snapshot, Moment(snapshot.now, asked.expires), store, sku)
    if not isinstance(found, Known):
        near = nearest(store if found.kind == "store" else sku, found.known).get("near")
        sentence = (
            asked.pick(
                f"aucun flux n'a nommé de magasin « {store} ».",
                f"no feed ever named a store “{store}”.",
            )
            if found.kind == "store"
            else asked.pick(
                f"aucun flux n'a donné de produit « {sku} » au magasin « {store} ».",
                f"no feed ever listed “{sku}” in the store “{store}”.",
            )
        )
        meant = asked.pick(f" Vouliez-vous dire « {near} » ?", f" Did you mean “{near}”?")
        say(sentence + (meant if near else ""))
        return 2
    if asked.as_json:
        _give_json({"store": store, "sku": sku, **_known(asked, found)})
        return 0
    held = found.held
    _give_table([
        [asked.pick("magasin", "store"), store],
        [asked.pick("produit", "offer"), sku],
        [asked.pick("état", "state"), _state(asked, found)],
        [asked.pick("depuis", "since"), asked.when(held.since)],
        [asked.pick("confirmé", "confirmed"), asked.when(held.seen)],
        [asked.pick("quantité", "quantity"), asked.number(held.quantity) or "—"],
        [asked.pick("prix", "price"), asked.price(held.price) or "—"],
        [asked.pick("rabais", "sale"), _sale(asked, held.sale, held.sale_from, held.sale_until)],
    ], texts=2)  # fmt: skip
    give("")
    titles = asked.pick("quand état quantité prix rabais", "time state quantity price sale")
    lines = [
        [
            asked.when(said.seen), STATE_WORDS[asked.lang][said.state],
            asked.number(said.quantity), asked.price(said.price), asked.price(said.sale),
        ]
        for said in found.history
    ]  # fmt: skip
    _give_table([titles.split(), *lines], texts=2)
    return 0


def _known(asked: _Asked, found: "Known") -> dict[str, Any]:
    """Return what is known of an offer for a machine; its prices as content writes them."""
    held = found.held
    return {
        "state": found.shown.state,
        "said": STATES[held.state],
        "since": asked.time(held.since),
        "seen": asked.time(held.seen),
        "quantity": held.quantity,
        "price": _amount(held.price),
        "sale": _amount(held.sale),
        "sale_from": asked.time(held.sale_from),
        "sale_until": asked.time(held.sale_until),
        "history": [
            {
                "time": asked.time(said.seen), "state": said.state, "quantity": said.quantity,
                "price": _amount(said.price), "sale": _amount(said.sale),
            }
            for said in found.history
        ],
    }  # fmt: skip


def _state(asked: _Asked, found: "Known") -> str:
    """Return how an offer is shown, and why, where its last word is not shown."""
    words, said = STATE_WORDS[asked.lang], STATES[found.held.state]
    if found.held.state == UNKNOWN:
        return words[said] + asked.pick(
            " : un flux complet de son magasin ne le donnait plus",
            ": a full feed of its store did not list it any more",
        )
    if found.shown.state == said:
        return words[said]
    days = asked.expires // A_DAY
    return words[found.shown.state] + asked.pick(
        f" : rien ne l'a confirmé en {days} j ; avant cela, {words[said]}",
        f": nothing confirmed it in {days} d; before that, {words[said]}",
    )


def _sale(asked: _Asked, sale: int | None, begins: int | None, ends: int | None) -> str:
    """Return a sale price, and when it holds."""
    if sale is None:
        return "—"
    said = asked.price(sale)
    if begins is not None:
        said += asked.pick(" du ", " from ") + asked.when(begins)
    if ends is not None:
        said += asked.pick(" au ", " until ") + asked.when(ends)
    return said


def _amount(cents: int | None) -> str | None:
    return None if cents is None else decimal(cents)


# rollback


def _roll_back(asked: _Asked) -> int:
    with one_at_a_time(asked.root):
        done = go_back(asked.root)
    if done is None:
        say(asked.pick(
            "il n'y a pas d'instantané plus ancien où revenir.",
            "there is no earlier snapshot to go back to.",
        ))  # fmt: skip
        return 2
    left, now = done
    if asked.as_json:
        _give_json({
            "left": left.number, **_snapshot(asked, now.snapshot), "before": len(now.before)
        })  # fmt: skip
        return 0
    told = _told(asked, now.snapshot)
    say(asked.pick(
        f"l'instantané {left.number} est défait. De nouveau en vigueur : {told}.",
        f"snapshot {left.number} is undone. In force again: {told}.",
    ))  # fmt: skip
    say(asked.pick("Le prochain build le publiera.", "The next build will publish it."))
    return 0


# How answers are given


def _give_json(answer: Mapping[str, Any]) -> None:
    give(json.dumps(answer, ensure_ascii=False))


def _give_table(lines: Sequence[Sequence[str]], *, texts: int) -> None:
    """Give lines in columns: the first ones are texts, the others numbers."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [
            cell.ljust(width) if n < texts else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        give("  ".join(cells).rstrip())


RUN = run
