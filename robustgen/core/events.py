"""What a run says, in order; console, ledger and reports listen to this one stream."""

from __future__ import annotations

from typing import Any

import msgspec

from robustgen.core.case import Case
from robustgen.core.verdict import Finding, Response, Verdict

__all__ = ["Answered", "Asked", "CaseMade", "Event", "Finished", "Found", "Judged", "Retried", "Shrunk", "Started"]


class _Base(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """Every event is one JSON object whose ``event`` names it."""


class Started(_Base, frozen=True, kw_only=True, tag="started"):
    """A run begins; ``config`` is enough to run it again."""

    run: str
    config: dict[str, Any]
    made_with: dict[str, str]


class CaseMade(_Base, frozen=True, kw_only=True, tag="case_made"):
    """A case joined the run."""

    case: Case


class Asked(_Base, frozen=True, kw_only=True, tag="asked"):
    """A request left; written before it is sent."""

    case: str
    repetition: int = 0
    attempt: int = 1


class Retried(_Base, frozen=True, kw_only=True, tag="retried"):
    """An attempt failed in passing; the next one leaves after ``wait`` seconds."""

    case: str
    repetition: int = 0
    attempt: int
    error: str
    wait: float


class Answered(_Base, frozen=True, kw_only=True, tag="answered"):
    """A response came back or was given up."""

    case: str
    repetition: int = 0
    response: Response


class Judged(_Base, frozen=True, kw_only=True, tag="judged"):
    """The oracles have spoken on a case."""

    case: str
    verdicts: list[Verdict]


class Found(_Base, frozen=True, kw_only=True, tag="found"):
    """A finding as first met, not yet shrunk."""

    finding: Finding


class Shrunk(_Base, frozen=True, kw_only=True, tag="shrunk"):
    """A finding with its smallest failing case."""

    finding: Finding


class Finished(_Base, frozen=True, kw_only=True, tag="finished"):
    """The run is over; ``why`` is ``done``, ``interrupted``, ``budget`` or ``target``."""

    why: str
    totals: dict[str, Any]


Event = Started | CaseMade | Asked | Retried | Answered | Judged | Found | Shrunk | Finished
