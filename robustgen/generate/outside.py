"""Any outside augmenter, a function from text to text, as a perturbation under the same law.

It sees only text that is not protected, piece by piece; what it makes of a piece is compared word by word and becomes verified edits,
so that numbers, units, names and negations stay whatever the function does, and the trail replays without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

import regex

from robustgen.core.case import Case, Edit, Effect, Kind, Span
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, PerturbationSpec, Proposal, Tools
from robustgen.errors import UsageError

__all__ = ["Augmenter", "outside"]

Augmenter = Callable[[str], str | Sequence[str] | None]
"""What may be plugged in: text to text, to a list of texts of which the first counts, or to None for no change."""
_TOKEN = regex.compile(r"\s+|[\p{L}\p{M}\p{N}_]+|[^\p{L}\p{M}\p{N}_\s]")
_LONG = 20_000
"""Letters of a piece from which on it is replaced as a whole: comparing it word by word would take too long."""


def outside(augmenter: Augmenter, name: str = "") -> PerturbationSpec:
    """Return a perturbation that lets a function change unprotected text."""
    called = name or f"outside:{getattr(augmenter, '__name__', type(augmenter).__name__)}"

    def apply(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
        pieces = _pieces(case.text, tools.protected())
        if not pieces:
            return NotApplicable("no text that is not protected")
        most = max(1, round(len(pieces) * tools.strength))
        count = min(draw.below(most + 1) or 1, len(pieces))
        start = draw.below(len(pieces))
        edits: list[Edit] = []
        for index in sorted((start + i) % len(pieces) for i in range(count)):
            begin, end = pieces[index]
            piece = case.text[begin:end]
            edits += _edits(piece, _called(augmenter, piece, called), begin)
        return Proposal(edits=edits)

    return PerturbationSpec(
        name=called,
        family="outside",
        fn=apply,
        effect=Effect.preserves,
        kinds=[Kind.noisy],
        doc="Let an outside function change unprotected text.",
        strength=1.0,
        mirrors="what the function models",
        default=False,
    )


def _pieces(text: str, protected: Sequence[Span]) -> list[Span]:
    """Return the stretches between protected spans that hold a letter, without white space at their ends."""
    found, at = [], 0
    for start, end in [*protected, (len(text), len(text))]:
        piece = text[at:start]
        left, right = len(piece) - len(piece.lstrip()), len(piece.rstrip())
        if any(c.isalpha() for c in piece):
            found.append((at + left, at + right))
        at = max(at, end)
    return found


def _called(augmenter: Augmenter, piece: str, name: str) -> str:
    """Return what the function makes of a piece; raises ``UsageError`` where it fails or answers no text."""
    try:
        made = augmenter(piece)
    except Exception as error:
        raise UsageError(f"{name} failed on {piece[:40]!r}: {type(error).__name__}: {error}", mend="the function takes a text and returns a text") from error
    if isinstance(made, (list, tuple)):
        made = made[0] if made else None
    if made is None:
        return piece
    if not isinstance(made, str):
        raise UsageError(f"{name} returned {type(made).__name__}, not a text", mend="the function takes a text and returns a text")
    return made.strip()


def _edits(old: str, new: str, at: int) -> list[Edit]:
    """Return the edits from one text to the other, word by word."""
    if old == new:
        return []
    if max(len(old), len(new)) > _LONG:
        return [Edit(at, at + len(old), old, new)]
    first, second = _TOKEN.findall(old), _TOKEN.findall(new)
    starts = [0]
    for token in first:
        starts.append(starts[-1] + len(token))
    edits = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag != "equal":
            edits.append(Edit(at + starts[a], at + starts[b], "".join(first[a:b]), "".join(second[c:d])))
    return edits
