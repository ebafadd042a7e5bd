"""The pytest door: generated cases for a test, variants of the inputs that a test has; nothing heavy is loaded before a test asks for it.

::

    @robustgen.cases(domain="retail", task="RT-T01", n=50, kinds=["clean", "noisy"])
    def test_deadline(case):
        case.check(answer(case.text))

    @robustgen.perturbed("neighbour_key", "zero_width")
    @pytest.mark.parametrize(("text", "amount"), [("Total due 12 dollars", 12)])
    def test_amount(text, amount):
        assert read_amount(text) == amount
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from robustgen.pytest_plugin.decorators import cases, perturbed, plugged, wish_of

if TYPE_CHECKING:
    from robustgen.pytest_plugin.under_test import CaseUnderTest

__all__ = ["cases", "perturbed"]

PROPERTY = "robustgen"
NIGHTLY = 10
"""A nightly run makes so many times the cases that a test asks for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this door."""
    group = parser.getgroup("robustgen")
    group.addoption("--robustgen-seed", type=int, default=None, help="seed of generated cases and variants, instead of the tests' own")
    group.addoption("--robustgen-n", type=int, default=None, help="cases per test, or variants per row and perturbation, instead of the tests' own")
    group.addoption("--robustgen-profile", choices=["ci", "nightly"], default="ci", help=f"nightly makes {NIGHTLY} times as many cases")
    group.addoption("--robustgen-shrink", action="store_true", help="search the smallest case that still fails")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks."""
    plugged.append(PROPERTY)
    config.addinivalue_line("markers", "robustgen(domain, task, lang, kinds, perturb, n, seed): parametrise with generated cases; the fixture is 'case'")
    config.addinivalue_line("markers", "robustgen_variant(name, variant): a row made by @robustgen.perturbed")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrise a marked test, multiply the rows of a perturbed one."""
    mark = metafunc.definition.get_closest_marker("robustgen")
    if mark is not None:
        from robustgen.pytest_plugin.under_test import parametrise

        parametrise(metafunc, mark)
    wish, own = wish_of(metafunc.function, metafunc.cls)
    if wish is not None:
        from robustgen.pytest_plugin.rows import multiply

        multiply(metafunc, wish, own=own)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse what cannot be parametrised, rather than run it once without a word."""
    unittest = sys.modules.get("unittest")
    if unittest is None:
        return
    for item in items:
        cls = getattr(item, "cls", None)
        if cls is None or not issubclass(cls, unittest.TestCase):
            continue
        if item.get_closest_marker("robustgen") is not None or wish_of(getattr(item, "function", None), cls)[0] is not None:
            raise pytest.UsageError(f"{item.nodeid}: methods of unittest.TestCase take no parameters; write a function or a plain class for robustgen")


def _case_of(item: pytest.Item) -> CaseUnderTest | None:
    """Return the generated case of a test, None for other tests."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec is not None else None
    return case if case is not None and hasattr(case, "factors") and item.get_closest_marker("robustgen") else None


def _replay(item: pytest.Item) -> str:
    """Return the command that runs a test again, with the options that decide which cases there are."""
    options = item.config.option
    words = ["pytest", f'"{item.nodeid}"']
    words += [] if options.robustgen_seed is None else ["--robustgen-seed", str(options.robustgen_seed)]
    words += ["--robustgen-n", str(options.robustgen_n)] if options.robustgen_n else []
    return " ".join([*words, *(["--robustgen-profile", "nightly"] if options.robustgen_profile == "nightly" else [])])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tell a case which test it is in, and the report what was varied."""
    case = _case_of(item)
    if case is not None:
        case.replay = _replay(item)
        item.user_properties.append((PROPERTY, case.factors()))
    elif (mark := item.get_closest_marker("robustgen_variant")) is not None:
        item.user_properties.append((PROPERTY, f"perturbation={mark.args[0]}"))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Explain a failure of a variant, and shrink where that is wanted."""
    try:
        return (yield)
    except (AssertionError, pytest.fail.Exception, Exception) as error:
        if not isinstance(error, pytest.skip.Exception | pytest.xfail.Exception):
            _explain(pyfuncitem, error)
        raise


def _explain(item: pytest.Function, error: BaseException) -> None:
    """Add what is known of a variant, and of its smallest failing form, to a failure's report."""
    case, mark = _case_of(item), item.get_closest_marker("robustgen_variant")
    shrink = item.config.getoption("--robustgen-shrink")
    lines = []
    if mark is not None:
        from robustgen.pytest_plugin.shown import explained

        lines += explained(mark.kwargs["variant"], mark.kwargs["arg"], _replay(item))
        if shrink:
            from robustgen.pytest_plugin.smallest import smallest_text

            lines += smallest_text(item, mark.kwargs["variant"], mark.kwargs["arg"], error)
    elif case is not None and shrink:
        from robustgen.pytest_plugin.smallest import smallest_case

        lines += smallest_case(item, case, error)
    if lines:
        item.add_report_section("call", "robustgen", "\n".join(lines))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count failures by what was varied."""
    table: dict[str, list[int]] = {}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, value in getattr(report, "user_properties", ()):
                if name == PROPERTY and report.when == "call":
                    for factor in str(value).split(" "):
                        counts = table.setdefault(factor, [0, 0])
                        counts[0] += outcome == "failed"
                        counts[1] += 1
    if not table:
        return
    terminalreporter.section("robustgen: failures by factor")
    for factor, (failed, ran) in sorted(table.items(), key=lambda t: (t[0].partition("=")[0], -t[1][0] / t[1][1], t[0])):
        terminalreporter.write_line(f"{failed:5} of {ran:5}  {factor}", red=failed > 0)
