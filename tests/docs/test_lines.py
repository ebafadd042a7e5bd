"""What pages tell people to type exists: every command, every option; every snippet of YAML, TOML and JSON can be read."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from ruamel.yaml import YAML

from robustgen.cli.main import cli

ROOT = Path(__file__).parents[2]
WRONG = ROOT / "docs" / "reference" / "errors.md"  # shows wrong uses
PAGES = sorted(
    [ROOT / "README.md", *(p for p in (ROOT / "docs").rglob("*.md") if p != WRONG), *(ROOT / "domains").glob("*/README.md"), ROOT / "CHANGELOG.md"], key=str
)
LINE = re.compile(r"(?:^|[`|;$(]|&& |- run: |- )\s*(?:[A-Z_]+=\S+ )*robustgen ((?:[a-z][\w-]*)(?: [^`\n]*)?)", re.MULTILINE)
OPTION = re.compile(r"--?[a-zA-Z][\w-]*\Z")


def typed(page: Path) -> Iterator[list[str]]:
    """Yield the words of every command line on a page that stands as code."""
    text = page.read_text("utf-8")
    code = [*re.findall(r"```.*?```", text, re.DOTALL), *re.findall(r"(?:^    .*\n?)+", text, re.MULTILINE), *re.findall(r"`robustgen [^`]*`", text)]
    for block in code:
        for match in LINE.finditer(block.replace("\\\n", " ")):
            line = re.split(r"\s\|\s|\s>\s|\s&&\s|\s#\s|  +[^-'\"]", match[1])[0].strip().rstrip(")\"'`")
            try:
                words = shlex.split(line)
            except ValueError:
                words = line.split()
            yield words


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_and_options_exist(page: Path) -> None:
    """Every command line names a command that there is, and options that it has."""
    context = click.Context(cli, info_name="robustgen")
    wrong = []
    for words in typed(page):
        command = cli.get_command(context, words[0]) if words else None
        if command is None:
            if words and words[0] in {"-h", "--help", "--version"}:
                continue
            wrong.append(f"no command: robustgen {' '.join(words)}")
            continue
        known = {o for p in [*command.params, *command.get_params(context)] for o in (*p.opts, *p.secondary_opts)}
        wrong += [f"robustgen {words[0]} has no {w}" for w in (x.partition("=")[0] for x in words[1:]) if OPTION.match(w) and w not in known]
    assert not wrong


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_snippets_can_be_read(page: Path) -> None:
    """YAML, TOML and JSON blocks are valid."""
    for language, body in re.findall(r"```(yaml|toml|json)\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        if language == "yaml":
            YAML(typ="safe").load(body)
        elif language == "toml":
            tomllib.loads(body)
        elif body.startswith("# file:") and body.partition("\n")[0].endswith(".jsonl"):
            for line in body.splitlines()[1:]:
                json.loads(line)
        else:
            json.loads(body)


def test_the_lines_are_found() -> None:
    """The pages tell people to type a good many lines, so finding none would be this test's mistake."""
    assert sum(1 for page in PAGES for _ in typed(page)) > 150
