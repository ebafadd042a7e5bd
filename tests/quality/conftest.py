"""The planted faults stand on two small packs of their own, so that they stay put when the shipped packs grow."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PACKS = Path(__file__).parent / "packs"


@pytest.fixture(autouse=True)
def small_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer ``ward`` and ``shop`` beside the shipped packs; their rules are ours."""
    monkeypatch.setenv("ROBUSTGEN_PATH", os.pathsep.join((str(PACKS), str(PACKS.parents[1] / "data"))))
    monkeypatch.setenv("ROBUSTGEN_TRUST_PACKS", "1")
