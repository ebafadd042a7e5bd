"""The append-only record of a run: SQLite in WAL mode, every record chained by hash from the first one.

A record is (kind, key, body). Its digest is that of the body, its hash covers the hash before it, kind, key and digest; so a
payload can be purged and the chain still verifies, and one flipped byte is found and named.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from robustgen.errors import LedgerError

__all__ = ["VERSION", "Ledger", "Record"]

VERSION = 1
BATCH = 200
SECONDS = 0.05
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
_START = b"\x00" * 16


class Record(NamedTuple):
    """One line of the ledger; ``body`` is None when it was purged."""

    seq: int
    kind: str
    key: str
    body: bytes | None


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


def _link(before: bytes, kind: str, key: str, digest: bytes) -> bytes:
    return blake2b(before + kind.encode() + b"\x00" + key.encode("utf-8", "surrogatepass") + b"\x00" + digest, digest_size=16).digest()


class Ledger:
    """An open ledger; one writer at a time."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        """Open or create; raises ``LedgerError`` for a damaged file, another version, or a file that is none."""
        self.path = path
        if not create and not path.is_file():
            raise LedgerError(f"{path}: there is no ledger", mend="name an existing run, or 'latest'")
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=5.0, check_same_thread=False)
            self._prepare(create=create)
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{path}: damaged or no ledger: {error}", mend="the file is left as it is; copy it before any repair") from None
        row = self._db.execute("SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1").fetchone()
        self._seq: int = row[0] if row else 0
        self._hash: bytes = row[1] if row else _START
        self._open: list[tuple[int, str, str, bytes, bytes, bytes]] = []
        self._since = time.monotonic()

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

    def __enter__(self) -> Self:
        """Return the ledger."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write what is open and close."""
        self.close()

    def append(self, kind: str, key: str, body: bytes) -> None:
        """Add a record; it is on disk after at most ``BATCH`` records or ``SECONDS``."""
        digest = _digest(body)
        self._seq += 1
        self._hash = _link(self._hash, kind, key, digest)
        self._open.append((self._seq, kind, key, body, digest, self._hash))
        if len(self._open) >= BATCH or time.monotonic() - self._since > SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write open records in one transaction."""
        self._since = time.monotonic()
        if not self._open:
            return
        batch, self._open = self._open, []
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", batch)
            self._db.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{self.path}: cannot be written: {error}", mend="is another run using it, or the disk full?") from None

    def records(self, *kinds: str) -> Iterator[Record]:
        """Yield the records in order, of some kinds or of all."""
        self.flush()
        where = f"WHERE kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        try:
            yield from map(Record._make, self._db.execute(f"SELECT seq, kind, key, body FROM records {where} ORDER BY seq", kinds))  # noqa: S608 - only marks
        except sqlite3.DatabaseError as error:
            raise LedgerError(f"{self.path}: damaged: {error}") from None

    def verify(self) -> tuple[int, str]:
        """Return (records, why the first broken link is broken); an empty reason means that the chain holds."""
        self.flush()
        before, expected = _START, 0
        try:
            for seq, kind, key, body, digest, found in self._db.execute("SELECT * FROM records ORDER BY seq"):
                expected += 1
                if seq != expected:
                    return expected, f"record {expected} is missing"
                if body is not None and _digest(body) != digest:
                    return expected, f"record {seq} ({kind} {key}): its content was changed"
                if _link(before, kind, key, digest) != found:
                    return expected, f"record {seq} ({kind} {key}): its link to the record before is broken"
                before = found
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            return expected, f"record {expected + 1}: unreadable: {error}"
        return expected, ""

    def purge(self, *kinds: str) -> int:
        """Remove payloads of these kinds; the chain stays verifiable. Returns how many."""
        self.flush()
        marks = ",".join("?" * len(kinds))
        cursor = self._db.execute(f"UPDATE records SET body = NULL WHERE body IS NOT NULL AND kind IN ({marks})", kinds)  # noqa: S608 - only marks
        removed = cursor.rowcount
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.execute("VACUUM")
        return removed

    def close(self) -> None:
        """Write what is open and close the file."""
        self.flush()
        self._db.close()
