"""A whole campaign: selection, target, run folder, asking, judging, finding, reporting; resumable at any moment."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from robustgen.campaign.finding import Failure, find, own_fault
from robustgen.campaign.judging import judge_for
from robustgen.campaign.ledger import Ledger
from robustgen.campaign.results import Tally
from robustgen.campaign.run import Family, Judge, Limits, Run
from robustgen.core.case import Case, exact_text
from robustgen.core.events import Event, Finished, Found, Shrunk, Started
from robustgen.core.plugins import ORACLES, TARGETS, Target
from robustgen.core.report import Report
from robustgen.core.verdict import Outcome, Trial, Verdict
from robustgen.errors import UsageError
from robustgen.generate import Generator
from robustgen.generate.build import made_with

__all__ = ["Session", "open_target"]

SEARCH = 40
"""How many indices are looked at for each case that a narrow target can be asked."""


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
    ) -> None:
        """Keep everything; nothing is opened yet."""
        self.generator, self.address, self.folder = generator, address, folder
        self.count, self.start, self.limits, self.shrink = count, start, limits, shrink
        self.options, self.config, self._tell = dict(options or {}), dict(config or {}), tell
        self.bounds = dict(bounds or {})
        self._judge: Judge | None = None
        self.tally = Tally()
        self.failures: list[Failure] = []
        self._counted: set[str] = set()

    def go(self) -> Report:
        """Run to the end, or to an interruption; the report is complete in either case."""
        return asyncio.run(self._go())

    async def _go(self) -> Report:
        target = await open_target(self.address, self.options)
        try:
            with Ledger(self.folder / "ledger.sqlite", create=True) as ledger:
                return await self._with(target, ledger)
        finally:
            await target.close()

    async def _with(self, target: Target, ledger: Ledger) -> Report:
        judge = self._judge = judge_for(target.can, bounds=self.bounds, language=self.generator.language)
        run = Run(target, judge, ledger, self.limits, judged=self._judged, tell=self._tell)
        self._tell(Started(run=self.folder.name, config=self.config, made_with=self._made_with()))
        if not any(True for _ in ledger.records("started")):
            ledger.append("started", self.folder.name, msgspec.json.encode({"config": self.config, "made_with": self._made_with()}))
        main = asyncio.ensure_future(run.go(self.families(target)))
        why = "done"
        with _interruptible(main):
            try:
                await main
            except asyncio.CancelledError:
                why = "interrupted"
        findings = await find(self.failures, self.generator, run, budget=0 if why == "interrupted" else self.shrink)
        report = self.tally.report(
            run=self.folder.name,
            target=self.address,
            config=self.config,
            made_with=self._made_with(),
            findings=findings,
            requests=len(run.known),
            why=run.stopped or why,
        )
        for finding in findings:
            self._tell(Shrunk(finding=finding) if finding.queries else Found(finding=finding))
        self._tell(Finished(why=report.why, totals=dict(report.totals)))
        ledger.append("finished", report.why, msgspec.json.encode(report, enc_hook=exact_text))
        self._write(report)
        return report

    def _made_with(self) -> dict[str, str]:
        packs = self.generator.selection.domains
        return {f"{k} {n}" if k == "pack_version" else k: v for n in packs for k, v in made_with(n).items() if k != "pack"}

    def families(self, target: Target) -> Iterator[Family]:
        """Yield families of cases that the target can be asked, until enough are emitted."""
        answers: Callable[[Case], bool] = getattr(target, "answers", lambda case: True)
        emitted, at = 0, self.start
        size = self.generator.size
        while emitted < self.count:
            if at >= self.start + SEARCH * max(self.count, 50):
                if not emitted:
                    raise UsageError(f"'{self.address}' can be asked none of the chosen cases", mend="choose other --task or --domain")
                return
            if not self._may_answer(answers, at):
                at += size
                continue
            step = min(size, self.count - emitted)
            for base, cases in self.generator.families(at, step):
                chosen = [c for c in cases if answers(c)]
                if chosen:
                    emitted += len(chosen)
                    yield base, chosen
            at += size

    def _may_answer(self, answers: Callable[[Case], bool], index: int) -> bool:
        base = self.generator.peek(index)
        return base is None or answers(base)

    def _judged(self, case: Case, base: Case | None, trial: Trial, verdicts: list[Verdict]) -> None:
        key = f"{case.id}/{case.index}"
        if key in self._counted:
            return
        self._counted.add(key)
        for reply in trial.replies:
            self.tally.response(reply.response)
        specs = {s.name: s for _, s in ORACLES.items()}
        judge = self._judge or judge_for(trial.can, bounds=self.bounds)
        failed = [v for v in verdicts if v.outcome is Outcome.failed]
        obeyed = any(v.oracle == "injection" for v in failed)
        values_failed = any(v.oracle == "value" for v in failed)
        for verdict in failed:
            if (verdict.oracle in {"invariance", "direction"} and values_failed) or (verdict.oracle == "value" and obeyed):
                continue  # one fault, one finding: the more telling oracle speaks
            if own_fault(trial, specs[verdict.oracle], judge):
                base_response = trial.base_replies[0].response if trial.base_replies else None
                self.failures.append(Failure(case, base, verdict, trial.reply.response, base_response))
        self.tally.case(case, verdicts)

    def _write(self, report: Report) -> None:
        from robustgen.core.plugins import EXPORTERS

        lines = [msgspec.json.encode(f, enc_hook=exact_text) for f in report.findings]
        (self.folder / "findings.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
        (self.folder / "report.html").write_text(EXPORTERS.get("html")(report), encoding="utf-8")


async def open_target(address: str, options: Mapping[str, Any]) -> Target:
    """Open a target by address; raises ``UnknownName`` with the nearest schemes."""
    scheme, _, rest = address.partition(":")
    return await TARGETS.get(scheme).open(rest, options)


@contextlib.contextmanager
def _interruptible(main: asyncio.Future[Any]) -> Iterator[None]:
    """Turn Ctrl-C and SIGTERM into a cancelled run that still reports."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
        for sig in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sig, main.cancel)
    try:
        yield
    finally:
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            for sig in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(sig)
