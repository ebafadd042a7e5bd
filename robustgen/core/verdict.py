"""What a target answered and what an oracle says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from hashlib import blake2b
from typing import Any

import msgspec

from robustgen.core.case import Case, Envelope, Severity
from robustgen.core.language import Language

__all__ = ["Bound", "Finding", "Mark", "Outcome", "Reply", "Response", "Trial", "Verdict", "finding_id"]


class Outcome(str, Enum):
    """``error`` and ``unsure`` never count as pass."""

    passed = "pass"
    failed = "fail"
    unsure = "unsure"
    skip = "skip"
    error = "error"


class Response(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came back for one request. An error is an answer, not an exception.

    ``elapsed`` is in seconds; ``error`` is a class such as ``timeout``, ``http_500``, ``rate_limited``, ``connection``,
    ``bad_response``, ``empty`` or ``raised``, and ``detail`` says more without any secret. ``delay`` is how long the request left
    after it was meant to (load profiles), ``first`` the time to the first token of a stream, ``retry_after`` what the server asked for;
    ``at`` is when it left (seconds since 1970, UTC); ``sampling``, ``model`` and ``fingerprint`` say what answered, ``region`` where.
    """

    text: str = ""
    data: Any = None
    elapsed: float = 0.0
    usage: dict[str, int] = {}
    error: str = ""
    detail: str = ""
    model: str = ""
    attempts: int = 1
    at: float = 0.0
    delay: float = 0.0
    first: float = 0.0
    retry_after: float = 0.0
    region: str = ""
    fingerprint: str = ""
    sampling: dict[str, Any] = {}
    cached: bool = False


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A response with what was read from it; ``unsure`` says why nothing certain could be read."""

    response: Response
    envelope: Envelope | None = None
    unsure: str = ""


class Bound(msgspec.Struct, frozen=True):
    """What a pack or a user asks of an oracle: the id under which it stands, and its options."""

    id: str
    options: Mapping[str, Any] = {}


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What an oracle sees: the case judged, its base, the replies of each by repetition, and other cases for leaks.

    ``seen`` maps identifiers of the run's cases to the family that owns them; ``bounds`` maps an oracle's name to what the pack
    and the user ask of it for this case.
    """

    case: Case
    replies: list[Reply]
    base: Case | None = None
    base_replies: list[Reply] = []
    family: list[tuple[Case, list[Reply]]] = []
    others: list[Case] = []
    language: Language | None = None
    can: frozenset[str] = frozenset({"answer", "label", "null", "ask", "refuse", "text"})
    rules: Any = None
    seen: Mapping[str, str] = {}
    bounds: Mapping[str, Sequence[Bound]] = {}

    @property
    def reply(self) -> Reply:
        """The first repetition's reply."""
        return self.replies[0]


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One oracle's judgement; ``evidence`` names span, number or rule."""

    oracle: str
    outcome: Outcome
    severity: Severity = Severity.high
    why: str = ""
    evidence: dict[str, Any] = {}
    regulations: list[str] = []


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person has decided of a finding: ``accepted``, ``known`` or ``false-alarm``, by whom and why."""

    status: str
    author: str = ""
    reason: str = ""
    until: str = ""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A failing verdict with its smallest failing case and the passing case nearest to it; folds by (oracle, task, trigger).

    ``tried`` and ``failed`` count how often the smallest case was asked and failed; ``queries`` the questions that shrinking it
    took; ``cause`` names what was done to the case and ``needs`` what else it takes for the answer to go wrong, in words;
    ``setting`` is what the oracle needs besides to speak of it; ``mark`` is what triage says.
    """

    id: str
    verdict: Verdict
    case: Case
    base: Case | None
    found_in: str
    response: Response
    base_response: Response | None = None
    neighbour: Case | None = None
    neighbour_response: Response | None = None
    trigger: str
    cause: str = ""
    needs: list[str] = []
    setting: list[str] = []
    count: int = 1
    tried: int = 0
    failed: int = 0
    queries: int = 0
    cases: list[str] = []
    mark: Mark | None = None

    @property
    def flaky(self) -> bool:
        """Whether the smallest case fails at times only."""
        return 0 < self.failed < self.tried


def finding_id(oracle: str, task: str, trigger: str) -> str:
    """Return the identity of a finding: 12 hexadecimal digits."""
    return blake2b(f"{oracle}\x1f{task}\x1f{trigger}".encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
