"""What can be made plainer in a recipe: the shrinker's view of a case.

Parts are perturbations (``op:0``), the wording (``surface``, and ``surface/<group>`` one by one), list items (``item:orders[1]``) and values
(``value:dose``). A part made plain is dropped, or set to the simplest value the schema allows.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from robustgen.core.case import Case, Facts
from robustgen.core.draw import ReplayDraw
from robustgen.errors import RobustgenError
from robustgen.generate.build import build
from robustgen.generate.recipe import Op, Recipe
from robustgen.grammar.schema import Field, RecordType, View, at_path, walk_paths
from robustgen.packs.pack import load_pack

__all__ = ["RecipeProblem", "shape", "trigger_of"]


class RecipeProblem:
    """Shrinks recipes; builds each candidate once."""

    def __init__(self) -> None:
        """Start with nothing built."""
        self._built: dict[bytes, tuple[Case, Case | None] | None] = {}

    def cases(self, recipe: Recipe) -> tuple[Case, Case | None] | None:
        """Return (case, clean base) of a recipe, None when it makes none."""
        key = msgspec.json.encode(recipe)
        if key not in self._built:
            try:
                base = build(msgspec.structs.replace(recipe, ops=())) if recipe.ops else None
                self._built[key] = (build(recipe, base=base), base)
            except RobustgenError:
                self._built[key] = None
        return self._built[key]

    def key(self, recipe: Recipe) -> Hashable:
        """Return the texts of case and base."""
        made = self.cases(recipe)
        return (made[0].text, made[0].messages[0]["content"]) if made else msgspec.json.encode(recipe)

    def parts(self, recipe: Recipe) -> Sequence[str]:
        """Return what is not plain."""
        type_ = _type(recipe)
        plain = type_.schema.simplest(type_.name)
        made = [f"surface:{label}" for label, values in recipe.surface.items() if any(values)]
        if recipe.section == "ambiguous":
            made = []
        if recipe.section == "edges" and not load_pack(recipe.domain).say(recipe.tag).alternatives("edges", recipe.entry):
            made.append("section:edges")
        made += list(_values(recipe.facts, plain))
        made += [f"item:{path}" for path in _items(recipe.facts)]
        if len(recipe.ops) > 1:
            made += [f"op:{i}" for i in range(len(recipe.ops))]
        return made

    def keep(self, recipe: Recipe, parts: frozenset[str]) -> Recipe | None:
        """Return the recipe with every part outside ``parts`` made plain."""
        gone = [p for p in self.parts(recipe) if p not in parts]
        surface = {label: ([] if f"surface:{label}" in gone else v) for label, v in recipe.surface.items()}
        ops = tuple(op for i, op in enumerate(recipe.ops) if f"op:{i}" not in gone)
        if recipe.ops and not ops:
            return None
        type_ = _type(recipe)
        try:
            facts = _plain_values(type_, recipe.facts, [p.removeprefix("value:") for p in gone if p.startswith("value:")])
            facts = _without_items(type_, facts, [p.removeprefix("item:") for p in gone if p.startswith("item:")])
        except (RobustgenError, KeyError):
            return None
        made = msgspec.structs.replace(recipe, surface=surface, ops=ops, facts=facts)
        if "section:edges" in gone:
            made = msgspec.structs.replace(made, section="documents", entry="", kinds=("clean",))
        return made if self.cases(made) else None

    def lower(self, recipe: Recipe) -> Sequence[Recipe]:
        """Return recipes with one number, date or edit choice nearer to the plainest."""
        made = [*_lower_values(recipe), *_lower_ops(recipe)]
        return [r for r in made if self.cases(r)]


def _type(recipe: Recipe) -> RecordType:
    pack = load_pack(recipe.domain)
    return pack.schema(recipe.tag).types[pack.task(recipe.task).type.name]


def _values(facts: Facts, plain: Facts) -> Iterator[str]:
    """Yield the leaves that differ from the simplest record."""
    for path, value in walk_paths(facts):
        model = re.sub(r"\[\d+\]", "[0]", path)
        try:
            simplest = at_path(plain, model)
        except KeyError:
            simplest = object()
        if value is not None and value != simplest:
            yield f"value:{path}"


def _items(facts: Any, prefix: str = "") -> Iterator[str]:
    """Yield the items of lists, last first."""
    if isinstance(facts, dict):
        for name, value in facts.items():
            yield from _items(value, f"{prefix}.{name}" if prefix else name)
    elif isinstance(facts, list):
        for i in reversed(range(len(facts))):
            yield f"{prefix}[{i}]"


def _plain_values(type_: RecordType, facts: Facts, paths: Sequence[str]) -> Facts:
    """Set values to the simplest, each in its record; what the schema refuses stays."""
    for path in paths:
        try:
            owner, field = _field(type_, facts, path)
            if field.kind == "derived":
                continue
            simplest = field.draw(ReplayDraw(), View(_owner(facts, path), owner))
            facts = type_.with_value(facts, path, simplest, ReplayDraw())
        except (RobustgenError, KeyError):
            continue
    return facts


def _field(type_: RecordType, facts: Facts, path: str) -> tuple[RecordType, Field]:
    field: Any = None
    for part in path.replace("]", "").replace("[", ".").split("."):
        if part.isdigit():
            field = field.item
        else:
            if field is not None:
                type_ = type_.schema.types[field.spec.of]
            field = type_.fields[part]
    return type_, field


def _owner(facts: Facts, path: str) -> Any:
    head = path.rpartition(".")[0]
    return at_path(facts, head) if head else facts


def _without_items(type_: RecordType, facts: Facts, paths: Sequence[str]) -> Facts:
    for path in paths:
        head, _, index = path.removesuffix("]").rpartition("[")
        try:
            items = list(at_path(facts, head))
            del items[int(index)]
            facts = type_.with_value(facts, head, items, ReplayDraw())
        except (RobustgenError, KeyError, IndexError):
            continue
    return facts


def _lower_values(recipe: Recipe) -> Iterator[Recipe]:
    """Halve the distance of a number or date to its simplest value."""
    type_ = _type(recipe)
    plain = type_.schema.simplest(type_.name)
    for part in _values(recipe.facts, plain):
        path = part.removeprefix("value:")
        try:
            low = at_path(plain, re.sub(r"\[\d+\]", "[0]", path))
            value = at_path(recipe.facts, path)
            owner, field = _field(type_, recipe.facts, path)
            view = View(_owner(recipe.facts, path), owner)
            for middle in _options(field, view, value) or [m for m in _between(low, value) if field.fits(m, view)]:
                facts = type_.with_value(recipe.facts, path, middle, ReplayDraw())
                yield msgspec.structs.replace(recipe, facts=facts)
        except (RobustgenError, KeyError, TypeError):
            continue


def _options(field: Field, view: View, value: Any) -> list[Any]:
    """Return the options of a closed field that stand before its value: the first, the middle one, the one just before."""
    every: Sequence[Any] = ()
    if field.kind == "pick":
        every = field.options(view)
    elif field.kind == "row":
        every = field.rows(view)
    elif field.kind == "one" and not field.spec.numeric:
        every = field.spec.options
    before = list(every[: every.index(value)]) if value in every else []
    return list(dict.fromkeys([before[0], before[len(before) // 2], before[-1]])) if before else []


def _between(low: Any, value: Any) -> Iterator[Any]:
    """Yield values between the simplest and the present one."""
    if isinstance(value, bool) or type(low) is not type(value):
        return
    if isinstance(value, int):
        yield from dict.fromkeys((low + (value - low) // 2, value - 1 if value > low else value + 1))
    elif isinstance(value, Decimal):
        yield round(low + (value - low) / 2)
        yield low + (value - low).to_integral_value() // 2
    elif isinstance(value, date):
        yield low + timedelta(days=(value - low).days // 2)


def _lower_ops(recipe: Recipe) -> Iterator[Recipe]:
    """Lower one choice of a perturbation: fewer edits, earlier places, plainer ways."""
    for i, op in enumerate(recipe.ops):
        for label, values in op.choices.items():
            for j, value in enumerate(values):
                for lower in dict.fromkeys((1 if j == 0 else 0, value // 2)):
                    if lower < value:
                        changed = {**op.choices, label: [*values[:j], lower, *values[j + 1 :]]}
                        ops = (*recipe.ops[:i], Op(op.perturbation, op.strength, changed), *recipe.ops[i + 1 :])
                        yield msgspec.structs.replace(recipe, ops=ops)


def shape(text: str) -> str:
    """Return a text's shape, so that like findings fold: digits become 9, long letter runs are cut."""
    return re.sub(r"[^\W\d_]{4,}", lambda m: m[0][:3] + "…", re.sub(r"\d+", lambda m: "9" * min(len(m[0]), 4), text))[:60]


def trigger_of(case: Case) -> str:
    """Return what makes a smallest case fail, in one line: the edits by shape, else the catalogue entry or the telling facts."""
    if case.trail:
        steps = []
        for step in case.trail:
            pairs = dict.fromkeys(f"{shape(e.old)!r} → {shape(e.new)!r}" for e in step.edits[:2])
            steps.append(f"{step.perturbation}: {', '.join(pairs)}")
        return "; ".join(steps)
    entry = case.choices.get("entry")
    return f"{case.task} {entry}" if entry else f"{case.task} as it stands"
