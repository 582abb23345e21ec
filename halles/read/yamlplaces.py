"""Merchant YAML with the place of every word.

libyaml's events carry places, and yaml_rs confirms what they say: where one of them refuses, or
they read two things, the text is refused.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yaml import CBaseLoader, MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from yaml_rs import DuplicateKeyPolicy, loads

from halles.read.yamltree import DEEPEST, LARGEST, Fault, Path, Spot, Tree, Unreadable, Value


def parse(source: bytes) -> Tree:
    """Return what the text says; see ``yamltext.parse``."""
    page = _page(source)
    builder = _Builder(page)
    faults = [*page.unprintable(), *builder.read()]
    if not faults:
        faults.extend(_doubts(page, builder.tree))
    if faults:
        said = all(fault.code == "duplicate-key" for fault in faults)
        in_order = sorted(faults, key=lambda fault: fault.spot)
        raise Unreadable(in_order, builder.tree if said else None)
    return builder.tree


# ---- the text -------------------------------------------------------------------------------

# YAML's non-printables, and the byte order mark inside a text; Unicode's 32 noncharacters are
# among them because no text can mean them, which leaves them free to stand in below.
_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)

# What is not UTF-8, once decoded: the rest of such a text would be guesswork.
_STRAY_BYTE = re.compile(r"[\udc80-\udcff]")

# Line breaks in YAML 1.1, and so in libyaml; ordinary characters in YAML 1.2.
_STAND_INS = {"\x85": "\ufdd0", "\u2028": "\ufdd1", "\u2029": "\ufdd2"}

_TROUBLES = {"\t": "yaml-tab", "&": "yaml-anchor", "*": "yaml-anchor", "!": "yaml-tag"}
_PROPERTY = re.compile(r"(?:!<[^>\s]*>|[&!][^\s,\[\]{}]*)")
_PROPERTY_MARKS = frozenset("&*!")
_GAP = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_WORD = re.compile(r"\S{0,40}")


def _page(source: bytes) -> "_Page":
    """Return the text in plain lines, or raise Unreadable: too large, or not UTF-8."""
    if len(source) > LARGEST:
        raise Unreadable([Fault("too-large", Spot(1, 1), str(len(source)))])
    text = source.decode(errors="surrogateescape").removeprefix("\ufeff")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    page = _Page(text if text.endswith("\n") else text + "\n")
    if stray := _STRAY_BYTE.search(page.text):
        given = f"0x{ord(stray[0]) - 0xDC00:02X}"
        raise Unreadable([Fault("not-utf8", page.spot(stray.start()), given)])
    return page


class _Page:
    """A text, and the place of each of its characters."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def spot(self, index: int) -> Spot:
        line = bisect_right(self._starts, index)
        return Spot(line, index - self._starts[line - 1] + 1)

    def index(self, spot: Spot) -> int:
        line = min(spot.line, len(self._starts))
        return min(self._starts[line - 1] + spot.column - 1, len(self.text))

    def unprintable(self) -> Iterator[Fault]:
        """Yield every character that no editor shows and YAML forbids."""
        for match in _UNPRINTABLE.finditer(self.text):
            yield Fault("control-character", self.spot(match.start()), f"U+{ord(match[0]):04X}")

    def printable(self) -> str:
        """Return the text as libyaml wants it: without the characters it would stop at."""
        text = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", self.text)
        for character, stand_in in _STAND_INS.items():
            text = text.replace(character, stand_in)
        return text

    def trouble(self, index: int) -> Fault:
        """Return the fault of a text that cannot be read on from index."""
        given = _WORD.match(self.text, index)
        word = given[0] if given else ""
        code = _TROUBLES.get(self.text[index : index + 1], "yaml-syntax")
        return Fault(code, self.spot(index), word)

    def properties(self, index: int) -> Iterator[Fault]:
        """Yield the anchor and the tag, in either order, of the node that begins at index."""
        while found := _PROPERTY.match(self.text, index):
            yield Fault(_TROUBLES[found[0][0]], self.spot(index), found[0])
            gap = _GAP.match(self.text, found.end())
            index = gap.end() if gap else found.end()


# ---- parse ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Level:
    """A mapping or a list that is still open."""

    path: Path
    value: dict[str, Value] | list[Value]
    key: str | None = None

    def awaits_key(self) -> bool:
        return self.key is None and isinstance(self.value, dict)

    def take(self, value: Value) -> Path:
        """Add value under the key that waits for it, or at the end, and return its path."""
        if isinstance(self.value, list):
            self.value.append(value)
            return (*self.path, len(self.value) - 1)
        key, self.key = self.key or "", None
        self.value[key] = value
        return (*self.path, key)


