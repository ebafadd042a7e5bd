"""nlpaug's offline augmenters as perturbations, by name only (``--perturb nlpaug:keyboard``): importing them takes seconds.

nlpaug joins tokens anew, uses the global generators and knows no protected text. So it is shown single free words, its result
becomes an edit like any other, and both global generators are put back as they were.
"""

from __future__ import annotations

import random
import threading
from functools import cache
from typing import Any

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_words

__all__ = ["nlpaug_keyboard", "nlpaug_ocr", "nlpaug_random_delete", "nlpaug_random_swap", "nlpaug_split"]

_LOCK = threading.Lock()
_SEEDS = 1 << 30
_TRIES = 8


@cache
def _augmenter(name: str) -> Any:
    """Return an augmenter that changes exactly one letter or place of a word."""
    from nlpaug.augmenter import char, word

    one = {"aug_char_min": 1, "aug_char_max": 1, "aug_word_p": 1.0, "min_char": 4}
    makers: dict[str, Any] = {
        "keyboard": lambda: char.KeyboardAug(include_special_char=False, include_numeric=False, include_upper_case=False, **one),
        "ocr": lambda: char.OcrAug(**one),
        "swap": lambda: char.RandomCharAug(action="swap", **one),
        "delete": lambda: char.RandomCharAug(action="delete", **one),
        "split": lambda: word.SplitAug(aug_p=1.0, min_char=6),
    }
    return makers[name]()


def _augmented(name: str, text: str, seed: int) -> str:
    """Return nlpaug's variant of a word under a seed; the global generators are left as they were."""
    import numpy

    augmenter = _augmenter(name)
    with _LOCK:
        before, before_numpy = random.getstate(), numpy.random.get_state()
        try:
            random.seed(seed)
            numpy.random.seed(seed % (1 << 32))
            made = augmenter.augment(text)
        finally:
            random.setstate(before)
            numpy.random.set_state(before_numpy)
    found = made[0] if isinstance(made, list) and made else made
    return found if isinstance(found, str) and found and not any(c.isdigit() for c in found) else text


def _apply(name: str, case: Case, draw: Draw, tools: Tools, least: int = 5) -> Proposal | NotApplicable:
    def change(word: str, draw: Draw) -> str:
        seed = draw.below(_SEEDS)
        return next((made for n in range(_TRIES) if (made := _augmented(name, word, seed + n)) != word), word)

    return change_words(case, draw, tools, change, least=least, fits=lambda w: w.isascii() and w.isalpha())


@perturbation(
    name="nlpaug:keyboard",
    effect="preserves",
    kinds=["noisy"],
    languages=["en"],
    strength=0.1,
    mirrors="slips of the finger as nlpaug models them",
    default=False,
)
def nlpaug_keyboard(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Let nlpaug's KeyboardAug change a letter of a word."""
    return _apply("keyboard", case, draw, tools)


@perturbation(
    name="nlpaug:ocr", effect="preserves", kinds=["noisy"], languages=["en"], strength=0.1, mirrors="recognition errors as nlpaug models them", default=False
)
def nlpaug_ocr(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Let nlpaug's OcrAug change a letter of a word; what becomes a digit is dropped."""
    return _apply("ocr", case, draw, tools)


@perturbation(
    name="nlpaug:swap", effect="preserves", kinds=["noisy"], languages=["en"], strength=0.1, mirrors="swapped letters as nlpaug models them", default=False
)
def nlpaug_random_swap(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Let nlpaug's RandomCharAug swap two letters of a word."""
    return _apply("swap", case, draw, tools)


@perturbation(
    name="nlpaug:delete", effect="preserves", kinds=["noisy"], languages=["en"], strength=0.1, mirrors="lost letters as nlpaug models them", default=False
)
def nlpaug_random_delete(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Let nlpaug's RandomCharAug drop a letter of a word."""
    return _apply("delete", case, draw, tools)


@perturbation(
    name="nlpaug:split", effect="preserves", kinds=["noisy"], languages=["en"], strength=0.1, mirrors="split words as nlpaug models them", default=False
)
def nlpaug_split(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Let nlpaug's SplitAug break a word in two."""
    return _apply("split", case, draw, tools, least=7)
