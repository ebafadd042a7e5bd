"""The page "Add a language, perturbation, oracle, target or exporter", followed to the letter: each of its files works by lying there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, written

ROOT = Path(__file__).parents[2]
PAGE = (DOCS / "extend-robustgen.md").read_text("utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the files as the page writes them."""
    written(PAGE, tmp_path)
    (tmp_path / "note.txt").write_text("De patiënt mag niet meer dan 500 mg paracetamol innemen zonder overleg met de huisarts.", "utf-8")
    return tmp_path


def run(place: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a command line of the page, which must stand there."""
    assert f"\n{line}\n" in PAGE, "the page does not say so"
    given = dict(word.split("=") for word in line.split() if re.fullmatch(r"[A-Z_]+=\S+", word))
    words = [w for w in line.split() if w.partition("=")[0] not in given and w != "robustgen"]
    env = os.environ | {"PYTHONPATH": str(ROOT)} | given
    command = [sys.executable, "-m", "robustgen.cli.main", *words]
    return subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False, timeout=180, encoding="utf-8")


def test_a_perturbation(place: Path) -> None:
    """It makes proved variants."""
    made = run(place, "robustgen generate retail -n 4 --perturb printer_gaps --json")
    assert made.returncode == 0, made.stderr
    trails = [[s["perturbation"] for s in json.loads(line)["trail"]] for line in made.stdout.splitlines()]
    assert ["printer_gaps"] in trails


def test_an_oracle_a_target_and_an_exporter(place: Path) -> None:
    """The target is asked, the oracle finds what it says, the exporter reports it."""
    made = run(place, "robustgen fuzz shop-model:till --domain retail --kind clean -n 4")
    assert made.returncode == 1, made.stderr
    (folder,) = (place / ".robustgen" / "runs").iterdir()
    findings = [json.loads(line) for line in (folder / "findings.jsonl").read_text("utf-8").splitlines()]
    assert "no_promises" in {f["verdict"]["oracle"] for f in findings}
    said = run(place, "robustgen report --to shop-report")
    assert said.stdout == f"shop-model:till: {len(findings)} findings\n", said.stderr


def test_a_language(place: Path) -> None:
    """Text in it is perturbed, and what its lists protect stays."""
    made = run(place, "ROBUSTGEN_PATH=more robustgen perturb note.txt --lang nl --perturb swap_letters -n 3 --json")
    assert made.returncode == 0, made.stderr
    texts = {json.loads(line)["text"] for line in made.stdout.splitlines()}
    assert len(texts) == 3
    for text in texts:
        assert "500 mg" in text
        assert " niet " in text
        assert " zonder " in text
