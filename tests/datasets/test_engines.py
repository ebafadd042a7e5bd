"""Engines: results in order, the same bytes from each; a worker of the cluster that is killed changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from robustgen.errors import UsageError
from robustgen.scale.export import Output, export
from robustgen.scale.job import Job
from robustgen.scale.spread import engine


def squared(number: int) -> int:
    """Return a square; found by name in other processes."""
    return number * number


@pytest.mark.parametrize("name", ["serial", "process"])
def test_results_come_in_order(name: str) -> None:
    """Whatever finishes first."""
    assert list(engine(name, 2)(squared, range(20))) == [n * n for n in range(20)]


def test_an_unknown_engine_is_told() -> None:
    """With the known ones."""
    with pytest.raises(UsageError, match="spark"):
        engine("spark", 1)


@pytest.mark.external
def test_a_killed_worker_changes_no_byte(tmp_path: Path) -> None:
    """Two workers of a local cluster, one killed in the middle of a part: the files are those of one process."""
    pytest.importorskip("distributed")
    import subprocess
    import sys

    code = Path(__file__).with_name("killed_worker.py")
    run = subprocess.run([sys.executable, str(code), str(tmp_path)], capture_output=True, text=True, timeout=280, check=False, env={**os.environ})
    assert run.returncode == 0, run.stderr[-2000:]
    assert (tmp_path / "killed").read_text() != ""
    one, two = ({f.name: f.read_bytes() for f in (tmp_path / n).rglob("*") if f.is_file()} for n in ("serial", "dask"))
    assert one == two
    assert "train.jsonl" in one


def test_nothing_makes_an_empty_set(tmp_path: Path) -> None:
    """No case, no file of rows, but a card."""
    cases = tmp_path / "none.jsonl"
    cases.write_text("")
    assert export(Job(to="jsonl", cases=str(cases)), Output(folder=tmp_path / "out"), engine("serial", 1)).rows == 0
    assert (tmp_path / "out" / "README.md").is_file()
