"""The measurement behind label safety: many ``preserves`` variants, each compared with its base by the independent checker.

Variants are made without the proof that generation runs anyway, so that the figure says what the perturbations themselves break. A clean
case is made once and serves some perturbations; which ones turns with every case, so that all meet all tasks and languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from robustgen.core.case import Case, Effect
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS, PerturbationSpec
from robustgen.errors import RobustgenError
from robustgen.generate.build import apply_op, build
from robustgen.generate.generator import Generator
from robustgen.generate.placing import propose
from robustgen.generate.prove import said_otherwise
from robustgen.generate.selection import Selection
from robustgen.generate.tools import CaseTools
from robustgen.packs.pack import load_pack

__all__ = ["SafetyReport", "label_safety", "preserving"]

EACH = 24
"""Perturbations tried on one clean case."""


class SafetyReport(msgspec.Struct):
    """Counts, and the violations with what differs."""

    variants: int = 0
    cells: int = 0
    bases: int = 0
    by_perturbation: dict[str, int] = {}
    by_language: dict[str, int] = {}
    violations: list[tuple[str, str]] = []


def label_safety(domains: Sequence[str], languages: Sequence[str], count: int, *, seed: int = 0, tick: Callable[[int], None] = lambda n: None) -> SafetyReport:
    """Make ``count`` variants, round robin over perturbations, tasks and languages, and keep what the checker finds; no-ops and not-applicables do not count."""
    generator = Generator(Selection.of(domains, languages=languages))
    report = SafetyReport(cells=len(generator.cells))
    names: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    bases: set[str] = set()
    for name, base, case in preserving(generator, seed, most=count * 40):
        broken = said_otherwise(base, case)
        report.variants += 1
        names[name] += 1
        tags[base.tag] += 1
        bases.add(base.id)
        tick(1)
        if broken:
            report.violations.append((f"{name} {case.task} {case.tag} case {case.index}", broken[0]))
        if report.variants >= count:
            break
    report.by_perturbation, report.by_language, report.bases = dict(names), dict(tags), len(bases)
    return report


def preserving(generator: Generator, seed: int = 0, most: int = 1_000_000) -> Iterator[tuple[str, Case, Case]]:
    """Yield (perturbation, clean case, variant) without any proof, trying at most so many; the same seed gives the same."""
    specs = [s for _, s in PERTURBATIONS.items() if s.effect is Effect.preserves]
    cells = generator.cells
    for number in range(most // EACH + 1):
        cell = cells[number % len(cells)]
        pack = load_pack(cell.domain)
        task = pack.task(cell.task)
        try:
            base = build(generator.recipe(cell, seed_of(seed, "safety", number)), seed=seed, index=number)
        except RobustgenError:
            continue
        tools = CaseTools(pack, task, base, 0.0)
        # the start moves by more than one turn, so that a perturbation meets other cells in every round
        start = number * EACH + number // len(cells) * 5
        for spec in [specs[(start + i) % len(specs)] for i in range(EACH)]:
            if not _fits(spec, generator, cell.domain, cell.tag):
                continue
            try:
                op, proposal = propose(spec, base, tools, RandomDraw(seed_of(seed, "safety", number, spec.name)), None)
                yield spec.name, base, apply_op(base, op, pack, task, (proposal, tools))
            except RobustgenError:
                continue


def _fits(spec: PerturbationSpec, generator: Generator, domain: str, tag: str) -> bool:
    return spec.domain in {"", domain} and not spec.lacks(generator.language(tag))
