"""Where ``CI`` is set a skipped test of a server, a browser or another tool is a failure: it was to be provided."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def _held(report: pytest.TestReport, where: Path) -> pytest.TestReport:
    """Return the report, a failure where it is a skip that nobody may take."""
    if os.environ.get("CI") and HERE in where.parents and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where CI is set: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at what a test came to."""
    return _held((yield), item.path)
