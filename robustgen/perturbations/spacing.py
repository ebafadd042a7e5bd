"""White space: doubled, tabs, lines broken or joined, spaces before punctuation."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import how_many, insertions

__all__ = ["broken_lines", "crlf_lines", "double_spaces", "joined_lines", "padding", "space_before_punctuation", "tabs"]


def _spaces(case: Case, draw: Draw, tools: Tools, new: str, *, of: str = " ") -> Proposal | NotApplicable:
    guard = tools.protected()
    places = [i for i, c in enumerate(case.text) if c == of and not any(s <= i < e for s, e in guard)]
    if not places:
        return NotApplicable("no space that may be changed")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i + 1, of, new) for i in sorted(chosen)])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.3, mirrors="justified text and hurried typing double spaces")
def double_spaces(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Double spaces between words."""
    return _spaces(case, draw, tools, "  ")


@perturbation(effect="preserves", kinds=["noisy"], strength=0.3, mirrors="text copied from tables carries tabs")
def tabs(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces into tabs."""
    return _spaces(case, draw, tools, "\t")


@perturbation(effect="preserves", kinds=["noisy"], strength=0.2, mirrors="mail programs break lines anywhere")
def broken_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Break lines between words."""
    return _spaces(case, draw, tools, "\n")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="copying from a PDF joins lines")
def joined_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Join lines with a space."""
    return _spaces(case, draw, tools, " ", of="\n")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="files from Windows end lines with CR LF")
def crlf_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """End lines with carriage return and line feed."""
    return _spaces(case, draw, tools, "\r\n", of="\n")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="form fields are filled with blanks")
def padding(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put blanks before and after the text."""
    return insertions(case, draw, "   ", "  \n")


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="tokenised corpora and some typists put a space before punctuation")
def space_before_punctuation(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a space before commas, colons and full stops that end a word."""
    guard, text = tools.protected(), case.text
    places = [i for i in range(1, len(text)) if text[i] in ",;:.!?" and text[i - 1].isalpha() and (i + 1 == len(text) or text[i + 1].isspace())]
    places = [i for i in places if not any(s < i < e for s, e in guard)]
    if not places:
        return NotApplicable("no punctuation after a word")
    chosen = {places[draw.below(len(places))] for _ in range(how_many(draw, len(places), tools.strength))}
    return Proposal(edits=[Edit(i, i, "", " ") for i in sorted(chosen)])
