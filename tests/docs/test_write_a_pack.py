"""The page "Write a pack", followed to the letter: its own files make a fifth domain on which every command works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, written

ROOT = Path(__file__).parents[2]
PAGE = (DOCS / "write-a-pack.md").read_text("utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the pack as the page writes it."""
    written(PAGE, tmp_path)
    return tmp_path


def run(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run robustgen as the page says."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "ROBUSTGEN_PATH": "packs"}
    command = [sys.executable, "-m", "robustgen.cli.main", *arguments]
    return subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False, timeout=120, encoding="utf-8")


def test_the_pack_passes_its_check(place: Path) -> None:
    """Three tasks in two languages, every clean case with one reading, golden cases hold."""
    made = run(place, "check", "insurance", "--json")
    report = json.loads(made.stdout)
    assert made.returncode == 0, report["problems"]
    assert report["cells"] == 6
    assert report["one_reading"] == report["clean"] == 300
    assert report["golden"] == 2


@pytest.mark.parametrize(
    "command",
    [
        ["domains", "insurance"],
        ["generate", "insurance", "-n", "5"],
        ["generate", "insurance", "-n", "40", "--lang", "all", "--kind", "noisy,missing,multilingual", "-o", "c.jsonl"],
        ["generate", "insurance", "-n", "20", "--cover", "pairwise", "-o", "d.jsonl"],
        ["fuzz", "echo:", "--domain", "insurance", "-n", "20", "--fail-on", "never"],
    ],
)
def test_every_command_works_on_it(command: list[str], place: Path) -> None:
    """Nothing needs to know the new domain."""
    made = run(place, *command)
    assert made.returncode == 0, made.stderr


MISTAKES = [
    ("facts.yaml", "peril: row perils", "peril: row peril", "unknown table 'peril'"),
    ("facts.yaml", "holder: faker name", "holder: fakr name", "cannot read 'fakr name'"),
    ("facts.yaml", "loss: decimal 100.00..9000.00", "loss: decimal 100.00-9000.00", "a range is written low..high"),
    ("facts.yaml", "- loss >= 2", "- los >= 2", "unknown name 'los'"),
    ("facts.yaml", "types:", "typs:", "did you mean 'types'"),
    ("facts.yaml", "    number: id", "    holder: id", "stands twice"),
    ("tasks.yaml", "facts: Claim", "facts: Clam", "unknown type 'Clam'"),
    ("tasks.yaml", "= loss - peril.deductible", "= loss - peril.deductable", "has no column 'deductable'"),
    ("tasks.yaml", "depends: [peril]", "depends: [perils]", "depends on 'perils'"),
    ("tasks.yaml", "tolerance: {abs: 0.005}", "tolerence: {abs: 0.005}", "did you mean 'tolerance'"),
    ("tasks.yaml", "days_between(happened", "days_betwen(happened", "did you mean 'days_between'"),
    ("en/say.yaml", "{loss:money}.", "{los:money}.", "did you mean 'loss'"),
    ("en/say.yaml", "{loss:money}.", "{loss:moneys}.", "format 'moneys'"),
    ("en/say.yaml", "{loss:money}.", "{loss:money.", "template"),
    ("en/say.yaml", "[Thanks|", "Thanks|", "closes nothing"),
    ("en/say.yaml", "{peril}, loss {loss:money}", "{peril}", "does not state 'loss'"),
    ("en/say.yaml", '"Claim {number}: {peril}. {closing}"', "Claim {number}: {peril}. {closing}", "not valid YAML"),
    ("en/words.csv", "perils,flood,flood,,,1,,", "perils,flood,fire,,,1,,", "readings"),
    ("en/words.csv", "perils,flood,flood,,,1,,", "perils,flod,flood,,,1,,", "has no word"),
    ("en/words.csv", "burglary,,,1,synonym,", "burglary,,,1,synonim,", "unknown mark 'synonim'"),
    ("en/words.csv", "perils,fire,fire,,,1,,", "perils,fire,fire,,,one,,", "weight 'one'"),
    ("tables/perils.csv", "fire,yes,250", "fire,yes", "cells where the header has"),
    ("tables/perils.csv", "water,yes", "fire,yes", "stands already on line"),
    ("golden.jsonl", '"value": "750"', '"value": "751"', "the pack computes"),
    ("golden.jsonl", '"peril": "fire"', '"peril": "fires"', "no row 'fires'"),
    ("golden.jsonl", '{"task": "IN-T03"', '{"task": IN-T03"', "not valid JSON"),
    ("pack.toml", 'version = "0.1.0"', "version = 0.1.0", "not valid TOML"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "said"), MISTAKES, ids=lambda v: str(v)[:30])
def test_a_mistake_is_told_with_its_file(file: str, right: str, wrong: str, said: str, place: Path) -> None:
    """Every kind of mistake an author can make names the file or the place, and says what is wrong."""
    target = place / "packs" / "domains" / "insurance" / file
    text = target.read_text("utf-8")
    assert right in text
    target.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    made = run(place, "check", "insurance", "-n", "20")
    assert made.returncode in {1, 2}
    assert said in made.stdout + made.stderr
    assert "Traceback" not in made.stderr
