"""A clock that a test owns: an event loop whose time jumps to the next timer when nothing else is to be done."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing but real events; waiting moves the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        """Return what is ready; time that would be waited is taken as gone."""
        found = super().select(0 if timeout is not None else 0.05)
        if not found and timeout:
            self.passed += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on a clock that jumps."""

    START = 1_700_000_000.0

    def __init__(self) -> None:
        """Start the clock at zero."""
        self.jumping = _Jumping()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Return the seconds that have passed on the clock."""
        return self.jumping.passed

    def wall(self) -> float:
        """Return the time of day that goes with it."""
        return self.START + self.jumping.passed
