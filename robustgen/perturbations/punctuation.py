"""Punctuation: full stops lost or repeated, other quotes and dashes, full-width marks, comma splices."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import change_letters, free_places, gate, how_many, noisy, pick, put_at, replace_places, word_gaps

__all__ = [
    "comma_splice",
    "curly_quotes",
    "dash_variants",
    "exclamation",
    "final_stop_lost",
    "full_width_marks",
    "opening_marks_lost",
    "repeated_marks",
    "stop_glued",
    "stray_dashes",
    "trailing_dots",
]


def _ends(case: Case, tools: Tools, marks: str) -> list[int]:
    text = case.text
    return free_places(case, tools, [i for i in range(1, len(text)) if text[i] in marks and (i + 1 == len(text) or text[i + 1].isspace())])


@noisy(
    strength=1.0,
    mirrors="chat messages end without a full stop",
    examples=[Example(before="Please confirm.", after="Please confirm", choices=[1]), Example(before="500 mg", after=None)],
)
def final_stop_lost(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the last full stop."""
    places = [i for i in _ends(case, tools, ".。।") if i + 1 == len(case.text)]
    if not places:
        return NotApplicable("no final full stop")
    return Proposal(edits=[Edit(places[0], places[0] + 1, case.text[places[0]], "")] if gate(draw) else [])


@noisy(
    strength=0.5,
    mirrors="excited writers repeat marks",
    examples=[Example(before="Is it open?", after="Is it open???", choices=[1]), Example(before="500 mg", after=None)],
)
def repeated_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Repeat exclamation and question marks."""
    table = {c: [c * 3] for c in "!?！？؟"}
    return change_letters(case, draw, tools, table, "no exclamation or question mark", lambda text, at: at > 0 and text[at + 1 : at + 2].strip() == "")


@noisy(
    strength=0.5,
    mirrors="messages trail off in dots",
    examples=[Example(before="Please confirm.", after="Please confirm...", choices=[1]), Example(before="500 mg", after=None)],
)
def trailing_dots(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn full stops into three dots."""
    places = [i for i in _ends(case, tools, ".") if case.text[i - 1].isalpha()]
    return replace_places(case, draw, tools, places, "...", "no full stop after a word")


@noisy(
    strength=0.5,
    mirrors="angry and cheerful writers end every sentence with an exclamation mark",
    examples=[Example(before="Please confirm.", after="Please confirm!", choices=[1]), Example(before="500 mg", after=None)],
)
def exclamation(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn full stops after words into exclamation marks."""
    places = [i for i in _ends(case, tools, ".。।") if case.text[i - 1].isalpha()]
    return replace_places(case, draw, tools, places, "!", "no full stop after a word")


@noisy(
    strength=0.5,
    mirrors="hurried writers string sentences together with commas",
    examples=[Example(before="We are at home. Come soon.", after="We are at home, Come soon.", choices=[1]), Example(before="500 mg", after=None)],
)
def comma_splice(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn full stops between sentences into commas."""
    text = case.text
    places = [i for i in _ends(case, tools, ".") if text[i - 1].isalpha() and text[i + 1 : i + 2] == " " and text[i + 2 : i + 3].isalpha()]
    return replace_places(case, draw, tools, places, ",", "no full stop between two sentences")


@noisy(
    strength=0.5,
    mirrors="phone typing forgets the space after a full stop",
    examples=[Example(before="We are at home. Come soon.", after="We are at home.Come soon.", choices=[1]), Example(before="500 mg", after=None)],
)
def stop_glued(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the space after a full stop between words."""
    text = case.text
    places = [i + 1 for i in _ends(case, tools, ".!?") if text[i + 1 : i + 2] == " " and text[i - 1].isalpha() and text[i + 2 : i + 3].isalpha()]
    places = free_places(case, tools, places)
    places = [i for i in places if i + 1 < len(text) and free_places(case, tools, [i + 1])]
    if not places:
        return NotApplicable("no full stop between words")
    chosen = [places[i] for i in pick(draw, how_many(draw, len(places), tools.strength), len(places))]
    return Proposal(edits=[Edit(i, i + 1, " ", "") for i in chosen])


@noisy(
    strength=1.0,
    mirrors="word processors make quotes and apostrophes curly",
    examples=[Example(before="I'm here.", after="I’m here.", choices=[1]), Example(before="500 mg", after=None)],
)
def curly_quotes(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Turn straight quotes and apostrophes into curly ones."""
    return change_letters(case, draw, tools, {"'": ["’"], '"': ["“", "”"]}, "no straight quote")


@noisy(
    strength=1.0,
    mirrors="editors swap hyphens, minus signs, en and em dashes",
    examples=[Example(before="a well-known café", after="a well–known café", choices=[1]), Example(before="500 mg", after=None)],
)
def dash_variants(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write hyphens and dashes between words and spaces as other dashes."""
    return change_letters(case, draw, tools, {"-": ["–", "‐", "—"], "–": ["-", "—"], "—": ["-", "--"]}, "no free dash")


@noisy(
    strength=0.1,
    mirrors="note takers put a dash wherever they pause",
    examples=[Example(before="Please confirm.", after="Please – confirm.", choices=[1]), Example(before="500 mg", after=None)],
)
def stray_dashes(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a dash between two words."""
    return put_at(draw, tools, word_gaps(case, tools), " –", "no space between two free words")


_WIDE = {",": ["，"], ".": ["。"], ";": ["；"], ":": ["："], "!": ["！"], "?": ["？"], "(": ["（"], ")": ["）"]}


@noisy(
    strength=0.3,
    mirrors="East Asian input methods type full-width marks",
    examples=[Example(before="Please confirm.", after="Please confirm。", choices=[1]), Example(before="500 mg", after=None)],
)
def full_width_marks(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write marks beside words in full width."""
    return change_letters(case, draw, tools, _WIDE, "no mark after a word", lambda text, at: at > 0 and text[at - 1].isalpha())


@noisy(
    strength=1.0,
    mirrors="chats leave the opening marks of questions out",
    examples=[Example(before="500 mg", after=None)],
)
def opening_marks_lost(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave out the opening question and exclamation marks."""
    places = free_places(case, tools, [i for i, c in enumerate(case.text) if c in "¿¡"])
    if not places:
        return NotApplicable("no opening mark")
    chosen = [places[i] for i in pick(draw, how_many(draw, len(places), tools.strength), len(places))]
    return Proposal(edits=[Edit(i, i + 1, case.text[i], "") for i in chosen])
