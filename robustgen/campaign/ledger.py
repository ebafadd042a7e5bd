"""The append-only record of a run, every record chained by hash from the first one; SQLite by default, PostgreSQL by address.

A record is (kind, key, body). Its digest is that of the body, its hash covers the hash before it, kind, key and digest; so a
payload can be purged and the chain still verifies, and one flipped byte is found and named.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from robustgen.campaign._sqlite import VERSION, Row, SqliteRows
from robustgen.errors import LedgerError

__all__ = ["VERSION", "Ledger", "Record", "Rows"]

BATCH = 200
SECONDS = 0.25
_START = b"\x00" * 16


class Record(NamedTuple):
    """One line of the ledger; ``body`` is None when it was purged."""

    seq: int
    kind: str
    key: str
    body: bytes | None


class Rows(Protocol):
    """Where rows are kept; knows nothing of the chain."""

    name: str

    def last(self) -> tuple[int, bytes] | None:
        """Return number and hash of the last record."""

    def add(self, rows: list[Row]) -> None:
        """Write rows in one transaction."""

    def rows(self, kinds: tuple[str, ...]) -> Iterator[Row]:
        """Yield rows in order, of some kinds or of all."""

    def answer(self, key: str) -> bytes | None:
        """Return the body of an answer."""

    def count(self, kind: str) -> int:
        """Return how many different keys records of a kind have."""

    def sound(self) -> str:
        """Return what the store finds wrong with itself."""

    def purge(self, kinds: tuple[str, ...]) -> int:
        """Remove bodies of some kinds; returns how many."""

    def close(self) -> None:
        """Release what is held."""


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=16).digest()


def _link(before: bytes, kind: str, key: str, digest: bytes) -> bytes:
    return blake2b(before + kind.encode() + b"\x00" + key.encode("utf-8", "surrogatepass") + b"\x00" + digest, digest_size=16).digest()


class _Seen:
    """Tells in a few bytes a key which answers are certainly not there, so that a run need not look them up one by one."""

    BITS = 24

    def __init__(self) -> None:
        self._bits = bytearray(1 << (self.BITS - 3))

    def _places(self, key: str) -> tuple[int, int]:
        number, mask = hash(key), (1 << self.BITS) - 1
        return number & mask, (number >> self.BITS) & mask

    def add(self, key: str) -> None:
        for place in self._places(key):
            self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key: str) -> bool:
        return all(self._bits[place >> 3] & (1 << (place & 7)) for place in self._places(key))


class Ledger:
    """An open ledger; one writer at a time."""

    def __init__(self, place: Path | Rows, *, create: bool = False, clean: Callable[[bytes], bytes] = lambda body: body) -> None:
        """Open or create; ``clean`` takes secrets out of every body. Raises ``LedgerError`` for what is no ledger of this version."""
        self._rows: Rows = SqliteRows(place, create=create) if isinstance(place, Path) else place
        self._clean, self._writing = clean, create
        self._seq, self._hash = self._rows.last() or (0, _START)
        self._open: list[Row] = []
        self._unwritten: dict[str, bytes] = {}
        self._seen = _Seen()
        for row in self._rows.rows(("answered",)) if create and self._seq else ():
            self._seen.add(row[2])
        self._since = time.monotonic()

    def __enter__(self) -> Self:
        """Return the ledger."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Write what is open and close."""
        self.close()

    @property
    def head(self) -> str:
        """The last record's hash: kept elsewhere, it proves that nothing was cut off."""
        return self._hash.hex()

    def append(self, kind: str, key: str, body: bytes) -> None:
        """Add a record; it is on disk after at most ``BATCH`` records or ``SECONDS``, or at the next ``flush``."""
        body = self._clean(body)
        digest = _digest(body)
        self._seq += 1
        self._hash = _link(self._hash, kind, key, digest)
        self._open.append((self._seq, kind, key, body, digest, self._hash))
        if kind == "answered":
            self._unwritten[key] = body
            self._seen.add(key)
        if len(self._open) >= BATCH or time.monotonic() - self._since > SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write open records in one transaction; none is lost when it fails."""
        self._since = time.monotonic()
        if self._open:
            self._rows.add(self._open)
            self._open = []
            self._unwritten.clear()

    def answer(self, key: str) -> bytes | None:
        """Return the answer recorded under a key, None when there is none (any more)."""
        if self._writing and key not in self._seen:
            return None
        return self._unwritten.get(key) or self._rows.answer(key)

    def count(self, kind: str) -> int:
        """Return how many different keys records of a kind have."""
        self.flush()
        return self._rows.count(kind)

    def records(self, *kinds: str) -> Iterator[Record]:
        """Yield the records in order, of some kinds or of all."""
        self.flush()
        return (Record(*row[:4]) for row in self._rows.rows(kinds))

    def verify(self, head: str = "") -> tuple[int, str]:
        """Return (records, why the first broken link is broken); an empty reason means that the chain holds.

        With ``head``, a hash noted earlier, the chain must still hold that record.
        """
        self.flush()
        before, number, seen = _START, 0, not head
        try:
            for seq, kind, key, body, digest, found in self._rows.rows(()):
                number += 1
                if seq != number:
                    return number, f"record {number} is missing"
                if body is not None and _digest(body) != digest:
                    return number, f"record {seq} ({kind} {key}): its content was changed"
                if _link(before, kind, key, digest) != found:
                    return number, f"record {seq} ({kind} {key}): its link to the record before is broken"
                before = found
                seen = seen or found.hex() == head
        except LedgerError as error:
            return number, f"record {number + 1}: unreadable: {error.what}"
        if not seen:
            return number, f"no record has the hash {head}: records after the last one were cut off, or it is another run's"
        return number, self._rows.sound()

    def purge(self, *kinds: str) -> int:
        """Remove payloads of these kinds; the chain stays verifiable. Returns how many."""
        self.flush()
        return self._rows.purge(kinds)

    def close(self) -> None:
        """Write what is open and close."""
        try:
            self.flush()
        finally:
            self._rows.close()
