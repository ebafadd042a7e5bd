"""Letter case: shouted words, lower-case text."""

from __future__ import annotations

from robustgen.core.case import Case
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import change_words

__all__ = ["lower_words", "shouted_words"]


@perturbation(effect="preserves", kinds=["noisy"], strength=0.4, mirrors="an angry or hurried writer shouts")
def shouted_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write words in capitals."""
    return change_words(case, draw, tools, lambda w, d: w.upper(), fits=lambda w: w.upper() != w and len(w.upper()) == len(w))


@perturbation(effect="preserves", kinds=["noisy"], strength=0.8, mirrors="phone typing without shift")
def lower_words(case: Case, draw: Draw, tools: Tools) -> Proposal | NotApplicable:
    """Write capitalised words in lower case."""
    return change_words(case, draw, tools, lambda w, d: w.lower(), least=2, fits=lambda w: w.lower() != w)
