"""Answers kept across runs, by target, parameters, messages and repetition: asking the same again costs nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from robustgen.core.case import Case, exact_text
from robustgen.core.verdict import Response
from robustgen.errors import LedgerError

__all__ = ["Cache"]


class Cache:
    """A file of answers; errors are never kept."""

    def __init__(self, path: Path, address: str, options: Mapping[str, Any]) -> None:
        """Open or create; raises ``LedgerError`` when the file cannot be used."""
        self._whose = msgspec.json.encode((address, sorted((k, str(v)) for k, v in options.items())), enc_hook=exact_text)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute("CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID")
        except (OSError, sqlite3.DatabaseError) as error:
            raise LedgerError(f"{path}: cannot be used as a cache: {error}", mend="name another file with --cache, or delete this one") from None

    def _key(self, case: Case, repetition: int) -> bytes:
        asked = msgspec.json.encode((case.messages, case.text, repetition))
        return blake2b(self._whose + b"\x00" + asked, digest_size=16).digest()

    def get(self, case: Case, repetition: int) -> Response | None:
        """Return the answer that was kept."""
        row = self._db.execute("SELECT body FROM answers WHERE key = ?", (self._key(case, repetition),)).fetchone()
        return msgspec.structs.replace(msgspec.json.decode(row[0], type=Response), cached=True) if row else None

    def put(self, case: Case, repetition: int, response: Response) -> None:
        """Keep an answer."""
        body = msgspec.json.encode(response, enc_hook=exact_text)
        self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (self._key(case, repetition), body))

    def close(self) -> None:
        """Close the file."""
        self._db.close()
