"""``@robustgen.perturbed``: the rows of a test, multiplied by variants of their text."""

from __future__ import annotations

import re
from importlib.metadata import entry_points

import msgspec
import pytest

from robustgen.core.case import Edit, Effect, Step
from robustgen.generate.free_text import bare_case
from robustgen.pytest_plugin.shown import marked, shown

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
@pytest.mark.parametrize("text", ["please confirm delivery before our summer picnic"])
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


CLASSES = """
import pytest
import robustgen

@robustgen.perturbed("neighbour_key")
@pytest.mark.parametrize("text", ["please confirm the delivery", "where does my parcel stay"])
class TestTexts:
    def test_first(self, text):
        assert len(text) > 20

    def test_second(self, text):
        assert text

    @pytest.mark.parametrize("mode", ["fast", "slow"])
    def test_stacked(self, text, mode):
        assert text and mode

@pytest.mark.parametrize("text", ["please confirm the delivery"])
class TestOne:
    @robustgen.perturbed("neighbour_key")
    def test_varied(self, text):
        assert text

    def test_as_it_is(self, text):
        assert text == "please confirm the delivery"

@robustgen.perturbed("neighbour_key")
class TestSome:
    @pytest.mark.parametrize("text", ["please confirm the delivery"])
    def test_text(self, text):
        assert text

    def test_without(self):
        assert True

@robustgen.cases(domain="retail", task="RT-X01", n=3, kinds=["clean"])
class TestCases:
    def test_case(self, case):
        assert case.text

    def test_without(self):
        assert True
"""


def test_classes_are_decorated_as_functions_are(pytester: pytest.Pytester) -> None:
    """A class's decorator reaches its tests, whose other tests and neighbours stay as they are; workers agree."""
    result = run(pytester, source=CLASSES)
    # texts 2 rows + 2 variants: 4, 4, 8; one: 2, 1; some: 2, 1; cases: 3, 1
    result.assert_outcomes(passed=26)
    pytester.runpytest_subprocess(*PLUGIN, "-n", "2", "-q").assert_outcomes(passed=26)


def test_a_parameter_may_go_through_a_fixture(pytester: pytest.Pytester) -> None:
    """Indirect parameters get the variant; what a fixture makes of it is not shrunk blindly, what it hands on is."""
    source = """
import pytest
import robustgen

@pytest.fixture
def doubled(request):
    return request.param * 2

@pytest.fixture
def handed(request):
    return request.param

@robustgen.perturbed("all_capitals")
@pytest.mark.parametrize(("doubled", "n"), [("please confirm the delivery", 1)], indirect=["doubled"])
def test_doubled(doubled, n):
    assert "delivery" in doubled

@robustgen.perturbed("all_capitals")
@pytest.mark.parametrize("handed", ["please confirm the delivery"], indirect=True)
def test_handed(handed):
    assert "delivery" in handed
"""
    result = run(pytester, "--robustgen-shrink", source=source)
    result.assert_outcomes(passed=2, failed=2)
    text = result.stdout.str()
    assert "smallest: 'doubled' goes through a fixture, so it is not shrunk" in text
    assert "smallest: 1 of 4 edits: please confirm the [-delivery-]{+DELIVERY+}" in text


def test_async_tests_are_judged_and_shrunk(pytester: pytest.Pytester) -> None:
    """With a plug-in that runs coroutines, variants and cases work as in plain tests."""
    pytest.importorskip("anyio")
    source = """
import pytest
import robustgen

@pytest.fixture
def anyio_backend():
    return "asyncio"

@robustgen.perturbed("all_capitals")
@pytest.mark.parametrize("text", ["please confirm the delivery"])
@pytest.mark.anyio
async def test_text(text):
    assert "delivery" in text

@robustgen.cases(domain="clinical", task="CL-X01", n=2, kinds=["clean"])
@pytest.mark.anyio
async def test_dose(case):
    assert case.facts["dose"] < 5
"""
    result = run(pytester, "--robustgen-shrink", source=source)
    result.assert_outcomes(passed=1, failed=3)
    text = result.stdout.str()
    assert "smallest: 1 of 4 edits: please confirm the [-delivery-]{+DELIVERY+}" in text
    assert len(re.findall(r"smallest text: \w+ \d+ mg", text)) == 2
    assert "never awaited" not in text


