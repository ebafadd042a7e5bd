"""Pages that are made from the code are what the code makes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest

from robustgen.cli._reference import reference
from robustgen.core.case import exact_text
from robustgen.generate import Generator, Selection
from robustgen.generate.catalogue import perturbation_table

DOCS = Path(__file__).parents[2] / "docs"


def test_the_perturbation_table_is_current() -> None:
    """The page lists every perturbation as it is declared."""
    assert (DOCS / "perturbations.md").read_text("utf-8") == perturbation_table()


@pytest.mark.parametrize("path", sorted(reference()))
def test_the_reference_is_current(path: str) -> None:
    """Commands, configuration and schemas are those of the code."""
    assert (DOCS / path).read_text("utf-8") == reference()[path], "run: python -m robustgen.cli._reference docs"


def test_cases_fit_their_schema_and_broken_ones_do_not() -> None:
    """Generated lines of every kind are valid; a line without its facts is not."""
    check = jsonschema_rs.validator_for((DOCS / "schemas" / "case.schema.json").read_text("utf-8"))
    for case in Generator(Selection.of(["clinical"], kinds=["all"], languages=["en"])).cases(0, 12):
        line = msgspec.json.decode(msgspec.json.encode(case, enc_hook=exact_text))
        assert check.is_valid(line), next(iter(check.iter_errors(line))).message
        del line["facts"]
        assert not check.is_valid(line)


def test_what_a_run_writes_fits_its_schemas(tmp_path: Path) -> None:
    """Rows of the ledger, findings, the report and the events of a real run are valid, a row of an unknown kind is not."""
    check = {
        n: jsonschema_rs.validator_for((DOCS / "schemas" / f"{n}.schema.json").read_text("utf-8")) for n in ("event", "finding", "ledger", "report", "verdict")
    }
    env = os.environ | {"PYTHONPATH": str(DOCS.parent)}

    def typed(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "robustgen.cli.main", *words], cwd=tmp_path, env=env, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        assert done.returncode in {0, 1}, done.stderr
        return done.stdout

    events = [json.loads(line) for line in typed("fuzz", "python:json:dumps", "--domain", "retail", "-n", "8", "--min-answered", "0", "--json").splitlines()]
    (folder,) = (tmp_path / ".robustgen" / "runs").iterdir()
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        rows = [{"kind": k, "key": key, "body": json.loads(body)} for k, key, body in ledger.execute("SELECT kind, key, body FROM records")]
    findings = [json.loads(line) for line in (folder / "findings.jsonl").read_text("utf-8").splitlines()]
    found = {
        "event": events[:-1],
        "ledger": rows,
        "finding": findings,
        "verdict": [f["verdict"] for f in findings],
        "report": [json.loads(typed("report", "--json")), events[-1]],
    }
    for name, records in found.items():
        assert records, name
        for record in records:
            assert check[name].is_valid(record), (name, next(iter(check[name].iter_errors(record))).message)
    assert {"started", "asked", "answered", "judged", "finished"} <= {r["kind"] for r in rows}
    assert not check["ledger"].is_valid(rows[0] | {"kind": "forgotten"})
    assert not check["ledger"].is_valid(next(r for r in rows if r["kind"] == "asked") | {"body": {"id": "x"}})


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ('seed = 7\n[fuzz]\nconcurrency = 3\nfail_on = "high"', True),
        ('[target]\nbase_url = "http://127.0.0.1:1/v1"\n[target.sampling]\ntemperature = 0', True),
        ('[fuzz]\nfail_on = "sometimes"', False),
        ("[fuzz]\nconcurency = 3", False),
        ('[target]\nbase = "x"', False),
    ],
)
def test_editors_see_mistakes_in_the_configuration(text: str, valid: bool) -> None:  # noqa: FBT001 - a parameter
    """The schema of the configuration takes good files and refuses unknown keys and values."""
    check = jsonschema_rs.validator_for((DOCS / "schemas" / "robustgen.toml.schema.json").read_text("utf-8"))
    assert check.is_valid(tomllib.loads(text)) is valid
