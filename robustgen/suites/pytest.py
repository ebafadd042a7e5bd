"""Parametrised tests of pytest, read by collection; what is written is a new module that calls the tests there are with new rows."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from robustgen.suites._base import Link, Place, Suite, Variation, cannot_read, suite_format, texts_in

__all__ = ["open_pytest"]

COLLECTOR = """
import ast, json, os

def _literal(value):
    try:
        return ast.literal_eval(repr(value)) == value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False

def pytest_collection_finish(session):
    rows = []
    for item in session.items:
        spec = getattr(item, "callspec", None)
        if spec is not None and item.cls is None and spec.params:
            literal = all(_literal(v) for v in spec.params.values())
            rows.append({"name": item.originalname, "id": spec.id, "params": {k: repr(v) for k, v in spec.params.items()} if literal else None})
    with open(os.environ["ROBUSTGEN_ROWS"], "w", encoding="utf-8") as file:
        json.dump(rows, file)
"""
HEAD = '''"""Variants of the rows of {name}; every test here calls the one of the same name there."""

import importlib.util
import sys
from pathlib import Path

import pytest

_FILE = Path(__file__).parent / {name!r}
sys.path.insert(0, str(_FILE.parent))
_spec = importlib.util.spec_from_file_location("_base_" + _FILE.stem, _FILE)
_base = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_base)
globals().update({{k: v for k, v in vars(_base).items() if not k.startswith(("test", "_")) and k not in globals()}})
'''


class _Module:
    """The rows of a test module; without additions nothing is written."""

    forbidden = ""

    def __init__(self, text: str, path: Path) -> None:
        """Collect the module in a process of its own."""
        self.path, self.arguments = path, _arguments(text)
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "robustgen_rows.py").write_text(COLLECTOR, encoding="utf-8")
            rows = Path(folder) / "rows.json"
            done = _collect(path, folder, rows)
            if not rows.is_file():
                raise cannot_read(path, f"pytest could not collect it: {done.strip().splitlines()[-1] if done.strip() else 'no message'}")
            found: list[dict[str, Any]] = json.loads(rows.read_text("utf-8"))
        self.rows = [r for r in found if r["params"] is not None and r["name"] in self.arguments]
        self.left_out = len(found) - len(self.rows)
        self.added: dict[str, list[tuple[dict[str, Any], str]]] = {}

    def places(self, field: str) -> list[Place]:
        """Return the first parameter of every row that holds a text, in the order of the test's own parameters."""
        made = []
        for number, row in enumerate(self.rows):
            values = {k: ast.literal_eval(v) for k, v in row["params"].items()}
            texts = [a for a in self.arguments[row["name"]] if isinstance(values.get(a), str) and values[a].strip() and field in {"", a}]
            if texts:
                expected = [t for k, v in values.items() if k != texts[0] for t in texts_in(v)]
                made.append(Place(row=number, id=f"{row['name']}[{row['id']}]", field=texts[0], text=values[texts[0]], expected=expected, where=values))
        return made

    def add(self, place: Place, variation: Variation, link: Link) -> None:
        """Keep a row for the module that will be written."""
        row = self.rows[place.row]
        label = f"{re.sub(r'[^A-Za-z0-9]+', '-', row['id'])[:32]}~{link.id.rpartition('~')[2]}"
        self.added.setdefault(row["name"], []).append(({**place.where, place.field: variation.text}, label))

    def render(self) -> str:
        """Return a module with the new rows only: those that were there go on running where they are."""
        pieces = [HEAD.format(name=self.path.name)]
        for name, rows in self.added.items():
            names = list(rows[0][0])
            listed = "\n".join(f"        pytest.param({', '.join(repr(values[n]) for n in names)}, id={label!r})," for values, label in rows)
            arguments = ", ".join(self.arguments[name])
            asked = ", ".join(f"{a}={a}" for a in self.arguments[name])
            pieces.append(
                f"\n\n@pytest.mark.parametrize(\n    {tuple(names)!r},\n    [\n{listed}\n    ],\n)\ndef {name}({arguments}):\n    _base.{name}({asked})\n"
            )
        return "".join(pieces)


def _collect(path: Path, folder: str, rows: Path) -> str:
    """Collect a module and return what pytest said."""
    import os

    paths = os.pathsep.join([folder, *(p for p in [os.environ.get("PYTHONPATH", "")] if p)])
    env = os.environ | {"PYTHONPATH": paths, "ROBUSTGEN_ROWS": str(rows)}
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "robustgen_rows", "-p", "no:cacheprovider", str(path.resolve())]
    return subprocess.run(command, env=env, cwd=path.resolve().parent, capture_output=True, text=True, check=False, timeout=120).stdout


def _arguments(text: str) -> dict[str, list[str]]:
    """Return the plain test functions of a module with their parameters."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return {}
    return {n.name: [a.arg for a in [*n.args.args, *n.args.kwonlyargs]] for n in body if isinstance(n, ast.FunctionDef) and n.name.startswith("test")}


def _fits(text: str, path: Path) -> int:
    return 90 if path.suffix == ".py" and "parametrize" in text else 0


@suite_format(fits=_fits)
def open_pytest(text: str, path: Path) -> Suite:
    """pytest: parametrised tests are collected, and a module beside them runs the same tests over new rows (literal values only)."""
    return _Module(text, path)
