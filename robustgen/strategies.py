"""Hypothesis strategies: the same generator, driven by Hypothesis's choices, so that failures shrink to the simplest facts.

::

    @given(strategies.cases(domain="clinical", task="CL-T01", perturb=["neighbour_key"]))
    def test_dose(case): ...

    @given(strategies.pairs(st.sampled_from(QUESTIONS), "zero_width", "casing"))
    def test_same_intent(pair): assert intent(pair[0]) == intent(pair[1])
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from robustgen.core.case import Case
from robustgen.core.draw import Choices
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec
from robustgen.errors import RobustgenError, UnknownName
from robustgen.generate.build import build
from robustgen.generate.free_text import drawn
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.selection import Cell, Selection
from robustgen.generate.tools import CaseTools
from robustgen.packs.language import load_language
from robustgen.packs.pack import load_pack

if TYPE_CHECKING:
    from hypothesis import strategies as st

__all__ = ["cases", "documents", "named", "pairs", "perturbed"]

T = TypeVar("T")
FEW = 12
SPREAD = 240
"""Divided evenly by most numbers up to ``FEW``."""


@lru_cache(maxsize=4096)
def _below(n: int) -> st.SearchStrategy[int]:
    """Return the strategy of integers in ``range(n)``, made once."""
    from hypothesis import strategies as st

    return st.integers(0, n - 1)


class _HypothesisDraw:
    """A Draw that asks Hypothesis; 0 is what it shrinks to.

    A choice among few values of a fact is drawn from many more numbers than there are values: which value a number means may hang on another fact (the doses
    of a drug), and Hypothesis, which lowers one number by what it adds to another, finds the plainer drug with a dose that fails as well.
    """

    def __init__(self, draw: st.DrawFn, *, facts: bool = False) -> None:
        self._draw, self._facts = draw, facts
        self._label = ""
        self.choices: Choices = {"": []}

    def below(self, n: int) -> int:
        """Return an integer in ``range(n)``; a single possibility is not drawn."""
        if self._facts and 2 < n <= FEW:
            value: int = self._draw(_below(SPREAD)) % n
        else:
            value = self._draw(_below(n)) if n > 1 else 0
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


def cases(*, domain: str, task: str | Sequence[str] = (), lang: str = "en", perturb: str | Sequence[str] = ()) -> st.SearchStrategy[Case]:
    """Return a strategy of cases of a domain: documents with facts and the expected answer.

    Cases are clean, or with ``perturb`` also varied by one of these perturbations, whose edits shrink as well; a failure that needs no edit shrinks to the
    clean case. Raises ``UnknownName`` at once for an unknown domain, task, language or perturbation.
    """
    from hypothesis import strategies as st

    selection = Selection.of([domain], tasks=_listed(task), languages=[lang], kinds=["clean"])
    cells = selection.cells()
    specs = [PERTURBATIONS.get(name) for name in _listed(perturb)]

    @st.composite
    def one(draw: st.DrawFn) -> Case:
        recipe, case = _clean(cells[_HypothesisDraw(draw).below(len(cells))], _HypothesisDraw(draw, facts=True), draw)
        chosen = _HypothesisDraw(draw).below(len(specs) + 1) if specs else 0
        return _varied(recipe, case, specs[chosen - 1], draw) if chosen else case

    return one()


def _clean(cell: Cell, source: _HypothesisDraw, draw: st.DrawFn) -> tuple[Recipe, Case]:
    """Return a clean case of a cell with its recipe."""
    pack = load_pack(cell.domain)
    chosen = pack.task(cell.task)
    type_, say = pack.schema(cell.tag).types[chosen.type.name], pack.say(cell.tag)
    facts = type_.draw(source)
    surface = _HypothesisDraw(draw)
    said = say.realise(say.alternatives("documents", chosen.name), type_, facts, surface)
    recipe = Recipe(domain=cell.domain, task=cell.task, tag=cell.tag, facts=facts, facts_choices=source.choices, surface=surface.choices, kinds=("clean",))
    return recipe, build(recipe, said=said)


def _varied(recipe: Recipe, base: Case, spec: PerturbationSpec, draw: st.DrawFn) -> Case:
    """Return a variant, proved where it promises to preserve; the base itself where the perturbation has no place in it."""
    pack = load_pack(recipe.domain)
    tools = CaseTools(pack, pack.task(recipe.task), base, spec.strength)
    inner = _HypothesisDraw(draw)
    proposal = spec.fn(base, inner, tools)
    if isinstance(proposal, NotApplicable) or not any(e.old != e.new for e in proposal.edits):
        return base
    varied = msgspec.structs.replace(recipe, ops=(Op(spec.name, spec.strength, inner.choices),), kinds=(spec.kinds[0].value,))
    try:
        made = build(varied, base=base, proposed=(proposal, tools))
    except RobustgenError:
        return base
    return base if prove(base, made) else made


def documents(*, domain: str, task: str | Sequence[str] = (), lang: str = "en", perturb: str | Sequence[str] = ()) -> st.SearchStrategy[str]:
    """Return a strategy of documents' texts, clean, or with ``perturb`` also varied."""
    return cases(domain=domain, task=task, lang=lang, perturb=perturb).map(lambda case: case.text)


def pairs(
    texts: st.SearchStrategy[str], *names: str, lang: str = "en", strength: float | None = None, keep: Sequence[str] = ()
) -> st.SearchStrategy[tuple[str, str]]:
    """Return a strategy of (text, variant that says the same), for properties that compare two answers.

    ``names`` are perturbations or families of them (default: any that fits), ``keep`` regular expressions of what must stay. Where nothing can be changed
    the two are equal, and so is the simplest pair.
    """
    from hypothesis import strategies as st

    load_language(lang)
    chosen = named(names)

    @st.composite
    def one(draw: st.DrawFn) -> tuple[str, str]:
        text = draw(texts)
        if not text.strip():
            return text, text
        made = drawn(text, _HypothesisDraw(draw), language=lang, perturbations=chosen, strength=strength, keep=_listed(keep))
        return text, text if made is None else made.text

    return one()


def perturbed(texts: st.SearchStrategy[str], *names: str, lang: str = "en", strength: float | None = None, keep: Sequence[str] = ()) -> st.SearchStrategy[str]:
    """Return a strategy of a strategy's texts and their variants; the options are those of ``pairs``."""
    return pairs(texts, *names, lang=lang, strength=strength, keep=keep).map(lambda pair: pair[1])


def named(names: Sequence[str]) -> list[str]:
    """Return perturbations by name, families spelled out; raises ``UnknownName``."""
    families: dict[str, list[str]] = {}
    for name, spec in PERTURBATIONS.items():
        if not spec.over_facts and spec.default and spec.effect.value == "preserves":
            families.setdefault(spec.family, []).append(name)
    known = set(PERTURBATIONS.names())
    for name in names:
        if name not in known and name not in families:
            raise UnknownName("perturbation", name, [*families, *sorted(known)])
    return [n for name in names for n in ([name] if name in known else families[name])]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
