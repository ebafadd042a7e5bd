"""Containers that carry text: JSON, XML, CSV, SQL, YAML, HL7, FHIR, logs, mail, chats, diffs."""

from __future__ import annotations

import json
from collections.abc import Callable

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import covering, gate, insertions, noisy, texts, wrap_lines

__all__ = [
    "chat_log",
    "code_fence",
    "csv_row",
    "diff_lines",
    "email_quote",
    "fhir_note",
    "hl7_note_segment",
    "json_string",
    "json_unicode",
    "log_line",
    "mail_disclaimer",
    "mime_part",
    "nested_quotes",
    "quoted_printable",
    "spreadsheet_cell",
    "sql_string",
    "subject_line",
    "xml_element",
    "yaml_block",
]


def escaped(case: Case, draw: Draw, tools: Tools, before: str, after: str, write: Callable[[str], str]) -> Proposal | NotApplicable:
    """Put the text between two parts of a container and escape letter by letter what the container asks to escape."""
    text = case.text
    if not text:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    edits = [Edit(0, 0, "", before)] if before else []
    edits += [Edit(i, i + 1, c, new) for i, c in enumerate(text) if (new := write(c)) != c]
    edits += [Edit(len(text), len(text), "", after)] if after else []
    return Proposal(edits=edits, allow=covering(tools, [e for e in edits if e.start < e.end]))


def _json(c: str) -> str:
    return json.dumps(c, ensure_ascii=False)[1:-1]


