"""Information that is not there: a fact blanked out, unreadable, or left as a placeholder."""

from __future__ import annotations

from collections.abc import Callable

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation

__all__ = ["blank_fact", "illegible_fact", "placeholder_fact"]


def _wordings(case: Case, tools: Tools, path: str) -> list[str]:
    """Return the texts that state a fact: where it stands and all its other forms."""
    return [*(case.text[s:e] for s, e in case.spans[path]), *(f.text for f in tools.forms(path))]


def _lose(case: Case, draw: Draw, tools: Tools, put: Callable[[str], str]) -> Proposal | NotApplicable:
    """Take a fact that the answer depends on out of every place that states it."""
    paths = []
    for path, spans in sorted(case.spans.items()):
        field = tools.field(path)
        if field is not None and field.depends and spans:
            paths.append(path)
    asked = case.messages[0]["content"] if case.messages else ""
    paths = [p for p in paths if not any(w in asked for w in _wordings(case, tools, p))]
    if not paths:
        return NotApplicable("no fact that the answer depends on")
    if not draw.below(2):
        return Proposal()
    path = paths[draw.below(len(paths))]
    edits = [Edit(s, e, case.text[s:e], put(case.text[s:e])) for s, e in case.spans[path]]
    return Proposal(edits=edits, lost=[path])


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a field of the form was left empty")
def blank_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a line where a fact should stand."""
    return _lose(case, draw, tools, lambda old: "____")


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="de-identification and templates leave placeholders")
def placeholder_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a template's placeholder where a fact should stand."""
    return _lose(case, draw, tools, lambda old: "[***]")


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a streak on a fax hides a word")
def illegible_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Cover a fact with unreadable marks."""
    return _lose(case, draw, tools, lambda old: "▒" * min(len(old), 12))
