"""Whole campaigns against a server on loopback and on a clock that jumps: nothing is lost, nothing exceeded, nothing leaks."""

from __future__ import annotations

import asyncio
import json
import resource
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from robustgen.campaign import session
from robustgen.campaign.files import need_files
from robustgen.campaign.histogram import Histogram
from robustgen.campaign.ledger import Ledger
from robustgen.campaign.limits import Budget, Limits
from robustgen.campaign.redact import Redactor
from robustgen.core.case import Case
from robustgen.core.events import Event, Judged, Retried
from robustgen.core.report import Report
from robustgen.core.verdict import Response
from robustgen.errors import UsageError
from robustgen.generate import Generator, Selection
from robustgen.targets._base import CallTarget
from tests.campaign.serving import stub
from tests.campaign.virtual import VirtualLoop


def campaign(folder: Path, address: str, *, count: int, kinds: list[str] | None = None, **options: Any) -> Report:
    """Run a campaign on toy cases."""
    limits = options.pop("limits", Limits())
    generator = Generator(Selection.of(["toy"], kinds=kinds or ["clean"]))
    folder.mkdir(exist_ok=True)
    return session.Session(generator, address, folder, count=count, limits=limits, shrink=0, **options).go()


def planted(monkeypatch: pytest.MonkeyPatch, call: Callable[[Case], Any]) -> None:
    """Let every address open this function."""

    async def opened(address: str, options: object) -> CallTarget:
        return CallTarget(call, name=address)

    monkeypatch.setattr(session, "open_target", opened)


def test_every_case_of_a_misbehaving_server_is_accounted_for(tmp_path: Path) -> None:
    """Answered or an error with its class; hostile bytes stand nowhere as they came."""
    limits = Limits(concurrency=40, timeout=0.5, retries=0, breaker=0)
    events: list[Event] = []
    with stub("--mode", "bad") as served:
        report = campaign(tmp_path, "openai:m", count=280, options={"base_url": served.url}, limits=limits, tell=events.append)
        # one sent just as the server cuts the connection does not count there
        assert report.requests - 10 <= served.stats()["number"] <= report.requests
    judged = [e for e in events if isinstance(e, Judged)]
    assert len({e.case for e in judged}) == report.requests  # toy cases repeat now and then; a repeated one is asked once
    assert len(judged) == sum(report.totals.values()) == 280
    assert set(report.errors) == {"rate_limited", "http_500", "connection", "timeout", "bad_response", "too_large", "empty"}
    assert sum(report.errors.values()) + round(report.answered * 280) == 280
    assert report.errors["rate_limited"] == pytest.approx(60, abs=6)
    assert report.errors["too_large"] == pytest.approx(20, abs=3)
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "\x1b" not in page
    assert "<script>" not in page.replace("<script>\n", "", 1) or "oops" not in page


def test_passing_errors_are_tried_again_and_each_attempt_is_recorded(tmp_path: Path) -> None:
    """With enough attempts a case gets past them; Retry-After is waited for."""
    events: list[Event] = []
    limits = Limits(concurrency=8, timeout=0.3, retries=3, breaker=0)
    with stub("--mode", "bad") as served:
        report = campaign(tmp_path, "openai:m", count=28, options={"base_url": served.url}, limits=limits, tell=events.append)
    retried = [e for e in events if isinstance(e, Retried)]
    assert retried
    assert sum(report.totals.values()) == 28
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        attempts = list(ledger.records("attempt"))
        assert len(attempts) == len(retried)
        assert all(json.loads(r.body or b"")["error"] for r in attempts)
        assert ledger.verify()[1] == ""
    assert report.spend["requests"] == 28 + len(retried)


def test_a_budget_is_never_exceeded(tmp_path: Path) -> None:
    """The server counts the requests itself."""
    with stub("--mode", "instant") as served:
        report = campaign(tmp_path, "openai:m", count=500, options={"base_url": served.url}, limits=Limits(budget=Budget(requests=50)))
        assert served.stats()["number"] == 50
    assert report.why == "budget"
    assert report.requests == 50


