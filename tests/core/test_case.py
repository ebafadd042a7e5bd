"""Edits, spans, trails, canonical values."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robustgen.core.case import Edit, Effect, Step, apply_edits, canonical, move_spans, replay, undo_edits
from robustgen.errors import EditError


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a text and edits that fit it and do not overlap."""
    text = draw(st.text(max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edits: list[Edit] = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if not edits or start > edits[-1].end:
            edits.append(Edit(start, end, text[start:end], draw(st.text(max_size=5))))
    return text, edits


@given(edited())
def test_edits_can_be_undone(made: tuple[str, list[Edit]]) -> None:
    """Undoing the edits gives the text before them."""
    text, edits = made
    assert undo_edits(apply_edits(text, edits), edits) == text


@given(edited())
def test_a_trail_replays(made: tuple[str, list[Edit]]) -> None:
    """Replaying a trail from the base gives the final text."""
    text, edits = made
    once = apply_edits(text, edits)
    again = [Edit(0, 0, "", "> ")]
    trail = [Step("a", {}, Effect.preserves, edits), Step("b", {}, Effect.preserves, again)]
    assert replay(text, trail) == "> " + once


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ([Edit(0, 2, "xx", "y")], "expects"),
        ([Edit(0, 2, "ab", ""), Edit(1, 2, "b", "")], "overlaps"),
        ([Edit(0, 99, "abc", "")], "leaves the text"),
        ([Edit(2, 3, "c", "C")], "protected"),
        ([Edit(3, 3, "", "-")], "protected"),
    ],
)
def test_wrong_edits_are_refused(edits: list[Edit], why: str) -> None:
    """An edit that lies about its place, overlaps, leaves the text or touches protected text is refused."""
    with pytest.raises(EditError, match=why):
        apply_edits("abcdef", edits, [(2, 5)])


def test_insertion_at_the_border_of_protected_text_is_allowed() -> None:
    """Text may grow next to a protected span."""
    assert apply_edits("abc", [Edit(1, 1, "", "-")], [(1, 2)]) == "a-bc"


def test_spans_move_stretch_and_vanish() -> None:
    """An edit before moves a span, one inside stretches it, deleting it all removes it."""
    spans = {"x": [(4, 7)]}
    assert move_spans(spans, [Edit(0, 1, "a", "")]) == {"x": [(3, 6)]}
    assert move_spans(spans, [Edit(5, 5, "", "--")]) == {"x": [(4, 9)]}
    assert move_spans(spans, [Edit(4, 7, "efg", "E")]) == {"x": [(4, 5)]}
    assert move_spans(spans, [Edit(4, 7, "efg", "")]) == {"x": []}
    assert move_spans(spans, [Edit(7, 8, "h", "")]) == {"x": [(4, 7)]}
    assert move_spans(spans, [Edit(4, 4, "", "q")]) == {"x": [(5, 8)]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("2.50"), "2.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E+3"), "1000"),
        (7, "7"),
        (Fraction(1, 4), "0.25"),
        (date(2026, 3, 4), "2026-03-04"),
        (time(9, 5), "09:05"),
        (True, True),
        ({"b", "a"}, ["a", "b"]),
        ({"x": Decimal("1.0")}, {"x": "1"}),
        (None, None),
    ],
)
def test_canonical_values(value: object, text: object) -> None:
    """Answers become plain data."""
    assert canonical(value) == text
