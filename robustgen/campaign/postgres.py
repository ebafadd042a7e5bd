"""The rows of a ledger in a PostgreSQL database of a team: the same columns, one table for all runs; the password comes from PGPASSWORD.

asyncpg lives in a loop of its own in a thread of its own, so that a ledger is the same to everyone whatever keeps its rows.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, TypeVar

from robustgen.campaign._sqlite import VERSION, Row
from robustgen.errors import LedgerError, MissingExtra

__all__ = ["PostgresRows"]

T = TypeVar("T")
PAGE = 1000
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS robustgen_version (version INTEGER NOT NULL)",
    """CREATE TABLE IF NOT EXISTS robustgen_records (
        run TEXT NOT NULL,
        seq BIGINT NOT NULL,
        kind TEXT NOT NULL,
        key BYTEA NOT NULL,
        body BYTEA,
        digest BYTEA NOT NULL,
        hash BYTEA NOT NULL,
        PRIMARY KEY (run, seq)
    )""",
    "CREATE INDEX IF NOT EXISTS robustgen_answered ON robustgen_records (run, key) WHERE kind = 'answered'",
)
_LOCK = 7_102_026
"""Key of the advisory lock under which tables are made: two first runs of a team may come together."""


class PostgresRows:
    """The records of one run."""

    def __init__(self, url: str, run: str, *, create: bool = False) -> None:
        """Connect; raises ``LedgerError`` when the database cannot be used, or another writer has the run."""
        try:
            import asyncpg
        except ImportError:
            raise MissingExtra("a ledger in PostgreSQL", "postgres") from None
        self._errors = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError)
        self.run, self.name = run, f"run {run} in PostgreSQL"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._db: Any = None
        try:
            self._db = self._do(asyncpg.connect(url, timeout=10), start=True)
            self._do(self._prepared(create=create))
        except LedgerError:
            if self._db is not None:
                self._loop.call_soon_threadsafe(self._db.terminate)
            self._end()
            raise

    def _do(self, work: Coroutine[Any, Any, T], *, start: bool = False) -> T:
        try:
            done: T = asyncio.run_coroutine_threadsafe(_awaited(work), self._loop).result(60)
        except self._errors as error:
            mend = "write postgresql://user@host:5432/database, the password in PGPASSWORD" if start else "is the server there, and the database ours?"
            raise LedgerError(f"{self.name}: {type(error).__name__}: {error}", mend=mend) from None
        return done

    async def _prepared(self, *, create: bool) -> None:
        if create:
            async with self._db.transaction():
                await self._db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
                for statement in _SCHEMA:
                    await self._db.execute(statement)
                if await self._db.fetchval("SELECT COUNT(*) FROM robustgen_version") == 0:
                    await self._db.execute("INSERT INTO robustgen_version VALUES ($1)", VERSION)
            if not await self._db.fetchval("SELECT pg_try_advisory_lock($1, hashtext($2))", _LOCK % 1000, self.run):
                raise LedgerError(f"{self.name}: another robustgen is writing it", mend="wait for it, or leave --resume out")
        version = await self._db.fetchval("SELECT version FROM robustgen_version")
        if version != VERSION:
            raise LedgerError(f"{self.name} has version {version}, this robustgen reads {VERSION}", mend="nothing was changed")

    def last(self) -> tuple[int, bytes] | None:
        """Return number and hash of the last record."""
        row = self._do(self._db.fetchrow("SELECT seq, hash FROM robustgen_records WHERE run = $1 ORDER BY seq DESC LIMIT 1", self.run))
        return (row["seq"], row["hash"]) if row else None

    def add(self, rows: Sequence[Row]) -> None:
        """Write rows in one transaction."""
        made = [(self.run, seq, kind, key.encode("utf-8", "surrogatepass"), body, digest, hash_) for seq, kind, key, body, digest, hash_ in rows]
        self._do(self._db.copy_records_to_table("robustgen_records", records=made))

    def rows(self, kinds: Sequence[str]) -> Iterator[Row]:
        """Yield rows in order, of some kinds or of all, a page at a time."""
        after = -(1 << 62)
        query = "SELECT seq, kind, key, body, digest, hash FROM robustgen_records WHERE run = $1 AND seq > $2 AND ($3::text[] IS NULL OR kind = ANY($3))"
        while True:
            page = self._do(self._db.fetch(f"{query} ORDER BY seq LIMIT {PAGE}", self.run, after, list(kinds) or None))
            for row in page:
                yield row["seq"], row["kind"], row["key"].decode("utf-8", "surrogatepass"), row["body"], row["digest"], row["hash"]
            if len(page) < PAGE:
                return
            after = page[-1]["seq"]

    def answer(self, key: str) -> bytes | None:
        """Return the body of an answer."""
        query = "SELECT body FROM robustgen_records WHERE run = $1 AND kind = 'answered' AND key = $2 AND body IS NOT NULL LIMIT 1"
        found: bytes | None = self._do(self._db.fetchval(query, self.run, key.encode("utf-8", "surrogatepass")))
        return found

    def count(self, kind: str) -> int:
        """Return how many different keys records of a kind have."""
        query = "SELECT COUNT(DISTINCT key) FROM robustgen_records WHERE run = $1 AND kind = $2"
        return int(self._do(self._db.fetchval(query, self.run, kind)))

    def sound(self) -> str:
        """Return nothing: a server checks its own pages."""
        return ""

    def purge(self, kinds: Sequence[str]) -> int:
        """Remove the bodies of some kinds; returns how many."""
        query = "UPDATE robustgen_records SET body = NULL WHERE run = $1 AND body IS NOT NULL AND kind = ANY($2)"
        done = str(self._do(self._db.execute(query, self.run, list(kinds))))
        self._do(self._db.execute("VACUUM FULL robustgen_records"))
        return int(done.rpartition(" ")[2])

    def close(self) -> None:
        """Close the connection."""
        try:
            self._do(self._db.close())
        finally:
            self._end()

    def _end(self) -> None:
        self._do(asyncio.sleep(0.01))  # transports close in the loop
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


async def _awaited(work: Any) -> Any:
    return await work
