"""The measurement behind label safety: many ``preserves`` variants, each compared with its base by the independent checker.

Variants are made without the proof that generation runs anyway, so that the figure says what the perturbations themselves break.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from robustgen.core.case import Effect
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS
from robustgen.errors import RobustgenError
from robustgen.generate.build import apply_op, build
from robustgen.generate.generator import Generator
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op
from robustgen.generate.selection import Selection
from robustgen.generate.tools import CaseTools
from robustgen.packs.pack import load_pack

__all__ = ["SafetyReport", "label_safety"]


class SafetyReport(msgspec.Struct):
    """Counts, and the violations with what differs."""

    variants: int = 0
    cells: int = 0
    refused: int = 0
    by_perturbation: dict[str, int] = {}
    violations: list[tuple[str, str]] = []


def label_safety(
    domains: Sequence[str], languages: Sequence[str], count: int, *, tick: Callable[[int], None] = lambda n: None, proved: bool = True
) -> SafetyReport:
    """Make ``count`` variants round robin over perturbations, tasks and languages; no-ops and not-applicables do not count.

    ``proved`` leaves out, as generation does, the variants that the proof refuses, and counts them as ``refused``.
    """
    generator = Generator(Selection.of(domains, languages=languages))
    specs = [s for _, s in PERTURBATIONS.items() if s.effect is Effect.preserves]
    report = SafetyReport(cells=len(generator.cells))
    counts: Counter[str] = Counter()
    for i in range(count * 40):
        if report.variants >= count:
            break
        cell = generator.cells[i % len(generator.cells)]
        spec = specs[(i // len(generator.cells)) % len(specs)]
        if (spec.languages and cell.tag.split("-")[0] not in spec.languages) or not all(generator.language(cell.tag).rows(n) for n in spec.needs):
            continue
        pack = load_pack(cell.domain)
        try:
            base = build(generator.recipe(cell, seed_of("safety", i)))
            draw = RandomDraw(seed_of("safety", i, spec.name))
            spec.fn(base, draw, CaseTools(pack, pack.task(cell.task), base, spec.strength))
            case = apply_op(base, Op(spec.name, spec.strength, draw.choices), pack, pack.task(cell.task))
        except RobustgenError:
            continue
        broken = prove(base, case)
        if broken and proved:
            report.refused += 1
            continue
        report.variants += 1
        counts[spec.name] += 1
        tick(1)
        if broken:
            report.violations.append((f"{spec.name} {cell.task} {cell.tag} seed {i}", broken[0]))
    report.by_perturbation = dict(counts)
    return report
