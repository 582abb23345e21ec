"""Pagefind's files as they are published: a reader pays for each byte of them on a phone.

Pagefind names every record by a digest, nine bytes each before anything can be asked, and makes
words to be found of all that a record shows: its coordinates, its price. A bundle's folder is named
by its bytes, so that inside it numbers will do; and what is shown comes in when all is indexed.
"""

import json
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

MARK = b"pagefind_dcd"
"""What Pagefind's packed files begin with, once unpacked."""
META, ENTRY = ".pf_meta", "pagefind-entry.json"
_HEAD = b"\x1f\x8b\x08\0\0\0\0\0\2\xff"
"""Of a gzip file without a name, a time or a system."""
_pack = msgspec.json.Encoder().encode
_unpack = msgspec.json.Decoder(dict[str, Any]).decode


class Shown(NamedTuple):
    """What is read of a record: its words, each at the place of the one indexed, and the rest."""

    content: str
    meta: Mapping[str, str]


class File(NamedTuple):
    """A file of an index, by its path from the index's own folder."""

    name: str
    body: bytes


def packed(files: Sequence[File], shown: Mapping[str, Shown]) -> Iterator[File]:
    """Yield an index with numbers for digests; ``shown`` is what each address shows.

    Raises:
        ValueError: these are not the files that this halles knows.
    """
    metas = {f.name: _open(f.body) for f in files if f.name.endswith(META)}
    records = {f.name: _records(f) for f in files if f.name.startswith("fragment/")}
    known = {_parts(f.name)[1] for f in files if "/" in f.name}
    known.update(name for told in records.values() for name in told)
    numbers = _numbered(metas, known)
    if lost := known - numbers.keys():
        raise ValueError(f"{min(lost)} is in no {META}")
    for file in files:
        folder, stem, ending = _parts(file.name)
        if file.name in metas:
            lang = _lang(file.name)
            meta = _names(lang).sub(lambda n: _other(n[0], numbers), metas[file.name])
            yield File(f"pagefind.{lang}{META}", _close(meta))
        elif file.name == ENTRY:
            yield File(ENTRY, _entry(file.body))
        elif file.name in records:
            told = {numbers[n]: _shown(one, shown) for n, one in records[file.name].items()}
            alone = stem in records[file.name]
            body = _pack(told[numbers[stem]] if alone else told)
            yield File(f"{folder}{numbers[stem]}.{ending}", _close(MARK + body))
        elif folder:
            yield File(f"{folder}{numbers[stem]}.{ending}", file.body)
        else:
            yield file


def _parts(name: str) -> tuple[str, str, str]:
    """Return a file's folder, with its slash, its own name, and its ending."""
    at = name.rfind("/") + 1
    stem, _, ending = name[at:].rpartition(".")
    return name[:at], stem, ending


def _lang(name: str) -> str:
    return name.removeprefix("pagefind.").partition("_")[0]


def _names(lang: str) -> re.Pattern[bytes]:
    return re.compile(lang.encode() + rb"_(?:group_)?[0-9a-f]{7,}")


def _numbered(metas: Mapping[str, bytes], known: set[str]) -> dict[str, str]:
    """Return a number for each digest that holds an index together, in order, and as long as it.

    As long, so that what is written around it stays as it is: a text goes after its length.
    """
    numbers: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name, meta in metas.items():
        for found in _names(_lang(name)).findall(meta):
            digest = found.decode()
            if digest in known and digest not in numbers:
                start, _, digits = digest.rpartition("_")
                numbers[digest] = f"{start}_{counts[start]:0{len(digits)}x}"
                counts[start] += 1
    return numbers


def _other(found: bytes, numbers: Mapping[str, str]) -> bytes:
    return numbers.get(found.decode(), found.decode()).encode()


def _entry(body: bytes) -> bytes:
    """Return the entry with a name for each language's metadata that is known before it is read."""
    told = json.loads(body)
    for lang, index in told["languages"].items():
        index["hash"] = lang
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _records(file: File) -> dict[str, Any]:
    """Return what is shown of the records of one file, by name; one alone has its file's."""
    told = _unpack(_open(file.body)[len(MARK) :])
    return {_parts(file.name)[1]: told} if "word_count" in told else told


def _shown(one: dict[str, Any], shown: Mapping[str, Shown]) -> dict[str, Any]:
    """Return a record without what nobody reads, and with what is read for what is searched."""
    content, meta = shown[one["url"]]
    return {
        "url": one["url"], "content": content, "word_count": one["word_count"],
        "meta": meta, "anchors": [],
    }  # fmt: skip


def _open(body: bytes) -> bytes:
    try:
        return zlib.decompress(body, wbits=31)
    except zlib.error as fault:
        raise ValueError(str(fault)) from None


def _close(body: bytes) -> bytes:
    press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    inside = press.compress(body) + press.flush()
    return _HEAD + inside + struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)
