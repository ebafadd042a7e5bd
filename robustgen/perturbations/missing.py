"""Information that is not there: a fact blanked out, unreadable, cut off, referred elsewhere, left as a placeholder."""

from __future__ import annotations

from collections.abc import Callable

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate, texts

__all__ = [
    "blank_fact",
    "cut_number",
    "elsewhere_fact",
    "illegible_fact",
    "lost_line",
    "overflow_fact",
    "placeholder_fact",
    "redacted_fact",
    "truncated_end",
    "unknown_fact",
]


def _wordings(case: Case, tools: Tools, path: str) -> list[str]:
    """Return the texts that state a fact: where it stands and all its other forms."""
    return [*(case.text[s:e] for s, e in case.spans[path]), *(f.text for f in tools.forms(path))]


def _losable(case: Case, tools: Tools) -> list[str]:
    """Return the stated facts that the answer depends on and the question does not repeat."""
    asked = case.messages[0]["content"] if case.messages else ""
    paths = [p for p, spans in sorted(case.spans.items()) if spans and (f := tools.field(p)) is not None and f.depends]
    return [p for p in paths if not any(w in asked for w in _wordings(case, tools, p))]


def _lose(case: Case, draw: Draw, tools: Tools, put: Callable[[str], str | None]) -> Proposal | NotApplicable:
    """Take a fact that the answer depends on out of every place that states it."""
    paths = [p for p in _losable(case, tools) if all(put(case.text[s:e]) is not None for s, e in case.spans[p])]
    if not paths:
        return NotApplicable("no fact that the answer depends on")
    if not gate(draw):
        return Proposal()
    path = paths[draw.below(len(paths))]
    edits = [Edit(s, e, case.text[s:e], put(case.text[s:e]) or "") for s, e in case.spans[path]]
    return Proposal(edits=edits, lost=[path])


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a field of the form was left empty")
def blank_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a line where a fact should stand."""
    return _lose(case, draw, tools, lambda old: "____")


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="de-identification and templates leave placeholders")
def placeholder_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Leave a template's placeholder where a fact should stand."""
    return _lose(case, draw, tools, lambda old: "[***]")


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a streak on a fax hides a word")
def illegible_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Cover a fact with unreadable marks."""
    return _lose(case, draw, tools, lambda old: "▒" * min(len(old), 12))


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a disclosed contract is redacted: black bars")
def redacted_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Cover a fact with a black bar of fixed length."""
    return _lose(case, draw, tools, lambda old: "███████")


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a spreadsheet column is too narrow: #####")
def overflow_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Show a number as a column too narrow for it does."""
    return _lose(case, draw, tools, lambda old: "#######" if any(c.isdigit() for c in old) else None)


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a screenshot cuts the figure: 1,2…")
def cut_number(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Cut a number behind its first digit."""

    def put(old: str) -> str | None:
        at = next((i for i, c in enumerate(old) if c.isdigit()), -1)
        return f"{old[: at + 1]}…" if at >= 0 and sum(c.isdigit() for c in old) >= 3 else None

    return _lose(case, draw, tools, put)


@perturbation(effect="degrades", kinds=["missing"], needs=["unknown"], over_facts=True, strength=1.0, mirrors="forms are filled with N/A, TBC, unknown")
def unknown_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Say that a fact is not known."""
    words = texts(tools, "unknown")
    word = words[draw.below(len(words))]
    return _lose(case, draw, tools, lambda old: word)


@perturbation(effect="degrades", kinds=["missing"], needs=["elsewhere"], over_facts=True, strength=1.0, mirrors="the annex that holds the figure is not there")
def elsewhere_fact(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Refer to another place for a fact."""
    words = texts(tools, "elsewhere")
    word = words[draw.below(len(words))]
    return _lose(case, draw, tools, lambda old: word)


def _without(case: Case, tools: Tools, start: int, end: int, edits: list[Edit]) -> Proposal | NotApplicable:
    """Return the proposal that takes a stretch of text away with every fact that stands nowhere else."""
    lost = [p for p in _losable(case, tools) if all(start <= s and e <= end for s, e in case.spans[p])]
    if not lost:
        return NotApplicable("the fact stands in another place too")
    return Proposal(edits=edits, lost=lost)


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a field or title is cut at its maximum length, in mid-text")
def truncated_end(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Cut the text before a fact that the answer depends on."""
    paths = [p for p in _losable(case, tools) if case.spans[p][0][0] > 3]
    if not paths:
        return NotApplicable("no fact behind the beginning")
    if not gate(draw):
        return Proposal()
    cut, end = case.spans[paths[draw.below(len(paths))]][0][0], len(case.text)
    return _without(case, tools, cut, end, [Edit(cut, end, case.text[cut:], "")])


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a fax streak or page break takes a whole line away")
def lost_line(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Take away the line on which a fact stands."""
    text, paths = case.text, _losable(case, tools)
    if "\n" not in text.strip() or not paths:
        return NotApplicable("one line only, or no fact that the answer depends on")
    if not gate(draw):
        return Proposal()
    at = case.spans[paths[draw.below(len(paths))]][0][0]
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end + 1
    return _without(case, tools, start, end, [Edit(start, end, text[start:end], "")])
