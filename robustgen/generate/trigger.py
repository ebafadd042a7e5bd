"""What makes a smallest case fail, in one line that is the same in every run: the edits by shape, and the facts, wording or language needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from unicodedata import decimal

from robustgen.core.case import Case, canonical
from robustgen.generate.recipe import Recipe
from robustgen.generate.simplify import RecipeProblem, field_at
from robustgen.grammar.schema import at_path

__all__ = ["Need", "cause_of", "nearest", "needs_of", "shape", "trigger_of", "without"]

_LONG = re.compile(r"[^\W\d_]{4,}")
_CUT = 60


def _nine(digit: str) -> str:
    """Return the nine of a digit's own script."""
    return chr(ord(digit) - int(decimal(digit)) + 9)


def shape(text: str) -> str:
    """Return a text's shape, so that like findings fold: digits become the nine of their script, long letter runs are cut."""
    nines = re.sub(r"\d+", lambda m: _nine(m[0][0]) * min(len(m[0]), 4), text)
    return _LONG.sub(lambda m: m[0][:3] + "…", nines)[:_CUT]


def cause_of(case: Case) -> str:
    """Return what was done to a case: its perturbations by name, else its catalogue entry, else nothing."""
    return "; ".join(dict.fromkeys(s.perturbation for s in case.trail)) or _entry(case)


def _entry(case: Case) -> str:
    entry = str(case.choices.get("entry") or "")
    return "" if entry.startswith("boundary:") else entry


def trigger_of(case: Case, needs: Sequence[str] = ()) -> str:
    """Return what makes a case fail, given what else it needs (see ``needs_of``)."""
    steps = []
    for step in case.trail:
        pairs = dict.fromkeys(f"{shape(e.old)!r} → {shape(e.new)!r}" for e in step.edits[:2])
        steps.append(f"{step.perturbation}: {', '.join(pairs)}")
    head = "; ".join(steps) or _entry(case)
    if not head:
        return " and ".join(needs) if needs else f"{case.task} as it stands"
    return head + (f" when {' and '.join(needs)}" if needs else "")


class Need(NamedTuple):
    """What a smallest case needs, in words, and the parts of its recipe that stand for it."""

    words: str
    parts: frozenset[str]


def needs_of(problem: RecipeProblem, recipe: Recipe, beyond: Mapping[str, bool], failed: Callable[[Recipe], bool] = lambda recipe: False) -> list[Need]:
    """Return what of a smallest recipe is not plain and cannot be, the edits aside.

    ``beyond`` tells of a number whether the next larger value fails too, ``failed`` of a recipe whether it is known to fail. What could not be made plain at all is no need of the target.
    """
    parts = list(problem.parts(recipe))
    catalogued = recipe.section == "ambiguous"
    made: dict[str, set[str]] = {}
    for part in parts:
        kind, _, path = part.partition(":")
        if kind in {"op", "section"} or (catalogued and kind != "language"):
            continue
        plainer = without(problem, recipe, frozenset([part]))
        if plainer is None or failed(plainer):
            continue
        if kind == "value":
            words = _value(problem, recipe, path, beyond)
        elif kind == "item":
            owner = path.rpartition("[")[0]
            words = f"{len(at_path(recipe.facts, owner))} {_name(owner)}"
        elif kind == "language":
            words = f"in {path}"
        else:
            words = _wording(problem, recipe, plainer)
        made.setdefault(words, set()).add(part)
    return [Need(words, frozenset(found)) for words, found in made.items()]


def without(problem: RecipeProblem, recipe: Recipe, parts: frozenset[str]) -> Recipe | None:
    """Return a recipe with parts made plain, or a number as near to it as the schema lets it be; None where that changes nothing."""
    plainer = problem.keep(recipe, frozenset(problem.parts(recipe)) - parts)
    if plainer is not None and problem.key(plainer) != problem.key(recipe):
        return plainer
    axes = problem.axes(recipe)
    for part in sorted(parts):
        path = part.partition(":")[2]
        nearer = problem.at(recipe, path, axes[path] - 1) if path in axes else None
        if nearer is not None and problem.key(nearer) != problem.key(recipe):
            return nearer
    return None


def _name(path: str) -> str:
    """Return a path as readers say it: list positions are left out."""
    return re.sub(r"\[\d+\]", "", path)


def _value(problem: RecipeProblem, recipe: Recipe, path: str, beyond: Mapping[str, bool]) -> str:
    field = field_at(recipe, path)
    value: Any = canonical(at_path(recipe.facts, path))
    if field.kind in {"faker", "id"}:
        return f"{_name(path)} such as {value!r}"
    sign = {True: "≥", False: "="}[beyond.get(path, False)]
    if sign == "≥" and _falls(problem, recipe, path):
        sign = "≤"
    return f"{_name(path)} {sign} {str(value).lower() if isinstance(value, bool) else value}{' ' + field.unit if field.unit else ''}"


def _falls(problem: RecipeProblem, recipe: Recipe, path: str) -> bool:
    """Tell whether the next value away from the plainest is a smaller one."""
    further = problem.at(recipe, path, problem.axes(recipe).get(path, 0) + 1)
    return further is not None and bool(at_path(further.facts, path) < at_path(recipe.facts, path))


def _wording(problem: RecipeProblem, recipe: Recipe, plainer: Recipe) -> str:
    """Return how the telling wording differs from the plain one."""
    ours, plain = problem.cases(recipe), problem.cases(plainer)
    assert ours is not None
    assert plain is not None
    old, new = _middle((plain[1] or plain[0]).text, (ours[1] or ours[0]).text)
    return f"wording {shape(old)!r} → {shape(new)!r}"


def _middle(before: str, after: str) -> tuple[str, str]:
    """Return the words in which two texts differ, between what they share at both ends."""
    a, b = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return "".join(a[start : len(a) - end]).strip(), "".join(b[start : len(b) - end]).strip()


def nearest(case: Case, others: Iterable[Case]) -> Case | None:
    """Return the case whose text differs least from another's."""
    return min(others, key=lambda o: (_distance(case.text, o.text), o.id), default=None)


def _distance(a: str, b: str) -> int:
    """Return how many characters lie between what two texts share at both ends."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return len(a) + len(b) - 2 * (start + end)
