"""What dictation and speech recognition do: fillers, repeated words, spoken punctuation, no punctuation at all."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import free_words, how_many

__all__ = ["fillers", "no_commas", "spoken_punctuation", "stutter"]


@perturbation(effect="preserves", kinds=["noisy"], needs=["fillers"], strength=0.1, mirrors="voice messages are full of um and er")
def fillers(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put fillers before words."""
    words = free_words(case.text, tools)
    if not words:
        return NotApplicable("no free word")
    texts = [row["text"] for row in tools.language.rows("fillers")]
    chosen: dict[int, str] = {}
    for _ in range(how_many(draw, len(words), tools.strength)):
        chosen[words[draw.below(len(words))][0]] = texts[draw.below(len(texts))]
    return Proposal(edits=[Edit(i, i, "", f"{chosen[i]} ") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.1, mirrors="speakers repeat a word while they think")
def stutter(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Say a word twice."""
    words = free_words(case.text, tools)
    if not words:
        return NotApplicable("no free word")
    chosen = {words[draw.below(len(words))] for _ in range(how_many(draw, len(words), tools.strength))}
    return Proposal(edits=[Edit(end, end, "", f" {word}") for _, end, word in sorted(chosen)])


def _marks(case: Case, tools: Tools, marks: str) -> list[int]:
    guard, text = tools.protected(), case.text
    places = [i for i in range(1, len(text)) if text[i] in marks and text[i - 1].isalpha() and (i + 1 == len(text) or text[i + 1].isspace())]
    return [i for i in places if not any(s <= i < e for s, e in guard)]


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="speech recognition sets no commas")
def no_commas(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out commas after words."""
    places = _marks(case, tools, ",、،")
    if not places:
        return NotApplicable("no comma after a word")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, case.text[i], "") for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], languages=["en"], strength=0.5, mirrors="dictated punctuation arrives as words")
def spoken_punctuation(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write commas and full stops as words."""
    names = {",": " comma", ".": " full stop"}
    places = _marks(case, tools, "".join(names))
    if not places:
        return NotApplicable("no comma or full stop after a word")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, case.text[i], names[case.text[i]]) for i in sorted(chosen)])
