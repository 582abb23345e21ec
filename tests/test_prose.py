import re
from html import unescape

import cmarkgfm
import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from halles import prose

SAFE = prose._TAGS | {"root"}
PIECES = st.sampled_from(
    ["<script>", "</script>", "<img src=x onerror=p()>", "<svg/onload=p()>", "<a href=", "'", '"',
     "javascript:p()", "[x](javascript:p())", "[x](JaVaScRiPt&colon;p())", "![x](https://x.example/a.png)",
     "[x](data:text/html,<script>p()</script>)", "<javascript:p()>", "<https://x.example>", "[a]: javascript:p()",
     "[a]", "`", "```\n", "# ", "\n", "\n\n", "> ", "- ", "|a|b|\n|-|-|\n", "**", "*", "<!--", "-->", "<![CDATA[",
     "&lt;script&gt;", "&#x6a;avascript:", "https://x.example/?a=1&b=\"x\"", "www.x.example", "a@x.example",
     "vbscript:p()", "<iframe srcdoc='<script>p()</script>'>", "<math><mtext><table><mglyph><style><img src=x onerror=p()>",
     "<form action=javascript:p()>", "<base href=//x.example>", "<style>*{}</style>", "{{ 7*7 }}", "mot", " ", "\\"],
)  # fmt: skip
nasty = st.lists(PIECES, max_size=12).map("".join)
plain = st.text(
    alphabet=st.characters(blacklist_categories=("Cs",)),
    min_size=1,
    max_size=60,
)


def long_way(markdown: str) -> str:
    """Return what the two libraries make of a text, the quick way barred."""
    quick = prose.is_plain
    prose.is_plain = lambda text: False
    try:
        return prose.html.__wrapped__(markdown)
    finally:
        prose.is_plain = quick


@settings(max_examples=400)
@given(plain)
@example("L’été à Rimouski : 12 $ la douzaine (bio).")
@example("« Pain »\u00a0; 3,50\u00a0$")
@example('Il dit "oui".')
@example("1 pain. 2 pains.")
@example("2026-05-01")
@example("HTTP est un sigle; WWW aussi")
@example("a:b")
@example("fin ")
@example("une ligne\ndeux lignes")
def test_the_quick_way_is_the_long_way(text: str) -> None:
    """A text that the quick way takes comes out as both libraries would have it."""
    assert long_way(text) == prose.html.__wrapped__(text)


def test_no_text_is_no_html() -> None:
    """An empty text gives nothing, by either way."""
    assert ("", "") == (prose.html.__wrapped__(""), prose.gist("", "fr"))


@settings(max_examples=300)
@given(nasty)
def test_nothing_dangerous_comes_through(text: str) -> None:
    """Whatever is written, only the allow-list stands: no script, handler, picture, raw HTML."""
    tree = html5lib.parseFragment(prose.html.__wrapped__(text), namespaceHTMLElements=False)
    for element in tree.iter():
        tag = element.tag if isinstance(element.tag, str) else "comment"
        if tag == "DOCUMENT_FRAGMENT":
            continue

        assert tag in SAFE
        assert set(element.attrib) <= {"href", "title", "rel", "start"}
        if "href" in element.attrib:
            assert re.match(r"(https?:|mailto:|tel:|[^:]*$|[#/?])", element.attrib["href"].lower())


@settings(max_examples=200)
@given(nasty)
def test_every_link_says_that_we_do_not_vouch_for_it(text: str) -> None:
    """Links say exactly ``nofollow ugc noopener``, and nothing else has a rel."""
    tree = html5lib.parseFragment(prose.html.__wrapped__(text), namespaceHTMLElements=False)
    rels = {(e.tag, e.attrib.get("rel")) for e in tree.iter() if isinstance(e.tag, str)}

    assert {rel for tag, rel in rels if tag == "a"} <= {"nofollow ugc noopener"}
    assert {None} >= {rel for tag, rel in rels if tag != "a"}


@pytest.mark.parametrize(
    "text",
    ["[x](javascript:p())", "[x](JAVASCRIPT:p())", "[x](java\tscript:p())", "[x](&#106;avascript:p())",
     "[x](data:text/html,hi)", "[x](vbscript:p())", "<javascript:p()>", "[x](file:///etc/passwd)",
     "[x]: javascript:p()\n\n[x]"],
)  # fmt: skip
def test_a_script_address_leads_nowhere(text: str) -> None:
    """The words of the link may stay; its address does not."""
    found = prose.html(text).lower()

    assert [] == [h for h in re.findall(r'href="([^"]*)"', found) if "script" in h or "data" in h]
    assert "file:" not in "".join(re.findall(r'href="([^"]*)"', found))


@pytest.mark.parametrize(
    "text",
    ["a\n\n<b>gras</b>", "<p onclick=p()>x</p>", "<!-- x -->", "![logo](https://x.example/l.png)"],
)
def test_raw_html_and_pictures_are_not_shown(text: str) -> None:
    """Markdown only; what is written as HTML does not become an element."""
    found = prose.html(text)

    assert [] == re.findall(r"<(b|img|!--)|onclick=", found)


