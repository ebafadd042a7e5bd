"""How an instruction of an attacker is put behind a text: shared by plain and disguised injections."""

from __future__ import annotations

from collections.abc import Callable

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import gate

__all__ = ["planted"]


def planted(case: Case, draw: Draw, tools: Tools, write: Callable[[str], str], goal: str = "") -> Proposal | NotApplicable:
    """Append an instruction of the language's resource (of a goal, where one is named) as ``write`` words it."""
    found = [row["text"] for row in tools.language.rows("injections") if goal in {"", row["goal"]}]
    end = len(case.text)
    if not found or not end:
        return NotApplicable("no instruction of the kind, or no text")
    if not gate(draw):
        return Proposal()
    return Proposal(edits=[Edit(end, end, "", write(found[draw.below(len(found))]))], tags=["injection"])
