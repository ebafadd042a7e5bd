"""A generated case inside a test."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import pytest

from robustgen.campaign.judging import judge_for
from robustgen.core.case import Case
from robustgen.core.report import expected_text, visible
from robustgen.core.verdict import Outcome, Response, Verdict
from robustgen.errors import RobustgenError
from robustgen.generate import Generator, Selection
from robustgen.pytest_plugin.rows import NIGHTLY
from robustgen.pytest_plugin.shown import marked, shown
from robustgen.targets._base import ALL, as_response

__all__ = ["CaseUnderTest", "parametrise"]

KNOWN = {"domain", "task", "lang", "kinds", "n", "perturb", "seed"}
BAD = {Outcome.failed, Outcome.error, Outcome.unsure}


def parametrise(metafunc: pytest.Metafunc, mark: pytest.Mark) -> None:
    """Give a test its cases."""
    where = metafunc.definition.nodeid
    if "case" not in metafunc.fixturenames:
        if mark not in metafunc.definition.own_markers:  # a mark of the class is for its tests that ask for a case
            return
        raise pytest.Collector.CollectError(f"{where}: a test with generated cases needs a parameter 'case'")
    for name in mark.kwargs.keys() - KNOWN:
        raise pytest.Collector.CollectError(f"{where}: robustgen mark: unknown argument '{name}'; known: {', '.join(sorted(KNOWN))}")
    options = metafunc.config.option
    count = options.robustgen_n or int(mark.kwargs.get("n", 20)) * (NIGHTLY if options.robustgen_profile == "nightly" else 1)
    seed = int(mark.kwargs.get("seed", 0)) if options.robustgen_seed is None else options.robustgen_seed
    chosen = tuple((k, _listed(mark.kwargs.get(k, ()))) for k in ("domain", "task", "lang", "kinds", "perturb"))
    try:
        made = _made(chosen, seed, count)
    except RobustgenError as error:
        raise pytest.Collector.CollectError(f"{where}: robustgen mark: {error}") from None
    metafunc.parametrize("case", made, ids=[c.label for c in made])


@lru_cache(maxsize=64)
def _generator(chosen: tuple[tuple[str, tuple[str, ...]], ...], seed: int) -> Generator:
    """Return the generator of a mark; equal marks share one."""
    options = dict(chosen)
    selection = Selection.of(
        options["domain"] or ("all",), tasks=options["task"], languages=options["lang"], kinds=options["kinds"], perturbations=options["perturb"]
    )
    return Generator(selection, seed)


def _made(chosen: tuple[tuple[str, tuple[str, ...]], ...], seed: int, count: int) -> list[CaseUnderTest]:
    generator = _generator(chosen, seed)
    options = dict(chosen)
    words = ["robustgen", "generate", ",".join(options["domain"] or ("all",)), "--seed", str(seed)]
    for name, flag in (("task", "--task"), ("lang", "--lang"), ("kinds", "--kind"), ("perturb", "--perturb")):
        words += [flag, ",".join(options[name])] if options[name] else []
    return [CaseUnderTest(case, generator, shlex.join(words)) for case in generator.cases(0, count)]


def _listed(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


class CaseUnderTest:
    """A case in a test: its parts as attributes (``text``, ``facts``, ``expected`` ...), and ``check`` for the answer."""

    def __init__(self, case: Case, generator: Generator | None = None, command: str = "") -> None:
        """Wrap a case of a generator; ``command`` is how it is made again, but for its index."""
        self.case, self._generator, self._command = case, generator, command
        self.replay = ""

    def __getattr__(self, name: str) -> Any:
        """Return a part of the case."""
        if name.startswith("__") or name == "case":
            raise AttributeError(name)
        return getattr(self.case, name)

    def __repr__(self) -> str:
        """Show where the case comes from."""
        return f"<{self.case.domain} {self.case.task} {self.case.language} {self.case.id}>"

    @property
    def question(self) -> str:
        """The instruction."""
        return self.case.messages[0]["content"] if self.case.messages else ""

    @property
    def label(self) -> str:
        """A readable id: task, language, kind, what was done, and six digits of the case's id."""
        case = self.case
        done = case.trail[-1].perturbation if case.trail else str(case.choices.get("entry", ""))
        return "-".join([case.task, case.tag, case.kinds[0].value, *([done] if done else []), case.id[:6]])

    def factors(self) -> str:
        """Return what the summary counts by."""
        case = self.case
        named = [f"perturbation={s.perturbation}" for s in case.trail]
        return " ".join([*named, *(f"kind={k.value}" for k in case.kinds), f"language={case.tag}", f"task={case.task}"])

    def family(self) -> list[CaseUnderTest]:
        """Return the clean case and the variants that share its facts, this one among them."""
        if self._generator is None or self._generator.selection.cover != "none":
            return [self]
        generator, size = self._generator, self._generator.size
        start = self.case.index // size * size
        members = [*([base] if (base := generator.base(self.case)) is not None else []), *generator.cases(start, size)]
        kin = {c.id: c for c in members if c.family == self.case.family}
        kin[self.case.id] = self.case
        return [CaseUnderTest(c, generator, self._command) for c in kin.values()]

    def check(self, answer: Any) -> None:
        """Judge an answer with every oracle; fails the test with base, variant, edits, expected, got and how to see it again.

        An answer is text, a number, a date, a list, or the answer envelope as a mapping; None says nothing.
        """
        __tracebackhide__ = True
        bad = self._verdicts(as_response(answer, 0.0), None, None)
        if bad:
            pytest.fail(self._message(bad, answer), pytrace=False)

    def check_family(self, answer: Callable[[CaseUnderTest], Any]) -> None:
        """Ask for every member of the family and judge each beside the clean case: invariance, direction and fairness too."""
        __tracebackhide__ = True
        members = self.family()
        clean, base = members[0].case, None
        for member in members:
            got = answer(member)
            response = as_response(got, 0.0)
            bad = member._verdicts(response, clean if base is not None else None, base)
            base = response if base is None else base
            if bad:
                member.replay = self.replay
                pytest.fail(member._message(bad, got), pytrace=False)

    def _verdicts(self, response: Response, base: Case | None, base_response: Response | None) -> list[Verdict]:
        judge = judge_for(ALL)
        trial = judge.trial(self.case, [response], base, [base_response] if base_response is not None else [])
        return [v for v in judge.verdicts(trial) if v.outcome in BAD]

    def _message(self, bad: Sequence[Verdict], answer: Any) -> str:
        case = self.case
        lines = [f"{v.outcome.value}: {v.oracle}: {v.why}" for v in bad]
        lines.append(f"question: {self.question}")
        if case.trail:
            lines.append(f"base: {shown(case.base_text)}")
        lines.append(f"text: {shown(case.text, (places[0] for places in case.spans.values() if places))}")
        if case.trail:
            done = ", ".join(f"{s.perturbation} ({s.effect.value})" for s in case.trail)
            lines.append(f"edits: {done}: {marked(case.base_text, case)}")
        lines += [f"expected: {expected_text(case.expected.accept)}", f"got: {visible(repr(answer))[:500]}"]
        if self.replay:
            lines.append(f"replay: {self.replay}")
        if self._command:
            lines.append(f"the case: {self._command} --start {case.index} -n 1")
        return "\n".join(lines)
