"""Run folders: ``<runs>/<UTC date>-<hash6>/`` with ``run.toml``, ``ledger.sqlite``, ``report.html``, ``findings.jsonl``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime, timezone
from hashlib import blake2b
from pathlib import Path
from typing import Any

from robustgen.campaign.ledger import Ledger
from robustgen.errors import LedgerError, UnknownName

__all__ = ["find_run", "new_run", "open_ledger", "read_config", "run_names"]


def new_run(runs: Path, config: Mapping[str, Any]) -> Path:
    """Make a run folder and write its configuration; the name holds the UTC date and a digest of both."""
    now = datetime.now(timezone.utc)
    body = "".join(f"{k} = {_toml(v)}\n" for k, v in config.items() if v is not None)
    for attempt in range(1000):
        digest = blake2b(f"{now.isoformat()}{attempt}{body}".encode(), digest_size=3).hexdigest()
        folder = runs / f"{now:%Y-%m-%d}-{digest}"
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise LedgerError(f"{folder}: cannot be made: {error.strerror}", mend="choose another folder with --runs") from None
        (folder / "run.toml").write_text(body, encoding="utf-8")
        return folder
    raise LedgerError(f"{runs}: no free run name")


def _toml(value: Any) -> str:
    if isinstance(value, (bool, int, float)):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(k))} = {_toml(v)}" for k, v in value.items() if v is not None) + "}"
    return json.dumps(str(value), ensure_ascii=False)


def read_config(folder: Path) -> dict[str, Any]:
    """Return a run's configuration; raises ``LedgerError`` when it cannot be read."""
    try:
        return tomllib.loads((folder / "run.toml").read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LedgerError(f"{folder / 'run.toml'}: cannot be read: {error}") from None


def run_names(runs: Path) -> list[str]:
    """Return the names of all runs, oldest first."""
    folders = [f for f in runs.glob("*") if _has_ledger(f)]
    return [f.name for f in sorted(folders, key=lambda f: (f.stat().st_ctime_ns, f.name))]


def find_run(runs: Path, name: str) -> Path:
    """Return a run's folder by name, unique prefix (six characters or more), path or ``latest``; raises ``UnknownName``."""
    names = run_names(runs)
    if name == "latest" and names:
        return runs / names[-1]
    if name and _has_ledger(Path(name)):
        return Path(name)
    found = [n for n in names if n == name] or [n for n in names if len(name) >= 6 and (n.startswith(name) or n.partition("-")[2][6:].startswith(name))]
    if len(found) > 1:
        raise UnknownName("run", name, found, mend=f"several fit: {', '.join(found)}")
    if not found:
        raise UnknownName(
            "run", name, names, mend="" if names else f"there is no run in {runs} yet: make one with 'robustgen fuzz', or name another folder with --runs"
        )
    return runs / found[0]


def _has_ledger(folder: Path) -> bool:
    """Tell whether a folder is a run: its ledger lies in it, or its configuration names a database."""
    file = folder / "run.toml"
    return (folder / "ledger.sqlite").is_file() or (file.is_file() and "\nledger = " in "\n" + file.read_text("utf-8", "replace"))


def open_ledger(folder: Path) -> Ledger:
    """Return the ledger of a run, wherever it is kept; raises ``LedgerError`` when it cannot be read."""
    url = "" if (folder / "ledger.sqlite").is_file() else str(read_config(folder).get("ledger") or "")
    if not url:
        return Ledger(folder / "ledger.sqlite")
    from robustgen.campaign.postgres import PostgresRows

    return Ledger(PostgresRows(url, folder.name))
