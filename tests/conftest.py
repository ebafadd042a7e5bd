"""Shared fixtures: a small pack of our own, so that no test depends on the depth of a shipped one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"
os.environ["ROBUSTGEN_PATH"] = str(DATA)


@pytest.fixture
def toy() -> str:
    """Return the name of the small test pack."""
    return "toy"
