"""One request from intention to journalled answer: budget, pace, attempts with waits, time limits, breaker, redaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from random import Random

import msgspec

from robustgen.campaign.cache import Cache
from robustgen.campaign.ledger import Ledger
from robustgen.campaign.limits import Limits
from robustgen.campaign.load import arrivals
from robustgen.campaign.pace import Breaker, Gate, Limiter, backoff
from robustgen.campaign.redact import Redactor
from robustgen.campaign.spend import Spend, expected_tokens, usage_of
from robustgen.core.case import Case, exact_text
from robustgen.core.events import Answered, Asked, Event, Retried
from robustgen.core.plugins import Target
from robustgen.core.verdict import Response

__all__ = ["Asker", "Place"]

RETRIED = frozenset({"timeout", "connection", "rate_limited", "http_408", "http_500", "http_502", "http_503", "http_504", "http_529"})
OVERLOADED = frozenset({"rate_limited", "http_503", "http_529"})
UNREACHABLE = frozenset({"timeout", "connection", "http_401", "http_403", "http_404", "http_500", "http_502", "http_503", "http_504", "http_529"})
TOGETHER_MOST = 200
"""So many answers are written in one transaction at most."""
_encode = msgspec.json.Encoder(enc_hook=exact_text).encode
_decode = msgspec.json.Decoder(Response).decode
Place = Gate | asyncio.Semaphore


class Asker:
    """Asks a target under the limits of a run; what the ledger holds is not asked again."""

    def __init__(
        self,
        target: Target,
        ledger: Ledger,
        limits: Limits,
        *,
        tell: Callable[[Event], None] = lambda event: None,
        attempted: Callable[[Response], None] = lambda response: None,
        redactor: Redactor | None = None,
        cache: Cache | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``attempted`` hears every attempt, those repeated too; ``now`` is the wall clock."""
        self.target, self.ledger, self.limits = target, ledger, limits
        self._tell, self._attempted, self._now = tell, attempted, now
        self._redactor, self._cache = redactor or Redactor(environment={}), cache
        clock = _loop_time
        self.limiter = Limiter(limits.rate, tokens=limits.tokens_rate, burst=limits.burst, clock=clock)
        self.gate = Gate(limits.concurrency, adaptive=limits.adaptive, clock=clock)
        self.breaker = Breaker(limits.breaker, rest=0.5, openings=5, clock=clock)
        self.spend = Spend(limits)
        self.stopped = ""
        self.in_flight = 0
        self.begin = asyncio.Event()
        """Nobody leaves while it is not set, so that a load of thousands is there at once and not as fast as cases can be made."""
        self.begin.set()
        self._asking: dict[str, asyncio.Future[Response]] = {}
        self._commit: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._jitter = Random(0)
        self._arrivals: Iterator[float] | None = arrivals(limits.load) if limits.load else None
        self._began: float | None = None
        self._unmeasured: set[str] = set()
        for record in ledger.records("attempt", "answered"):
            if record.body is not None:
                self._remember(record.key, record.kind, _decode(record.body))

    def _remember(self, key: str, kind: str, response: Response) -> None:
        """Count what an earlier part of this run has spent and seen; where the target did not say, once the case is met again."""
        if not response.cached:
            self.spend.requests += 1
            used = usage_of(response.usage)
            self.spend.settle((0, 0), used, answered=False)
            if used is None and kind == "answered" and not response.error:
                self._unmeasured.add(key)
        self._attempted(response)

    async def ask(self, case: Case, repetition: int, gate: Place | None = None) -> Response:
        """Return a response from the ledger, from a request under way, or from the target."""
        key = f"{case.id}/{repetition}"
        known = self.ledger.answer(key)
        if known is not None:
            if key in self._unmeasured:
                self._unmeasured.discard(key)
                self.spend.settle((0, 0), expected_tokens(case, self.limits.max_tokens), answered=True)
            return _decode(known)
        if key in self._asking:
            return await asyncio.shield(self._asking[key])
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._asking[key] = future
        try:
            response = await self._journalled(case, repetition, key, gate or self.gate)
            future.set_result(response)
        except BaseException:
            future.cancel()
            raise
        finally:
            del self._asking[key]
        return response

    async def _journalled(self, case: Case, repetition: int, key: str, gate: Place) -> Response:
        """Ask with a record before and after; a place in flight is held until the answer is on disk."""
        if not self.begin.is_set():
            await self.begin.wait()
        due = await self._due()
        async with gate:
            expected = expected_tokens(case, self.limits.max_tokens)
            cached = self._cache.get(case, repetition) if self._cache else None
            if not self._may(expected if cached is None else None):
                return Response(error="stopped", detail=self.stopped)
            self.ledger.append("asked", key, _encode(case))
            self._tell(Asked(case=case.id, repetition=repetition))
            response = cached if cached is not None else await self._attempts(case, repetition, key, expected, due)
            if response.error == "stopped":
                return response
            self.ledger.append("answered", key, _encode(response))
            if self._cache and cached is None and not response.error:
                self._cache.put(case, repetition, self._redactor.written(response))
            self._attempted(response)
            self._tell(Answered(case=case.id, repetition=repetition, response=response))
            await self._committed()
        return response

    def _may(self, expected: tuple[int, int] | None) -> bool:
        if self.breaker.gave_up and not self.stopped:
            self.stopped = "target"
        if not self.stopped and expected is not None and not self.spend.reserve(expected):
            self.stopped = "budget"
        return not self.stopped

    async def _due(self) -> float | None:
        """Wait for the next arrival of an open-loop profile; returns when the request is meant to leave."""
        if self._arrivals is None:
            return None
        if self._began is None:
            self._began = _loop_time()
        due = self._began + next(self._arrivals)
        if (wait := due - _loop_time()) > 0:
            await asyncio.sleep(wait)
        return due

    async def _attempts(self, case: Case, repetition: int, key: str, expected: tuple[int, int], due: float | None) -> Response:
        limits = self.limits
        end = _loop_time() + limits.total if limits.total else float("inf")
        for attempt in range(1, limits.retries + 2):
            if attempt > 1 and not self.spend.reserve(expected):
                self.stopped = "budget"
                break
            response = await self._attempt(case, attempt, expected, min(limits.timeout, end - _loop_time()), due)
            wait = backoff(attempt, response.retry_after, self._jitter)
            if response.error == "rate_limited" and response.retry_after:
                self.limiter.hold(min(response.retry_after, 60.0))
            last = attempt > limits.retries or response.error not in RETRIED or _loop_time() + wait >= end
            if last or self.stopped or self.breaker.gave_up:
                break
            self.ledger.append("attempt", key, _encode(response))
            self._attempted(response)
            self._tell(Retried(case=case.id, repetition=repetition, attempt=attempt, error=response.error, wait=wait))
            await asyncio.sleep(wait)
        return response

    async def _attempt(self, case: Case, attempt: int, expected: tuple[int, int], seconds: float, due: float | None) -> Response:
        """Send once; timed from when the request was meant to leave where a load profile says so."""
        await self.limiter.acquire(sum(expected))
        await self.breaker.passing()
        left, at = _loop_time(), self._now()
        self.in_flight += 1
        try:
            async with asyncio.timeout(seconds):
                response = await self.target(case)
        except TimeoutError:
            response = Response(error="timeout", detail=f"no answer in {seconds:g} s", elapsed=_loop_time() - left)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            response = Response(error="raised", detail=f"{type(error).__name__}: {error}"[:300])
        finally:
            self.in_flight -= 1
        used = self.spend.settle(expected, usage_of(response.usage), answered=not response.error)
        self.limiter.settle(sum(expected), sum(used))
        self._steer(response.error, _loop_time() - left)
        delay = max(0.0, left - due) if due is not None and attempt == 1 else 0.0
        return self._redactor.response(msgspec.structs.replace(response, attempts=attempt, at=round(at, 3), delay=delay))

    def _steer(self, error: str, elapsed: float) -> None:
        """Let gate and breaker know how an attempt ended."""
        self.breaker.told(ok=error not in UNREACHABLE)
        if error in OVERLOADED:
            self.gate.overloaded(elapsed)
        elif not error:
            self.gate.good()

    async def _committed(self) -> None:
        """Wait until what was appended is on disk; what comes within a moment is written together, at once when nobody else can come."""
        loop = asyncio.get_running_loop()
        self._waiting += 1
        if self._commit is None:
            self._commit = loop.create_future()
            self._timer = loop.call_later(min(0.1, max(0.002, self.gate.limit / 4000)), self._write)
        if self._waiting >= min(int(self.gate.limit), TOGETHER_MOST) and self._timer is not None:
            self._timer.cancel()
            self._timer = None
            loop.call_soon(self._write)
        await asyncio.shield(self._commit)

    def _write(self) -> None:
        future, self._commit, self._timer, self._waiting = self._commit, None, None, 0
        assert future is not None
        try:
            self.ledger.flush()
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(None)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
