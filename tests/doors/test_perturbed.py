"""``@robustgen.perturbed``: the rows of a test, multiplied by variants of their text."""

from __future__ import annotations

import re
from importlib.metadata import entry_points

import pytest

pytest_plugins = ["pytester"]

INSTALLED = any(p.name == "robustgen" for p in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "robustgen.pytest_plugin")
ROWS = """
import pytest
import robustgen

@robustgen.perturbed("neighbour_key", "zero_width", keep=["parcel"])
@pytest.mark.parametrize(("text", "word"), [("Please confirm the parcel arrives today", "parcel"), pytest.param("Where does my parcel stay", "parcel", id="where")])
def test_word(text, word):
    assert word in text

@robustgen.perturbed("shouted_words", n=2)
@pytest.mark.parametrize("text", ["please confirm delivery before monday morning"])
def test_small(text):
    assert text == text.lower()
"""


def run(pytester: pytest.Pytester, *more: str, source: str = ROWS) -> pytest.RunResult:
    """Run the rows."""
    pytester.makepyfile(source)
    return pytester.runpytest(*PLUGIN, "-p", "no:xdist", *more)


def test_rows_are_multiplied_and_what_is_kept_stays(pytester: pytest.Pytester) -> None:
    """Two rows by two perturbations beside the rows; a failing variant shows base, variant, edits and how to run it again."""
    result = run(pytester)
    result.assert_outcomes(passed=7, failed=2)
    text = result.stdout.str()
    assert "base text: please confirm delivery before monday morning" in text
    assert re.search(r"edits: .*\[-\w+-\]\{\+[A-Z]+\+\}", text)
    assert 'replay: pytest "test_rows_are_multiplied_and_what_is_kept_stays.py::test_small[' in text
    assert re.search(r"2 of +2  perturbation=shouted_words", text)
    assert re.search(r"0 of +2  perturbation=neighbour_key", text)


def test_ids_select_and_rerun(pytester: pytest.Pytester) -> None:
    """``-k`` finds rows by perturbation and by the row's own id; ``--lf`` runs what failed."""
    run(pytester, "-k", "neighbour_key").assert_outcomes(passed=2, deselected=7)
    run(pytester, "-k", "where").assert_outcomes(passed=3, deselected=6)
    run(pytester).assert_outcomes(passed=7, failed=2)
    run(pytester, "--lf").assert_outcomes(failed=2)


def test_number_profile_and_seed(pytester: pytest.Pytester) -> None:
    """The number of variants follows the options; another seed makes other variants."""
    run(pytester, "--robustgen-n", "3", "-k", "neighbour_key").assert_outcomes(passed=6, deselected=12)
    run(pytester, "--robustgen-profile", "nightly", "-k", "where and neighbour").assert_outcomes(passed=10, deselected=46)
    first, second = (re.findall(r"variant text: .*", run(pytester, "--robustgen-seed", s).stdout.str()) for s in ("1", "2"))
    assert first
    assert first != second


def test_a_failure_shrinks_to_the_edit_that_it_needs(pytester: pytest.Pytester) -> None:
    """Edits that the failure does not need are taken back."""
    source = """
import pytest
import robustgen

@robustgen.perturbed("all_capitals", n=1)
@pytest.mark.parametrize("text", ["please confirm delivery before the weekend"])
def test_small(text):
    assert "weekend" in text
"""
    result = run(pytester, "--robustgen-shrink", source=source)
    result.assert_outcomes(passed=1, failed=1)
    assert "smallest: 1 of 5 edits: please confirm delivery before the [-weekend-]{+WEEKEND+}" in result.stdout.str()


def test_a_case_shrinks_to_simple_facts(pytester: pytest.Pytester) -> None:
    """A failing generated case is shown again with the plainest facts."""
    source = """
import robustgen

@robustgen.cases(domain="clinical", task="CL-X01", n=6, kinds=["clean"])
def test_dose(case):
    assert case.facts["dose"] < 5
"""
    result = run(pytester, "--robustgen-shrink", source=source)
    text = result.stdout.str()
    assert "smallest facts: {" in text
    assert re.search(r"smallest text: \w+ \d+ mg", text)


def test_a_family_is_judged_in_one_test(pytester: pytest.Pytester) -> None:
    """The family holds the clean case first, its members share their facts' answer, and a brittle answer fails."""
    source = """
import robustgen

@robustgen.cases(domain="retail", task="RT-X01", n=8, kinds=["clean", "noisy"], perturb=["shouted_words", "neighbour_key"])
def test_family(case):
    family = case.family()
    assert family[0].base is None
    assert case.id in [c.id for c in family]
    assert len({c.case.family for c in family}) == 1

@robustgen.cases(domain="retail", task="RT-X01", n=1, kinds=["clean", "noisy"])
def test_asked(case):
    case.check_family(lambda c: {"status": "answer", "value": c.expected.accept[0].value, "currency": c.expected.accept[0].currency})

@robustgen.cases(domain="retail", task="RT-X01", n=1, kinds=["clean", "noisy"])
def test_brittle(case):
    case.check_family(lambda c: {"status": "answer", "value": c.expected.accept[0].value if not c.trail else "1", "currency": c.expected.accept[0].currency})
"""
    result = run(pytester, source=source)
    result.assert_outcomes(passed=9, failed=1)
    text = result.stdout.str()
    assert "edits: " in text
    assert re.search(r"the case: robustgen generate retail --seed 0 .*--start \d+ -n 1", text)
    assert re.search(r'replay: pytest ".*test_brittle\[RT-X01-en', text)


def test_workers_get_identical_cases(pytester: pytest.Pytester) -> None:
    """Two processes collect the same ids, so xdist accepts and spreads them."""
    pytester.makepyfile(ROWS)
    result = pytester.runpytest_subprocess(*PLUGIN, "-n", "2", "-q")
    result.assert_outcomes(passed=7, failed=2)
    assert re.search(r"2 of +2  perturbation=shouted_words", result.stdout.str())


def test_without_the_plug_in_the_rows_run_as_they_are(pytester: pytest.Pytester) -> None:
    """``-p no:robustgen`` leaves the suite that was there."""
    pytester.makepyfile(ROWS)
    result = pytester.runpytest_subprocess("-p", "no:robustgen", "-p", "no:xdist", "--strict-markers")
    result.assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ('"neighbor_key"', "did you mean neighbour_key"),
        ('"neighbour_key", arg="word"', "finds no text in parameter 'word'"),
        ('"neighbour_key", keep=["("]', "write a regular expression"),
    ],
)
def test_a_wrong_wish_is_told(pytester: pytest.Pytester, wish: str, said: str) -> None:
    """What cannot be done is a usage error that says how to mend it."""
    source = f'import pytest, robustgen\n@robustgen.perturbed({wish})\n@pytest.mark.parametrize("text", ["confirm the delivery"])\ndef test_x(text): pass\n'
    result = run(pytester, source=source)
    assert said in "\n".join([*result.stdout.lines, *result.stderr.lines])
