"""Noisy cases that follow a profile: each word that may bear a slip bears one as often as in the log that the profile was learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import regex

from robustgen.core.case import Case
from robustgen.core.draw import RandomDraw
from robustgen.core.plugins import PerturbationSpec
from robustgen.errors import GrammarError
from robustgen.generate.build import Unfit, apply_op
from robustgen.generate.placing import propose
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op
from robustgen.generate.tools import CaseTools

__all__ = ["LEAST", "as_users_write"]

LEAST = {"neighbour_key": 4, "swap_letters": 4, "double_letter": 4, "extra_letter": 4, "drop_letter": 5}
"""Letters that a word must have to bear a slip of each kind."""
GRAIN = 1_000_000
ONE_PLACE = 1e-9
"""The least strength there is changes one place."""
TRIES = 6
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’]*")


def as_users_write(
    base: Case, tools: CaseTools, specs: Sequence[PerturbationSpec], rates: Mapping[str, Decimal], draw: RandomDraw, *, certify: bool
) -> tuple[Op, ...]:
    """Return the operations that write a text as a profile says, none where it leaves the text alone; raises ``Unfit`` where no slip fits."""
    words = free_words(tools)
    slips = [s for s in specs for _ in range(sum(draw.below(GRAIN) < rates[s.name] * GRAIN for _ in range(places(s.name, words, tools))))]
    if not slips:
        return ()
    ops, now = _all(slips, base, tools, draw, certify=False)
    if certify and prove(base, now):  # rarely: then each slip is proved by itself, and what breaks a promise is drawn again
        ops, now = _all(slips, base, tools, draw, certify=True)
    if not ops:
        raise Unfit("no slip of the profile finds a place")
    return tuple(ops)


def _all(slips: Sequence[PerturbationSpec], base: Case, tools: CaseTools, draw: RandomDraw, *, certify: bool) -> tuple[list[Op], Case]:
    now, ops = base, []
    for spec in slips:
        made = _slip(spec, base, now, tools, draw, certify=certify)
        if made is not None:
            op, now = made
            ops.append(op)
    return ops, now


def free_words(tools: CaseTools) -> list[str]:
    """Return the words that no protected span touches."""
    kept = tools.protected()
    return [m[0].casefold() for m in _WORD.finditer(tools.text) if not any(s[0] < m.end() and m.start() < s[1] for s in kept)]


def places(name: str, words: Sequence[str], tools: CaseTools) -> int:
    """Return how many of some words may bear a slip of a kind; anything but a slip of the fingers has a listed word to hang on."""
    if name in LEAST:
        return sum(len(w) >= LEAST[name] for w in words)
    return sum(w in tools.language.mapping(name, "form", "short") for w in words)


def _slip(spec: PerturbationSpec, base: Case, now: Case, tools: CaseTools, draw: RandomDraw, *, certify: bool) -> tuple[Op, Case] | None:
    """Return one more slip and the text with it, None where no try gives one that preserves the matter."""
    here = tools if now is base else CaseTools(tools.pack, tools.task, now, 0.0)
    for _ in range(TRIES):
        try:
            op, proposal = propose(spec, now, here, draw, ONE_PLACE)
            made = apply_op(now, op, tools.pack, tools.task, (proposal, here))
        except GrammarError:
            continue
        if _apart(now, made) and not (certify and prove(base, made)):
            return op, made
    return None


def _apart(now: Case, made: Case) -> bool:
    """Tell whether a slip hit a word that bears none yet: of two slips in one word neither could be told."""
    before = {e.new for s in now.trail for e in s.edits}
    return all(e.old not in before for e in made.trail[-1].edits)
