"""What makes judging fast changes no verdict: remembered numbers, gradings and patterns, and looks that come before a search."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import msgspec
import pytest

from robustgen.answers import compare
from robustgen.campaign.judge import Judge
from robustgen.campaign.judging import judge_for
from robustgen.core.case import Case, canonical, exact_text
from robustgen.core.verdict import Response
from robustgen.generate import Generator, Selection
from robustgen.oracles import _identifiers, patterns

PACKS = ("clinical", "finance", "legal", "retail")
CASES = 60
CAN = frozenset({"answer", "label", "null", "ask", "refuse", "text"})
BOUNDS = {"max_length": 400, "must_contain": ["e"], "clinical": {"unit": True, "own_identifiers": True}}
SAID = (
    "The total is 1500 mg (1.5 g), since 500 mg x 3 = 1,600 mg. See 42 U.S.C. § 1983, take it q.d. and ask your doctor about Celebrex.",
    "Contact john.smith@example.com, card 4111 1111 1111 1111, NHS 943 476 5919, IBAN GB82WEST12345698765432, on 2019-03-04 for 99999.99 EUR.",
    "ABCPE1234F", "Which unit do you mean?", "I cannot help with that.", "Call 112 now!", "", "1,250.50", "guaranteed, risk-free",
)  # fmt: skip


def families() -> Iterator[tuple[Case | None, Case]]:
    """Yield cases of every pack with their clean ones."""
    for name in PACKS:
        generator = Generator(Selection.of([name]), certify=False)
        for base, cases in generator.families(0, CASES):
            yield from ((base, case) for case in cases)


def answers(case: Case) -> list[Response]:
    """Return right, wrong and strange answers, as data, as JSON and as text."""
    made = [Response(text=t) for t in SAID]
    for e in (*case.expected.accept[:2], *case.expected.never[:3]):
        data = {"status": e.status, "value": canonical(e.value), "unit": e.unit, "currency": e.currency, "label": e.label}
        made += [Response(data=data), Response(text=json.dumps(data)), Response(text=f"{data['value']} {e.unit or e.currency or ''} {e.label or ''}")]
    return [*made, Response(text=case.text), Response(error="timeout"), Response(data={"status": 3, "value": 0.5, "note": "as said in 12 kg"})]


def judged(judge: Judge, met: Sequence[tuple[Case | None, Case]]) -> list[bytes]:
    """Return every verdict as bytes."""
    found = []
    for base, case in met:
        for response in answers(case):
            trial = judge.trial(case, [response], base, answers(base)[-6:-5] if base else [])
            found += [msgspec.json.encode(v, enc_hook=exact_text) for v in judge.verdicts(trial)]
    return found


@pytest.mark.slow
def test_verdicts_are_the_same_byte_by_byte_without_any_shortcut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some hundred cases of four packs, with warm memories first and then with none of them."""
    met = list(families())
    assert len(met) >= 4 * CASES
    fast = judged(judge_for(CAN, bounds=BOUNDS), met)
    monkeypatch.setattr(compare, "_parsed", compare._number)
    monkeypatch.setattr(compare, "_kept_label", compare._label)
    monkeypatch.setattr(_identifiers, "_may_hold", lambda text: True)
    _identifiers.identifiers_in.cache_clear()
    monkeypatch.setattr(patterns, "_joined", lambda given, exact: None)
    monkeypatch.setattr(patterns, "_RULES", {})
    plain = judged(judge_for(CAN, bounds=BOUNDS), met)
    assert len(fast) == len(plain) > 50_000
    assert fast == plain


def test_patterns_stand_together_only_where_they_mean_the_same() -> None:
    """A pattern with groups of its own is tried alone; the others are found where one of them is."""
    assert patterns._joined([r"(a)\1", "b"], exact=False) is None
    assert patterns._joined(["(?i)a", "b"], exact=True) is None
    assert patterns._joined(["(?P<x>a)", "b"], exact=True) is None
    joined = patterns._joined([r"\bq\.?d\b", r"(?<!\d)\.\d+ mg"], exact=True)
    assert joined is not None
    assert [bool(joined.search(t)) for t in ("take qd", "give .5 mg", "give 0.5 mg", "QD")] == [True, True, False, False]


@pytest.mark.parametrize("text", ["ABCPE1234F", "12345678Z", "1EG4-TE5-MK73", "+1 2 3 45", "a@b.co", "QQ123456C", "GB82WEST12345698765432"])
def test_no_short_identifier_is_overlooked(text: str) -> None:
    """What the search itself finds, the look before it lets through."""
    assert _identifiers._may_hold(text)
    assert _identifiers.identifiers_in(text) == tuple(_identifiers._found(text))


@pytest.mark.parametrize("text", ["answer\n1250\nmg", "500", "in 3 days", "yes"])
def test_a_bare_amount_is_not_searched(text: str) -> None:
    """It can hold no identifier, and does not."""
    assert not _identifiers._may_hold(text)
    assert list(_identifiers._found(text)) == []
