"""The consumers' own loaders read what we write. ROBUSTGEN_LOADERS names an interpreter that has datasets and mlcroissant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from robustgen.core.case import Case
from robustgen.datasets._base import FORMATS
from robustgen.scale.export import Output, export
from robustgen.scale.job import Job
from robustgen.scale.spread import engine

PYTHON = os.environ.get("ROBUSTGEN_LOADERS", sys.executable)


@pytest.mark.external
def test_consumers_load_every_format(cases: list[Case], tmp_path: Path) -> None:
    """Datasets loads all layouts with the rows that were written; mlcroissant finds no error and reads the records through the description."""
    if subprocess.run([PYTHON, "-c", "import datasets, mlcroissant, pyarrow"], capture_output=True, check=False).returncode:
        pytest.skip("datasets and mlcroissant are not installed: name an interpreter that has them with ROBUSTGEN_LOADERS")
    pytest.importorskip("pyarrow")
    file = tmp_path / "cases.jsonl"
    file.write_bytes(b"".join(msgspec.json.encode(c) + b"\n" for c in cases))
    made = {}
    for name in FORMATS.names():
        job = Job(to=name, cases=str(file), splits=(("train", 0.6), ("test", 0.4)), pairs=1)
        made[name] = export(job, Output(folder=tmp_path / "sets" / name), engine("serial", 1))
    code = Path(__file__).with_name("loaders.py")
    run = subprocess.run(
        [PYTHON, str(code), str(tmp_path / "sets")],
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": ""},
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    for name, manifest in made.items():
        assert found[name]["rows"] == {s: sum(f.rows for f in files) for s, files in manifest.splits.items()}, name
    assert found["croissant"]["errors"] == []
    assert found["croissant"]["rows"] == found["hf"]["rows"]["train"]


@pytest.mark.external
def test_trainers_and_evaluators_take_what_was_exported(cases: list[Case], tmp_path: Path) -> None:
    """TRL finds conversations and applies a chat template to every row; Inspect, DeepEval and lm-evaluation-harness load every sample."""
    python = os.environ.get("ROBUSTGEN_CONSUMERS", sys.executable)
    if subprocess.run([python, "-c", "import trl, inspect_ai, deepeval, lm_eval"], capture_output=True, check=False).returncode:
        pytest.skip("trl, inspect-ai, deepeval and lm-eval are not installed: name an interpreter that has them with ROBUSTGEN_CONSUMERS")
    file, rows = tmp_path / "cases.jsonl", {}
    file.write_bytes(b"".join(msgspec.json.encode(c) + b"\n" for c in cases))
    for name in ("trl-sft", "trl-prompt-completion", "trl-preference", "trl-kto", "inspect", "deepeval", "lm-eval"):
        rows[name] = export(
            Job(to=name, cases=str(file), splits=((("test" if FORMATS.get(name).evaluates else "train"), 1.0),), pairs=1),
            Output(folder=tmp_path / "sets" / name),
            engine("serial", 1),
        ).rows
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": "", "DEEPEVAL_TELEMETRY_OPT_OUT": "YES"}
    command = [python, str(Path(__file__).with_name("consumers.py")), str(tmp_path / "sets")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280, env=environment, cwd=tmp_path)
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.splitlines()[-1])
    for name in ("trl-sft", "trl-prompt-completion", "trl-preference", "trl-kto"):
        assert found["trl"][name] | {"keys": []} == {"rows": rows[name], "conversational": True, "keys": [], "text": True}, name
    assert found["trl"]["unpaired"] == {"rows": 2 * rows["trl-preference"], "of": rows["trl-preference"]}
    assert found["inspect"] == {"rows": rows["inspect"], "whole": True, "ids": rows["inspect"]}
    assert found["deepeval"] == {"rows": rows["deepeval"], "whole": True}
    assert found["harness"] == {"rows": rows["lm-eval"], "whole": True}
