"""Order: independent lines and sentences in another order; what each says stays."""

from __future__ import annotations

from itertools import pairwise

import regex

from robustgen.core.case import Case, Edit, Span
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import gate, noisy, texts

__all__ = ["appended_first", "reordered_lines"]

_LABELLED = regex.compile(r"^[-•*]?\s*\p{L}[\p{L}\p{Nd} ()./-]{0,40}:\s?\S.*$")
Lines = list[tuple[int, int]]


def _swap(case: Case, tools: Tools, first: Span, second: Span) -> Proposal | NotApplicable:
    """Swap two pieces of text that lie apart, with all spans inside them."""
    (a, b), (c, d) = first, second
    text = case.text
    if any((s < edge < e) for s, e in tools.protected() for edge in (a, b, c, d)):
        return NotApplicable("a fact crosses the border of a line")
    new = text[c:d] + text[b:c] + text[a:b]
    spans: dict[str, list[Span]] = {}
    for path, places in case.spans.items():
        moved = []
        for s, e in places:
            if a <= s and e <= b:
                shift = (d - c) + (c - b)
            elif c <= s and e <= d:
                shift = a - c
            elif b <= s and e <= c:
                shift = (d - c) - (b - a)
            elif e <= a or s >= d:
                shift = 0
            else:
                return NotApplicable("a fact crosses the border of a line")
            moved.append((s + shift, e + shift))
        spans[path] = moved
    allow = [p for p in tools.protected() if p[1] > a and p[0] < d]
    return Proposal(edits=[Edit(a, d, text[a:d], new)], allow=allow, spans=spans)


@noisy(
    strength=1.0,
    mirrors="forms and exports list the same fields in another order",
    examples=[Example(before="Name: Ann\nCity: Rome", after="City: Rome\nName: Ann", choices=[1]), Example(before="500 mg", after=None)],
)
def reordered_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Swap two neighbouring lines that each state a labelled field."""
    lines, at = [], 0
    for line in case.text.split("\n"):
        if _LABELLED.match(line):
            lines.append((at, at + len(line)))
        at += len(line) + 1
    pairs = [(x, y) for x, y in pairwise(lines) if y[0] == x[1] + 1]
    if not pairs:
        return NotApplicable("no two labelled lines side by side")
    if not gate(draw):
        return Proposal()
    return _swap(case, tools, *pairs[draw.below(len(pairs))])


@noisy(
    needs=["distractors"],
    strength=1.0,
    mirrors="the point comes first and the small talk after, or the reverse",
    examples=[
        Example(before="Please confirm.", after="The weather was lovely this morning. Please confirm. My sister sends her regards.", choices=[1]),
        Example(before="", after=None),
    ],
)
def appended_first(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a harmless sentence first and another last, so that the statement stands in the middle."""
    found = texts(tools, "distractors")
    end = len(case.text)
    if not end:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    first = draw.below(len(found))
    gap = " " if tools.language.spaced else ""
    return Proposal(edits=[Edit(0, 0, "", found[first] + gap), Edit(end, end, "", gap + found[(first + 1) % len(found)])])
