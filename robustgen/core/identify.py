"""Which language a text is in: langdetect, seeded, saying nothing where there is too little running text or no certainty."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

__all__ = ["LETTERS", "SURE", "detect", "identified", "running"]

LETTERS = 40
"""Letters below which a text is too short to tell."""
SURE = 0.95
"""Probability from which a language counts as told."""
_NO_LETTERS = re.compile(r"[\d\W_]+")


@cache
def _factory() -> Any:
    """Return langdetect's profiles, with a fixed seed: unseeded it answers differently from run to run."""
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    DetectorFactory.seed = 0
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    return factory


def running(text: str) -> str:
    """Return a text without figures and marks."""
    return _NO_LETTERS.sub(" ", text)


@lru_cache(maxsize=256)
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


def identified(text: str) -> str:
    """Return the language of running text without its region (``zh`` for ``zh-cn``), empty where it is not certain."""
    words = running(text)
    if sum(c.isalpha() for c in words) < LETTERS:
        return ""
    code, probability = detect(words)
    return code.split("-")[0] if probability >= SURE else ""
