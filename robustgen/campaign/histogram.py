"""Latencies in logarithmic buckets: any number of values in little memory, every percentile within half a percent, mergeable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil, floor, log

__all__ = ["Histogram"]

GROWTH = 1.01
_STEP = log(GROWTH)
_LEAST = 1e-6
PERCENTILES = (50, 95, 99, 99.9)


class Histogram:
    """Counts values in buckets whose borders grow by one percent; the smallest and largest value are kept exactly."""

    def __init__(self, values: Iterable[float] = ()) -> None:
        """Start with some values."""
        self._buckets: Counter[int] = Counter()
        self.count, self.least, self.most = 0, float("inf"), 0.0
        for value in values:
            self.add(value)

    def add(self, value: float) -> None:
        """Count one value; what is below a microsecond counts as a microsecond."""
        self.count += 1
        self.least, self.most = min(self.least, value), max(self.most, value)
        bucket = floor(log(value / _LEAST) / _STEP) if value > _LEAST else 0
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1

    def merge(self, other: Histogram) -> None:
        """Add another one's counts."""
        self._buckets.update(other._buckets)
        self.count += other.count
        self.least, self.most = min(self.least, other.least), max(self.most, other.most)

    def at(self, percent: float) -> float:
        """Return the value that ``percent`` of the values do not exceed (nearest rank); 0 when there is none."""
        rank = max(1, ceil(self.count * percent / 100 - 1e-9))
        seen = 0
        for bucket in sorted(self._buckets):
            seen += self._buckets[bucket]
            if seen >= rank:
                middle: float = _LEAST * GROWTH ** (bucket + 0.5)
                return min(max(middle, self.least), self.most)
        return 0.0

    def summary(self) -> dict[str, float]:
        """Return p50, p95, p99 and p99.9 in seconds; empty when nothing was counted."""
        return {f"p{p:g}": self.at(p) for p in PERCENTILES} if self.count else {}
