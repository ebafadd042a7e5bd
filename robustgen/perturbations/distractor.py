"""Sentences that are true, harmless and beside the point; numbers stay out of them."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import gate, how_many, noisy, sentence_ends, texts

__all__ = ["greeting_before", "irrelevant_sentence", "quoted_small_talk", "signature_after"]


@noisy(
    needs=["distractors"],
    strength=0.3,
    mirrors="people tell more than is needed",
    examples=[
        Example(before="Please confirm.", after="Please confirm. The weather was lovely this morning.", choices=[1]),
        Example(before="500 mg", after=None),
    ],
)
def irrelevant_sentence(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put irrelevant sentences between the sentences of the text."""
    places, found = sentence_ends(case, tools), texts(tools, "distractors")
    if not places:
        return NotApplicable("no place between sentences")
    chosen: dict[int, str] = {}
    for _ in range(how_many(draw, 3, tools.strength)):
        chosen[places[draw.below(len(places))]] = found[draw.below(len(found))]
    return Proposal(edits=[Edit(i, i, "", f" {chosen[i]}") for i in sorted(chosen)])


@noisy(
    needs=["greetings"],
    strength=1.0,
    mirrors="messages open with a greeting",
    examples=[Example(before="Please confirm.", after="Hello,\nPlease confirm.", choices=[1]), Example(before="", after=None)],
)
def greeting_before(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a greeting before the text."""
    found = texts(tools, "greetings")
    if not case.text:
        return NotApplicable("an empty text")
    return Proposal(edits=[Edit(0, 0, "", found[draw.below(len(found))] + "\n")] if gate(draw) else [])


@noisy(
    needs=["signatures"],
    strength=1.0,
    mirrors="mail programs add a signature",
    examples=[Example(before="Please confirm.", after="Please confirm.\n\nSent from my phone", choices=[1]), Example(before="", after=None)],
)
def signature_after(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a signature after the text."""
    found = texts(tools, "signatures")
    end = len(case.text)
    if not end:
        return NotApplicable("an empty text")
    return Proposal(edits=[Edit(end, end, "", "\n\n" + found[draw.below(len(found))])] if gate(draw) else [])


@noisy(
    needs=["distractors"],
    strength=1.0,
    mirrors="the whole thread is quoted below the message",
    examples=[
        Example(
            before="Please confirm.",
            after="Please confirm.\n\n> The weather was lovely this morning.\n> My sister sends her regards.\n> The parking lot was full again.",
            choices=[1],
        ),
        Example(before="", after=None),
    ],
)
def quoted_small_talk(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote an earlier, harmless message below the text."""
    found, end = texts(tools, "distractors"), len(case.text)
    if not end:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    first = draw.below(len(found))
    lines = [found[(first + i) % len(found)] for i in range(3)]
    return Proposal(edits=[Edit(end, end, "", "\n\n" + "\n".join(f"> {line}" for line in lines))])
