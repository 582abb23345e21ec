"""Pagefind, run as a command: records in, the files of an index out. Nothing else knows of it.

It is spoken to as its own wrappers do, by messages on its standard input, since only so the
records' order is ours: over a folder it takes files as the disk lists them, and the same records
give other bytes on another disk. All is said at once, and one answer waited for: its wrapper for
Python answers ten messages a second.
"""

import base64
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from halles.search.packing import ENTRY, META, File, Shown, packed
from halles.search.records import Found
from halles.search.texts import index_copy, shown_copy

NAMES = ("pagefind_extended", "pagefind")
A_RECORD, AT_LEAST = 0.01, 60.0
"""Seconds that indexing may take, thirty times what it does, before it is taken to hang."""
ROOM_A_RECORD, ROOM = 4_000, 16_000_000
"""Bytes that must be free on the disk: a full one makes Pagefind wait for ever."""
TOGETHER = 16
"""Records whose shown part shares a file: two kilobytes, fetched for one of them."""
A_CHUNK = {"PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE": "5000"}
"""Places of words in one file, a quarter of what Pagefind takes: one word fetches all of it."""
ENGINE = "pagefind.js"
_MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}


class Indexer(Struct, frozen=True):
    """Where Pagefind is, and which one it is."""

    path: str
    make: str


class Failure(Exception):
    """No index came of it; ``code`` says why: ``late``, ``room`` or ``failed``."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(said)
        self.code, self.said = code, said


def find_indexer(*roots: Path) -> Indexer | None:
    """Return the Pagefind that npm installed below one of these folders, or that is on the path.

    ``PAGEFIND_BINARY_PATH`` names another, as it does for Pagefind's own wrappers.
    """
    for path in _places(roots):
        if os.access(path, os.X_OK) and path.is_file():
            return Indexer(str(path), f"{_version(path)} {path.stat().st_size}")
    return None


def _places(roots: Iterable[Path]) -> Iterator[Path]:
    named = [os.environ.get(f"{name.upper()}_BINARY_PATH") for name in NAMES]
    if any(named):
        yield from (Path(path) for path in named if path)
        return
    machine = _MACHINES.get(platform.machine().lower(), platform.machine())
    package = f"{'windows' if sys.platform == 'win32' else sys.platform}-{machine}"
    for root in roots:
        for name in NAMES:
            yield root / "node_modules" / "@pagefind" / package / "bin" / name
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))


def _version(path: Path) -> str:
    try:
        told = json.loads((path.parent.parent / "package.json").read_bytes())
        return str(told.get("version", ""))
    except (OSError, ValueError, AttributeError):
        return ""


def index(indexer: Indexer, found: Iterable[tuple[str, Found]], folder: Path) -> list[File]:
    """Return the index of some records, each with its language; ``folder`` is worked in.

    Raises:
        Failure: Pagefind hangs, breaks off, or there is no room for what it writes.
    """
    messages, shown = [b""], {}
    for number, (lang, one) in enumerate(found, 1):
        said = {
            "type": "AddRecord", "index_id": 0, "url": one.url,
            "content": index_copy(one.content), "language": lang,
            "meta": {"title": one.title}, "filters": one.filters,
        }  # fmt: skip
        shown[one.url] = Shown(shown_copy(one.content), one.meta)
        messages.append(_message(number, said))
    count = len(messages) - 1
    groups = max(1, -(-count // TOGETHER))
    messages[0] = _message(0, {"type": "NewIndex", "config": {"max_fragments": groups}})
    last = {"type": "WriteFiles", "index_id": 0, "output_path": str(folder.absolute())}
    messages.append(_message(count + 1, last))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if shutil.disk_usage(folder).free < ROOM + ROOM_A_RECORD * count:
        raise Failure("room")
    try:
        _converse(indexer, messages, AT_LEAST + A_RECORD * count)
        return list(packed(sorted(_read(folder)), shown))
    except ValueError as fault:
        raise Failure("failed", str(fault)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _message(number: int, said: dict[str, object]) -> bytes:
    return base64.b64encode(msgspec.json.encode({"message_id": number, "payload": said})) + b","


def _converse(indexer: Indexer, messages: list[bytes], limit: float) -> None:
    """Say everything, and read the answers until the last one has come."""
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; the program is the operator's own
            [indexer.path, "--service"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, **A_CHUNK},
        )  # fmt: skip
    except OSError as fault:
        raise Failure("failed", fault.strerror or "") from None
    assert process.stdin and process.stdout
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(process)

    def say() -> None:
        assert process.stdin
        with suppress(OSError):  # it broke off: the answers that do not come tell
            process.stdin.write(b"".join(messages))
            process.stdin.flush()

    alarm, speaker = threading.Timer(limit, stop), threading.Thread(target=say)
    alarm.start()
    speaker.start()
    try:
        answered, tail = 0, b""
        while answered < len(messages):
            some = os.read(process.stdout.fileno(), 1 << 18)
            if not some:
                break
            answered += some.count(b",")
            tail = (tail + some)[-65536:]
    finally:
        alarm.cancel()
        _kill(process)  # it has written its files, or never will
        speaker.join()
        with suppress(OSError):
            process.stdin.close()
        process.stdout.close()
        process.wait()
    if late.is_set():
        raise Failure("late")
    told = _last(tail)
    if answered < len(messages) or told.get("type") != "WriteFiles":
        raise Failure("failed", str(told.get("message", "")))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started: whoever holds its pipe is waited for."""
    with suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)


def _last(tail: bytes) -> dict[str, object]:
    parts = tail.rstrip(b",").rsplit(b",", 1)
    try:
        said = json.loads(base64.b64decode(parts[-1]))
        payload = said["payload"]
        return payload if isinstance(payload, dict) else {}
    except (ValueError, KeyError, TypeError):
        return {}


def _read(folder: Path) -> Iterator[File]:
    """Yield the files of an index, without its widgets."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and _is_needed(name):
            yield File(name, path.read_bytes())


def _is_needed(name: str) -> bool:
    wasm = name.startswith("wasm.") and not name.startswith("wasm.unknown")
    return wasm or "/" in name or name in (ENGINE, ENTRY) or name.endswith(META)
