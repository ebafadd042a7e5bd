"""Pages that are made from the code are what the code makes."""

from __future__ import annotations

from pathlib import Path

from robustgen.generate.catalogue import perturbation_table

DOCS = Path(__file__).parents[2] / "docs"


def test_the_perturbation_table_is_current() -> None:
    """The page lists every perturbation as it is declared."""
    assert (DOCS / "perturbations.md").read_text("utf-8") == perturbation_table()
