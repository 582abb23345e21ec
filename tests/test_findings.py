"""Notices in the ledger: those found, each once, worst first."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from halles import findings
from halles.ledger import open_ledger
from halles.notices import RANK, Notice, in_order

PATHS = ("content/merchants/a/b.yaml", "content/merchants/a/é.yaml", "content/merchants/a-b/c.yaml")
NOTICES = st.builds(
    Notice,
    st.sampled_from(PATHS),
    st.integers(0, 2),
    st.integers(0, 2),
    st.sampled_from(["bad-price", "unknown-region"]),
    st.sampled_from(list(RANK)),
    st.dictionaries(st.sampled_from(["given", "near", "why.fr"]), st.sampled_from(["", "x", "é"])),
)
FOUND = st.dictionaries(
    st.sampled_from([*PATHS, "phone:4185550102"]), st.lists(NOTICES, max_size=8)
)


@given(FOUND, st.lists(NOTICES, max_size=3), st.integers(0, 4), st.data())
def test_the_first_few_are_the_first_of_all(
    found: dict[str, list[Notice]], beside: list[Notice], most: int, data: st.DataObject
) -> None:
    """Whoever found them: all in order, or so many of each severity; and the counts of all."""
    with tempfile.TemporaryDirectory() as folder, open_ledger(Path(folder) / "l.db") as ledger:
        findings.keep(ledger, found.items())
        gone = data.draw(st.sets(st.sampled_from([*PATHS, "phone:4185550102"])))
        findings.forget(ledger, gone)
        left = [n for who, notices in found.items() if who not in gone for n in notices]
        own = [n for n in beside if n not in left]
        every, counts = findings.told(ledger, own)
        few, same = findings.told(ledger, own, most)

    expected = in_order([*own, *left])
    assert expected == every
    assert {s: Counter(n.severity for n in expected)[s] for s in RANK} == counts == same
    by_severity = ([n for n in expected if n.severity == s][:most] for s in RANK)
    assert [n for notices in by_severity for n in notices] == few


def test_a_file_is_broken_by_an_error_of_its_own(tmp_path: Path) -> None:
    """Not by a warning, nor by what a mark's holders are told of together."""
    error = Notice(PATHS[0], 1, 1, "unknown-region", "error", {})
    warning = Notice(PATHS[1], 1, 1, "bad-price", "warning", {})
    with open_ledger(tmp_path / "ledger.db") as ledger:
        found = {PATHS[0]: [error], PATHS[1]: [warning], "phone:4185550102": [error]}
        findings.keep(ledger, found.items())

        assert [PATHS[0]] == list(findings.broken_files(ledger, "content/merchants"))
