"""What axe-core, in a page, finds against WCAG 2.2 AA and its own good practice."""

from functools import cache
from typing import Any

from tests.market import HERE

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@cache
def _source() -> str:
    return (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def axe(page: Any) -> list[tuple[str, str]]:
    """Return what is against the rules on an open page: (rule, element), nothing if all is well."""
    page.evaluate(_source())  # not as a script element: no policy of the page's stands in the way
    found = page.evaluate(
        "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        list(TAGS),
    )
    return [
        (violation["id"], node["html"][:120])
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