def test_a_target_that_is_gone_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The breaker gives up after its probes; what was not asked is not called a pass."""

    async def gone(case: Case) -> Response:
        return Response(error="connection")

    planted(monkeypatch, gone)
    report = campaign(tmp_path, "x:", count=500, limits=Limits(retries=0), loop=VirtualLoop)
    assert report.why == "target"
    assert report.totals["pass"] == 0
    assert report.requests < 100


def test_credentials_stand_in_no_file_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even when the server sends them back in its answers."""
    canaries = {"OPENAI_API_KEY": "sk-canary-0123456789", "SOME_SERVICE_TOKEN": 'tok"en\\canary-42', "DB_PASSWORD": "pa55-canary-word"}
    for name, value in canaries.items():
        monkeypatch.setenv(name, value)
    events: list[Event] = []
    config = {"base_url": "http://me:pa55-canary-word@127.0.0.1/", "note": canaries["SOME_SERVICE_TOKEN"]}
    with stub("--mode", "tell") as served:
        campaign(tmp_path, "openai:m", count=30, options={"base_url": served.url}, config=config, tell=events.append)
    files = [f for f in tmp_path.rglob("*") if f.is_file()]
    assert {f.name for f in files} >= {"ledger.sqlite", "report.html", "findings.jsonl"}
    everything = b"".join(f.read_bytes() for f in files) + repr(events).encode()
    assert b"500" in everything or b"content-type" in everything.lower()
    assert b"[redacted]" in everything
    for secret in ("canary-0123456789", "canary-42", "pa55-canary"):
        assert secret.encode() not in everything


def test_only_what_is_named_like_a_secret_is_one() -> None:
    """And values too short to be one are left alone."""
    redactor = Redactor(environment={"HOME": "/home/somebody", "API_KEY": "abcdefgh12345", "KEY": "short", "MONKEY": "long-enough-value"})
    assert redactor.text("/home/somebody abcdefgh12345 short long-enough-value") == "/home/somebody [redacted] short long-enough-value"
    assert "abcdefgh" not in repr(redactor)


def test_a_day_of_soak_is_reported_window_by_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty-four hours on a jumping clock; an outage of two hours shows where it was, and the region that had it."""
    turn = 0

    async def answer(case: Case) -> Response:
        nonlocal turn
        turn += 1
        loop = asyncio.get_running_loop()
        await asyncio.sleep(0.2)
        region = "west" if turn % 2 else "east"
        if region == "west" and 10 * 3600 <= loop.time() < 12 * 3600:
            return Response(error="http_503", region=region)
        return Response(text="7", elapsed=0.2, region=region)

    planted(monkeypatch, answer)
    made: list[VirtualLoop] = []

    def loop() -> VirtualLoop:
        made.append(VirtualLoop())
        return made[-1]

    limits = Limits(rate=1 / 60, seconds=86400, retries=0, concurrency=4)
    report = campaign(tmp_path, "x:", count=1, limits=limits, loop=loop, now=lambda: made[-1].wall())  # noqa: PLW0108 - the loop is made later
    assert report.requests == pytest.approx(1440, rel=0.02)
    assert len(report.windows) == pytest.approx(48, abs=1)
    bad = [w for w in report.windows if w["availability"] < 1]
    assert 4 <= len(bad) <= 5
    assert all(w["errors"] == {"http_503": w["asked"] - round(w["availability"] * w["asked"])} for w in bad)
    regions = {r["region"]: r for r in report.regions}
    assert regions["east"]["availability"] == 1
    assert regions["west"]["availability"] == pytest.approx(22 / 24, abs=0.02)
    assert regions["east"]["p99.9"] == pytest.approx(0.2, rel=0.01)
    assert report.why == "done"


def test_a_soak_that_is_stopped_leaves_a_whole_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal comes in the middle of a day."""
    import os
    import signal

    async def answer(case: Case) -> str:
        if asyncio.get_running_loop().time() > 40_000:
            os.kill(os.getpid(), signal.SIGTERM)
        return "7"

    planted(monkeypatch, answer)
    limits = Limits(rate=1 / 120, seconds=86400)
    report = campaign(tmp_path, "x:", count=1, limits=limits, loop=VirtualLoop)
    assert report.why == "interrupted"
    assert sum(report.totals.values()) > 300
    assert (tmp_path / "report.html").is_file()
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert any(ledger.records("checkpoint"))
        assert any(ledger.records("finished"))
        assert ledger.verify()[1] == ""


def test_latency_under_open_load_counts_the_wait_for_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target of one second asked twice a second by one worker falls behind; the waiting line is in the figures."""

    async def answer(case: Case) -> Response:
        await asyncio.sleep(1)
        return Response(text="7", elapsed=1.0)

    planted(monkeypatch, answer)
    closed = campaign(tmp_path / "closed", "x:", count=20, limits=Limits(concurrency=1), loop=VirtualLoop)
    opened = campaign(tmp_path / "open", "x:", count=20, limits=Limits(concurrency=1, load="constant:2/s"), loop=VirtualLoop)
    assert closed.latency["p99"] == pytest.approx(1, rel=0.01)
    assert opened.latency["p99"] == pytest.approx(1 + 19 * 0.5, rel=0.05)


def test_the_cache_answers_across_runs_by_repetition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run asks nothing; another repetition is another question; other options are another target."""
    asked: Counter[str] = Counter()

    async def answer(case: Case) -> str:
        asked[case.id] += 1
        return "7"

    planted(monkeypatch, answer)
    cache = tmp_path / "cache.sqlite"
    first = campaign(tmp_path / "a", "x:", count=10, cache=cache)
    assert sum(asked.values()) == first.requests == 10
    campaign(tmp_path / "b", "x:", count=10, cache=cache)
    assert sum(asked.values()) == 10
    campaign(tmp_path / "c", "x:", count=10, cache=cache, limits=Limits(repeat=3))
    assert sum(asked.values()) == 30
    campaign(tmp_path / "d", "x:", count=10, cache=cache, options={"temperature": "1"})
    assert sum(asked.values()) == 40


