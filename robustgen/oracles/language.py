"""The answer is in the language of the question: langdetect, seeded, among the languages we know, abstaining where it is not sure."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from robustgen.core.case import Severity
from robustgen.core.plugins import oracle
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.oracles._base import saying

__all__ = ["language"]

LETTERS = 40
SURE = 0.95


@cache
def _factory() -> Any:
    """Return langdetect's profiles, with a fixed seed: unseeded it answers differently from run to run."""
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    DetectorFactory.seed = 0
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory


def detect(text: str) -> tuple[str, float]:
    """Return the likeliest language code with its probability; ("", 0) where nothing can be said."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.append(text)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return "", 0.0
    return (str(found[0].lang), float(found[0].prob)) if found else ("", 0.0)


@oracle(severity=Severity.low, source="language of the question", regulations=("ACA-1557",))
def language(trial: Trial) -> Verdict:
    """Judge the language of a free-text answer of some length; JSON, short answers and mixed cases are not judged."""
    say = saying("language", Severity.low)
    text = trial.reply.response.text
    wanted = trial.language.settings.get("langdetect", "") if trial.language else ""
    words = re.sub(r"[\d\W_]+", " ", text)
    if trial.reply.response.error or not wanted or not isinstance(trial.case.language, str):
        return say(Outcome.skip, "nothing to judge")
    if "{" in text or sum(c.isalpha() for c in words) < LETTERS or words.isupper():
        return say(Outcome.skip, "too little running text")
    code, probability = detect(words)
    if code.split("-")[0] == wanted.split("-")[0]:
        return say(Outcome.passed, f"the answer is in '{code}'")
    if probability < SURE:
        return say(Outcome.skip, f"the language is not certain ({code} {probability:.2f})")
    return say(Outcome.failed, f"the answer is in '{code}', the question in '{wanted}'", got=code, expected=wanted)
