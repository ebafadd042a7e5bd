"""Containers: the same text inside HTML, Markdown, an e-mail quotation, JSON, CSV, a chat log."""

from __future__ import annotations

import json
from html import escape

from robustgen.core.case import Case, Edit, Span
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import around_fact, insertions, wrap_lines

__all__ = ["bold_html_fact", "bold_markdown_fact", "chat_log", "code_fence", "email_quote", "html_entities", "html_paragraph", "json_string", "table_cell"]


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="web text keeps its tags: <b>$15.00</b>")
def bold_html_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put HTML bold tags around a fact."""
    return around_fact(case, draw, tools, "<b>", "</b>")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="chat tools keep Markdown: **500 mg**")
def bold_markdown_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put Markdown bold marks around a fact."""
    return around_fact(case, draw, tools, "**", "**")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="flattened tables glue cells with pipes")
def table_cell(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put cell borders around a fact."""
    return around_fact(case, draw, tools, "| ", " |")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="an answer quotes the mail it answers")
def email_quote(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote every line as mail programs do."""
    return wrap_lines(case, draw, "> ", "")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="scraped pages keep paragraphs and line breaks")
def html_paragraph(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Wrap the text in a paragraph, with line breaks as tags."""
    if not case.text:
        return NotApplicable("an empty text")
    if not draw.below(2):
        return Proposal()
    edits = [Edit(0, 0, "", "<p>"), Edit(len(case.text), len(case.text), "", "</p>")]
    edits += [Edit(i, i, "", "<br>") for i, c in enumerate(case.text) if c == "\n"]
    return Proposal(edits=edits)


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="a ticket system pastes the message into a code block")
def code_fence(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text between code fences."""
    return insertions(case, draw, "```\n", "\n```")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="logs carry the message as a JSON string")
def json_string(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into a JSON object; quotes, backslashes and line breaks are escaped as JSON asks."""
    if not case.text:
        return NotApplicable("an empty text")
    if not draw.below(2):
        return Proposal()
    edits = [Edit(0, 0, "", '{"message": "'), Edit(len(case.text), len(case.text), "", '"}')]
    for i, c in enumerate(case.text):
        new = json.dumps(c, ensure_ascii=False)[1:-1]
        if new != c:
            edits.append(Edit(i, i + 1, c, new))
    return Proposal(edits=edits, allow=_changed(edits))


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="supplier feeds escape quotes and ampersands: &quot;")
def html_entities(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Escape what HTML escapes."""
    places = [i for i, c in enumerate(case.text) if escape(c) != c]
    if not places:
        return NotApplicable("nothing to escape")
    if not draw.below(2):
        return Proposal()
    edits = [Edit(i, i + 1, case.text[i], escape(case.text[i])) for i in places]
    return Proposal(edits=edits, allow=_changed(edits))


def _changed(edits: list[Edit]) -> list[Span]:
    return [(e.start, e.end) for e in edits if e.start < e.end]


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="chat exports put the speaker before every message")
def chat_log(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a speaker before every line."""
    return wrap_lines(case, draw, "Agent: ", "")
