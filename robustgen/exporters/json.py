"""A report as one JSON object: the whole model, for machines; everything outside ASCII is escaped, so hostile answers stay inert in any viewer."""

from __future__ import annotations

import json

import msgspec

from robustgen.core.case import exact_text
from robustgen.core.plugins import exporter
from robustgen.core.report import Report

__all__ = ["SCHEMA", "render_json"]

SCHEMA = "robustgen.report/1"


@exporter()
def render_json(report: Report) -> str:
    """Return the model with the name of its schema."""
    return json.dumps({"schema": SCHEMA, **msgspec.to_builtins(report, enc_hook=exact_text)}, indent=1) + "\n"
