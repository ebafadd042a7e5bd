"""Test suites of other tools: read, enlarged by variants of their texts, and written back in the same format.

One file a format; a file registers itself with ``suite_format``. What a suite held before stays where it was.
"""

from __future__ import annotations

from robustgen.suites._base import SUITES, Link, Place, Suite, Variation, open_suite
from robustgen.suites._enlarge import Vary, enlarge

__all__ = ["SUITES", "Link", "Place", "Suite", "Variation", "Vary", "enlarge", "open_suite"]
