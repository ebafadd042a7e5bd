"""Whose need it is: what the target needs to go wrong, told apart from what an oracle needs to speak of it.

An answer that is wrong everywhere is out of an oracle's bounds in some places only; the place is then no cause of the failure. A
need is the target's when the plainer case, in which the oracle speaks too, is answered acceptably.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from itertools import islice

from robustgen.answers import accepted
from robustgen.campaign.judge import Judge
from robustgen.core.case import Case
from robustgen.core.plugins import OracleSpec
from robustgen.core.verdict import Outcome, Reply, Response
from robustgen.generate.recipe import Recipe
from robustgen.generate.simplify import RecipeProblem
from robustgen.generate.trigger import Need, needs_of, without
from robustgen.shrink import Shrinker

__all__ = ["Owing", "unacceptable"]

OTHERS = 2
"""How many other values are tried where the oracle does not speak of the plainest one."""


def unacceptable(reply: Reply, case: Case) -> bool:
    """Tell whether an answer was read and is none of the acceptable ones."""
    return reply.envelope is not None and not reply.response.error and not accepted(reply.envelope, case.expected)


class Owing:
    """Splits the needs of a smallest case into the target's and the oracle's."""

    def __init__(self, problem: RecipeProblem, spec: OracleSpec, judge: Judge, wrong: Callable[[Recipe], Awaitable[bool]], budget: int) -> None:
        """``wrong`` asks a candidate and tells whether its answer is not acceptable; ``budget`` bounds the questions."""
        self.problem, self.spec, self.judge, self.wrong, self.budget = problem, spec, judge, wrong, budget

    async def split(self, smallest: Recipe, needs: Sequence[Need]) -> tuple[list[str], list[str]]:
        """Return the needs of the target and those of the oracle, in words; all are the target's where its answer is acceptable."""
        words = [n.words for n in needs]
        if not needs or not await self.wrong(smallest):
            return words, []
        shrinker = Shrinker(self.problem, self._wrong_in_scope, budget=self.budget)
        least = await shrinker.shrink(smallest)
        kept = []
        for need in needs_of(self.problem, least, shrinker.beyond, shrinker.failed):
            if not await self._of_the_oracle(least, need):
                kept.append(need.words)
        return kept, [w for w in words if w not in kept]

    async def _wrong_in_scope(self, recipe: Recipe) -> bool:
        return self._speaks(recipe) and await self.wrong(recipe)

    async def _of_the_oracle(self, recipe: Recipe, need: Need) -> bool:
        """Tell whether a need only brings the case into the oracle's scope: every other value that does so is answered wrongly too."""
        plainer = without(self.problem, recipe, need.parts)
        if plainer is None or self._speaks(plainer):
            return False
        paths = [p.removeprefix("value:") for p in need.parts if p.startswith("value:")]
        steps = self.problem.axes(recipe)
        for path in paths:
            nearer = self.problem.at(recipe, path, steps[path] - 1) if steps.get(path) else None
            if nearer is not None and self._speaks(nearer) and not await self.wrong(nearer):
                return False
        others = [o for path in paths for o in islice(filter(self._speaks, self.problem.others(recipe, path)), OTHERS)]
        for other in others or [plainer]:
            if not await self.wrong(other):
                return False
        return True

    def _speaks(self, recipe: Recipe) -> bool:
        """Tell whether the oracle would judge a case at all, were it answered right."""
        made = self.problem.cases(recipe)
        if made is None:
            return False
        case, base = made
        right = _right(case)
        if right is None or (base is not None and _right(base) is None):
            return False
        trial = self.judge.trial_of(case, [right], base, [r for r in [_right(base)] if r] if base else [])
        return self.judge.one(self.spec, trial).outcome is not Outcome.skip


def _right(case: Case) -> Reply | None:
    """Return the first acceptable answer as if it had come back."""
    if not case.expected.accept:
        return None
    envelope = case.expected.accept[0]
    return Reply(response=Response(text=str(envelope.value or envelope.label or envelope.status)), envelope=envelope)