@noisy(
    strength=1.0,
    mirrors="logs carry the message as a JSON string",
    examples=[Example(before="Please confirm.", after='{"message": "Please confirm."}', choices=[1]), Example(before="", after=None)],
)
def json_string(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into a JSON object; quotes, backslashes and line breaks are escaped as JSON asks."""
    return escaped(case, draw, tools, '{"message": "', '"}', _json)


@noisy(
    strength=1.0,
    mirrors="ASCII-only JSON writes letters as \\u escapes",
    examples=[Example(before="a well-known café", after="a well-known caf\\u00e9", choices=[1]), Example(before="500 mg", after=None)],
)
def json_unicode(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write letters outside ASCII as JSON escapes."""
    if case.text.isascii():
        return NotApplicable("no letter outside ASCII")
    free = _unguarded(case, tools)
    if not any(not c.isascii() for c in free):
        return NotApplicable("no free letter outside ASCII")
    if not gate(draw):
        return Proposal()
    return Proposal(edits=[Edit(i, i + 1, c, json.dumps(c)[1:-1]) for i, c in enumerate(free) if not c.isascii()])


def _unguarded(case: Case, tools: Tools) -> str:
    """Return the text with protected letters as plain dots."""
    letters = list(case.text)
    for start, end in tools.protected():
        letters[start:end] = "." * (end - start)
    return "".join(letters)


@noisy(
    strength=1.0,
    mirrors="mail bodies are encoded as quoted-printable: caf=C3=A9",
    examples=[Example(before="a well-known café", after="a well-known caf=C3=A9", choices=[1]), Example(before="500 mg", after=None)],
)
def quoted_printable(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write letters outside ASCII as quoted-printable."""
    free = _unguarded(case, tools)
    if not any(not c.isascii() and c.isalpha() for c in free):
        return NotApplicable("no free letter outside ASCII")
    if not gate(draw):
        return Proposal()
    return Proposal(
        edits=[Edit(i, i + 1, c, "".join(f"={b:02X}" for b in c.encode("utf-8", "replace"))) for i, c in enumerate(free) if not c.isascii() and c.isalpha()]
    )


@noisy(
    strength=1.0,
    mirrors="a cell exported to CSV comes with quotes, inner ones doubled",
    examples=[Example(before="Please confirm.", after='"Please confirm."', choices=[1]), Example(before="", after=None)],
)
def spreadsheet_cell(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote the text as a CSV cell."""
    return escaped(case, draw, tools, '"', '"', lambda c: '""' if c == '"' else c)


@noisy(
    strength=1.0,
    mirrors="a row of an export carries the note among other columns",
    examples=[Example(before="Please confirm.", after='source,status,note\nimport,open,"Please confirm."\n', choices=[1]), Example(before="", after=None)],
)
def csv_row(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into a row of a CSV export."""
    return escaped(case, draw, tools, 'source,status,note\nimport,open,"', '"\n', lambda c: '""' if c == '"' else c)


@noisy(
    strength=1.0,
    mirrors="database dumps carry notes inside INSERT statements",
    examples=[Example(before="Please confirm.", after="INSERT INTO notes (body) VALUES ('Please confirm.');", choices=[1]), Example(before="", after=None)],
)
def sql_string(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into an SQL string."""
    return escaped(case, draw, tools, "INSERT INTO notes (body) VALUES ('", "');", lambda c: "''" if c == "'" else c)


_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@noisy(
    strength=1.0,
    mirrors="messages travel inside XML elements",
    examples=[Example(before="Please confirm.", after="<note><text>Please confirm.</text></note>", choices=[1]), Example(before="", after=None)],
)
def xml_element(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into an XML element."""
    return escaped(case, draw, tools, "<note><text>", "</text></note>", lambda c: _XML.get(c, c))


@noisy(
    strength=1.0,
    mirrors="FHIR resources carry free text in a note element",
    examples=[
        Example(before="Please confirm.", after='{"resourceType": "Communication", "status": "completed", "note": [{"text": "Please confirm."}]}', choices=[1]),
        Example(before="", after=None),
    ],
)
def fhir_note(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into the note of a FHIR resource."""
    return escaped(case, draw, tools, '{"resourceType": "Communication", "status": "completed", "note": [{"text": "', '"}]}', _json)


_HL7 = {"\n": "\\.br\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\"}


@noisy(
    strength=1.0,
    mirrors="HL7 v2 carries comments in NTE segments",
    examples=[Example(before="Please confirm.", after="NTE||L|Please confirm.", choices=[1]), Example(before="", after=None)],
)
def hl7_note_segment(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into the comment segment of an HL7 v2 message."""
    return escaped(case, draw, tools, "NTE||L|", "", lambda c: _HL7.get(c, c))


@noisy(
    strength=1.0,
    mirrors="configuration files carry free text as YAML blocks",
    examples=[Example(before="Please confirm.", after="note: |\n  Please confirm.", choices=[1]), Example(before="", after=None)],
)
def yaml_block(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Indent the text as a YAML block."""
    return escaped(case, draw, tools, "note: |\n  ", "", lambda c: "\n  " if c == "\n" else c)


@noisy(
    strength=1.0,
    mirrors="application logs print the message behind level and logger",
    examples=[Example(before="Please confirm.", after="INFO  notes.importer - body=Please confirm. [done]", choices=[1]), Example(before="", after=None)],
)
def log_line(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into a line of a log."""
    return insertions(case, draw, "INFO  notes.importer - body=", " [done]")


@noisy(
    strength=1.0,
    mirrors="an answer quotes the mail it answers",
    examples=[Example(before="Please confirm.", after="> Please confirm.", choices=[1]), Example(before="", after=None)],
)
def email_quote(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote every line as mail programs do."""
    return wrap_lines(case, draw, "> ", "")


@noisy(
    strength=1.0,
    mirrors="terms agreed three replies down stand behind >>> marks",
    examples=[Example(before="Please confirm.", after=">> > Please confirm.", choices=[1]), Example(before="", after=None)],
)
def nested_quotes(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote every line several levels deep."""
    return wrap_lines(case, draw, ">> > ", "")


@noisy(
    strength=1.0,
    mirrors="raw mail shows its parts",
    examples=[
        Example(before="Please confirm.", after="--=_part\nContent-Type: text/plain; charset=us-ascii\n\nPlease confirm.\n--=_part--", choices=[1]),
        Example(before="", after=None),
    ],
)
def mime_part(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text into a part of a raw mail."""
    return insertions(case, draw, "--=_part\nContent-Type: text/plain; charset=us-ascii\n\n", "\n--=_part--")


@noisy(
    strength=1.0,
    mirrors="long threads pile up reply prefixes",
    examples=[Example(before="Please confirm.", after="Subject: RE: AW: Fwd: Re:\n\nPlease confirm.", choices=[1]), Example(before="", after=None)],
)
def subject_line(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a subject line with reply prefixes before the text."""
    return insertions(case, draw, "Subject: RE: AW: Fwd: Re:\n\n", "")


@noisy(
    needs=["disclaimers"],
    strength=1.0,
    mirrors="company mail ends in a legal disclaimer",
    examples=[
        Example(
            before="Please confirm.",
            after="Please confirm.\n\n--\nThis message and its attachments are intended for the addressee alone. If you received it by mistake, kindly tell the sender and delete it.",
            choices=[1],
        ),
        Example(before="", after=None),
    ],
)
def mail_disclaimer(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the disclaimer of a company's mail behind the text."""
    lines = texts(tools, "disclaimers")
    end = len(case.text)
    if not end:
        return NotApplicable("an empty text")
    return Proposal(edits=[Edit(end, end, "", f"\n\n--\n{lines[draw.below(len(lines))]}")] if gate(draw) else [])


@noisy(
    strength=1.0,
    mirrors="chat exports put the speaker before every message",
    examples=[Example(before="Please confirm.", after="Agent: Please confirm.", choices=[0, 1]), Example(before="", after=None)],
)
def chat_log(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a speaker before every line."""
    speaker = ("Agent: ", "Visitor: ", "Guest: ")[draw.below(3)]
    return wrap_lines(case, draw, speaker, "")


@noisy(
    strength=1.0,
    mirrors="a ticket system pastes the message into a code block",
    examples=[Example(before="Please confirm.", after="```\nPlease confirm.\n```", choices=[1]), Example(before="", after=None)],
)
def code_fence(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the text between code fences."""
    return insertions(case, draw, "```\n", "\n```")


@noisy(
    strength=1.0,
    mirrors="reviews show text as the added lines of a diff",
    examples=[Example(before="Please confirm.", after="+ Please confirm.", choices=[1]), Example(before="", after=None)],
)
def diff_lines(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write every line as an added line of a diff."""
    return wrap_lines(case, draw, "+ ", "")
