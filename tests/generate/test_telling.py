"""An edge case tells the fact that makes it one; where the wording leaves it out, there is no such case."""

from __future__ import annotations

import pytest

from robustgen.core.case import Case, Kind
from robustgen.core.draw import RandomDraw
from robustgen.generate import Generator, Selection
from robustgen.generate.build import Unfit, build
from robustgen.generate.catalogued import Entry, entry_recipe
from robustgen.packs.pack import load_pack


def edge(domain: str, task: str, tag: str, name: str, seed: int) -> Case:
    """Build an edge case on fresh facts."""
    generator = Generator(Selection.of([domain], tasks=[task], languages=[tag]), seed)
    recipe = generator.recipe(generator.cells[0], seed)
    return build(entry_recipe(Entry(name, Kind.edge, (task,)), recipe, RandomDraw(seed)))


@pytest.mark.parametrize("seed", range(6))
def test_a_document_that_does_not_tell_the_fact_makes_no_case(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction in a footnote changes the growth, and no ordinary French document has one."""
    monkeypatch.delitem(load_pack("finance").say("fr").sections["edges"], "FN-E28")
    with pytest.raises(Unfit, match="does not tell 'corrected'"):
        edge("finance", "FN-T16", "fr", "FN-E28", seed)


@pytest.mark.parametrize("tag", ["en", "de", "fr", "es", "it", "pt-BR"])
def test_a_wording_of_the_entry_tells_it(tag: str) -> None:
    """The open order stands in the text, with its price and size."""
    case = edge("finance", "FN-T13", tag, "FN-E13", 3)
    assert case.spans["limit"]
    assert case.spans["order_qty"]
    assert "limit" in case.expected.accept[0].value


@pytest.mark.parametrize(
    ("domain", "task", "tag", "name"), [("finance", "FN-T14", "fr", "FN-E14"), ("retail", "RT-T02", "en", "RT-E01"), ("legal", "LG-T25", "de", "LG-E13")]
)
def test_a_document_that_tells_it_by_a_clause_or_a_value_makes_one(domain: str, task: str, tag: str, name: str) -> None:
    """A clause that stands only then, a date, a figure."""
    assert name in edge(domain, task, tag, name, 2).tags
