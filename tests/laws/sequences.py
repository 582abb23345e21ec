"""Sequences of edits, each followed by a build that must leave what a clean one would."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from halles.checking import check_site
from halles.digest import digest
from halles.outcome import Outcome
from halles.settings import SettingsFault
from halles.stock.arrival import Feeds, Given
from halles.stock.folder import go_back
from halles.stock.guard import Refused as NotTaken
from halles.theme import ThemeFault
from tests.laws.edits import EDITS, Sources, all_fields, edit_field, names_by_chance
from tests.market import Market, Said, differences, said_with, tree_of, words_of

Refused = (SettingsFault, ThemeFault)
SEARCHED = 20
"""Of so many sequences one is searched."""


class Step(NamedTuple):
    """One edit: what it is called (a field's, by its number) and the seed of its choices."""

    name: str
    seed: int


def sequence(number: int) -> list[Step]:
    """Return a sequence of edits: the first is of a field, each field in its turn.

    Some are searched from their second edit on: a build with it takes three times as long.
    """
    rng = Random(number)
    first = f"field {number % len(all_fields())}"
    names = [first, *names_by_chance(rng, rng.randint(1, 5))]
    if number % SEARCHED == 7:
        names.insert(1, "search_goes_on")
    return [Step(name, rng.randrange(1 << 30)) for name in names]


def apply(site: Sources, before: list[Sources], step: Step) -> tuple[Sources, str]:
    """Return the market after one edit, and what it did in words."""
    rng = Random(step.seed)
    if step.name == "back":
        found = rng.choice(before).copy()
        return found, "back to what it was"
    site = site.copy()
    if step.name.startswith("field "):
        return site, edit_field(site, all_fields()[int(step.name[6:])], rng)
    return site, EDITS[step.name][0](site, rng)


def story(steps: list[Step]) -> Iterator[tuple[Sources, str]]:
    """Yield the market after each edit of a sequence."""
    site = Sources.of_site()
    before = [site]
    for step in steps:
        site, words = apply(site, before, step)
        before.append(site)
        yield site, words


def broken_law(steps: list[Step]) -> str:
    """Return how a sequence breaks the law, in words, or nothing if it does not."""
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        market = Market(Path(folder) / "market", Sources.of_site().texts())
        told = []
        found = _faults(market, Sources.of_site(), at_once=False)
        for site, words in story(steps):
            if found:
                break
            told.append(words)
            put(market, site)
            found = _faults(market, site, at_once=len(told) % 2 == 1)
    return "\n".join([*(f"  {words}" for words in told), *found]) if found else ""


def scratch() -> str | None:
    """Return a folder in memory, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def put(market: Market, site: Sources) -> None:
    """Make a market's files those of the sources; what is the same is not touched."""
    wanted, there = site.texts(), market.inputs()
    for path in there.keys() - wanted.keys() - stock_of(market).keys():
        market.remove(path)
        _prune(market.root, (market.root / path).parent)
    for path, text in wanted.items():
        if there.get(path) != text:
            market.write(path, text)


def stock_of(market: Market) -> dict[str, bytes]:
    """Return the files of what feeds have said: no edit of the sources takes that back."""
    found = tree_of(market.root / "data" / "stock")
    return {f"data/stock/{path}": body for path, body in found.items()}


def _prune(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _faults(market: Market, site: Sources, at_once: bool) -> list[str]:
    """Build, and return how that differs from a clean build, and from what it says it did.

    Files that were written this very moment are remembered otherwise: ``at_once`` is for them.
    """
    acts = site.acts
    for act in acts:
        _act(market, act)
    before = market.tree()
    options = {"full": True} if "a full build" in acts else {}
    options |= {"executor": "processes", "workers": 2} if "several processes" in acts else {}
    texts = tuple(sorted((site.texts() | stock_of(market)).items()))
    if not at_once:
        clean_build(texts)
    try:
        outcome, found = _build(market, site, before, options)
        texts = tuple(sorted((site.texts() | stock_of(market)).items()))
    except Refused as refused:
        why, clean = _why(refused, market), clean_build(texts)
        return [] if clean == why else [f"refused: {why}, and a clean build: {clean}"]
    clean = clean_build(texts)
    if isinstance(clean, str):
        return [f"a clean build refuses: {clean}, and this one does not"]
    after = market.tree()
    now = said_with(after, outcome)
    found += differences(now, clean)
    changed = {p for p in after if after[p] != before.get(p)}
    written = {_file(path) for path in outcome.written}
    gone = before.keys() - after.keys()
    removed = {_file(path) for path in outcome.removed}
    found += [f"changed without a word: {path}" for path in sorted(changed - written)]
    found += [f"gone without a word: {path}" for path in sorted(gone - removed)]
    if not acts:
        new = {_file(path) for path, why in outcome.why.items() if why == "new page"}
        found += [f"written for nothing: {path}" for path in sorted(written - changed - new)]
        found += [f"said gone, but was not there: {path}" for path in sorted(removed - gone)]
    return found if at_once else [*found, *_restless(market, now)]


def _build(
    market: Market, site: Sources, tree: dict[str, bytes], options: dict[str, Any]
) -> tuple[Outcome, list[str]]:
    """Build, with the stock that arrives; a feed that is refused must have changed nothing."""
    given = []
    for number, (full, text) in enumerate(site.feeds):
        path = market.root / f"feed-{number}.csv"
        path.write_text(text, "utf-8")
        given.append(Given(path, full))
    feeds = Feeds(tuple(given), accept=site.hour % 2 == 0, clock=4_000_000_000)
    stock = stock_of(market)
    try:
        outcome = market.build(**options, feeds=feeds)
    except NotTaken:
        same = (tree, stock) == (market.tree(), stock_of(market))
        return market.build(**options), [] if same else ["a refused feed changed something"]
    rows, counts = text_rows(site.feeds), outcome.stock
    parts = (counts.accepted, counts.superseded, counts.unchanged, counts.quarantined)
    lost = [] if sum(parts) == counts.rows == rows else [f"of {rows} rows, {parts} are told of"]
    return outcome, lost


def text_rows(feeds: list[tuple[bool, str]]) -> int:
    """Return how many rows some feeds have."""
    return sum(text.count("\n") - 1 for _, text in feeds)


def _restless(market: Market, now: Said) -> Iterator[str]:
    """Yield what a second build, or a check, does or says though nothing changed."""
    again = market.build()
    if again.written or again.removed or (again.why and not again.failed):
        yield f"a second build does something: {again.why or again.removed}"
    if (words_of(again.notices), again.pages) != (now.notices, now.pages):
        yield "a second build says something else"
    if words_of(check_site(market.root)) != now.notices:
        yield "check says something else"


def _why(refused: Exception, market: Market) -> str:
    """Return why a build is refused, wherever its folder is."""
    return str(refused).replace(str(market.root), "")


def _file(path: str) -> str:
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]


def _act(market: Market, act: str) -> None:
    """Do to a market what an edit cannot: to its ledger, its site, its clock."""
    ledger = market.root / ".halles" / "ledger.db"
    if act in ("no ledger", "no ledger, and stray files", "nothing built or known"):
        shutil.rmtree(market.root / ".halles", ignore_errors=True)
    if act in ("no output", "nothing built or known"):
        shutil.rmtree(market.root / "output", ignore_errors=True)
    if act == "no ledger, and stray files":
        market.write("output/vieux/index.html", "vieux")
        market.write("output/commerces/alix/vieux.html", "vieux")
        market.write("output/commerces/berthe.html", "vieux")
    if act == "a ledger of another make" and ledger.exists():
        import sqlite3

        connection = sqlite3.connect(ledger)
        connection.execute("pragma user_version=999")
        connection.close()
    if act == "a ledger of rubbish" and ledger.exists():
        ledger.write_bytes(b"ceci n'est pas un registre\n" * 500)
    if act == "a ledger cut short" and ledger.exists():
        os.truncate(ledger, ledger.stat().st_size // 2)
    if act == "no stock":
        shutil.rmtree(market.root / "data" / "stock", ignore_errors=True)
    if act == "an earlier snapshot":
        go_back(market.root)
    if act == "other times":
        for folder, _, names in os.walk(market.root / "content"):
            for name in names:
                os.utime(os.path.join(folder, name), (1, 1))


_stamps: dict[bytes, Said | str] = {}


def clean_build(texts: tuple[tuple[str, bytes], ...]) -> Said | str:
    """Return what a build from nothing says, or why it refuses; reverts share their answers."""
    stamp = digest(b"".join(digest(p.encode()) + digest(body) for p, body in texts))
    if stamp not in _stamps:
        if len(_stamps) > 500:
            _stamps.clear()
        with tempfile.TemporaryDirectory(dir=scratch()) as folder:
            market = Market(Path(folder) / "clean", dict(texts))
            try:
                _stamps[stamp] = market.said()
            except Refused as refused:
                _stamps[stamp] = _why(refused, market)
    return _stamps[stamp]


def shortest(steps: list[Step]) -> list[Step]:
    """Return the fewest edits of a sequence that still break the law."""
    i = 0
    while i < len(steps):
        fewer = steps[:i] + steps[i + 1 :]
        if fewer and broken_law(fewer):
            steps = fewer
        else:
            i += 1
    return steps


__all__ = ["Step", "broken_law", "sequence", "shortest", "story"]
