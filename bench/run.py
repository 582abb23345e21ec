"""Measure builds, beside Hugo's, and print what they cost.

python bench/run.py --sizes 2200,22000 --hugo
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # and not bench/, whose profile.py hides Python's

from bench import peers, sites, table  # noqa: E402
from bench.measure import Peace  # noqa: E402
from bench.peers import Peer  # noqa: E402
from bench.table import Run  # noqa: E402
from bench.trial import Keep, Trial, ask_peers, flags_of, measure, site_of, tell  # noqa: E402

SCENARIOS = ("cold", "unchanged", "edit", "rename", "template")


class Bench:
    """The runs of one site, in the order in which they disturb each other least."""

    def __init__(self, flags: argparse.Namespace, trial: Trial) -> None:
        self._trial = trial
        self._site = trial.site
        self._runs: int = flags.n
        self._scenarios: Sequence[str] = flags.scenarios

    def run(self) -> None:
        """Measure every scenario asked for, whatever the order it was asked in."""
        if "cold" in self._scenarios:
            self._cold()
        else:
            self._bring_up_to_date()
        for name in SCENARIOS[1:]:
            if name in self._scenarios:
                getattr(self, f"_{name}")()

    def _cold(self) -> None:
        """Build into nothing, in turn with the peers: a drift of the machine touches all."""
        fast, rest = self._trial.peers()
        runs = cold_runs(self._runs, self._site.merchants)
        for k in range(runs):
            self._trial.set_aside(self._site.output, self._site.root / ".halles")
            self._trial.halles("cold", fresh=True, weighed=k == runs - 1)
            for peer in fast:
                self._trial.cold_peer("cold", peer, weighed=k == 0)
            for peer in rest if k == 0 else ():
                self._trial.cold_peer("cold", peer, weighed=False)
        if "unchanged" in self._scenarios:
            self._rebuild(fast)

    def _rebuild(self, fast: Sequence[Peer]) -> None:
        """Run Hugo once over what it built last: it does the same whatever changed."""
        for peer in fast:
            if peer.name == "hugo":
                self._trial.peer_again("unchanged", peer, peer.name)
                self._trial.peace.disturbed(self._site.merchants * sites.PRODUCTS)

    def _unchanged(self) -> None:
        for _ in range(self._runs):
            said = self._trial.halles("unchanged")
            if said["pages"]["rendered"]:
                tell("something rendered in an unchanged build: was halles edited meanwhile?")

    def _edit(self) -> None:
        self._edited("merchant: new phone", self._site.merchant, sites.new_phone)
        self._edited("merchant: new name", self._site.merchant, sites.new_name)

    def _rename(self) -> None:
        category = sites.main_category(self._site.merchant)
        self._edited("category renamed", self._site.categories, sites.new_category(category))

    def _template(self) -> None:
        file = self._site.template
        self._edited("template: comment unseen", file, sites.unseen_in_template)
        self._edited("template: comment seen", file, sites.seen_in_template)

    def _edited(self, row: str, file: Path, edit: sites.Edit) -> None:
        """Measure the build after each of several edits; then leave the site as it was."""
        with sites.edited(self._site, file) as do:
            for k in range(1, self._runs + 1):
                do(edit, k)
                self._trial.halles(row)
        self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        """Build without measuring, and know how many errors the content has as it stands."""
        _, said = self._trial.built()
        self._trial.errors = said["notices"]["error"]


def cold_runs(asked: int, merchants: int) -> int:
    """Return how often to build into nothing: once where an output takes millions of inodes."""
    return asked if merchants <= peers.LARGEST else 1


def room_for(flags: argparse.Namespace, merchants: int) -> bool:
    """Tell whether the disk has inodes for every output that a size leaves behind."""
    outputs = cold_runs(flags.n, merchants) if "cold" in flags.scenarios else 1
    if merchants <= peers.LARGEST:
        outputs += (flags.n + 1) * flags.hugo + flags.n * flags.floor
    return sites.room_for(flags.work, merchants, outputs)


def measured(flags: argparse.Namespace, keep: Keep) -> Iterator[str]:
    """Measure each size; yield what each site was made of."""
    peace = Peace(not flags.no_rest, tell)
    for merchants in flags.sizes:
        if not room_for(flags, merchants):
            tell(f"{merchants} merchants left out: too few inodes are free; try -n 1")
            continue
        site = site_of(flags, merchants)
        Bench(flags, Trial(site, flags, peace, keep)).run()
        yield site.source


def tables(runs: list[Run]) -> Sequence[str]:
    """Return what was measured, and what was promised."""
    rows = table.rows_of(runs)
    return table.costs(rows), table.promises(rows)


def ask(what: argparse.ArgumentParser) -> None:
    """Ask for scenarios too."""
    ask_peers(what)
    what.add_argument("--scenarios", type=_scenarios, default=list(SCENARIOS), metavar="A,B",
                      help=", ".join(SCENARIOS))  # fmt: skip


def _scenarios(text: str) -> list[str]:
    found = text.split(",")
    if unknown := set(found) - set(SCENARIOS):
        raise argparse.ArgumentTypeError(f"no scenario {', '.join(sorted(unknown))}")
    return found


if __name__ == "__main__":
    sys.exit(measure(flags_of(__file__, __doc__, sys.argv[1:], ask), measured, tables))
