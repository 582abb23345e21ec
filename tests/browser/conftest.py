"""Where Chromium is, and folders served to it as a web server would."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from halles.headers import everywhere
from halles.outcome import Outcome
from tests.stock.arrivals import Stocked, feed, told

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
)  # fmt: skip

Serve = Callable[[Path], str]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        """Say nothing of what is asked for."""


class _Patient(ThreadingHTTPServer):
    def handle_error(self, *whose: object) -> None:
        """Say nothing of a browser that left before it had all it asked for."""


@pytest.fixture(scope="session")
def serve() -> Iterator[Serve]:
    """Return what serves a folder and answers with its address; it ends with the tests."""
    with ExitStack() as open_doors:
        yield lambda folder: open_doors.enter_context(_served(folder))


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = _Patient(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


POLICY = dict(everywhere())["Content-Security-Policy"]
"""What every file of the site is served under."""
ROWS = {
    ("alix", "MICHE"): (5, "6.50"),
    ("alix", "FICELLE"): (9, "2.00"),
    ("alix", "CONFITURE"): (4, "8.00"),
    ("berthe", "CONF"): (0, "7.50"),
}


@contextmanager
def reading(chromium: Any, patience: int, **settings: Any) -> Iterator[Any]:
    """Yield a browser of one's own; at the end no console may have said anything.

    What the browser itself notes of a request that failed is not the page's.
    """
    context = chromium.new_context(viewport={"width": 390, "height": 844}, **settings)
    context.set_default_timeout(patience)
    complaints: list[str] = []
    context.on("console", lambda m: complaints.append(m.text))
    context.on("weberror", lambda e: complaints.append(str(e.error)))
    yield context
    context.close()

    assert [] == [said for said in complaints if "Failed to load resource" not in said]


class Folder:
    """A folder that is served under the site's own policy; it remembers what it was asked for."""

    def __init__(self, folder: Path, asked: list[str] | None = None) -> None:
        self.asked = asked if asked is not None else []
        kept = self.asked

        class Strict(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                kept.append(self.path)
                # Two snapshots of one second are the same to it, by its own reckoning.
                del self.headers["If-Modified-Since"]
                super().do_GET()

            def end_headers(self) -> None:
                self.send_header("Content-Security-Policy", POLICY)
                self.send_header("Cache-Control", "no-cache")
                super().end_headers()

            def log_message(self, *words: object) -> None:
                pass

        self.server = _Patient(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self) -> "Folder":
        return self

    def __exit__(self, *fault: object) -> None:
        self.close()

    def close(self) -> None:
        """Answer nobody any more."""
        self.server.shutdown()
        self.server.server_close()


class Shop:
    """A market that feeds arrive at, served as it stands under the site's own policy.

    Its server can fall silent, and remembers what it was asked for.
    """

    def __init__(self, root: Path) -> None:
        self.market = Stocked(root)
        self.rows = dict(ROWS)
        self.asked: list[str] = []
        self.tick(0)

    def tick(self, hours: int, **changed: tuple[int, str]) -> Outcome:
        """Let the next snapshot be built into the served folder."""
        for store, sku in self.rows:
            self.rows[store, sku] = changed.get(sku, self.rows[store, sku])
        rows = (told(s, k, n, price=p) for (s, k), (n, p) in self.rows.items())
        return self.market.take(feed(*rows, hours=hours), accept=True)

    def build(self) -> Outcome:
        """Build what was edited."""
        return self.market.build()

    def open(self) -> None:
        """Answer."""
        self.door = Folder(self.market.root / "output", self.asked)
        self.base = self.door.base

    def close(self) -> None:
        """Answer nobody any more."""
        self.door.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Return a market with stock, served."""
    shop = Shop(tmp_path / "market")
    shop.open()
    yield shop
    shop.close()
