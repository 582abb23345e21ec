"""One command at a time on a site: who writes under it holds its lock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from halles.ledger import Busy

PATIENCE = 50
"""Fiftieths of a second that the workers of a killed build get to notice: they hold its lock."""


@contextmanager
def one_at_a_time(root: Path) -> Iterator[None]:
    """Keep a site to oneself; a process that dies lets go of it.

    Raises:
        Busy: another command holds it.
    """
    import fcntl

    (root / ".halles").mkdir(parents=True, exist_ok=True)
    with (root / ".halles" / "lock").open("w") as lock:
        for patience in range(PATIENCE, -1, -1):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not patience:
                    raise Busy from None
                time.sleep(0.02)
        yield
