"""The command lines of docs/export-a-dataset.md work as they stand."""

from __future__ import annotations

import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from robustgen.cli.main import cli

PAGE = Path(__file__).parents[2] / "docs" / "export-a-dataset.md"
LINES = [line.strip() for line in PAGE.read_text("utf-8").splitlines() if line.startswith("    robustgen ")]


def test_the_page_shows_commands() -> None:
    """There is something to run."""
    assert len(LINES) >= 9


@pytest.mark.slow
def test_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, in their order, in an empty folder; none fails."""
    monkeypatch.chdir(tmp_path)
    for line in LINES:
        if "://" in line and find_spec("fsspec") is None:
            continue
        run = CliRunner().invoke(cli, shlex.split(line)[1:], catch_exceptions=False)
        assert run.exit_code == 0, (line, run.output)
    assert (tmp_path / "out" / "strict" / "README.md").is_file()
