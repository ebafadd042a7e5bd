"""The independent checker of label safety: two texts in, what differs in meaning out.

It shares no code with the grammar or the perturbations: it extracts numbers, quantities, dates, times, negations, modals and
lexicon entries from both texts by its own rules and compares them.
"""

from __future__ import annotations

from robustgen.safety.compare import Vocabulary, differences

__all__ = ["Vocabulary", "differences"]
