"""Domain robustness test cases with exact ground truth: the public face; every name resolves on first use."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Case": "robustgen.core.case",
    "Edit": "robustgen.core.case",
    "Effect": "robustgen.core.case",
    "Envelope": "robustgen.core.case",
    "Example": "robustgen.core.plugins",
    "Kind": "robustgen.core.case",
    "NotApplicable": "robustgen.core.plugins",
    "Outcome": "robustgen.core.verdict",
    "Proposal": "robustgen.core.plugins",
    "Response": "robustgen.core.verdict",
    "RobustgenError": "robustgen.errors",
    "Severity": "robustgen.core.case",
    "Trial": "robustgen.core.verdict",
    "Verdict": "robustgen.core.verdict",
    "cases": "robustgen.pytest_plugin.decorators",
    "exporter": "robustgen.core.plugins",
    "oracle": "robustgen.core.plugins",
    "perturb_text": "robustgen.generate.free_text",
    "perturbation": "robustgen.core.plugins",
    "perturbed": "robustgen.pytest_plugin.decorators",
    "rule": "robustgen.core.plugins",
    "strategies": "robustgen.strategies",
    "target": "robustgen.core.plugins",
}
__all__ = sorted(_HOME)  # noqa: PLE0605 - one table serves both the names and their homes


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in _HOME:
        raise AttributeError(f"module 'robustgen' has no attribute '{name}'")
    home = import_module(_HOME[name])
    value = home if _HOME[name] == f"{__name__}.{name}" else getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return [*__all__, "__version__"]
