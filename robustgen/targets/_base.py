"""What targets share: a plain callable as a Target, and turning whatever a system returns into a Response."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from robustgen.core.case import Case, canonical
from robustgen.core.report import visible
from robustgen.core.verdict import Response

__all__ = ["ALL", "CallTarget", "as_response", "failure"]

ALL = frozenset({"answer", "label", "null", "ask", "refuse", "text"})
"""What a target can express when it says nothing else."""
_PLAIN = (str, int, float, Decimal, date, bool)


def failure(error: str, detail: object = "", elapsed: float = 0.0) -> Response:
    """Return a response that says why there is none."""
    return Response(error=error, detail=visible(str(detail)[:500]), elapsed=elapsed)


def as_response(value: Any, elapsed: float) -> Response:
    """Return what a system gave as a response; an unusable type is an error, None is an answer that says nothing."""
    if isinstance(value, Response):
        return msgspec.structs.replace(value, elapsed=value.elapsed or elapsed)
    if value is None:
        return Response(data={"status": "ask"}, elapsed=elapsed)
    if isinstance(value, str):
        return Response(text=value, elapsed=elapsed) if value.strip() else failure("empty", "an empty text", elapsed)
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN is the only value unequal to itself
        return failure("bad_response", "not a number (NaN)", elapsed)
    if isinstance(value, (bool, int, float, Decimal, date, datetime)):
        return Response(data={"status": "answer", "value": canonical(Decimal(str(value)) if isinstance(value, float) else value)}, elapsed=elapsed)
    if isinstance(value, Mapping):
        return Response(data={str(k): canonical(v) for k, v in value.items()}, elapsed=elapsed)
    if isinstance(value, (list, tuple, set, frozenset)) and all(isinstance(v, _PLAIN) for v in value):
        return Response(data={"status": "answer", "value": [canonical(v) for v in value]}, elapsed=elapsed)
    return failure("bad_response", f"returned {type(value).__name__}; return text, a number, a mapping, a list or None", elapsed)


class CallTarget:
    """A function as a target; a function that is not async runs in a thread."""

    def __init__(
        self, fn: Callable[[Case], Any | Awaitable[Any]], *, can: frozenset[str] = ALL, answers: Callable[[Case], bool] | None = None, name: str = ""
    ) -> None:
        """``answers`` tells which cases the system can be asked at all."""
        self._fn, self.can, self.name = fn, can, name
        self.answers = answers
        self._is_async = asyncio.iscoroutinefunction(fn)

    def __repr__(self) -> str:
        """Show the name only."""
        return f"CallTarget({self.name!r})"

    async def __call__(self, case: Case) -> Response:
        """Answer one case; what the function raises becomes an error response."""
        start = time.perf_counter()
        try:
            value = await self._fn(case) if self._is_async else await asyncio.to_thread(self._fn, case)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            return failure("raised", f"{type(error).__name__}: {error}", time.perf_counter() - start)
        return as_response(value, time.perf_counter() - start)

    async def close(self) -> None:
        """Hold nothing."""
