"""At least sixty wrong uses and broken files: what is said of each is kept, says how to mend it, and ends with the right code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.errors import GOLDEN, PAGE, WRONG, Wrong, page, say

KEPT = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("wrong", "kept"), list(zip(WRONG, KEPT, strict=True)), ids=[w.title.replace(" ", "-") for w in WRONG])
def test_what_is_said(wrong: Wrong, kept: dict[str, object], tmp_path: Path) -> None:
    """The message is the kept one: no traceback, no path of this machine, exit 2 for wrong use and 1 for a bad pack."""
    code, said = say(wrong, tmp_path.resolve())
    assert said == kept["says"], "if the new message is better: python -m tests.cli.errors"
    assert code == kept["exit"] == (1 if wrong.line.startswith("check ") else 2)
    assert "Traceback" not in said
    assert str(tmp_path) not in said


def test_the_set_is_large_and_listed() -> None:
    """Sixty messages and more, all on the page."""
    assert len({k["says"] for k in KEPT}) >= 60
    assert PAGE.read_text("utf-8") == page(KEPT)
