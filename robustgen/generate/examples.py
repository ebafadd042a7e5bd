"""Examples of a perturbation: those beside its code, and those that languages bring as data (``corpora/<tag>/examples.csv``)."""

from __future__ import annotations

from collections.abc import Sequence

from robustgen.core.plugins import Example, PerturbationSpec
from robustgen.packs.language import load_language
from robustgen.packs.locate import corpora

__all__ = ["examples_of"]


def examples_of(spec: PerturbationSpec) -> Sequence[Example]:
    """Return all examples of a perturbation, its own first."""
    found = list(spec.examples)
    for tag in corpora():
        for row in load_language(tag).rows("examples"):
            if row["perturbation"] == spec.name:
                choices = [int(c) for c in row["choices"].split()]
                found.append(Example(before=row["before"], after=row["after"], choices=choices, language=tag))
    return found
