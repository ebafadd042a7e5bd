"""What can be made plainer in a recipe: the shrinker's view of a case.

Parts are perturbations (``op:0``), list items (``item:orders[1]``), values (``value:dose``), the language (``language:de``), passages
that state nothing (``filler:3``) and the wording (``surface:<group>``). A part made plain is dropped, or set to the simplest value the
schema allows.
"""

# long: one method a question of the shrinker, and under them how facts, wording and perturbations answer it

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec

from robustgen.core.case import Case, Facts
from robustgen.core.draw import OUT, RandomDraw, ReplayDraw
from robustgen.core.plugins import PERTURBATIONS, NotApplicable
from robustgen.errors import RobustgenError
from robustgen.generate.build import build
from robustgen.generate.fillers import fillers, without
from robustgen.generate.prove import prove
from robustgen.generate.recipe import Op, Recipe
from robustgen.generate.tools import CaseTools
from robustgen.grammar.schema import Field, RecordType, View, at_path, walk_paths
from robustgen.packs.pack import load_pack

__all__ = ["RecipeProblem", "field_at", "plainest_at"]


class RecipeProblem:
    """Shrinks recipes; builds each candidate once, and proves it where it promises to preserve."""

    def __init__(self, tag: str = "") -> None:
        """Start with nothing built; ``tag`` is the language in which a case is plainest, empty when it must stay in its own."""
        self.tag = tag
        self._built: dict[bytes, tuple[Case, Case | None] | None] = {}
        self._passages: dict[bytes, list[int]] = {}

    def cases(self, recipe: Recipe) -> tuple[Case, Case | None] | None:
        """Return (case, clean base) of a recipe, None when it makes none."""
        key = msgspec.json.encode(recipe)
        if key not in self._built:
            try:
                base = build(msgspec.structs.replace(recipe, ops=())) if recipe.ops else None
                case = build(recipe, base=base)
                self._built[key] = None if base is not None and prove(base, case) else (case, base)
            except RobustgenError:
                self._built[key] = None
        return self._built[key]

    def key(self, recipe: Recipe) -> Hashable:
        """Return the texts of case and question."""
        made = self.cases(recipe)
        return (made[0].text, made[0].messages[0]["content"]) if made else msgspec.json.encode(recipe)

    def parts(self, recipe: Recipe) -> Sequence[str]:
        """Return what is not plain: perturbations and facts first, then language and wording."""
        type_ = _type(recipe)
        plain = _simplest(recipe.domain, recipe.tag, type_.name)
        made = [f"op:{i}" for i in range(len(recipe.ops))] if len(recipe.ops) > 1 else []
        made += [f"item:{path}" for path in _items(recipe.facts)]
        made += list(_values(type_, recipe.facts, plain))
        if recipe.section == "edges" and not load_pack(recipe.domain).say(recipe.tag).alternatives("edges", recipe.entry):
            made.append("section:edges")
        if self.tag and recipe.tag != self.tag:
            made.append(f"language:{recipe.tag}")
        made += [f"filler:{number}" for number in self._fillers(recipe)]
        if recipe.section != "ambiguous":
            made += [f"surface:{label}" for label, values in recipe.surface.items() if label != OUT and any(values)]
        return made

    def _fillers(self, recipe: Recipe) -> list[int]:
        """Return the passages that can be left out, those of one wording found once."""
        key = msgspec.json.encode((recipe.domain, recipe.task, recipe.tag, recipe.section, recipe.entry, recipe.facts, recipe.surface))
        if key not in self._passages:
            self._passages[key] = fillers(recipe)
        return self._passages[key]

    def keep(self, recipe: Recipe, parts: frozenset[str]) -> Recipe | None:
        """Return the recipe with every part outside ``parts`` made plain."""
        gone = [p for p in self.parts(recipe) if p not in parts]
        ops = tuple(op for i, op in enumerate(recipe.ops) if f"op:{i}" not in gone)
        if recipe.ops and not ops:
            return None
        out = [int(p.removeprefix("filler:")) for p in gone if p.startswith("filler:")]
        surface = {label: ([] if f"surface:{label}" in gone else v) for label, v in without(recipe.surface, out).items()}
        if "surface:" in gone:  # another wording has other passages
            surface.pop(OUT, None)
        made = msgspec.structs.replace(recipe, surface=surface, ops=ops)
        if any(p.startswith("language:") for p in gone):
            made = msgspec.structs.replace(made, tag=self.tag, surface={})
        try:
            type_ = _type(made)
            plain = _simplest(made.domain, made.tag, type_.name)
            facts = _plain_values(type_, recipe.facts, plain, [p.removeprefix("value:") for p in gone if p.startswith("value:")])
            facts = _without_items(type_, facts, [p.removeprefix("item:") for p in gone if p.startswith("item:")])
        except (RobustgenError, KeyError):
            return None
        made = msgspec.structs.replace(made, facts=facts)
        if "section:edges" in gone:
            made = msgspec.structs.replace(made, section="documents", entry="", kinds=("clean",))
        return made if self.cases(made) else None

    def axes(self, recipe: Recipe) -> Mapping[str, int]:
        """Return the numbers and dates that are not plain, with their distance to the plainest value in steps."""
        made = {}
        for path, (values, at) in _scales(recipe).items():
            made[path] = values.index(at) if isinstance(values, list) else values.steps(at)
        return {path: steps for path, steps in made.items() if steps > 0}

    def at(self, recipe: Recipe, axis: str, step: int) -> Recipe | None:
        """Return the recipe with one number so many steps from the plainest."""
        scale, _ = _scales(recipe).get(axis, ([], None))
        value = (scale[step] if step < len(scale) else None) if isinstance(scale, list) else scale.value(step)
        if value is None:
            return None
        type_ = _type(recipe)
        try:
            facts = type_.with_value(recipe.facts, axis, value, ReplayDraw())
        except (RobustgenError, KeyError):
            return None
        if at_path(facts, axis) != value or any(v != at_path(facts, p) for p, v in _others(recipe, axis)):
            return None
        made = msgspec.structs.replace(recipe, facts=facts)
        return made if self.cases(made) else None

    def others(self, recipe: Recipe, path: str) -> Iterator[Recipe]:
        """Yield recipes with another value at a path that is not its plainest one: the next larger, then drawn ones."""
        type_ = _type(recipe)
        steps = self.axes(recipe).get(path)
        seen = {self.key(recipe)}
        owner, field = _field(type_, recipe.facts, path)
        view = View(_owner(recipe.facts, path), owner)
        further = self.at(recipe, path, steps + 1) if steps is not None else None
        made = [further] if further is not None else []
        for seed in range(12):
            try:
                value = field.draw(RandomDraw(seed), view)
                if value is not None and value != plainest_at(recipe, path):
                    made.append(msgspec.structs.replace(recipe, facts=type_.with_value(recipe.facts, path, value, ReplayDraw())))
            except (RobustgenError, KeyError):
                continue
        for other in made:
            if self.cases(other) is not None and self.key(other) not in seen:
                seen.add(self.key(other))
                yield other

    def lower(self, recipe: Recipe) -> Iterator[Recipe]:
        """Yield recipes with one edit choice, wording or closed value nearer to the plainest."""
        every = chain(_lower_ops(recipe), _lower_surface(recipe), _lower_values(recipe))
        return (r for r in every if self.cases(r))


