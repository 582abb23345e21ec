"""The work of making a bundle: records in, files under output/ and a receipt out."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from halles.addresses import file_of
from halles.digest import digest
from halles.publish import Output
from halles.search.cut import Cut, holds
from halles.search.packing import ENTRY, META, File
from halles.search.pagefind import ENGINE, Failure, Indexer, index
from halles.search.records import Bearing, Found
from halles.search.texts import vocabulary
from halles.search.whose import Whose, records_of

_pack = msgspec.msgpack.Encoder().encode
SITE = "site"
"""The bundle that the others are merged into: it holds Pagefind itself, and both languages."""


class BundleJob(Struct, array_like=True):
    """A bundle to make: of whom, or for the site's own the records themselves."""

    lang: str
    region: str
    cut: Cut
    whose: Whose = Whose()
    records: list[tuple[str, Found]] = []
    known: str = ""
    """The address that it has been published at, if nothing has to be written there again."""


class Made(Struct, array_like=True):
    """A bundle that stands: where, and what the manifest and the words of its region tell of it."""

    lang: str
    region: str
    name: str
    path: str = ""
    files: list[tuple[str, bytes]] = []
    """Addresses, and what stands for their bytes."""
    records: int = 0
    meta: int = 0
    """Bytes of it that come before anything can be asked."""
    whole: int = 0
    words: bytes = b""
    """How many records have each word, encoded."""
    failed: str = ""
    """Why there is none: ``late``, ``room`` or ``failed``."""
    said: str = ""


class BundleWork:
    """Makes bundles; it can travel to where that is done."""

    def __init__(self, bearing: Bearing, indexer: Indexer, output: Path, scratch: Path) -> None:
        self.bearing, self.indexer = bearing, indexer
        self.output, self.scratch = output, scratch
        self._hangs = False
        """Whether the indexer was waited for in vain once: it is not, for each bundle."""

    def __call__(self, raw: bytes) -> bytes:
        """Do one job: a BundleJob in, a Made out."""
        return _pack(self._make(msgspec.msgpack.decode(raw, type=BundleJob)))

    def _make(self, job: BundleJob) -> Made:
        made = Made(job.lang, job.region, job.cut.name)
        found = job.records or sorted(_records(job, self.bearing), key=_in_order)
        folder = self.scratch / f"{job.lang}.{job.cut.name}"
        if self._hangs:
            made.failed = "late"
            return made
        try:
            files = index(self.indexer, found, folder)
        except Failure as failure:
            made.failed, made.said = failure.code, failure.said
            self._hangs = failure.code == "late"
            return made
        if job.cut.name != SITE:
            own = (ENGINE, "wasm.")
            files = [file for file in files if not file.name.startswith(own)]
        start = "/pagefind/" if job.cut.name == SITE else f"/pagefind/{job.lang}/"
        made.path = f"{start}{job.cut.name}.{_name_of(files)}/"
        files.append(_listing(made.path, files))
        made.files = [(made.path + file.name, digest(file.body)[:8]) for file in files]
        made.records = len(found)
        made.meta = sum(len(f.body) for f in files if f.name.endswith((META, ENTRY)))
        made.whole = sum(len(f.body) for f in files)
        made.words = _pack(_words(found))
        if made.path != job.known:
            output = Output(self.output)
            for file in files:
                output.put_unnamed(file_of(made.path + file.name), file.body)
        return made


def _records(job: BundleJob, bearing: Bearing) -> Iterator[tuple[str, Found]]:
    """Yield the records of a bundle."""
    wanted = frozenset(job.cut.cells)
    for who, cells in records_of(job.whose, bearing, (job.lang,), wanted):
        if holds(job.cut, who):
            for (region, cell), of in cells.items():
                if region == job.region and cell in wanted:
                    yield from ((job.lang, one) for one in of[job.lang])


def _in_order(found: tuple[str, Found]) -> tuple[str, str]:
    """Return where a record stands: beside those of its name, that are told in fewer bytes so."""
    return found[1].title, found[1].url


def _name_of(files: list[File]) -> str:
    parts = [b"%s\0%s" % (file.name.encode(), digest(file.body)) for file in files]
    return digest(b"".join(parts)).hex()[:10]


def _listing(path: str, files: list[File]) -> File:
    """Return the file that names the others, for who keeps a bundle to search it offline."""
    return File("files.json", json.dumps([path + f.name for f in files]).encode() + b"\n")


def _words(found: list[tuple[str, Found]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for _, one in found:
        counts.update(vocabulary(one.content))
    return sorted(counts.items())


def unpack_made(answer: bytes) -> Made:
    """Return what a BundleWork answered."""
    return msgspec.msgpack.decode(answer, type=Made)


def pack_job(job: Any) -> bytes:
    """Return a job ready to travel."""
    return _pack(job)