@pytest.mark.parametrize(
    "asked",
    [
        'class T(unittest.TestCase):\n    @robustgen.cases(domain="retail", task="RT-X01")\n    def test_x(self):\n        assert True\n',
        '@robustgen.cases(domain="retail", task="RT-X01")\nclass T(unittest.TestCase):\n    def test_x(self):\n        assert True\n',
        'class T(unittest.TestCase):\n    @robustgen.perturbed("neighbour_key")\n    def test_x(self):\n        assert True\n',
    ],
)
def test_methods_of_unittest_are_refused_with_the_mend(pytester: pytest.Pytester, asked: str) -> None:
    """They take no parameters, so nothing would be varied: said before anything runs."""
    result = run(pytester, source=f"import unittest\nimport robustgen\n\n{asked}")
    result.assert_outcomes()
    assert "T::test_x: methods of unittest.TestCase take no parameters; write a function or a plain class" in "\n".join(result.stderr.lines)


def test_names_outside_ascii_stay_readable_and_select(pytester: pytest.Pytester) -> None:
    """Rows with accents, of another script or with ids of their own are varied, each under its own id, and marks go with the variants."""
    source = """
import pytest
import robustgen

@robustgen.perturbed("shouted_words")
@pytest.mark.parametrize(
    "text",
    [
        "où est mon colis étrange",
        "请确认订单 today please",
        pytest.param("please confirm", id="où-été"),
        pytest.param("confirm the delivery", marks=pytest.mark.xfail),
        "",
    ],
)
def test_small(text):
    assert text == text.lower()
"""
    result = run(pytester, "-v", source=source)
    result.assert_outcomes(passed=4, failed=3, xfailed=1, xpassed=1)
    text = result.stdout.str()
    assert "test_small[0-ou-est-mon-colis-etrange~shouted_words.0] FAILED" in text
    assert "test_small[1-today-please~shouted_words.0] FAILED" in text
    run(pytester, "-k", "colis and shouted", source=source).assert_outcomes(failed=1, deselected=8)
    run(pytester, "--lf", source=source).assert_outcomes(failed=3)


def test_the_line_that_replays_a_failure_holds_what_made_it(pytester: pytest.Pytester) -> None:
    """Seed and number stand in it, and it runs that test and no other."""
    result = run(pytester, "--robustgen-seed", "4", "--robustgen-n", "3", "-k", "small")
    result.assert_outcomes(passed=1, failed=3, deselected=14)
    line = re.findall(r"replay: pytest (.*small_words|.*shouted_words\.2.*)", result.stdout.str())[-1]
    words = [w.strip('"') for w in re.findall(r'"[^"]*"|\S+', line)]
    assert words[1:] == ["--robustgen-seed", "4", "--robustgen-n", "3"]
    pytester.runpytest(*PLUGIN, "-p", "no:xdist", *words).assert_outcomes(failed=1)


def test_without_the_plug_in_generated_cases_are_skipped(pytester: pytest.Pytester) -> None:
    """``-p no:robustgen`` runs the rest of the suite, and says what was left out."""
    pytester.makepyfile(CLASSES)
    result = pytester.runpytest_subprocess("-p", "no:robustgen", "-p", "no:xdist", "--strict-markers", "-rs")
    result.assert_outcomes(passed=12, skipped=2)
    assert "generated cases need the plug-in robustgen" in result.stdout.str()


def test_of_a_long_text_the_places_that_matter_are_shown() -> None:
    """A page of text is not printed three times: its beginning, the places round edits and facts, and how much was left out."""
    page = " ".join(f"line {i} of the terms" for i in range(400))
    at = page.index("line 200 ")
    text = page[:at] + "LINE" + page[at + 4 :]
    step = Step(perturbation="all_capitals", args={}, effect=Effect.preserves, edits=[Edit(at, at + 4, "line", "LINE")])
    case = msgspec.structs.replace(bare_case(text, "en"), base_text=page, trail=[step])
    told = marked(page, case)
    assert "[-line-]{+LINE+} 200 of the terms" in told
    assert len(told) < 400
    assert sum(int(n) for n in re.findall(r"…\((\d+) characters\)…", told)) > 0.9 * len(page)
    assert shown(page) == page[:240] + f" …({len(page) - 240} characters)… "
    assert "line 200 of the terms" in shown(page, [(at, at + 8)])
    assert shown("short") == "short"
