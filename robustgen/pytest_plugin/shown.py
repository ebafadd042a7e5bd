"""How a failure shows texts: short ones whole, of long ones the places that matter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from robustgen.core.case import Case
from robustgen.core.report import Mark, marks, visible
from robustgen.generate.free_text import Variant, bare_case

__all__ = ["as_case", "explained", "marked", "shown"]

LONG = 1200
"""Characters from which on a text is not shown whole."""
AROUND = 120
"""Characters that stay on each side of an edit or fact."""


def as_case(variant: Variant) -> Case:
    """Return a variant as a case, so that it is shown like one."""
    return msgspec.structs.replace(bare_case(variant.text, variant.language), base_text=variant.base_text, trail=variant.trail)


def marked(base_text: str, case: Case) -> str:
    """Return a text with its edits marked; of a long one the places round its first edits."""
    if not case.trail:
        return shown(case.text)
    pieces = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    made: list[str] = []
    length, whole = 0, marks(base_text, case)
    long = sum(len(p.text) for p in whole) > LONG
    for i, piece in enumerate(whole):
        if length > LONG:
            return "".join(made) + f" …(and {sum(p.kind != 'same' for p in whole[i:])} more pieces)…"
        text = _cut(piece, first=i == 0, last=i == len(whole) - 1) if long else visible(piece.text)
        made.append(pieces[piece.kind].format(text))
        length += len(text)
    return "".join(made)


def shown(text: str, places: Iterable[tuple[int, int]] = ()) -> str:
    """Return a text; of a long one its beginning and what stands round the given places."""
    if len(text) <= LONG:
        return visible(text)
    wanted = [(0, 2 * AROUND), *((s - AROUND, e + AROUND) for s, e in places)]
    made, at = [], 0
    for start, end in sorted(wanted):
        first, last = max(at, start), min(len(text), end)
        if first < last:
            made += [_gap(first - at), visible(text[first:last])]
            at = last
    return "".join([*made, _gap(len(text) - at)])


def explained(variant: Variant, arg: str, replay: str) -> list[str]:
    """Return what a failure's report says of a variant."""
    step = variant.trail[0]
    return [
        f"perturbation: {step.perturbation} ({variant.guarantee}: it keeps what the text says)",
        f"base {arg}: {shown(variant.base_text, _places(variant))}",
        f"variant {arg}: {shown(variant.text)}",
        f"edits: {marked(variant.base_text, as_case(variant))}",
        f"replay: {replay}",
    ]


def _places(variant: Variant) -> Sequence[tuple[int, int]]:
    """Return where the first edits stand in the unchanged text."""
    return [(e.start, e.end) for e in variant.trail[0].edits[:3]]


def _cut(piece: Mark, *, first: bool, last: bool) -> str:
    """Return a piece without its middle, where that is long; of the first piece its end stays, of the last its beginning."""
    before, after = (0 if first else AROUND), (0 if last else AROUND)
    left = len(piece.text) - before - after
    if left <= 2 * AROUND:
        return visible(piece.text)
    return visible(piece.text[:before]) + _gap(left) + visible(piece.text[len(piece.text) - after :] if after else "")


def _gap(letters: int) -> str:
    return f" …({letters} characters)… " if letters else ""
