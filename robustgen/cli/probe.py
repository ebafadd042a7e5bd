"""``robustgen probe``: five cases, the raw answers, and how they were read, before any money is spent."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from robustgen.cli._campaign import base_url_option, target_options
from robustgen.cli._options import count_option, selecting, selection_of

__all__ = ["command"]


@click.command()
@click.argument("target")
@count_option(5)
@selecting()
@base_url_option
@click.option("--timeout", type=click.FloatRange(0.01), default=60.0, show_default=True, help="Seconds for one answer.")
def command(target: str, count: int, **options: Any) -> None:
    """Ask a target a few clean cases and show how each answer was read.

    \b
    robustgen probe openai:smollm2 --base-url http://127.0.0.1:8901/v1 --domain clinical
    robustgen probe python:mypkg.mod:func --domain retail -n 3
    """
    from robustgen.generate import Generator

    chosen = selection_of(options["domains"], {**options, "kinds": options["kinds"] or ["clean"]})
    asyncio.run(_probe(target, Generator(chosen, options["seed"]), options["start"], count, target_options(options)))


async def _probe(address: str, generator: Any, start: int, count: int, options: dict[str, Any]) -> None:
    from robustgen.answers import accepted, read_answer
    from robustgen.campaign.opening import open_target
    from robustgen.campaign.redact import Redactor
    from robustgen.cli._show import console, show_case
    from robustgen.core.report import one_line, visible

    target = await open_target(address, options)
    out = console()
    redactor = Redactor(getattr(target, "secrets", ()))
    try:
        for case in generator.cases(start, count):
            show_case(out, case)
            response = redactor.response(await _within(target, case, options["timeout"]))
            reply = read_answer(case, response, generator.language(case.tag))
            raw = response.text or str(response.data) if not response.error else f"error: {response.error} {response.detail}"
            out.print(f"raw:  {visible(raw)[:600]}", markup=False)
            out.print(f"took: {_took(response)}", markup=False)
            if reply.envelope is None:
                out.print(f"read: unsure: {reply.unsure}", markup=False)
            else:
                verdict = "right" if accepted(reply.envelope, case.expected) else "not what is expected"
                out.print(f"read: {visible(one_line(reply.envelope))}   ({verdict})", markup=False)
            out.print()
    finally:
        await target.close()


async def _within(target: Any, case: Any, seconds: float) -> Any:
    """Return a response, an error where none comes in time."""
    from robustgen.core.verdict import Response

    try:
        return await asyncio.wait_for(target(case), seconds)
    except TimeoutError:
        return Response(error="timeout", detail=f"no answer in {seconds:g} s", elapsed=seconds)


def _took(response: Any) -> str:
    """Return time, tokens and what answered, in one line."""
    parts = [f"{response.elapsed:.2f} s"]
    if response.first:
        parts.append(f"first token after {response.first:.2f} s")
    parts += [f"{k} {v}" for k, v in response.usage.items()]
    return "  ".join([*parts, response.model, response.fingerprint, response.region]).strip()
