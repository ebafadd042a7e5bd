"""Other facts, other answers: a value changed for another plausible one, and names swapped where they must not matter."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation

__all__ = ["another_name", "another_value"]


def _swap(case: Case, draw: Draw, tools: Tools, paths: list[str]) -> Proposal | NotApplicable:
    """Write another value at every place of one fact, in the format that stands there."""
    if not paths:
        return NotApplicable("no fact of the kind")
    if not draw.below(2):
        return Proposal()
    path = paths[draw.below(len(paths))]
    facts = tools.with_value(path, tools.typical(path, draw))
    if facts is None:
        return NotApplicable("no other value fits the record")
    edits = []
    for start, end in case.spans[path]:
        old = case.text[start:end]
        style = next((s for s in _STYLES if tools.render(path, s) == old), None)
        new = tools.render_value(path, facts, style) if style is not None else None
        if new is None or new == old:
            return NotApplicable("the place cannot be written anew")
        edits.append(Edit(start, end, old, new))
    other = [p for p in case.spans if p != path and tools.field(p) is not None and tools.differs(p, facts)]
    return NotApplicable("another stated fact would change too") if other else Proposal(edits=edits, facts=facts)


_STYLES = ("", "number", "grouped", "money", "code", "qty", "long-qty", "percent", "long", "iso", "numeric", "medium")


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="one figure of the record is another today")
def another_value(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Change a number or date that the answer depends on; the answer is computed anew."""
    paths = [p for p in sorted(case.spans) if (f := tools.field(p)) is not None and f.depends and f.kind in {"int", "decimal", "date"} and case.spans[p]]
    return _swap(case, draw, tools, paths)


@perturbation(effect="shifts", kinds=["edge"], over_facts=True, strength=1.0, mirrors="the same case under another person's name gets another answer")
def another_name(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Change a person's or company's name throughout; the answer stays."""
    return _swap(
        case, draw, tools, [p for p in sorted(case.spans) if (f := tools.field(p)) is not None and f.kind == "text" and not f.depends and case.spans[p]]
    )
