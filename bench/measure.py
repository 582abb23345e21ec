"""Run a command and tell what it cost: wall, processor, memory of the whole process tree."""

import json
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PATIENCE = 0.05
"""Seconds between two looks at a tree's memory, at least."""
DISCRETION = 50
"""A look at a large process takes time and holds its memory still: rest this many times as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run of a command took."""

    wall: float
    """Seconds from the start of the process to its end, interpreter included."""
    cpu: float
    """Seconds of processor, user and system, of the command and of every child it waited for."""
    memory: int
    """Bytes at the peak, of the whole tree: see ``Watcher``."""
    largest: int
    """Bytes at the peak, of the largest single process, by the kernel's own mark.

    The mark starts at what the process that starts the command holds: keep that one small.
    """
    code: int
    said: str
    """What it wrote on standard output."""
    complained: str
    """The end of what it wrote on standard error."""


def cost(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float = 3600,
) -> Cost:
    """Run a command to its end and return what it took.

    What is not yet on the disk is sent there first, so that no run pays for the one before.
    """
    os.sync()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL, stdout=said, stderr=complained,
            env={**os.environ, **(environment or {})}, start_new_session=True,
        )  # fmt: skip
        watcher = Watcher(process.pid, timeout)
        watcher.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        except BaseException:
            _kill(process.pid)
            raise
        finally:
            watcher.stop()
        process.returncode = os.waitstatus_to_exitcode(status)  # or it would be waited for again
        largest = usage.ru_maxrss * 1024
        return Cost(
            wall=wall, cpu=usage.ru_utime + usage.ru_stime,
            memory=max(watcher.peak, largest), largest=largest,
            code=process.returncode, said=_text(said), complained=_text(complained)[-2000:],
        )  # fmt: skip


class Watcher(threading.Thread):
    """Keeps the highest memory that a tree of processes was seen to hold together.

    The sum of proportional set sizes: a page that several processes share counts once. A process
    that is alone is not looked at, since the kernel keeps its peak, and exactly.
    """

    def __init__(self, pid: int, timeout: float) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._pid = pid
        self._deadline = time.monotonic() + timeout
        self._over = threading.Event()

    def run(self) -> None:
        """Look again and again until told to stop; kill what outlives its time."""
        rest = PATIENCE
        while not self._over.wait(rest):
            start = time.monotonic()
            pids = tree(self._pid)
            if len(pids) > 1:
                self.peak = max(self.peak, sum(proportional(pid) for pid in pids))
            if start > self._deadline:
                _kill(self._pid)
                return
            rest = max(PATIENCE, DISCRETION * (time.monotonic() - start))

    def stop(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()


def tree(pid: int) -> list[int]:
    """Return a process and all that descend from it, as far as they live."""
    found = [pid]
    for parent in found:
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{parent}/task"):
                words = Path(f"/proc/{parent}/task/{thread}/children").read_text().split()
                found += map(int, words)
    return found


def proportional(pid: int) -> int:
    """Return the bytes of a process, those it shares divided among the sharers; 0 if it is gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Weight:
    """What stands in a folder."""

    pages: int
    files: int
    size: int


def weigh(folder: Path) -> Weight:
    """Count the pages (.html), the files and their bytes under a folder."""
    pages = files = size = 0
    rest = [str(folder)]
    while rest:
        with os.scandir(rest.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    rest.append(entry.path)
                    continue
                files += 1
                pages += entry.name.endswith(".html")
                size += entry.stat(follow_symlinks=False).st_size
    return Weight(pages, files, size)


class Peace:
    """Waits where the file system would make the next run pay for the last one.

    Without a journal, ext4 will not hand out an inode again for some 35 s after its file was
    deleted or replaced, and looks past every one of them: a build just after takes twice as long.
    """

    MANY = 1_000
    SECONDS = 45.0

    def __init__(self, wanted: bool, tell: Callable[[str], None]) -> None:
        self._wanted = wanted
        self._tell = tell
        self._last = -self.SECONDS

    def disturbed(self, files: int) -> None:
        """Note that so many files have just been deleted or replaced."""
        if files >= self.MANY:
            self._last = time.monotonic()

    def wait(self) -> None:
        """Wait until what was deleted is forgotten."""
        left = self._last + self.SECONDS - time.monotonic()
        if self._wanted and left > 0:
            self._tell(f"resting {left:.0f} s: many files have just been replaced")
            time.sleep(left)


def conditions(work: Path) -> dict[str, object]:
    """Return what figures are worth nothing without: the machine, and how busy it is."""
    import platform

    info = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.partition(":")[2].strip() for line in info if "model name" in line), "")
    pages, page = os.sysconf("SC_PHYS_PAGES"), resource.getpagesize()
    return {
        "when": time.strftime("%Y-%m-%d %H:%M"),
        "cores": len(os.sched_getaffinity(0)),
        "processor": model or platform.machine(),
        "memory_gib": round(pages * page / 2**30, 1),
        "kernel": platform.release(),
        "file_system": file_system(work),
        "python": platform.python_version(),
        "commit": _commit(),
        "load": round(os.getloadavg()[0], 2),
    }


def file_system(folder: Path) -> str:
    """Return the kind of the file system that a folder is on."""
    best, kind = "", "?"
    for line in Path("/proc/mounts").read_text().splitlines():
        _, point, found, *_ = line.split()
        if folder.resolve().is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return kind


def _commit() -> str:
    """Return the commit that is measured, with a + when files differ from it."""
    here = Path(__file__).parent
    try:
        words = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
        found = subprocess.run(words, cwd=here, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()


def last_object(text: str) -> dict[str, object]:
    """Return the JSON object that stands on the last line of a text; none gives an empty one."""
    lines = text.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
