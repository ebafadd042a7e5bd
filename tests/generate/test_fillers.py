"""Passages that state nothing are left out when a failure is shrunk, and nothing else changes."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from robustgen.core.draw import OUT, ReplayDraw
from robustgen.generate import Generator, Selection
from robustgen.generate.build import build
from robustgen.generate.fillers import fillers, without
from robustgen.generate.recipe import Recipe
from robustgen.generate.simplify import RecipeProblem
from robustgen.shrink import Shrinker

LONG = 1_200


def long_recipe(domain: str, tag: str, seed: int = 3) -> Recipe:
    """Return the recipe of a clean case of more than a page."""
    generator = Generator(Selection.of([domain], languages=[tag], kinds=["clean"]), seed=seed)
    return generator.recipe_of(next(c for c in generator.cases(0, 400) if len(c.text) > LONG))


@pytest.mark.parametrize(("domain", "tag"), [("retail", "en"), ("clinical", "de"), ("finance", "ja"), ("legal", "ar")])
def test_each_passage_goes_alone_and_all_go_together(domain: str, tag: str) -> None:
    """A text without a passage is the text less one piece, states the same facts and expects the same; without all of them it is far shorter."""
    recipe = long_recipe(domain, tag)
    whole, places = build(recipe), fillers(recipe)
    assert places
    for place in places:
        less = build(msgspec.structs.replace(recipe, surface=without(recipe.surface, [place])))
        assert len(less.text) < len(whole.text)
        assert less.spans.keys() == whole.spans.keys()
        assert less.expected == whole.expected
        assert all(
            less.text[a:b] == whole.text[c:d]
            for k in less.spans
            for (a, b), (c, d) in zip(less.spans[k], whole.spans[k], strict=False)
            if len(less.spans[k]) == len(whole.spans[k])
        )
    bare = build(msgspec.structs.replace(recipe, surface=without(recipe.surface, places)))
    assert len(bare.text) < len(whole.text) / 2
    assert bare.expected == whole.expected
    again = msgspec.json.decode(msgspec.json.encode(bare.choices))["surface"][tag]
    assert build(msgspec.structs.replace(recipe, surface=again)).text == bare.text


def test_a_page_with_one_fatal_passage_shrinks_to_it() -> None:
    """Of a page on which one sentence between the sections is fatal, that section and the facts are left."""
    generator = Generator(Selection.of(["retail"], tasks=["RT-X01"], languages=["en"], kinds=["clean"]), seed=3)
    case = next(c for c in generator.cases(0, 400) if "leaflet" in c.text and len(c.text) > LONG)
    problem = RecipeProblem()

    async def fails(recipe: Recipe) -> bool:
        made = problem.cases(recipe)
        return made is not None and "leaflet" in made[0].text

    shrinker = Shrinker(problem, fails, budget=60)
    best = problem.cases(asyncio.run(shrinker.shrink(generator.recipe_of(case))))
    assert best is not None
    assert "leaflet" in best[0].text
    assert len(best[0].text) < 300
    assert "\n\n\n" not in best[0].text


def test_passages_are_numbered_as_they_come() -> None:
    """Those that a record names are left out; its choices stay what they were."""
    draw = ReplayDraw({"": [2, 1], OUT: [1]})
    assert draw.below(4) == 2
    assert [draw.leaves_out() for _ in range(3)] == [False, True, False]
    assert draw.below(4) == 1
    assert (draw.passages, draw.choices) == (3, {"": [2, 1]})