@lru_cache(maxsize=512)
def _simplest(domain: str, tag: str, name: str) -> Facts:
    """Return the simplest record of a type; where the plainest of every choice breaks a rule, as many choices as can be are plain."""
    type_ = load_pack(domain).schema(tag).types[name]
    try:
        return type_.draw(ReplayDraw())
    except RobustgenError:
        draw = RandomDraw(1)
        facts = type_.draw(draw)
    choices = {k: list(v) for k, v in draw.choices.items()}
    for values in choices.values():
        for i, value in enumerate(values):
            for lower in range(min(value, 3)):
                values[i] = lower
                try:
                    facts = type_.draw(ReplayDraw(choices))
                    break
                except RobustgenError:
                    values[i] = value
    return facts


def field_at(recipe: Recipe, path: str) -> Field:
    """Return the field at a fact path of a recipe."""
    return _field(_type(recipe), recipe.facts, path)[1]


def plainest_at(recipe: Recipe, path: str) -> Any:
    """Return the value that the simplest record has at a path, None when it has none."""
    type_ = _type(recipe)
    try:
        return _plain_at(_simplest(recipe.domain, recipe.tag, type_.name), path)
    except KeyError:
        return None


def _plain_at(plain: Facts, path: str) -> Any:
    """Return the simplest record's value at a path; an item beyond its lists is compared with their first one."""
    try:
        return at_path(plain, path)
    except KeyError:
        return at_path(plain, re.sub(r"\[\d+\]", "[0]", path))


