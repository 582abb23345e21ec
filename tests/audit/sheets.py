"""One look at every file of an output: what each page is, weighs, links to and names twice."""

import gzip
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, cached_property, partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag

from lxml import html

PACKED = 6
"""How hard docs/hosting/nginx.conf packs."""
BATCH = 100
SCRIPTS = "//script[@src]/@src | //link[@rel='modulepreload']/@href"
IMPORTED = re.compile(r"""^(?:import|export)\b[^'";()=]*['"]([^'"]+)['"]""", re.MULTILINE)


class Sheet(NamedTuple):
    """What one look at a page tells."""

    path: str
    kind: str
    lang: str
    twin: str
    found: bool
    """Whether search engines may list it."""
    described: bool
    offers: int
    """How many merchants offer the product that it is about."""
    packed: int
    """Bytes of its HTML on the wire."""
    loads: tuple[str, ...]
    """Its styles and scripts; what scripts import is not among them."""
    ids: frozenset[str]
    twice: tuple[str, ...]
    anchors: tuple[tuple[str, str], ...]
    broken: tuple[str, ...]


class Output:
    """A site as it was published: a folder of files, and the sheets of its pages."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "output"
        settings = tomllib.loads((root / "halles.toml").read_text("utf-8"))
        self.base: str = settings["site"]["base_url"].rstrip("/")

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """Every page's sheet, by its address."""
        files = sorted(f.relative_to(self.folder).as_posix() for f in self.folder.rglob("*.html"))
        batches = [files[i : i + BATCH] for i in range(0, len(files), BATCH)]
        with ProcessPoolExecutor() as pool:
            looked = pool.map(partial(_look, self.folder, self.base), batches)
            return {sheet.path: sheet for some in looked for sheet in some}

    @cached_property
    def sitemap(self) -> frozenset[str]:
        """The pages that the sitemap names, whatever its parts."""
        locations: set[str] = set()
        for part in self.folder.glob("sitemap*.xml"):
            locations.update(re.findall(r"<loc>([^<]+)</loc>", part.read_text("utf-8")))
        paths = (url.removeprefix(self.base) for url in locations)
        return frozenset(path for path in paths if path.endswith("/"))

    def broken(self) -> list[tuple[str, str]]:
        """Return each link that leads nowhere, and each anchor that its page does not have."""
        lost = [(s.path, link) for s in self.sheets.values() for link in s.broken]
        for sheet in self.sheets.values():
            for path, anchor in sheet.anchors:
                if path in self.sheets and anchor not in self.sheets[path].ids:
                    lost.append((sheet.path, f"{path}#{anchor}"))
        return lost

    def weight(self, sheet: Sheet) -> int:
        """Return what a page is on the wire: its HTML, its styles, its scripts and their imports."""
        loads, rest = set(sheet.loads), list(sheet.loads)
        while rest:
            asset = rest.pop()
            for other in self._imports(asset):
                if other not in loads:
                    loads.add(other)
                    rest.append(other)
        return sheet.packed + sum(self._packed(asset) for asset in loads)

    @cache  # noqa: B019 - an output is looked at once, and then the program ends
    def _packed(self, asset: str) -> int:
        return len(gzip.compress((self.folder / asset[1:]).read_bytes(), PACKED))

    @cache  # noqa: B019
    def _imports(self, asset: str) -> tuple[str, ...]:
        if not asset.endswith(".js"):
            return ()
        text = (self.folder / asset[1:]).read_text("utf-8")
        beside = asset.rpartition("/")[0]
        found = IMPORTED.findall(text)
        return tuple(n if n.startswith("/") else f"{beside}/{n.removeprefix('./')}" for n in found)


def _look(folder: Path, base: str, files: list[str]) -> list[Sheet]:
    @cache
    def there(file: str) -> bool:
        return (folder / file).is_file()

    return [_sheet(folder, base, file, there) for file in files]


def _sheet(folder: Path, base: str, file: str, there: Callable[[str], bool]) -> Sheet:
    body = (folder / file).read_bytes()
    page = html.document_fromstring(body.decode())
    path = "/" + file.removesuffix("index.html")
    ids = Counter(page.xpath("//@id"))
    anchors, broken = set(), []
    for url in {str(u) for u in page.xpath("//@href | //@src | //@action | //@content")}:
        if not url.startswith(("/", "#", f"{base}/")) or url.startswith("//"):
            continue
        target, anchor = urldefrag(unquote(url.removeprefix(base)))
        target = (target or path).partition("?")[0]
        if not there(f"{target[1:]}index.html" if target.endswith("/") else target[1:]):
            broken.append(url)
        elif anchor and not target.endswith(".svg"):
            anchors.add((target, anchor))
    tongues = page.xpath(
        "//a[@class='tongue']/@href | //link[@rel='alternate'][@hreflang!='x-default'][not(starts-with(@hreflang, $l))]/@href",
        l=page.get("lang")[:2],
    )
    loads = page.xpath("//link[@rel='stylesheet']/@href") + page.xpath(SCRIPTS)
    return Sheet(
        path=path,
        kind=page.xpath("string(//main/@class)").partition(" ")[0],
        lang=page.get("lang")[:2],
        twin=str(next(iter(tongues), "")).removeprefix(base),
        found=not page.xpath("//meta[@name='robots'][contains(@content, 'noindex')]"),
        described=bool(page.xpath("//meta[@name='description'][@content!='']")),
        offers=len(page.xpath("//main[@class='product']//div[@class='slate']/ul/li")),
        packed=len(gzip.compress(body, PACKED)),
        loads=tuple(sorted(set(map(str, loads)))),
        ids=frozenset(map(str, ids)),
        twice=tuple(sorted(str(i) for i, n in ids.items() if n > 1)),
        anchors=tuple(sorted(anchors)),
        broken=tuple(sorted(broken)),
    )
