"""The house rules: each is a sentence, and holds for every module."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "halles"
STAIRS = (
    "halles shelf aside digest spoken model notices text phones hours prose addresses publish ledger run read "
    "cli.commands feasts codes pictures icons floorplan stock.forms",
    "openings zones",
    "run.* theme catalogue exchange pictures.share schema demo_words demo_dice demo_stock read.decode stock maps maps.frames "
    "stock.shown stock.folder findings "
    "stock.opened stock.values stock.queries lock",
    "points maps.shells",
    "pictures.studio boundaries centroids members checks demo_frame read.remains read.tomlfaults "
    "stock.records stock.lines stock.database",
    "maps.ground",
    "facts",
    "cuts",
    "maps.drawing maps.exports settings structured demo stock.feed headers rows",
    "maps.library",
    "stock.guard",
    "stock.intake stock.shelves stock.report",
    "stock.arrival",
    "checks.* checks.shared.* read.yamltree read.scan",
    "read.yamlplaces",
    "read.yamltext",
    "pages read.sources verdicts",
    "pages._hours pages._pictures pages.chart",
    "pages._maps",
    "pages._listing pages._beside pages.news pages.data pages.product pages.restocked read.smalls read.importers",
    "pages.* read.harvest read.context read.importers.* shared_facts",
    "read.pictures",
    "render",
    "change outcome",
    "search search.texts search.packing",
    "search.records",
    "search.cut search.places search.pagefind search.listed search.whose",
    "search.sought",
    "search.bundle",
    "search.wanted search.rules",
    "search.claims",
    "search.listing",
    "search.stage",
    "restocked shards listings neighbours outlets",
    "sitemaps packs holdings public pointfiles towns",
    "charts",
    "plan",
    "jobs reading aftermath",
    "course",
    "site",
    "checking",
    "cli.words cli.french",
    "cli.formats",
    "cli.commands.*",
    "cli",
    "__main__",
)
"""From the ground up: a module imports from lower steps only."""

KEEPERS = {
    "yaml": ("read.yamlplaces", "read.importers.*"),
    "yaml_rs": ("read.yamltext", "read.yamlplaces"),
    "minijinja": ("render",),
    "sqlite3": ("ledger",),
    "duckdb": ("stock.*",),
    "zstandard": ("stock.opened",),
    "cmarkgfm": ("prose",),
    "nh3": ("prose",),
    "shapely": ("boundaries", "maps.ground", "read.importers.*"),
    "folium": ("maps.shells",),
    "phonenumbers": ("phones", "read.importers.*"),
    "opening_hours": ("hours", "checks.contact", "read.importers.*"),
    "holidays": ("feasts",),
    "segno": ("codes",),
    "stdnum": ("checks.goods",),
    "PIL": ("pictures.*",),
    "slugify": ("read.importers.*",),
    "babel": ("theme",),
    "rich": ("cli.*",),
    "argparse": ("cli", "cli.french", "cli.commands.*"),
    "random": ("demo_dice",),
    "multiprocessing": ("run.processes",),
    "concurrent": ("run.processes", "aside"),
}
"""Who may import what: a library has one door, so that it can be changed for another."""

CLOCKS = {
    "outcome": {"time.perf_counter"},
    "cli.commands.build_command": {"time.perf_counter", "time.time"},  # feeds of the future
    "read.scan": {"time.time_ns"},  # a file changed this very moment is read again next time
}
TICKING = {
    f"time.{name}" for name in ("time", "time_ns", "perf_counter", "monotonic", "localtime", "gmtime", "strftime")
} | {f"{kind}.{name}" for kind in ("datetime", "date") for name in ("now", "today", "utcnow")}  # fmt: skip

LONG = {
    "facts",
    "read.importers.osm",
    "read.sources",
    "read.decode",
}
"""Modules of more than 400 lines: each is one subject, and none may be joined by another."""


@cache
def modules() -> dict[str, ast.Module]:
    """Return the syntax tree of each module, by its name inside the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        found[name.removesuffix("__init__").rstrip(".") or "halles"] = ast.parse(
            path.read_text("utf-8")
        )
    return found


