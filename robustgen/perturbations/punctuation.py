"""Punctuation: full stops lost or repeated, curly quotes, dashes."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import how_many

__all__ = ["final_stop_lost", "repeated_marks", "stop_glued", "trailing_dots"]


def _ends(case: Case, tools: Tools, marks: str) -> list[int]:
    guard, text = tools.protected(), case.text
    places = [i for i in range(1, len(text)) if text[i] in marks and (i + 1 == len(text) or text[i + 1].isspace())]
    return [i for i in places if not any(s < i < e or (s <= i < e) for s, e in guard)]


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="chat messages end without a full stop")
def final_stop_lost(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the last full stop."""
    places = [i for i in _ends(case, tools, ".。।") if i + 1 == len(case.text)]
    if not places:
        return NotApplicable("no final full stop")
    return Proposal(edits=[Edit(places[0], places[0] + 1, case.text[places[0]], "")] if draw.below(2) else [])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="excited writers repeat marks")
def repeated_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Repeat exclamation and question marks."""
    places = _ends(case, tools, "!?！？؟")
    if not places:
        return NotApplicable("no exclamation or question mark")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, case.text[i], case.text[i] * 3) for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="messages trail off in dots")
def trailing_dots(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn full stops into three dots."""
    places = [i for i in _ends(case, tools, ".") if case.text[i - 1].isalpha()]
    if not places:
        return NotApplicable("no full stop after a word")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, ".", "...") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="phone typing forgets the space after a full stop")
def stop_glued(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the space after a full stop between words."""
    text, guard = case.text, tools.protected()
    places = [i + 1 for i in range(1, len(text) - 2) if text[i] in ".!?" and text[i + 1] == " " and text[i - 1].isalpha() and text[i + 2].isalpha()]
    places = [i for i in places if not any(s <= i < e or s == i + 1 for s, e in guard)]
    if not places:
        return NotApplicable("no full stop between words")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, " ", "") for i in sorted(chosen)])
