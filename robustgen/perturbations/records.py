"""What does not count but stands there: an older copy, another person's record, an example. It is labelled as such; the answer stays."""

from __future__ import annotations

from collections.abc import Callable

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Field, NotApplicable, Proposal, Tools
from robustgen.perturbations._shared import adversarial, gate
from robustgen.perturbations._values import style_of

__all__ = ["example_block", "other_record", "quoted_older_message", "stale_copy"]


def _copy(case: Case, draw: Draw, tools: Tools, fits: Callable[[Field], bool]) -> str | None:
    """Return the text with other values at the places that fit, None when none could be written anew."""
    places = []
    for path, spans in sorted(case.spans.items()):
        field = tools.field(path)
        if field is None or not fits(field):
            continue
        for _ in range(3):
            facts = tools.with_value(path, tools.typical(path, draw))
            if facts is not None and tools.differs(path, facts):
                for start, end in spans:
                    style = style_of(tools, path, case.text[start:end])
                    new = tools.render_value(path, facts, style) if style is not None else None
                    if new:
                        places.append((start, end, new))
                break
    made, at, changed = "", 0, False
    for start, end, new in sorted(places):
        if start >= at:
            changed = changed or new != case.text[start:end]
            made, at = made + case.text[at:start] + new, end
    return made + case.text[at:] if changed else None


def _label(tools: Tools, kind: str) -> str:
    return next(r["text"] for r in tools.language.rows("record_labels") if r["kind"] == kind)


def _beside(case: Case, draw: Draw, tools: Tools, fits: Callable[[Field], bool], put: Callable[[str], tuple[str, str]]) -> Proposal | NotApplicable:
    if not case.text:
        return NotApplicable("an empty text")
    if not gate(draw):
        return Proposal()
    copy = _copy(case, draw, tools, fits)
    if copy is None:
        return NotApplicable("no value that can be written anew")
    (before, after), end = put(copy), len(case.text)
    return Proposal(edits=[e for e in (Edit(0, 0, "", before), Edit(end, end, "", after)) if e.new])


@adversarial(needs=["record_labels"], over_facts=True, mirrors="an older version of the same statement stands above the valid one")
def stale_copy(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put an older copy with other values, labelled as superseded, before the valid text."""
    return _beside(case, draw, tools, lambda f: f.depends, lambda copy: (f"{_label(tools, 'superseded')}\n{copy}\n\n{_label(tools, 'current')}\n", ""))


@adversarial(needs=["record_labels"], over_facts=True, mirrors="an e-mail thread quotes an older message with other figures")
def quoted_older_message(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Quote an older message with other values, labelled as no longer valid, below the text."""

    def put(copy: str) -> tuple[str, str]:
        quoted = "\n".join(f"> {line}" for line in copy.split("\n"))
        return "", f"\n\n{_label(tools, 'superseded')}\n{quoted}"

    return _beside(case, draw, tools, lambda f: f.depends, put)


@adversarial(needs=["record_labels"], over_facts=True, mirrors="a page of another person's file was copied along")
def other_record(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put the record of somebody else, labelled as misfiled, behind the text."""
    return _beside(case, draw, tools, lambda f: True, lambda copy: ("", f"\n\n{_label(tools, 'other')}\n{copy}\n{_label(tools, 'end')}"))


@adversarial(needs=["record_labels"], over_facts=True, mirrors="a template's worked example stays in the document")
def example_block(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put an example with other values, labelled as an example, before the text."""
    return _beside(case, draw, tools, lambda f: True, lambda copy: (f"{_label(tools, 'example')}\n{copy}\n{_label(tools, 'end')}\n\n", ""))
