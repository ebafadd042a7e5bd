"""Code knows no domain and no language by name."""

from __future__ import annotations

import ast
from pathlib import Path

import robustgen
from robustgen.packs.locate import shipped

PACKAGE = Path(robustgen.__file__).parent
ALLOWED = {"en"}


def names() -> set[str]:
    """Return pack names and language tags, from the folders."""
    packs = {f.parent.name for f in (shipped() / "domains").glob("*/pack.toml")}
    tags = {f.parent.name for f in (shipped() / "corpora").glob("*/language.toml")}
    return (packs | tags) - ALLOWED


def literals(file: Path) -> set[str]:
    """Return the string literals of a module, docstrings left out."""
    tree = ast.parse(file.read_text("utf-8"))
    docs = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs.add(id(node.value))
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs}


def test_no_pack_and_no_language_is_named() -> None:
    """No string in the package equals a pack's name or a language's tag."""
    known = names()
    assert known, "no pack and no language was found, so nothing was tested"
    found = {f"{f.name}: {s}" for f in PACKAGE.rglob("*.py") if "_shipped" not in f.parts for s in literals(f) & known}
    assert not found


def test_a_planted_name_is_caught(tmp_path: Path) -> None:
    """A literal counts wherever it stands in code; a docstring does not."""
    name = min(names())
    (tmp_path / "told.py").write_text(f'"""{name}"""\n')
    (tmp_path / "used.py").write_text(f"def f(x={name!r}):\n    pass\n")
    assert name not in literals(tmp_path / "told.py")
    assert name in literals(tmp_path / "used.py")
