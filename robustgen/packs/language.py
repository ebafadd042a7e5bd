"""Folders of ``corpora/`` become languages; a region's folder overlays its base."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from robustgen.core.language import Language, Row
from robustgen.errors import PackError, UnknownName
from robustgen.grammar.tables import read_csv
from robustgen.packs.locate import corpora, corpus_folders

__all__ = ["load_language"]


@lru_cache(maxsize=64)
def load_language(tag: str) -> Language:
    """Return a language by tag; raises ``UnknownName``, or ``PackError`` for a broken file."""
    folders = corpus_folders(tag)
    if not folders:
        raise UnknownName("language", tag, corpora())
    settings: dict[str, str] = {}
    for folder in folders:
        settings |= _settings(folder / "language.toml")

    def rows(resource: str) -> tuple[Row, ...]:
        return _rows(folders, resource)

    def pool(provider: str) -> tuple[str, ...]:
        return _pool(folders, provider)

    return Language(tag, settings, rows, pool)


def _settings(file: Path) -> Mapping[str, str]:
    if not file.is_file():
        return {}
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"not valid TOML: {error}", file=str(file)) from None
    return {k: v for k, v in data.items() if isinstance(v, str)}


def _rows(folders: list[Path], resource: str) -> tuple[Row, ...]:
    """Return the rows of a resource; where base and region both have it, the region's rows come first."""
    found: list[Row] = []
    for folder in reversed(folders):
        file = folder / f"{resource}.csv"
        if file.is_file():
            found += [row for _, row in read_csv(file.read_text("utf-8"), str(file))]
    return tuple(found)


def _pool(folders: list[Path], provider: str) -> tuple[str, ...]:
    """Return the nearest pool: the region's, else the base's."""
    for folder in reversed(folders):
        file = folder / "pools" / f"{provider}.txt"
        if file.is_file():
            return tuple(line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#"))
    return ()
