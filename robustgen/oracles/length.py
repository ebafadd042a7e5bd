"""An answer stays within the length that is asked for."""

from __future__ import annotations

from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import bounds_of, leaves, saying

__all__ = ["length"]


@oracle(severity=Severity.low, source="asked for by the pack or in [bounds]")
def length(trial: Trial) -> Verdict:
    """Judge characters (``max``, ``min``) and words (``max_words``) of the answer as it came."""
    say = saying("length", Severity.low)
    asked = bounds_of(trial, "length")
    response = trial.reply.response
    if not asked or response.error:
        return say(Outcome.skip, "no length is asked for")
    text = response.text or "\n".join(leaves(response.data))
    characters, words = len(text), len(text.split())
    for bound in asked:
        options = bound.options
        for name, got, over in (("max", characters, True), ("min", characters, False), ("max_words", words, True)):
            limit = options.get(name)
            if limit is not None and (got > int(limit) if over else got < int(limit)):
                what = "words" if name == "max_words" else "characters"
                return say(Outcome.failed, f"{got} {what}, {'more' if over else 'fewer'} than {limit}", id=bound.id, got=got, limit=int(limit))
    return say(Outcome.passed, f"{characters} characters", got=characters)
