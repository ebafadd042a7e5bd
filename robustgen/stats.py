"""Exact and closed-form statistics of rates: intervals and paired comparison, without dependencies."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, sqrt

__all__ = ["clopper_pearson", "mcnemar", "pass_hat_k", "sample_size", "wilson"]

Z95 = 1.959963984540054


def wilson(failed: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return Wilson's score interval of a rate (Wilson, JASA 1927); (0, 1) when nothing was observed."""
    if not n:
        return 0.0, 1.0
    p = failed / n
    middle = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def _tail(k: int, n: int, p: float) -> float:
    """Return P(X >= k) of a binomial."""
    return float(sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)))


def clopper_pearson(failed: int, n: int, alpha: float = 0.05) -> tuple[float, float]:
    """Return the exact interval of a rate (Clopper and Pearson, Biometrika 1934), by bisection; n up to about 1,000."""
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
    return float(min(1.0, 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n))


def pass_hat_k(right: int, n: int, k: int) -> float:
    """Return the unbiased chance that k independent repetitions are all right, from ``right`` of n (pass^k of tau-bench, 2024)."""
    return comb(right, k) / comb(n, k) if n >= k > 0 else 0.0


def sample_size(margin: float, p: float = 0.5, z: float = Z95) -> int:
    """Return how many cases a 95 % margin of a rate needs, e.g. 2401 for 0.02."""
    n = z * z * p * (1 - p) / (margin * margin)
    return int(n) + (n > int(n))
