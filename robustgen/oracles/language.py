"""The answer is in the language of the question: langdetect, seeded, among the languages we know, abstaining where it is not sure."""

from __future__ import annotations

from functools import cache

import regex

from robustgen.core.case import Severity
from robustgen.core.identify import LETTERS, SURE, detect, running
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import saying

__all__ = ["language"]

FOREIGN = 24
"""Letters from which an answer in another script is no quotation of names and units."""


@cache
def _script(code: str) -> regex.Pattern[str] | None:
    """Return the letters of a script other than Latin."""
    classes = {"Hans": "\\p{Han}", "Hant": "\\p{Han}", "Jpan": "\\p{Han}\\p{Hiragana}\\p{Katakana}", "Arab": "\\p{Arabic}", "Deva": "\\p{Devanagari}"}
    return regex.compile(f"[{classes[code]}]") if code in classes else None


@oracle(severity=Severity.low, source="language of the question", regulations=("ACA-1557",))
def language(trial: Trial) -> Verdict:
    """Judge the language of a free-text answer of some length; JSON, short answers and mixed cases are not judged."""
    say = saying("language", Severity.low)
    text = trial.reply.response.text
    wanted = trial.language.settings.get("langdetect", "") if trial.language else ""
    words = running(text)
    if trial.reply.response.error or not wanted or not isinstance(trial.case.language, str):
        return say(Outcome.skip, "nothing to judge")
    script = _script(trial.language.settings.get("script", "")) if trial.language else None
    if script is not None and "{" not in text:
        letters = sum(c.isalpha() for c in words)
        own = len(script.findall(words))
        if letters >= FOREIGN and own * 10 < letters:
            return say(Outcome.failed, f"hardly a letter of the answer is written as '{wanted}' is", expected=wanted, own=own, letters=letters)
    if "{" in text or sum(c.isalpha() for c in words) < LETTERS or words.isupper():
        return say(Outcome.skip, "too little running text")
    code, probability = detect(words)
    if code.split("-")[0] == wanted.split("-")[0]:
        return say(Outcome.passed, f"the answer is in '{code}'")
    if probability < SURE:
        return say(Outcome.skip, f"the language is not certain ({code} {probability:.2f})")
    return say(Outcome.failed, f"the answer is in '{code}', the question in '{wanted}'", got=code, expected=wanted)