class _Steps:
    """A range in steps away from its plainest value, upwards or downwards."""

    def __init__(self, low: Any, step: Any, value: Any, limits: tuple[Any, Any]) -> None:
        self.low, self.step, self.limits = low, step if value >= low else -step, limits

    def steps(self, value: Any) -> int:
        """Return how far a value is away, rounded up."""
        return int(-((self.low - value) // self.step)) if (value - self.low) % self.step else int((value - self.low) // self.step)

    def value(self, steps: int) -> Any:
        """Return the value so many steps away, None outside the limits."""
        found = self.low + self.step * steps
        return found if self.limits[0] <= found <= self.limits[1] else None


def _scales(recipe: Recipe) -> dict[str, tuple[list[Any] | _Steps, Any]]:
    """Return path to (ordered values, present value) of every number and date that is not plain."""
    type_ = _type(recipe)
    plain = _simplest(recipe.domain, recipe.tag, type_.name)
    made: dict[str, tuple[list[Any] | _Steps, Any]] = {}
    for part in _values(type_, recipe.facts, plain):
        path = part.removeprefix("value:")
        try:
            owner, field = _field(type_, recipe.facts, path)
            value, low = at_path(recipe.facts, path), _plain_at(plain, path)
            view = View(_owner(recipe.facts, path), owner)
            if field.kind in {"int", "decimal", "date"}:
                limits = field.limits(view)
                made[path] = (_Steps(low if limits[0] <= low <= limits[1] else limits[0], field.step(), value, limits), value)
            elif field.kind == "pick" or (field.kind == "one" and field.spec.numeric):
                values = _sorted(field.options(view) if field.kind == "pick" else [_number(o) for o in field.spec.options], low)
                if value in values:
                    made[path] = (values, value)
        except (RobustgenError, KeyError, TypeError, ArithmeticError):
            continue
    return made


def _sorted(values: Sequence[Any], low: Any) -> list[Any]:
    """Return numbers from the plainest one upwards; what is no number has no order."""
    if not all(isinstance(v, (int, Decimal)) and not isinstance(v, bool) for v in values):
        return []
    ordered = sorted(set(values))
    return [v for v in ordered if low not in ordered or v >= low]


def _number(text: str) -> Any:
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _others(recipe: Recipe, axis: str) -> list[tuple[str, Any]]:
    """Return the values that a change of one number must leave alone: all that are no consequence of it."""
    type_ = _type(recipe)
    kept = []
    for path, value in walk_paths(recipe.facts):
        if path != axis and value is not None and _field(type_, recipe.facts, path)[1].kind in {"row", "bool", "one"}:
            kept.append((path, value))
    return kept


def _type(recipe: Recipe) -> RecordType:
    pack = load_pack(recipe.domain)
    return pack.schema(recipe.tag).types[pack.task(recipe.task).type.name]


def _values(type_: RecordType, facts: Facts, plain: Facts) -> Iterator[str]:
    """Yield the leaves that differ from the simplest record; what follows from others is none of them."""
    for path, value in walk_paths(facts):
        try:
            simplest = _plain_at(plain, path)
        except KeyError:
            simplest = object()
        if value is not None and value != simplest and _field(type_, facts, path)[1].kind != "derived":
            yield f"value:{path}"


def _items(facts: Any, prefix: str = "") -> Iterator[str]:
    """Yield the items of lists, last first."""
    for name, value in facts.items():
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(value, dict):
            yield from _items(value, path)
        elif isinstance(value, list):
            yield from (f"{path}[{i}]" for i in reversed(range(len(value))))


def _plain_values(type_: RecordType, facts: Facts, plain: Facts, paths: Sequence[str]) -> Facts:
    """Set values to those of the simplest record: all at once, else one by one; what a rule forbids is tried again after the others, then stays."""
    try:
        return _plain_at_once(type_, facts, plain, paths)
    except (RobustgenError, KeyError):
        left = list(paths)
    for _ in range(2):
        again = []
        for path in left:
            try:
                facts = _plain_value(type_, facts, plain, path)
            except (RobustgenError, KeyError):
                again.append(path)
        left = again
    return facts


def _plain_at_once(type_: RecordType, facts: Facts, plain: Facts, paths: Sequence[str]) -> Facts:
    made = deepcopy(facts)
    for path in paths:
        head, _, name = path.rpartition(".")
        _owner(made, path)[name or head] = _plain_at(plain, path)
    made = type_.repair(made, ReplayDraw(), {})
    if any(at_path(made, path) != _plain_at(plain, path) for path in paths):
        raise KeyError("a value did not stay")
    return made


def _plain_value(type_: RecordType, facts: Facts, plain: Facts, path: str) -> Facts:
    owner, field = _field(type_, facts, path)
    view = View(_owner(facts, path), owner)
    try:
        simplest = _plain_at(plain, path)
    except KeyError:
        simplest = None
    if simplest is None or not field.fits(simplest, view):
        simplest = field.draw(ReplayDraw(), view)
    return type_.with_value(facts, path, simplest, ReplayDraw())


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
    """Drop items of lists, as many as the schema lets go."""
    for path in paths:
        head, _, index = path.removesuffix("]").rpartition("[")
        try:
            items = list(at_path(facts, head))
            owner, field = _field(type_, facts, head)
            if len(items) <= field.limits(View(_owner(facts, head), owner))[0]:
                continue
            del items[int(index)]
            facts = type_.with_value(facts, head, items, ReplayDraw())
        except (RobustgenError, KeyError, IndexError):
            continue
    return facts


def _lower_values(recipe: Recipe) -> Iterator[Recipe]:
    """Try earlier options of closed fields: the second, the fourth, the eighth ..., the plainest first."""
    type_ = _type(recipe)
    plain = _simplest(recipe.domain, recipe.tag, type_.name)
    for part in _values(type_, recipe.facts, plain):
        path = part.removeprefix("value:")
        try:
            value = at_path(recipe.facts, path)
            owner, field = _field(type_, recipe.facts, path)
            for option in _earlier(field, View(_owner(recipe.facts, path), owner), value):
                facts = type_.with_value(recipe.facts, path, option, ReplayDraw())
                yield msgspec.structs.replace(recipe, facts=facts)
        except (RobustgenError, KeyError, TypeError):
            continue


def _earlier(field: Field, view: View, value: Any) -> list[Any]:
    """Return a few options of a closed field that stand before its value."""
    every: Sequence[Any] = ()
    if field.kind == "row":
        every = field.rows(view)
    elif field.kind == "one" and not field.spec.numeric:
        every = field.spec.options
    elif field.kind == "pick" and not _sorted(field.options(view), None):
        every = field.options(view)
    before = list(every[: every.index(value)]) if value in every else []
    return [before[2**i - 1] for i in range(1, 4) if 2**i - 1 < len(before)][:2] if len(before) != 2 else [before[1]]


def _lower_surface(recipe: Recipe) -> Iterator[Recipe]:
    """Make one choice of a wording plain, the group's others staying."""
    for label, values in recipe.surface.items():
        if label != OUT and sum(map(bool, values)) > 1 and recipe.section != "ambiguous":
            for j, value in enumerate(values):
                if value:
                    yield msgspec.structs.replace(recipe, surface={**recipe.surface, label: [*values[:j], 0, *values[j + 1 :]]})


def _lower_ops(recipe: Recipe) -> Iterator[Recipe]:
    """Lower the choices of a perturbation: all at once, then one by one; fewer edits, earlier places, plainer ways."""
    for i in range(len(recipe.ops)) if len(recipe.ops) > 1 else ():  # without one, the others' choices may mean other places
        rest = [*recipe.ops[:i], *recipe.ops[i + 1 :]]
        for place in range(2):
            yield msgspec.structs.replace(recipe, ops=tuple(Op(o.perturbation, o.strength, _plain_choices(o.choices)[place]) for o in rest))
        if len(rest) == 1:
            yield from (msgspec.structs.replace(recipe, ops=(op,)) for op in _redrawn(recipe, rest[0]))
    for i, op in enumerate(recipe.ops):
        for choices in _lower_choices(op.choices):
            ops = (*recipe.ops[:i], Op(op.perturbation, op.strength, choices), *recipe.ops[i + 1 :])
            yield msgspec.structs.replace(recipe, ops=ops)


def _redrawn(recipe: Recipe, op: Op) -> Iterator[Op]:
    """Yield a perturbation with fresh choices on the clean text of a recipe, a few times."""
    pack, spec = load_pack(recipe.domain), PERTURBATIONS.get(op.perturbation)
    try:
        base = build(msgspec.structs.replace(recipe, ops=()))
        for seed in range(4):
            draw = RandomDraw(seed)
            if not isinstance(spec.fn(base, draw, CaseTools(pack, pack.task(recipe.task), base, op.strength)), NotApplicable):
                yield Op(op.perturbation, op.strength, draw.choices)
    except RobustgenError:
        return


def _plain_choices(choices: Mapping[str, Sequence[int]]) -> list[dict[str, list[int]]]:
    return [{k: [0] * len(v) for k, v in choices.items()}, {k: [1, *[0] * (len(v) - 1)] if v else [] for k, v in choices.items()}]


def _lower_choices(choices: Mapping[str, Sequence[int]]) -> Iterator[dict[str, list[int]]]:
    """Yield plainer choices; a first choice is often a count, so it becomes 1 where 0 means no edit."""
    plain = _plain_choices(choices)
    given = {k: list(v) for k, v in choices.items()}
    yield from (p for p in plain if sum(map(sum, p.values())) < sum(map(sum, given.values())))
    for label, values in given.items():
        for j, value in enumerate(values):
            for lower in dict.fromkeys((0, 1, value // 2)):
                if lower < value:
                    yield {**given, label: [*values[:j], lower, *values[j + 1 :]]}
