"""Length: long preambles, middles and tails, empty lines, rules, endless words; the facts stay where they are."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate, insertions, noisy, sentence_ends, texts

__all__ = ["empty_lines", "endless_word", "long_middle", "long_preamble", "long_tail", "page_of_blanks", "ruled_lines"]


def _filler(tools: Tools, draw: Draw, sentences: int) -> str:
    found = texts(tools, "distractors")
    start = draw.below(len(found))
    gap = " " if tools.language.spaced else ""
    return gap.join(found[(start + i) % len(found)] for i in range(sentences))


def _blocks(draw: Draw, tools: Tools) -> int:
    return draw.below(round(40 * tools.strength) + 1)


@perturbation(
    effect="preserves",
    kinds=["edge", "noisy"],
    needs=["distractors"],
    strength=0.5,
    mirrors="the fact stands after pages of small talk",
    examples=[
        Example(
            before="Please confirm.",
            after="The weather was lovely this morning. My sister sends her regards. The parking lot was full again. I am writing from the train. Thanks for the friendly service last week.\n\nPlease confirm.",
            choices=[1],
        ),
        Example(before="", after=None),
    ],
)
def long_preamble(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a long harmless text before the document."""
    if not case.text:
        return NotApplicable("an empty text")
    blocks = _blocks(draw, tools)
    return Proposal(edits=[Edit(0, 0, "", _filler(tools, draw, 5 * blocks) + "\n\n")] if blocks else [])


@perturbation(
    effect="preserves",
    kinds=["edge", "noisy"],
    needs=["distractors"],
    strength=0.5,
    mirrors="pages of small talk follow the fact",
    examples=[
        Example(
            before="Please confirm.",
            after="Please confirm.\n\nThe weather was lovely this morning. My sister sends her regards. The parking lot was full again. I am writing from the train. Thanks for the friendly service last week.",
            choices=[1],
        ),
        Example(before="", after=None),
    ],
)
def long_tail(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a long harmless text behind the document."""
    end = len(case.text)
    if not end:
        return NotApplicable("an empty text")
    blocks = _blocks(draw, tools)
    return Proposal(edits=[Edit(end, end, "", "\n\n" + _filler(tools, draw, 5 * blocks))] if blocks else [])


@perturbation(
    effect="preserves",
    kinds=["edge", "noisy"],
    needs=["distractors"],
    strength=0.5,
    mirrors="the two halves of a statement stand pages apart",
    examples=[
        Example(
            before="We are at home. Come soon.",
            after="We are at home.\n\nThe weather was lovely this morning. My sister sends her regards. The parking lot was full again. I am writing from the train. Thanks for the friendly service last week.\n\n Come soon.",
            choices=[1],
        ),
        Example(before="500 mg", after=None),
    ],
)
def long_middle(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a long harmless text between two sentences."""
    places = [i for i in sentence_ends(case, tools) if i < len(case.text)]
    if not places:
        return NotApplicable("one sentence only")
    blocks = _blocks(draw, tools)
    if not blocks:
        return Proposal()
    at = places[draw.below(len(places))]
    return Proposal(edits=[Edit(at, at, "", "\n\n" + _filler(tools, draw, 5 * blocks) + "\n\n")])


@perturbation(
    effect="preserves",
    kinds=["edge", "noisy"],
    strength=1.0,
    mirrors="forms are padded with empty lines",
    examples=[
        Example(before="Please confirm.", after="\n\n\n\n\n\n\n\n\n\n\n\nPlease confirm.\n\n\n\n\n\n\n\n\n\n\n\n", choices=[1]),
        Example(before="", after=None),
    ],
)
def empty_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put many empty lines before and after the text."""
    return insertions(case, draw, "\n" * 12, "\n" * 12)


@perturbation(
    effect="preserves",
    kinds=["edge", "noisy"],
    strength=1.0,
    mirrors="a cat sleeps on the keyboard; a token fills the line",
    examples=[
        Example(
            before="Please confirm.",
            after="Please confirm.\nqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqweqwe",
            choices=[1],
        ),
        Example(before="", after=None),
    ],
)
def endless_word(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a word of a hundred and more letters behind the text."""
    end = len(case.text)
    if not end:
        return NotApplicable("an empty text")
    letters = [r["char"] for r in tools.language.rows("keyboard")][:3] or ["x"]
    return Proposal(edits=[Edit(end, end, "", "\n" + "".join(letters) * 50)] if gate(draw) else [])


@perturbation(
    effect="preserves",
    kinds=["edge", "noisy"],
    strength=1.0,
    mirrors="a blank page was scanned in between: form feeds and blanks",
    examples=[
        Example(
            before="Please confirm.",
            after="Please confirm.\n\x0c                    \n                    \n                    \n                    \n                    \n                    \n\x0c",
            choices=[1],
        ),
        Example(before="", after=None),
    ],
)
def page_of_blanks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a page of blanks behind the text."""
    return insertions(case, draw, "", "\n\f" + (" " * 20 + "\n") * 6 + "\f")


@noisy(
    strength=1.0,
    mirrors="plain-text reports are framed by rules",
    examples=[
        Example(
            before="Please confirm.", after="========================================\nPlease confirm.\n========================================", choices=[1]
        ),
        Example(before="", after=None),
    ],
)
def ruled_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Frame the text with rules."""
    return insertions(case, draw, "=" * 40 + "\n", "\n" + "=" * 40)