def imports(name: str) -> Iterator[tuple[str, ast.AST]]:
    """Yield what a module imports, wherever in it; what only type checkers see is left out."""
    skipped = {
        id(inner)
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(modules()[name]):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports by dots"
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def own_imports(name: str) -> Iterator[str]:
    """Yield the modules of this package that a module imports."""
    for full, _ in imports(name):
        inner = full.removeprefix("halles.")
        if full.partition(".")[0] == "halles":
            known = (inner, inner.rpartition(".")[0], "halles")
            yield next(n for n in known if n in modules())


def height(name: str) -> int:
    """Return the step that a module stands on; an exact name goes before a pattern."""
    steps = [step.split() for step in STAIRS]
    exact = [i for i, step in enumerate(steps) if name in step]
    alike = [i for i, step in enumerate(steps) if any(fnmatch(name, p) for p in step)]
    return (exact or alike or [-1])[0]


def test_every_module_has_its_step() -> None:
    """A new module says where it stands, or it stands nowhere."""
    assert [] == [name for name in modules() if height(name) < 0]


@pytest.mark.parametrize("name", modules())
def test_imports_only_go_down(name: str) -> None:
    """A module imports from lower steps only, so the stairs never become a circle."""
    climbs = [other for other in own_imports(name) if height(other) >= height(name)]

    assert [] == climbs


@pytest.mark.parametrize("library", KEEPERS)
def test_a_library_has_one_door(library: str) -> None:
    """Everybody else goes through the module that keeps it; annotations need no key."""
    strangers = []
    for name in modules():
        for full, node in imports(name):
            keeper = any(fnmatch(name, pattern) for pattern in KEEPERS[library])
            if full.partition(".")[0] == library and not keeper:
                strangers.append((name, getattr(node, "lineno", 0)))
    if library == "sqlite3":
        strangers = [(name, line) for name, line in strangers if not only_annotates(name, library)]

    assert [] == strangers


def only_annotates(name: str, library: str) -> bool:
    """Tell whether a module uses a library for the names of its types alone."""
    uses = [
        node.attr
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == library
    ]
    return set(uses) == {"Connection"}


@pytest.mark.parametrize("name", modules())
def test_nobody_prints(name: str) -> None:
    """Words go out through the terminal's own module, which knows where they go."""
    calls = [n for n in ast.walk(modules()[name]) if isinstance(n, ast.Call)]

    assert [] == [c.lineno for c in calls if isinstance(c.func, ast.Name) and c.func.id == "print"]


@pytest.mark.parametrize("name", modules())
def test_clocks_are_looked_at_only_to_time_the_work(name: str) -> None:
    """No byte that is published comes from the clock of this machine."""
    found = {
        ".".join(ast.unparse(node).rsplit(".", 2)[-2:])
        for node in ast.walk(modules()[name])
        if isinstance(node, ast.Attribute)
    }

    assert CLOCKS.get(name, set()) == found & TICKING
    assert not any(full.startswith(("time.", "uuid", "secrets")) for full, _ in imports(name))


@pytest.mark.parametrize("name", modules())
def test_every_function_says_its_types(name: str) -> None:
    """Each argument and each answer, but for self and cls."""
    bare = []
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            given += [a for a in (node.args.vararg, node.args.kwarg) if a]
            untold = [a.arg for a in given if a.annotation is None and a.arg not in ("self", "cls")]
            bare += [f"{node.name}({arg})" for arg in untold]
            bare += [node.name] if node.returns is None else []

    assert [] == bare


def test_a_module_can_be_read_in_one_sitting() -> None:
    """400 lines at most, but for those on the list, and the list holds no other."""
    long = {
        name for name in modules()
        if len(path_of(name).read_text("utf-8").splitlines()) > 400
    }  # fmt: skip

    assert long <= LONG


def path_of(name: str) -> Path:
    """Return the file of a module."""
    folder = PACKAGE if name == "halles" else PACKAGE.joinpath(*name.split("."))
    return folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")


@pytest.mark.parametrize("name", modules())
def test_a_module_begins_with_what_it_is_for(name: str) -> None:
    """One line at least, unless there is nothing in it."""
    assert ast.get_docstring(modules()[name]) or not modules()[name].body


@pytest.mark.parametrize("word", ["Manager", "Helper", "Utils", "Base", "Mixin", "Impl"])
def test_names_say_what_a_thing_is(word: str) -> None:
    """No class is called after its place in a scheme."""
    named = [
        node.name
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]

    assert [] == [name for name in named if word in name]
