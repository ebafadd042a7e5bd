"""The page on oracles names every oracle and every bound, and its example can be loaded."""

from __future__ import annotations

import tomllib
from pathlib import Path

from robustgen.core.plugins import ORACLES
from robustgen.packs.grading import _KEYS, user_bounds
from tests.docs.pages import blocks

PAGE = (Path(__file__).parents[2] / "docs" / "oracles.md").read_text("utf-8")


def test_every_oracle_is_on_the_page() -> None:
    """And none that does not exist."""
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    named = {name.strip(" `") for row in rows for name in row.split(",")}
    assert named == {s.name for _, s in ORACLES.items() if not s.domain}


def test_the_example_of_bounds_loads() -> None:
    """Every key of the example is one, and every key is in the example or beside it."""
    (block,) = (b.text for b in blocks(PAGE) if b.file == "robustgen.toml")
    given = tomllib.loads(block)["bounds"]
    given.pop("schema")
    assert {e.how for e in user_bounds(given)} >= {"length", "latency", "patterns", "disclaimer", "citation", "units", "stability", "leak"}
    assert all(key in PAGE for key in _KEYS)
