"""What is shown of a record stands word for word where its index copy does."""

import json
import zlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from halles.search.packing import MARK
from halles.search.texts import GOES_ON, index_copy, shown_copy
from tests.market import Market

ALIX = "content/merchants/nord/al/alix.yaml"


@given(st.text("aé’'ʼœ-–&….+/ «»\u00a0A1_", max_size=30))
def test_both_copies_have_as_many_words(text: str) -> None:
    """Pagefind's places hold in what is shown, whatever is written; nothing of it is lost."""
    shown = shown_copy(text)

    assert len(index_copy(text).split()) == len(shown.split())
    assert text.replace("ʼ", "’") == shown.replace(f"{GOES_ON} ", "")


def records(market: Market) -> dict[str, dict[str, Any]]:
    """Return what is published of each record, by its address."""
    found = {}
    for file in (market.root / "output" / "pagefind" / "fr").rglob("*.pf_fragment"):
        told = json.loads(zlib.decompress(file.read_bytes(), wbits=31)[len(MARK) :])
        for one in [told] if "word_count" in told else told.values():
            found[one["url"]] = one
    return found


def test_a_record_is_read_as_it_is_written(searched: Market) -> None:
    """Hyphens, apostrophes and ligatures stand; Pagefind counted as many words."""
    searched.edit(ALIX, "Boulangerie Alix", "L’œuf arc-en-ciel d’Alix")
    searched.build()
    found = records(searched)
    head, _, only = found["/commerces/alix/"]["content"].split("\n")

    assert "L’œuf arc-en-ciel d’Alix." in head.replace(f"{GOES_ON} ", "")
    assert "miche" in only
    assert all(one["word_count"] == len(one["content"].split()) for one in found.values())
