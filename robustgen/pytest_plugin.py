"""The pytest door: ``@pytest.mark.robustgen(domain=..., task=..., n=...)`` parametrises a test with cases; nothing heavy is loaded before that.

::

    @pytest.mark.robustgen(domain="retail", task="RT-T01", n=50, kinds=["clean", "noisy"])
    def test_deadline(case):
        case.check(answer(case.text))
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from robustgen.core.case import Case

__all__ = ["CaseUnderTest", "pytest_addoption", "pytest_configure", "pytest_generate_tests"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--robustgen-seed`` and ``--robustgen-n``."""
    group = parser.getgroup("robustgen")
    group.addoption("--robustgen-seed", type=int, default=0, help="seed of generated cases")
    group.addoption("--robustgen-n", type=int, default=None, help="cases per test, instead of the number in the mark")


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line("markers", "robustgen(domain, task, lang, kinds, n): parametrise with generated cases; the fixture is 'case'")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise a marked test."""
    mark = metafunc.definition.get_closest_marker("robustgen")
    if mark is None:
        return
    if "case" not in metafunc.fixturenames:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: a test marked 'robustgen' needs a parameter 'case'")
    seed = metafunc.config.getoption("--robustgen-seed")
    made = _cases(dict(mark.kwargs), seed, metafunc.config.getoption("--robustgen-n"))
    metafunc.parametrize("case", made, ids=[f"{c.task}-{c.language}-{c.kinds[0].value}-{c.id[:6]}" for c in made])


def _cases(options: dict[str, Any], seed: int, count: int | None) -> list[CaseUnderTest]:
    from robustgen.errors import RobustgenError
    from robustgen.generate import Generator, Selection

    known = {"domain", "task", "lang", "kinds", "n", "perturb"}
    for name in options.keys() - known:
        raise pytest.UsageError(f"robustgen mark: unknown argument '{name}'; known: {', '.join(sorted(known))}")
    try:
        selection = Selection.of(
            _listed(options.get("domain", "all")),
            tasks=_listed(options.get("task", [])),
            languages=_listed(options.get("lang", [])),
            kinds=_listed(options.get("kinds", [])),
            perturbations=_listed(options.get("perturb", [])),
        )
        generator = Generator(selection, seed)
        return [CaseUnderTest(case) for case in generator.cases(0, count or int(options.get("n", 20)))]
    except RobustgenError as error:
        raise pytest.UsageError(f"robustgen mark: {error}") from None


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


class CaseUnderTest:
    """A case in a test: its parts as attributes, and ``check`` for the answer."""

    def __init__(self, case: Case) -> None:
        """Wrap a case."""
        self.case = case

    def __getattr__(self, name: str) -> Any:
        """Return a part of the case: ``text``, ``facts``, ``expected``, ``messages`` ..."""
        return getattr(self.case, name)

    def __repr__(self) -> str:
        """Show where the case comes from."""
        return f"<{self.case.domain} {self.case.task} {self.case.language} {self.case.id}>"

    @property
    def question(self) -> str:
        """The instruction."""
        return self.case.messages[0]["content"] if self.case.messages else ""

    def check(self, answer: Any) -> None:
        """Judge an answer with every oracle; fails the test with base, variant, edits, expected and got."""
        __tracebackhide__ = True
        from robustgen.campaign.judging import judge_for
        from robustgen.core.report import expected_text, marks, visible
        from robustgen.core.verdict import Outcome
        from robustgen.targets._base import ALL, as_response

        judge = judge_for(ALL)
        trial = judge.trial(self.case, [as_response(answer, 0.0)], None, [])
        bad = [v for v in judge.verdicts(trial) if v.outcome in {Outcome.failed, Outcome.error, Outcome.unsure}]
        if not bad:
            return
        pieces = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
        shown = "".join(pieces[m.kind].format(visible(m.text)) for m in marks(self.case.base_text, self.case)) if self.case.trail else visible(self.case.text)
        lines = [f"{v.outcome.value}: {v.oracle}: {v.why}" for v in bad]
        pytest.fail("\n".join([*lines, f"question: {self.question}", f"text: {shown}", f"expected: {expected_text(self.case.expected.accept)}"]), pytrace=False)
