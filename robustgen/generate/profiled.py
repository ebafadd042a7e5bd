"""Noisy cases that follow a profile: slips, abbreviations, shapes and case as often as in the log that the profile was learned from.

What the profile counted over all words of the log is put into the free words of a text: a word that states a fact bears no slip.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from robustgen.core.case import Case
from robustgen.core.draw import Choices, RandomDraw
from robustgen.core.language import Language
from robustgen.core.plugins import NotApplicable, PerturbationSpec
from robustgen.errors import GrammarError
from robustgen.generate.build import Unfit, apply_op
from robustgen.generate.habits import CASES, DATES, HABITS, LEAST, NUMBERS, shortened
from robustgen.generate.placing import propose
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op
from robustgen.generate.tools import CaseTools
from robustgen.packs.vocabulary import known_words, words_of

__all__ = ["GRAIN", "ONE_PLACE", "as_users_write", "bearing", "places"]

GRAIN = 1_000_000
ONE_PLACE = 1e-9
"""The least strength there is changes one place."""
TRIES = 6
T = TypeVar("T")
WHOLE = frozenset(CASES.values())
"""Perturbations that write a whole text."""


def as_users_write(
    base: Case, tools: CaseTools, specs: Sequence[PerturbationSpec], rates: Mapping[str, Decimal], draw: RandomDraw, *, certify: bool
) -> tuple[Op, ...]:
    """Return the operations that write a text as a profile says, none where it leaves the text alone; raises ``Unfit`` where no slip fits."""
    known = known_words(base.tag, (base.domain,))
    slips = [s for s in specs for _ in range(sum(draw.below(GRAIN) < rates[s.name] * GRAIN for _ in range(places(s.name, base.text, tools.language, known))))]
    slips.sort(key=lambda s: s.name in WHOLE)  # slips first: afterwards a word in capitals could bear none that anyone would know
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
        made = (_whole if spec.name in WHOLE else _slip)(spec, base, now, tools, draw, certify=certify)
        if made is not None:
            op, now = made
            ops.append(op)
    return ops, now


def places(name: str, text: str, language: Language, known: Collection[str]) -> int:
    """Return how many places of a text can be written as a perturbation writes: words for slips, shapes for habits, one for the whole text."""
    if name in WHOLE:
        return 1
    if (habit := HABITS.get(name)) is not None:
        shapes = DATES if habit.table == "dates" else NUMBERS
        return sum(len(shapes[other].findall(text)) for other in habit.others)
    if name in LEAST:
        return len(bearing(name, words_of(text), known))
    return shortened(text, language)["long"]


def bearing(name: str, words: Iterable[str], known: Collection[str]) -> list[str]:
    """Return the words that may bear a slip of a kind that can be seen."""
    return [w for w in words if len(w) >= LEAST[name] and w in known]


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


def _whole(spec: PerturbationSpec, base: Case, now: Case, tools: CaseTools, draw: RandomDraw, *, certify: bool) -> tuple[Op, Case] | None:
    """Return the text written so from one end to the other, None where it is so already or would say something else."""
    here, every = CaseTools(tools.pack, tools.task, now, 1.0), _Every()
    proposal = spec.fn(now, every, here)
    if isinstance(proposal, NotApplicable):
        return None
    try:
        op = Op(spec.name, 1.0, every.choices)
        made = apply_op(now, op, tools.pack, tools.task, (proposal, here))
    except GrammarError:
        return None
    return None if certify and prove(base, made) else (op, made)


class _Every:
    """A Draw that changes as much as there is: the largest first choice, which says how many, and the plainest of the others."""

    def __init__(self) -> None:
        self.choices: Choices = {"": []}

    def below(self, n: int) -> int:
        """Return the largest choice first, then 0."""
        self.choices[""].append(0 if self.choices[""] else n - 1)
        return self.choices[""][-1]

    def group(self, label: str, fn: Callable[[], T]) -> T:
        """Run ``fn``; these perturbations open no groups."""
        return fn()


def _apart(now: Case, made: Case) -> bool:
    """Tell whether a slip hit a known word that bears none yet: others could not be told from words that nobody lists."""
    before, step = {e.new for s in now.trail for e in s.edits}, made.trail[-1]
    known = known_words(made.tag, (made.domain,))
    seen = step.perturbation not in LEAST or all(e.old.casefold() in known for e in step.edits)
    return seen and all(e.old not in before for e in step.edits)
