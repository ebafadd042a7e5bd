"""The engine: families of cases are asked concurrently, answers journalled, judged, and announced as events.

It knows neither packs nor vendors: families come from an iterator, answers from a target, meaning from ``read`` and the oracles.
What the ledger already holds is not asked again, so a run that was killed goes on where it stood.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from robustgen.campaign.ledger import Ledger
from robustgen.campaign.pace import Limiter
from robustgen.core.case import Case, Effect, exact_text
from robustgen.core.events import Answered, Asked, Event, Judged
from robustgen.core.language import Language
from robustgen.core.plugins import OracleSpec, Target
from robustgen.core.verdict import Bound, Outcome, Reply, Response, Trial, Verdict

__all__ = ["Family", "Judge", "Limits", "Run"]

Family = tuple[Case | None, list[Case]]
Read = Callable[[Case, Response], Reply]
OnJudged = Callable[[Case, Case | None, Trial, list[Verdict]], None]
RETRIED = ("timeout", "connection", "rate_limited", "http_500", "http_502", "http_503", "http_504", "http_529")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How hard a target may be pushed; times in seconds."""

    concurrency: int = 20
    rate: float = 0.0
    timeout: float = 60.0
    retries: int = 2
    repeat: int = 1
    budget: int = 0


class Judge:
    """Reads answers and applies oracles; an oracle that raises gives an error verdict."""

    def __init__(
        self,
        oracles: Sequence[OracleSpec],
        read: Read,
        *,
        can: frozenset[str],
        language: Callable[[str], Language] | None = None,
        severity: Callable[[Case, Verdict], Verdict] = lambda case, verdict: verdict,
        bounds: Callable[[Case], Mapping[str, Sequence[Bound]]] = lambda case: {},
        seen: Mapping[str, str] | None = None,
        met: Callable[[Case], None] = lambda case: None,
    ) -> None:
        """``can`` is what the target can express; ``severity`` lets a pack grade a verdict, ``bounds`` says what is asked of an oracle.

        ``seen`` maps identifiers of the run's cases to their families; ``met`` hears of every case, to fill it.
        """
        self.oracles, self.read, self.can, self._language, self._severity = oracles, read, can, language, severity
        self._bounds, self._seen, self._met = bounds, seen if seen is not None else {}, met

    def trial(self, case: Case, responses: Sequence[Response], base: Case | None, base_responses: Sequence[Response]) -> Trial:
        """Return what the oracles see."""
        self._met(case)
        return Trial(
            case=case,
            replies=[self.read(case, r) for r in responses],
            base=base,
            base_replies=[self.read(base, r) for r in base_responses] if base else [],
            can=self.can,
            language=self._language(case.tag) if self._language else None,
            seen=self._seen,
            bounds=self._bounds(case),
        )

    def verdicts(self, trial: Trial) -> list[Verdict]:
        """Return the verdict of every oracle that concerns the case: of its effect, and of all domains or of its own."""
        effect, domain = trial.case.effect, trial.case.domain
        return [
            self.one(spec, trial)
            for spec in self.oracles
            if (effect in spec.effects or effect is Effect.preserves) and (not spec.domain or spec.domain == domain)
        ]

    def one(self, spec: OracleSpec, trial: Trial) -> Verdict:
        """Return one oracle's verdict, graded by the case's pack."""
        try:
            verdict = spec.fn(trial)
            if verdict.outcome is Outcome.skip:
                return verdict
            if spec.regulations and not verdict.regulations:
                verdict = msgspec.structs.replace(verdict, regulations=list(spec.regulations))
            return self._severity(trial.case, verdict)
        except Exception as error:
            return Verdict(oracle=spec.name, outcome=Outcome.error, severity=spec.severity, why=f"the oracle raised {type(error).__name__}: {error}")


