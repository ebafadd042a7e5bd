"""Answers in words are read back as what they say; wrong answers are wrong by the comparison that judges systems."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from robustgen.answers.compare import accepted
from robustgen.answers.read import read_answer
from robustgen.core.case import Case, Envelope, Expected, Reading, Tolerance
from robustgen.core.verdict import Response
from robustgen.packs.language import load_language
from robustgen.packs.locate import corpora
from robustgen.scale.rows import Unusable, row_of, still_wrong
from robustgen.scale.wording import short, worded
from robustgen.scale.wrong import wrong_answers

EN = load_language("en")
KEYS = {
    "because", "answer", "ask_missing", "ask_unclear", "ask", "both", "refuse", "refuse_plain", "escalate", "escalate_plain", "or", "quote", "and",
}  # fmt: skip
SPOKEN = sorted({t.split("-")[0] for t in corpora()})


def case(tag: str, accept: list[Envelope], readings: list[Reading] | None = None, **more: Any) -> Case:
    """Return a case of nobody's pack."""
    expected = Expected(accept=accept, tolerance=Tolerance(abs="0"))
    given: dict[str, Any] = {"id": "c1", "family": "f1", "domain": "", "task": "T", "language": tag, "kinds": [], "text": "D", "base_text": "D"}
    return Case(messages=[{"role": "system", "content": "?"}], facts={}, expected=expected, readings=readings or [], **{**given, **more})


@pytest.mark.parametrize("tag", SPOKEN)
def test_every_language_has_every_phrase(tag: str) -> None:
    """No language borrows another one's words, and every slot is kept."""
    phrases = {row["key"]: row["text"] for row in load_language(tag).rows("answers")}
    english = {row["key"]: row["text"] for row in EN.rows("answers")}
    assert set(phrases) == KEYS
    slots = ("{answer}", "{missing}", "{options}", "{label}", "{quotes}", "{text}")
    assert [[s in phrases[k] for s in slots] for k in sorted(KEYS)] == [[s in english[k] for s in slots] for k in sorted(KEYS)]
    if tag != "en":
        assert phrases["ask"] != english["ask"]


@pytest.mark.parametrize("tag", SPOKEN)
@pytest.mark.parametrize(
    "envelope",
    [
        Envelope(value="12.5", unit="mg"),
        Envelope(value="12.5"),
        Envelope(label="not_critical"),
        Envelope(status="ask", missing=["freq"]),
        Envelope(status="ask"),
        Envelope(status="refuse"),
        Envelope(status="escalate"),
    ],
)
def test_phrases_are_read_back(tag: str, envelope: Envelope) -> None:
    """The reader of the campaign understands what a data set teaches to say, in ten languages."""
    made, language = case(tag, [envelope]), load_language(tag)
    text = worded(envelope, made, language, EN, "explained")
    found = read_answer(made, Response(text=text), language, ["not_critical", "critical_high"]).envelope
    assert found is not None
    assert accepted(found, made.expected), (text, found)


def test_both_readings_are_named() -> None:
    """Where both readings may be given, both answers stand in the sentence."""
    readings = [Reading(facts={}, expected=Expected(accept=[Envelope(value=v, currency="EUR")])) for v in ("5", "7")]
    made = case("en", [Envelope(status="both")], readings)
    text = worded(Envelope(status="both"), made, EN, EN, "short")
    assert "5 EUR or 7 EUR" in text


def test_an_explanation_quotes_the_document() -> None:
    """Quotes are spans of the facts on which the answer depends, in the order of the text."""
    made = case("en", [Envelope(value="10", unit="mg")], text="Take 5 mg twice daily. Bob", spans={"freq": [(10, 21)], "dose": [(5, 9)], "who": [(23, 26)]})
    text = worded(made.expected.accept[0], made, EN, EN, "explained", ["dose", "freq"])
    assert text == "The document says “5 mg”, “twice daily”. The answer is 10 mg."


