"""Suites like CheckList's, as JSON: tests of type MFT (text and label) and INV (groups whose answers must agree)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from robustgen.suites._base import Link, Place, Suite, Variation, cannot_read, suite_format, texts_in
from robustgen.suites._document import Document

__all__ = ["open_checklist"]


class _Tests(Document):
    """Tests, each with data and, for MFT, labels."""

    def __init__(self, text: str, path: Path) -> None:
        """Read the tests, listed or by name."""
        super().__init__(text, path)
        found = self.data.get("tests") if isinstance(self.data, dict) else None
        self.tests: list[tuple[str, dict[str, Any]]] = []
        if isinstance(found, dict):
            self.tests = list(found.items())
        elif isinstance(found, list):
            self.tests = [(str(t.get("name", i + 1)), t) for i, t in enumerate(found)]
        if not self.tests or not all(isinstance(t.get("data"), list) for _, t in self.tests):
            raise cannot_read(path, "no 'tests' with 'data' in it")

    def places(self, field: str) -> list[Place]:
        """Return the texts of MFT, and the first text of every INV group; a DIR test stays, its direction is its own."""
        made: list[Place] = []
        for name, test in self.tests:
            kind, labels = str(test.get("type", "MFT")).upper(), test.get("labels")
            for i, item in enumerate(list(test["data"])):
                text = item[0] if isinstance(item, list) and item else item
                if not isinstance(text, str) or not text.strip() or kind not in {"MFT", "INV"}:
                    continue
                expected = texts_in(labels[i] if isinstance(labels, list) and i < len(labels) else labels)
                made.append(Place(row=len(made), id=f"{name}[{i}]", field="data", text=text, expected=expected, labelled=kind == "MFT", where=(test, i, item)))
        return made

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Add a text with its label, or a text to its group."""
        test, i, item = place.where
        self.changed = True
        if isinstance(item, list):
            item.append(variation.text)
            return
        if str(test.get("type", "MFT")).upper() == "INV":
            at = next(k for k, d in enumerate(test["data"]) if d is item or (isinstance(d, list) and d[0] == item))
            if isinstance(test["data"][at], list):
                test["data"][at].append(variation.text)
            else:
                test["data"][at] = [item, variation.text]
            return
        test["data"].append(variation.text)
        if isinstance(test.get("labels"), list):
            test["labels"].append(test["labels"][i])


def _fits(text: str, path: Path) -> int:
    return 70 if path.suffix == ".json" and '"tests"' in text and '"data"' in text else 0


@suite_format(fits=_fits)
def open_checklist(text: str, path: Path) -> Suite:
    """CheckList: JSON with "tests", each with type MFT or INV, data and labels; links are in the families file."""
    return _Tests(text, path)
