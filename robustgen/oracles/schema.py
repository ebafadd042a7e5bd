"""A structured answer fits its JSON Schema: the one that is asked for, else the answer envelope's own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from robustgen.answers.prose import json_in
from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, saying

__all__ = ["ENVELOPE", "schema"]

ENVELOPE: Mapping[str, Any] = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"enum": ["answer", "ask", "both", "escalate", "refuse"]},
        "unit": {"type": ["string", "null"]},
        "currency": {"type": ["string", "null"], "pattern": "^[A-Z]{3}$"},
        "label": {"type": ["string", "null"]},
        "missing": {"type": ["array", "null"], "items": {"type": "string"}},
        "evidence": {"type": ["array", "null"], "items": {"type": "object"}},
    },
}


@lru_cache(maxsize=32)
def _validator(source: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(json.loads(source))


_ENVELOPE = json.dumps(ENVELOPE)


def _first_error(source: str, data: Any) -> tuple[str, str] | None:
    """Return message and place of the first violation."""
    validator = _validator(source)
    if validator.is_valid(data):
        return None
    for error in validator.iter_errors(data):
        return str(error.message), "/".join(str(p) for p in error.instance_path)
    return None


@oracle(severity=Severity.low, source="JSON Schema of the answer envelope, or the one in [bounds]")
def schema(trial: Trial) -> Verdict:
    """Judge a structured answer against its schema; one that is asked for must be met by every answer."""
    say = saying("schema", Severity.low)
    response = trial.reply.response
    if response.error:
        return say(Outcome.skip, "no answer")
    data = response.data if response.data is not None else json_in(response.text)
    asked = [b for b in bounds_of(trial, "schema") if isinstance(b.options.get("schema"), Mapping)]
    for bound in asked:
        if data is None:
            return say(Outcome.failed, "the answer holds no JSON", id=bound.id)
        wrong = _first_error(json.dumps(bound.options["schema"], sort_keys=True), data)
        if wrong:
            return say(Outcome.failed, f"does not fit the schema at '{wrong[1]}': {wrong[0][:160]}", id=bound.id, place=wrong[1], rule=wrong[0][:300])
    if asked:
        return say(Outcome.passed, "fits the schema")
    if not isinstance(data, Mapping) or "status" not in data:
        return say(Outcome.skip, "no schema is asked for and the answer is no envelope")
    wrong = _first_error(_ENVELOPE, data)
    if wrong:
        return say(Outcome.failed, f"no valid envelope at '{wrong[1]}': {wrong[0][:160]}", place=wrong[1], rule=wrong[0][:300])
    return say(Outcome.passed, "a valid envelope")