@pytest.mark.parametrize(
    ("top", "expected"),
    [(2, ["h2", "h3", "h5"]), (3, ["h3", "h4", "h6"]), (5, ["h5", "h6", "h6"])],
)
def test_headings_stand_below_the_pages_own(top: int, expected: list[str]) -> None:
    """The highest heading becomes an h``top``; the others keep their distance, down to h6."""
    found = prose.html("# Un\n\n## Deux\n\n#### Quatre", top)

    assert expected == re.findall(r"<(h\d)>", found)
    assert expected == re.findall(r"</(h\d)>", found)


def test_headings_that_start_low_are_raised() -> None:
    """No level is skipped below the page's own."""
    assert "<h3>Petit</h3>\n" == prose.html("#### Petit")


def test_emphasis_lists_and_links_come_through() -> None:
    """What an editor needs is kept."""
    found = prose.html("Du *pain*, du **vin** :\n\n1. un\n2. deux\n\n> [ici](https://x.example/)\n")

    for tag in ("<em>pain</em>", "<strong>vin</strong>", "<ol>", "<li>un</li>", "<blockquote>"):
        assert tag in found
    assert '<a href="https://x.example/" rel="nofollow ugc noopener">ici</a>' in found


@settings(max_examples=200)
@given(nasty)
def test_a_gist_has_no_markup_and_an_end(text: str) -> None:
    """Search engines get words: one line, 155 characters at most."""
    found = prose.gist(text, "")

    assert len(found) <= 155
    assert found == " ".join(found.split())


@pytest.mark.parametrize(
    "text",
    ['[x](https://x.example "a>b") mot', "[x](https://x.example/" + "a" * 1500 + ") mot " * 2],
)
def test_a_gist_never_shows_half_a_tag(text: str) -> None:
    """Nor a title's greater-than sign, nor an address that is longer than what is looked at."""
    assert prose.gist(text, "") in ("x mot", "")


def test_a_gist_ends_between_words() -> None:
    """A long text is cut where a word ends, and says so."""
    found = prose.gist("mot " * 100, "fr")

    assert found.endswith(" mot…")
    assert unescape(found) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a <b>gras</b>", {"html": "<b>"}),
        ("[x](javascript:p())\n\n<div>Fermé.</div>", {"html": "<div>", "link": "x"}),
        ("<!-- x -->", {"html": "<!--"}),
        ("![un pain](pain.jpg)", {"picture": "pain.jpg"}),
        ("[![a](b.png)](c.html)", {"picture": "b.png", "link": "c.html"}),
        ("![]()", {"picture": "![]()"}),
        ("[la carte](carte.html)", {"link": "carte.html"}),
        ("[x][1]\n\n[1]: file:///etc", {"link": "x"}),
        ("<ftp://a.example>", {"link": "ftp://a.example"}),
        ("<https://a.example> <a@b.example>", {}),
        ("[x](/a) [y](#b) [z](tel:+1) [w](HTTPS://a) [v](mailto:a@b)", {}),
        ("`<b>` et `![x](y)`\n\n    <div>", {}),
        ("3 <4, a<b et c</d, [sic] (oui)", {}),
    ],
)
def test_what_is_left_out_is_known(text: str, found: dict[str, str]) -> None:
    """Raw HTML, pictures and links that lead nowhere, as the Markdown library reads them."""
    assert found == prose.lost(text)


@settings(max_examples=300)
@given(nasty)
@example("<a\n\n[x](y)")
def test_nothing_is_left_out_in_silence(text: str) -> None:
    """What the cleaner takes from the library's HTML is named; the quick look misses none of it."""
    raw = cmarkgfm.markdown_to_html(text)
    found = prose.lost(text)

    assert ("raw HTML omitted -->" in raw) == ("html" in found)
    assert ("<img " in raw) == ("picture" in found)
    alive = re.findall(r'<a href="(?!https?:|mailto:|tel:|/|#)', raw, re.IGNORECASE)
    assert bool(alive) == ("link" in found)
    assert all(found.values())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("L'été : « du pain » !", "L’été_: «_du pain_»_!"),
        ("*L'été* ; vraiment ?", "<em>L’été</em>_; vraiment_?"),
        ("`x ? l'y : z` dit-il : oui", "<code>x ? l'y : z</code> dit-il_: oui"),
        ("[L'un : ici](https://x.example/l'a)",
         "<a href=\"https://x.example/l'a\" rel=\"nofollow ugc noopener\">L’un_: ici</a>"),
        ("Déjà\u00a0: bien", "Déjà_: bien"),
        ("rien :/ à voir", "rien :/ à voir"),
    ],
)  # fmt: skip
def test_french_is_set_as_quebec_sets_it(written: str, shown: str) -> None:
    """No-break spaces and the curved apostrophe in what is read, never in an address or in code."""
    html = prose.html.__wrapped__

    assert f"<p>{shown}</p>\n" == html(written, lang="fr").replace("&nbsp;", "_").replace(
        "\u00a0", "_"
    )


@settings(max_examples=100)
@given(nasty)
def test_setting_french_changes_nothing_else(text: str) -> None:
    """But for these signs, a French text comes out as any other."""

    def bare(found: str) -> str:
        return found.replace("&nbsp;", " ").replace("\u00a0", " ").replace("’", "'")

    html = prose.html.__wrapped__

    assert bare(html(text)) == bare(html(text, lang="fr"))
