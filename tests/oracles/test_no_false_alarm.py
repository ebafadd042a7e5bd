"""Over all packs and languages present: the expected answer of a case never fails, as data and in words; errors and unsure never pass."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from robustgen.campaign.judging import judge_for
from robustgen.campaign.results import Tally, exit_code
from robustgen.core.case import Case, Envelope
from robustgen.core.verdict import Outcome, Response
from robustgen.errors import UsageError
from robustgen.generate import Generator, Selection
from robustgen.packs.locate import pack_names
from robustgen.packs.pack import load_pack
from robustgen.targets._base import ALL

COUNT = 20_000 if os.environ.get("ROBUSTGEN_DEEP") else 2_000


PAIRS = [(name, tag) for name in pack_names() for tag in load_pack(name).tags if any(load_pack(name).speaks(tag, task) for task in load_pack(name).tasks)]
"""Every pack with every language that it speaks; each gets the same number of cases."""


def families(name: str, tag: str = "") -> Iterator[tuple[Case | None, Case]]:
    """Yield base and case of a pack, in one language or the same number for every one that it speaks."""
    for pack, spoken in PAIRS:
        if pack != name or tag not in {"", spoken}:
            continue
        try:
            generator = Generator(Selection.of([name], languages=[spoken]))
        except UsageError:
            continue
        for base, cases in generator.families(0, -(-COUNT // len(PAIRS))):
            for case in cases:
                yield (base if base is not None and base.id != case.id else None), case


def in_words(envelope: Envelope) -> str | None:
    """Return a plain answer in words, None for one that only data can say."""
    if envelope.status != "answer" or isinstance(envelope.value, (list, dict)) or (envelope.value is not None and envelope.label is not None):
        return None
    return " ".join(str(p) for p in (envelope.value, envelope.unit or envelope.currency, envelope.label) if p is not None) or None


@pytest.mark.slow
@pytest.mark.parametrize(("name", "tag"), PAIRS)
def test_a_case_against_its_own_expected_answer_never_fails(name: str, tag: str) -> None:
    """No oracle fails, errs or is unsure over any case, for every acceptable answer as data, and for plain ones in words never fails."""
    judge, seen = judge_for(ALL), 0
    for base, case in families(name, tag):
        before = [Response(data=msgspec.to_builtins(base.expected.accept[0]))] if base else []
        for accepted in case.expected.accept:
            verdicts = judge.verdicts(judge.trial(case, [Response(data=msgspec.to_builtins(accepted))], base if before else None, before))
            bad = [(v.oracle, v.outcome.value, v.why) for v in verdicts if v.outcome not in {Outcome.passed, Outcome.skip}]
            assert not bad, (case.task, case.tag, case.text, accepted, bad)
            seen += 1
        text = in_words(case.expected.accept[0])
        if text is not None and "injection" not in case.tags:
            verdicts = judge.verdicts(judge.trial(case, [Response(text=text)], None, []))
            wrong = [(v.oracle, v.why) for v in verdicts if v.outcome in {Outcome.failed, Outcome.error}]
            assert not wrong, (case.task, case.tag, text, wrong)
    assert seen >= COUNT // len(PAIRS)


def outcome_of(case: Case, response: Response) -> str:
    """Return a case's outcome as the totals count it."""
    judge, tally = judge_for(ALL), Tally()
    tally.response(response)
    tally.case(case, judge.verdicts(judge.trial(case, [response], None, [])))
    return next(k for k, n in tally.totals.items() if n)


@pytest.mark.parametrize("name", pack_names())
def test_thoughtless_answerers_get_what_they_deserve(name: str) -> None:
    """Asking passes where asking is owed, refusing where refusing is; an echo, an error and an empty answer never pass."""
    for _, case in [pair for pair, _ in zip(families(name), range(60), strict=False)]:
        statuses = {e.status for e in case.expected.accept}
        assert (outcome_of(case, Response(data={"status": "ask"})) == "pass") is ("ask" in statuses)
        assert (outcome_of(case, Response(data={"status": "refuse"})) == "pass") is ("refuse" in statuses)
        assert outcome_of(case, Response(text=case.text)) != "pass"
        assert outcome_of(case, Response(error="timeout")) == "error"
        assert outcome_of(case, Response(text="")) in {"unsure", "error", "fail"}


def report_of(outcomes: list[Response]) -> Any:
    """Return the report of a run of the first case's answers."""
    case = Generator(Selection.of([pack_names()[0]], kinds=["clean"])).case(0)
    judge, tally = judge_for(ALL), Tally()
    for response in outcomes:
        tally.response(response)
        tally.case(case, judge.verdicts(judge.trial(case, [response], None, [])))
    return tally.report(run="r", target="t", config={}, made_with={}, findings=[], requests=len(outcomes), why="done")


def test_an_outage_cannot_turn_a_run_green() -> None:
    """Errors count as errors in the totals and end with 3; answers that cannot be read are unsure, never pass, and can be capped."""
    down = report_of([Response(error="http_500")] * 20)
    assert down.totals["pass"] == 0
    assert down.totals["error"] == 20
    assert exit_code(down, fail_on="high", min_answered=0.9) == 3
    vague = report_of([Response(text="lorem ipsum dolor sit amet")] * 20)
    assert vague.totals["pass"] == 0
    assert vague.totals["unsure"] == 20
    assert exit_code(vague, fail_on="high", min_answered=0.9, max_unsure=0.2) == 3
