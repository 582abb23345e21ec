"""A market small enough to read, in a folder of its own: the fixture of the laws."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from halles.notices import Notice
from halles.outcome import Options, Outcome
from halles.site import build

HERE = Path(__file__).parents[1]
MARCHE = HERE / "themes" / "marche"

SITE: dict[str, str] = {
    "halles.toml": """\
[site]
title = { fr = "Le petit marché", en = "The little market" }
base_url = "https://marche.example"
languages = ["fr", "en"]
page_size = 2

[search]
on = false

[map]
on = false
""",
    "content/categories.yaml": """\
- id: manger
  name: {fr: Manger, en: Eating}
  children:
    - id: pain
      name: {fr: Pain, en: Bread}
      synonyms: {fr: [miche], en: [loaf]}
      schema: Bakery
      children:
        - {id: levain, name: {fr: Levain, en: Sourdough}}
    - {id: fromage, name: {fr: Fromage, en: Cheese}}
- {id: lire, name: {fr: Lire, en: Reading}, schema: BookStore}
""",
    "content/labels.yaml": """\
- id: ici
  name: {fr: Fait ici, en: Made here}
  definition: {fr: Tout est d'ici., en: All of it is from here.}
  body: Les Gens d'ici
- {id: bio, name: {fr: Bio, en: Organic}, definition: {fr: Sans poison., en: No poison.}}
""",
    "content/regions/nord.md": """\
---
id: nord
code: "01"
name: {fr: Le Nord, en: The North}
centre: {lat: 48.5, lon: -68.5}
bounds: [[48.0, -70.0], [49.0, -67.0]]
---
Il y fait *frais*.
""",
    "content/regions/nord.en.md": "It is *cool* there.\n",
    "content/regions/sud.md": """\
---
id: sud
code: "02"
name: {fr: Le Sud, en: The South}
centre: {lat: 45.5, lon: -73.5}
bounds: [[45.0, -74.0], [46.0, -73.0]]
---
Il y fait doux.
""",
    "content/regions/est.md": """\
---
id: est
code: "03"
name: L'Est
centre: {lat: 47.5, lon: -65.5}
bounds: [[47.0, -66.0], [48.0, -65.0]]
---
""",
    "content/pages/a-propos.md": """\
---
id: a-propos
title: {fr: À propos, en: About}
slug: {fr: a-propos, en: about}
menu: footer
---
Qui nous sommes.
""",
    "content/pages/a-propos.en.md": "Who we are.\n",
    "content/campaigns/fete.md": """\
---
id: fete
title: {fr: La fête, en: The feast}
summary: {fr: On mange., en: We eat.}
starts_on: 2026-06-01
ends_on: 2026-07-01
categories: [manger]
---
À table!
""",
    "content/merchants/nord/al/alix.yaml": """\
id: alix
name: Boulangerie Alix
region: nord
municipality: Rimouski
address: {street: "12, rue du Four", postal_code: G5L 1A1}
location: {lat: 48.4488, lon: -68.5230}
phone: 418 555-0101
email: bonjour@alix.example
website: https://alix.example
categories: [pain]
tags: [levain]
description: Du pain, *pétri sur place*.
hours: Mo-Fr 08:00-17:30; PH off
origin: {label: ici, number: A-1, checked_on: 2026-05-01, valid_until: 2027-05-01}
products:
  - {sku: MICHE, name: Miche, price: "6.50", category: levain, description: Une miche.}
  - {sku: FICELLE, name: Ficelle, price: "2.00", category: pain}
  - {sku: CONFITURE, gtin: "0624153607116", name: Confiture, brand: Maison, price: "8.00"}
""",
    "content/merchants/nord/be/berthe.yaml": """\
id: berthe
name: Chez Berthe
region: nord
municipality: Matane
phone: 418 555-0102
categories: [manger, lire]
products:
  - {sku: CONF, gtin: "0624153607116", name: Confiture, price: "7.50"}
  - {sku: TARTE, name: {fr: Tarte, en: Pie}, price: "12.00", category: pain}
""",
    "content/merchants/nord/co/come.yaml": """\
id: come
name: Côme et fils
region: nord
categories: [fromage]
status: open
""",
    "content/merchants/sud/da/dalia.yaml": """\
id: dalia
name: {fr: Fromagerie Dalia, en: Dalia Cheese}
region: sud
municipality: Longueuil
location: {lat: 45.5, lon: -73.5}
categories: [fromage]
services: [pickup, delivery]
delivery: {radius_km: 20, fee: "5.00"}
payment: [cash]
products:
  - {sku: BRIE, name: Brie, price: "9.00", category: fromage, origin: {label: bio}}
  - {sku: POT, gtin: "4006381333931", name: Pot de miel, price: "10.00"}
""",
    "content/merchants/sud/el/elie.yaml": """\
id: elie
name: Livres Élie
region: sud
neq: "1143920115"
categories: [lire]
store_code: ELIE-1
""",
    "content/merchants/est/fa/fanny.yaml": """\
id: fanny
name: Fanny
region: est
status: closed
closed_on: 2026-04-01
categories: [pain]
products:
  - {sku: PAIN, name: Pain, price: "5.00"}
""",
}
"""Six merchants in three regions, two of them selling one GTIN, one closed."""


class Said(NamedTuple):
    """What a build left and said: the law compares these."""

    tree: dict[str, bytes]
    notices: tuple[tuple[Any, ...], ...]
    pages: int
    failed: tuple[tuple[str, str], ...]


def tree_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path from there."""
    found: dict[str, bytes] = {}
    _gather(os.fspath(folder), "", found)
    return found


def _gather(folder: str, start: str, found: dict[str, bytes]) -> None:
    if not os.path.isdir(folder):
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                with open(entry.path, "rb", buffering=0) as file:
                    found[start + entry.name] = file.read()
            elif not entry.is_symlink():
                _gather(entry.path, f"{start}{entry.name}/", found)


def words_of(notices: list[Notice]) -> tuple[tuple[Any, ...], ...]:
    """Return notices as plain values, in order."""
    return tuple(sorted(n.order for n in notices))


def said_by(root: Path, outcome: Outcome) -> Said:
    """Return what the law compares of a build that is done."""
    return said_with(tree_of(root / "output"), outcome)


def said_with(tree: Mapping[str, bytes], outcome: Outcome) -> Said:
    """Return the same of a build whose tree was looked at already."""
    failed = tuple(sorted((f.path, f.why) for f in outcome.failed))
    return Said(named(tree), words_of(outcome.notices), outcome.pages, failed)


def named(tree: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a site without the shards that it only keeps for pages that are open already.

    They are what a build from nothing cannot have: the one exception to its sameness.
    """
    manifest = json.loads(tree.get("stock/manifest.json", b"{}"))
    shards = {
        f"stock/{family}{i // 8}-{manifest[family][i : i + 8]}.json"
        for family in manifest.keys() - {"at"}
        for i in range(0, len(manifest[family]), 8)
    }
    return {
        path: body for path, body in tree.items()
        if path in shards or path == "stock/manifest.json" or not path.startswith("stock/")
    }  # fmt: skip


class Market:
    """A site in a folder, written, changed and built by a test."""

    def __init__(self, root: Path, files: Mapping[str, str | bytes] = SITE) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            self.write(path, text)

    # Its files

    def write(self, path: str, text: str | bytes) -> None:
        """Give a file this text, whatever it was."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self, path: str) -> str:
        """Return a file's text."""
        return (self.root / path).read_text("utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Put new words for old ones, which must be there."""
        text = self.read(path)
        assert old in text, f"{path} does not say {old!r}"
        self.write(path, text.replace(old, new))

    def remove(self, path: str) -> None:
        """Take a file or a folder away."""
        target = self.root / path
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()

    def move(self, path: str, to: str) -> None:
        """Give a file another place."""
        target = self.root / to
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).rename(target)

    def theme(self, name: str = "mien") -> None:
        """Take a theme of its own, that changes nothing of marche yet."""
        self.write(f"themes/{name}/theme.toml", f'name = "{name}"\nextends = "marche"\n')
        self.edit("halles.toml", "page_size", f'theme = "{name}"\npage_size')

    def inputs(self) -> dict[str, bytes]:
        """Return everything that a build is made of."""
        found = {"halles.toml": (self.root / "halles.toml").read_bytes()}
        for part in ("content", "data", "themes"):
            for path, body in tree_of(self.root / part).items():
                found[f"{part}/{path}"] = body
        return found

    # Its builds

    def build(self, **options: Any) -> Outcome:
        """Build it in this process."""
        return build(self.root, Options(**{"executor": "inline", **options}))

    def run(
        self, *flags: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Build it as people do, from the door."""
        return subprocess.run(
            self.command(*flags),
            capture_output=True,
            text=True,
            env={**os.environ, **(environment or {})},
            check=False,
        )

    def command(self, *flags: str) -> list[str]:
        """Return the words that build it from the door."""
        return [sys.executable, str(HERE / "build.py"), "build", "--root", str(self.root), *flags]

    def tree(self) -> dict[str, bytes]:
        """Return every published file."""
        return tree_of(self.root / "output")

    def said(self, **options: Any) -> Said:
        """Build, and return what the law compares."""
        return said_by(self.root, self.build(**options))

    def clean(self) -> Said:
        """Return what a build from nothing, of the same inputs in another folder, says."""
        with tempfile.TemporaryDirectory(dir=self.root.parent) as other:
            return Market(Path(other) / "clean", self.inputs()).said()


def differences(now: Said, clean: Said) -> Iterator[str]:
    """Yield what a build did otherwise than a clean one, for a person to read."""
    for path in sorted(now.tree.keys() | clean.tree.keys()):
        if path not in clean.tree:
            yield f"left over: {path}"
        elif path not in now.tree:
            yield f"missing: {path}"
        elif now.tree[path] != clean.tree[path]:
            yield f"stale: {path}{_first_difference(now.tree[path], clean.tree[path])}"
    for notice in now.notices:
        if notice not in clean.notices:
            yield f"said, and a clean build does not: {json.dumps(notice, ensure_ascii=False)}"
    for notice in clean.notices:
        if notice not in now.notices:
            yield f"not said, and a clean build does: {json.dumps(notice, ensure_ascii=False)}"
    if now.pages != clean.pages:
        yield f"{now.pages} pages, and a clean build has {clean.pages}"
    if now.failed != clean.failed:
        yield f"failed: {now.failed}, and of a clean build: {clean.failed}"


def _first_difference(now: bytes, clean: bytes) -> str:
    pairs = zip(now.split(b"\n"), clean.split(b"\n"), strict=False)
    for i, (a, b) in enumerate(pairs, 1):
        if a != b:
            return f"\n  line {i} is   {a[:300]!r}\n  clean: {b[:300]!r}"
    return " (one is longer)"
