"""``robustgen migrate``: which formats of robustgen files have, and the present one for those that are older."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

__all__ = ["command"]

HINT = {
    "current": "nothing to do",
    "older": "this release writes a newer version; --write brings the file up",
    "newer": "written by a newer release: install that one, nothing is changed here",
}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATHS...")
@click.option("--write", is_flag=True, help="Bring older files to the present version; the file as it was stays beside it as FILE.before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each path.")
def command(paths: tuple[Path, ...], *, write: bool, as_json: bool) -> None:
    """Tell the format and version of files of cases, reports and profiles, and of folders of runs and packs; bring older ones up.

    \b
    robustgen migrate cases.jsonl
    robustgen migrate .robustgen/runs/2026-11-24-1a2b3c
    robustgen migrate cases.jsonl profile.toml --write

    Exits 1 when something is older (without --write) or newer than this release.
    """
    from robustgen.errors import UsageError
    from robustgen.migrations import CURRENT, look

    if not paths:
        raise UsageError("a file or folder is needed", mend="for example: robustgen migrate cases.jsonl")
    left = 0
    for path in paths:
        found = look(path)
        state = found.state
        if state == "older" and write:
            _rewrite(path)
            state = "migrated"
        left += state in {"older", "newer"}
        if as_json:
            row = {"path": str(path), "format": found.format, "oldest": found.oldest, "newest": found.newest, "present": CURRENT[found.format]}
            click.echo(json.dumps(row | {"documents": found.documents, "state": state}))
        else:
            versions = f"{found.oldest}" if found.oldest == found.newest else f"{found.oldest} to {found.newest}"
            hint = HINT.get(state, f"the file as it was: {path.name}.before")
            click.echo(f"{path}: {found.format}, version {versions} of {CURRENT[found.format]}, {found.documents} in it: {state} ({hint})")
    sys.exit(1 if left else 0)


def _rewrite(path: Path) -> None:
    """Write a file of JSON Lines anew, every line brought up; the old one stays under another name."""
    from robustgen.errors import UsageError
    from robustgen.migrations import upgraded

    if path.suffix != ".jsonl":
        raise UsageError(f"{path}: only files of JSON Lines are rewritten", mend="make a report, profile or run anew with this release")
    before, fresh = path.with_name(f"{path.name}.before"), path.with_name(f"{path.name}.part")
    if before.exists():
        raise UsageError(f"{before} is there already", mend="move it away first, nothing was changed")
    with path.open("rb") as old, fresh.open("wb") as new:
        for line in old:
            before_it = json.loads(line) if line.strip() else {}
            made = upgraded(before_it) if before_it else before_it
            new.write(line if made is before_it else _encoded(made))
    os.link(path, before)
    fresh.replace(path)


def _encoded(document: dict[str, Any]) -> bytes:
    """Return a line; halves of characters, which UTF-8 has no bytes for, stand as escapes."""
    try:
        return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8")
    except UnicodeEncodeError:
        return (json.dumps(document) + "\n").encode("ascii")
