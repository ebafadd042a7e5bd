"""A project that has the plug-in installed and uses none of it pays nearly nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = {"robustgen.core", "robustgen.generate", "robustgen.campaign", "msgspec", "regex", "ruamel", "babel", "aiohttp", "nlpaug", "numpy", "faker"}
PROBE = """
import sys
def pytest_sessionfinish():
    print("LOADED", *sorted(sys.modules))
"""


def test_a_run_without_our_tests_loads_nothing_of_weight(tmp_path: Path) -> None:
    """A whole run with the plug-in and a plain test imports the door's two light modules and no more of us."""
    (tmp_path / "conftest.py").write_text(PROBE)
    (tmp_path / "test_plain.py").write_text("def test_plain():\n    assert True\n")
    others = ("anyio", "typeguard", "Faker", "faker", "benchmark", "hypothesispytest", "cov")
    off = [part for name in others for part in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "robustgen.pytest_plugin", "-p", "no:cacheprovider", *off, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": root()})
    loaded = set(next(line for line in done.stdout.splitlines() if "LOADED" in line).split()[1:])
    assert "robustgen.pytest_plugin" in loaded
    assert not loaded & HEAVY


def root() -> str:
    """Return the folder of the package under test."""
    return str(Path(__file__).parents[2])


def test_decorating_a_test_loads_nothing_of_weight() -> None:
    """A test module that names the decorators costs nothing before its tests are collected."""
    code = "import sys, robustgen\nrobustgen.cases(domain='retail')\nrobustgen.perturbed('neighbour_key')\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": root()})
    assert not set(done.stdout.split()) & HEAVY
