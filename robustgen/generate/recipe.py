"""How a case was made, small enough to change: what shrinking edits and replay follows."""

from __future__ import annotations

from typing import Any

import msgspec

from robustgen.core.case import Facts
from robustgen.core.draw import Choices

__all__ = ["Op", "Recipe"]


class Op(msgspec.Struct, frozen=True):
    """One perturbation with its strength and its choices."""

    perturbation: str
    strength: float
    choices: Choices


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, wording choices and perturbations; ``section`` and ``entry`` name the wordings (``documents``, the task);
    ``number`` is the family's, by which its base is found again.
    """

    domain: str
    task: str
    tag: str
    facts: Facts
    surface: Choices
    ops: tuple[Op, ...] = ()
    section: str = "documents"
    entry: str = ""
    facts_choices: Choices = {}
    kinds: tuple[str, ...] = ()
    number: int = 0

    def as_choices(self) -> dict[str, Any]:
        """Return the ``choices`` record of the case format."""
        made: dict[str, Any] = {"facts": self.facts_choices, "surface": {self.tag: self.surface}}
        made["ops"] = [msgspec.to_builtins(o) for o in self.ops]
        if self.number:
            made["family"] = self.number
        if self.section != "documents":
            made["section"], made["entry"] = self.section, self.entry
        return made
