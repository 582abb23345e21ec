"""The guard: a feed that would say something absurd of a whole market is refused whole."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from halles.settings import Guard

FEW = 20
"""Offers, or rows, below which a share means nothing."""


class Figures(Struct, frozen=True, kw_only=True):
    """What a feed would change, over the stores that it names."""

    rows: int
    malformed: int
    """Rows that nobody could use, whatever stores and offers there are."""
    usable: int
    known: int = 0
    """Offers whose state was known before."""
    lost: int = 0
    """Of those, the ones that go out of stock or are not listed any more."""
    priced: int = 0
    """Offers that had a price and have one."""
    repriced: int = 0
    """Of those, the ones whose price moves by more than half."""
    older: tuple[str, ...] = ()
    """Stores of which something newer is known."""
    ahead: int = 0
    """Seconds by which the newest time lies in the future."""


@dataclass(slots=True)
class Counts:
    """What became of the rows: each is accepted, superseded, unchanged or quarantined."""

    rows: int = 0
    accepted: int = 0
    superseded: int = 0
    unchanged: int = 0
    quarantined: int = 0
    flipped: int = 0
    """Offers whose state, as shown, is another."""
    reasons: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that nobody reads, by feed."""

    @property
    def changed(self) -> int:
        """Return how many rows said something new."""
        return self.accepted


class Refusal(Struct, frozen=True):
    """Why a feed is refused, with the figure and the limit that it passed, and in words."""

    feed: str
    code: str
    fr: str
    en: str
    figure: float | None = None
    limit: float | None = None


class Refused(Exception):
    """A feed is refused: nothing changed. ``refusal`` says which and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def judge(feed: str, figures: Figures, guard: Guard) -> Refusal | None:
    """Return the first reason to refuse a feed, or None."""
    return next(_reasons(feed, figures, guard), None)


def _reasons(feed: str, f: Figures, guard: Guard) -> Iterator[Refusal]:
    if f.usable == 0:
        yield Refusal(
            feed, "no-usable-row",
            f"aucune de ses {f.rows} lignes ne nomme un magasin et un produit du site.",
            f"none of its {f.rows} rows names a store and a product of the site.",
        )  # fmt: skip
    if f.older:
        names, n = ", ".join(f.older[:3]) + ("…" if len(f.older) > 3 else ""), len(f.older)
        yield Refusal(
            feed, "older",
            f"il est plus ancien que ce qu'on sait déjà de {n} magasin{'s' * (n > 1)} ({names}).",
            f"it is older than what is known already of {n} store{'s' * (n > 1)} ({names}).",
            n, 0,
        )  # fmt: skip
    if f.ahead:
        yield Refusal(
            feed, "future",
            f"sa date la plus récente est en avance de {f.ahead // 3600} h sur l'horloge.",
            f"its newest time is {f.ahead // 3600} h ahead of the clock.",
            f.ahead, 86_400,
        )  # fmt: skip
    shares = (
        ("quarantined", f.malformed, f.rows, guard.quarantined,
         "de ses lignes sont inutilisables", "of its rows cannot be used"),
        ("lost", f.lost, f.known, guard.lost,
         "des produits de ses magasins passeraient à épuisé ou disparaîtraient",
         "of its stores' products would go out of stock or missing"),
        ("repriced", f.repriced, f.priced, guard.repriced,
         "de ses prix changeraient de plus de moitié", "of its prices would change by over half"),
    )  # fmt: skip
    for code, part, whole, limit, fr, en in shares:
        if whole >= FEW and part > limit * whole:
            share = part / whole
            yield Refusal(
                feed, code,
                f"{_percent(share, ',')} % {fr} "
                f"({part} sur {whole} ; {_limit(limit, ',')} % au plus).",
                f"{_percent(share, '.')}% {en} ({part} of {whole}; {_limit(limit, '.')}% at most).",
                round(share, 4), limit,
            )  # fmt: skip


def _percent(share: float, point: str) -> str:
    return f"{100 * share:.1f}".replace(".", point)


def _limit(share: float, point: str) -> str:
    return f"{100 * share:g}".replace(".", point)
