"""Markup around facts and text: HTML, Markdown, LaTeX, BBCode, quotes, entities."""

from __future__ import annotations

from html import escape

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import around_fact, free_places, gate, insertions, noisy, put_at, rewrite_found, word_gaps, wrap_lines

__all__ = [
    "bbcode_fact",
    "bold_html_fact",
    "bold_markdown_fact",
    "bullets",
    "html_comment",
    "html_entities",
    "html_paragraph",
    "html_table",
    "latex_fact",
    "markdown_heading",
    "markdown_link_fact",
    "numeric_entities",
    "quoted_fact",
    "span_fact",
    "stray_tags",
    "table_cell",
]


@noisy(
    strength=1.0,
    mirrors="web text keeps its tags: <b>$15.00</b>",
    examples=[Example(before="Take 500 mg.", after="Take <b>500 mg</b>.", choices=[1]), Example(before="", after=None)],
)
def bold_html_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put HTML bold tags around a fact."""
    return around_fact(case, draw, tools, "<b>", "</b>")


@noisy(
    strength=1.0,
    mirrors="chat tools keep Markdown: **500 mg**",
    examples=[Example(before="Take 500 mg.", after="Take **500 mg**.", choices=[1]), Example(before="", after=None)],
)
def bold_markdown_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put Markdown bold marks around a fact."""
    return around_fact(case, draw, tools, "**", "**")


@noisy(
    strength=1.0,
    mirrors="flattened tables glue cells with pipes",
    examples=[Example(before="Take 500 mg.", after="Take | 500 mg |.", choices=[1]), Example(before="", after=None)],
)
def table_cell(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put cell borders around a fact."""
    return around_fact(case, draw, tools, "| ", " |")


@noisy(
    strength=1.0,
    mirrors="papers and reports come as LaTeX source",
    examples=[Example(before="Take 500 mg.", after="Take \\textbf{500 mg}.", choices=[1]), Example(before="", after=None)],
)
def latex_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Set a fact in bold as LaTeX does."""
    return around_fact(case, draw, tools, "\\textbf{", "}")


@noisy(
    strength=1.0,
    mirrors="forums mark text with BBCode",
    examples=[Example(before="Take 500 mg.", after="Take [b]500 mg[/b].", choices=[1]), Example(before="", after=None)],
)
def bbcode_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Set a fact in bold as BBCode does."""
    return around_fact(case, draw, tools, "[b]", "[/b]")


@noisy(
    strength=1.0,
    mirrors="editors link every figure",
    examples=[Example(before="Take 500 mg.", after="Take [500 mg](https://example.com/details).", choices=[1]), Example(before="", after=None)],
)
def markdown_link_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn a fact into a Markdown link."""
    return around_fact(case, draw, tools, "[", "](https://example.com/details)")


@noisy(
    strength=1.0,
    mirrors="rich text keeps its span tags",
    examples=[Example(before="Take 500 mg.", after='Take <span class="value">500 mg</span>.', choices=[1]), Example(before="", after=None)],
)
def span_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a fact into an HTML span."""
    return around_fact(case, draw, tools, '<span class="value">', "</span>")


@noisy(
    strength=1.0,
    mirrors="people quote what they read elsewhere",
    examples=[Example(before="Take 500 mg.", after='Take "500 mg".', choices=[1]), Example(before="", after=None)],
)
def quoted_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a fact between straight quotation marks."""
    return around_fact(case, draw, tools, '"', '"')


@noisy(
    strength=1.0,
    mirrors="scraped pages keep paragraphs and line breaks",
    examples=[Example(before="Please confirm.", after="<p>Please confirm.</p>", choices=[1]), Example(before="", after=None)],
)
def html_paragraph(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Wrap the text in a paragraph, with line breaks as tags."""
    if not case.text:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    edits = [Edit(0, 0, "", "<p>"), Edit(len(case.text), len(case.text), "", "</p>")]
    edits += [Edit(i, i, "", "<br>") for i, c in enumerate(case.text) if c == "\n"]
    return Proposal(edits=edits)


@noisy(
    strength=1.0,
    mirrors="mail templates lay text out in tables, a row a line",
    examples=[Example(before="Please confirm.", after="<tr><td>Please confirm.</td></tr>", choices=[1]), Example(before="", after=None)],
)
def html_table(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put every line into a row of an HTML table."""
    return wrap_lines(case, draw, "<tr><td>", "</td></tr>")


@noisy(
    strength=1.0,
    mirrors="pages keep comments of their editors",
    examples=[Example(before="Please confirm.", after="Please confirm.\n<!-- checked by the editor -->", choices=[1]), Example(before="", after=None)],
)
def html_comment(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave an editor's comment behind the text."""
    return insertions(case, draw, "", "\n<!-- checked by the editor -->")


@noisy(
    strength=0.05,
    mirrors="supplier feeds drop tags anywhere: <br>, </font>",
    examples=[Example(before="Please confirm.", after="Please<br> confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def stray_tags(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put stray tags between words."""
    return put_at(draw, tools, word_gaps(case, tools), ("<br>", "</font>", "<br/>", "</div>", "<wbr>"), "no space between two free words")


@noisy(
    strength=1.0,
    mirrors="supplier feeds escape quotes and ampersands: &quot;",
    examples=[Example(before="I'm here.", after="I&#x27;m here.", choices=[1]), Example(before="500 mg", after=None)],
)
def html_entities(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Escape what HTML escapes."""
    return rewrite_found(case, draw, tools, _ESCAPED, lambda m: escape(m[0]), "nothing to escape")


_ESCAPED = regex.compile(r"[&<>\"']")


@noisy(
    strength=0.3,
    mirrors="old feeds write letters as numeric entities: caf&#233;",
    examples=[Example(before="a well-known café", after="a well-known caf&#233;", choices=[1]), Example(before="500 mg", after=None)],
)
def numeric_entities(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write letters outside ASCII as numeric HTML entities."""
    text = case.text
    places = free_places(case, tools, [i for i, c in enumerate(text) if not c.isascii() and c.isalpha()])
    if not places:
        return NotApplicable("no letter outside ASCII")
    return Proposal(edits=[Edit(i, i + 1, text[i], f"&#{ord(text[i])};") for i in places] if gate(draw) else [])


@noisy(
    strength=1.0,
    mirrors="notes are kept as bullet lists",
    examples=[Example(before="Please confirm.", after="• Please confirm.", choices=[1]), Example(before="", after=None)],
)
def bullets(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a bullet before every line."""
    return wrap_lines(case, draw, "• ", "")


@noisy(
    strength=1.0,
    mirrors="chat assistants turn lines into headings",
    examples=[Example(before="Please confirm.", after="## Please confirm.", choices=[1]), Example(before="", after=None)],
)
def markdown_heading(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn every line into a Markdown heading."""
    return wrap_lines(case, draw, "## ", "")
