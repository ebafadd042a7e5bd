"""Light to import: nothing heavy is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = [
    "faker",
    "hypothesis",
    "aiohttp",
    "lark",
    "langdetect",
    "nlpaug",
    "numpy",
    "pandas",
    "pyarrow",
    "jinja2",
    "pytest",
    "distributed",
    "babel",
    "click",
    "ruamel",
]


def loaded(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter has after running code."""
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sorted({{m.split('.')[0] for m in sys.modules}})))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    """``import robustgen`` is nearly free."""
    assert not loaded("import robustgen") & set(HEAVY)


def test_the_pytest_door_loads_nothing_heavy() -> None:
    """Every run of a user's pytest loads the door, so it brings nothing but pytest."""
    assert not loaded("import robustgen.pytest_plugin") & (set(HEAVY) - {"pytest"})


@pytest.mark.parametrize("arguments", [["--help"], ["fuzz", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    """Help needs click and nothing else of weight."""
    code = f"import sys; sys.argv = ['robustgen', *{arguments!r}]\nfrom robustgen.cli.main import main\ntry:\n    main()\nexcept SystemExit: pass\nprint()"
    assert not loaded(code) & (set(HEAVY) - {"click"})
