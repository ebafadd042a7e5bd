"""The engine: families of cases are asked concurrently, answers journalled, judged, and announced as events.

It knows neither packs nor vendors: families come from an iterator, answers from a target, meaning from ``read`` and the oracles.
What the ledger already holds is not asked again, so a run that was killed goes on where it stood. Families are taken from the
iterator only as fast as requests leave, so memory depends on what is in flight and not on how long a run is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence

from robustgen.campaign.ask import Asker, Place
from robustgen.campaign.cache import Cache
from robustgen.campaign.judge import Judge
from robustgen.campaign.ledger import Ledger
from robustgen.campaign.limits import Limits
from robustgen.campaign.redact import Redactor
from robustgen.campaign.turns import follow_up
from robustgen.core.case import Case
from robustgen.core.events import Event, Judged
from robustgen.core.plugins import Target
from robustgen.core.verdict import Reply, Response, Trial, Verdict

__all__ = ["Family", "Judge", "Limits", "Run"]

Family = tuple[Case | None, list[Case]]
OnJudged = Callable[[Case, Case | None, Trial, list[Verdict]], None]
CROWD = 200
"""From so many in flight on, the first ones leave together."""
AHEAD = 16
"""Requests that wait beside those in flight."""


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
        attempted: Callable[[Response], None] = lambda response: None,
        redactor: Redactor | None = None,
        cache: Cache | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``judged`` gets every judged case with its trial; ``tell`` hears the events, ``attempted`` every attempt."""
        self.judge, self.ledger, self.limits, self._judged, self._tell = judge, ledger, limits, judged, tell
        self.asker = Asker(target, ledger, limits, tell=tell, attempted=attempted, redactor=redactor, cache=cache, now=now)
        self._pending = 0
        self._room = asyncio.Event()
        self._broken: BaseException | None = None

    @property
    def stopped(self) -> str:
        """Why nothing more is asked; empty while it goes on."""
        return self.asker.stopped

    @property
    def requests(self) -> int:
        """How many requests left, repeated attempts included."""
        return self.asker.spend.requests

    async def go(self, families: Iterable[Family]) -> None:
        """Ask and judge everything; bounded in what is held at once."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.limits.seconds if self.limits.seconds else float("inf")
        tasks: set[asyncio.Task[None]] = set()
        crowd = min(self.limits.concurrency, self.limits.budget.requests or self.limits.concurrency)
        if crowd >= CROWD and not self.limits.load and not self.limits.rate:
            self.asker.begin.clear()

        def ended(task: asyncio.Task[None]) -> None:
            tasks.discard(task)
            if not task.cancelled() and task.exception() is not None:
                self._broken = self._broken or task.exception()
            self._room.set()

        try:
            for base, variants in families:
                if self.stopped or self._broken or loop.time() >= end:
                    break
                task = loop.create_task(self._family(base, variants))
                tasks.add(task)
                task.add_done_callback(ended)
                await asyncio.sleep(0)
                if self._pending >= crowd:
                    self.asker.begin.set()
                while self._pending >= self.limits.concurrency + AHEAD and not self._broken:
                    self._room.clear()
                    await self._room.wait()
            self.asker.begin.set()
            while tasks and not self._broken:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if self._broken:
                raise self._broken
        finally:
            self.asker.begin.set()
            left = list(tasks)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            self.ledger.flush()

    async def _family(self, base: Case | None, variants: Sequence[Case]) -> None:
        everyone = [*([base] if base is not None and base.id not in {v.id for v in variants} else []), *variants]
        asked = await self._all(everyone)
        if self.stopped and any(r.error == "stopped" for a in asked for r in a):
            return
        read = {c.id: [self.judge.read(c, r) for r in a] for c, a in zip(everyone, asked, strict=True)}
        for case in variants:
            clean = base if base is not None and base.id != case.id else None
            self._speak(case, clean, read[case.id], read[clean.id] if clean else [])
        if self.limits.turns > 1:
            for case in variants:
                await self._second_turn(case, base, read[case.id])

    def _speak(self, case: Case, clean: Case | None, replies: list[Reply], clean_replies: list[Reply]) -> None:
        trial = self.judge.trial_of(case, replies, clean, clean_replies)
        verdicts = self.judge.verdicts(trial)
        self._judged(case, clean, trial, verdicts)
        self._tell(Judged(case=case.id, verdicts=verdicts))

    async def _second_turn(self, case: Case, base: Case | None, replies: Sequence[Reply]) -> None:
        """Answer a clarifying question from the facts and judge what comes then."""
        following = follow_up(case, base, replies[0])
        if following is None:
            return
        (responses,) = await self._all([following])
        if not any(r.error == "stopped" for r in responses):
            self._speak(following, None, [self.judge.read(following, r) for r in responses], [])

    async def _all(self, cases: Sequence[Case]) -> list[list[Response]]:
        """Return the responses of each case, every repetition."""
        repeat = self.limits.repeat
        self._pending += len(cases) * repeat
        if len(cases) == repeat == 1:
            return [[await self._counted(cases[0], 0)]]
        flat = await asyncio.gather(*(self._counted(c, i) for c in cases for i in range(repeat)))
        return [list(flat[n * repeat : (n + 1) * repeat]) for n in range(len(cases))]

    async def _counted(self, case: Case, repetition: int) -> Response:
        try:
            return await self.asker.ask(case, repetition)
        finally:
            self._pending -= 1
            self._room.set()

    async def ask(self, case: Case, repetition: int, gate: Place | None = None) -> Response:
        """Return a response from the ledger, from a request under way, or from the target."""
        return await self.asker.ask(case, repetition, gate)
