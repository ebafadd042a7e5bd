"""From a response to an envelope: structured data as it is, JSON wherever it stands, else free text; ``unsure`` rather than a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from robustgen.answers.acts import acts_in
from robustgen.answers.deeds import act_of, effective, several, unasked, without_courtesy
from robustgen.answers.keyed import keyed
from robustgen.answers.prose import asked_by, is_call, json_in, prose_of, without_thoughts
from robustgen.answers.told import LEAD, copies, echoes, example_of, retells, runs_on
from robustgen.answers.values import picked, supposes, value_in
from robustgen.core.case import Case, Envelope, canonical
from robustgen.core.language import Language
from robustgen.core.verdict import Reply, Response

__all__ = ["read_answer"]

STATUSES = ("answer", "ask", "both", "escalate", "refuse")
MAX_TEXT = 200_000


def read_answer(case: Case, response: Response, language: Language | None = None, labels: Sequence[str] = ()) -> Reply:
    """Return what a response says; never raises for what a target sends. ``labels`` are those that the task declares."""
    if response.error:
        return Reply(response=response, unsure="no answer")
    if isinstance(response.data, Mapping):
        return Reply(response=response, envelope=_from_mapping(response.data, case))
    text = without_thoughts(response.text[:MAX_TEXT])
    found = json_in(text) if "{" in text or "[" in text else None
    if is_call(found):
        found, text = asked_by(found), prose_of(text)
        if not text.strip("`[], \n") and not (isinstance(found, Mapping) and _says(found)):
            return Reply(response=response, unsure="a call of a tool, and no answer")
    if isinstance(found, Mapping) and {"status", "value", "label", "answer"} & set(found) and _says(found):
        return Reply(response=response, envelope=_from_mapping(found, case))
    example = example_of(case)
    if isinstance(found, type(example.value)) and isinstance(found, (list, dict)):
        return Reply(response=response, envelope=Envelope(value=canonical(found)))
    if isinstance(found, Mapping) and not echoes(text.strip(), case) and (made := keyed(found, example, language)) is not None:
        return Reply(response=response, envelope=made)
    envelope, why = _from_text(text, case, language, labels)
    return Reply(response=response, envelope=envelope, unsure=why)


def _says(data: Mapping[str, Any]) -> bool:
    """Tell whether an object that stood in a text says anything: a status that there is, a value or a label."""
    return str(data.get("status", "")).strip().casefold() in STATUSES or any(data.get(k) is not None for k in ("value", "label", "answer"))


def _from_mapping(data: Mapping[str, Any], case: Case) -> Envelope:
    status = str(data.get("status") or "answer").strip().casefold()
    label = data.get("label")
    value = data.get("value", data.get("answer"))
    if isinstance(value, float):
        value = repr(value)
    missing = data.get("missing") or []
    return Envelope(
        status=status if status in STATUSES else "answer",
        value=canonical(value),
        unit=str(data["unit"]) if data.get("unit") else None,
        currency=str(data["currency"]) if data.get("currency") else None,
        label=str(label) if label is not None else None,
        missing=[str(m) for m in missing] if isinstance(missing, list) else [str(missing)],
        evidence=data["evidence"] if isinstance(data.get("evidence"), list) else [],
    )


def _from_text(text: str, case: Case, language: Language | None, labels: Sequence[str]) -> tuple[Envelope | None, str]:
    stripped = text.strip()
    if not stripped:
        return None, "empty"
    if echoes(stripped, case):
        return None, "the answer repeats the document"
    if runs_on(stripped):
        return None, "the text repeats itself or breaks off inside an object"
    example = example_of(case)
    if (
        retells(stripped, case)
        and not LEAD.match(stripped)
        and not (picked(stripped, case, example, language) and not copies(stripped, case))
        and not supposes(stripped, case, example, language)
    ):
        return None, "the answer retells the document and adds no value"
    cues = effective(stripped, acts_in(stripped, language), case)
    value, why = value_in(without_courtesy(stripped, cues), case, example, language, labels)
    envelope = act_of(stripped, case, example, cues, value, language)
    if envelope is not None:
        return envelope, ""
    if value is not None and several(stripped, case, example, language, cues):
        return None, "several values, and nothing that chooses between them"
    if value is not None:
        return value, ""
    if example.value is None and example.label is None:
        return unasked(stripped, case, cues, language)
    return None, why
