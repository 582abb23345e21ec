"""Measure what a stock snapshot costs, beside the barest script and Hugo.

python bench/tick.py --sizes 22000 --hugo
"""

import argparse
import dataclasses
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path[0] = str(
    Path(__file__).resolve().parent.parent
)  # and not bench/, whose profile.py hides Python's

from bench import peers, sites, table  # noqa: E402
from bench.feeds import Feeds  # noqa: E402
from bench.measure import Peace  # noqa: E402
from bench.peers import Peer  # noqa: E402
from bench.sites import Site  # noqa: E402
from bench.table import FIRST, TICK, Run  # noqa: E402
from bench.trial import Keep, Trial, ask_peers, flags_of, measure, site_of, tell  # noqa: E402

CHURN = 0.01
MOST = 2200
"""Rows that change: what a snapshot costs must not depend on what the rest of the site is."""
SHARDS = "stock shards"


def share(merchants: int) -> float:
    """Return which share of a site's rows is another in each snapshot."""
    return min(CHURN, MOST / (merchants * sites.PRODUCTS))


class Ticks:
    """A site that is told one snapshot after the other."""

    def __init__(self, trial: Trial, share: float) -> None:
        self.feeds = Feeds(trial.site, share)
        self._trial = trial
        self._site = trial.site

    def open(self) -> None:
        """Build into nothing, with the first snapshot."""
        self.feeds.take(1)
        self._trial.set_aside(self._site.output, self._site.root / ".halles", self._site.said)
        self._take(FIRST, fresh=True, weighed=True)

    def tick(self, snapshot: int, look: Callable[[Site], dict[str, int]] | None = None) -> None:
        """Take the next snapshot in; ``look``, if given, says how large what is kept has become."""
        self.feeds.take(snapshot)
        self._take(TICK, look)

    def _take(
        self,
        row: str,
        look: Callable[[Site], dict[str, int]] | None = None,
        **how: bool,
    ) -> None:
        def told(said: dict[str, Any]) -> dict[str, Any]:
            kinds = Counter(map(kind, written(self._site)))
            return {
                "flipped": said["stock"]["flipped"], "shards": kinds[SHARDS],
                "urls": dict(sorted(kinds.items())), "sizes": look(self._site) if look else None,
            }  # fmt: skip

        self._trial.halles(row, "--stock", self.feeds.google, told=told, **how)


def written(site: Site) -> list[str]:
    """Return the addresses that the last build says are other than they were."""
    changes = json.loads((site.root / ".halles" / "changes.json").read_bytes())
    return [*changes["written"], *changes["removed"]]


def kind(url: str) -> str:
    """Return what an address is of: the first of its words, without its language and its number."""
    url = url.removeprefix("/en") if url.startswith("/en/") else url
    if url.startswith("/stock/") and url != "/stock/manifest.json":
        return SHARDS
    first = url.split("/")[1]
    return re.sub(r"-\d+(?=\.)", "", first) if first else "home"


def measured(flags: argparse.Namespace, keep: Keep) -> Iterator[str]:
    """Measure each size; yield what each site was made of."""
    peace = Peace(not flags.no_rest, tell)
    for merchants in flags.sizes:
        cold = 1 if merchants > peers.LARGEST else 1 + flags.hugo + flags.floor
        if not sites.room_for(flags.work, merchants, cold):
            tell(f"{merchants} merchants left out: too few inodes are free")
            continue
        site = site_of(flags, merchants)
        trial = Trial(site, flags, peace, keep)
        ticks = Ticks(trial, share(site.merchants))
        ticks.open()
        beside = list(_open_peers(trial, ticks.feeds))[::-1]  # Hugo last: all rest after it
        for snapshot in range(2, flags.n + 2):
            ticks.tick(snapshot)
            for peer in beside:
                _tick_peer(trial, peer, ticks.feeds)
        sites.silence(site)
        yield site.source


def _open_peers(trial: Trial, feeds: Feeds) -> Iterator[Peer]:
    """Build with each peer what it is to be told the next snapshots of."""
    if feeds.plain is None:
        tell("no peers: they build from the neutral catalogue only")
        return
    hugo = trial.site.root.parent / "hugo-told"
    if trial.flags.hugo:
        sites.give_hugo(hugo, feeds.plain)
    often, _ = trial.peers(dataclasses.replace(trial.site, hugo=hugo, stock=feeds.plain))
    for peer in often:
        trial.cold_peer(FIRST, peer, weighed=False)
        yield peer


def _tick_peer(trial: Trial, peer: Peer, feeds: Feeds) -> None:
    """Have a peer take a snapshot in, over what it built last: Hugo renders everything."""
    assert feeds.plain is not None
    if peer.name == "hugo":
        sites.give_hugo(trial.site.root.parent / "hugo-told", feeds.plain)
        trial.peer_again(TICK, peer, peer.name)
        trial.peace.disturbed(trial.site.merchants * sites.PRODUCTS)
    else:
        trial.peer_again(TICK, peers.floor_tick(feeds.plain), peer.name)


def tables(runs: list[Run]) -> Sequence[str]:
    """Return what was measured, what changed, and what was promised."""
    rows = table.rows_of(runs)
    return table.ticks(rows), table.changed(rows), table.promises(rows)


if __name__ == "__main__":
    sys.exit(measure(flags_of(__file__, __doc__, sys.argv[1:], ask_peers), measured, tables))
