"""The doors for test authors: the mark, its messages, and the Hypothesis strategies."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings

from robustgen import strategies
from robustgen.core.case import Case

pytest_plugins = ["pytester"]

# an installed package brings the plug-in by its entry point; a bare checkout names it
INSTALLED = any(p.name == "robustgen" for p in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "robustgen.pytest_plugin")

RIGHT = """
import pytest

@pytest.mark.robustgen(domain="retail", task="RT-X01", n=6, kinds=["clean"])
def test_price(case):
    case.check({"status": "answer", "value": case.expected.accept[0].value, "currency": case.expected.accept[0].currency})

@pytest.mark.robustgen(domain="retail", task="RT-X01", n=3, kinds=["clean"])
def test_wrong(case):
    case.check("12345.67")
"""


def test_the_mark_parametrises_and_judges(pytester: pytest.Pytester) -> None:
    """Right answers pass; wrong ones fail with expected and text in the message."""
    pytester.makepyfile(RIGHT)
    result = pytester.runpytest(*PLUGIN, "-p", "no:xdist")
    result.assert_outcomes(passed=6, failed=3)
    result.stdout.fnmatch_lines(["*fail: value: answered 12345.67 where*", "*text:*", "*expected:*"])


def test_the_number_can_be_set_on_the_command_line(pytester: pytest.Pytester) -> None:
    """``--robustgen-n`` overrides the mark."""
    pytester.makepyfile(RIGHT)
    result = pytester.runpytest(*PLUGIN, "-p", "no:xdist", "--robustgen-n", "2", "-k", "price")
    result.assert_outcomes(passed=2)


def test_a_wrong_mark_is_told(pytester: pytest.Pytester) -> None:
    """An unknown domain or argument is a usage error with the nearest name."""
    pytester.makepyfile('import pytest\n@pytest.mark.robustgen(domain="retale")\ndef test_x(case): pass\n')
    result = pytester.runpytest(*PLUGIN, "-p", "no:xdist")
    assert "did you mean retail" in "\n".join([*result.stdout.lines, *result.stderr.lines])


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(strategies.cases(domain="clinical", task="CL-T01"))
def test_strategies_give_whole_cases(case: Case) -> None:
    """A drawn case has text, facts, spans and an answer."""
    assert case.text
    assert case.expected.accept
    assert case.spans["dose"]


def test_a_failure_shrinks_to_the_simplest_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis finds the smallest dose at or above 600 with everything else plain, in a small pack."""
    monkeypatch.setenv("ROBUSTGEN_PATH", str(Path(__file__).parents[1] / "quality" / "packs"))
    monkeypatch.setenv("ROBUSTGEN_TRUST_PACKS", "1")
    found = find(strategies.cases(domain="ward", task="CL-X01"), lambda c: c.facts["dose"] >= 600, settings=settings(deadline=None, max_examples=2000))
    assert found.facts["dose"] in {600, 650, 750, 850, 1000}
    assert found.text == f"{found.text.split()[0]} {found.facts['dose']} mg"
    assert str(found.facts["since"]) == "2026-01-01"
