"""Rows to read: what each run took, and how that stands to what the design promises."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

US = "halles"
FIRST, TICK = "cold, with a snapshot", "snapshot: 1 % of its rows, 2,200 at most"
"""Rows of the measures of stock."""
MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measured run; a line of JSON."""

    merchants: int
    row: str
    tool: str
    wall: float
    cpu: float
    memory: int
    code: int
    pages: int | None = None
    size: int | None = None
    rendered: int | None = None
    written: int | None = None
    errors: int | None = None
    flipped: int | None = None
    """Offers whose state is another; with stock, as what follows."""
    shards: int | None = None
    """Small files of quantities that were written."""
    urls: dict[str, int] | None = None
    """Addresses that changed, by kind."""
    sizes: dict[str, int] | None = None
    """Bytes of what a site keeps, by folder, where they were counted."""
    search: float | None = None
    """Seconds that went into search."""
    bundles: int | None = None
    """Bundles that were made."""
    files: int | None = None
    """Files under `pagefind/`."""


@dataclass(frozen=True, slots=True)
class Row:
    """The runs of one tool doing one thing at one size, taken together."""

    runs: tuple[Run, ...]

    @property
    def key(self) -> tuple[int, str, str]:
        """What the runs have in common."""
        return self.runs[0].merchants, self.runs[0].row, self.runs[0].tool

    @property
    def wall(self) -> float:
        """The median: one slow run of a busy machine does not move it."""
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        """The median."""
        return median(run.cpu for run in self.runs)

    @property
    def memory(self) -> int:
        """The highest: a machine must have room for it."""
        return max(run.memory for run in self.runs)

    def middle(self, name: str) -> int | None:
        """Return the median of a figure, where it was taken."""
        found = [value for run in self.runs if (value := getattr(run, name)) is not None]
        return int(median(found)) if found else None

    def figure(self, name: str) -> int | None:
        """Return a figure that is not taken at every run, from the last that has it."""
        found = [getattr(run, name) for run in self.runs]
        return next((value for value in reversed(found) if value is not None), None)


Rows = dict[tuple[int, str, str], Row]


