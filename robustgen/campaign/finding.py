"""From failing verdicts to findings: folded by what triggers them, each shrunk to its smallest case."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from robustgen.campaign.run import Judge, Run
from robustgen.core.case import Case
from robustgen.core.plugins import OracleSpec
from robustgen.core.verdict import Finding, Outcome, Response, Trial, Verdict, finding_id
from robustgen.errors import RobustgenError
from robustgen.generate import Generator, Recipe
from robustgen.generate.simplify import RecipeProblem, trigger_of
from robustgen.shrink import Shrinker

__all__ = ["Failure", "find"]

EXAMPLES = 50


class Failure(msgspec.Struct, frozen=True):
    """One failing verdict as it was met."""

    case: Case
    base: Case | None
    verdict: Verdict
    response: Response
    base_response: Response | None


def own_fault(trial: Trial, spec: OracleSpec, judge: Judge) -> bool:
    """Tell whether a failure belongs to the variant: its base is judged by the same oracle and does not fail."""
    if trial.base is None or not trial.base_replies:
        return True
    clean = Trial(case=trial.base, replies=trial.base_replies, can=trial.can, language=trial.language)
    return judge.one(spec, clean).outcome in {Outcome.passed, Outcome.skip}


async def find(failures: Iterable[Failure], generator: Generator, run: Run, *, budget: int) -> list[Finding]:
    """Return the findings, worst first; ``budget`` bounds the questions asked to shrink one."""
    groups: OrderedDict[tuple[str, str, str], list[Failure]] = OrderedDict()
    for failure in sorted(failures, key=lambda f: f.case.index):
        groups.setdefault((failure.verdict.oracle, failure.case.task, trigger_of(failure.case)), []).append(failure)
    folded: OrderedDict[str, Finding] = OrderedDict()
    gate = asyncio.Semaphore(max(1, run.limits.concurrency))
    for members in groups.values():
        made = await _shrunk(members, generator, run, gate, budget)
        known = folded.get(made.id)
        if known is not None:
            cases = [*known.cases, *made.cases][:EXAMPLES]
            made = msgspec.structs.replace(known, count=known.count + made.count, cases=cases, queries=known.queries + made.queries)
        folded[made.id] = made
    return sorted(folded.values(), key=lambda f: (f.verdict.severity.rank, -f.count, f.id))


async def _shrunk(members: list[Failure], generator: Generator, run: Run, gate: asyncio.Semaphore, budget: int) -> Finding:
    first = members[0]
    problem = RecipeProblem()
    spec = next(s for s in run.judge.oracles if s.name == first.verdict.oracle)
    latest: dict[str, tuple[Verdict, Response, Response | None]] = {}

    async def fails(recipe: Recipe) -> bool:
        made = problem.cases(recipe)
        if made is None:
            return False
        case, base = made
        asked = await run.ask(case, 0, gate)
        base_asked = [await run.ask(base, 0, gate)] if base else []
        trial = run.judge.trial(case, [asked], base, base_asked)
        verdict = run.judge.one(spec, trial)
        if verdict.outcome is not Outcome.failed or not own_fault(trial, spec, run.judge):
            return False
        latest[case.id] = (verdict, asked, base_asked[0] if base_asked else None)
        return True

    case, base, asked = first.case, first.base, 0
    try:
        recipe = generator.recipe_of(first.case)
        rebuilt = problem.cases(recipe)
        if budget and rebuilt is not None and rebuilt[0].text == first.case.text:
            shrinker = Shrinker(problem, fails, budget=budget)
            best = problem.cases(await shrinker.shrink(recipe))
            asked = shrinker.asked
            if best is not None and best[0].id in latest:
                case, base = best
    except RobustgenError:
        pass  # a case that cannot be rebuilt is shown as it was met
    verdict, response, base_response = latest.get(case.id, (first.verdict, first.response, first.base_response))
    trigger = trigger_of(case)
    return Finding(
        id=finding_id(verdict.oracle, case.task, trigger),
        verdict=verdict,
        case=case,
        base=base,
        found_in=first.case.id,
        response=response,
        base_response=base_response,
        trigger=trigger,
        count=len(members),
        tried=1,
        failed=1,
        queries=asked,
        cases=[m.case.id for m in members[:EXAMPLES]],
    )
