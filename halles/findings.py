"""Notices as the ledger keeps them: each with who found it, in the order that they are said in.

A site may have a hundred thousand, of which a build says a few: it reads those, and counts
the others.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from halles.notices import RANK, Notice, Severity, in_order

_SEVERITY: Mapping[int, Severity] = {rank: severity for severity, rank in RANK.items()}
_NOTICE = "rank, path, line, spot, code, given"


def keep(ledger: sqlite3.Connection, found: Iterable[tuple[str, Iterable[Notice]]]) -> None:
    """Keep what was found, and by whom: a file that was read (its path), or a mark."""
    ledger.executemany(
        "insert or ignore into notices values (?, ?, ?, ?, ?, ?, ?)",
        ((*_row(notice), who) for who, notices in found for notice in notices),
    )


def _row(n: Notice) -> tuple[int, str, int, int, str, bytes]:
    # What is given stands so that its bytes have the order of its words: no text has a zero in it.
    given = "".join(f"{name}\0{value}\0" for name, value in sorted(n.given.items()))
    return RANK[n.severity], n.path, n.line, n.column, n.code, given.encode()


def forget(ledger: sqlite3.Connection, whos: Iterable[str]) -> None:
    """Forget what some have found."""
    if ledger.execute("select 1 from notices limit 1").fetchone():
        ledger.executemany("delete from notices where who = ?", ((who,) for who in whos))


def broken_files(ledger: sqlite3.Connection, below: str) -> Iterator[str]:
    """Yield the files under a folder that reading found an error in."""
    rows = ledger.execute(
        "select distinct who from notices where rank = ? and who > ? and who < ?",
        (RANK["error"], f"{below}/", f"{below}0"),
    )
    yield from (who for (who,) in rows)


def told(
    ledger: sqlite3.Connection, beside: Iterable[Notice], most: int | None = None
) -> tuple[list[Notice], Mapping[Severity, int]]:
    """Return notices, each once and worst first, and how many there are of each severity.

    ``beside`` are those that the ledger does not keep. Where ``most`` is given, no more than that
    are returned of a severity; they are counted all the same.
    """
    own = in_order(beside)
    counts = Counter(notice.severity for notice in own)
    for rank, number in ledger.execute(
        f"select rank, count(*) from (select distinct {_NOTICE} from notices) group by rank"  # noqa: S608
    ):
        counts[_SEVERITY[rank]] += number
    found = in_order([*own, *(n for s in RANK for n in _first(ledger, s, most))])
    if most is not None:
        some = ([n for n in found if n.severity == severity] for severity in RANK)
        found = [notice for notices in some for notice in notices[:most]]
    return found, {severity: counts[severity] for severity in RANK}


def _first(ledger: sqlite3.Connection, severity: Severity, most: int | None) -> Iterator[Notice]:
    rows = ledger.execute(
        f"select distinct {_NOTICE} from notices where rank = ? order by {_NOTICE} limit ?",  # noqa: S608
        (RANK[severity], -1 if most is None else most),
    )
    for _, path, line, column, code, given in rows:
        words = iter(given.decode().split("\0")[:-1])
        yield Notice(path, line, column, code, severity, dict(zip(words, words, strict=True)))
