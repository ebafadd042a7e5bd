"""Error-prone notation: a form that is read as more than one value, as ISMP and the Joint Commission list them."""

from __future__ import annotations

from robustgen.core.case import Case, Edit, Expected, Reading
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation

__all__ = ["error_prone_form"]


@perturbation(
    effect="splits",
    kinds=["ambiguous"],
    over_facts=True,
    strength=1.0,
    mirrors="handwritten QD read as QID, U read as zero (ISMP list of error-prone abbreviations)",
)
def error_prone_form(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write a value in a form that stands for another value too."""
    found = []
    for path, spans in sorted(case.spans.items()):
        if len(spans) != 1 or tools.field(path) is None:
            continue
        for form in tools.forms(path):
            values = tools.shared(path, form.text) if form.mark.startswith("error-prone") else ()
            if len(values) > 1:
                found.append((path, spans[0], form, values))
    if not found:
        return NotApplicable("no value with an error-prone form")
    if not draw.below(2):
        return Proposal()
    path, (start, end), form, values = found[draw.below(len(found))]
    readings = []
    for value in values:
        facts = tools.with_value(path, value)
        if facts is not None:
            readings.append(Reading(facts, Expected(accept=[])))
    if len(readings) < 2:
        return NotApplicable("only one reading is possible")
    tags = [t for t in form.mark.split()[1:] if t]
    return Proposal(edits=[Edit(start, end, case.text[start:end], form.text)], readings=readings, tags=tags)
