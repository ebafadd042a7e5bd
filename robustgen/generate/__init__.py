"""The only place where packs and perturbations meet: a selection and an index become a case."""

from __future__ import annotations

from robustgen.generate.generator import FAMILY, Generator
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.selection import Cell, Selection

__all__ = ["FAMILY", "Cell", "Generator", "Op", "Recipe", "Selection"]
