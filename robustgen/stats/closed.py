"""Exact and closed-form statistics of rates: intervals, paired comparison, control of false discoveries, without dependencies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import comb, exp, lgamma, log, log1p, sqrt

__all__ = ["benjamini_hochberg", "clopper_pearson", "mcnemar", "pass_hat_k", "sample_size", "wilson"]

Z95 = 1.959963984540054
TINY = 1e-300
EXACT = 1000
"""Up to this many pairs McNemar's sum is taken over whole numbers."""


def wilson(failed: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's score interval of a rate (Wilson, JASA 1927); (0, 1) when nothing was observed."""
    if not n:
        return 0.0, 1.0
    p = failed / n
    middle = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _beta(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b) by Lentz's continued fraction."""
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(b, a, 1 - x)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d, c = 1 / _away(1 + even * d), _away(1 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d, c = 1 / _away(1 + odd * d), _away(1 + odd / c)
        value *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return front * value


def _away(value: float) -> float:
    """Keep a denominator away from zero."""
    return value if abs(value) > TINY else TINY


def _tail(k: int, n: int, p: float) -> float:
    """Return P(X >= k) of a binomial."""
    return 1.0 if k <= 0 else 0.0 if k > n else _beta(k, n - k + 1, p)


def clopper_pearson(failed: int, n: int, alpha: float = 0.05) -> tuple[float, float]:
    """Return the exact interval of a rate (Clopper and Pearson, Biometrika 1934), by bisection."""
    if not n:
        return 0.0, 1.0
    low = 0.0 if not failed else _bisect(lambda p: _tail(failed, n, p) - alpha / 2)
    high = 1.0 if failed == n else _bisect(lambda p: alpha / 2 - (1 - _tail(failed + 1, n, p)))
    return low, high


def _bisect(rising: Callable[[float], float]) -> float:
    """Return the zero of a rising function on [0, 1]."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if rising(middle) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value of paired outcomes that differ (McNemar 1947, binomial form)."""
    n = only_first + only_second
    if not n:
        return 1.0
    k = min(only_first, only_second)
    if n <= EXACT:
        return min(1.0, float(2 * sum(comb(n, i) for i in range(k + 1)) / 2**n))
    return min(1.0, 2 * (1 - _tail(k + 1, n, 0.5)) if k + 1 > n / 2 else 2 * _tail(n - k, n, 0.5))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return adjusted p-values that control the false discovery rate (Benjamini and Hochberg, JRSS B 1995), in the given order."""
    n = len(p_values)
    order = sorted(range(n), key=lambda i: p_values[i], reverse=True)
    adjusted, smallest = [0.0] * n, 1.0
    for position, i in enumerate(order):
        smallest = min(smallest, p_values[i] * n / (n - position))
        adjusted[i] = smallest
    return adjusted


def pass_hat_k(right: int, n: int, k: int) -> float:
    """Return the unbiased chance that k independent repetitions are all right, from ``right`` of n (pass^k of tau-bench, 2024)."""
    return comb(right, k) / comb(n, k) if n >= k > 0 else 0.0


def sample_size(margin: float, p: float = 0.5, z: float = Z95) -> int:
    """Return how many cases a 95 % margin of a rate needs, e.g. 2401 for 0.02."""
    n = z * z * p * (1 - p) / (margin * margin)
    return int(n) + (n > int(n))
