"""What a newcomer clones: locks that agree, and nothing of the machine they were made on."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.txt": "", "requirements-dev.txt": "dev", "requirements-bench.txt": "bench"}
PINNED = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)( ; [^\\]+)? \\")
HASH = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")


def locked(lock: str) -> dict[str, str]:
    """Return the version of each package of a lock."""
    lines = (PINNED.fullmatch(line) for line in (ROOT / lock).read_text("utf-8").splitlines())
    return {found["name"]: found["version"] for found in lines if found}


def asked(extra: str) -> dict[str, str]:
    """Return what pyproject.toml asks for, those of an extra included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"].get(extra, [])]
    return {name.lower(): version for name, _, version in (w.partition("==") for w in wanted)}


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_a_lock_holds_what_pyproject_asks_for(lock: str, extra: str) -> None:
    """The two are changed together: ``make lock`` writes one from the other."""
    wanted = asked(extra)

    assert wanted == {name: locked(lock).get(name) for name in wanted}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_versions_and_hashes_and_no_more(lock: str) -> None:
    """No address of a registry and no path of a machine: a clone installs the same anywhere."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()

    assert [] == [line for line in lines if not (PINNED.fullmatch(line) or HASH.fullmatch(line))]


@pytest.mark.parametrize("lock", ["requirements-dev.txt", "requirements-bench.txt"])
def test_locks_agree_where_they_overlap(lock: str) -> None:
    """Tests and benchmarks run on the very libraries that the site is built with."""
    site, tools = locked("requirements.txt"), locked(lock)

    assert site == {name: tools.get(name) for name in site}


def test_the_npm_lock_is_whole() -> None:
    """Each package of package-lock.json has an exact version and a hash, and no address."""
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    asked_for = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert [] == [n for n, p in packages.items() if "resolved" in p or "integrity" not in p]
    assert asked_for == {n: packages[f"node_modules/{n}"]["version"] for n in asked_for}
