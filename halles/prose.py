"""Markdown from the content, made safe: an allow-list decides what comes through."""

import re
from functools import lru_cache
from html import unescape

_MARKED = re.compile(r"[<>&*_`\[\]\\~|@\x00-\x1f]|://|www\.|^[-+=#\s]|^\d{1,9}[.)]|\s$", re.A)
"""What may be Markdown or HTML; a text without any of it is one paragraph of these characters."""
_HEADING = re.compile(r"<(/?)h([1-6])>")
_TAGS = {
    "p", "br", "em", "strong", "ul", "ol", "li", "a", "blockquote", "code", "pre", "hr",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "del",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


@lru_cache(maxsize=2048)
def html(markdown: str, top: int = 3) -> str:
    """Return Markdown as HTML that can do no harm.

    No raw HTML, no picture, no script address; links say ``nofollow ugc noopener``. The highest
    heading becomes an h``top``, so that the page's own headings stay above it.
    """
    if not _MARKED.search(markdown):
        # Most product descriptions; they are spared two libraries. (A no-break space is written
        # as those libraries write it.)
        return f"<p>{markdown}</p>\n".replace("\u00a0", "&nbsp;")
    import cmarkgfm
    import nh3

    raw = cmarkgfm.github_flavored_markdown_to_html(markdown)
    shift = top - min((int(level) for _, level in _HEADING.findall(raw)), default=top)
    lowered = _HEADING.sub(lambda m: f"<{m[1]}h{min(6, max(2, int(m[2]) + shift))}>", raw)
    return nh3.clean(
        lowered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow ugc noopener",
        strip_comments=True,
    )


def gist(markdown: str, length: int = 155) -> str:
    """Return the beginning of a text without its Markdown, for search engines."""
    if _MARKED.search(markdown):
        markdown = unescape(re.sub(r"<[^>]+>", " ", html(markdown)))
    words = " ".join(markdown.split())
    if len(words) <= length:
        return words
    return words[: length - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
