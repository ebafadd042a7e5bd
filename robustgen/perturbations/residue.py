"""What systems leave behind: template markers, escapes, byte-order marks, wrong decoding, headers and footers of mail."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.language import Language
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import become_words, change_gaps, gate, insertions, noisy, rewrite_found

__all__ = [
    "byte_order_mark",
    "double_mojibake",
    "hl7_breaks",
    "hl7_escapes",
    "lost_charset",
    "mail_header",
    "mojibake",
    "nbsp_entities",
    "sign_mojibake",
    "soft_hyphens",
    "template_marker",
]


@noisy(
    strength=1.0,
    mirrors="a form's unfilled markers stay in the note: [SELECT ONE]",
    examples=[Example(before="Please confirm.", after="Please confirm.\n[SELECT ONE]", choices=[1]), Example(before="", after=None)],
)
def template_marker(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a template's marker behind the text."""
    marks = ("[SELECT ONE]", "@NAME@", "{Blank single}", "***", "<<FIELD>>", "{{signature}}")
    end = len(case.text)
    if not end:
        return NotApplicable("an empty text")
    return Proposal(edits=[Edit(end, end, "", f"\n{marks[draw.below(len(marks))]}")] if gate(draw) else [])


@noisy(
    strength=1.0,
    mirrors="HL7 v2 messages escape line breaks as \\.br\\",
    examples=[Example(before="Name: Ann\nCity: Rome", after="Name: Ann\\.br\\City: Rome", choices=[1]), Example(before="500 mg", after=None)],
)
def hl7_breaks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write line breaks as the HL7 escape."""
    places = [i for i, c in enumerate(case.text) if c == "\n"]
    if not places:
        return NotApplicable("one line only")
    return Proposal(edits=[Edit(i, i + 1, "\n", "\\.br\\") for i in places] if gate(draw) else [])


_HL7 = {"&": "\\T\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "\\": "\\E\\"}


@noisy(
    strength=1.0,
    mirrors="HL7 v2 escapes its own separators: R\\T\\D",
    examples=[Example(before='He said "hello" & left.', after='He said "hello" \\T\\ left.', choices=[1]), Example(before="500 mg", after=None)],
)
def hl7_escapes(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Escape the separators of HL7 v2."""
    return rewrite_found(case, draw, tools, _SEPARATORS, lambda m: _HL7[m[0]], "no separator of HL7")


_SEPARATORS = regex.compile(r"[&|^~\\]")


_SMALL = regex.compile("[\u00b9\u00b2\u00b3\u00bc-\u00be]")
"""Small figures and fractions: a wrongly decoded letter must not look like a number."""


def _misread(text: str) -> str:
    return "".join(c if c.isascii() else c.encode().decode("cp1252", "replace").replace("\ufffd", "�") for c in text)


def _wrong(word: str, language: Language) -> Sequence[str]:
    return [w for w in [_misread(word)] if not _SMALL.search(w) and not {w[0], w[-1]} & _MONEY] if not word.isascii() else []


_MONEY = frozenset("\u00a2\u00a3\u00a4\u00a5\u20ac")
"""Signs of currencies, which must not come to stand beside a number."""


@noisy(
    strength=0.5,
    mirrors="UTF-8 read as Windows-1252: cafÃ©",
    examples=[Example(before="a well-known café", after="a well-known cafÃ©", choices=[1]), Example(before="500 mg", after=None)],
)
def mojibake(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Decode accented letters of words wrongly."""
    return become_words(case, draw, tools, _wrong)


def _twice(word: str, language: Language) -> Sequence[str]:
    return [w for w in [_misread(_misread(word))] if not _SMALL.search(w) and not {w[0], w[-1]} & _MONEY] if not word.isascii() else []


@noisy(
    strength=0.3,
    mirrors="two systems in a row decode wrongly: cafÃƒÂ©",
    examples=[Example(before="a well-known café", after="a well-known cafÃƒÂ©", choices=[1]), Example(before="500 mg", after=None)],
)
def double_mojibake(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Decode accented letters of words wrongly twice."""
    return become_words(case, draw, tools, _twice)


def _lost(word: str, language: Language) -> Sequence[str]:
    return [] if word.isascii() or not any(c.isascii() for c in word) else ["".join(c if c.isascii() else mark for c in word) for mark in ("?", "\ufffd")]


@noisy(
    strength=0.3,
    mirrors="a legacy code page knows no such letter: caf?, na�ve",
    examples=[Example(before="a well-known café", after="a well-known caf?", choices=[1]), Example(before="500 mg", after=None)],
)
def lost_charset(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Replace letters outside ASCII by a question or replacement mark."""
    return become_words(case, draw, tools, _lost)


_SIGNS = regex.compile(r"[€£¥°±§–—’“”•™®©]")


@noisy(
    strength=0.5,
    mirrors="currency and degree signs are read in the wrong encoding: â‚¬100, 38Â°C",
    examples=[Example(before="pay €50", after="pay â‚¬50", choices=[1]), Example(before="500 mg", after=None)],
)
def sign_mojibake(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Decode signs wrongly; digits and letters stay."""
    return rewrite_found(case, draw, tools, _SIGNS, _misread_sign, "no sign outside ASCII")


def _misread_sign(match: regex.Match[str]) -> str | None:
    """Return a sign decoded wrongly; none where a letter that comes of it would join the word beside it: â€žnot."""
    new, (start, end), text = _misread(match[0]), match.span(), match.string
    joins = (new[0].isalpha() and text[:start][-1:].isalpha()) or (new[-1].isalpha() and text[end : end + 1].isalpha())
    return None if joins else new


@noisy(
    strength=1.0,
    mirrors="files from Windows begin with a byte-order mark",
    examples=[Example(before="Please confirm.", after="\ufeffPlease confirm.", choices=[1]), Example(before="", after=None)],
)
def byte_order_mark(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a byte-order mark before the text."""
    return insertions(case, draw, "\ufeff", "")


def _soft(word: str, language: Language) -> Sequence[str]:
    return [f"{word[:at]}\u00ad{word[at:]}" for at in range(2, len(word) - 1)]


@noisy(
    strength=0.2,
    mirrors="web text carries soft hyphens inside words",
    examples=[Example(before="Please confirm.", after="Ple\xadase confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def soft_hyphens(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put soft hyphens inside words."""
    return become_words(case, draw, tools, _soft, least=6)


@noisy(
    strength=0.3,
    mirrors="feeds leave &nbsp; between words",
    examples=[Example(before="Please confirm.", after="Please&nbsp;confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def nbsp_entities(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn spaces between words into the HTML entity."""
    return change_gaps(case, draw, tools, "&nbsp;")


@noisy(
    strength=1.0,
    mirrors="forwarded mail keeps its header lines",
    examples=[
        Example(before="Please confirm.", after="---------- Forwarded message ----------\nFrom: front desk\nSubject: Fwd:\n\nPlease confirm.", choices=[0, 1]),
        Example(before="", after=None),
    ],
)
def mail_header(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put header lines of a forwarded mail before the text."""
    return insertions(case, draw, _HEADERS[draw.below(len(_HEADERS))], "")


_HEADERS = (
    "---------- Forwarded message ----------\nFrom: front desk\nSubject: Fwd:\n\n",
    "-----Original Message-----\nTo: mail room\nSubject: Re:\n\n",
    "X-Mailer: webmail\nContent-Type: text/plain\n\n",
)
