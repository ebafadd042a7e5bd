"""The page "From zero to a failing test", run as it is written, and the sample suite that it measures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "from-zero-to-a-failing-test.md").read_text("utf-8")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def run(command: list[str], place: Path, **env: str) -> str:
    """Run a command and return what it said."""
    paths = os.pathsep.join([str(ROOT), str(place)])
    done = subprocess.run(
        command, cwd=place, env=os.environ | {"PYTHONPATH": paths, **env}, capture_output=True, text=True, check=False, timeout=200, encoding="utf-8"
    )
    return done.stdout + done.stderr


def test_the_page_runs_as_written(tmp_path: Path) -> None:
    """Files are written, commands run, and every line that the page shows is in what they say."""
    said, checked = "", 0
    for language, body in BLOCK.findall(PAGE):
        if body.startswith("# file: "):
            name, _, content = body.removeprefix("# file: ").partition("\n")
            (tmp_path / name).write_text(content, encoding="utf-8")
        elif language == "console":
            words = [sys.executable if w == "python" else w for w in body.removeprefix("$ ").split()]
            said = run(words, tmp_path)
        elif language == "text":
            for line in body.splitlines():
                assert line in said, said
                checked += 1
    assert checked >= 10


@pytest.mark.parametrize(("varied", "tally"), [("", "30 passed"), ("1", "14 failed, 1816 passed")])
def test_one_decorator_finds_what_thirty_tests_missed(varied: str, tally: str) -> None:
    """The page's figures: all pass before, three faults after."""
    pytest.importorskip("price_parser")
    assert version("price-parser") == "0.5.1", "the page's figures are of another version: measure them again"
    plugin = ["-p", "no:xdist", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", "."]
    said = run([sys.executable, "-m", "pytest", "-q", *plugin, "test_prices.py"], ROOT / "tests" / "doors" / "sample", VARIED=varied)
    assert tally in said, said[-2000:]
    if varied:
        failing = re.findall(r"[1-9]\d* of +\d+  perturbation=(\w+)", said)
        assert {"sign_mojibake", "page_furniture_inside", "alternating_case"} <= set(failing)
