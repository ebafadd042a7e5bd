"""What an answer does: asks back, refuses, escalates. Rules come from each language's ``answer_cues`` resource."""

from __future__ import annotations

import re
from functools import lru_cache

from robustgen.core.language import Language

__all__ = ["status_of"]


@lru_cache(maxsize=32)
def _cues(language: Language) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((row["kind"], re.compile(row["cue"], re.IGNORECASE)) for row in language.rows("answer_cues"))


def status_of(text: str, language: Language | None) -> str:
    """Return ``ask``, ``refuse``, ``escalate`` or ``both`` where the words say so, else empty."""
    if language is None:
        return ""
    kinds = {kind for kind, pattern in _cues(language) if pattern.search(text)}
    for status in ("refuse", "ask", "both", "escalate"):
        if status in kinds:
            return status
    return ""