def test_short_answers_have_the_form_that_the_question_asks_for() -> None:
    """Value with unit, label and value, several values as JSON."""
    assert short(Envelope(value="5", unit="mg")) == "5 mg"
    assert short(Envelope(value="2026-01-02", label="presumed")) == "presumed, 2026-01-02"
    assert short(Envelope(value={"a": "1"}, label="within")) == '{"value": {"a": "1"}, "label": "within"}'


def test_rows_of_real_cases_are_right_and_their_wrong_answers_wrong(cases: list[Case]) -> None:
    """In every style: the answer is never read as wrong, a rejected one never as right, the two differ; almost nothing is lost."""
    lost: Counter[str] = Counter()
    wrong = 0
    for found in cases:
        for style in ("short", "explained", "json"):
            try:
                row = row_of(found, style, 2)
            except Unusable as why:
                lost[str(why)] += 1
                continue
            assert not still_wrong(found, row.answer), (style, row.answer)
            assert all(r.text != row.answer for r in row.rejected)
            wrong += len(row.rejected)
            if style == "json":
                envelope = msgspec.json.decode(row.answer, type=Envelope)
                assert accepted(envelope, found.expected)
                assert not any(accepted(msgspec.json.decode(r.text, type=Envelope), found.expected) for r in row.rejected)
    assert sum(lost.values()) < len(cases) * 3 * 0.05, lost
    assert wrong > len(cases) * 3


def test_where_asking_is_owed_the_wrong_answer_is_a_guess(cases: list[Case]) -> None:
    """Missing and ambiguous cases teach not to guess."""
    owed = [c for c in cases if c.text.strip() and c.expected.accept and all(e.status == "ask" for e in c.expected.accept)]
    rows = [row_of(c, "short", 1) for c in owed]
    assert rows
    assert all(r.status == "ask" for r in rows)
    whys = Counter(r.rejected[0].why for r in rows if r.rejected)
    assert whys["overconfident"] + whys["hazard"] == sum(whys.values()) > 0


def test_every_kind_of_slip() -> None:
    """Ten times, another unit, another currency, another day, another label, a null label, asking without need."""
    made = case("en", [Envelope(value="5", unit="mg")])
    assert {w.why for w in wrong_answers(made, most=9)} == {"off_by_ten", "unit_slip", "overcautious"}
    made = case("en", [Envelope(value="2026-03-04")])
    found = {w.envelope.value for w in wrong_answers(made, most=9) if w.why == "date_slip"}
    assert found == {"2026-04-03", "2026-03-05"} | {"2026-04-03"}
    made = case("en", [Envelope(value="9", currency="EUR", label="yes")])
    whys = {w.why for w in wrong_answers(made, labels=["yes", "no"], abstain="not_stated", most=9)}
    assert whys == {"off_by_ten", "currency_slip", "wrong_label", "overcautious"}


def test_an_answer_within_tolerance_is_no_wrong_answer() -> None:
    """What the comparison accepts is not rejected, whoever proposes it."""
    made = msgspec.structs.replace(case("en", [Envelope(value="0")]), expected=Expected(accept=[Envelope(value="5")], never=[Envelope(value="5.0")]))
    assert all(w.envelope.value != "5.0" for w in wrong_answers(made, most=9))


def test_half_a_character_makes_no_row() -> None:
    """A lone surrogate cannot be written as UTF-8; such a case is left out and counted."""
    with pytest.raises(Unusable, match="invalid_unicode"):
        row_of(case("en", [Envelope(value="5")], text="a\ud83d"), "short")


def test_the_corpora_are_what_is_read(tmp_path: Path) -> None:
    """A language without phrases answers in English rather than in none."""
    bare = load_language("en").__class__("xx", {}, lambda _: (), lambda _: ())
    assert worded(Envelope(status="ask"), case("en", []), bare, EN, "short").startswith("The document")
