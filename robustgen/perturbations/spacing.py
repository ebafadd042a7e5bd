"""White space: doubled, tabs, lines broken or joined, spaces before punctuation."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import free_places, gate, insertions, noisy, put_at, replace_places, wrap_lines

__all__ = [
    "broken_lines",
    "crlf_lines",
    "double_spaces",
    "hard_wrap",
    "indented_lines",
    "joined_lines",
    "old_mac_lines",
    "padding",
    "space_before_punctuation",
    "tabs",
    "trailing_blanks",
    "word_a_line",
]


def _of(case: Case, tools: Tools, sign: str) -> list[int]:
    return free_places(case, tools, [i for i, c in enumerate(case.text) if c == sign])


@noisy(
    strength=0.3,
    mirrors="justified text and hurried typing double spaces",
    examples=[Example(before="Please confirm.", after="Please  confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def double_spaces(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Double spaces between words."""
    return replace_places(case, draw, tools, _of(case, tools, " "), "  ", "no space that may be changed")


@noisy(
    strength=0.3,
    mirrors="text copied from tables carries tabs",
    examples=[Example(before="Please confirm.", after="Please\tconfirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def tabs(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces into tabs."""
    return replace_places(case, draw, tools, _of(case, tools, " "), "\t", "no space that may be changed")


@noisy(
    strength=0.2,
    mirrors="mail programs break lines anywhere",
    examples=[Example(before="Please confirm.", after="Please\nconfirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def broken_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Break lines between words."""
    return replace_places(case, draw, tools, _of(case, tools, " "), "\n", "no space that may be changed")


@noisy(
    strength=1.0,
    mirrors="narrow receipt printers and vertical signs set one word a line",
    examples=[Example(before="Please confirm.", after="Please\nconfirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def word_a_line(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Break the line at every free space."""
    places = _of(case, tools, " ")
    if not places:
        return NotApplicable("no space that may be changed")
    return Proposal(edits=[Edit(i, i + 1, " ", "\n") for i in places] if gate(draw) else [])


@noisy(
    strength=1.0,
    mirrors="SMS gateways and terminals wrap lines at a fixed width",
    examples=[
        Example(before="ask the front office staff to reply", after="ask the front office\nstaff to reply", choices=[1]),
        Example(before="500 mg", after=None),
    ],
)
def hard_wrap(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Wrap lines at twenty-four columns."""
    edits, start = [], 0
    free = set(_of(case, tools, " "))
    last = -1
    for i, c in enumerate(case.text):
        if c == "\n":
            start, last = i + 1, -1
        elif i in free:
            if i - start > 24 and last > start:
                edits.append(Edit(last, last + 1, " ", "\n"))
                start = last + 1
            last = i
    if not edits:
        return NotApplicable("no line longer than the width")
    return Proposal(edits=edits if gate(draw) else [])


@noisy(
    strength=1.0,
    mirrors="copying from a PDF joins lines",
    examples=[Example(before="Name: Ann\nCity: Rome", after="Name: Ann City: Rome", choices=[1]), Example(before="500 mg", after=None)],
)
def joined_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Join lines with a space; a number at the end of a line stays apart from what follows."""
    places = [i for i in _of(case, tools, "\n") if not case.text[:i].rstrip()[-1:].isnumeric()]
    return replace_places(case, draw, tools, places, " ", "one line only")


@noisy(
    strength=1.0,
    mirrors="files from Windows end lines with CR LF",
    examples=[Example(before="Name: Ann\nCity: Rome", after="Name: Ann\r\nCity: Rome", choices=[1]), Example(before="500 mg", after=None)],
)
def crlf_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """End lines with carriage return and line feed."""
    return replace_places(case, draw, tools, _of(case, tools, "\n"), "\r\n", "one line only")


@noisy(
    strength=1.0,
    mirrors="files from old systems end lines with a carriage return alone",
    examples=[Example(before="Name: Ann\nCity: Rome", after="Name: Ann\rCity: Rome", choices=[1]), Example(before="500 mg", after=None)],
)
def old_mac_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """End lines with a carriage return alone."""
    return replace_places(case, draw, tools, _of(case, tools, "\n"), "\r", "one line only")


@noisy(
    strength=1.0,
    mirrors="form fields are filled with blanks",
    examples=[Example(before="Please confirm.", after="   Please confirm.  \n", choices=[1]), Example(before="", after=None)],
)
def padding(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put blanks before and after the text."""
    return insertions(case, draw, "   ", "  \n")


@noisy(
    strength=1.0,
    mirrors="pasted outlines keep their indentation",
    examples=[Example(before="Please confirm.", after="\tPlease confirm.", choices=[1]), Example(before="", after=None)],
)
def indented_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Indent every line with a tab."""
    return wrap_lines(case, draw, "\t", "")


@noisy(
    strength=1.0,
    mirrors="fixed-width exports fill every line with blanks",
    examples=[Example(before="Please confirm.", after="Please confirm.        ", choices=[1]), Example(before="", after=None)],
)
def trailing_blanks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put blanks at the end of every line."""
    return wrap_lines(case, draw, "", "        ")


@noisy(
    strength=0.5,
    mirrors="tokenised corpora and some typists put a space before punctuation",
    examples=[Example(before="Please confirm.", after="Please confirm .", choices=[1]), Example(before="500 mg", after=None)],
)
def space_before_punctuation(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a space before commas, colons and full stops that end a word."""
    text = case.text
    places = [i for i in range(1, len(text)) if text[i] in ",;:.!?" and text[i - 1].isalpha() and (i + 1 == len(text) or text[i + 1].isspace())]
    return put_at(draw, tools, free_places(case, tools, places, insert=True), " ", "no punctuation after a word")
