"""From failing verdicts to findings: each shrunk to its smallest failing case and its passing neighbour, folded by what triggers it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from robustgen.campaign.owing import Owing, unacceptable
from robustgen.campaign.run import Judge, Run
from robustgen.core.case import Case, Effect
from robustgen.core.plugins import OracleSpec
from robustgen.core.verdict import Finding, Outcome, Response, Trial, Verdict, finding_id
from robustgen.errors import RobustgenError
from robustgen.generate import Generator, Recipe
from robustgen.generate.simplify import RecipeProblem
from robustgen.generate.trigger import cause_of, nearest, needs_of, trigger_of, without
from robustgen.shrink import Shrinker

__all__ = ["Failure", "find", "own_fault"]

Once = Callable[[Case, Case | None, int], Awaitable[bool]]
EXAMPLES = 50
MOST = 200
"""How many groups of failures are shrunk; further ones, the least bad, are reported as they were met."""
CONFIRM = 3
"""How often a smallest case is asked in all; when it does not fail each time, the target is flaky."""
WIDTH = 4
"""How many candidates of one finding are asked at once, at most; findings are shrunk side by side besides."""
AGAIN = 2
"""How often what passed beside a smallest case is asked again, before its difference is called a need."""
FLAKY = (2, 5)
"""How many of how many repetitions must fail, for a flaky target."""


class Failure(msgspec.Struct, frozen=True):
    """One failing verdict as it was met."""

    case: Case
    base: Case | None
    verdict: Verdict
    response: Response
    base_response: Response | None


def own_fault(trial: Trial, spec: OracleSpec, judge: Judge) -> bool:
    """Tell whether a failure belongs to the variant: its base is judged by the same oracle and does not fail.

    Where the variant states other facts, an oracle may speak of them alone; an answer that is wrong of the base's facts too is then no fault of the change.
    """
    if trial.base is None or not trial.base_replies:
        return True
    if trial.case.effect is Effect.shifts and unacceptable(trial.base_replies[0], trial.base):
        return False
    clean = Trial(case=trial.base, replies=trial.base_replies, can=trial.can, language=trial.language, bounds=trial.bounds, seen=trial.seen)
    return judge.one(spec, clean).outcome in {Outcome.passed, Outcome.skip}


async def find(failures: Iterable[Failure], generator: Generator, run: Run, *, budget: int) -> list[Finding]:
    """Return the findings, worst first; ``budget`` bounds the questions asked to shrink one, 0 shrinks nothing."""
    groups: OrderedDict[tuple[str, str, str], list[Failure]] = OrderedDict()
    for failure in sorted(failures, key=lambda f: f.case.index):
        groups.setdefault((failure.verdict.oracle, failure.case.task, trigger_of(failure.case)), []).append(failure)
    ordered = sorted(groups.values(), key=lambda g: (g[0].verdict.severity.rank, -len(g)))
    gate, lane = asyncio.Semaphore(max(1, run.limits.concurrency)), asyncio.Semaphore(max(1, min(16, run.limits.concurrency)))

    async def one(place: int, members: list[Failure]) -> Finding:
        async with lane:
            return await _Hunt(members[0], generator, run, gate).finding(members, budget if place < MOST else 0)

    made = await asyncio.gather(*(one(i, g) for i, g in enumerate(ordered)))
    return _folded(made)


def _folded(made: Sequence[Finding]) -> list[Finding]:
    """Return findings of the same identity as one with their counts added, worst first."""
    folded: OrderedDict[str, Finding] = OrderedDict()
    for finding in made:
        known = folded.get(finding.id)
        if known is not None:
            cases = list(dict.fromkeys([*known.cases, *finding.cases]))[:EXAMPLES]
            folded[finding.id] = msgspec.structs.replace(known, count=known.count + finding.count, cases=cases)
        else:
            folded[finding.id] = finding
    return sorted(folded.values(), key=lambda f: (f.verdict.severity.rank, -f.count, f.id))


class _Met(NamedTuple):
    """A judged question."""

    case: Case
    base: Case | None
    verdict: Verdict
    response: Response
    base_response: Response | None


class _Hunt:
    """Shrinks one failure."""

    def __init__(self, failure: Failure, generator: Generator, run: Run, gate: asyncio.Semaphore) -> None:
        self.first, self.generator, self.run, self.gate = failure, generator, run, gate
        self.spec: OracleSpec = next(s for s in run.judge.oracles if s.name == failure.verdict.oracle)
        self.problem = RecipeProblem(_plain_tag(generator, failure.case))
        self.met: dict[str, _Met] = {}
        self.asked: set[str] = set()
        self.rule = (1, 1)

    async def finding(self, members: list[Failure], budget: int) -> Finding:
        """Return the finding of a group of failures."""
        first = self.first
        best, neighbour = _Met(first.case, first.base, first.verdict, first.response, first.base_response), None
        needs: list[str] = []
        setting: list[str] = []
        tried = failed = 1
        recipe = self._recipe() if budget else None
        if recipe is not None:
            shrinker, smallest = await self._shrunk(recipe, budget)
            tried, failed = await self._confirmed(smallest)
            if failed < tried or await self._doubtful(smallest, shrinker):
                self.rule = FLAKY
                shrinker, smallest = await self._shrunk(recipe, budget)
                tried, failed = await self._confirmed(smallest)
            best = self._best(smallest, best)
            owing = Owing(self.problem, self.spec, self.run.judge, self._repeated, budget)
            needs, setting = await owing.split(smallest, needs_of(self.problem, smallest, shrinker.beyond, shrinker.failed))
            neighbour = self._neighbour(best, smallest, shrinker)
        trigger = trigger_of(best.case, needs)
        return Finding(
            id=finding_id(best.verdict.oracle, best.case.task, trigger),
            verdict=msgspec.structs.replace(best.verdict, severity=first.verdict.severity, regulations=first.verdict.regulations),
            case=best.case,
            base=best.base,
            found_in=first.case.id,
            response=best.response,
            base_response=best.base_response,
            neighbour=neighbour.case if neighbour else None,
            neighbour_response=neighbour.response if neighbour else None,
            trigger=trigger,
            cause=cause_of(best.case),
            needs=needs,
            setting=setting,
            count=len(members),
            tried=tried,
            failed=failed,
            queries=len(self.asked),
            cases=[m.case.id for m in members[:EXAMPLES]],
        )

    def _recipe(self) -> Recipe | None:
        """Return how the failing case was made, None when it cannot be rebuilt: it is then shown as it was met."""
        try:
            recipe = self.generator.recipe_of(self.first.case)
            rebuilt = self.problem.cases(recipe)
        except RobustgenError:
            return None
        return recipe if rebuilt is not None and rebuilt[0].text == self.first.case.text else None

    async def _shrunk(self, recipe: Recipe, budget: int) -> tuple[Shrinker[Recipe], Recipe]:
        shrinker = Shrinker(self.problem, self._fails, budget=budget, width=max(1, min(WIDTH, self.run.limits.concurrency // 4)))
        return shrinker, await shrinker.shrink(recipe)

    async def _doubtful(self, smallest: Recipe, shrinker: Shrinker[Recipe]) -> bool:
        """Tell whether something plainer passed by chance: asked again, it fails, so the target is flaky and the need is none."""
        needs = needs_of(self.problem, smallest, shrinker.beyond, shrinker.failed)
        plainer = [without(self.problem, smallest, frozenset([part])) for need in needs for part in sorted(need.parts)]
        made = {self.problem.key(r): self.problem.cases(r) for r in plainer if r is not None}
        for case, base in (m for m in made.values() if m is not None):
            for repetition in range(1, AGAIN + 1):
                if await self._once(case, base, repetition):
                    return True
        return False

    async def _fails(self, recipe: Recipe) -> bool:
        """Ask and judge a candidate until enough of its repetitions have failed, or too many have not."""
        return await self._repeated(recipe, self._once)

    async def _repeated(self, recipe: Recipe, once: Once | None = None) -> bool:
        """Tell whether enough repetitions of a candidate fail; ``once`` judges one, an answer that is not acceptable by default."""
        made = self.problem.cases(recipe)
        if made is None:
            return False
        least, most = self.rule
        failed = 0
        for repetition in range(most):
            failed += await (once or self._wrong)(*made, repetition)
            if failed >= least or most - repetition - 1 < least - failed:
                break
        return failed >= least

    async def _once(self, case: Case, base: Case | None, repetition: int) -> bool:
        """Ask one repetition; the base is asked only where the variant fails, or the oracle compares the two."""
        asked = await self._ask(case, repetition)
        trial = self.run.judge.trial(case, [asked], None, [])
        if base is None or self.spec.judges == "answer":
            verdict = self.run.judge.one(self.spec, trial)
            if base is None or verdict.outcome is not Outcome.failed:
                self.met.setdefault(case.id, _Met(case, base, verdict, asked, None))
                if verdict.outcome is Outcome.failed:
                    self.met[case.id] = _Met(case, base, verdict, asked, None)
                return verdict.outcome is Outcome.failed
        base_asked = await self._ask(base, repetition)
        trial = self.run.judge.trial(case, [asked], base, [base_asked])
        verdict = self.run.judge.one(self.spec, trial)
        failed = verdict.outcome is Outcome.failed and own_fault(trial, self.spec, self.run.judge)
        if failed or case.id not in self.met:
            self.met[case.id] = _Met(case, base, verdict, asked, base_asked)
        return failed

    async def _wrong(self, case: Case, base: Case | None, repetition: int) -> bool:
        """Tell whether one answer is not acceptable, and that to the base is."""
        asked = await self._ask(case, repetition)
        if not unacceptable(self.run.judge.read(case, asked), case):
            return False
        return base is None or not unacceptable(self.run.judge.read(base, await self._ask(base, repetition)), base)

    async def _ask(self, case: Case, repetition: int) -> Response:
        if repetition or case.id not in {self.first.case.id, self.first.base.id if self.first.base else ""}:
            self.asked.add(f"{case.id}/{repetition}")
        return await self.run.ask(case, repetition, self.gate)

    async def _confirmed(self, recipe: Recipe) -> tuple[int, int]:
        """Return how often the smallest case was asked, and how often it failed."""
        made = self.problem.cases(recipe)
        assert made is not None
        tries = max(CONFIRM, self.rule[1])
        return tries, sum([await self._once(*made, i) for i in range(tries)])

    def _best(self, recipe: Recipe, otherwise: _Met) -> _Met:
        made = self.problem.cases(recipe)
        return self.met.get(made[0].id, otherwise) if made and self.met.get(made[0].id, otherwise).verdict.outcome is Outcome.failed else otherwise

    def _neighbour(self, best: _Met, smallest: Recipe, shrinker: Shrinker[Recipe]) -> _Met | None:
        """Return the passing case nearest to the smallest failing one.

        It is its base, the value next to its border, the nearest text asked, or the same facts in the plain language.
        """
        if best.base is not None and best.base_response is not None:
            return _Met(best.base, None, best.verdict, best.base_response, None)
        beside = [self.problem.at(smallest, axis, step - 1) for axis, step in self.problem.axes(smallest).items()]
        plain = [without(self.problem, smallest, frozenset([p])) for p in self.problem.parts(smallest) if p.startswith("language:")]
        keys = {self.problem.key(r) for r in plain if r is not None}
        spoken = [r for r in shrinker.passing if self.problem.key(r) in keys]
        for recipes, tags in ((beside, {best.case.tag}), (shrinker.passing, {best.case.tag}), (spoken, {self.problem.tag})):
            made = [self.problem.cases(r) for r in recipes if r is not None]
            known = [self.met[m[0].id] for m in made if m and m[0].tag in tags and m[0].id in self.met]
            found = nearest(best.case, [m.case for m in known if m.verdict.outcome is Outcome.passed])
            if found:
                return self.met[found.id]
        return None


def _plain_tag(generator: Generator, case: Case) -> str:
    """Return the language to which a case may be brought: English if the selection has it for the task, else its first one."""
    tags = [c.tag for c in generator.cells if (c.domain, c.task) == (case.domain, case.task)]
    return next((t for t in tags if t == "en"), tags[0] if tags else "")
