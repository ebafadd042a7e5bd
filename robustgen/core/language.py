"""A language as data: habits from ``language.toml`` and resources from CSV files beside it.

A resource is a table found by its file's name (``keyboard``, ``ocr``, ``units`` ...); code asks for it and is told when the
language has none. A region's folder (``pt-BR``) holds only what differs from its base (``pt``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType

__all__ = ["Language", "Row"]

Row = Mapping[str, str]
"""One line of a resource: column name to text."""


class Language:
    """One language or region; read-only."""

    def __init__(
        self,
        tag: str,
        settings: Mapping[str, str],
        load: Callable[[str], tuple[Row, ...]],
        pools: Callable[[str], tuple[str, ...]],
    ) -> None:
        """Keep the settings and how to load resources and pools, each read once and on first use."""
        self.tag = tag
        self.settings = MappingProxyType(dict(settings))
        self._load, self._load_pool = load, pools
        self._rows: dict[str, tuple[Row, ...]] = {}
        self._maps: dict[tuple[str, str, str], Mapping[str, tuple[str, ...]]] = {}
        self._pools: dict[str, tuple[str, ...]] = {}

    def __repr__(self) -> str:
        """Show the tag only."""
        return f"Language({self.tag!r})"

    def rows(self, resource: str) -> tuple[Row, ...]:
        """Return the rows of a resource, empty when the language has none."""
        if resource not in self._rows:
            self._rows[resource] = self._load(resource)
        return self._rows[resource]

    def mapping(self, resource: str, key: str, value: str) -> Mapping[str, tuple[str, ...]]:
        """Return column ``key`` to the values of column ``value`` (``|`` separates several in one cell)."""
        name = (resource, key, value)
        if name not in self._maps:
            found: dict[str, list[str]] = {}
            for row in self.rows(resource):
                for item in row[value].split("|") if row[value] != "|" else ["|"]:
                    if item and item not in found.setdefault(row[key], []):
                        found[row[key]].append(item)
            self._maps[name] = MappingProxyType({k: tuple(v) for k, v in found.items()})
        return self._maps[name]

    def pool(self, provider: str) -> tuple[str, ...]:
        """Return the frozen values of a provider (``name``, ``city`` ...), empty when there are none."""
        if provider not in self._pools:
            self._pools[provider] = self._load_pool(provider)
        return self._pools[provider]

    @cached_property
    def locale(self) -> str:
        """The CLDR locale, such as ``pt_BR``."""
        return self.settings.get("locale", self.tag.replace("-", "_"))

    @cached_property
    def base(self) -> str:
        """The language without its region."""
        return self.tag.split("-")[0]

    @cached_property
    def rtl(self) -> bool:
        """Whether the script runs from right to left."""
        return self.settings.get("direction") == "rtl"

    @cached_property
    def spaced(self) -> bool:
        """Whether words are separated by spaces."""
        return self.settings.get("words", "spaced") == "spaced"
