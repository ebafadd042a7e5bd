"""The rows of a ledger in a SQLite file: WAL, strict table, one writer."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from robustgen.errors import LedgerError

__all__ = ["Row", "SqliteRows"]

VERSION = 1
Row = tuple[int, str, str, bytes | None, bytes, bytes]
"""seq, kind, key, body, digest, hash."""
_TABLE = """
CREATE TABLE records (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB,
    digest BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT
"""
_INDEX = "CREATE INDEX IF NOT EXISTS answered ON records (key) WHERE kind = 'answered'"


class SqliteRows:
    """An open file of records."""

    def __init__(self, path: Path, *, create: bool) -> None:
        """Open or create; raises ``LedgerError`` for a damaged file, another version, or a file that is none."""
        self.path = path
        self.name = str(path)
        if not create and not path.is_file():
            raise LedgerError(f"{path}: there is no ledger", mend="name an existing run, or 'latest'")
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False)
            self._prepare(create=create)
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{path}: damaged or no ledger: {error}", mend="the file is left as it is; copy it before any repair") from None

    def _prepare(self, *, create: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if create and version == 0:
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(_TABLE)
            self._db.execute(f"PRAGMA user_version={VERSION}")
        elif version != VERSION:
            what = "is no ledger of ours" if version == 0 else f"has version {version}, this robustgen reads {VERSION}"
            raise LedgerError(f"{self.path} {what}", mend="nothing was changed")
        self._db.execute("PRAGMA synchronous=NORMAL")
        if create:
            self._db.execute(_INDEX)

    def last(self) -> tuple[int, bytes] | None:
        """Return number and hash of the last record."""
        row: tuple[int, bytes] | None = self._db.execute("SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1").fetchone()
        return row

    def add(self, rows: Sequence[Row]) -> None:
        """Write rows in one transaction."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", rows)
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            with contextlib.suppress(sqlite3.DatabaseError):
                self._db.execute("ROLLBACK")
            raise LedgerError(f"{self.path}: cannot be written: {error}", mend="is another run using it, or the disk full?") from None

    def rows(self, kinds: Sequence[str]) -> Iterator[Row]:
        """Yield rows in order, of some kinds or of all."""
        where = f"WHERE kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        try:
            yield from self._db.execute(f"SELECT seq, kind, key, body, digest, hash FROM records {where} ORDER BY seq", kinds)  # noqa: S608 - only marks
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise LedgerError(f"{self.path}: damaged: {error}") from None

    def answer(self, key: str) -> bytes | None:
        """Return the body of an answer."""
        row = self._db.execute("SELECT body FROM records WHERE kind = 'answered' AND key = ? AND body IS NOT NULL LIMIT 1", (key,)).fetchone()
        return row[0] if row else None

    def count(self, kind: str) -> int:
        """Return how many different keys records of a kind have."""
        found: int = self._db.execute("SELECT COUNT(DISTINCT key) FROM records WHERE kind = ?", (kind,)).fetchone()[0]
        return found

    def sound(self) -> str:
        """Return what the database itself finds wrong with its file; empty when nothing."""
        found = str(self._db.execute("PRAGMA integrity_check(1)").fetchone()[0])
        return "" if found == "ok" else found.replace("\n", " ")

    def purge(self, kinds: Sequence[str]) -> int:
        """Remove the bodies of some kinds, from the file's free pages too; returns how many."""
        marks = ",".join("?" * len(kinds))
        cursor = self._db.execute(f"UPDATE records SET body = NULL WHERE body IS NOT NULL AND kind IN ({marks})", kinds)  # noqa: S608 - only marks
        removed = cursor.rowcount
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return removed

    def close(self) -> None:
        """Close the file."""
        self._db.close()
