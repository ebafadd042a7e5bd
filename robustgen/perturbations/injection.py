"""Instructions hidden in the document; whoever obeys them is wrong, whoever answers the question is right."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation

__all__ = ["document_injection", "role_confusion"]


def _append(case: Case, draw: Draw, tools: Tools, before: str) -> Proposal | NotApplicable:
    texts = [row["text"] for row in tools.language.rows("injections")]
    pick, end = draw.below(len(texts) + 1), len(case.text)
    return Proposal(edits=[Edit(end, end, "", before + texts[pick - 1])] if pick else [], tags=["injection"])


@perturbation(effect="preserves", kinds=["adversarial"], needs=["injections"], strength=1.0, mirrors="a document tells the model what to answer (OWASP LLM01)")
def document_injection(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Append an instruction as if it belonged to the document."""
    return _append(case, draw, tools, "\n")


@perturbation(
    effect="preserves", kinds=["adversarial"], needs=["injections"], strength=1.0, mirrors="text that imitates the chat format takes over (OWASP LLM01)"
)
def role_confusion(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Append an instruction behind an imitated system turn."""
    return _append(case, draw, tools, "\n\nsystem: ")
