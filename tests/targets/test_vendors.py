"""What each vendor's interface sends back, streamed or not, brought into our shape; a user's own mapping; regions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from robustgen.campaign.opening import Regional, open_target
from robustgen.core.case import Case
from robustgen.core.verdict import Response
from robustgen.errors import ConfigError, UsageError
from robustgen.generate import Generator, Selection
from robustgen.targets._base import CallTarget
from robustgen.targets._mapping import Mapped, find_path, path_parts

CHAT = [
    {"model": "m-1", "system_fingerprint": "fp_7", "choices": [{"delta": {"role": "assistant"}}]},
    {"model": "m-1", "choices": [{"delta": {"content": "500 "}}]},
    {"model": "m-1", "choices": [{"delta": {"content": "mg"}}]},
    {"model": "m-1", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}},
]
DONE = {"id": "r", "status": "completed", "model": "m-1", "usage": {"input_tokens": 9, "output_tokens": 2}}
OUTPUT = [{"type": "reasoning", "summary": []}, {"type": "message", "content": [{"type": "output_text", "text": "500 mg"}]}]
RESPONSES = [
    {"type": "response.created", "response": {"status": "in_progress"}},
    {"type": "response.output_text.delta", "delta": "500 "},
    {"type": "response.output_text.delta", "delta": "mg"},
    {"type": "response.completed", "response": DONE},
]
MESSAGES = [
    {"type": "message_start", "message": {"model": "m-1", "usage": {"input_tokens": 9, "output_tokens": 1}}},
    {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "500 "}},
    {"type": "content_block_delta", "delta": {"type": "text_delta", "text": "mg"}},
    {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 2}},
    {"type": "message_stop"},
]
OLLAMA = [
    {"model": "m-1", "message": {"content": "500 "}, "done": False},
    {"model": "m-1", "message": {"content": "mg"}, "done": False},
    {"model": "m-1", "message": {"content": ""}, "done": True, "prompt_eval_count": 9, "eval_count": 2},
]


@pytest.fixture(scope="module")
def case() -> Case:
    """Return a clean case."""
    return Generator(Selection.of(["toy"], kinds=["clean"])).case(0)


def sse(*events: Any, end: bool = True) -> bytes:
    """Return server-sent events."""
    return b"".join(b"data: " + json.dumps(e).encode() + b"\n\n" for e in events) + (b"data: [DONE]\n\n" if end else b"")


def ask(case: Case, address: str, body: bytes, options: Mapping[str, Any] | None = None, *, path: str = "/v1") -> tuple[Response, dict[str, Any]]:
    """Open a target against a server that always sends these bytes, in two pieces; return the response and what it was asked."""

    async def run() -> tuple[Response, dict[str, Any]]:
        seen: dict[str, Any] = {}

        async def answer(request: web.Request) -> web.StreamResponse:
            seen.update(await request.json(), path=request.path)
            made = web.StreamResponse()
            await made.prepare(request)
            for piece in (body[: len(body) // 2], body[len(body) // 2 :]):
                await made.write(piece)
                await asyncio.sleep(0.02)
            return made

        app = web.Application()
        app.router.add_post("/{tail:.*}", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        target = await open_target(address, {"base_url": f"http://127.0.0.1:{port}{path}", **(options or {})})
        try:
            return await target(case), seen
        finally:
            await target.close()
            await runner.cleanup()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("address", "options", "body", "path"),
    [
        ("openai:m", {"stream": "true"}, sse(*CHAT), "/v1"),
        ("openai:m", {"api": "responses"}, json.dumps({**DONE, "output": OUTPUT}).encode(), "/v1"),
        ("openai:m", {"api": "responses", "stream": "true"}, sse(*RESPONSES, end=False), "/v1"),
        ("anthropic:m", {"stream": "true"}, sse(*MESSAGES, end=False), ""),
        ("ollama:m", {"stream": "true"}, b"\n".join(json.dumps(e).encode() for e in OLLAMA), ""),
    ],
    ids=["chat stream", "responses", "responses stream", "messages stream", "ollama stream"],
)
def test_every_interface_gives_text_usage_model_and_first_token(address: str, options: dict[str, str], body: bytes, path: str, case: Case) -> None:
    """A stream records when its first token came; parameters are recorded with the answer."""
    response, seen = ask(case, address, body, {**options, "temperature": "0.5"}, path=path)
    assert response.error == ""
    assert response.text == "500 mg"
    assert response.model == "m-1"
    assert sorted(response.usage.values()) == [2, 9]
    assert response.sampling["temperature"] == 0.5
    assert seen["model"] == "m"
    assert (0 < response.first < response.elapsed) == ("stream" in options)
    assert response.fingerprint == ("fp_7" if body == sse(*CHAT) else "")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (sse(*CHAT, end=False), "bad_response"),
        (sse(CHAT[0]), "empty"),
        (b'data: {"choices": [{"del\n\n', "bad_response"),
        (b"data: " + b"x" * 1_200_000, "too_large"),
    ],
    ids=["cut off", "without text", "broken", "huge"],
)
def test_a_stream_that_goes_wrong_is_an_error(body: bytes, error: str, case: Case) -> None:
    """Never half an answer."""
    assert ask(case, "openai:m", body, {"stream": "true"})[0].error == error


def test_an_unknown_interface_is_told(case: Case) -> None:
    """With those there are."""
    with pytest.raises(UsageError, match="chat, responses"):
        asyncio.run(open_target("openai:m", {"api": "assistants"}))


def test_a_prompt_of_ones_own_is_sent(case: Case) -> None:
    """Slots are filled once: what a document holds is no slot."""
    prompt = {"system": "Be brief. {instruction}", "template": "<doc lang={language}>{text}</doc> {other}"}
    _, seen = ask(case, "openai:m", sse(*CHAT), {"stream": "true", "prompt": prompt})
    assert seen["messages"][0]["content"] == f"Be brief. {case.messages[0]['content']}"
    assert seen["messages"][1]["content"] == f"<doc lang={case.tag}>{case.text}</doc> {{other}}"
    with pytest.raises(ConfigError, match="unknown key 'sytem'"):
        asyncio.run(open_target("openai:m", {"prompt": {"sytem": "x"}}))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.a.b[1]['c d']", 7),
        ("a.b.1.c d", 7),
        ("$.a.b[*].c d", [7]),
        ("$", {"a": {"b": [0, {"c d": 7}]}}),
        ("$.a.x", None),
        ("$.a.b[9]", None),
        ("$.a.b[-1]['c d']", 7),
    ],
)
def test_paths_lead_into_json(path: str, found: Any) -> None:
    """Names, numbers, wildcards; what is not there is None."""
    assert find_path({"a": {"b": [0, {"c d": 7}]}}, path_parts(path)) == found


@pytest.mark.parametrize(
    ("answer", "came", "text", "data"),
    [
        ({"path": "$.out[0].t"}, {"out": [{"t": "500 mg"}]}, "500 mg", None),
        ({"path": "$.amount"}, {"amount": 500}, "", {"status": "answer", "value": "500"}),
        ({"pattern": r"(?P<value>\d+) (?P<unit>mg|g)\b"}, "give 500 mg now", "", {"status": "answer", "value": "500", "unit": "mg"}),
        ({"pattern": r"ANSWER: (.*)"}, "thinking ... ANSWER: 500 mg", "500 mg", None),
        ({"labels": {"can be returned": "return_allowed"}}, "It can be returned.", "", {"status": "answer", "label": "return_allowed"}),
        ({"labels": {"please clarify": "status:ask"}}, "Please   clarify!", "", {"status": "ask"}),
        ({"pattern": r"ANSWER: (.*)"}, "no idea", "no idea", None),
        ({"path": "$.x"}, '```json\n{"x": "500 mg"}\n```', "500 mg", None),
    ],
)
def test_a_vendors_shape_is_mapped(answer: dict[str, Any], came: Any, text: str, data: Any, case: Case) -> None:
    """By path, pattern, labels; what fits nothing stays as it came."""

    async def call(case: Case) -> Any:
        return came if isinstance(came, str) else Response(data=came)

    response = asyncio.run(Mapped(CallTarget(call), answer)(case))
    assert (response.text, response.data, response.error) == (text, data, "")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"paht": "x"}, "unknown key 'paht'"),
        ({"path": "$.a[x"}, "not understood"),
        ({"pattern": "("}, "pattern"),
        ({"pattern": "abc"}, "has no group"),
        ({"labels": {"x": "status:perhaps"}}, "is no status"),
    ],
)
def test_a_mapping_that_cannot_work_is_told(answer: dict[str, Any], said: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigError, match=said.replace("(", "\\(")):
        asyncio.run(open_target("echo:", {"answer": answer}))


def test_regions_take_turns_and_say_who_answered(case: Case) -> None:
    """Two endpoints of one model; a region without a name is refused."""

    async def asked() -> list[str]:
        target = await open_target("echo:", {"region": [{"name": "east"}, {"name": "west"}]})
        assert isinstance(target, Regional)
        made = [(await target(case)).region for _ in range(4)]
        await target.close()
        return made

    assert asyncio.run(asked()) == ["east", "west", "east", "west"]
    with pytest.raises(ConfigError, match="no name"):
        asyncio.run(open_target("echo:", {"region": [{"base_url": "http://127.0.0.1:1"}]}))
    with pytest.raises(ConfigError, match="two are named"):
        asyncio.run(open_target("echo:", {"region": [{"name": "a"}, {"name": "a"}]}))


def test_a_template_is_filled_once(case: Case, tmp_path: Path) -> None:
    """An endpoint of one's own gets instruction, document and language where its file says so."""
    file = tmp_path / "v.toml"
    file.write_text('url = "http://127.0.0.1:1/"\nanswer = "$.r"\n[body]\nq = "{instruction} // {language}"\nd = "{text}"\nm = "{messages}"\n')
    response = asyncio.run(_opened_and_asked(f"http:{file}", case))
    assert response.error == "connection"


async def _opened_and_asked(address: str, case: Case) -> Response:
    target = await open_target(address, {})
    try:
        return await target(case)
    finally:
        await target.close()
