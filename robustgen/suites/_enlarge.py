"""Enlarging a suite of any format: variants of its texts, linked to the rows they come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import regex

from robustgen.core.case import move_spans
from robustgen.suites._base import Link, Place, Suite, Variation

__all__ = ["Vary", "enlarge"]

Vary = Callable[[str, Sequence[str]], Sequence[Variation]]
"""(text, patterns of what must stay) -> variants that say the same."""
_WORD = re.compile(r"\w{3,}")
_MARKUP = re.compile(r"<[^<>]*>|&#?\w+;|\\\w+|\[/?\w+\]|^[\w-]+:", re.MULTILINE)
_TONE = regex.compile(r"\p{Extended_Pictographic}(?<!\p{Nd})|[:;=8]-?[)(DP]|\b\p{L}{2,}\b")
"""What may carry a tone: pictures, faces of signs, words."""


def enlarge(suite: Suite, vary: Vary, field: str = "") -> Iterator[Link]:
    """Add variants to a suite, family by family, and yield how each hangs on its row.

    What is expected of a row and stands in its text is kept, so that an answer quoted from the text stays right.
    """
    for place in suite.places(field):
        named = [rf"(?<!\w){re.escape(place.text[a:b])}(?!\w)" for a, b in place.spans]
        quoted = [rf"(?<!\w){re.escape(e)}(?!\w)" for e in place.expected if e.strip() and e in place.text and e != place.text]
        serial: dict[str, int] = {}
        for made in vary(place.text, [*place.keep, *quoted, *named]):
            if any(c in made.text and c not in place.text for c in suite.forbidden):
                continue
            number = serial[made.perturbation] = serial.get(made.perturbation, -1) + 1
            why = _doubt(place, made)
            link = Link(
                id=f"{place.id}~{made.perturbation}.{number}",
                base=place.id,
                row=place.row,
                field=place.field,
                perturbation=made.perturbation,
                edits=made.edits,
                expected="review" if why else "changed" if _moved(place, made) else "carried",
                review=why,
            )
            suite.add(place, made, link)
            yield link


def _moved(place: Place, made: Variation) -> bool:
    """Tell whether a place that the expected output names stands elsewhere in the variant."""
    return bool(place.spans) and move_spans({"": place.spans}, made.edits)[""] != list(place.spans)


def _doubt(place: Place, made: Variation) -> str:
    """Return why the expected output of a variant is uncertain, empty when it is carried."""
    if place.surface:
        return place.surface
    if not made.checked:
        return "no checker could look at this variant"
    if any(" " in place.text and place.text.strip() in text for text in place.expected):
        return "the expected output repeats the text as it was"
    if place.labelled and (added := next((a for e in made.edits if (a := _added(e.old, e.new))), "")):
        return f"'{added}' is added, and the label may be one of tone or subject"
    changed = {w.casefold() for e in made.edits for w in _WORD.findall(e.old)}
    for text in place.expected:
        both = sorted(changed & {w.casefold() for w in _WORD.findall(text)})
        if both:
            return f"the expected output holds '{both[0]}', which the edit writes in another way"
    return ""


def _added(old: str, new: str) -> str:
    """Return the first word or picture that an insertion brings in, empty for signs, markup and another spelling of what stood there."""
    if _TONE.search(old):
        return "" if len(_TONE.findall(new)) <= len(_TONE.findall(old)) + 1 else new.strip()[:40]
    found = _TONE.search(_MARKUP.sub(" ", new))
    return found[0] if found else ""
