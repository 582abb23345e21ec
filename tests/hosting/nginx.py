"""nginx on a port of its own, with docs/hosting/nginx.conf as it stands."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

from tests.market import HERE

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SCRATCH = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: Message
    body: bytes


class Host:
    """nginx serving a folder, until it is closed; what it needs to keep stands in another."""

    def __init__(self, served: Path, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        config = folder / "nginx.conf"
        config.write_text(whole(served, folder, port), "utf-8")
        subprocess.run([NGINX, "-t", "-c", str(config)], check=True, capture_output=True)
        self._process = subprocess.Popen([NGINX, "-c", str(config)], stderr=subprocess.DEVNULL)
        for _ in range(100):
            if self.get("/robots.txt", patient=True).status:
                break
            time.sleep(0.05)

    def close(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def get(self, path: str, *, patient: bool = False, packed: bool = False) -> Answer:
        """Return what stands at an address, redirects followed by nobody."""
        asked = urllib.request.Request(self.base + path)
        if packed:
            asked.add_header("Accept-Encoding", "gzip")
        try:
            with urllib.request.build_opener(_Stay).open(asked, timeout=10) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as fault:
            return Answer(fault.code, fault.headers, fault.read())
        except urllib.error.URLError:
            if not patient:
                raise
            return Answer(0, Message(), b"")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *asked: Any) -> None:
        """Go nowhere."""


def whole(served: Path, folder: Path, port: int) -> str:
    """Return the example configuration with this port and folder, and no certificate."""
    text = (HERE / "docs/hosting/nginx.conf").read_text("utf-8")
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"    ssl_certificate.*\n", "", text)
    for old, new in {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "/srv/halles/output": str(served),
    }.items():
        assert old in text
        text = text.replace(old, new)
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in SCRATCH)
    # Started by root, its workers are somebody else, who may not look into a test's folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{scratch}{text}\n}}\n"
    )
