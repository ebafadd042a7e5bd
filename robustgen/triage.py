"""What people have decided of findings, in a text file that lives in their repository: one table a finding, edited by hand or by command."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from robustgen.core.verdict import Mark
from robustgen.errors import ConfigError

__all__ = ["FILE", "STATUSES", "Entry", "in_force", "read_marks", "write_marks"]

FILE = "robustgen-triage.toml"
STATUSES = ("accepted", "known", "false-alarm")
_HEAD = """# What was decided of findings; written by `robustgen triage`, free to be edited.
# status: accepted (may stay), known (will be mended), false-alarm (no fault). until: the day from which it counts again.
"""
_FIELDS = ("status", "author", "reason", "until", "task", "trigger")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A mark with what it was set for, so that the file can be read without any run."""

    mark: Mark
    task: str = ""
    trigger: str = ""


def read_marks(file: Path, *, named: bool = False) -> dict[str, Entry]:
    """Return finding id to its mark, empty where there is no file; raises ``ConfigError`` naming the finding and the mistake, or a ``named`` file that is not there."""
    if not file.is_file():
        if named:
            raise ConfigError(f"{file}: there is no such file of marks", mend="leave --triage out, or make it with 'robustgen triage --file'")
        return {}
    try:
        tree = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: not valid TOML: {error}", mend="mend that place, or take the file from your repository again") from None
    found = tree.get("finding", {})
    if not isinstance(found, dict) or set(tree) - {"finding"}:
        raise ConfigError(f"{file}: a mark stands in a table of its own", mend='write [finding."3f9a2b7c11d0"], then status, author and reason')
    return {str(k): _entry(file, str(k), v) for k, v in found.items()}


def _entry(file: Path, identity: str, node: Any) -> Entry:
    if not isinstance(node, dict):
        raise ConfigError(f"{file}: finding {identity}: must be a table", mend=f'write [finding."{identity}"]')
    unknown = set(node) - set(_FIELDS)
    if unknown:
        raise ConfigError(f"{file}: finding {identity}: unknown key '{min(unknown)}'", mend=f"known are: {', '.join(_FIELDS)}")
    made = {k: v.isoformat() if isinstance(v, date) else str(v) for k, v in node.items()}
    if made.get("status") not in STATUSES:
        raise ConfigError(f"{file}: finding {identity}: '{made.get('status', '')}' is no status", mend=f"write one of: {', '.join(STATUSES)}")
    if made.get("until"):
        try:
            date.fromisoformat(made["until"])
        except ValueError:
            raise ConfigError(f"{file}: finding {identity}: until '{made['until']}' is no date", mend="write YYYY-MM-DD") from None
    mark = Mark(status=made["status"], author=made.get("author", ""), reason=made.get("reason", ""), until=made.get("until", ""))
    return Entry(mark=mark, task=made.get("task", ""), trigger=made.get("trigger", ""))


def in_force(entries: Mapping[str, Entry], today: date) -> dict[str, Mark]:
    """Return the marks that count on a day: those without an end, or before it."""
    return {k: e.mark for k, e in entries.items() if not e.mark.until or today < date.fromisoformat(e.mark.until)}


def write_marks(file: Path, entries: Mapping[str, Entry]) -> None:
    """Write the marks, by finding id; whatever happens meanwhile, the file is the old one or the new one."""
    lines = [_HEAD]
    for identity in sorted(entries):
        entry = entries[identity]
        values = {**{k: getattr(entry.mark, k) for k in ("status", "author", "reason", "until")}, "task": entry.task, "trigger": entry.trigger}
        lines.append(f"[finding.{_text(identity)}]")
        lines += [f"{k} = {_text(v)}" for k, v in values.items() if v]
        lines.append("")
    fresh = file.with_name(f".{file.name}.new")
    try:
        fresh.write_text("\n".join(lines), encoding="utf-8")
        fresh.replace(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}", mend="name another file with --file") from None


def _text(value: str) -> str:
    """Return a TOML string: JSON's escapes are TOML's, but for DEL and lone surrogates."""
    return json.dumps(value.encode("utf-8", "backslashreplace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
