"""A running campaign on the terminal: rate, in flight, errors, findings, time left, spend; plain lines where it is no terminal."""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from robustgen.core.case import exact_text
from robustgen.core.events import Answered, Asked, Finished, Judged, Retried
from robustgen.core.verdict import Outcome

if TYPE_CHECKING:
    from rich.text import Text

    from robustgen.campaign.session import Session

__all__ = ["Live", "stream_events"]

EVERY = 10.0
"""Seconds between two plain lines."""
WINDOW = 10.0
"""Seconds over which the rate is taken."""


class Live:
    """Counts what it hears and says it in one line."""

    def __init__(self, total: int, seconds: float = 0.0, *, clock: Callable[[], float] = time.monotonic) -> None:
        """``total`` are the cases to judge, ``seconds`` the time that a run by the clock has."""
        self.total, self.seconds, self._clock = total, seconds, clock
        self.judged = self.failed = self.answered = self.open = self.retried = 0
        self.errors: Counter[str] = Counter()
        self.ended = ""
        self.spend: Callable[[], dict[str, Any]] = dict
        self._start = clock()
        self._recent: deque[float] = deque()

    def hear(self, event: Any) -> None:
        """Take one event."""
        if isinstance(event, Asked):
            self.open += 1
        elif isinstance(event, Answered):
            self.open -= 1
            self.answered += 1
            self._recent.append(self._clock())
            if event.response.error:
                self.errors[event.response.error] += 1
        elif isinstance(event, Judged):
            self.judged += 1
            self.failed += any(v.outcome is Outcome.failed for v in event.verdicts)
        elif isinstance(event, Retried):
            self.retried += 1
        elif isinstance(event, Finished):
            self.ended = event.why

    def rate(self) -> float:
        """Return answers a second of late."""
        now = self._clock()
        while self._recent and self._recent[0] < now - WINDOW:
            self._recent.popleft()
        return len(self._recent) / max(0.1, min(WINDOW, now - self._start))

    def line(self) -> str:
        """Return how things stand."""
        passed = self._clock() - self._start
        parts = [f"{self.judged}/{self.total} judged" if not self.seconds else f"{self.judged} judged", f"{self.rate():.1f}/s", f"{self.open} in flight"]
        parts.append(f"{self.failed} failing")
        if self.errors:
            parts.append(f"{sum(self.errors.values())} errors ({', '.join(f'{k} {n}' for k, n in self.errors.most_common(3))})")
        if self.retried:
            parts.append(f"{self.retried} retries")
        if self.seconds:
            left = self.seconds - passed
        else:
            left = (self.total - self.judged) * passed / self.judged if self.judged else 0.0
        parts.append("shrinking" if not self.seconds and self.judged >= self.total else f"{_time(max(0.0, left))} left")
        spent = self.spend()
        if spent.get("money"):
            parts.append(f"{float(spent['money']):.2f} {spent['currency']}")
        elif spent.get("tokens_out"):
            parts.append(f"{spent['tokens_in'] + spent['tokens_out']:,} tokens")
        return "  ".join(parts)

    def __rich__(self) -> Text:
        """Return the line for rich, which asks again and again."""
        from rich.text import Text

        return Text(self.line(), style="cyan", no_wrap=True, overflow="ellipsis")

    @contextmanager
    def shown(self, session: Session, *, quiet: bool = False) -> Iterator[None]:
        """Show the run on standard error while it lasts."""
        self.spend = lambda: session.run.asker.spend.summary() if session.run else {}
        if quiet:
            yield
        elif sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live as RichLive

            with RichLive(self, console=Console(stderr=True), refresh_per_second=4, transient=True):
                yield
        else:
            with _plainly(self):
                yield


@contextmanager
def _plainly(live: Live) -> Iterator[None]:
    """Write a line now and then from a thread of its own."""
    import threading

    over = threading.Event()

    def tell() -> None:
        while not over.wait(EVERY):
            sys.stderr.write(live.line() + "\n")
            sys.stderr.flush()

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def stream_events(event: Any) -> None:
    """Write an event as one line of JSON to standard output."""
    sys.stdout.write(msgspec.json.encode(event, enc_hook=exact_text).decode("utf-8", "replace") + "\n")


def _time(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}" if whole >= 3600 else f"{whole // 60}:{whole % 60:02}"
