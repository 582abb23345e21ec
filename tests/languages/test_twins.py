"""Both languages have every page, and each speaks its own: the twin report, held to."""

from pathlib import Path

import pytest

from tests.example import Example
from tests.languages.twins import Report, lines, report


@pytest.fixture(scope="module")
def site(example: Example) -> Example:
    """Return the example site."""
    return example


@pytest.mark.slow
def test_every_page_has_its_twin_and_speaks_its_own_language(site: Example) -> None:
    """No page without a twin, no interface string of the other language, no ill-set French."""
    found = report(site)

    assert ([], [], [], []) == (
        found.twinless, found.untranslated, found.foreign, found.typography,
    ), "\n".join(lines(found))  # fmt: skip


@pytest.mark.slow
def test_a_foreign_word_and_a_lost_twin_are_found(site: Example, tmp_path: Path) -> None:
    """The report tells what it is for: English on a French page, a page whose twin is gone."""
    here = site.pages.pop("/en/regions/")
    heading = site.pages["/regions/"].xpath("//h1")[0]
    before, heading.text = heading.text, "Other branches"
    try:
        found: Report = report(site)
    finally:
        site.pages["/en/regions/"], heading.text = here, before

    assert ["/regions/"] == found.twinless
    assert [("/regions/", "Other branches")] == found.foreign
