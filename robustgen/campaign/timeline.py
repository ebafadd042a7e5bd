"""Availability, latency and error classes over time and by region: a fixed number of windows, however long a run goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from robustgen.campaign.histogram import Histogram
from robustgen.core.verdict import Outcome, Response

__all__ = ["Timeline"]

MOST = 96
"""Windows kept; when they do not suffice, two become one."""


class Window:
    """One stretch of time, or one region."""

    def __init__(self) -> None:
        """Start empty."""
        self.asked = self.answered = self.passed = self.failed = 0
        self.errors: Counter[str] = Counter()
        self.latency, self.first = Histogram(), Histogram()

    def response(self, response: Response) -> None:
        """Count one attempt; latency runs from the moment when the request was meant to leave."""
        self.asked += 1
        if response.error:
            self.errors[response.error] += 1
            return
        self.answered += 1
        self.latency.add(response.elapsed + response.delay)
        if response.first:
            self.first.add(response.first)

    def merge(self, other: Window) -> None:
        """Add another one."""
        self.asked += other.asked
        self.answered += other.answered
        self.passed += other.passed
        self.failed += other.failed
        self.errors.update(other.errors)
        self.latency.merge(other.latency)
        self.first.merge(other.first)

    def summary(self) -> dict[str, Any]:
        """Return the figures for a report."""
        made: dict[str, Any] = {"asked": self.asked, "availability": self.answered / self.asked if self.asked else 0.0, **self.latency.summary()}
        if self.first.count:
            made |= {f"first_{k}": v for k, v in self.first.summary().items()}
        return made | {"passed": self.passed, "failed": self.failed, "errors": dict(self.errors.most_common())}


class Timeline:
    """Hears every attempt and every judgement."""

    def __init__(self, width: float = 60.0) -> None:
        """``width`` is the first width of a window in seconds."""
        self.width = width
        self.regions: dict[str, Window] = {}
        self._start: float | None = None
        self._windows: dict[int, Window] = {}

    def attempt(self, response: Response) -> None:
        """Count one attempt at the time at which it left."""
        self._at(response.at).response(response)
        self._region(response.region).response(response)

    def judged(self, response: Response, outcome: Outcome) -> None:
        """Count one judged case with its first response; what is unsure or an error is neither passed nor failed."""
        for window in (self._at(response.at), self._region(response.region)):
            window.passed += outcome is Outcome.passed
            window.failed += outcome is Outcome.failed

    def _region(self, name: str) -> Window:
        found = self.regions.get(name)
        if found is None:
            found = self.regions[name] = Window()
        return found

    def _at(self, at: float) -> Window:
        if self._start is None:
            self._start = at
        index = int(max(0.0, at - self._start) // self.width)
        while index >= MOST:
            halved: dict[int, Window] = {}
            for i, old in self._windows.items():
                halved.setdefault(i // 2, Window()).merge(old)
            self._windows, self.width = halved, self.width * 2
            index = int(max(0.0, at - self._start) // self.width)
        window = self._windows.get(index)
        if window is None:
            window = self._windows[index] = Window()
        return window

    def by_region(self) -> list[Mapping[str, Any]]:
        """Return the figures of each region, by name; a run without regions has one line without name."""
        return [{"region": name, **window.summary()} for name, window in sorted(self.regions.items())]

    def by_time(self) -> list[Mapping[str, Any]]:
        """Return the figures of each window that anything happened in, in order."""
        made: list[Mapping[str, Any]] = []
        for index, window in sorted(self._windows.items()):
            at = datetime.fromtimestamp((self._start or 0.0) + index * self.width, timezone.utc)
            made.append({"from": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "seconds": self.width, **window.summary()})
        return made