def rows_of(runs: Iterable[Run]) -> Rows:
    """Return the runs by size, row and tool, in the order in which each first came."""
    found: dict[tuple[int, str, str], list[Run]] = {}
    for run in runs:
        found.setdefault((run.merchants, run.row, run.tool), []).append(run)
    return {key: Row(tuple(of)) for key, of in found.items()}


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first two is of figures."""
    align = ["---" if i < 2 else "---:" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(line)} |" for line in [head, align, *lines])


def costs(rows: Rows) -> str:
    """Return the table of what was measured."""
    head = ("merchants", "row", "tool", "runs", "wall s", "min–max", "CPU s", "memory MiB",
            "pages", "MiB", "rendered", "written")  # fmt: skip
    return markdown(head, (_line(row) for row in sorted(rows.values(), key=lambda r: r.key[0])))


def _line(row: Row) -> tuple[str, ...]:
    merchants, name, tool = row.key
    size = row.figure("size")
    walls = [run.wall for run in row.runs]
    return (
        f"{merchants:,}", name, tool, str(len(walls)), f"{row.wall:.2f}",
        f"{min(walls):.2f}–{max(walls):.2f}", f"{row.cpu:.2f}", f"{row.memory / MIB:,.0f}",
        _count(row.figure("pages")), "" if size is None else f"{size / MIB:,.1f}",
        _count(row.figure("rendered")), _count(row.figure("written")),
    )  # fmt: skip


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def ticks(rows: Rows) -> str:
    """Return the table of what snapshots took."""
    head = ("merchants", "row", "tool", "runs", "wall s", "min–max", "CPU s", "memory MiB",
            "flipped", "pages written", "shards written")  # fmt: skip
    found = []
    for row in sorted(rows.values(), key=lambda r: r.key[0]):
        counts = (_count(row.middle(name)) for name in ("flipped", "written", "shards"))
        found.append((*_line(row)[:8], *counts))
    return markdown(head, found)


def changed(rows: Rows) -> str:
    """Return the table of the addresses that changed, by kind, in the middle of the runs."""
    ours = [row for row in rows.values() if row.runs[0].urls is not None]
    kinds = sorted({kind for row in ours for run in row.runs for kind in run.urls or ()})
    head = ("merchants", "changed addresses", *kinds)
    return markdown(head, (_kinds(row, kinds) for row in ours))


def _kinds(row: Row, kinds: Sequence[str]) -> tuple[str, ...]:
    merchants, name, _ = row.key
    found = (median((run.urls or {}).get(kind, 0) for run in row.runs) for kind in kinds)
    return (f"{merchants:,}", name, *(f"{int(number):,}" for number in found))


def promises(rows: Rows) -> str:
    """Return the table of what the design promises, section 8, beside what was measured.

    The bars are for 22,000 merchants and two cores; other sizes stand here for comparison.
    """
    head = ("merchants", "promise", "bar", "measured")
    found: list[tuple[str, ...]] = []
    for merchants in sorted({key[0] for key in rows}):
        lines = [*_cold(rows, merchants), *_changes(rows, merchants), *_growth(rows, merchants)]
        found += [(f"{merchants:,}", *line) for line in lines]
    return markdown(head, found)


def _cold(rows: Rows, merchants: int) -> Iterator[tuple[str, str, str]]:
    ours = rows.get((merchants, "cold", US))
    if ours is None:
        return
    hugos = [row for (size, name, tool), row in rows.items()
             if size == merchants and name == "cold" and tool.startswith("hugo")]  # fmt: skip
    if hugos:
        wall, memory = min(h.wall for h in hugos), min(h.memory for h in hugos)
        yield "cold wall / fastest Hugo", "≤ 0.25", f"{ours.wall / wall:.3f}"
        yield "cold memory / leanest Hugo", "≤ 0.10", f"{ours.memory / memory:.3f}"
    for (size, name, tool), row in rows.items():
        if size == merchants and name == "cold" and tool.startswith("floor"):
            yield f"cold wall / {tool}", "say", f"{ours.wall / row.wall:.2f}"
            yield f"cold CPU / {tool}", "say", f"{ours.cpu / row.cpu:.2f}"
    pages = ours.figure("pages")
    if pages:
        yield "cold, µs a page, wall", "say", f"{ours.wall / pages * 1e6:,.0f}"
    yield "cold memory", "< 4 GB", f"{ours.memory / 1e9:.2f} GB"


def _changes(rows: Rows, merchants: int) -> Iterator[tuple[str, str, str]]:
    for (size, name, tool), row in rows.items():
        if size != merchants or tool != US or name.startswith("cold"):
            continue
        bar = "≤ 0.7 s" if name.startswith(("unchanged", "merchant")) else "say"
        bar = "≤ 1.0 s" if name == TICK else bar
        floor = rows.get((merchants, name, "floor"))
        if floor:
            yield f"{name}, wall / floor", "say", f"{row.wall / floor.wall:.2f}"
            yield f"{name}, CPU / floor", "say", f"{row.cpu / floor.cpu:.2f}"
        hugo = rows.get((merchants, name, "hugo")) or rows.get((merchants, "unchanged", "hugo"))
        beside = f"; {row.wall / hugo.wall:.4f} of Hugo's rebuild" if hugo else ""
        yield name, bar, f"{row.wall:.2f} s{beside}"


def _growth(rows: Rows, merchants: int) -> Iterator[tuple[str, str, str]]:
    """Compare with a tenth of the merchants, where that was measured in the same run."""
    for (size, name, tool), row in rows.items():
        tenth = rows.get((merchants // 10, name, tool))
        if size != merchants or tool != US or tenth is None:
            continue
        grown = f"{row.wall / tenth.wall:.2f}"
        if name.startswith("cold"):
            before, now = tenth.figure("pages"), row.figure("pages")
            if before and now:
                yield f"{name}, wall ×; pages ×", "wall ≤ pages", f"{grown}; {now / before:.2f}"
        else:
            same = name.startswith(("unchanged", "merchant", TICK))
            yield f"{name}, × a tenth of the site", "≤ 2" if same else "say", grown
