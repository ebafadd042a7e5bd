"""t-way coverage of choices: few rows that contain every allowed combination of t values, and a verifier that counts them.

Greedy (after AETG): each row takes the uncovered combination that stands first and is filled with the values that cover most.
What is claimed is always counted by ``verify``, which shares no code with the construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product

__all__ = ["Row", "cover", "verify"]

Row = dict[str, str]
Forbid = Callable[[Mapping[str, str]], bool]
"""Tells that a partial row can never be part of an allowed one."""


def cover(factors: Mapping[str, Sequence[str]], strength: int = 2, forbid: Forbid | None = None) -> list[Row]:
    """Return rows that cover every allowed combination of ``strength`` values."""
    banned = forbid or (lambda row: False)
    names = list(factors)
    left: dict[tuple[tuple[str, str], ...], None] = dict.fromkeys(_tuples(factors, strength, banned))
    rows: list[Row] = []
    while left:
        seed = next(iter(left))
        row = _fill(dict(seed), names, factors, left, strength, banned)
        if row is None:
            del left[seed]
            continue
        rows.append(row)
        for t in _of(row, names, strength):
            left.pop(t, None)
    return rows


def _tuples(factors: Mapping[str, Sequence[str]], strength: int, banned: Forbid) -> Iterator[tuple[tuple[str, str], ...]]:
    for names in combinations(factors, min(strength, len(factors))):
        for values in product(*(factors[n] for n in names)):
            made = tuple(zip(names, values, strict=True))
            if not banned(dict(made)):
                yield made


def _of(row: Row, names: Sequence[str], strength: int) -> Iterator[tuple[tuple[str, str], ...]]:
    for chosen in combinations([n for n in names if n in row], min(strength, len(names))):
        yield tuple((n, row[n]) for n in chosen)


def _fill(
    row: Row, names: Sequence[str], factors: Mapping[str, Sequence[str]], left: Mapping[tuple[tuple[str, str], ...], None], strength: int, banned: Forbid
) -> Row | None:
    """Complete a row with the values that cover most, backtracking where a constraint forbids; None when impossible."""
    open_names = [n for n in names if n not in row]
    if not open_names:
        return row
    name = open_names[0]

    def gain(value: str) -> int:
        trial = row | {name: value}
        others = [n for n in names if n in row]
        found = 0
        for chosen in combinations(others, strength - 1):
            key = tuple((n, trial[n]) for n in names if n in chosen or n == name)
            found += key in left
        return -found

    for value in sorted(factors[name], key=gain):
        trial = row | {name: value}
        if banned(trial):
            continue
        made = _fill(trial, names, factors, left, strength, banned)
        if made is not None:
            return made
    return None


def verify(rows: Sequence[Row], factors: Mapping[str, Sequence[str]], strength: int = 2, forbid: Forbid | None = None) -> tuple[int, int]:
    """Return (covered, feasible) combinations, counted from scratch."""
    seen = {frozenset(c) for row in rows for c in combinations(row.items(), strength)}
    covered = feasible = 0
    for chosen in combinations(sorted(factors), strength):
        for values in product(*(factors[n] for n in chosen)):
            partial = dict(zip(chosen, values, strict=True))
            if forbid is not None and not _possible(partial, factors, forbid):
                continue
            feasible += 1
            covered += frozenset(partial.items()) in seen
    return covered, feasible


def _possible(partial: Row, factors: Mapping[str, Sequence[str]], forbid: Forbid) -> bool:
    """Tell whether some whole row contains a partial one."""
    if forbid(partial):
        return False
    free = [n for n in factors if n not in partial]
    if not free:
        return True
    return any(_possible(partial | {free[0]: v}, factors, forbid) for v in factors[free[0]])
