"""The only code that writes or deletes under output/."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

GIT = ".git"


class Output:
    """The folder that is published.

    A reader of the site sees the old file or the new, never half of one: bytes go to a hidden file
    in the same folder and are renamed into place. (From one folder to another, the system lets one
    process rename at a time.) Where a page's folder did not exist a moment ago nobody can be
    reading it, and its first file is written directly: renaming costs a tenth of a cold build.
    """

    def __init__(self, root: Path) -> None:
        self.root = str(root)

    def put(self, file: str, body: bytes) -> None:
        """Give a file these bytes, all or nothing."""
        target = f"{self.root}/{file}"
        try:
            self._put(target, body)
        except OSError as fault:
            fault.filename = target
            raise

    def put_unnamed(self, file: str, body: bytes) -> None:
        """Give bytes to a file that no page names yet: nobody can meet half of it."""
        target = f"{self.root}/{file}"
        self._new_folder(target.rpartition("/")[0])
        try:
            _write(target, body)
        except OSError as fault:
            fault.filename = target
            raise

    def holds(self, file: str, body: bytes) -> bool:
        """Tell whether a file has these bytes already."""
        try:
            return Path(self.root, file).read_bytes() == body
        except OSError:
            return False

    def _put(self, target: str, body: bytes) -> None:
        folder, _, name = target.rpartition("/")
        if self._new_folder(folder):
            _write(target, body)
            return
        hidden = f"{folder}/.{name}.new"
        _write(hidden, body)
        _rename(hidden, target)

    def _new_folder(self, folder: str) -> bool:
        try:
            os.mkdir(folder)  # noqa: PTH102
        except FileExistsError:
            if not os.path.isdir(folder):  # noqa: PTH112
                os.unlink(folder)  # noqa: PTH108
                return self._new_folder(folder)
            return False
        except (FileNotFoundError, NotADirectoryError):
            self._new_folder(folder.rpartition("/")[0])
            return self._new_folder(folder)
        return True

    def remove(self, file: str) -> None:
        """Take a file away, and the folders that are empty without it."""
        path = Path(self.root, file)
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if str(folder) == self.root:
                return
            try:
                folder.rmdir()
            except OSError:
                return

    def sweep(self, claimed: Collection[str]) -> Iterator[str]:
        """Take away every file that no page claims; yield what went.

        A repository that output/ is the work tree of stays: git's own folder is nobody's page.
        """
        for folder, _, names in os.walk(self.root, topdown=False):
            if GIT in Path(folder).relative_to(self.root).parts:
                continue
            for name in names:
                if folder == self.root and name == GIT:  # of a linked work tree, it is a file
                    continue
                path = Path(folder, name)
                file = path.relative_to(self.root).as_posix()
                if file not in claimed:
                    path.unlink()
                    yield file
            if folder != self.root and not any(Path(folder).iterdir()):
                Path(folder).rmdir()


def _write(path: str, body: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o666)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError:
        os.unlink(path)  # noqa: PTH108
        raise
    finally:
        os.close(descriptor)


def _rename(hidden: str, target: str) -> None:
    try:
        os.rename(hidden, target)  # noqa: PTH104 (a Path a file is dear, 244,000 times)
    except IsADirectoryError:
        _remove_tree(target)
        os.rename(hidden, target)  # noqa: PTH104


def _remove_tree(path: str) -> None:
    for folder, folders, names in os.walk(path, topdown=False):
        for name in names:
            Path(folder, name).unlink()
        for name in folders:
            Path(folder, name).rmdir()
    Path(path).rmdir()
