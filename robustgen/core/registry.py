"""One registry type: names to plug-ins, loud on doubles, filled by walking a folder and by entry points."""

from __future__ import annotations

import os
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from robustgen.errors import RobustgenError, UnknownName

__all__ = ["Registry"]

T = TypeVar("T")
_outside_done = False


class Registry(Generic[T]):
    """Plug-ins of one kind by name."""

    def __init__(self, kind: str, folder: str) -> None:
        """``folder`` is the package whose modules register themselves when imported."""
        self.kind, self._folder = kind, folder
        self._items: dict[str, T] = {}
        self._origin: dict[str, str] = {}
        self._walked = False

    def register(self, name: str, item: T, origin: str) -> None:
        """Add a plug-in; a name that another module has taken is refused, naming both."""
        if self._origin.get(name, origin) != origin:
            raise RobustgenError(f"{self.kind} '{name}' is defined by {self._origin[name]} and by {origin}", mend="rename one of them")
        self._items[name] = item
        self._origin[name] = origin

    def get(self, name: str) -> T:
        """Return one plug-in; raises ``UnknownName`` with the nearest names."""
        if name not in self._items:
            self._walk()
        if name not in self._items:
            raise UnknownName(self.kind, name, self._items)
        return self._items[name]

    def names(self) -> list[str]:
        """Return all names, sorted."""
        self._walk()
        return sorted(self._items)

    def items(self) -> Iterator[tuple[str, T]]:
        """Yield name and plug-in in order of name."""
        for name in self.names():
            yield name, self._items[name]

    def origin(self, name: str) -> str:
        """Return the module that defined a plug-in."""
        self.get(name)
        return self._origin[name]

    def drop(self, prefix: str) -> None:
        """Forget what modules under a prefix registered: a pack of the same name is loaded from another folder."""
        for name in [n for n, origin in self._origin.items() if origin.startswith(prefix)]:
            del self._items[name], self._origin[name]

    def _walk(self) -> None:
        """Import every module of the folder once, then what other distributions offer."""
        if self._walked:
            return
        self._walked = True
        for module in pkgutil.walk_packages(import_module(self._folder).__path__, f"{self._folder}."):
            if not module.name.rpartition(".")[2].startswith("_"):
                import_module(module.name)
        _load_outside()


def _load_outside() -> None:
    """Import the modules of the entry-point group ``robustgen`` once, unless ROBUSTGEN_NO_PLUGINS is set."""
    global _outside_done  # noqa: PLW0603 - one switch for the process; importing twice would register doubles
    if _outside_done or os.environ.get("ROBUSTGEN_NO_PLUGINS"):
        return
    _outside_done = True
    for point in entry_points(group="robustgen"):
        point.load()
