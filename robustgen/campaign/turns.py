"""A second turn: a clarifying question is answered from the facts, in the words of the clean document."""

from __future__ import annotations

import msgspec

from robustgen.core.case import Case, Envelope, Expected, Reading
from robustgen.core.verdict import Reply

__all__ = ["follow_up"]


def follow_up(case: Case, base: Case | None, reply: Reply) -> Case | None:
    """Return the conversation that goes on after a question, None where nothing was asked or the facts have no answer to it.

    What the clean document states and the case does not is told in the clean document's words; of several readings the safe one is
    named. Then there is one right answer, and the second answer is judged by it.
    """
    if reply.envelope is None or reply.envelope.status not in {"ask", "both"}:
        return None
    told = _lost(case, base) if base is not None and base.id != case.id else []
    expected = base.expected if told and base is not None else None
    facts = base.facts if told and base is not None else case.facts
    if expected is None and len(case.readings) > 1:
        reading = next((r for r in case.readings if r.safe), case.readings[0])
        told, expected, facts = _differing(case, reading), reading.expected, reading.facts
    if not told or expected is None:
        return None
    said = reply.response.text or msgspec.json.encode(reply.response.data).decode()
    turns = [{"role": "assistant", "content": said}, {"role": "user", "content": "; ".join(told)}]
    return msgspec.structs.replace(
        case, id=f"{case.id}+2", messages=[*case.messages, *turns], expected=_settled(expected), readings=[Reading(facts, expected)], facts=facts, trail=[]
    )


def _settled(expected: Expected) -> Expected:
    """Return what is right once everything was told: no further question."""
    answers: list[Envelope] = [e for e in expected.accept if e.status != "ask"]
    return msgspec.structs.replace(expected, accept=answers or expected.accept)


def _lost(case: Case, base: Case) -> list[str]:
    """Return the facts that the clean document states and the case does not, in the document's words."""
    return [_named(path, base.text[places[0][0] : places[0][1]]) for path, places in base.spans.items() if places and not case.spans.get(path)]


def _differing(case: Case, reading: Reading) -> list[str]:
    others = [r.facts for r in case.readings if r is not reading]
    return [_named(k, str(v)) for k, v in reading.facts.items() if any(o.get(k) != v for o in others)]


def _named(path: str, words: str) -> str:
    return f"{path.rpartition('.')[2].replace('_', ' ')}: {words}"
