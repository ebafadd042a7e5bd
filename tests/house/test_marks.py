"""Our own marks: short modules and functions, public things documented, everything annotated, a small sorted face."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import robustgen

PACKAGE = Path(robustgen.__file__).parent
TREES = {f: ast.parse(f.read_text("utf-8")) for f in sorted(PACKAGE.rglob("*.py")) if "_shipped" not in f.parts}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[Path, Function]]:
    """Yield every function, nested ones too."""
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield file, node


def length(node: Function) -> int:
    """Return a function's lines without its docstring."""
    total = (node.end_lineno or 0) - node.lineno + 1
    first = node.body[0]
    is_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    return total - ((first.end_lineno or 0) - first.lineno + 1 if is_doc else 0)


def test_modules_are_short() -> None:
    """The median module has at most 150 lines; one above 400 gives its reason."""
    lines = {f: len(f.read_text("utf-8").splitlines()) for f in TREES}
    assert median(lines.values()) <= 150
    assert not [f.name for f, n in lines.items() if n > 400 and "# long: " not in f.read_text("utf-8")]


def test_functions_are_short() -> None:
    """Median 10 lines, 95th percentile 45, none above 80."""
    found = sorted((length(n), f"{f.name}:{n.name}") for f, n in functions())
    sizes = [n for n, _ in found]
    assert median(sizes) <= 10
    assert sizes[int(len(sizes) * 0.95)] <= 45
    assert sizes[-1] <= 80, found[-1]


def public(tree: ast.Module) -> Iterator[ast.ClassDef | Function]:
    """Yield public functions and classes, methods of public classes included."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (m for m in node.body if isinstance(m, Function) and not m.name.startswith("_"))


def test_public_things_are_documented() -> None:
    """Every public module, class, function and method has a docstring."""
    missing = [f"{f.name}: {n.name}" for f, tree in TREES.items() for n in public(tree) if not ast.get_docstring(n)]
    missing += [f.name for f, tree in TREES.items() if not ast.get_docstring(tree)]
    assert not missing


def test_everything_is_annotated() -> None:
    """Every parameter and result has a type."""
    missing = []
    for file, node in functions():
        starred = [a for a in (node.args.vararg, node.args.kwarg) if a]
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, *starred]
        bare = [a.arg for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
        if bare or node.returns is None:
            missing.append(f"{file.name}:{node.name}")
    assert not missing


def test_the_face_is_small_sorted_and_real() -> None:
    """At most 25 public names, in order, each of which resolves."""
    assert len(robustgen.__all__) <= 25
    assert list(robustgen.__all__) == sorted(robustgen.__all__)
    assert all(getattr(robustgen, name) is not None for name in robustgen.__all__)
