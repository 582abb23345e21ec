"""The sites that are measured: the neutral catalogue that Hugo builds too, or else a demo site."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("HALLES_SHARED_BENCH", ROOT.parent / "shared" / "bench"))
"""The neutral catalogue's scripts and the peers' sites; they may be absent."""
PRODUCTS, SEED = 10, 7
A_PAGE = 2.2
"""Inodes that a page takes, with its folder."""
SETTINGS = """\
[site]
title = { fr = "Banc d'essai", en = "Bench" }
base_url = "https://bench.example"
languages = ["fr"]
product_pages = "all"
page_size = 50
extras = []

[search]
on = false
"""
"""No calendars, cards or posters of merchants: none of the peers makes any.

Search is measured apart: `bench/search.py` turns it on.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site to build, and the same content in the forms that others build from."""

    merchants: int
    root: Path
    source: str
    """``shared``: the neutral catalogue, which the peers can build too; or ``demo``."""
    hugo: Path | None = None
    """A Hugo site of the same pages."""
    plain: Path | None = None
    """One plain YAML file a merchant, for the floor."""
    stock: Path | None = None
    """The neutral catalogue's first stock, from which the floor and Hugo build."""

    @property
    def output(self) -> Path:
        """Where halles publishes."""
        return self.root / "output"

    @property
    def said(self) -> Path:
        """What feeds have said of the site."""
        return self.root / "data" / "stock"

    @property
    def merchant(self) -> Path:
        """The file of the merchant that is edited; the neutral catalogue has it at every size."""
        files = sorted((self.root / "content" / "merchants").rglob("*.yaml"))
        return next((file for file in files if file.stem.endswith("-m00001")), files[0])

    @property
    def categories(self) -> Path:
        """The file of the categories."""
        return self.root / "content" / "categories.yaml"

    @property
    def template(self) -> Path:
        """The template of a merchant's page, in the site's own copy of the theme."""
        return self.root / "themes" / "marche" / "templates" / "merchant.html"


def make(work: Path, merchants: int, source: str = "") -> Site:
    """Return a site of so many merchants, made now unless an earlier run did."""
    source = source or ("shared" if (SHARED / "catalogue.py").is_file() else "demo")
    site = _shared(work, merchants) if source == "shared" else _demo(work, merchants)
    (site.root / "halles.toml").write_text(SETTINGS, "utf-8")
    _take_theme(site.root)
    put_back(site.root)
    silence(site)
    return site


def _shared(work: Path, merchants: int) -> Site:
    scripts = [SHARED / f"{name}.py" for name in ("catalogue", "halles_site", "prepare")]
    base = work / f"shared-{merchants}-{_stamp(*scripts, *sorted(SHARED.glob('peers/hugo/**/*')))}"
    catalogue, root, forms, hugo = (base / n for n in ("catalogue", "site", "forms", "hugo"))

    def fill() -> None:
        count = ["--merchants", merchants, "--products", PRODUCTS, "--seed", SEED]
        python(SHARED / "catalogue.py", *count, "--out", catalogue)
        python(SHARED / "halles_site.py", catalogue, root, "--languages", "fr")
        python(SHARED / "prepare.py", catalogue, forms, "--only", "yaml")
        give_hugo(hugo, catalogue / "stock.csv")

    _once(base, fill)
    return Site(
        merchants=merchants, root=root, source="shared", hugo=hugo,
        plain=forms / "yaml" / "merchants", stock=catalogue / "stock.csv",
    )  # fmt: skip


def _demo(work: Path, merchants: int) -> Site:
    base = work / f"demo-{merchants}-{_stamp(*sorted((ROOT / 'halles').glob('demo*.py')))}"
    root = base / "site"

    def fill() -> None:
        count = ["--merchants", merchants, "--products", PRODUCTS, "--seed", SEED]
        python(ROOT / "build.py", "demo", "--root", root, *count)

    _once(base, fill)
    return Site(merchants=merchants, root=root, source="demo")


def give_hugo(hugo: Path, stock: Path) -> None:
    """Give Hugo its site with this stock, joined to the merchants that lie beside the first one."""
    catalogue = hugo.parent / "catalogue"
    forms = hugo.parent / "forms"
    python(SHARED / "prepare.py", catalogue, forms, "--only", "hugo", "--stock", stock)
    _copy(SHARED / "peers" / "hugo", hugo)
    (hugo / "data").mkdir(exist_ok=True)
    (forms / "hugo.json").replace(hugo / "data" / "cat.json")


