"""Versions of formats: told, refused where they are newer, and brought up step by step."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from robustgen import migrations
from robustgen.cli.main import cli
from robustgen.core.registry import Registry
from robustgen.errors import PackError, UsageError
from robustgen.migrations import look, migration
from robustgen.packs.pack import Pack
from tests.conftest import DATA


def lines(path: Path, *documents: dict[str, Any]) -> Path:
    """Write documents as JSON Lines."""
    path.write_bytes(b"".join(json.dumps(d).encode() + b"\n" for d in documents))
    return path


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that writes the third version of cases and has the steps to it."""
    monkeypatch.setattr(migrations, "STEPS", Registry("migration", "robustgen.migrations"))
    monkeypatch.setitem(migrations.CURRENT, "robustgen.case", 3)

    @migration("robustgen.case", 1)
    def named(document: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in document.items() if k != "task"} | {"question": document["task"]}

    @migration("robustgen.case", 2)
    def counted(document: dict[str, Any]) -> dict[str, Any]:
        return document | {"length": len(document["text"])}


def test_cases_of_this_release_are_current(tmp_path: Path) -> None:
    """A generated file is told to be current, and stays as it is."""
    file = tmp_path / "cases.jsonl"
    runner = CliRunner()
    assert runner.invoke(cli, ["generate", "toy", "-n", "5", "-o", str(file)]).exit_code == 0
    body = file.read_bytes()
    told = runner.invoke(cli, ["migrate", str(file), "--write", "--json"])
    assert told.exit_code == 0
    assert json.loads(told.output) == {
        "path": str(file), "format": "robustgen.case", "oldest": 1, "newest": 1, "present": 1, "documents": 5, "state": "current",
    }  # fmt: skip
    assert file.read_bytes() == body
    assert [p.name for p in tmp_path.iterdir()] == ["cases.jsonl"]


@pytest.mark.usefixtures("second")
def test_older_lines_are_brought_up_through_every_step(tmp_path: Path) -> None:
    """Each line starts at its own version; the file as it was stays; lines that are current keep their bytes."""
    file = lines(
        tmp_path / "cases.jsonl",
        {"schema": "robustgen.case/1", "task": "A", "text": "\ud800x"},
        {"schema": "robustgen.case/2", "question": "B", "text": "né"},
        {"schema": "robustgen.case/3", "question": "C", "text": "né", "length": 2},
    )
    before = file.read_bytes()
    runner = CliRunner()
    told = runner.invoke(cli, ["migrate", str(file)])
    assert told.exit_code == 1
    assert "version 1 to 3 of 3, 3 in it: older" in told.output
    assert file.read_bytes() == before
    assert runner.invoke(cli, ["migrate", str(file), "--write"]).exit_code == 0
    assert (tmp_path / "cases.jsonl.before").read_bytes() == before
    made = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert made == [
        {"schema": "robustgen.case/3", "question": "A", "text": "\ud800x", "length": 2},
        {"schema": "robustgen.case/3", "question": "B", "text": "né", "length": 2},
        {"schema": "robustgen.case/3", "question": "C", "text": "né", "length": 2},
    ]
    assert file.read_bytes().splitlines()[2] == before.splitlines()[2]
    again = runner.invoke(cli, ["migrate", str(file), "--write"])
    assert again.exit_code == 0, "nothing is left to do"


def test_a_missing_step_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the step the file is left, and the message says what to do."""
    monkeypatch.setitem(migrations.CURRENT, "robustgen.case", 2)
    file = lines(tmp_path / "cases.jsonl", {"schema": "robustgen.case/1", "text": "x"})
    before = file.read_bytes()
    with pytest.raises(UsageError, match=r"no step from robustgen\.case/1"):
        CliRunner().invoke(cli, ["migrate", str(file), "--write"], catch_exceptions=False, standalone_mode=False)
    assert file.read_bytes() == before
    assert not (tmp_path / "cases.jsonl.before").exists()


def test_newer_files_are_named_and_left(tmp_path: Path) -> None:
    """What a later release wrote is exit 1 and stays."""
    file = lines(tmp_path / "cases.jsonl", {"schema": "robustgen.case/9", "text": "x"})
    told = CliRunner().invoke(cli, ["migrate", str(file), "--write"])
    assert told.exit_code == 1
    assert "newer" in told.output
    assert [p.name for p in tmp_path.iterdir()] == ["cases.jsonl"]


def test_folders_of_runs_and_packs(tmp_path: Path) -> None:
    """The ledger's version and the pack's are told; a pack of a later format does not load."""
    run = tmp_path / "run"
    run.mkdir()
    with closing(sqlite3.connect(run / "ledger.sqlite")) as db:
        db.execute("PRAGMA user_version=1")
    assert look(run).state == "current"
    with closing(sqlite3.connect(run / "ledger.sqlite")) as db:
        db.execute("PRAGMA user_version=7")
    assert look(run).state == "newer"
    pack = tmp_path / "toy"
    shutil.copytree(DATA / "toy", pack)
    assert look(pack).state == "current"
    with (pack / "pack.toml").open("r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        file.write("format = 2\n" + text)
    assert look(pack).state == "newer"
    with pytest.raises(PackError, match="format = 2"):
        Pack("toy", pack, trusted=True)


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("a.jsonl", b"{", r"a\.jsonl:1: no JSON"),
        ("a.jsonl", b"[1]\n", r"a\.jsonl:1: expected an object"),
        ("a.jsonl", b'{"schema": "robustgen.case/1"}\n{"schema": "other/1"}\n', r"a\.jsonl:2: no format of robustgen"),
        ("a.jsonl", b"", "is empty"),
        ("a.toml", b"= 1", "no TOML"),
        ("ledger.sqlite", b"", "no such file|no JSON|is empty"),
    ],
)
def test_what_is_no_format_is_said(tmp_path: Path, name: str, body: bytes, says: str) -> None:
    """Where, what, and how to mend."""
    (tmp_path / name).write_bytes(body)
    with pytest.raises(UsageError, match=says):
        look(tmp_path / name)
