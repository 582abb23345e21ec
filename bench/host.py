"""A host on this machine for benches that ask a browser: it packs what hosts pack, and no more.

Chromium slows the line down by itself (``SLOW_4G``), whoever answers.
"""

import gzip
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from halles.headers import everywhere

SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 750_000 / 8,
}
"""What Lighthouse calls slow 4G: 150 ms there and back, 1.6 Mbit/s down."""
SLOWER = 4
"""How many times slower the processor is."""
PACKED = (".html", ".js", ".css", ".json", ".svg", ".xml", ".webmanifest")
"""What hosts pack; fonts, pictures and Pagefind's own files are packed already."""
POLICY = dict(everywhere())["Content-Security-Policy"]

Find = Callable[[str], Path | None]


@lru_cache(maxsize=4096)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


class _Host(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *given: object, find: Find, policy: str, **more: object) -> None:
        self.find, self.policy = find, policy
        super().__init__(*given, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file, packed as a host would, or with nothing."""
        path = self.find(self.path.partition("?")[0])
        pack = path is not None and path.suffix in PACKED
        body = b"" if path is None else _packed(path) if pack else path.read_bytes()
        self.send_response(404 if path is None else 200)
        self.send_header("Content-Type", self.guess_type(str(path or "")))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
        if pack:
            self.send_header("Content-Encoding", "gzip")
        short = path is None or path.name == "manifest.json"
        lasts = "no-cache" if short else "max-age=31536000, immutable"
        self.send_header("Cache-Control", lasts)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Say nothing of what is asked for."""


@contextmanager
def served(folder: Path, policy: str = POLICY) -> Iterator[str]:
    """Serve a built site; yield its address."""

    def find(path: str) -> Path | None:
        found = folder / path.lstrip("/")
        found = found / "index.html" if found.is_dir() else found
        return found if found.is_file() else None

    with _running(partial(_Host, find=find, policy=policy)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def standing_in(folders: dict[str, Path], scratch: Path) -> Iterator[str]:
    """Answer for other people's hosts, over TLS, from folders by how a path begins.

    Yield the flags that have Chromium ask here whatever is not this machine.
    """
    pem = scratch / "host.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=bench", "-keyout", str(pem), "-out", str(scratch / "host.crt")],
        check=True, capture_output=True,
    )  # fmt: skip

    def find(path: str) -> Path | None:
        for start, folder in folders.items():
            if path.startswith(start) and (found := folder / path.removeprefix(start)).is_file():
                return found
        return None

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(scratch / "host.crt", pem)
    with _running(partial(_Host, find=find, policy=""), context) as server:
        yield f"--host-resolver-rules=MAP * 127.0.0.1:{server.server_port}, EXCLUDE 127.0.0.1"


class _Patient(ThreadingHTTPServer):
    def handle_error(self, *whose: object) -> None:
        """Say nothing of a browser that left, or that asked in the clear."""


@contextmanager
def _running(
    handler: Callable[..., _Host], secure: ssl.SSLContext | None = None
) -> Iterator[ThreadingHTTPServer]:
    server = _Patient(("127.0.0.1", 0), handler)
    if secure:
        server.socket = secure.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