def silence(site: Site) -> None:
    """Put away what feeds have said, as if none ever had."""
    if site.said.exists():
        site.said.rename(tempfile.mkdtemp(prefix="said-", dir=site.root.parent) + "/stock")


def _once(folder: Path, fill: Callable[[], None]) -> None:
    """Fill a folder, unless it has been filled to the end before."""
    made = folder / "made"
    if made.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    fill()
    made.touch()


def _stamp(*files: Path) -> str:
    """Return a short name for what files hold, so that a new generator makes a new site."""
    found = hashlib.sha256()
    for file in files:
        if file.is_file():
            found.update(file.read_bytes())
    return found.hexdigest()[:8]


def python(*words: object) -> None:
    """Run a script to its end; what it says is passed on only if it fails."""
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()


def _copy(source: Path, target: Path) -> None:
    """Copy a folder's files, but not their permissions: what is shared may be read-only."""
    for file in sorted(source.rglob("*")):
        if file.is_file():
            place = target / file.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)


def _take_theme(root: Path) -> None:
    """Give the site its own copy of the theme as it is now, for a template to be edited in."""
    target = root / "themes" / "marche"
    if target.exists():
        shutil.rmtree(target)
    _copy(ROOT / "themes" / "marche", target)


def warm(folder: Path) -> None:
    """Read every file once, so that the first run finds them in memory as the next ones do."""
    for file in folder.rglob("*"):
        if file.is_file():
            file.read_bytes()


def compile_halles() -> None:
    """Have Python's bytecode in place, as on any machine that has built once before.

    Also where ``PYTHONDONTWRITEBYTECODE`` is set: every start would compile halles anew.
    """
    python("-m", "compileall", "-q", ROOT / "halles")


def room_for(work: Path, merchants: int, outputs: int) -> bool:
    """Tell whether the disk has inodes for so many whole outputs of a size."""
    pages = merchants * (1 + PRODUCTS) * 1.02
    return pages * A_PAGE * outputs < os.statvfs(work).f_favail * 0.9


# Edits: what an editor would do, a little differently each time, and undone at the end.

Edit = Callable[[str, int], str]
"""The text of a file and the number of the run, to its new text."""


@contextmanager
def edited(site: Site, file: Path) -> Iterator[Callable[[Edit, int], None]]:
    """Let a file be edited; its first text returns at the end, even if this process is killed."""
    kept = _kept(site.root) / file.relative_to(site.root)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, kept)
    text = file.read_text("utf-8")

    def edit(change: Edit, run: int) -> None:
        new = change(text, run)
        if new == text:
            raise ValueError(f"nothing to edit in {file.name}")
        file.write_text(new, "utf-8")

    try:
        yield edit
    finally:
        put_back(site.root)


def put_back(root: Path) -> None:
    """Undo the edits that are still there."""
    kept = _kept(root)
    for file in sorted(kept.rglob("*")):
        if file.is_file():
            file.replace(root / file.relative_to(kept))


def _kept(root: Path) -> Path:
    return root.parent / "before-edits"


def new_phone(text: str, run: int) -> str:
    """Give a merchant another telephone number."""
    return re.sub(r"(?m)^phone: .*$", f'phone: "418 555-{100 + run:04d}"', text, count=1)


def new_name(text: str, run: int) -> str:
    """Rename a merchant so that it moves to another place in every list it is in."""
    return re.sub(r'(?m)^name: "?([^"\n]*)"?$', rf'name: "Autre {run} \1"', text, count=1)


def new_category(category: str) -> Edit:
    """Return the edit that renames a category."""
    inside = re.compile(
        rf'(\bid: *"?{re.escape(category)}\b(?:(?!\bid:)[\s\S])*?\bfr: *)("[^"]*"|[^,}}\n]+)'
    )

    def edit(text: str, run: int) -> str:
        return inside.sub(lambda m: f'{m[1]}"{m[2].strip(chr(34))} {run}"', text, count=1)

    return edit


def main_category(merchant: Path) -> str:
    """Return the first category of a merchant."""
    found = re.search(r"(?m)^categories:\s*(?:\[\s*|-\s*)\"?([\w-]+)", merchant.read_text("utf-8"))
    if found is None:
        raise ValueError(f"{merchant.name} has no category")
    return found[1]


def seen_in_template(text: str, run: int) -> str:
    """Put an HTML comment into the page: every merchant's bytes change."""
    opening = "{% block main %}\n"
    return text.replace(opening, f"{opening}<!-- {run} -->\n", 1)


def unseen_in_template(text: str, run: int) -> str:
    """Put a template comment where nothing is printed: no page's bytes change."""
    return f"{{# {run} #}}{text}"
