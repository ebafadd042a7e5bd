"""The walks for newcomers, from an empty folder: every file is written, every command typed as it stands, every line shown must come.

Installing is left out here (``python benchmarks/walks.py`` does that too, and takes the time).
"""

from __future__ import annotations

import os
import re
import socket
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, Block, blocks, missing
from tests.docs.walk import walk

ROOT = Path(__file__).parents[2]
WALKS = ("from-zero-to-a-failing-test", "fuzz-a-vendor", "export-a-dataset", "write-a-pack")
INSTALLING = r"python3 -m venv |source |pip install "
FAIL = {"from-zero-to-a-failing-test": 2, "fuzz-a-vendor": 1, "export-a-dataset": 0, "write-a-pack": 0}  # commands that show a failure, so end with 1


def programs(place: Path) -> dict[str, str]:
    """Make ``robustgen`` and ``python`` those of this checkout; returns the environment."""
    folder = place / ".bin"
    folder.mkdir()
    for name, module in (("robustgen", "-m robustgen.cli.main "), ("python", "")):
        (folder / name).write_text(f'#!/bin/sh\nexec {sys.executable} {module}"$@"\n')
        (folder / name).chmod(0o755)
    plain = {k: v for k, v in os.environ.items() if not k.startswith("ROBUSTGEN_")}
    return plain | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": "-p no:xdist -p no:cacheprovider"}


def free_port() -> str:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.mark.parametrize("name", WALKS)
def test_the_walk_goes_as_the_page_says(name: str, tmp_path: Path) -> None:
    """No command ends badly, and what is shown came, in its order."""
    page = (DOCS / f"{name}.md").read_text("utf-8").replace("8900", free_port())
    failing = []
    for step in walk(page, tmp_path, programs(tmp_path), skip=INSTALLING):
        assert not step.missing, f"line {step.line}: {step.missing!r} did not come from:\n{step.typed}\n{step.said[-3000:]}"
        assert step.code in {0, 1}, f"line {step.line}: {step.typed}\nended with {step.code}:\n{step.said[-3000:]}"
        failing += [step.typed] if step.code else []
    assert len(failing) == FAIL[name], failing


LABEL = re.compile(r" *(asked|base|failing|expected|got|passing|there got|trigger|replay): ")


def test_the_page_on_reports_is_walked_in_its_order(tmp_path: Path) -> None:
    """The finding that it explains has the lines that it explains; the finding's own id is put in place of the page's."""
    pytest.importorskip("price_parser")
    page = (DOCS / "read-a-report.md").read_text("utf-8")
    ids: dict[str, str] = {}
    (sample,) = (b.text for b in blocks(page) if b.language == "console")
    for step in walk(page, tmp_path, programs(tmp_path), skip=INSTALLING, swap=ids):
        assert not step.missing, f"line {step.line}: {step.missing!r} did not come from:\n{step.typed}\n{step.said[-3000:]}"
        assert step.code == 0, f"line {step.line}: {step.typed}\nended with {step.code}:\n{step.said[-3000:]}"
        if not ids:
            first = re.split(r"^(?=── [0-9a-f]{12})", step.said, flags=re.MULTILINE)[1]
            assert [m[1] for m in LABEL.finditer(first)] == [m[1] for m in LABEL.finditer(sample)]
            ids |= {"1ba8edd293bd": first[3:15], "1ba8ed": first[3:9]}
    assert ids


@pytest.mark.parametrize(
    ("shown", "first"),
    [
        ("one\ntwo", ""),
        ("one\nthree", "three"),
        ("one\n...\nthree", ""),
        ("three\n...\none", "one"),
        ("t…o", ""),
        ("t…e", ""),
        ("wo", "wo"),
        ("...\nfour", "four"),
    ],
)
def test_what_is_shown_must_come(shown: str, first: str) -> None:
    """The comparison finds a line that is missing, that stands elsewhere, or that goes on."""
    assert missing(shown, "one\ntwo\nthree\n") == first


def test_blocks_are_found_with_their_kind() -> None:
    """Fenced and indented blocks, files by their name."""
    page = "a\n\n```bash\nls -l\n```\n\n    cat x\n    cat y\n\n```toml\n# file: a/b.toml\nx = 1\n```\n"
    assert list(blocks(page)) == [Block("bash", "ls -l\n", "", 3), Block("", "cat x\ncat y\n", "", 7), Block("toml", "x = 1\n", "a/b.toml", 10)]
