"""A feed's bytes, made ready to be read: unpacked, told apart, and in UTF-8.

Bytes go by in blocks, once, on their way to a digest; a feed is never held in memory.
"""

import sys
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import zstandard

from halles.notices import Words
from halles.stock.forms import form_named

BLOCK = 512 * 1024
"""Half the longest line that is read: a line that is longer fills one block at least."""
ROOM = 4 * 1024**3
"""No feed is larger, unpacked."""
BOM = b"\xef\xbb\xbf"
_GZIP, _ZSTD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_KNOWN = {
    b"PK\x03\x04": Words("un fichier zip ou Excel", "a zip or Excel file"),
    b"PK\x05\x06": Words("un fichier zip vide", "an empty zip file"),
    b"\xd0\xcf\x11\xe0": Words("un ancien fichier Excel", "an old Excel file"),
    b"%PDF": Words("un PDF", "a PDF"),
    b"SQLite format 3": Words("une base SQLite", "an SQLite database"),
    b"7z\xbc\xaf\x27\x1c": Words("un fichier 7z", "a 7z file"),
    b"Rar!": Words("un fichier RAR", "a RAR file"),
    b"BZh": Words("un fichier bzip2", "a bzip2 file"),
    b"\xfd7zXZ": Words("un fichier xz", "an xz file"),
    b"\xff\xfe\0\0": Words("de l'UTF-32", "UTF-32"),
    _GZIP: Words("du gzip dans un fichier compressé", "gzip inside a compressed file"),
    _ZSTD: Words("du zstd dans un fichier compressé", "zstd inside a compressed file"),
    b"[": Words("un tableau JSON", "a JSON array"),
    b"<": Words("du XML ou du HTML", "XML or HTML"),
}
"""What people send instead of a feed, by its first bytes."""
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\v\f\r")


class FeedFault(Exception):
    """A feed cannot be taken in at all; says why, in French and English, and what to do."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.fr = fr
        self.en = en


class Opened(NamedTuple):
    """A feed that can be read: a file, what is in it, and the digest of what was sent."""

    path: Path
    form: str
    digest: bytes
    lines: int
    """How many there are, if each could be a row: none is quoted, broken or long; otherwise 0."""


class _Unpacker(Protocol):
    """What zlib and zstandard agree on."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def name_of(source: Path | None) -> str:
    """Return what people call a feed; standard input is ``-``."""
    return source.name if source else "-"


def open_feed(source: Path | None, form: str, scratch: Path) -> Opened:
    """Return a feed as a file that can be read; whatever is written goes into ``scratch``.

    The bytes decide before the name does: gzip, zstd and Parquet say what they are.

    Raises:
        FeedFault: there is nothing to read, or it is no feed.
    """
    name = name_of(source)
    try:
        return _opened(source, name, form, scratch)
    except (zlib.error, zstandard.ZstdError, EOFError):
        raise _unreadable(
            name,
            "est coupé ou abîmé : il ne se décompresse pas jusqu'au bout. Envoyez-le de nouveau",
            "is cut short or damaged: it cannot be unpacked to its end. Send it again",
        ) from None
    except OSError as fault:
        if source and source.parts[0] in ("http:", "https:", "s3:", "ftp:"):
            raise _unreadable(
                name,
                "est une adresse, et halles ne lit que des fichiers : curl … | build.py --stock -",
                "is an address, and halles reads files only: curl … | build.py --stock -",
            ) from None
        raise _unreadable(
            name,
            f"ne peut pas être lu : {fault.strerror}. Vérifiez le chemin et les droits",
            f"cannot be read: {fault.strerror}. Check its path and permissions",
        ) from None


def _opened(source: Path | None, name: str, form: str, scratch: Path) -> Opened:
    path = _as_file(source, name, scratch)
    with path.open("rb") as stream:
        first = stream.read(4)
        stream.seek(0)
        if first.startswith((_GZIP, _ZSTD)):
            blocks = _blocks(_unpacked(stream, first))
            path, survey = _kept(_sane(blocks, stream, name), scratch / "unpacked")
        else:
            survey = _Survey()
            for block in iter(lambda: stream.read(BLOCK), b""):
                survey.take(block)
    head = survey.head
    form = _form(head, form_named(form) or _by_suffix(source), name)
    digest = survey.digest.digest()
    if form == "parquet":
        return Opened(path, form, digest, lines=0)
    encoding = _encoding(survey, name)
    if encoding != "utf-8" or survey.cut:
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            pieces = iter(lambda: text.read(BLOCK), "")
            path, survey = _kept(_blocks(p.encode() for p in pieces), scratch / "utf-8")
    return Opened(path, form, digest, survey.lines)


def _as_file(source: Path | None, name: str, scratch: Path) -> Path:
    """Return a file of the feed whose name means nothing to anyone; a pipe is copied."""
    path = scratch / "feed"
    if source and (source.is_file() or source.is_dir() or not source.exists()):
        path.symlink_to(source.absolute())
        return path
    with path.open("wb") as copy, source.open("rb") if source else sys.stdin.buffer as stream:
        for block in iter(lambda: stream.read(BLOCK), b""):
            copy.write(block)
            if copy.tell() > ROOM:
                raise _too_large(name)
    return path


