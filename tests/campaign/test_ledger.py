"""The ledger: chained, append-only, honest about damage."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from robustgen.campaign.ledger import Ledger
from robustgen.errors import LedgerError


def filled(folder: Path, count: int = 10) -> Path:
    """Return a ledger with some records."""
    path = folder / "ledger.sqlite"
    with Ledger(path, create=True) as ledger:
        for i in range(count):
            ledger.append("answered", f"case{i}/0", f'{{"text": "{i}"}}'.encode())
    return path


def test_what_was_written_is_read_and_the_chain_holds(tmp_path: Path) -> None:
    """Records come back in order and verify."""
    with Ledger(filled(tmp_path)) as ledger:
        assert [r.key for r in ledger.records("answered")] == [f"case{i}/0" for i in range(10)]
        assert ledger.verify() == (10, "")


def test_it_goes_on_where_it_stood(tmp_path: Path) -> None:
    """Reopened, the chain continues."""
    path = filled(tmp_path)
    with Ledger(path) as ledger:
        ledger.append("finished", "done", b"{}")
        assert ledger.verify() == (11, "")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE records SET body = X'7b7d' WHERE seq = 4", "record 4 .* content was changed"),
        ("UPDATE records SET key = 'other' WHERE seq = 4", "record 4 .* link"),
        ("DELETE FROM records WHERE seq = 4", "record 4 is missing"),
    ],
)
def test_a_change_is_found_and_named(statement: str, why: str, tmp_path: Path) -> None:
    """One changed byte, key or a missing record breaks the chain at that place."""
    import re

    path = filled(tmp_path)
    with sqlite3.connect(path) as db:
        db.execute(statement)
    with Ledger(path) as ledger:
        assert re.match(why, ledger.verify()[1])


def test_purged_payloads_leave_the_chain_verifiable(tmp_path: Path) -> None:
    """Answers can be removed; that they were there stays proved."""
    path = filled(tmp_path)
    with Ledger(path) as ledger:
        assert ledger.purge("answered") == 10
        assert ledger.verify() == (10, "")
    assert b'"text": "7"' not in path.read_bytes()


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to look at", b""])
def test_a_foreign_file_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    """A file that is no ledger is said to be none, and not changed."""
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="ledger"):
        Ledger(path)
    assert path.read_bytes() == content


def test_another_version_is_refused(tmp_path: Path) -> None:
    """A ledger of a later version is not touched."""
    path = filled(tmp_path)
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(LedgerError, match="version 99"):
        Ledger(path)
