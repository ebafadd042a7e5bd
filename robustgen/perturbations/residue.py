"""What systems leave behind: template markers, escapes, byte-order marks, soft breaks, wrong decoding."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_gaps, change_words, insertions

__all__ = ["byte_order_mark", "hl7_breaks", "mail_header", "mojibake", "nbsp_entities", "soft_hyphens", "spreadsheet_cell", "template_marker"]


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="a form's unfilled markers stay in the note: [SELECT ONE]")
def template_marker(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a template's marker behind the text."""
    marks = ("[SELECT ONE]", "@NAME@", "{Blank single}", "***", "<<FIELD>>", "{{signature}}")
    pick, end = draw.below(len(marks) + 1), len(case.text)
    return Proposal(edits=[Edit(end, end, "", f"\n{marks[pick - 1]}")] if pick and end else [])


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="HL7 v2 messages escape line breaks as \\.br\\")
def hl7_breaks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write line breaks as the HL7 escape."""
    places = [i for i, c in enumerate(case.text) if c == "\n"]
    if not places:
        return NotApplicable("one line only")
    return Proposal(edits=[Edit(i, i + 1, "\n", "\\.br\\") for i in places] if draw.below(2) else [])


@perturbation(effect="preserves", kinds=["noisy"], strength=0.5, mirrors="UTF-8 read as Windows-1252: cafÃ©")
def mojibake(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Decode accented letters of words wrongly."""

    def change(word: str, draw: Draw) -> str:
        return "".join(c if c.isascii() else c.encode().decode("cp1252", "replace").replace("\ufffd", "�") for c in word)

    return change_words(case, draw, tools, change, fits=lambda w: not w.isascii())


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="files from Windows begin with a byte-order mark")
def byte_order_mark(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a byte-order mark before the text."""
    return insertions(case, draw, "\ufeff", "")


@perturbation(effect="preserves", kinds=["noisy"], strength=0.2, mirrors="web text carries soft hyphens inside words")
def soft_hyphens(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put soft hyphens inside words."""

    def change(word: str, draw: Draw) -> str:
        at = 2 + draw.below(len(word) - 3)
        return f"{word[:at]}\u00ad{word[at:]}"

    return change_words(case, draw, tools, change, least=6)


@perturbation(effect="preserves", kinds=["noisy"], strength=0.3, mirrors="feeds leave &nbsp; between words")
def nbsp_entities(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces between words into the HTML entity."""
    return change_gaps(case, draw, tools, "&nbsp;")


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="a cell exported to CSV comes with quotes, inner ones doubled")
def spreadsheet_cell(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote the text as a CSV cell."""
    if not case.text:
        return NotApplicable("an empty text")
    if not draw.below(2):
        return Proposal()
    end = len(case.text)
    inner = [Edit(i, i, "", '"') for i, c in enumerate(case.text) if c == '"']
    return Proposal(edits=[Edit(0, 0, "", '"'), *[e for e in inner if e.start], Edit(end, end, "", '"')])


@perturbation(effect="preserves", kinds=["noisy"], strength=1.0, mirrors="forwarded mail keeps its header lines")
def mail_header(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put header lines of a forwarded mail before the text."""
    return insertions(case, draw, "---------- Forwarded message ----------\nFrom: front desk\nSubject: Fwd:\n\n", "")
