"""The sample suite that the page "From zero to a failing test" measures; the page itself is walked in ``tests/docs``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(command: list[str], place: Path, **env: str) -> str:
    """Run a command and return what it said."""
    paths = os.pathsep.join([str(ROOT), str(place)])
    done = subprocess.run(
        command, cwd=place, env=os.environ | {"PYTHONPATH": paths, **env}, capture_output=True, text=True, check=False, timeout=200, encoding="utf-8"
    )
    return done.stdout + done.stderr


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
