"""Targets against a server of our own on loopback, against programs and functions: every misbehaviour is an error class, no secret shows."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from robustgen.campaign.session import open_target
from robustgen.core.case import Case
from robustgen.core.verdict import Response
from robustgen.errors import ConfigError, UsageError
from robustgen.generate import Generator, Selection

SECRET = "sk-canary-1234567890"  # a planted secret that must show nowhere


@pytest.fixture(scope="module")
def case() -> Case:
    """Return a clean case."""
    return Generator(Selection.of(["toy"], kinds=["clean"])).case(0)


async def _answer(request: web.Request) -> web.StreamResponse:
    """Misbehave as the model's name asks."""
    body = await request.json()
    mode = body["model"]
    good = {"model": mode, "choices": [{"message": {"content": "500 mg"}}], "usage": {"total_tokens": 7}}
    answers: dict[str, web.StreamResponse] = {
        "good": web.json_response(good),
        "limited": web.Response(status=429, text=f"slow down, {request.headers.get('Authorization')}"),
        "broken": web.Response(status=500, text=f"oops {request.headers.get('Authorization')}"),
        "html": web.Response(text="<html>not json"),
        "empty": web.json_response({"choices": [{"message": {"content": "  "}}]}),
        "other": web.json_response({"unexpected": True}),
        "huge": web.Response(text="x" * 2_000_000),
        "deep": web.Response(text="[" * 100_000),
    }
    return answers[mode]


def ask(case: Case, scheme: str, options: Mapping[str, Any] | None = None, *, serve: bool = False) -> Response:
    """Open a target, ask once, close it; with a server where one is needed."""

    async def run() -> Response:
        runner = None
        given = dict(options or {})
        if serve:
            app = web.Application()
            app.router.add_post("/v1/chat/completions", _answer)
            runner = web.AppRunner(app)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            assert site._server is not None
            port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
            given["base_url"] = f"http://127.0.0.1:{port}/v1"
        target = await open_target(scheme, given)
        try:
            return await target(case)
        finally:
            await target.close()
            if runner is not None:
                await runner.cleanup()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("good", ""),
        ("limited", "rate_limited"),
        ("broken", "http_500"),
        ("html", "bad_response"),
        ("empty", "empty"),
        ("other", "bad_response"),
        ("huge", "too_large"),
        ("deep", "bad_response"),
    ],
)
def test_every_answer_of_a_server_has_its_class(mode: str, error: str, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Good answers come through; the rest are classed, and the key shows in none of them."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    response = ask(case, f"openai:{mode}", serve=True)
    assert response.error == error
    assert SECRET not in f"{response!r}"
    if not error:
        assert response.text == "500 mg"
        assert response.usage == {"total_tokens": 7}


def test_a_server_that_is_not_there_is_a_connection_error(case: Case) -> None:
    """Nothing listens on port 1."""
    assert ask(case, "openai:m", {"base_url": "http://127.0.0.1:1/v1"}).error == "connection"


def test_a_target_does_not_show_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the representation nor the options hold it."""
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)

    async def shown() -> str:
        target = await open_target("openai:m", {"base_url": "http://127.0.0.1:1/v1"})
        try:
            return repr(target)
        finally:
            await target.close()

    assert SECRET not in asyncio.run(shown())


def test_a_program_answers_line_by_line(case: Case, tmp_path: Path) -> None:
    """JSON lines in, JSON lines out; a program that ends is a connection error."""
    script = tmp_path / "sut.py"
    script.write_text("import json, sys\nfor line in sys.stdin:\n    print(json.dumps({'status': 'answer', 'value': json.loads(line)['task']}), flush=True)\n")
    response = ask(case, f"command:{sys.executable} {script}")
    assert response.data == {"status": "answer", "value": case.task}
    script.write_text("raise SystemExit\n")
    assert ask(case, f"command:{sys.executable} {script}").error == "connection"


def test_an_endpoint_by_template(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A TOML file is checked before anything is asked; secrets come from the environment only."""
    file = tmp_path / "vendor.toml"
    file.write_text('url = "ftp://x"\n')
    with pytest.raises(ConfigError, match="http address"):
        ask(case, f"http:{file}")
    file.write_text('url = "http://127.0.0.1:1/"\n[headers]\nKey = "env:NOT_SET_ANYWHERE"\n')
    monkeypatch.delenv("NOT_SET_ANYWHERE", raising=False)
    with pytest.raises(ConfigError, match="NOT_SET_ANYWHERE"):
        ask(case, f"http:{file}")
    file.write_text('url = "http://127.0.0.1:1/"\nbdy = 1\n')
    with pytest.raises(ConfigError, match="unknown key 'bdy'"):
        ask(case, f"http:{file}")


@pytest.mark.parametrize("address", ["openai:", "anthropic:", "ollama:", "command:", "command:no-such-program-here", "python:json"])
def test_incomplete_addresses_are_told(address: str, case: Case) -> None:
    """Each says what is missing."""
    with pytest.raises(UsageError):
        ask(case, address)


def test_echo_answers_with_the_text(case: Case) -> None:
    """Or with a fixed text."""
    assert ask(case, "echo:").text == case.text
    assert ask(case, "echo:7 mg").text == "7 mg"


def test_the_shipped_libraries_answer() -> None:
    """Each reads the plainest case of its own kind."""
    pytest.importorskip("price_parser")
    for scheme, domain, task in (("price-parser", "retail", "RT-X01"), ("dateparser", "retail", "RT-X03"), ("quantulum3", "clinical", "CL-X01")):
        made = Generator(Selection.of([domain], tasks=[task], kinds=["clean"])).case(1)
        response = ask(made, scheme)
        assert not response.error
        assert json.dumps(response.data)
