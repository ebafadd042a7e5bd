"""More containers: XML, comments, LaTeX, BBCode, YAML, lists, links."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import around_fact, insertions, wrap_lines

__all__ = ["bbcode_fact", "bullets", "html_comment", "latex_fact", "markdown_link_fact", "quoted_fact", "span_fact", "xml_element", "yaml_block"]


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="messages travel inside XML elements")
def xml_element(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into an XML element."""
    return insertions(case, draw, "<note><text>", "</text></note>")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="pages keep comments of their editors")
def html_comment(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave an editor's comment behind the text."""
    return insertions(case, draw, "", "\n<!-- checked by the editor -->")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="papers and reports come as LaTeX source")
def latex_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Set a fact in bold as LaTeX does."""
    return around_fact(case, draw, tools, "\\textbf{", "}")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="forums mark text with BBCode")
def bbcode_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Set a fact in bold as BBCode does."""
    return around_fact(case, draw, tools, "[b]", "[/b]")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="editors link every figure")
def markdown_link_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn a fact into a Markdown link."""
    return around_fact(case, draw, tools, "[", "](https://example.com/details)")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="rich text keeps its span tags")
def span_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a fact into an HTML span."""
    return around_fact(case, draw, tools, '<span class="value">', "</span>")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="people quote what they read elsewhere")
def quoted_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a fact between straight quotation marks."""
    return around_fact(case, draw, tools, '"', '"')


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="notes are kept as bullet lists")
def bullets(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a bullet before every line."""
    return wrap_lines(case, draw, "• ", "")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="configuration files carry free text as YAML blocks")
def yaml_block(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Indent the text as a YAML block."""
    if not case.text:
        return NotApplicable("an empty text")
    if not draw.below(2):
        return Proposal()
    breaks = [Edit(i + 1, i + 1, "", "  ") for i, c in enumerate(case.text) if c == "\n" and i + 1 < len(case.text)]
    return Proposal(edits=[Edit(0, 0, "", "note: |\n  "), *breaks])