class Run:
    """One pass over the families."""

    def __init__(
        self,
        target: Target,
        judge: Judge,
        ledger: Ledger,
        limits: Limits,
        *,
        judged: OnJudged = lambda case, base, trial, verdicts: None,
        tell: Callable[[Event], None] = lambda event: None,
    ) -> None:
        """``judged`` gets every judged case with its trial; ``tell`` hears the events."""
        self.target, self.judge, self.ledger, self.limits, self._judged, self._tell = target, judge, ledger, limits, judged, tell
        self.limiter = Limiter(limits.rate)
        self.known: dict[str, Response] = {}
        self.requests = 0
        self.stopped = ""
        self._asking: dict[str, asyncio.Future[Response]] = {}
        self._jitter = random.Random(0)
        for record in ledger.records("answered"):
            if record.body is not None:
                self.known[record.key] = msgspec.json.decode(record.body, type=Response)

    async def go(self, families: Iterable[Family]) -> None:
        """Ask and judge everything; bounded in what is held at once."""
        gate = asyncio.Semaphore(self.limits.concurrency)
        waiting: set[asyncio.Task[None]] = set()
        feed: Iterator[Family] = iter(families)
        try:
            for base, variants in feed:
                if self.stopped:
                    break
                waiting.add(asyncio.create_task(self._family(base, variants, gate)))
                if len(waiting) >= max(2, self.limits.concurrency):
                    done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                    for task in done:
                        task.result()
            for task in waiting:
                await task
        finally:
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            self.ledger.flush()

    async def _family(self, base: Case | None, variants: Sequence[Case], gate: asyncio.Semaphore) -> None:
        everyone = [*([base] if base is not None and base.id not in {v.id for v in variants} else []), *variants]
        asked = await asyncio.gather(*(self.ask_all(c, gate) for c in everyone))
        answers = {c.id: a for c, a in zip(everyone, asked, strict=True)}
        if self.stopped and any(r.error == "stopped" for a in asked for r in a):
            return
        for case in variants:
            clean = base if base is not None and base.id != case.id else None
            trial = self.judge.trial(case, answers[case.id], clean, answers[clean.id] if clean else [])
            verdicts = self.judge.verdicts(trial)
            self._judged(case, clean, trial, verdicts)
            self._tell(Judged(case=case.id, verdicts=verdicts))

    async def ask_all(self, case: Case, gate: asyncio.Semaphore) -> list[Response]:
        """Return every repetition's response."""
        return list(await asyncio.gather(*(self.ask(case, i, gate) for i in range(self.limits.repeat))))

    async def ask(self, case: Case, repetition: int, gate: asyncio.Semaphore) -> Response:
        """Return a response from the ledger, from a request under way, or from the target."""
        key = f"{case.id}/{repetition}"
        if key in self.known:
            return self.known[key]
        if key in self._asking:
            return await asyncio.shield(self._asking[key])
        future: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._asking[key] = future
        try:
            async with gate:
                response = await self._request(case, key)
            future.set_result(response)
        except BaseException:
            future.cancel()
            raise
        finally:
            del self._asking[key]
        return response

    async def _request(self, case: Case, key: str) -> Response:
        if self.limits.budget and self.requests >= self.limits.budget:
            self.stopped = "budget"
        if self.stopped:
            return Response(error="stopped", detail=self.stopped)
        self.ledger.append("asked", key, msgspec.json.encode(case, enc_hook=exact_text))
        self._tell(Asked(case=case.id, repetition=int(key.rpartition("/")[2])))
        response = Response(error="stopped")
        for attempt in range(1, self.limits.retries + 2):
            await self.limiter.acquire()
            self.requests += 1
            response = await self._once(case)
            response = msgspec.structs.replace(response, attempts=attempt)
            if response.error not in RETRIED or attempt > self.limits.retries:
                break
            await asyncio.sleep(min(0.25 * 2**attempt, 30.0) * (0.5 + self._jitter.random()))
        self.known[key] = response
        self.ledger.append("answered", key, msgspec.json.encode(response, enc_hook=exact_text))
        self._tell(Answered(case=case.id, repetition=int(key.rpartition("/")[2]), response=response))
        return response

    async def _once(self, case: Case) -> Response:
        try:
            return await asyncio.wait_for(self.target(case), self.limits.timeout)
        except TimeoutError:
            return Response(error="timeout", detail=f"no answer in {self.limits.timeout:g} s", elapsed=self.limits.timeout)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            return Response(error="raised", detail=f"{type(error).__name__}: {error}"[:300])
