"""A report as one JSON object: the whole model, for machines."""

from __future__ import annotations

import msgspec

from robustgen.core.case import exact_text
from robustgen.core.plugins import exporter
from robustgen.core.report import Report

__all__ = ["SCHEMA", "render_json"]

SCHEMA = "robustgen.report/1"


@exporter()
def render_json(report: Report) -> str:
    """Return the model with the name of its schema."""
    made = {"schema": SCHEMA, **msgspec.structs.asdict(report)}
    return msgspec.json.format(msgspec.json.encode(made, enc_hook=exact_text), indent=1).decode("utf-8", "replace") + "\n"
