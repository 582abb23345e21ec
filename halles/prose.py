"""Markdown from the content, made safe: an allow-list decides what comes through."""

import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nh3

_PLAIN = bytes(
    c
    for c in range(0x20, 0x100)
    if c >= 0x80 or chr(c).isalnum() or chr(c) in " ,.;:!?()'\"%$/+-=#{}"
)
"""Bytes that mean nothing to Markdown or HTML inside a paragraph."""
_TAG = re.compile(r'<(?:"[^"]*(?:"|$)|[^>"])*(?:>|$)')
"""A tag, whatever its attributes hold, and one that is cut short."""
_HEADING = re.compile(r"<(/?)h([1-6])>")
_TAGS = {
    "p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr",
    "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_LEFT_OUT = "<!-- raw HTML omitted -->"
_HREF = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_IMAGE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"')
_ALIVE = re.compile(r"(https?:|mailto:|tel:|[/#])", re.IGNORECASE)
_DOUBTFUL = re.compile(r"<|!\[|\]:|\]\((?!https?:|mailto:|tel:|[/#])", re.IGNORECASE)
"""What may lose something: HTML, a picture, a reference, a link whose address is not plain."""
_ADDRESS = re.compile(r'(?<= )(href|src)="[^"]*"')


_ILL_SET = re.compile(r" (?=[:;!?»](?![\w/]))|(?<=«) |(?<=\w)'(?=\w)")
"""What French sets otherwise: a plain space before a high sign or inside guillemets; an elision."""
_VERBATIM = re.compile(r"(<(code|pre)\b.*?</\2>|<[^>]*>)", re.DOTALL)


@lru_cache(maxsize=2048)
def html(markdown: str, top: int = 3, lang: str = "") -> str:
    """Return Markdown as HTML that can do no harm; French is set as Québec sets it.

    No raw HTML, no picture, no script address; links say ``nofollow ugc noopener``. The highest
    heading becomes an h``top``, so that the page's own headings stay above it.
    """
    if is_plain(markdown):
        # Most product descriptions; they are spared two libraries. (A no-break space is written
        # as those libraries write it.)
        if lang == "fr":
            markdown = _set_french(markdown)
        return f"<p>{markdown}</p>\n".replace("\u00a0", "&nbsp;")
    import cmarkgfm

    raw = cmarkgfm.markdown_to_html(markdown)
    shift = top - min((int(level) for _, level in _HEADING.findall(raw)), default=top)
    lowered = _HEADING.sub(lambda m: f"<{m[1]}h{min(6, max(2, int(m[2]) + shift))}>", raw)
    clean: str = _cleaner().clean(lowered)
    if lang != "fr":
        return clean
    parts = _VERBATIM.split(clean)  # text, what is left alone, its name, text, …
    parts[::3] = [_set_french(text) for text in parts[::3]]
    parts[2::3] = [""] * len(parts[2::3])
    return "".join(parts)


def _set_french(text: str) -> str:
    """Return text with no-break spaces where French has them, and its own apostrophe.

    >>> _set_french("L'heure : « midi » !").replace("\u00a0", "_")
    'L’heure_: «_midi_»_!'
    """
    # Most texts hold none of these, and need no pattern to be told so.
    if not ("'" in text or "« " in text or " »" in text or " :" in text
            or " ;" in text or " !" in text or " ?" in text):  # fmt: skip
        return text
    return _ILL_SET.sub(lambda found: "’" if found[0] == "'" else "\u00a0", text)


@lru_cache(maxsize=1)
def _cleaner() -> "nh3.Cleaner":
    import nh3

    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
        strip_comments=True,
    )


@lru_cache(maxsize=256)  # a page asks twice: for its text, and for the gist of it
def is_plain(text: str) -> bool:
    """Tell whether Markdown means just one paragraph of these very characters."""
    return not (
        text.encode().translate(None, _PLAIN)
        or text[:1] in "-+=# \u00a0\ufeff"
        or text[0].isdigit()
        or text[-1].isspace()
    )


def gist(markdown: str, lang: str, length: int = 155) -> str:
    """Return the beginning of a text without its Markdown, for search engines."""
    if not is_plain(markdown):  # asked for in the page's own words: it is made once for both
        markdown = unescape(_TAG.sub(" ", html(markdown, lang=lang)[: 8 * length]))
    words = " ".join(markdown.split())
    if len(words) <= length:
        return words
    return words[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def lost(markdown: str) -> dict[str, str]:
    """Return the first of each thing that html() leaves out: ``html``, ``picture``, ``link``.

    >>> lost("Voir [la carte](carte.html).\\n\\n<div>Fermé lundi.</div>")
    {'html': '<div>', 'link': 'carte.html'}
    """
    if not ("<" in markdown or "](" in markdown or "]:" in markdown):  # most texts, at once
        return {}
    if not _DOUBTFUL.search(markdown):  # most others: whatever is a link leads somewhere
        return {}
    import cmarkgfm

    raw = cmarkgfm.markdown_to_html(markdown)
    found = {}
    if _LEFT_OUT in raw:
        found["html"] = _first_tag(markdown, raw)
    if image := _IMAGE.search(raw):
        found["picture"] = unescape(image[1] or image[2]) or "![]()"
    for address, words in _HREF.findall(raw):
        if not _ALIVE.match(unescape(address)):
            found["link"] = unescape(address or _TAG.sub("", words)) or "[]()"
            break
    return found


def _first_tag(markdown: str, raw: str) -> str:
    """Return the raw HTML that a text begins with, where ``raw`` left it out."""
    import cmarkgfm

    whole = cmarkgfm.markdown_to_html(markdown, cmarkgfm.Options.CMARK_OPT_UNSAFE)
    before = _ADDRESS.sub("", raw.partition(_LEFT_OUT)[0])
    found = re.match(r"</?[A-Za-z][\w:-]*|<[!?][\w-]*", _ADDRESS.sub("", whole)[len(before) :])
    if found is None:
        return "<…>"
    return found[0] + ("" if found[0][1] in "!?" else ">")
