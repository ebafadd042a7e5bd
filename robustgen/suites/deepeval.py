"""Goldens of DeepEval: a JSON list of objects with ``input`` and ``expected_output``."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

from robustgen.suites._base import Link, Place, Suite, Variation, cannot_read, suite_format, texts_in
from robustgen.suites._document import Document

__all__ = ["open_deepeval"]


class _Goldens(Document):
    """Goldens; new ones stand behind their base, with the link in their metadata."""

    def __init__(self, text: str, path: Path) -> None:
        """Read the goldens."""
        super().__init__(text, path)
        if not isinstance(self.data, list) or not all(isinstance(g, dict) for g in self.data):
            raise cannot_read(path, "goldens are a JSON list of objects")
        self.originals: list[dict[str, Any]] = list(self.data)

    def places(self, field: str) -> list[Place]:
        """Return the input of every golden."""
        name = field or "input"
        made = [(i, g) for i, g in enumerate(self.originals) if isinstance(g.get(name), str) and g[name].strip()]
        return [
            Place(row=i, id=str(g.get("name") or i + 1), field=name, text=g[name], expected=texts_in([g.get("expected_output"), g.get("expected_tools")]))
            for i, g in made
        ]

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Add a golden; what a model had answered to the base is not carried."""
        base = self.originals[place.row]
        made = deepcopy(base)
        made[place.field] = variation.text
        if made.get("name"):
            made["name"] = link.id
        if made.get("actual_output"):
            made["actual_output"] = None
        metadata = made.get("additional_metadata")
        made["additional_metadata"] = {**(metadata if isinstance(metadata, dict) else {}), "robustgen": link.short()}
        after = next(i for i, g in enumerate(self.data) if g is base) + 1
        while after < len(self.data) and not any(self.data[after] is g for g in self.originals):
            after += 1
        self.data.insert(after, made)
        self.changed = True


def _fits(text: str, path: Path) -> int:
    return 60 if path.suffix == ".json" and text.lstrip("\ufeff \n\r\t").startswith("[") and '"input"' in text else 0


@suite_format(fits=_fits)
def open_deepeval(text: str, path: Path) -> Suite:
    """DeepEval: a JSON list of goldens; the link stands in additional_metadata."""
    return _Goldens(text, path)
