"""The example site, built once for whoever looks at its pages."""

import os
import shutil
import tempfile
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urldefrag

from lxml import html

from halles.digest import digest
from halles.outcome import Options, Outcome
from halles.site import PACKAGE, build
from tests.market import HERE

BASE = "https://halles.example"


def share_drawings(root: Path) -> None:
    """Let a site find what was drawn for another, as any may: to draw takes most of a first build.

    What is drawn otherwise is drawn elsewhere.
    """
    how = b"".join(p.read_bytes() for p in sorted((PACKAGE / "pictures").glob("*.py")))
    drawn = Path(tempfile.gettempdir()) / f"halles-drawings-{os.getuid()}-{digest(how).hex()[:12]}"
    drawn.mkdir(exist_ok=True)
    (root / ".halles").mkdir(parents=True, exist_ok=True)
    (root / ".halles" / "media").symlink_to(drawn)


class Example:
    """The example content, built in a folder of its own."""

    def __init__(
        self, root: Path, policy: str = "all", page_size: int = 50, search: bool = False
    ) -> None:
        self.root = root
        self.output = root / "output"
        shutil.copytree(HERE / "content", root / "content")
        settings = (HERE / "halles.toml").read_text("utf-8")
        settings = settings.replace('product_pages = "all"', f'product_pages = "{policy}"')
        settings = settings.replace("page_size = 50", f"page_size = {page_size}")
        settings = settings.replace("[search]\non = true", f"[search]\non = {str(search).lower()}")
        (root / "halles.toml").write_text(settings, "utf-8")
        share_drawings(root)
        self.outcome: Outcome = build(root, Options(executor="inline"))

    @cached_property
    def files(self) -> frozenset[str]:
        """Every published file, from the site's root."""
        found = (path for path in self.output.rglob("*") if path.is_file())
        return frozenset(path.relative_to(self.output).as_posix() for path in found)

    @cached_property
    def pages(self) -> dict[str, html.HtmlElement]:
        """Every page, by its address."""
        found = {}
        for file in sorted(self.files):
            if file.endswith(".html"):
                body = (self.output / file).read_bytes().decode()
                found[f"/{file.removesuffix('index.html')}"] = html.document_fromstring(body)
        return found

    def body(self, path: str) -> bytes:
        """Return the bytes that stand at an address."""
        return (self.output / file_at(path)).read_bytes()

    def there(self, url: str) -> bool:
        """Tell whether an address, the site's own or from its root, is answered for."""
        path, anchor = urldefrag(unquote(url.removeprefix(BASE)))
        if anchor and file_at(path).endswith(".html"):
            return bool(self.pages[path].xpath("//*[@id=$id]", id=anchor))
        return file_at(path) in self.files


def file_at(path: str) -> str:
    """Return the file that answers for an address."""
    return f"{path[1:]}index.html" if path.endswith("/") else path[1:]
