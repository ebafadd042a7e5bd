"""What a page tells people to write, to type and to expect: its blocks, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["DOCS", "Block", "blocks", "missing", "written"]

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(?P<fence>\w*)\n(?P<body>.*?)^```|(?P<indented>^    \S[^\n]*\n(?:    [^\n]*\n|\n(?=    ))*)", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """One block: its language (empty for indented ones), its text, the file that it is to be written to, and its line on the page."""

    language: str
    text: str
    file: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    """Yield the blocks of a page; those that begin with ``# file: NAME`` are files."""
    for found in BLOCK.finditer(page):
        text = found["body"] if found["indented"] is None else re.sub("^    ", "", found["indented"], flags=re.MULTILINE)
        line = page.count("\n", 0, found.start()) + 1
        name = re.match(r"# file: (\S+)\n", text)
        yield Block(found["fence"] or "", text[name.end() :] if name else text, name[1] if name else "", line)


def written(page: str, folder: Path) -> Path:
    """Write the files of a page below a folder, and return the folder."""
    for block in blocks(page):
        if block.file:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    return folder


def missing(shown: str, said: str) -> str:
    """Return the first line of a shown output that did not come, empty if all came: ``...`` stands for any lines, ``…`` for anything in a line."""
    got, at, loose = [line.rstrip() for line in said.splitlines()], 0, True
    for line in (raw.rstrip() for raw in shown.splitlines()):
        if line == "...":
            loose = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split("…"))) + r"\Z")
        found = next((i for i in range(at, len(got)) if pattern.match(got[i])), None)
        if found is None or (not loose and found != at):
            return line
        at, loose = found + 1, False
    return ""
