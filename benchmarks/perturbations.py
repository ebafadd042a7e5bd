"""How many perturbations there are, how often each changes a text that it applies to, and how cases spread over the families.

``python benchmarks/perturbations.py [CASES]`` draws so many clean cases of all packs and languages, asks every perturbation that fits once for
each, and prints those that change fewer than four fifths of the texts they apply to; exits 1 when there are any, or one that never applies.
``python benchmarks/perturbations.py FILE.jsonl`` counts the families of the perturbations in the trails of cases that were generated.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import msgspec

from robustgen.core.case import Case, apply_edits
from robustgen.core.draw import RandomDraw, seed_of
from robustgen.core.plugins import PERTURBATIONS, NotApplicable, PerturbationSpec
from robustgen.errors import RobustgenError
from robustgen.generate import Generator, Selection
from robustgen.generate.build import build
from robustgen.generate.tools import CaseTools
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack

LEAST = 0.8
OUTSIDE = "nlpaug_backend"
"""The family that wraps another project's augmenters."""


def specs() -> list[PerturbationSpec]:
    """Return every perturbation, those of packs too."""
    assert all(load_pack(name).rules for name in pack_names())
    return [s for _, s in PERTURBATIONS.items()]


def own(every: list[PerturbationSpec]) -> list[PerturbationSpec]:
    """Return those of no pack and no outside project."""
    return [s for s in every if not s.domain and s.family != OUTSIDE]


def family_of(spec: PerturbationSpec) -> str:
    """Return the family of a perturbation; those of a pack are a family of their own."""
    return f"pack {spec.domain}" if spec.domain else spec.family


def shares(count: int) -> dict[str, tuple[int, int]]:
    """Return perturbation to (texts it applies to, texts it changed), over clean cases of all packs and languages in turn."""
    every = specs()
    generator = Generator(Selection.of(["all"], languages=["all"], kinds=["clean"]))
    cells = sorted(generator.cells, key=lambda c: seed_of("order", c.domain, c.task, c.tag))
    applied: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    for number in range(count):
        cell = cells[number % len(cells)]
        pack = load_pack(cell.domain)
        try:
            base = build(generator.recipe(cell, seed_of("applies", number)), index=number)
        except RobustgenError:
            continue
        tools = CaseTools(pack, pack.task(cell.task), base, 0.0)
        for spec in every:
            if spec.domain in {"", cell.domain} and not spec.lacks(generator.language(cell.tag)):
                tools.strength = spec.strength
                made = spec.fn(base, RandomDraw(seed_of("applies", number, spec.name)), tools)
                if not isinstance(made, NotApplicable):
                    applied[spec.name] += 1
                    changed[spec.name] += apply_edits(base.text, [e for e in made.edits if e.old != e.new]) != base.text
    return {s.name: (applied[s.name], changed[s.name]) for s in every}


def report(count: int) -> int:
    """Print the numbers and the perturbations below the mark; return the exit code."""
    every = specs()
    found = shares(count)
    never = [name for name, (applied, _) in found.items() if not applied]
    below = {name: (a, c) for name, (a, c) in found.items() if a and c < LEAST * a}
    sys.stdout.write(f"{len(every)} perturbations, {len(own(every))} of our own that serve every domain, in {len({family_of(s) for s in every})} families\n")
    sys.stdout.write(f"{count} clean cases; {len(below)} change fewer than {LEAST:.0%} of the texts that they apply to; {len(never)} found no place\n")
    for name, (a, c) in sorted(below.items(), key=lambda item: item[1][1] / item[1][0]):
        sys.stdout.write(f"  {name}: {c} of {a} ({c / a:.0%})\n")
    for name in never:
        sys.stdout.write(f"  {name}: no place in these cases\n")
    return int(bool(below))


def families(file: Path) -> int:
    """Print how many cases of a file each family of perturbations has a step in; return 1 when a family has none."""
    family = {s.name: family_of(s) for s in specs()}
    counts: Counter[str] = Counter(dict.fromkeys(sorted(set(family.values())), 0))
    used: set[str] = set()
    total = 0
    decoder = msgspec.json.Decoder(Case)
    with file.open("rb") as lines:
        for line in lines:
            case = decoder.decode(line)
            total += 1
            used.update(step.perturbation for step in case.trail)
            counts.update({family.get(step.perturbation, "other") for step in case.trail})
    sys.stdout.write(f"{total} cases, {len(used)} of {len(family)} perturbations used\n")
    sys.stdout.writelines(f"  {name}: {n}\n" for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return int(not all(counts.values()))


def main() -> None:
    """Measure and print."""
    argument = sys.argv[1] if len(sys.argv) > 1 else "300"
    sys.exit(report(int(argument)) if argument.isdigit() else families(Path(argument)))


if __name__ == "__main__":
    main()