def test_memory_does_not_grow_with_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many cases fail: cases waiting are bounded, failures are kept by example."""

    async def answer(case: Case) -> str:
        return "123456789"

    planted(monkeypatch, answer)
    alive: list[int] = []
    limits = Limits(concurrency=10)
    generator = Generator(Selection.of(["toy"], kinds=["clean"]))
    made = session.Session(generator, "x:", tmp_path, count=600, limits=limits, shrink=0)
    made._tell = lambda event: alive.append(made.run._pending if made.run else 0)
    report = made.go()
    assert report.totals["fail"] > 300
    assert max(alive) <= 10 + 16 + 2
    assert len(made.failures) < report.totals["fail"] / 2
    assert sum(f.count for f in report.findings) >= report.totals["fail"] * 0.9


def test_too_few_open_files_are_told_with_the_number_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The soft limit is raised silently, the hard one cannot be."""
    raised: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 4096))
    monkeypatch.setattr(resource, "setrlimit", lambda which, pair: raised.append(pair))
    need_files(100)
    assert raised == []
    need_files(1000)
    assert raised == [(4096, 4096)]
    with pytest.raises(UsageError, match="10000 requests in flight need 10064 open files"):
        need_files(10_000)


def test_personal_numbers_stand_in_no_file_where_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither ledger, findings nor report hold them, the leak is found all the same, and the run without the option does hold them."""
    card, mail = "4111 1111 1111 1111", "ann.example@example.org"

    async def tells(case: Case) -> Response:
        return Response(text=f"Paid by \n{mail} with card {card}.")

    planted(monkeypatch, tells)
    held = {}
    for name, redact in (("kept", ()), ("redacted", ("personal",))):
        report = campaign(tmp_path / name, "x:", count=5, redact=redact, cache=tmp_path / f"{name}.cache")
        assert "leak" in {f.verdict.oracle for f in report.findings}
        files = [p for p in tmp_path.rglob("*") if name in str(p.relative_to(tmp_path)) and p.is_file()]
        held[name] = {p.name for p in files for secret in (card, mail) if secret.encode() in p.read_bytes()}
        with Ledger(tmp_path / name / "ledger.sqlite") as ledger:
            assert ledger.verify()[1] == ""
            assert all(json.loads(r.body or b"null") is not None for r in ledger.records())
    assert {"ledger.sqlite", "findings.jsonl", "report.html"} <= held["kept"]
    assert held["redacted"] == set()


def test_percentiles_are_within_half_a_percent() -> None:
    """Of ten thousand latencies over four decades; merged halves say the same."""
    values = [0.0001 * 1.001**i for i in range(10_000)]
    whole = Histogram(values)
    for percent, value in (("p50", values[4999]), ("p95", values[9499]), ("p99", values[9899]), ("p99.9", values[9989])):
        assert whole.summary()[percent] == pytest.approx(value, rel=0.006)
    left, right = Histogram(values[:3000]), Histogram(values[3000:])
    left.merge(right)
    assert left.summary() == whole.summary()
    assert Histogram().summary() == {}


def test_a_clarifying_question_is_answered_from_the_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second turn holds the first answer and the lost fact in the document's words, and is judged by the full facts."""
    second: list[Case] = []

    async def answer(case: Case) -> Any:
        if len(case.messages) > 2:
            second.append(case)
            return {"status": "answer", "value": case.expected.accept[0].value, "unit": case.expected.accept[0].unit, "label": case.expected.accept[0].label}
        return {"status": "ask", "missing": ["something"]}

    planted(monkeypatch, answer)
    events: list[Event] = []
    campaign(tmp_path, "x:", count=24, kinds=["missing", "ambiguous"], limits=Limits(turns=2), tell=events.append)
    assert second
    assert all([m["role"] for m in c.messages[-2:]] == ["assistant", "user"] and ": " in c.messages[-1]["content"] for c in second)
    judged = {e.case: e.verdicts for e in events if isinstance(e, Judged)}
    values = [v.outcome.value for c in second for v in judged[c.id] if v.oracle == "value"]
    assert "pass" in values
    assert "fail" not in values
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert any(r.key.endswith("+2/0") for r in ledger.records("answered"))
