"""The tools' own loaders read suites that were enlarged.

ROBUSTGEN_SUITE_LOADERS names an interpreter that has deepeval and inspect-ai, ROBUSTGEN_PROMPTFOO the program promptfoo.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from robustgen.cli.extend import command

PYTHON = os.environ.get("ROBUSTGEN_SUITE_LOADERS", sys.executable)
PROMPTFOO = os.environ.get("ROBUSTGEN_PROMPTFOO") or shutil.which("promptfoo")
SILENT = {**os.environ, "DEEPEVAL_TELEMETRY_OPT_OUT": "YES", "PROMPTFOO_DISABLE_TELEMETRY": "1", "PROMPTFOO_DISABLE_UPDATE": "1", "PYTHONPATH": ""}
SUBJECTS = ("the refund", "my parcel", "your warranty", "the invoice", "our delivery")
REQUESTS = (
    "Please explain {} again",
    "When does {} arrive",
    "Who handles {} today",
    "Where can customers find {}",
    "Please cancel {} now",
    "Why was {} delayed",
)
TEXTS = [request.format(subject) for request in REQUESTS for subject in SUBJECTS]


def golden(i: int) -> dict[str, Any]:
    """Return a golden of DeepEval."""
    return {"input": TEXTS[i], "expected_output": f"answer {i}", "context": ["Refunds take a month."]}


def sample(i: int) -> dict[str, Any]:
    """Return a sample of Inspect; every third is a chat."""
    chat = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": TEXTS[i]}]
    return {"id": f"q{i}", "input": TEXTS[i] if i % 3 else chat, "target": f"answer {i}"}


def promptfoo(i: int) -> str:
    """Return a test of promptfoo."""
    return f"  - description: case {i}\n    vars:\n      question: {TEXTS[i]}\n    assert:\n      - type: contains\n        value: '{i}'\n"


SUITES: dict[str, tuple[str, Callable[[], str]]] = {
    "deepeval": ("goldens.json", lambda: json.dumps([golden(i) for i in range(30)], indent=2)),
    "inspect": ("samples.jsonl", lambda: "".join(json.dumps(sample(i)) + "\n" for i in range(30))),
    "promptfoo": ("promptfooconfig.yaml", lambda: "prompts: ['Answer {{question}}']\nproviders: [echo]\ntests:\n" + "".join(map(promptfoo, range(30)))),
}


def enlarged(folder: Path, name: str) -> tuple[Path, Path]:
    """Write a suite of thirty, return it and its enlarged copy."""
    file, text = SUITES[name]
    source, larger = folder / file, folder / "larger" / file
    larger.parent.mkdir()
    source.write_text(text())
    done = CliRunner().invoke(command, [str(source), "-n", "2", "-o", str(larger)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return source, larger


def heard(words: list[str], folder: Path) -> str:
    """Run a tool in a folder and return what it printed."""
    run = subprocess.run(words, capture_output=True, text=True, check=False, timeout=240, env={**SILENT, "HOME": str(folder)}, cwd=folder)
    assert run.returncode == 0, run.stderr[-3000:] + run.stdout[-1000:]
    return run.stdout


@pytest.mark.external
@pytest.mark.parametrize("name", ["deepeval", "inspect"])
def test_loaders_read_what_was_there_and_what_was_added(name: str, tmp_path: Path) -> None:
    """The rows that were there come back equal and in order; each added one has its base's expectation and names it in metadata."""
    module = {"deepeval": "deepeval", "inspect": "inspect_ai"}[name]
    if subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False, env=SILENT).returncode:
        pytest.skip(f"{module} is not installed: name an interpreter that has it with ROBUSTGEN_SUITE_LOADERS")
    code = str(Path(__file__).with_name("suite_loaders.py"))
    before, after = (json.loads(heard([PYTHON, code, name, str(f)], tmp_path).splitlines()[-1]) for f in enlarged(tmp_path, name))
    assert len(before) == 30
    kept = [row for row in after if "robustgen" not in (row["metadata"] or {})]
    assert kept == before
    added = [row for row in after if "robustgen" in (row["metadata"] or {})]
    assert len(added) >= 45
    answers = {row["expected"] for row in before}
    assert all(row["expected"] in answers and row["input"] not in TEXTS for row in added)


@pytest.mark.external
def test_promptfoo_validates_and_runs_a_larger_configuration(tmp_path: Path) -> None:
    """Both configurations are valid, and promptfoo evaluates as many tests as the larger one has."""
    if PROMPTFOO is None:
        pytest.skip("promptfoo is not installed: name the program with ROBUSTGEN_PROMPTFOO")
    counts = []
    for file in enlarged(tmp_path, "promptfoo"):
        heard([PROMPTFOO, "validate", "-c", str(file)], tmp_path)
        out = file.with_name("results.json")
        run = [PROMPTFOO, "eval", "-c", str(file), "-o", str(out), "--no-cache", "--no-progress-bar", "--no-table"]
        subprocess.run(run, capture_output=True, check=False, timeout=240, env={**SILENT, "HOME": str(tmp_path)}, cwd=tmp_path)
        results = json.loads(out.read_text())["results"]["results"]
        counts.append(len(results))
        assert {r["vars"]["question"] for r in results} >= set(TEXTS)
    assert counts[0] == 30
    assert counts[1] >= 75
