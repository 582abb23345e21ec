"""Shelves: a folder is extended by adding one file to it."""

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any


@cache
def names(package: str) -> tuple[str, ...]:
    """Return the names of the modules on a shelf, in order."""
    found = import_module(package)
    modules = (m for m in pkgutil.iter_modules(found.__path__) if not m.ispkg)
    return tuple(sorted(m.name for m in modules if not m.name.startswith("_")))


def take(package: str, constant: str, name: str) -> Any:
    """Return what a module on a shelf offers."""
    return getattr(import_module(f"{package}.{name}"), constant)


def everything(package: str, constant: str) -> dict[str, Any]:
    """Return what each module on a shelf offers, by name."""
    return {name: take(package, constant, name) for name in names(package)}
