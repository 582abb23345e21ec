import pytest
from hypothesis import given
from hypothesis import strategies as st

from halles.addresses import RESERVED, SEGMENTS, Ways, file_of, path_of_file

BOTH = Ways(("fr", "en"), "https://halles.example")
pieces = st.from_regex(r"[a-z0-9][a-z0-9-]{0,12}", fullmatch=True)
sections = st.sampled_from(sorted(SEGMENTS))
langs = st.sampled_from(["fr", "en"])


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (BOTH.home("fr"), "/"),
        (BOTH.home("en"), "/en/"),
        (BOTH.to("fr", "regions"), "/regions/"),
        (BOTH.to("fr", "regions", "estrie", "pains"), "/regions/estrie/pains/"),
        (BOTH.to("fr", "categories", "pains", page=2), "/categories/pains/page/2/"),
        (BOTH.to("fr", "merchants", "alix"), "/commerces/alix/"),
        (BOTH.to("fr", "products", "0624153607116"), "/produits/0624153607116/"),
        (BOTH.to("fr", "origin", "bio"), "/origine/bio/"),
        (BOTH.to("en", "merchants", "alix"), "/en/merchants/alix/"),
        (BOTH.to("en", "products", "a_b"), "/en/products/a_b/"),
        (BOTH.to("en", "origin", "bio"), "/en/origin/bio/"),
        (BOTH.url("/regions/"), "https://halles.example/regions/"),
    ],
)
def test_the_addresses_of_the_design(found: str, expected: str) -> None:
    """French at the root, English under /en/ with its own words."""
    assert expected == found


def test_the_first_language_stands_at_the_root() -> None:
    """Whichever it is."""
    ways = Ways(("en", "fr"), "https://halles.example")

    assert ["/", "/fr/"] == [ways.home("en"), ways.home("fr")]


@given(langs, sections, pieces, langs, sections, pieces)
def test_two_things_never_share_an_address(
    lang: str, section: str, piece: str, other_lang: str, other_section: str, other_piece: str
) -> None:
    """An address says its language, its section and its piece: nothing is lost on the way."""
    one, other = (lang, section, piece), (other_lang, other_section, other_piece)

    assert (one == other) == (BOTH.to(*one) == BOTH.to(*other))


@given(langs, sections, pieces, st.integers(1, 300))
def test_every_address_ends_in_a_slash_and_is_an_index(
    lang: str, section: str, piece: str, page: int
) -> None:
    """A web server needs no rule to answer for it."""
    path = BOTH.to(lang, section, piece, page=page)

    assert path.startswith("/")
    assert path.endswith("/")
    assert f"{path[1:]}index.html" == file_of(path)
    assert path == path_of_file(file_of(path))
    assert (page == 1) == ("/page/" not in path)


def test_files_with_names_of_their_own() -> None:
    """The few addresses that end in no slash are the file they name."""
    assert ["index.html", "404.html", "robots.txt"] == [
        file_of(p) for p in ("/", "/404.html", "/robots.txt")
    ]


def test_a_content_page_cannot_take_the_programs_addresses() -> None:
    """Every first piece that a section uses, in any language, is reserved."""
    firsts = {BOTH.to(lang, s).strip("/").split("/")[-1] for lang in ("fr", "en") for s in SEGMENTS}

    assert set() == firsts - RESERVED
    assert {"fr", "en", "page", "assets"} <= RESERVED
