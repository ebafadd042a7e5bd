"""What an answer says: envelopes, numbers, labels and statuses read from whatever came back, and compared with what is expected."""

from __future__ import annotations

from robustgen.answers.compare import accepted, matches, same_value
from robustgen.answers.read import read_answer

__all__ = ["accepted", "matches", "read_answer", "same_value"]
