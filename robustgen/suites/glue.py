"""GLUE-style tables: tab-separated, no quotes, with or without a header."""

from __future__ import annotations

from pathlib import Path

import msgspec

from robustgen.suites._base import Place, Suite, suite_format
from robustgen.suites._table import Table

__all__ = ["open_glue"]

NAMES = {"sentence", "sentence1", "sentence2", "question", "question1", "question2", "premise", "hypothesis", "#1 string", "#2 string"}
ACCEPTABILITY = "the label tells whether the wording is acceptable, and the edit changes the wording"


class _Tasks(Table):
    """Sentences with labels."""

    def column(self, field: str) -> str:
        """Return the named column, the first one of sentences, or in a table without a header the last."""
        usual = next((c for c in self.columns if c.casefold() in NAMES), self.columns[-1])
        return field or usual

    def places(self, field: str) -> list[Place]:
        """Return one sentence a row; in a table without a header the label judges the wording itself."""
        found = super().places(field)
        return found if self.first else [msgspec.structs.replace(p, id=str(p.row + 1), surface=ACCEPTABILITY) for p in found]


def _header(text: str) -> bool:
    return bool({c.strip().casefold() for c in text.lstrip("\ufeff").partition("\n")[0].split("\t")} & NAMES)


def _fits(text: str, path: Path) -> int:
    first = text.partition("\n")[0]
    if path.suffix not in {".tsv", ".txt"} or "\t" not in first:
        return 0
    return 60 if _header(text) or first.count("\t") == 3 else 20


@suite_format(fits=_fits)
def open_glue(text: str, path: Path) -> Suite:
    """GLUE: tab-separated sentences and labels; a table of four columns without a header judges acceptability, and is marked for review."""
    return _Tasks(text, path, "\t", quoted=False, header=_header(text))
