"""Coverage says what was produced and names what never was; the universe comes from the templates, not from the run."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from robustgen.cli.main import cli
from robustgen.generate import Generator, Selection
from robustgen.generate.covered import Counted, Coverage


def measured(count: int, kinds: list[str]) -> dict[str, Counted]:
    """Return the measures of a run over one pack in English by name."""
    generator = Generator(Selection.of(["retail"], tasks=["RT-X01"], kinds=kinds))
    with Coverage(generator) as covered:
        assert len(list(covered.watch(generator.cases(0, count)))) == count
        return {c.measure: c for c in covered.report(named=10_000)}


def test_more_cases_cover_more_and_what_is_missing_is_named() -> None:
    """One case reaches few productions; the rest are named; many cases reach nearly all."""
    few, many = measured(1, kinds=["clean"]), measured(400, kinds=["clean"])
    assert 0 < few["productions"].reached < many["productions"].reached <= many["productions"].total
    assert len(few["productions"].never) == few["productions"].total - few["productions"].reached
    assert many["productions"].share > 0.9
    assert any(name.startswith("documents:RT-X01[") for name in few["productions"].never)


def test_boundaries_of_fields_are_counted() -> None:
    """Edge cases reach the fields that have limits."""
    found = measured(60, kinds=["edge"])["fields at a boundary"]
    assert 0 < found.reached <= found.total


def test_the_trace_is_off_afterwards() -> None:
    """Generation outside of a watched run notes nothing."""
    from robustgen.grammar.coverage import TRACE

    measured(2, kinds=["clean"])
    assert not TRACE.on


def test_the_command_reports_and_writes(tmp_path: Path) -> None:
    """``generate --coverage`` writes the same cases as without it, and reports as text or JSON."""
    plain, watched = tmp_path / "plain.jsonl", tmp_path / "watched.jsonl"
    options = ["generate", "retail", "--task", "RT-X01", "-n", "30", "-q"]
    assert CliRunner().invoke(cli, [*options, "-o", str(plain)]).exit_code == 0
    shown = CliRunner().invoke(cli, [*options, "-o", str(watched), "--coverage", "--json"])
    assert shown.exit_code == 0
    assert plain.read_bytes() == watched.read_bytes()
    measures = {m["measure"] for m in json.loads(shown.stdout)}
    assert {"productions", "paths of two", "surface forms", "fields at a boundary"} <= measures
    text = CliRunner().invoke(cli, [*options, "--coverage"]).stdout
    assert "productions:" in text
    assert "never:" in text
