"""The site on nginx, with docs/hosting/nginx.conf as it stands: what a visitor's browser is told."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import sync_playwright

from halles import headers
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.example import Example
from tests.market import HERE

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".geojson": "application/geo+json",
    ".ics": "text/calendar; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vcf": "text/vcard; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".avif": "image/avif",
    ".webp": "image/webp",
}
LOCAL = re.compile(r"^(/|https://halles\.example/|#|data:)")

pytestmark = pytest.mark.slow


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: Message
    body: bytes


class Host:
    """nginx on a port of its own, serving the example site."""

    def __init__(self, site: Example, folder: Path) -> None:
        self.site = site
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        config = folder / "nginx.conf"
        config.write_text(_whole(folder, self.site.output, port), "utf-8")
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


def _whole(folder: Path, root: Path, port: int) -> str:
    """Return the example configuration with this port and folder, and no certificate."""
    text = (HERE / "docs/hosting/nginx.conf").read_text("utf-8")
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = re.sub(r"    ssl_certificate.*\n", "", text)
    for old, new in {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "/srv/halles/output": str(root),
    }.items():
        assert old in text
        text = text.replace(old, new)
    scratch = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, its workers are somebody else, who may not look into a test's folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{scratch}{text}\n}}\n"
    )


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Return the example site, on nginx."""
    if not os.access(NGINX, os.X_OK):
        pytest.skip("there is no nginx; on Debian: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    found = Host(Example(folder / "site"), folder)
    yield found
    found.close()


def safety(path: str) -> dict[str, str]:
    """Return what must be said with a file, whatever it is."""
    said = dict(headers.everywhere())
    framed = re.match(r"/(en/)?widget/", path)
    said["Content-Security-Policy"] += f"; {headers.FRAMED if framed else headers.UNFRAMED}"
    return said


def test_every_file_is_served_safe_and_of_its_type(host: Host) -> None:
    """All of output/: there, with each header once, the right type, and the right life of a copy."""
    wrong = []
    for file in sorted(host.site.files - {"_headers", "_redirects", "404.html", "en/404.html"}):
        path = "/" + file.removesuffix("index.html")
        answer = host.get(path)
        if answer.status != 200:
            wrong.append((path, answer.status))
        for name, value in safety(path).items():
            if answer.headers.get_all(name) != [value]:
                wrong.append((path, name, answer.headers.get_all(name)))
        expected = TYPES.get(Path(file).suffix)
        if expected and answer.headers["Content-Type"] != expected:
            wrong.append((path, answer.headers["Content-Type"]))
        kept = answer.headers.get_all("Cache-Control")
        if kept != [life(path)]:
            wrong.append((path, kept))

    assert [] == wrong[:10]


def life(path: str) -> str:
    """Return how long a copy may be kept."""
    if path.startswith(("/assets/", "/media/")) or re.match(r"/stock/[mp]\d", path):
        return headers.FOREVER
    if re.fullmatch(r"/(hors-ligne|en/offline)/.+\.json", path):
        return headers.FOREVER
    if path == "/sw.js":
        return headers.ASKED
    if path in ("/etat.json", "/stock/manifest.json"):
        return headers.FRESH
    machines = r"/(robots|humans)\.txt|/sitemap.*|/(en/)?(opensearch\.xml|manifest\.webmanifest)"
    return headers.DAILY if re.fullmatch(machines, path) else headers.BRIEF


def test_feeds_and_data_are_for_everyone(host: Host) -> None:
    """Another site's page may read them; a page of the site is not for that."""
    for path in ("/donnees/merchants.json", "/flux/feed.json", "/etat.json"):
        assert host.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert host.get("/").headers["Access-Control-Allow-Origin"] is None
    assert host.get("/flux/atom.xml").headers["Content-Type"].startswith("application/atom+xml")
    assert host.get("/flux/feed.json").headers["Content-Type"].startswith("application/feed+json")


def test_what_is_not_there_is_said_in_the_readers_language(host: Host) -> None:
    """404 with the page of it, safe as any; rules for hosts are no page."""
    lost, english = host.get("/rien/"), host.get("/en/nothing/")

    assert (404, 404) == (lost.status, english.status)
    assert b'lang="fr-CA"' in lost.body
    assert b'lang="en-CA"' in english.body
    assert safety("/")["Content-Security-Policy"] == lost.headers["Content-Security-Policy"]
    assert host.get("/_headers").status == 404
    assert host.get("/fr/regions/").headers["Location"].endswith("/regions/")


def test_pages_travel_packed(host: Host) -> None:
    """gzip, where it is asked for."""
    assert host.get("/", packed=True).headers["Content-Encoding"] == "gzip"


def test_no_page_asks_for_anything_of_others(host: Host) -> None:
    """Over all pages: whatever is loaded comes from the site itself."""
    loads = "//script/@src | //img/@src | //link[not(@rel='canonical' or @rel='alternate')]/@href"
    foreign = [
        (path, url)
        for path, page in host.site.pages.items()
        for url in page.xpath(f"{loads} | //iframe/@src | //source/@srcset | //form/@action")
        if not LOCAL.match(url)
    ]
    inline = [
        path
        for path, page in host.site.pages.items()
        if page.xpath("//*[@style] | //style | //script[not(@src)][not(contains(@type, 'json'))]")
    ]

    assert ([], []) == (foreign, inline)


@pytest.mark.browser
def test_no_kind_of_page_breaks_its_policy(host: Host) -> None:
    """In a real Chromium, one page of each kind and language: no violation, no foreign request."""
    kinds: dict[tuple[str, str], str] = {}
    for path, page in host.site.pages.items():
        (kind,) = page.xpath("//main/@class") or [""]
        kinds.setdefault((page.get("lang"), kind), path)
    asked: list[str] = []
    broken: list[tuple[str, str]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        tab = browser.new_page()
        tab.on("request", lambda request: asked.append(request.url))
        for path in sorted(kinds.values()):
            told: list[str] = []
            tab.on("console", lambda message, told=told: told.append(message.text))
            tab.goto(host.base + path, wait_until="networkidle")
            broken += [(path, text) for text in told if "Content Security Policy" in text]
        browser.close()

    assert len(kinds) > 20
    assert [] == [url for url in asked if not url.startswith((host.base, "data:"))]
    assert [] == broken


def test_hosts_take_the_rules(host: Host) -> None:
    """_headers keeps to what Cloudflare takes, and says no header twice but the framing policy."""
    lines = (host.site.output / "_headers").read_text("utf-8").splitlines()
    paths = [line for line in lines if line.startswith("/")]

    assert len(paths) <= headers.MOST_RULES
    assert all(len(line) <= headers.LONGEST for line in lines)
    assert len(paths) == len(set(paths))
    assert [] == list(said_twice(host.site))


def said_twice(site: Example) -> Iterator[tuple[str, str]]:
    """Yield the files of which two rules say how long a copy lasts, or what it is: hosts join them."""
    rules: dict[str, list[str]] = {}
    for line in (site.output / "_headers").read_text("utf-8").splitlines():
        if line.startswith("/"):
            at = rules.setdefault(line, [])
        else:
            at.append(line.partition(":")[0].strip())
    for file in sorted(site.files):
        path = "/" + file.removesuffix("index.html")
        told = [n for rule, names in rules.items() if fnmatchcase(path, rule) for n in names]
        for name in ("Cache-Control", "Content-Type"):
            if told.count(name) > 1:
                yield path, name


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_examples_say_what_the_program_says(name: str) -> None:
    """Each policy and each life of a copy stands in both examples, word for word."""
    text = (HERE / "docs/hosting" / name).read_text("utf-8")
    said = [value for _, value in headers.everywhere()]
    said += [headers.UNFRAMED, headers.FRAMED]
    said += [headers.BRIEF, headers.FOREVER, headers.FRESH, headers.DAILY, headers.ASKED]
    said += [kind.partition(";")[0] for _, kind in headers.TYPES]

    assert [] == [value for value in said if value not in text]
