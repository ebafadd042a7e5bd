"""Sentences that are true, harmless and beside the point; numbers stay out of them."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import sentence_ends

__all__ = ["greeting_before", "irrelevant_sentence", "signature_after"]


def _texts(tools: Tools, resource: str) -> list[str]:
    return [row["text"] for row in tools.language.rows(resource)]


@perturbation(effect="preserves", kinds=["noisy"], needs=["distractors"], strength=0.3, mirrors="people tell more than is needed")
def irrelevant_sentence(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put irrelevant sentences between the sentences of the text."""
    places, texts = sentence_ends(case, tools), _texts(tools, "distractors")
    if not places:
        return NotApplicable("no place between sentences")
    chosen: dict[int, str] = {}
    for _ in range(draw.below(max(1, round(3 * tools.strength)) + 1)):
        chosen[places[draw.below(len(places))]] = texts[draw.below(len(texts))]
    return Proposal(edits=[Edit(i, i, "", f" {chosen[i]}") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], needs=["greetings"], strength=1.0, mirrors="messages open with a greeting")
def greeting_before(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a greeting before the text."""
    texts = _texts(tools, "greetings")
    pick = draw.below(len(texts) + 1)
    return Proposal(edits=[Edit(0, 0, "", texts[pick - 1] + "\n")] if pick else [])


@perturbation(effect="preserves", kinds=["noisy"], needs=["signatures"], strength=1.0, mirrors="mail programs add a signature")
def signature_after(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a signature after the text."""
    texts = _texts(tools, "signatures")
    pick, end = draw.below(len(texts) + 1), len(case.text)
    return Proposal(edits=[Edit(end, end, "", "\n\n" + texts[pick - 1])] if pick else [])
