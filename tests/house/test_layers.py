"""The law of the layers: arrows run down, neighbours never meet, no cycle; imports inside functions count too."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import robustgen

PACKAGE = Path(robustgen.__file__).parent
FLOORS = {
    "errors": 1, "core": 2, "answers": 3, "safety": 3, "datasets": 3, "stats": 3, "migrations": 3, "grammar": 4, "perturbations": 4, "oracles": 4, "targets": 4,
    "exporters": 4, "shrink": 4, "explain": 4, "triage": 4, "suites": 4, "packs": 5, "generate": 6, "campaign": 7, "strategies": 7, "mine": 7, "scale": 7, "cli": 8, "pytest_plugin": 8,
}  # fmt: skip


def source_of(node: ast.ImportFrom, file: Path, root: Path) -> str:
    """Return the absolute name of the module that a ``from`` statement reads, dots resolved."""
    if not node.level:
        return node.module or ""
    package = file.relative_to(root.parent).parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def named_by(node: ast.AST, file: Path, root: Path) -> Iterator[str]:
    """Yield the modules that one node imports: a statement, or ``import_module`` with a name written out."""
    if isinstance(node, ast.Import):
        yield from (a.name for a in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = source_of(node, file, root)
        for alias in node.names:
            inner = root.parent / Path(*source.split("."), alias.name)
            # a name of the face hides its home, so it counts as a room without a floor
            is_module = source == root.name or inner.with_suffix(".py").is_file() or inner.is_dir()
            yield f"{source}.{alias.name}" if is_module else source
    elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"import_module", "__import__"} and node.args:
        name = node.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value


def imports_of(file: Path, root: Path) -> Iterator[str]:
    """Yield every module of the package that a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        yield from (name for name in named_by(node, file, root) if name.split(".")[0] == root.name)


def graph_of(root: Path) -> dict[str, set[str]]:
    """Return module to the modules it imports."""
    found = {}
    for file in sorted(root.rglob("*.py")):
        if "_shipped" in file.parts:
            continue
        parts = file.relative_to(root.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = {i for i in imports_of(file, root) if i != name}
    return found


def upward(graph: Mapping[str, set[str]], root: str) -> list[str]:
    """Return the imports that break a floor; a module whose room has no floor is one too."""
    wrong = []
    for module, targets in graph.items():
        room = module.split(".")[1] if "." in module else ""
        if room and room not in FLOORS:
            wrong.append(f"{module} has no floor")
        for target in targets:
            other = target.split(".")[1] if "." in target else ""
            if not room or not other or room == other:
                continue
            if room not in FLOORS or other not in FLOORS or FLOORS[other] >= FLOORS[room]:
                wrong.append(f"{module} -> {target}")
    return wrong


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return one cycle of modules, empty when there is none. A package's own face may import its modules."""
    state: dict[str, int] = {}
    path: list[str] = []

    def visit(module: str) -> list[str]:
        state[module] = 1
        path.append(module)
        for target in sorted(graph.get(module, ())):
            if module.startswith(f"{target}."):
                continue
            if state.get(target) == 1:
                return [*path[path.index(target) :], target]
            if target not in state and (found := visit(target)):
                return found
        path.pop()
        state[module] = 2
        return []

    for module in sorted(graph):
        if module not in state and (found := visit(module)):
            return found
    return []


def test_arrows_run_down() -> None:
    """No module imports from its own floor's neighbours or from above."""
    assert not upward(graph_of(PACKAGE), "robustgen")


def test_there_is_no_cycle() -> None:
    """No modules import each other in a ring."""
    assert not cycle(graph_of(PACKAGE))


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("core/a.py", "def f():\n    from robustgen.cli import main\n"),
        ("grammar/a.py", "from robustgen.perturbations import typo\n"),
        ("targets/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import robustgen.oracles\n"),
        ("core/a.py", "from ..cli import main\n"),
        ("core/__init__.py", "from .. import oracles\n"),
        ("perturbations/a.py", "from robustgen import perturb_text\n"),
        ("core/a.py", "from importlib import import_module\nimport_module('robustgen.cli.main')\n"),
        ("stats.py", "import robustgen.answers\n"),
        ("cellar/a.py", "import json\n"),
    ],
)
def test_violations_are_caught(file: str, code: str, tmp_path: Path) -> None:
    """A planted violation is found in whatever form it is written; a room without a floor is one."""
    root = tmp_path / "robustgen"
    (root / file).parent.mkdir(parents=True)
    (root / file).write_text(code)
    assert upward(graph_of(root), "robustgen")


def test_what_the_law_allows_passes(tmp_path: Path) -> None:
    """Arrows down and inside one package are free, relative ones too."""
    root = tmp_path / "robustgen"
    (root / "grammar").mkdir(parents=True)
    (root / "grammar" / "a.py").write_text("from . import b\nfrom ..core import case\nfrom robustgen.errors import RobustgenError\n")
    (root / "grammar" / "b.py").write_text("import robustgen\n")
    graph = graph_of(root)
    assert not upward(graph, "robustgen")
    assert not cycle(graph)


def test_a_planted_cycle_is_caught(tmp_path: Path) -> None:
    """Two modules that import each other are found."""
    root = tmp_path / "robustgen"
    (root / "core").mkdir(parents=True)
    (root / "core" / "a.py").write_text("from robustgen.core import b\n")
    (root / "core" / "b.py").write_text("def f():\n    from robustgen.core import a\n")
    assert cycle(graph_of(root))
