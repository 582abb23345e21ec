"""Merchant YAML, read as the text it is.

Two readers share the work. ``quick`` asks yaml_rs for a typed value and trusts it only where both
are known to agree; ``parse`` follows libyaml, and knows the place of every word.
"""

import re
from typing import Any

from yaml_rs import loads

from halles.read.yamltree import DEEPEST, LARGEST, Fault, Path, Spot, Tree, Unreadable, Value

__all__ = ["Fault", "Path", "Spot", "Tree", "Unreadable", "Value", "parse", "quick"]


def parse(source: bytes) -> Tree:
    """Return what the text says, or raise Unreadable with all that is wrong in it."""
    from halles.read.yamlplaces import parse  # libyaml is slow to load

    return parse(source)


def quick(source: bytes) -> Any | None:
    """Return a typed value that a strict decoder takes for what ``parse`` says, or None if unsure.

    None is never a verdict: the text may be right, wrong or empty, and ``parse`` knows.
    """
    if len(source) > LARGEST:
        return None
    source = source.replace(b"\r\n", b"\n")
    source = source if source.endswith(b"\n") else source + b"\n"
    if not _ordinary(source):
        return None
    try:
        value = loads(source.decode(), parse_datetime=False)
    except (ValueError, TypeError):
        return None
    return value if _certain(value, source) else None


# What a text may not have, if both readers are to be sure of it. These look at the bytes and know
# nothing of quotes, so they sometimes doubt an innocent text. Each begins with a plain character,
# and most texts have few of those.
_VISIBLE = bytes([*b"\n", *range(0x20, 0x7F), *range(0x80, 0x100)])
_STEPS = bytes(0x20 if byte in b"-?:" else byte for byte in range(0x100))
_STAIRS = b" " * 100  # some 200 levels; yaml_rs ends the process at some thousands
_DOUBTS = {
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f]"),  # controls, and a line break of YAML 1.1
    b"\xef": re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xbe\xbf]|\xb7[\x90-\xaf])"),  # no characters
    b"\n": re.compile(rb"\n(?:---|\.\.\.|%| *:)"),  # documents, directives, a colon left alone
    b":": re.compile(rb":[,?\[\]{}]"),  # a colon that means two things in flow style
    b"&": re.compile(rb"&(?:(?<![^\n\[{,:?-]&)|(?<![^\n\[{,:?\- ] &)(?<= &))"),  # anchors
    b"!": re.compile(rb"!(?!\[)(?:(?<![^\n\[{,:?-]!)|(?<![^\n\[{,:?\- ] !)(?<= !))"),  # tags
    b"\\": re.compile(rb"\\(?:\n|u[dD])"),  # folded quotes, halves of characters
}
_ODD_NUMBER = re.compile(  # after a colon: not one of the rules, but one that yaml_rs may know
    rb":\s*+(?=[-+._\d#])(?:#|(?!(?:-(?=[0.]*[1-9]))?\d+(?:\.\d+)?[\s,\]}])"
    rb"[-+]?(?:[._\d]+(?:[eE][-+]?[._\d]*)?|\.[A-Za-z]+|0[xXoObB]\w*) *[\n,\]}#])"
)
_ODD_TRUTH = re.compile(rb"T(?:rue|RUE)|F(?:alse|ALSE)")
_ODD_NOTHING = re.compile(rb"~|[nN]ull|NULL")
_ODD_FIRSTS = frozenset(":?|>\n")  # what one of the readers may cut, or take for a text
_NUMBERS = frozenset({int, float})
_KINDS = frozenset({str, bool, type(None)}) | _NUMBERS


def _ordinary(source: bytes) -> bool:
    """Say whether the text is free of all that the two readers might take differently."""
    if source.translate(None, _VISIBLE) or _STAIRS in source.translate(_STEPS):
        return False
    lines = b"\n" + source
    return not any(mark in lines and doubt.search(lines) for mark, doubt in _DOUBTS.items())


def _certain(value: Any, source: bytes) -> bool:
    """Say whether a typed value can mean only what the text says."""
    if type(value) not in (dict, list):
        return False
    parts = _Parts()
    level = [value]
    depth = 0
    while level and depth < DEEPEST:
        level = parts.inside(level)
        depth += 1
    return not level and parts.plain(source)


class _Parts:
    """What a typed value is made of, whatever its shape: quick to gather, and to judge at once."""

    def __init__(self) -> None:
        self._names: set[Any] = set()
        self._scalars: list[Any] = []
        self._listed: set[type] = set()

    def inside(self, level: list[Any]) -> list[Any]:
        """Gather the names and scalars of one level, and return the next."""
        deeper: list[Any] = []
        for node in level:
            kind = type(node)
            if kind is dict:
                self._names.update(node)
                deeper.extend(node.values())
            elif kind is list:
                self._listed.update(map(type, node))
                deeper.extend(node)
            else:
                self._scalars.append(node)
        return deeper

    def plain(self, source: bytes) -> bool:
        """Say whether names are simple words, and scalars spelled in the one way of the rules."""
        kinds = set(map(type, self._scalars))
        firsts = {scalar[:1] for scalar in self._scalars if type(scalar) is str}
        return (
            all(type(name) is str and name.isidentifier() for name in self._names)
            and kinds <= _KINDS
            and not firsts & _ODD_FIRSTS
            and not self._listed & _NUMBERS  # the search for odd ones begins at a colon
            and not (kinds & _NUMBERS and _ODD_NUMBER.search(source))
            and not (bool in kinds and _ODD_TRUTH.search(source))
            and not (type(None) in kinds and _ODD_NOTHING.search(source))
        )
