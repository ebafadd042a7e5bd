"""A whole campaign: selection, target, run folder, asking, judging, finding, reporting; resumable at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import signal
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from robustgen.campaign.cache import Cache
from robustgen.campaign.calm import calm_collector
from robustgen.campaign.files import need_files
from robustgen.campaign.finding import Failure, find, own_fault
from robustgen.campaign.judging import judge_for
from robustgen.campaign.ledger import Ledger, Rows
from robustgen.campaign.opening import open_target
from robustgen.campaign.redact import Redactor
from robustgen.campaign.results import Tally, with_marks
from robustgen.campaign.run import Family, Limits, Run
from robustgen.campaign.timeline import Timeline
from robustgen.core.case import Case, exact_text
from robustgen.core.events import Event, Finished, Found, Shrunk, Started
from robustgen.core.plugins import ORACLES, OracleSpec, Target
from robustgen.core.report import Report
from robustgen.core.verdict import Finding, Mark, Outcome, Trial, Verdict
from robustgen.errors import UsageError
from robustgen.generate import Generator
from robustgen.generate.build import made_with
from robustgen.generate.trigger import trigger_of

__all__ = ["Session", "open_target"]

SEARCH = 40
"""How many indices are looked at for each case that a narrow target can be asked."""
KEPT = 50
"""Failures of one oracle, task and trigger that are kept whole; more are counted."""
CHECKPOINT = 60.0
"""Seconds between two records of how things stand, for a run that never gets to its end."""
Group = tuple[str, str, str]


class Session:
    """One run in its folder."""

    def __init__(
        self,
        generator: Generator,
        address: str,
        folder: Path,
        *,
        count: int,
        start: int = 0,
        limits: Limits,
        shrink: int = 60,
        options: Mapping[str, Any] | None = None,
        config: Mapping[str, Any] | None = None,
        bounds: Mapping[str, Any] | None = None,
        tell: Callable[[Event], None] = lambda event: None,
        rows: Rows | None = None,
        cache: Path | None = None,
        loop: Callable[[], asyncio.AbstractEventLoop] | None = None,
        now: Callable[[], float] = time.time,
        marks: Mapping[str, Mark] | None = None,
        redact: Collection[str] = (),
    ) -> None:
        """Keep everything; nothing is opened yet. ``rows`` replaces the SQLite file, ``loop`` and ``now`` the clocks; ``marks`` are triage's.

        ``redact`` names what is blotted out of files beside secrets: ``personal``.
        """
        self.generator, self.address, self.folder = generator, address, folder
        self.count, self.start, self.limits, self.shrink = count, start, limits, shrink
        self.options, self._tell, self._rows, self._cache, self._loop, self._now = dict(options or {}), tell, rows, cache, loop, now
        self.config, self.bounds, self._marks = dict(config or {}), dict(bounds or {}), dict(marks or {})
        self.tally = Tally()
        self.timeline = Timeline(limits.seconds / 48 if limits.seconds else 60.0)
        self.failures: list[Failure] = []
        self.run: Run | None = None
        self._met: Counter[Group] = Counter()
        self._personal = "personal" in redact
        self._redactor = Redactor()
        self._specs: dict[str, OracleSpec] = {}

    def go(self) -> Report:
        """Run to the end, or to an interruption; the report is complete in either case."""
        with calm_collector(self.limits.concurrency), asyncio.Runner(loop_factory=self._loop) as runner:
            return runner.run(self._go())

    async def _go(self) -> Report:
        target = await open_target(self.address, self.options)
        cache = Cache(self._cache, self.address, self.options) if self._cache else None
        self._redactor = Redactor(getattr(target, "secrets", ()), personal=self._personal)
        try:
            if getattr(target, "sockets", 0):
                need_files(self.limits.concurrency)
            with Ledger(self._rows or self.folder / "ledger.sqlite", create=True, clean=self._redactor.body) as ledger:
                return await self._with(target, ledger, cache)
        finally:
            await target.close()
            if cache is not None:
                cache.close()

    async def _with(self, target: Target, ledger: Ledger, cache: Cache | None) -> Report:
        self._specs = {s.name: s for _, s in ORACLES.items()}  # only now: the module of a target may bring oracles along
        judge = self._judge = judge_for(target.can, oracles=list(self._specs.values()), bounds=self.bounds, language=self.generator.language)
        self.run = run = Run(
            target,
            judge,
            ledger,
            self.limits,
            judged=self._judged,
            tell=self._tell,
            attempted=self.timeline.attempt,
            redactor=self._redactor,
            cache=cache,
            now=self._now,
        )
        config = self._redactor.data(self.config)
        self._tell(Started(run=self.folder.name, config=config, made_with=self._made_with()))
        started = {"config": config, "made_with": self._made_with(), "by": _user(), "at": self._now(), "sampling": getattr(target, "sampling", {})}
        ledger.append("started", self.folder.name, msgspec.json.encode(started, enc_hook=exact_text))
        main = asyncio.ensure_future(run.go(self.families(target)))
        notes = asyncio.ensure_future(self._checkpoints(run))
        why = "done"
        with _interruptible(main):
            try:
                await main
            except asyncio.CancelledError:
                why = "interrupted"
            finally:
                notes.cancel()
        findings = await find(self.failures, self.generator, run, budget=0 if why == "interrupted" or run.stopped else self.shrink)
        report = with_marks(self._report(run, why, self._counted(findings)), self._marks)
        for finding in report.findings:
            self._tell(Shrunk(finding=finding) if finding.queries else Found(finding=finding))
        self._tell(Finished(why=report.why, totals=dict(report.totals)))
        body = self._redactor.body(msgspec.json.encode(report, enc_hook=exact_text))
        ledger.append("finished", report.why, body)
        if self._personal:
            report = msgspec.json.decode(body, type=Report)
        self._write(report)
        return report

    def _report(self, run: Run, why: str, findings: list[Finding]) -> Report:
        report = self.tally.report(
            run=self.folder.name,
            target=self.address,
            config=self._redactor.data(self.config),
            made_with=self._made_with(),
            findings=findings,
            requests=run.ledger.count("answered"),
            why=run.stopped or why,
        )
        return msgspec.structs.replace(report, regions=self.timeline.by_region(), windows=self.timeline.by_time(), spend=run.asker.spend.summary())

    async def _checkpoints(self, run: Run) -> None:
        """Record how things stand now and then, so that a run that was killed still has a report."""
        while True:
            await asyncio.sleep(max(CHECKPOINT, self.limits.seconds / 48))
            body = msgspec.json.encode(self._report(run, "running", []), enc_hook=exact_text)
            run.ledger.append("checkpoint", self.folder.name, body)

    def _made_with(self) -> dict[str, str]:
        packs = self.generator.selection.domains
        return {f"{k} {n}" if k == "pack_version" else k: v for n in packs for k, v in made_with(n).items() if k != "pack"}

    def families(self, target: Target) -> Iterator[Family]:
        """Yield families of cases that the target can be asked, until enough are emitted; without end where time decides."""
        answers: Callable[[Case], bool] | None = getattr(target, "answers", None)
        emitted, at = 0, self.start
        size = self.generator.size
        count = self.count if not self.limits.seconds else 1 << 62
        while emitted < count:
            if at >= self.start + SEARCH * max(count, 50) or (not emitted and at >= self.start + SEARCH * max(self.count, 50)):
                if not emitted:
                    raise UsageError(f"'{self.address}' can be asked none of the chosen cases", mend="choose other --task or --domain")
                return
            if answers is not None and not self._may_answer(answers, at):
                at += size
                continue
            step = min(size, count - emitted)
            for base, cases in self.generator.families(at, step):
                chosen = cases if answers is None else [c for c in cases if answers(c)]
                if chosen:
                    emitted += len(chosen)
                    yield base, chosen
            at += size

    def _may_answer(self, answers: Callable[[Case], bool], index: int) -> bool:
        base = self.generator.peek(index)
        return base is None or answers(base)

    def _judged(self, case: Case, base: Case | None, trial: Trial, verdicts: list[Verdict]) -> None:
        for reply in trial.replies:
            self.tally.response(reply.response)
        failed = [v for v in verdicts if v.outcome is Outcome.failed]
        obeyed = any(v.oracle == "injection" for v in failed)
        values_failed = any(v.oracle == "value" for v in failed)
        for verdict in failed:
            if (verdict.oracle in {"invariance", "direction"} and values_failed) or (verdict.oracle == "value" and obeyed):
                continue  # one fault, one finding: the more telling oracle speaks
            if own_fault(trial, self._specs[verdict.oracle], self._judge):
                self._keep(case, base, trial, verdict)
        outcome = self.tally.case(case, verdicts)
        if self.run is not None:
            self.run.ledger.append("judged", case.id, msgspec.json.encode(_judgement(case, outcome, failed)))
        self.timeline.judged(trial.reply.response, outcome)

    def _keep(self, case: Case, base: Case | None, trial: Trial, verdict: Verdict) -> None:
        """Keep a failure whole, or count it when its group has enough; memory stays bounded however bad a target is."""
        group = (verdict.oracle, case.task, trigger_of(case))
        alike = (verdict.oracle, case.task, "")
        self._met[alike] += 1
        if self._met[alike] > KEPT * KEPT and group not in self._met:
            return  # thousands of triggers of one oracle and task: more tell nothing new
        self._met[group] += 1
        if self._met[group] <= KEPT:
            base_response = trial.base_replies[0].response if trial.base_replies else None
            self.failures.append(Failure(case, base, verdict, trial.reply.response, base_response))

    def _counted(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings with the failures that were counted and not kept."""
        whose = {(f.verdict.oracle, c): n for n, f in enumerate(findings) for c in f.cases}
        made = list(findings)
        for failure in self.failures:
            group = (failure.verdict.oracle, failure.case.task, trigger_of(failure.case))
            more, number = self._met.pop(group, 0) - KEPT, whose.get((failure.verdict.oracle, failure.case.id))
            if more > 0 and number is not None:
                made[number] = msgspec.structs.replace(made[number], count=made[number].count + more)
        return made

    def _write(self, report: Report) -> None:
        from robustgen.core.plugins import EXPORTERS

        lines = [self._redactor.body(msgspec.json.encode(f, enc_hook=exact_text)) for f in report.findings]
        (self.folder / "findings.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
        (self.folder / "report.html").write_text(self._redactor.text(EXPORTERS.get("html")(report)), encoding="utf-8")


def _judgement(case: Case, outcome: Outcome, failed: list[Verdict]) -> dict[str, Any]:
    """Return what a comparison of runs needs of a judged case."""
    return {
        "outcome": outcome, "domain": case.domain, "task": case.task, "language": case.tag, "kind": case.kinds[0],
        "perturbation": [s.perturbation for s in case.trail], "failed": [v.oracle for v in failed],
    }  # fmt: skip


def _user() -> str:
    """Return who runs this, as the system knows it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


NO_SIGNALS = (NotImplementedError, ValueError, RuntimeError)
"""What asyncio raises where signals cannot be taken: on Windows, and outside the main thread."""


@contextlib.contextmanager
def _interruptible(main: asyncio.Future[Any]) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into a cancelled run that still reports."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(*NO_SIGNALS):
        for sig in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sig, main.cancel)
    try:
        yield
    finally:
        with contextlib.suppress(*NO_SIGNALS):
            for sig in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(sig)
