"""Tell where the time of a cold build goes: step by step, then function by function.

python bench/profile.py [--merchants 2200] [--rows 25]
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # or pstats would find this file for its own

import pstats  # noqa: E402

from bench import sites  # noqa: E402
from bench.measure import Cost, cost, last_object  # noqa: E402
from bench.sites import Site  # noqa: E402
from bench.table import MIB, markdown  # noqa: E402
from bench.trial import BUILD, tell  # noqa: E402


def main(words: Sequence[str]) -> int:
    """Profile cold builds of one site."""
    ask = argparse.ArgumentParser(prog="bench/profile.py", description=__doc__.split("\n")[0])
    ask.add_argument("--merchants", type=int, default=2200)
    ask.add_argument("--rows", type=int, default=25, help="functions to show")
    ask.add_argument("--work", type=Path, default=Path(__file__).parent / "work", metavar="DIR")
    flags = ask.parse_args(words)
    flags.work.mkdir(parents=True, exist_ok=True)
    site = sites.make(flags.work.resolve(), flags.merchants)
    sites.compile_halles()
    sites.warm(site.root / "content")
    print(f"## Start\n\n{start()}\n\n## Steps\n\n{steps(site)}\n")
    with tempfile.TemporaryDirectory() as scratch:
        print(functions(site, Path(scratch) / "profile", flags.rows))
    return 0


def start() -> str:
    """Return what it takes to start Python, and to start halles and say its version."""
    python = cost([sys.executable, "-c", "pass"])
    halles = cost([sys.executable, BUILD, "--version"])
    lines = [(name, "", f"{c.wall:.3f}") for name, c in (("python", python), ("halles", halles))]
    return markdown(("process", "", "wall s"), lines)


def steps(site: Site) -> str:
    """Return the seconds of each step, in one process and in as many as there are cores."""
    found = {name: _cold(site, "--executor", name) for name in ("inline", "processes")}
    told = {name: last_object(took.said)["seconds"] for name, took in found.items()}
    names = list(dict.fromkeys(step for seconds in told.values() for step in _items(seconds)))
    lines = [
        (step, "s", *(f"{_items(s).get(step, 0):.2f}" for s in told.values())) for step in names
    ]
    lines += [
        ("whole process", "s", *(f"{took.wall:.2f}" for took in found.values())),
        ("CPU", "s", *(f"{took.cpu:.2f}" for took in found.values())),
        ("memory", "MiB", *(f"{took.memory / MIB:,.0f}" for took in found.values())),
    ]
    return markdown(("step", "", *found), lines)


def _items(seconds: object) -> dict[str, float]:
    return seconds if isinstance(seconds, dict) else {}


def _cold(site: Site, *flags: str, under: Sequence[str] = ()) -> Cost:
    """Build into nothing; what an earlier build left is put out of the way, not deleted."""
    aside = Path(tempfile.mkdtemp(prefix="aside-", dir=site.root.parent))
    for folder in (site.output, site.root / ".halles"):
        if folder.exists():
            folder.rename(aside / folder.name)
    took = cost([sys.executable, *under, BUILD, "--root", site.root, "--json", *flags])
    if took.code not in (0, 1):
        tell(f"halles failed: {took.complained}")
        raise SystemExit(1)
    return took


def functions(site: Site, file: Path, rows: int) -> str:
    """Return where one process spends its time; the profiler itself makes it slower."""
    took = _cold(site, "--executor", "inline", under=["-m", "cProfile", "-o", str(file)])
    stats = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
    modules: dict[str, float] = defaultdict(float)
    for (where, _, name), (_, _, own, _, _) in stats.items():
        modules[_module(where, name)] += own
    whole = sum(modules.values())
    top = sorted(modules.items(), key=lambda item: -item[1])[:rows]
    parts = [(name, "", f"{own:.2f}", f"{own / whole:.0%}") for name, own in top]
    ranked = sorted(stats.items(), key=lambda item: -item[1][2])[:rows]
    calls = [
        (_function(where, line, name), "", f"{n:,}", f"{own:.2f}", f"{total:.2f}")
        for (where, line, name), (_, n, own, total, _) in ranked
    ]
    return "\n\n".join([
        f"## Profile ({took.wall:.1f} s under the profiler, in one process)",
        markdown(("module", "", "own s", "share"), parts),
        markdown(("function", "", "calls", "own s", "with what it calls s"), calls),
    ])  # fmt: skip


def _function(where: str, line: int, name: str) -> str:
    module = _module(where, name)
    return f"`{module}:{line}` {name}" if line else f"`{module}`"


def _module(where: str, name: str) -> str:
    """Return the name of a function's module, short; what is built in goes by its own name."""
    if where in ("~", ""):
        return name.strip("<>")
    path = Path(where)
    if path.is_relative_to(sites.ROOT) and "site-packages" not in path.parts:
        return path.relative_to(sites.ROOT).as_posix()
    return "/".join(path.parts[-2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
