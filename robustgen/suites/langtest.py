"""LangTest's tables of test cases: ``original``, ``test_case`` and ``expected_result`` beside category and type."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from robustgen.core.case import Edit
from robustgen.suites._base import Link, Place, Suite, Variation, suite_format
from robustgen.suites._table import Table, header_of

__all__ = ["open_langtest"]


class _Cases(Table):
    """Test cases; a new one names the perturbation as its type."""

    def column(self, field: str) -> str:
        """Return where the untouched text stands."""
        return field or next(c for c in self.columns if c.startswith("original"))

    def places(self, field: str) -> list[Place]:
        """Return every original once, however many cases it has."""
        once: dict[str, Place] = {}
        for place in super().places(field):
            once[place.text] = place
        return list(once.values())

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Put a case behind the last one of its original; an actual result and a verdict are not carried."""
        record = self.record(place.row)
        changed = {
            "category": "robustness",
            "test_type": variation.perturbation,
            "actual_result": "",
            "pass": "",
            "transformations": _transformations(variation.edits),
            place.field.replace("original", "test_case", 1): variation.text,
        }
        if place.field == "original_question":
            changed["perturbed_question"] = variation.text
        self.put_row(place.row, [changed.get(c, v) for c, v in record.items()])


def _transformations(edits: Sequence[Edit]) -> str:
    """Return what a case says of its edits: where they stood in the original and stand in the test case."""
    made, shift = [], 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        start = edit.start + shift
        old = {"start": edit.start, "end": edit.end, "word": edit.old}
        made.append({"original_span": old, "new_span": {"start": start, "end": start + len(edit.new), "word": edit.new}, "ignore": False})
        shift += len(edit.new) - len(edit.old)
    return repr(made) if made else "-"


def _fits(text: str, path: Path) -> int:
    names = set(header_of(text, ","))
    return 80 if "test_type" in names and any(n.startswith("original") for n in names) else 0


@suite_format(fits=_fits)
def open_langtest(text: str, path: Path) -> Suite:
    """LangTest: CSV of test cases with original, test_case and expected_result."""
    return _Cases(text, path)
