"""Walking a page: its files written, its commands typed into one shell, what it shows compared with what came, in an empty folder."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from tests.docs.pages import blocks, missing

__all__ = ["Step", "walk"]

SHELL = "touch .state; set +e; . ./.state 2>/dev/null; {commands}\ncode=$?; jobs -p >> .jobs; export -p > .state; exit $code"


class Step(NamedTuple):
    """One block of commands: its line on the page, what was typed, how long it took, how it ended, what it said, and what the page shows that did not come."""

    line: int
    typed: str
    seconds: float
    code: int
    said: str
    missing: str


def walk(page: str, place: Path, env: Mapping[str, str], *, skip: str = "", swap: Mapping[str, str] | None = None) -> Iterator[Step]:
    """Do what a page says, in its order; lines that match ``skip`` are not typed, and words of ``swap`` are put in place of others, which may change between two steps.

    A program that the page starts in the background is ended when the walk ends.
    """
    last: Step | None = None
    try:
        for block in blocks(page):
            if block.file:
                (place / block.file).parent.mkdir(parents=True, exist_ok=True)
                (place / block.file).write_text(block.text, "utf-8")
            elif block.language == "bash":
                if last is not None:
                    yield last
                text = _swapped(block.text, swap)
                typed = "\n".join(line for line in text.splitlines() if not (skip and re.match(skip, line)))
                last = _typed(block.line, typed, place, env) if typed.strip() else None
            elif block.language == "text" and last is not None:
                last = last._replace(missing=last.missing or missing(_swapped(block.text, swap), last.said))
        if last is not None:
            yield last
    finally:
        _end(place)


def _swapped(text: str, swap: Mapping[str, str] | None) -> str:
    for old, new in (swap or {}).items():
        text = text.replace(old, new)
    return text


def _typed(line: int, commands: str, place: Path, env: Mapping[str, str]) -> Step:
    """Type a block of commands; variables that earlier blocks exported are there."""
    began = time.perf_counter()
    with (place / ".said").open("w+", encoding="utf-8") as said:
        done = subprocess.run(
            ["bash", "-c", SHELL.format(commands=commands)],
            cwd=place, env=dict(env), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=600, check=False,
        )  # fmt: skip
        took = time.perf_counter() - began
        said.seek(0)
        return Step(line, commands, took, done.returncode, said.read(), "")


def _end(place: Path) -> None:
    """End what the page started in the background."""
    if (place / ".jobs").is_file():
        for number in (place / ".jobs").read_text().split():
            with suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGTERM)
