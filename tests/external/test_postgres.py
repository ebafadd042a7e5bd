"""The ledger in a real PostgreSQL server that the test starts: the same promises as in a file."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from robustgen.campaign.ledger import Ledger
from robustgen.campaign.postgres import PostgresRows
from robustgen.errors import LedgerError

# a mark and no skip of the module: where the marked tests are left out, nobody has to bring the package
pytestmark = [pytest.mark.external, pytest.mark.skipif(find_spec("asyncpg") is None, reason="the extra postgres is not installed")]
ROOT = Path(__file__).parents[2]


def programs() -> Path | None:
    """Return where the server's programs are."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).resolve().parent if here else None


def as_owner(*command: str) -> list[str]:
    """Return a command that does not run as root, which the server refuses."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else list(command)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Return the address of a fresh server on loopback."""
    where = programs()
    if where is None:
        assert not os.environ.get("CI"), "there must be a PostgreSQL server in continuous integration"
        pytest.skip("no PostgreSQL here (make test-external installs it)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    subprocess.run(as_owner(str(where / "initdb"), "-D", data, "-U", "tester", "-A", "trust", "-N"), check=True, capture_output=True, cwd="/")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    subprocess.run(
        as_owner(str(where / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start"), check=True, stdout=subprocess.DEVNULL, cwd="/"
    )
    try:
        yield f"postgresql://tester@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(as_owner(str(where / "pg_ctl"), "-D", data, "-m", "immediate", "stop"), check=True, stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def filled(url: str, run: str, count: int = 1500) -> None:
    """Write a run of some records."""
    with Ledger(PostgresRows(url, run, create=True), create=True) as ledger:
        for i in range(count):
            ledger.append("answered", f"case{i}/0\udc80", f'{{"text": "{i}"}}'.encode())


def test_what_was_written_is_read_and_goes_on(url: str) -> None:
    """Records come back in order over several pages, the chain holds and continues; runs do not mix."""
    filled(url, "one")
    filled(url, "two", 3)
    with Ledger(PostgresRows(url, "one", create=True), create=True) as ledger:
        assert [r.key for r in ledger.records("answered")] == [f"case{i}/0\udc80" for i in range(1500)]
        assert ledger.answer("case7/0\udc80") == b'{"text": "7"}'
        assert ledger.answer("case7000/0") is None
        ledger.append("finished", "done", b"{}")
        assert ledger.verify() == (1501, "")
        assert ledger.count("answered") == 1500


def test_a_change_is_found_and_named(url: str) -> None:
    """By whoever has access to the database."""
    import asyncio

    import asyncpg

    filled(url, "changed", 10)

    async def change() -> None:
        db = await asyncpg.connect(url)
        await db.execute("UPDATE robustgen_records SET body = convert_to('{}', 'UTF8') WHERE run = 'changed' AND seq = 4")
        await db.close()

    asyncio.run(change())
    with Ledger(PostgresRows(url, "changed")) as ledger:
        assert ledger.verify()[1].startswith("record 4 (answered case3/0")


def test_purged_payloads_leave_the_chain_verifiable(url: str) -> None:
    """Answers can be removed; that they were there stays proved."""
    filled(url, "purged", 10)
    with Ledger(PostgresRows(url, "purged")) as ledger:
        assert ledger.purge("answered") == 10
        assert ledger.verify() == (10, "")
        assert [r.body for r in ledger.records()] == [None] * 10


def test_a_second_writer_is_refused(url: str) -> None:
    """Two processes never write one chain."""
    first = PostgresRows(url, "busy", create=True)
    try:
        with pytest.raises(LedgerError, match="another robustgen is writing"):
            PostgresRows(url, "busy", create=True)
    finally:
        first.close()


def test_a_server_that_is_not_there_is_told() -> None:
    """With what to write."""
    with pytest.raises(LedgerError, match="postgresql://user@host"):
        PostgresRows("postgresql://tester@127.0.0.1:1/postgres", "x", create=True)


def test_a_campaign_keeps_its_records_there(url: str, tmp_path: Path) -> None:
    """Fuzz, resume without asking again, audit and report from the database."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": str(ROOT / "tests" / "data")}

    def robustgen(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "robustgen.cli.main", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    command = ["fuzz", "echo:7", "--domain", "toy", "--kind", "clean", "-n", "40", "--shrink", "0", "--ledger", url, "--json", "--fail-on", "never"]
    made = robustgen(*command)
    assert made.returncode == 0, made.stderr
    again = robustgen(*command, "--resume")
    events = [json.loads(line) for line in again.stdout.splitlines()]
    assert not [e for e in events if e.get("event") == "asked"]
    assert events[-1]["totals"] == json.loads(made.stdout.splitlines()[-1])["totals"]
    assert "the chain holds" in robustgen("audit", "latest").stdout
    assert not list(tmp_path.rglob("ledger.sqlite"))
    assert "echo:7" in robustgen("report", "latest").stdout
