"""The labelled answers, read and compared: confusion of statuses and exactness of values, per language."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from robustgen.answers import read_answer
from robustgen.answers.acts import pointer_in
from robustgen.answers.compare import same_value
from robustgen.core.case import Case, Envelope, Expected, Kind, Reading, Tolerance
from robustgen.core.verdict import Response
from robustgen.packs.language import load_language

__all__ = ["HELD_OUT", "STATUSES", "Read", "Score", "case_of", "labelled", "read_all", "scores"]

HERE = Path(__file__).parent
HELD_OUT = 3
"""Every third line is held out: rules are never tuned on it."""
STATUSES = ("answer", "ask", "both", "escalate", "refuse", "unsure")
EXPECTED: dict[str, Envelope] = {
    "dose": Envelope(value="1500", unit="mg"),
    "open": Envelope(value="500", unit="mg"),
    "date": Envelope(value="2026-06-15"),
    "money": Envelope(value="154.65", currency="EUR"),
    "flag": Envelope(label="critical_high"),
    "yes": Envelope(label="yes"),
    "list": Envelope(value=["egg", "gluten", "milk"]),
}
OWN_MONEY = {"zh": "CNY", "ja": "JPY", "hi": "INR"}


class Read(NamedTuple):
    """One labelled answer and what was read: status, whether the value is right, whether a disclaimer was seen."""

    tag: str
    number: int
    row: dict[str, Any]
    got: Envelope | None
    status: str
    exact: bool
    disclaimer: bool
    written_later: bool = False
    recorded: bool = False
    other_hand: bool = False
    later_hand: bool = False
    vendor_style: bool = False

    @property
    def fresh(self) -> bool:
        """Whether the line was written after the rules; it was measured as it stood before any rule was changed for it."""
        return self.written_later and not self.recorded and not self.other_hand and not self.later_hand and not self.vendor_style

    @property
    def held_out(self) -> bool:
        """Whether rules are never tuned on the line: every third of the first lines, half of the others by the hash of what they say.

        A scene that was written in ten languages is held out in all of them or in none.
        """
        if self.vendor_style:
            return self.row["scene"] % 4 in {0, 3}
        if self.other_hand or self.later_hand or "style" in self.row:
            said = f"{self.tag}\x1f{self.row['question']}\x1f{self.row.get('document', '')}\x1f{self.row['text']}"
            return blake2b(said.encode(), digest_size=1).digest()[0] % 2 == 0
        return self.number % HELD_OUT == 0


def case_of(tag: str, question: dict[str, str]) -> Case:
    """Return the case that a labelled answer belongs to."""
    name = question["question"]
    wanted = EXPECTED.get(name) or Envelope(value="12500000", currency=OWN_MONEY.get(tag, "EUR")) if name not in {"emergency", "bad"} else None
    expected = {
        "open": Expected(accept=[Envelope(status="ask"), Envelope(status="both")]),
        "emergency": Expected(accept=[Envelope(status="escalate")]),
        "bad": Expected(accept=[Envelope(status="refuse")]),
    }.get(name) or Expected(accept=[wanted or Envelope()])
    readings = [Reading({}, Expected(accept=[wanted or Envelope()]))] if name == "open" else []
    messages = [{"role": "system", "content": question["ask"]}, {"role": "user", "content": question["document"]}]
    return Case(
        id=f"{tag}-{name}", family=name, domain="answers", task=name, language=tag, kinds=[Kind.clean], text=question["document"],
        base_text=question["document"], messages=messages, facts={}, expected=expected, readings=readings,
    )  # fmt: skip


def _recorded_case(row: dict[str, Any]) -> Case:
    """Return the case of an answer to a question of its own."""
    case = case_of(row["tag"], {"question": row["question"], "ask": row["ask"], "document": row["document"]})
    accept = [msgspec.convert(e, Envelope) for e in row["accept"]]
    readings = [Reading({}, Expected(accept=[msgspec.convert(e, Envelope) for e in r])) for r in row["readings"]]
    return msgspec.structs.replace(case, expected=Expected(accept=accept), readings=readings)


def labelled() -> Iterator[tuple[str, int, dict[str, Any], Case]]:
    """Yield language, line number, label and case of every labelled answer."""
    questions = [json.loads(line) for line in (HERE / "questions.jsonl").read_text("utf-8").splitlines()]
    cases = {(q["tag"], q["question"]): case_of(q["tag"], q) for q in questions}
    for file in sorted(HERE.glob("*.jsonl")):
        if file.stem == "questions":
            continue
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            row = json.loads(line)
            tag = row.get("tag", file.stem)
            yield tag, number, row, _recorded_case(row) if "document" in row else cases[tag, row["question"]]


def _exact(got: Envelope | None, row: dict[str, Any]) -> bool:
    """Tell whether the read value is the one that the answer states, unit and currency with it."""
    if got is None or got.status != "answer":
        return False
    if row.get("label"):
        return bool(got.label == row["label"])
    if row.get("value") is None:
        return True
    right = same_value(got.value, row["value"], Tolerance(), got.unit, row.get("unit"))
    return right and bool(got.unit) == bool(row.get("unit")) and (got.currency or "") == (row.get("currency") or "")


def read_all() -> list[Read]:
    """Return every labelled answer with what was read."""
    made = []
    for tag, number, row, case in labelled():
        language = load_language(tag)
        got = read_answer(case, Response(text=row["text"]), language, row.get("labels", ())).envelope
        seen = pointer_in(row["text"], language) is not None
        other, later = row.get("hand") == "other", row.get("hand") == "later"
        vendor = row.get("hand") == "vendor"
        recorded = "document" in row and "hand" not in row
        made.append(Read(tag, number, row, got, got.status if got else "unsure", _exact(got, row), seen, "tag" in row, recorded, other, later, vendor))
    return made


class Score(NamedTuple):
    """Precision and recall of one thing, with the counts behind them."""

    found: int
    right: int
    owed: int

    @property
    def precision(self) -> float:
        """Right of found; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Right of owed; 1 where nothing was owed."""
        return self.right / self.owed if self.owed else 1.0


def scores(reads: list[Read]) -> dict[str, Score]:
    """Return a score for every status, for disclaimers and for exact values."""
    made = {}
    for status in STATUSES:
        made[status] = Score(
            sum(r.status == status for r in reads), sum(r.status == status == r.row["status"] for r in reads), sum(r.row["status"] == status for r in reads)
        )
    said = [bool(r.row.get("disclaimer")) for r in reads]
    made["disclaimer"] = Score(sum(r.disclaimer for r in reads), sum(r.disclaimer and s for r, s in zip(reads, said, strict=True)), sum(said))
    answers = [r for r in reads if r.row["status"] == "answer"]
    made["value"] = Score(sum(r.status == "answer" for r in reads), sum(r.exact for r in answers), len(answers))
    return made


def confusion(reads: list[Read]) -> dict[str, Counter[str]]:
    """Return label to what was read."""
    made: dict[str, Counter[str]] = defaultdict(Counter)
    for read in reads:
        made[read.row["status"]][read.status] += 1
    return made
