"""The same facts in another language: whole documents, and single parts inside one (code-switching)."""

from __future__ import annotations

from robustgen.core.case import Case, Edit
from robustgen.core.draw import Draw
from robustgen.core.plugins import Example, NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate, whole_places

__all__ = ["bilingual_document", "code_switched_greeting", "code_switched_part", "foreign_quotes", "foreign_signature", "other_language_document"]


@perturbation(effect="preserves", kinds=["multilingual"], over_facts=True, strength=1.0, mirrors="the same record arrives in another language")
def other_language_document(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write the facts as a document in another language."""
    tags = tools.tags()
    if not tags:
        return NotApplicable("the task is spoken in one language only")
    if not gate(draw):
        return Proposal()
    pick = 1 + draw.below(len(tags))
    made = tools.say(case.facts, tags[pick - 1], draw)
    if made is None:
        return NotApplicable(f"these facts cannot be said in '{tags[pick - 1]}'")
    whole = (0, len(case.text))
    return Proposal(edits=[Edit(0, len(case.text), case.text, made.text)], allow=[whole], language=tags[pick - 1], whole=True, spans=made.spans)


@perturbation(effect="preserves", kinds=["multilingual"], over_facts=True, strength=1.0, mirrors="bilingual speakers switch languages within a message")
def code_switched_part(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write one record of the document in another language."""
    parts = [(path, span) for path, spans in sorted(case.spans.items()) for span in spans if tools.field(path) is None]
    tags = tools.tags()
    if not parts or not tags:
        return NotApplicable("no part that another language could say")
    if not gate(draw):
        return Proposal()
    pick = 1 + draw.below(len(tags))
    path, (start, end) = parts[draw.below(len(parts))]
    made = tools.part(path, tags[pick - 1], draw)
    if made is None or made.text == case.text[start:end]:
        return NotApplicable(f"this part cannot be said in '{tags[pick - 1]}'")
    edit = Edit(start, end, case.text[start:end], made.text)
    spans = {f"{path}.{inner}": [(a + start, b + start) for a, b in places] for inner, places in made.spans.items()}
    return Proposal(edits=[edit], allow=[(start, end)], language=tags[pick - 1], spans=spans)


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    strength=1.0,
    mirrors="people greet in one language and write in another",
    examples=[Example(before="Please confirm.", after="مرحباً،\nPlease confirm.", choices=[1]), Example(before="", after=None)],
)
def code_switched_greeting(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a greeting of another language before the text."""
    found = [row["text"] for tag in tools.languages() if tag != case.tag.split("-")[0] for row in _rows(tools, tag)]
    if not found or not case.text:
        return NotApplicable("no other language with greetings")
    return Proposal(edits=[Edit(0, 0, "", found[draw.below(len(found))] + "\n")] if gate(draw) else [])


def _rows(tools: Tools, tag: str, resource: str = "greetings") -> list[dict[str, str]]:
    language = tools.lang(tag)
    return [dict(r) for r in language.rows(resource)] if language else []


@perturbation(
    effect="preserves",
    kinds=["multilingual"],
    strength=1.0,
    mirrors="the body is in one language, the signature block in another",
    examples=[Example(before="Please confirm.", after="Please confirm.\n\nأُرسلت من هاتفي", choices=[1]), Example(before="", after=None)],
)
def foreign_signature(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a signature of another language behind the text."""
    found = [row["text"] for tag in tools.languages() if tag != case.tag.split("-")[0] for row in _rows(tools, tag, "signatures")]
    if not found or not case.text:
        return NotApplicable("no other language with signatures")
    end = len(case.text)
    return Proposal(edits=[Edit(end, end, "", "\n\n" + found[draw.below(len(found))])] if gate(draw) else [])


@perturbation(effect="preserves", kinds=["multilingual"], over_facts=True, strength=1.0, mirrors="labels and notices say the same in two languages")
def bilingual_document(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Say the same facts again in another language below the text."""
    tags = tools.tags()
    if not tags or not case.text:
        return NotApplicable("the task is spoken in one language only")
    if not gate(draw):
        return Proposal()
    pick, end = 1 + draw.below(len(tags)), len(case.text)
    made = tools.say(case.facts, tags[pick - 1], draw)
    if made is None:
        return NotApplicable(f"these facts cannot be said in '{tags[pick - 1]}'")
    return Proposal(edits=[Edit(end, end, "", f"\n---\n{made.text}")], language=tags[pick - 1])


@perturbation(effect="preserves", kinds=["multilingual"], over_facts=True, strength=1.0, mirrors="names and terms stand in quotation marks of another language")
def foreign_quotes(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Put a fact between the quotation marks of another language."""
    places = whole_places(case, tools)
    if not places:
        return NotApplicable("no fact in the text")
    pairs = (("«", "»"), ("„", "“"), ("「", "」"), ("“", "”"))
    if not gate(draw):
        return Proposal()
    pick = 1 + draw.below(len(pairs))
    start, end = places[draw.below(len(places))]
    left, right = pairs[pick - 1]
    return Proposal(edits=[Edit(start, start, "", left), Edit(end, end, "", right)])
