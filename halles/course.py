"""What a build has to do about pages and search: planned whole, or while its first is under way."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from halles import ledger as kept
from halles.addresses import Ways
from halles.catalogue import Catalogue
from halles.change import Change
from halles.jobs import forget, jobs
from halles.outcome import Outcome, timed
from halles.plan import Plan, at_once, plan
from halles.render import pack_job
from halles.search.claims import Todo
from halles.search.pagefind import Indexer
from halles.search.stage import Run, consider


@dataclass(slots=True)
class Course:
    """What there is to do, as far as it is planned; the ledger has forgotten that much."""

    ledger: sqlite3.Connection
    change: Change
    catalogue: Catalogue
    ways: Ways
    page_size: int
    assets: Mapping[str, bytes]
    indexer: Indexer | None
    engine: bytes
    run: Run
    """Where records of search are looked at."""
    early: set[str] = field(default_factory=set)
    """Merchants whose pages are rendered while the rest is planned."""
    todo: Plan = field(default_factory=Plan)
    known: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """What the ledger knew of the plan's groups."""
    found: Todo = field(default_factory=Todo)

    def __bool__(self) -> bool:
        return bool(self.early or self.todo or self.found)

    def begin(self, outcome: Outcome) -> None:
        """Plan all, or only what can be rendered while the rest is planned.

        The caller has begun a transaction.
        """
        self.early = at_once(self.change)
        if self.early:
            kept.hold_less(self.ledger)  # beside what the feed takes
            self.todo.merchants = self.early
            self._forget()
            return
        with timed(outcome, "plan"):
            self._plan()
        with timed(outcome, "search"):
            self._consider()

    def jobs(self) -> Iterator[bytes]:
        """Yield the work; what was not planned yet is, once the first of it is handed out."""
        if self.early:
            yield from self._jobs()
            with kept.together(self.ledger):
                self._plan()
                self._consider()
        yield from self._jobs()

    def _jobs(self) -> Iterator[bytes]:
        policy, now = self.change.policy, self.change.stock.ground.moment.now
        return map(pack_job, jobs(self.ledger, self.todo, self.known, policy, now))

    def _plan(self) -> None:
        self.todo = plan(
            self.ledger, self.change, self.catalogue, self.ways, self.page_size, self.assets
        )
        self.todo.merchants -= self.early
        self._forget()

    def _forget(self) -> None:
        self.known = forget(self.ledger, self.todo)
        if self.todo:
            self._promise()

    def _consider(self) -> None:
        self.found = consider(
            self.ledger, self.change, self.catalogue, self.ways, self.indexer, self.engine,
            self.run,
        )  # fmt: skip
        if self.found:
            self._promise()

    def _promise(self) -> None:
        """Say in the ledger that output/ is about to change, until the build settles."""
        kept.remember(self.ledger, "unfinished", b"1")
