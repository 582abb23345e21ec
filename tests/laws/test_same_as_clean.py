"""The first law: after any edits, a build leaves the bytes and says the words of a clean one."""

import os

import pytest

from tests.laws.edits import EDITS, Field, all_fields
from tests.laws.sequences import broken_law, sequence, shortest, story

SEQUENCES = int(os.environ.get("HALLES_SEQUENCES", "200"))
BATCH = 25


def test_every_field_of_the_model_is_edited() -> None:
    """No field is forgotten: each one's value changes in some sequence of the normal suite."""
    assert len(all_fields()) <= 200, "more fields than sequences: raise SEQUENCES"
    edited = set()
    for number, where in enumerate(all_fields()):
        before = None
        for site, words in story(sequence(number)[:1]):
            before = words
            assert site.texts()
        if before:
            edited.add(where)

    assert set(all_fields()) == edited


def test_the_fields_are_those_of_the_model() -> None:
    """The list of fields follows the model into its depths."""
    known = set(all_fields())

    assert Field("merchant", ("products", "[]", "origin", "label")) in known
    assert Field("category", ("synonyms", "fr")) in known
    assert Field("settings", ("stock", "guard", "lost")) in known


def test_every_edit_comes_up() -> None:
    """The normal suite makes each kind of edit there is."""
    made = {step.name for number in range(200) for step in sequence(number)}

    assert set(EDITS) <= made


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, SEQUENCES, BATCH))
def test_same_as_clean(first: int) -> None:
    """After each edit of a sequence, the tree, the notices and the total are a clean build's."""
    for number in range(first, min(first + BATCH, SEQUENCES)):
        if broken_law(sequence(number)):
            fewest = shortest(sequence(number))
            pytest.fail(f"sequence {number}:\n{broken_law(fewest)}", pytrace=False)
