"""Length: long preambles and tails, empty lines, rules and banners; the facts stay where they are."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import insertions

__all__ = ["empty_lines", "long_preamble", "long_tail", "ruled_lines"]


def _filler(tools: Tools, draw: Draw, sentences: int) -> str:
    texts = [row["text"] for row in tools.language.rows("distractors")]
    start = draw.below(len(texts))
    gap = " " if tools.language.spaced else ""
    return gap.join(texts[(start + i) % len(texts)] for i in range(sentences))


@perturbation(effect="preserves", kinds=["edge", "noisy"], needs=["distractors"], strength=0.5, mirrors="the fact stands after pages of small talk")
def long_preamble(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a long harmless text before the document."""
    blocks = draw.below(round(40 * tools.strength) + 1)
    return Proposal(edits=[Edit(0, 0, "", _filler(tools, draw, 5 * blocks) + "\n\n")] if blocks and case.text else [])


@perturbation(effect="preserves", kinds=["edge", "noisy"], needs=["distractors"], strength=0.5, mirrors="pages of small talk follow the fact")
def long_tail(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a long harmless text behind the document."""
    blocks, end = draw.below(round(40 * tools.strength) + 1), len(case.text)
    return Proposal(edits=[Edit(end, end, "", "\n\n" + _filler(tools, draw, 5 * blocks))] if blocks and end else [])


@perturbation(effect="preserves", kinds=["edge", "noisy"], strength=1.0, mirrors="forms are padded with empty lines")
def empty_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put many empty lines before and after the text."""
    return insertions(case, draw, "\n" * 30, "\n" * 30)


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="plain-text reports are framed by rules")
def ruled_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Frame the text with rules."""
    return insertions(case, draw, "=" * 40 + "\n", "\n" + "=" * 40)
