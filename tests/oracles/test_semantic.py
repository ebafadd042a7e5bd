"""Similarity by a local model: its published figures, what it cannot hear, and the oracle that uses it only where asked."""

from __future__ import annotations

import pytest

from robustgen.answers import read_answer
from robustgen.core.case import Case, Kind
from robustgen.core.verdict import Bound, Outcome, Response, Trial, Verdict
from robustgen.errors import MissingExtra
from robustgen.generate import Generator, Selection
from robustgen.oracles import semantic as module
from robustgen.oracles.semantic import semantic, similarity
from robustgen.packs.language import load_language


@pytest.fixture
def model() -> None:
    """Skip where the extra or the weights are not installed."""
    pytest.importorskip("safetensors")
    pytest.importorskip("tokenizers")
    pytest.importorskip(module.WEIGHTS)


def variant() -> tuple[Case, Case]:
    """Return a base and one of its variants."""
    generator = Generator(Selection.of(["clinical"], tasks=["CL-T01"], kinds=["noisy"], languages=["en"]))
    for base, cases in generator.families(0, 20):
        for case in cases:
            if base is not None and case.trail:
                return base, case
    raise AssertionError("no variant")


def judged(before: str, after: str, *bounds: Bound) -> Verdict:
    """Return the verdict over a pair of texts."""
    base, case = variant()
    language = load_language("en")
    replies = [read_answer(c, Response(text=t), language) for c, t in ((base, before), (case, after))]
    return semantic(Trial(case=case, replies=[replies[1]], base=base, base_replies=[replies[0]], language=language, bounds={"semantic": bounds}))


@pytest.mark.parametrize(("other", "published"), [("That is a happy dog", 0.695), ("That is a very happy person", 0.943), ("Today is a sunny day", 0.257)])
@pytest.mark.usefixtures("model")
def test_the_forward_pass_gives_the_published_similarities(other: str, published: float) -> None:
    """The figures that the model's page shows for its example sentences."""
    assert similarity("That is a happy person", other) == pytest.approx(published, abs=0.001)


@pytest.mark.usefixtures("model")
def test_what_the_page_says_that_it_cannot_hear() -> None:
    """A tenfold dose and a lost negation are nearer than a paraphrase; another subject is far."""
    tenfold = similarity("The total daily dose is 10 mg.", "The total daily dose is 100 mg.")
    negated = similarity("The drug is contraindicated in renal failure.", "The drug is not contraindicated in renal failure.")
    said_otherwise = similarity("The total daily dose is 1500 mg.", "In sum 1500 mg are taken each day.")
    far = similarity("The total daily dose is 1500 mg.", "The invoice was paid on the third of May.")
    assert tenfold is not None
    assert negated is not None
    assert said_otherwise is not None
    assert far is not None
    assert min(tenfold, negated) > said_otherwise > 0.8
    assert far < 0.2


@pytest.mark.usefixtures("model")
def test_the_oracle_judges_running_text_against_the_base() -> None:
    """Similar passes, another subject fails with the model's name, a bare value is no running text, unknown writing is skipped."""
    bound = Bound("bounds.semantic", {"min": 0.8})
    assert judged("The total daily dose is 1500 mg.", "In sum 1500 mg are taken each day.", bound).outcome is Outcome.passed
    found = judged("The total daily dose is 1500 mg.", "The invoice was paid on the third of May.", bound)
    assert found.outcome is Outcome.failed
    assert found.evidence["model"] == module.MODEL
    assert judged("The total daily dose is 1500 mg.", "1500 mg", bound).outcome is Outcome.skip
    strange = "ꙮ ꙮ ꙮ ꙮ ꙮ ꙮ"
    assert judged(strange, strange, bound).outcome is Outcome.skip


def test_nothing_is_loaded_unless_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a bound the oracle skips; with one and no weights it says what to install."""
    monkeypatch.setattr(module, "WEIGHTS", "no_such_weights")
    module._encoder.cache_clear()
    similarity.cache_clear()
    assert judged("One two three four five.", "One two three four six.").outcome is Outcome.skip
    with pytest.raises(MissingExtra, match="no-such-weights"):
        judged("One two three four five.", "One two three four six.", Bound("b", {"min": 0.5}))
    module._encoder.cache_clear()


def test_a_variant_is_found() -> None:
    """The pair that the tests stand on is a variant of noise."""
    base, case = variant()
    assert base.id != case.id
    assert Kind.noisy in case.kinds
