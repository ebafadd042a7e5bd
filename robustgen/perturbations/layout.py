"""What a page does to text: headers and footers inside it, columns, leaders, footnotes, stamps, grids, comments."""

from __future__ import annotations

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import free_places, gate, insertions, noisy, put_at, rewrite_found, sentence_ends, texts, word_gaps, wrap_lines

__all__ = [
    "change_bars",
    "column_interleaving",
    "copy_artefacts",
    "deidentification_marks",
    "drafting_brackets",
    "footnote_marks",
    "grid_lines",
    "inline_comments",
    "leader_dots",
    "lines_flattened",
    "page_furniture",
    "page_furniture_inside",
    "stamps",
]


def _of(tools: Tools, kind: str) -> list[str]:
    found = [r["text"].replace("#", "7", 1).replace("#", "31") for r in tools.language.rows("page_furniture") if r["kind"] == kind]
    return [t for t in found if not tools.names(t)] or found


@noisy(
    needs=["page_furniture"],
    strength=0.3,
    mirrors="running headers and footers stand between paragraphs",
    examples=[Example(before="Please confirm.", after="Please confirm.\nCONFIDENTIAL\n", choices=[1]), Example(before="500 mg", after=None)],
)
def page_furniture(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a running header or footer between sentences."""
    return put_at(draw, tools, sentence_ends(case, tools), [f"\n{t}\n" for t in _of(tools, "page")], "no place between sentences")


@noisy(
    needs=["page_furniture"],
    strength=0.05,
    mirrors="a page break in mid-sentence: footer and header cut through it",
    examples=[Example(before="Please confirm.", after="Please\n\nCONFIDENTIAL\n\n confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def page_furniture_inside(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a running header in the middle of a sentence."""
    return put_at(draw, tools, word_gaps(case, tools), [f"\n\n{t}\n\n" for t in _of(tools, "page")], "no space between two free words")


@noisy(
    needs=["page_furniture"],
    strength=0.3,
    mirrors="buttons and captions of a web page or app are copied along",
    examples=[Example(before="Please confirm.", after="Please confirm.\nRead more", choices=[1]), Example(before="500 mg", after=None)],
)
def copy_artefacts(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put captions of buttons between sentences."""
    return put_at(draw, tools, sentence_ends(case, tools), [f"\n{t}" for t in _of(tools, "web")], "no place between sentences")


@noisy(
    needs=["page_furniture"],
    strength=0.3,
    mirrors="rubber stamps are read along with the text",
    examples=[Example(before="Please confirm.", after="Please confirm. *** MAIL ROOM ***", choices=[1]), Example(before="500 mg", after=None)],
)
def stamps(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the words of a stamp between sentences."""
    return put_at(draw, tools, sentence_ends(case, tools), [f" *** {t} ***" for t in _of(tools, "stamp")], "no place between sentences")


@noisy(
    needs=["page_furniture"],
    strength=0.3,
    mirrors="reviewers' comments are pasted into the text: [JS: do we agree?]",
    examples=[Example(before="Please confirm.", after="Please confirm. [JS: do we agree to this?]", choices=[1]), Example(before="500 mg", after=None)],
)
def inline_comments(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a reviewer's comment between sentences."""
    return put_at(draw, tools, sentence_ends(case, tools), [f" [JS: {t}]" for t in _of(tools, "comment")], "no place between sentences")


@noisy(
    strength=0.3,
    mirrors="drafting brackets stay in the final text: [●], [NTD], a lost cross-reference",
    examples=[Example(before="Please confirm.", after="Please confirm. [●]", choices=[1]), Example(before="500 mg", after=None)],
)
def drafting_brackets(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a drafter's bracket between sentences."""
    marks = (" [●]", " [•••]", " [NTD]", " #REF!", " [sic]")
    return put_at(draw, tools, sentence_ends(case, tools), marks, "no place between sentences")


@noisy(
    strength=0.3,
    mirrors="de-identified notes carry masks such as [**Hospital**]",
    examples=[Example(before="Please confirm.", after="Please confirm. [**Hospital**]", choices=[1]), Example(before="500 mg", after=None)],
)
def deidentification_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the mask of a removed place or name between sentences."""
    marks = (" [**Hospital**]", " [**Name**]", " [**Location**]", " ___", " <PERSON>", " XXXX")
    return put_at(draw, tools, sentence_ends(case, tools), marks, "no place between sentences")


@noisy(
    strength=0.1,
    mirrors="footnote signs stick to words: fee*, term†",
    examples=[Example(before="Please confirm.", after="Please* confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def footnote_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a footnote sign behind words."""
    return put_at(draw, tools, word_gaps(case, tools), ("*", "†", "‡", "§", "(a)"), "no space between two free words")


_LEAD = regex.compile(r"(?<=[\p{L}:]) (?=[\p{Sc}\p{Nd}])")


@noisy(
    strength=0.5,
    mirrors="tables of contents and accounts lead the eye with dots: Revenue ........ 1,234",
    examples=[Example(before="Take 500 mg.", after="Take ........ 500 mg.", choices=[1]), Example(before="500 mg", after=None)],
)
def leader_dots(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put dots between a word and the number that follows."""
    places = free_places(case, tools, [m.start() for m in _LEAD.finditer(case.text)], insert=True)
    return put_at(draw, tools, places, (" ........", " . . . . .", " ______"), "no number behind a word")


_SEPARATOR = regex.compile(r":? ?\n(?=\S)")


@noisy(
    strength=1.0,
    mirrors="a table or form is flattened: line ends become runs of blanks",
    examples=[Example(before="Name: Ann\nCity: Rome", after="Name: Ann     City: Rome", choices=[1]), Example(before="500 mg", after=None)],
)
def lines_flattened(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn line breaks into runs of blanks."""
    return rewrite_found(case, draw, tools, _SEPARATOR, lambda m: m[0].replace("\n", "     "), "one line only")


@noisy(
    strength=1.0,
    mirrors="reports draw a box around the text",
    examples=[Example(before="Please confirm.", after="│ Please confirm. │", choices=[1]), Example(before="", after=None)],
)
def grid_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the borders of a table around every line."""
    return wrap_lines(case, draw, "│ ", " │")


@noisy(
    strength=1.0,
    mirrors="revised contracts mark changed lines with a bar",
    examples=[Example(before="Please confirm.", after="▌Please confirm.", choices=[1]), Example(before="", after=None)],
)
def change_bars(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a change bar before every line."""
    return wrap_lines(case, draw, "▌", "")


@noisy(
    needs=["distractors"],
    strength=1.0,
    mirrors="two columns are read across: the other column's lines stand between ours",
    examples=[
        Example(before="Please confirm.", after="Please confirm.      The weather was lovely this morning.", choices=[1]),
        Example(before="", after=None),
    ],
)
def column_interleaving(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put lines of another, harmless column between the lines or sentences."""
    if not case.text:
        return NotApplicable("an empty text")
    column = texts(tools, "distractors")
    places = sentence_ends(case, tools) or [len(case.text)]
    if not gate(draw):
        return Proposal()
    start = draw.below(len(column))
    return Proposal(edits=[Edit(i, i, "", f"      {column[(start + n) % len(column)]}") for n, i in enumerate(places)])


@noisy(
    strength=1.0,
    mirrors="a watermark crosses the page",
    examples=[Example(before="Please confirm.", after="D R A F T\nPlease confirm.\nC O P Y", choices=[1]), Example(before="", after=None)],
)
def watermark(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the letters of a watermark before and after the text."""
    return insertions(case, draw, "D R A F T\n", "\nC O P Y")