def _unpacked(stream: BinaryIO, first: bytes) -> Iterator[bytes]:
    """Yield what a packed file holds, little by little: a bomb is met one bang at a time."""
    new = _gunzip if first.startswith(_GZIP) else _unzstd
    unpacker = new()
    for piece in iter(lambda: stream.read(1024), b""):
        rest = piece
        while rest:
            if unpacker.eof:
                rest = rest.lstrip(b"\0")
                unpacker = new() if rest else unpacker
            if rest:
                yield unpacker.decompress(rest)
                rest = unpacker.unused_data if unpacker.eof else b""
    if not unpacker.eof:
        raise EOFError


def _gunzip() -> _Unpacker:
    return zlib.decompressobj(wbits=31)


def _unzstd() -> _Unpacker:
    unpacker: _Unpacker = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
    return unpacker


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in blocks of one size."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= BLOCK:
            yield bytes(held[:BLOCK])
            del held[:BLOCK]
    if held:
        yield bytes(held)


def _sane(blocks: Iterable[bytes], packed: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the blocks, unless they are more than a feed could ever pack so small."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > ROOM or (size > 64 * 1024**2 and size > 2000 * packed.tell()):
            raise _too_large(name)
        yield block


def _kept(blocks: Iterable[bytes], path: Path) -> tuple[Path, "_Survey"]:
    """Write the blocks into a file, and return it with what is known of it."""
    survey = _Survey()
    with path.open("wb") as copy:
        for block in blocks:
            survey.take(block)
            copy.write(block)
    return path, survey


class _Survey:
    """What is learnt of bytes while they go by."""

    def __init__(self) -> None:
        self.digest = blake2b(digest_size=16)
        self.head = b""
        self.utf8 = True
        self._simple = True
        self._ends = {b"\n": 0, b"\r": 0, b"\r\n": 0}
        self._last = b"\n"
        self._decoder = getincrementaldecoder("utf-8")()

    def take(self, block: bytes) -> None:
        """Look at the next block."""
        self.digest.update(block)
        self.head = self.head or block
        self._simple = self._simple and not (
            b'"' in block or b"\0" in block or (len(block) == BLOCK and b"\n" not in block)
        )
        self._count(block)
        self._last = block[-1:]
        self.utf8 = self.utf8 and self._decodes(block)

    def _count(self, block: bytes) -> None:
        self._ends[b"\n"] += block.count(b"\n")
        if b"\r" in block or self._last == b"\r":
            self._ends[b"\r"] += block.count(b"\r")
            self._ends[b"\r\n"] += (self._last + block).count(b"\r\n")

    def _decodes(self, block: bytes) -> bool:
        if block.isascii() and not self._decoder.getstate()[0]:
            return True
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError:
            return False
        return True

    @property
    def cut(self) -> bool:
        """Tell whether the text ends in the middle of a character."""
        return bool(self._decoder.getstate()[0])

    @property
    def lines(self) -> int:
        """Count the lines, if each could be a row, the first is not blank, and all end alike."""
        line_feeds, returns, both = self._ends.values()
        alike = returns == both and both in (0, line_feeds)
        blank = self.head.removeprefix(BOM)[:1] in b"\r\n"
        if not self._simple or not alike or blank:
            return 0
        return line_feeds + (self._last != b"\n")


def _by_suffix(source: Path | None) -> str:
    return form_named("".join(source.suffixes)) if source else ""


def _form(head: bytes, form: str, name: str) -> str:
    """Return what the bytes are: what they say themselves, else what was asked, else a guess."""
    start = head.removeprefix(BOM).lstrip()
    if head.startswith(_PARQUET):
        return "parquet"
    if form == "parquet":
        raise _unreadable(
            name,
            "n'est pas du Parquet. Envoyez-le de nouveau, ou dites sa vraie forme",
            "is not Parquet. Send it again, or say what its form really is",
        )
    for magic, words in _KNOWN.items():
        if start.startswith(magic):
            raise _unreadable(
                name,
                f"est {words.fr}, pas un flux. Envoyez du CSV, du JSON Lines ou du Parquet, "
                "seul ou compressé par gzip ou zstd",
                f"is {words.en}, not a feed. Send CSV, JSON Lines or Parquet, as it is or "
                "packed by gzip or zstd",
            )
    return form or ("jsonl" if start.startswith(b"{") else "txt")


def _encoding(survey: _Survey, name: str) -> str:
    """Return the encoding of a text; Windows-1252 if it can be no other."""
    if survey.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = survey.head[: 64 * 1024]
    if len(sample) - len(sample.translate(None, _CONTROL)) > len(sample) / 10:
        raise _unreadable(
            name,
            "n'est pas du texte. Envoyez du CSV ou du JSON Lines en UTF-8, ou du Parquet",
            "is not text. Send CSV or JSON Lines in UTF-8, or Parquet",
        )
    return "utf-8" if survey.utf8 else "cp1252"


def _unreadable(name: str, fr: str, en: str) -> FeedFault:
    return FeedFault("unreadable", f"le flux {name} {fr}.", f"the feed {name} {en}.")


def _too_large(name: str) -> FeedFault:
    return _unreadable(
        name,
        "grossit sans mesure quand il se décompresse. Vérifiez d'où il vient",
        "grows beyond measure when it is unpacked. Check where it comes from",
    )
