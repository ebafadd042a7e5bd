"""``--robustgen-shrink``: the smallest case or variant with which a test still fails in the same way."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import msgspec
import pytest

from robustgen.core.case import apply_edits
from robustgen.errors import RobustgenError
from robustgen.generate.free_text import Variant
from robustgen.generate.prove import vocabulary_for
from robustgen.generate.recipe import Recipe
from robustgen.generate.simplify import RecipeProblem
from robustgen.packs.language import load_language
from robustgen.pytest_plugin.shown import as_case, marked, shown
from robustgen.pytest_plugin.under_test import CaseUnderTest
from robustgen.safety import differences
from robustgen.shrink import Shrinker

__all__ = ["smallest_case", "smallest_text"]

BUDGET = 60


def _fails(item: pytest.Function, name: str, value: Any, like: BaseException) -> bool:
    """Tell whether the test fails in the same way with another value; fixtures are those of the first call, an async test gets a loop of its own."""
    arguments = {a: item.funcargs[a] for a in inspect.signature(item.obj).parameters if a in item.funcargs}
    try:
        made = item.obj(**{**arguments, name: value})
        if inspect.iscoroutine(made):
            asyncio.run(made)
    except (Exception, pytest.fail.Exception) as error:
        return type(error) is type(like)
    return False


def smallest_text(item: pytest.Function, variant: Variant, arg: str, error: BaseException) -> list[str]:
    """Return lines that show the variant with every edit taken back that the failure does not need."""
    if item.funcargs.get(arg) != variant.text:
        return [f"smallest: '{arg}' goes through a fixture, so it is not shrunk"]
    base, step, words = variant.base_text, variant.trail[0], vocabulary_for(load_language(variant.language))
    if _fails(item, arg, base, error):
        return ["smallest: the test fails with the unchanged text as well"]
    edits = list(step.edits)
    for edit in list(edits):
        fewer = [e for e in edits if e is not edit]
        text = apply_edits(base, fewer)
        if fewer and not differences(base, text, words) and _fails(item, arg, text, error):
            edits = fewer
    text = apply_edits(base, edits)
    small = msgspec.structs.replace(variant, text=text, trail=[msgspec.structs.replace(step, edits=edits)])
    return [f"smallest: {len(edits)} of {len(step.edits)} edits: {marked(base, as_case(small))}", f"smallest {arg}: {shown(text)}"]


def smallest_case(item: pytest.Function, case: CaseUnderTest, error: BaseException) -> list[str]:
    """Return lines that show the plainest facts, wording and edits with which the test still fails."""
    if case._generator is None:
        return ["smallest: this test is not shrunk"]
    problem = RecipeProblem(case.case.tag)
    try:
        recipe = case._generator.recipe_of(case.case)
        rebuilt = problem.cases(recipe)
    except RobustgenError:
        rebuilt = None
    if rebuilt is None or rebuilt[0].text != case.case.text:
        return ["smallest: this case cannot be rebuilt from its choices, it is shown as it is"]

    apart = inspect.iscoroutinefunction(inspect.unwrap(item.obj)) or inspect.iscoroutinefunction(item.function)

    async def fails(candidate: Recipe) -> bool:
        made = problem.cases(candidate)
        if made is None:
            return False
        given = CaseUnderTest(made[0])
        # an async test brings a loop of its own, and two do not nest
        return await asyncio.to_thread(_fails, item, "case", given, error) if apart else _fails(item, "case", given, error)

    shrinker = Shrinker(problem, fails, budget=BUDGET)
    small = problem.cases(asyncio.run(shrinker.shrink(recipe)))
    assert small is not None
    facts = msgspec.json.encode(msgspec.to_builtins(small[0].facts, str_keys=True)).decode()
    return [f"smallest text: {marked(small[0].base_text, small[0])}", f"smallest facts: {facts}", f"smallest: after {shrinker.asked} calls of the test"]
