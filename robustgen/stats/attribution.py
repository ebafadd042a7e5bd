"""What failures depend on: a ridge-regularised logistic model over all factors at once, with intervals and controlled discoveries.

Rates by one factor at a time mislead where factors go together (a perturbation that one language alone has). The model gives every
level of every factor an odds ratio of the cases that have it against those that have not, the other factors held equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import erfc, exp, sqrt
from typing import Any

import msgspec

from robustgen.errors import MissingExtra
from robustgen.stats.closed import Z95, benjamini_hochberg

__all__ = ["Effect", "attribute"]

RIDGE = 1.0
"""Weight of the penalty: a normal prior of variance 1 on every log odds ratio."""
FEWEST = 5
"""Levels met less often say nothing."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One level of one factor: its odds ratio with a 95 % interval, the p-value, and the same under control of false discoveries."""

    factor: str
    level: str
    odds: float
    low: float
    high: float
    p: float
    q: float
    judged: int
    failed: int


def _numpy() -> tuple[Any, Any]:
    try:
        import numpy as np
        from scipy.optimize import minimize
    except ImportError:
        raise MissingExtra("attribution of failures", "stats") from None
    return np, minimize


def _levels(rows: Sequence[Mapping[str, str | Iterable[str]]]) -> dict[tuple[str, str], list[int]]:
    """Return every level with the rows that have it; a factor may have several levels in one row."""
    found: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        for factor, given in row.items():
            for level in [given] if isinstance(given, str) else given:
                found.setdefault((factor, level), []).append(i)
    return found


def attribute(rows: Sequence[Mapping[str, str | Iterable[str]]], failed: Sequence[bool], *, ridge: float = RIDGE) -> list[Effect]:
    """Return the effect of every level, the most certain first; raises ``MissingExtra`` without scipy.

    ``rows`` are the factors of each judged case, such as ``{"language": "xx", "kind": ["noisy"]}``. Levels that every case has, or
    hardly any, are left out. Intervals are those of the normal approximation at the penalised optimum.
    """
    numpy, minimize = _numpy()
    levels = {k: v for k, v in _levels(rows).items() if FEWEST <= len(v) < len(rows)}
    if not levels or not any(failed) or all(failed):
        return []
    x = numpy.zeros((len(rows), len(levels) + 1))
    x[:, 0] = 1.0
    for column, members in enumerate(levels.values(), 1):
        x[members, column] = 1.0
    x[:, 1:] -= x[:, 1:].mean(axis=0)
    y = numpy.asarray(failed, dtype=float)
    penalty = numpy.full(x.shape[1], ridge)
    penalty[0] = 1e-9

    def loss(w: Any) -> tuple[float, Any]:
        z = x @ w
        value = numpy.logaddexp(0, z).sum() - y @ z + 0.5 * (penalty * w * w).sum()
        return float(value), x.T @ (1 / (1 + numpy.exp(-z)) - y) + penalty * w

    found = minimize(loss, numpy.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-8})
    chance = 1 / (1 + numpy.exp(-(x @ found.x)))
    information = (x * (chance * (1 - chance))[:, None]).T @ x + numpy.diag(penalty)
    covariance = numpy.linalg.inv(information)
    contrasts = numpy.array(_contrasts(list(levels), x))
    errors = numpy.sqrt(((contrasts @ covariance) * contrasts).sum(axis=1))
    return _effects(levels, (contrasts @ found.x).tolist(), errors.tolist(), failed)


def _contrasts(levels: Sequence[tuple[str, str]], x: Any) -> list[Any]:
    """Return, for every level, the mean of its factor's columns where it stands less the mean where it does not: levels of one factor
    move together, so that only such differences are known well.
    """
    made = []
    for column, (factor, _) in enumerate(levels, 1):
        has = x[:, column] > 0
        difference = x[has].mean(axis=0) - x[~has].mean(axis=0)
        difference[0] = 0.0
        for other, (name, _) in enumerate(levels, 1):
            if name != factor:
                difference[other] = 0.0
        made.append(difference)
    return made


def _effects(levels: Mapping[tuple[str, str], list[int]], weights: Sequence[float], errors: Sequence[float], failed: Sequence[bool]) -> list[Effect]:
    """Return the model's weights as odds ratios."""
    p_values = [erfc(abs(w) / e / sqrt(2)) for w, e in zip(weights, errors, strict=True)]
    made = [
        Effect(
            factor=factor,
            level=level,
            odds=exp(w),
            low=exp(w - Z95 * e),
            high=exp(w + Z95 * e),
            p=p,
            q=q,
            judged=len(members),
            failed=sum(bool(failed[i]) for i in members),
        )
        for ((factor, level), members), w, e, p, q in zip(levels.items(), weights, errors, p_values, benjamini_hochberg(p_values), strict=True)
    ]
    return sorted(made, key=lambda m: (m.p, m.factor, m.level))
