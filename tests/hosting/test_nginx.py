"""The site on nginx, with docs/hosting/nginx.conf as it stands: what a visitor's browser is told."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from halles import headers
from tests.audit.browser import under_policy
from tests.example import Example
from tests.hosting.nginx import NGINX, Host
from tests.market import HERE

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


class Stall(Host):
    """The example site on nginx."""

    def __init__(self, site: Example, folder: Path) -> None:
        self.site = site
        super().__init__(self.site.output, folder)


@pytest.fixture(scope="module")
def host(with_stock: Example, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stall]:
    """Return the example site, on nginx."""
    if not os.access(NGINX, os.X_OK):
        pytest.skip("there is no nginx; on Debian: apt-get install nginx-light")
    found = Stall(with_stock, tmp_path_factory.mktemp("nginx"))
    yield found
    found.close()


def safety(path: str) -> dict[str, str]:
    """Return what must be said with a file, whatever it is."""
    said = dict(headers.everywhere())
    framed = re.match(r"/(en/)?widget/", path)
    said["Content-Security-Policy"] += f"; {headers.FRAMED if framed else headers.UNFRAMED}"
    return said


def test_every_file_is_served_safe_and_of_its_type(host: Stall) -> None:
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
    if re.match(r"/pagefind/[^/]+/|/points/of/", path):
        return headers.FOREVER
    if path == "/sw.js":
        return headers.ASKED
    if path == "/etat.json" or re.fullmatch(r"/(stock|points|pagefind)/manifest\.json", path):
        return headers.FRESH
    machines = (
        r"/(robots|humans)\.txt|/sitemap.*|/(en/)?(opensearch\.xml|manifest\.webmanifest)"
        r"|/\.well-known/.*"
    )
    return headers.DAILY if re.fullmatch(machines, path) else headers.BRIEF


def test_feeds_and_data_are_for_everyone(host: Stall) -> None:
    """Another site's page may read them; a page of the site is not for that."""
    for path in ("/donnees/merchants.json", "/flux/feed.json", "/etat.json"):
        assert host.get(path).headers["Access-Control-Allow-Origin"] == "*"
    assert host.get("/").headers["Access-Control-Allow-Origin"] is None
    assert host.get("/flux/atom.xml").headers["Content-Type"].startswith("application/atom+xml")
    assert host.get("/flux/feed.json").headers["Content-Type"].startswith("application/feed+json")


def test_what_is_not_there_is_said_in_the_readers_language(host: Stall) -> None:
    """404 with the page of it, safe as any; rules for hosts are no page."""
    lost, english = host.get("/rien/"), host.get("/en/nothing/")

    assert (404, 404) == (lost.status, english.status)
    assert b'lang="fr-CA"' in lost.body
    assert b'lang="en-CA"' in english.body
    assert safety("/")["Content-Security-Policy"] == lost.headers["Content-Security-Policy"]
    assert host.get("/_headers").status == 404
    assert host.get("/fr/regions/").headers["Location"].endswith("/regions/")


def test_pages_travel_packed(host: Stall) -> None:
    """gzip, where it is asked for."""
    assert host.get("/", packed=True).headers["Content-Encoding"] == "gzip"


def test_no_page_asks_for_anything_of_others(host: Stall) -> None:
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
def test_no_kind_of_page_breaks_its_policy(host: Stall, chromium: Any) -> None:
    """In a real Chromium, one page of each kind and language: no violation, no foreign request."""
    kinds: dict[tuple[str, str], str] = {}
    for path, page in host.site.pages.items():
        (kind,) = page.xpath("//main/@class") or [""]
        kinds.setdefault((page.get("lang"), kind), path)

    assert len(kinds) > 20
    assert ([], []) == under_policy(chromium, host.base, sorted(kinds.values()))


def test_hosts_take_the_rules(host: Stall) -> None:
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
