"""Hypothesis strategies: the same generator, driven by Hypothesis's choices, so that failures shrink to the simplest facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from robustgen.core.case import Case
from robustgen.core.draw import Choices
from robustgen.generate.build import build
from robustgen.generate.recipe import Recipe
from robustgen.generate.selection import Selection
from robustgen.packs.pack import load_pack

if TYPE_CHECKING:
    from hypothesis import strategies as st

__all__ = ["cases", "documents"]

T = TypeVar("T")


class _HypothesisDraw:
    """A Draw that asks Hypothesis; 0 is what it shrinks to."""

    def __init__(self, draw: st.DrawFn) -> None:
        from hypothesis import strategies as st

        self._draw, self._integers = draw, st.integers
        self._label = ""
        self.choices: Choices = {"": []}

    def below(self, n: int) -> int:
        """Return an integer in ``range(n)``."""
        value: int = self._draw(self._integers(0, n - 1))
        self.choices.setdefault(self._label, []).append(value)
        return value

    def group(self, label: str, fn: Callable[[], T]) -> T:
        """Run ``fn`` under a label."""
        before = self._label
        self._label = f"{before}/{label}" if before else label
        try:
            return fn()
        finally:
            self._label = before


def cases(*, domain: str, task: str | Sequence[str] = (), lang: str = "en") -> st.SearchStrategy[Case]:
    """Return a strategy of clean cases of a domain: documents with facts and the expected answer.

    Raises ``UnknownName`` at once for an unknown domain, task or language.
    """
    from hypothesis import strategies as st

    names = [task] if isinstance(task, str) else list(task)
    selection = Selection.of([domain], tasks=names, languages=[lang], kinds=["clean"])
    cells = selection.cells()

    @st.composite
    def one(draw: st.DrawFn) -> Case:
        source = _HypothesisDraw(draw)
        cell = cells[source.below(len(cells))]
        pack = load_pack(cell.domain)
        chosen = pack.task(cell.task)
        type_, say = pack.schema(cell.tag).types[chosen.type.name], pack.say(cell.tag)
        facts = type_.draw(source)
        surface = _HypothesisDraw(draw)
        said = say.realise(say.alternatives("documents", chosen.name), type_, facts, surface)
        recipe = Recipe(domain=cell.domain, task=cell.task, tag=cell.tag, facts=facts, facts_choices=source.choices, surface=surface.choices, kinds=("clean",))
        return build(recipe, said=said)

    return one()


def documents(*, domain: str, task: str | Sequence[str] = (), lang: str = "en") -> st.SearchStrategy[str]:
    """Return a strategy of clean documents' texts."""
    return cases(domain=domain, task=task, lang=lang).map(lambda case: case.text)
