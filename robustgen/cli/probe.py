"""``robustgen probe``: five cases, the raw answers, and how they were read, before any money is spent."""

from __future__ import annotations

import asyncio
from typing import Any

import click

from robustgen.cli._options import count_option, selecting, selection_of

__all__ = ["command"]


@click.command()
@click.argument("target")
@count_option(5)
@selecting()
@click.option("--base-url", metavar="URL", help="Where the server listens.")
@click.option("--option", "-O", "extra", multiple=True, metavar="KEY=VALUE", help="Option of the target.")
def command(target: str, count: int, base_url: str | None, extra: tuple[str, ...], **options: Any) -> None:
    """Ask a target a few clean cases and show how each answer was read.

    \b
    robustgen probe openai:smollm2 --base-url http://127.0.0.1:8901/v1 --domain clinical
    robustgen probe python:mypkg.mod:func --domain retail -n 3
    """
    from robustgen.generate import Generator

    chosen = selection_of(options["domains"], {**options, "kinds": options["kinds"] or ["clean"]})
    given = dict(pair.split("=", 1) for pair in extra if "=" in pair)
    asyncio.run(_probe(target, Generator(chosen, options["seed"]), options["start"], count, {"base_url": base_url, **given}))


async def _probe(address: str, generator: Any, start: int, count: int, options: dict[str, Any]) -> None:
    from robustgen.answers import accepted, read_answer
    from robustgen.campaign.session import open_target
    from robustgen.cli._show import console, show_case
    from robustgen.core.report import one_line, visible

    target = await open_target(address, options)
    out = console()
    try:
        for case in generator.cases(start, count):
            show_case(out, case)
            response = await target(case)
            reply = read_answer(case, response, generator.language(case.tag))
            raw = response.text or str(response.data) if not response.error else f"error: {response.error} {response.detail}"
            out.print(f"raw:  {visible(raw)[:600]}", markup=False)
            if reply.envelope is None:
                out.print(f"read: unsure: {reply.unsure}", markup=False)
            else:
                verdict = "right" if accepted(reply.envelope, case.expected) else "not what is expected"
                out.print(f"read: {visible(one_line(reply.envelope))}   ({verdict})", markup=False)
            out.print()
    finally:
        await target.close()
