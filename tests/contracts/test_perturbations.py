"""What every perturbation owes, run over the registry and the languages that it fits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from robustgen.core.case import Case, Effect, apply_edits, replay, undo_edits
from robustgen.core.draw import RandomDraw, ReplayDraw
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec, Proposal
from robustgen.errors import RobustgenError
from robustgen.generate import Cell, Generator, Op, Selection
from robustgen.generate.build import apply_op, build
from robustgen.generate.tools import CaseTools
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack

SPECS = [s for _, s in PERTURBATIONS.items()]
CASES = 200


def samples(spec: PerturbationSpec) -> Iterator[tuple[Case, CaseTools]]:
    """Yield clean cases of all packs in languages that the perturbation fits."""
    for name in pack_names():
        pack = load_pack(name)
        tags = [t for t in pack.tags if not spec.languages or t in spec.languages or t.split("-")[0] in spec.languages]
        for tag in tags[:3]:
            generator = Generator(Selection.of([name], languages=[tag], kinds=["clean"]))
            for i, cell in enumerate((generator.cells * CASES)[: CASES // 2]):
                case = build(generator.recipe(Cell(cell.domain, cell.task, cell.tag), i))
                if all(generator.language(tag).rows(n) for n in spec.needs):
                    yield case, CaseTools(pack, pack.task(case.task), case, spec.strength)


def proposals(spec: PerturbationSpec) -> Iterator[tuple[Case, CaseTools, RandomDraw, Proposal]]:
    """Yield what the perturbation proposes for the samples it applies to."""
    for i, (case, tools) in enumerate(samples(spec)):
        draw = RandomDraw(i)
        made = spec.fn(case, draw, tools)
        if isinstance(made, Proposal):
            yield case, tools, draw, made


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_it_is_declared(spec: PerturbationSpec) -> None:
    """Effect, kinds, strength, a sentence on what it does and one on the failure that it mirrors."""
    assert spec.doc
    assert spec.mirrors
    assert spec.kinds
    assert 0 <= spec.strength <= 1


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_it_applies_somewhere_and_then_changes_text(spec: PerturbationSpec) -> None:
    """It changes at least some text of the packs present, and never proposes an edit that does not fit."""
    changed = 0
    for case, _, _, made in proposals(spec):
        text = apply_edits(case.text, [e for e in made.edits if e.old != e.new])
        changed += text != case.text
        assert undo_edits(text, [e for e in made.edits if e.old != e.new]) == case.text
    assert changed


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_same_choices_same_text(spec: PerturbationSpec) -> None:
    """Replaying the recorded choices proposes the same edits."""
    for case, tools, draw, made in proposals(spec):
        again = spec.fn(case, ReplayDraw(draw.choices), tools)
        assert isinstance(again, Proposal)
        assert list(again.edits) == list(made.edits)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_plainest_choices_change_nothing(spec: PerturbationSpec) -> None:
    """All-zero choices leave the text as it is."""
    for case, tools in samples(spec):
        made = spec.fn(case, ReplayDraw(), tools)
        if isinstance(made, Proposal):
            assert apply_edits(case.text, made.edits) == case.text


@pytest.mark.parametrize("spec", [s for s in SPECS if s.effect is Effect.preserves], ids=lambda s: s.name)
def test_protected_text_is_untouched_and_spans_still_name_their_slot(spec: PerturbationSpec) -> None:
    """Applied by the core, a preserving edit leaves facts where the spans say, and the trail replays both ways."""
    for i, (case, tools) in enumerate(samples(spec)):
        draw = RandomDraw(i)
        made = spec.fn(case, draw, tools)
        if isinstance(made, NotApplicable) or not any(e.old != e.new for e in made.edits):
            continue
        try:
            variant = apply_op(case, Op(spec.name, spec.strength, draw.choices), tools.pack, tools.task)
        except RobustgenError:
            continue
        assert replay(case.text, variant.trail) == variant.text
        assert undo_edits(variant.text, variant.trail[-1].edits) == case.text
        if variant.language != case.language:
            continue  # written anew; read back by the proof
        allowed = {case.text[s:e] for s, e in made.allow}
        for path, places in case.spans.items():
            for (s, e), (a, b) in zip(places, variant.spans[path], strict=True):
                if tools.field(path) is not None and case.text[s:e] not in allowed and spec.name not in {"json_string", "html_entities"}:
                    assert case.text[s:e] in variant.text[a:b]
