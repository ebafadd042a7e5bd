"""Closed forms against scipy and statsmodels, and the attribution of planted failures."""

from __future__ import annotations

import builtins
import random
from typing import Any

import pytest

from robustgen.errors import MissingExtra
from robustgen.stats import benjamini_hochberg, clopper_pearson, mcnemar, pass_hat_k, sample_size, wilson
from robustgen.stats.attribution import attribute

COUNTS = [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (1, 500), (37, 1000), (999, 1000), (4_000, 20_000), (19_999, 20_000)]


@pytest.mark.parametrize(("failed", "n"), COUNTS)
def test_intervals_agree_with_scipy(failed: int, n: int) -> None:
    """Wilson and Clopper-Pearson as scipy's binomtest computes them, to twenty thousand cases."""
    stats = pytest.importorskip("scipy.stats")
    test = stats.binomtest(failed, n)
    for ours, method in ((wilson(failed, n), "wilson"), (clopper_pearson(failed, n), "exact")):
        theirs = test.proportion_ci(method=method)
        assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(("b", "c"), [(0, 0), (1, 0), (5, 5), (3, 17), (100, 60), (700, 600), (1200, 1200), (2_500, 2_300)])
def test_mcnemar_agrees_with_statsmodels(b: int, c: int) -> None:
    """The exact binomial form, also past the whole-number sum."""
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    assert mcnemar(b, c) == pytest.approx(float(tables.mcnemar([[10, b], [c, 10]], exact=True).pvalue) if b + c else 1.0, abs=1e-9)


def test_false_discoveries_agree_with_statsmodels() -> None:
    """Benjamini-Hochberg over random p-values, in the given order."""
    multi = pytest.importorskip("statsmodels.stats.multitest")
    draw = random.Random(3)
    for n in (1, 2, 7, 50):
        p = [draw.random() ** 3 for _ in range(n)]
        assert benjamini_hochberg(p) == pytest.approx(list(multi.multipletests(p, method="fdr_bh")[1]))
    assert benjamini_hochberg([]) == []


def test_nothing_observed_says_nothing() -> None:
    """No cases: the whole unit interval."""
    assert wilson(0, 0) == clopper_pearson(0, 0) == (0.0, 1.0)


def test_pass_hat_k_is_the_share_of_all_right_draws() -> None:
    """Three of four right: half of the pairs are all right."""
    assert pass_hat_k(3, 4, 2) == 0.5
    assert pass_hat_k(4, 4, 4) == 1.0
    assert pass_hat_k(3, 4, 4) == 0.0
    assert pass_hat_k(1, 1, 2) == 0.0


def test_sample_sizes() -> None:
    """The textbook figure for two percent."""
    assert sample_size(0.02) == 2401


def rows_of(n: int, seed: int) -> tuple[list[dict[str, Any]], list[bool]]:
    """Return cases in which one perturbation triples the odds and goes together with one language."""
    draw = random.Random(seed)
    rows, failed = [], []
    for _ in range(n):
        language = draw.choice(["x", "y", "z"])
        noisy = draw.random() < (0.8 if language == "x" else 0.2)
        rows.append({"language": language, "perturbation": ["smudge"] if noisy else ["none"], "domain": "one"})
        failed.append(draw.random() < (0.45 if noisy else 0.1))
    return rows, failed


def test_a_cause_is_told_from_what_goes_with_it() -> None:
    """The perturbation is blamed; the language that it mostly meets is not, though its rate alone looks bad."""
    pytest.importorskip("scipy")
    rows, failed = rows_of(2000, 5)
    found = {(e.factor, e.level): e for e in attribute(rows, failed)}
    smudge, language = found["perturbation", "smudge"], found["language", "x"]
    assert smudge.low > 1
    assert smudge.q < 0.001
    assert language.low < 1 < language.high
    assert language.failed / language.judged > 1.5 * found["language", "y"].failed / found["language", "y"].judged
    assert ("domain", "one") not in found


def test_the_model_agrees_with_statsmodels_where_nothing_is_penalised() -> None:
    """With hardly any penalty and one column, weight and error are those of an unpenalised fit."""
    api = pytest.importorskip("statsmodels.api")
    numpy = pytest.importorskip("numpy")
    rows, failed = rows_of(800, 9)
    single = [{"noise": ["yes"] if r["perturbation"] == ["smudge"] else []} for r in rows]
    (effect,) = attribute(single, failed, ridge=1e-9)
    column = numpy.array([float(bool(r["noise"])) for r in single])
    fit = api.Logit(numpy.array(failed, dtype=float), numpy.column_stack([numpy.ones(len(column)), column - column.mean()])).fit(disp=0)
    low, high = fit.conf_int()[1]
    assert effect.odds == pytest.approx(float(numpy.exp(fit.params[1])), rel=1e-4)
    assert (effect.low, effect.high) == pytest.approx((float(numpy.exp(low)), float(numpy.exp(high))), rel=1e-3)
    assert effect.p == pytest.approx(float(fit.pvalues[1]), rel=1e-2, abs=1e-12)


def test_without_failures_there_is_nothing_to_blame() -> None:
    """All passed, or all failed."""
    pytest.importorskip("scipy")
    rows, failed = rows_of(50, 1)
    assert attribute(rows, [False] * 50) == attribute(rows, [True] * 50) == []
    assert failed


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without scipy the message says what to install."""
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith(("scipy", "numpy")):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"robustgen\[stats\]"):
        attribute([{"a": "b"}], [True])
