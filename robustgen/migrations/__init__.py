"""Formats on disk and their versions: what a file is, whether this release reads it, and the steps from an older version to the present one.

A step is one file of this folder: a function marked ``@migration("robustgen.case", 1)`` takes a document of version 1 and returns it as version 2.
Every format has version 1 so far, so there is no step yet; steps of a released format are never removed before the end that the changelog announced.
"""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from robustgen.core.registry import Registry
from robustgen.errors import UsageError

__all__ = ["CURRENT", "Found", "Step", "look", "migration", "upgraded"]

CURRENT = {"robustgen.case": 1, "robustgen.report": 1, "robustgen.profile": 1, "robustgen.ledger": 1, "robustgen.pack": 1}
"""The version of each format that this release writes."""

Step = Callable[[dict[str, Any]], dict[str, Any]]
STEPS: Registry[Step] = Registry("migration", "robustgen.migrations")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder: its format, the oldest and the newest version in it, and how many documents it holds."""

    path: Path
    format: str
    oldest: int
    newest: int
    documents: int = 1

    @property
    def state(self) -> str:
        """``current``, ``older`` or ``newer``, by what this release writes."""
        now = CURRENT[self.format]
        return "newer" if self.newest > now else "older" if self.oldest < now else "current"


def migration(name: str, since: int) -> Callable[[Step], Step]:
    """Make a function the step of a format from version ``since`` to the next."""

    def wrap(fn: Step) -> Step:
        STEPS.register(f"{name}/{since}", fn, fn.__module__)
        return fn

    return wrap


def look(path: Path, current: Mapping[str, int] = CURRENT) -> Found:
    """Tell what a file, a run's folder or a pack's folder is; raises ``UsageError`` for what is none of them."""
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file or folder", mend="name files of cases, reports, profiles, or folders of runs or packs")
    seen: dict[str, list[int]] = {}
    for line, document in _documents(path):
        name, _, version = str(document.get("schema", "")).partition("/")
        if name not in current or not version.isdigit():
            raise UsageError(f"{path}:{line}: no format of robustgen: schema is {document.get('schema')!r}", mend=f"formats: {', '.join(sorted(current))}")
        seen.setdefault(name, []).append(int(version))
    if len(seen) != 1:
        raise UsageError(f"{path}: {'is empty' if not seen else 'holds several formats: ' + ', '.join(sorted(seen))}", mend="give one format a file")
    ((name, versions),) = seen.items()
    return Found(path=path, format=name, oldest=min(versions), newest=max(versions), documents=len(versions))


def upgraded(document: dict[str, Any], now: Mapping[str, int] = CURRENT) -> dict[str, Any]:
    """Return a document at the present version; raises ``UsageError`` where a step is missing."""
    name, _, version = document["schema"].partition("/")
    for since in range(int(version), now[name]):
        step = f"{name}/{since}"
        if step not in STEPS.names():
            raise UsageError(f"there is no step from {step} to {name}/{since + 1}", mend="use the release that wrote the file, or make it anew from its seed")
        document = STEPS.get(step)(document) | {"schema": f"{name}/{since + 1}"}
    return document


def _folder(path: Path) -> Found:
    ledger, pack = path / "ledger.sqlite", path / "pack.toml"
    if ledger.is_file():
        try:
            with closing(sqlite3.connect(f"{ledger.resolve().as_uri()}?mode=ro", uri=True)) as db:
                version = int(db.execute("PRAGMA user_version").fetchone()[0])
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{ledger}: damaged or no ledger: {error}", mend="the file is left as it is") from None
        return Found(path=path, format="robustgen.ledger", oldest=version, newest=version)
    if pack.is_file():
        version = _toml(pack).get("format", 1)
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise UsageError(f"{pack}: format must be a number, found {version!r}", mend="leave the key out, or write format = 1")
        return Found(path=path, format="robustgen.pack", oldest=version, newest=version)
    raise UsageError(f"{path}: neither a run (ledger.sqlite) nor a pack (pack.toml)", mend="name the folder itself, for example .robustgen/runs/NAME")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no TOML: {error}", mend="mend the file first") from None


def _documents(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line, document) of JSON Lines, a JSON document or a TOML file."""
    if path.suffix == ".toml":
        yield 1, _toml(path)
        return
    text = path.read_bytes()
    lines = [text] if path.suffix == ".json" else text.splitlines()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: no JSON: {error}", mend="mend or remove the line") from None
        if not isinstance(document, dict):
            raise UsageError(f"{path}:{number}: expected an object", mend="files of cases hold one object a line")
        yield number, document
