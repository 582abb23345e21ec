"""What axe-core, in a page, finds against WCAG 2.2 AA and its own good practice."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from tests.market import HERE

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that night may break where day does not."""


@cache
def _source() -> str:
    return (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def axe(page: Any, only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what is against the rules on an open page: (rule, element), nothing if all is well.

    ``only`` are the rules to look at; else all of them.
    """
    if not page.evaluate("'axe' in window"):  # half of what a look takes is reading half a megabyte
        # Not as a script element: no policy of the page's stands in the way.
        page.evaluate(_source())
    found = page.evaluate(
        "runOnly => axe.run({runOnly, resultTypes: ['violations']})",
        {"type": "rule" if only else "tag", "values": list(only or TAGS)},
    )
    return [
        (violation["id"], node["html"][:120])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