class _Builder:
    """Makes a tree of libyaml's events, and collects what the rules forbid in them."""

    def __init__(self, page: _Page) -> None:
        self._page = page
        self._value: Value = None
        self._places: dict[Path, Spot] = {(): Spot(1, 1)}
        self._key_places: dict[Path, Spot] = {}
        self._levels: list[_Level] = []
        self._documents = 0
        self._faults: list[Fault] = []

    @property
    def tree(self) -> Tree:
        return Tree(self._value, self._places, self._key_places)

    def read(self) -> list[Fault]:
        """Follow the text until its end, its first unreadable place or its 21st level."""
        parser = CBaseLoader(self._page.printable())
        try:
            while len(self._levels) <= DEEPEST and (event := parser.get_event()):
                self._follow(event)
        except MarkedYAMLError as error:
            self._faults.append(self._page.trouble(self._where(error)))
        return self._faults

    def _where(self, error: MarkedYAMLError) -> int:
        """Return the place of an error: of what was left open, if only the end reveals it."""
        problem = error.problem_mark.index if error.problem_mark else 0
        context = error.context_mark.index if error.context_mark else problem
        begun = self._page.text[context : context + 1]
        too_late = problem >= len(self._page.text.rstrip())
        return context if too_late or begun in _PROPERTY_MARKS else problem

    def _follow(self, event: Event) -> None:
        if isinstance(event, ScalarEvent):
            self._check_properties(event)
            self._put(_text(event), event)
        elif isinstance(event, CollectionStartEvent):
            self._check_properties(event)
            self._open(event)
        elif isinstance(event, CollectionEndEvent):
            self._levels.pop()
        elif isinstance(event, AliasEvent):
            self._fault("yaml-anchor", event, f"*{event.anchor}")
            self._put(None, event)
        elif isinstance(event, DocumentStartEvent):
            self._start(event)

    def _start(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            self._fault("several-documents", event, "---" if event.explicit else "")

    def _check_properties(self, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.anchor or event.tag:
            self._faults.extend(self._page.properties(_index(event)))

    def _open(self, event: CollectionStartEvent) -> None:
        value: dict[str, Value] | list[Value] = {} if isinstance(event, MappingStartEvent) else []
        self._levels.append(_Level(self._put(value, event), value))
        if len(self._levels) > DEEPEST:
            self._fault("too-deep", event, "")

    def _put(self, value: Value, event: NodeEvent) -> Path:
        """Put a node where the text has it, be it a key or a value, and return its path."""
        if not self._levels:
            self._value = value
            path: Path = ()
        elif (level := self._levels[-1]).awaits_key():
            return self._put_key(level, value, event)
        else:
            path = level.take(value)
        self._places[path] = _spot(event)
        return path

    def _put_key(self, level: _Level, value: Value, event: NodeEvent) -> Path:
        level.key = value if isinstance(value, str) else ""
        path = (*level.path, level.key)
        self._key_places[path] = _spot(event)
        if isinstance(event, AliasEvent):
            return path
        if not isinstance(value, str):
            self._fault("complex-key", event, "")
        elif value in level.value:
            self._fault("duplicate-key", event, value)
        elif value == "<<" and isinstance(event, ScalarEvent) and event.implicit[0]:
            self._fault("yaml-anchor", event, "<<")
        return path

    def _fault(self, code: str, event: Event, given: str) -> None:
        self._faults.append(Fault(code, _spot(event), given))


def _text(event: ScalarEvent) -> str | None:
    """Return the text of a scalar; nothing, written without quotes, is None."""
    if not event.value and event.implicit[0]:
        return None
    text = event.value
    for character, stand_in in _STAND_INS.items():
        text = text.replace(stand_in, character)
    return text


def _index(event: Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _spot(event: Event) -> Spot:
    mark = event.start_mark
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)


_PLACE = re.compile(r"at line (\d+), column (\d+)")


def _doubts(page: _Page, tree: Tree) -> Iterator[Fault]:
    """Yield the place where yaml_rs, the stricter reader, refuses the text or reads another.

    libyaml takes a few texts that YAML 1.2 does not, and a few it takes for something else.
    """
    try:
        typed = loads(
            page.text, parse_datetime=False, duplicate_key_policy=DuplicateKeyPolicy.LastWins
        )
    except ValueError as error:
        place = _PLACE.search(str(error))
        spot = Spot(int(place[1]), int(place[2])) if place else Spot(1, 1)
        yield page.trouble(page.index(spot))
    else:
        path = _difference(tree.value, typed, ())
        if path is not None:
            spot = tree.spot(path)
            yield page.trouble(page.index(spot))


def _difference(value: Any, typed: Any, path: Path) -> Path | None:
    """Return the path of the first value that the two readers see differently."""
    if type(value) is not type(typed) or not isinstance(value, dict | list):
        return path if _contradict(value, typed) else None
    if isinstance(typed, dict) and not all(isinstance(key, str) for key in typed):
        return None  # 1 and true are one key to Python, and two to the text
    ours, theirs = _inside(value), _inside(typed)
    if list(ours) != list(theirs):
        return path
    found = (_difference(ours[key], theirs[key], (*path, key)) for key in ours)
    return next((place for place in found if place is not None), None)


def _inside(value: dict[str | int, Any] | list[Any]) -> dict[str | int, Any]:
    return value if isinstance(value, dict) else dict(enumerate(value))


def _contradict(value: Any, typed: Any) -> bool:
    """Say whether two scalars cannot be one, or are not both scalars.

    Of a number, a truth or nothing, only libyaml knows the text. Lines left empty at the end of
    a text are also its alone: yaml_rs adds one to an empty block that ends a file.
    """
    if isinstance(value, str) and isinstance(typed, str):
        return value.rstrip("\n") != typed.rstrip("\n")
    return isinstance(value, dict | list) or isinstance(typed, str | dict | list)
