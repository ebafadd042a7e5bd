"""What a contract says: entailment, duties, definitions, clauses, redlines, playbooks, authorities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import robustgen

OPPOSED = {("must", "must_not"), ("must_not", "must"), ("may", "must_not"), ("must_not", "may")}
SENSES = {"first": "entailment", "second": "contradiction", "third": "not_mentioned"}


@robustgen.rule
def entailed(record: Any, duties: Sequence[Any]) -> str:
    """Return whether the duties state the hypothesis, state its opposite, or say nothing of it; a catalogued theme goes by its sense."""
    if record.theme != "plain":
        return SENSES[record.sense]
    for duty in duties:
        if duty.act == record.h_act and duty.actor == record.h_actor:
            if duty.modal == record.h_modal:
                return "entailment"
            return "contradiction" if (duty.modal, record.h_modal) in OPPOSED else "not_mentioned"
    return "not_mentioned"


@robustgen.rule
def duty_table(duties: Sequence[Any], party: str) -> dict[str, list[str]]:
    """Return the numbers of a party's clauses by what they impose."""
    found: dict[str, list[str]] = {"must": [], "may": [], "must_not": []}
    for number, duty in enumerate(duties, 1):
        if duty.actor == party:
            found[duty.modal].append(str(number))
    return found


@robustgen.rule
def place_of_clause(clauses: Sequence[str], asked: str, base: Any) -> int | None:
    """Return the number of the clause of a kind, None where the contract lacks it."""
    return next((int(base) + i for i, clause in enumerate(clauses) if str(clause) == str(asked)), None)


@robustgen.rule
def leaves_of(direct: Sequence[str], group: Sequence[str], excluded: str) -> list[str]:
    """Return the letters of all items once defined terms are expanded, less the exception."""
    return [letter for letter in (*direct, *group) if letter != excluded]


@robustgen.rule
def favoured(change: Any) -> str:
    """Return whom a change favours by the playbook's direction of the clause: a rise favours the one, a fall the other."""
    if change.clause.more_favours == "neutral" or change.old == change.new:
        return "neutral"
    other = {"customer": "supplier", "supplier": "customer"}
    return str(change.clause.more_favours if change.new > change.old else other[change.clause.more_favours])


@robustgen.rule
def redline(changes: Sequence[Any], numbers: Sequence[Any]) -> list[dict[str, str]]:
    """Return every change with its clause, old and new figure, and whom it favours."""
    return [{"clause": str(n), "old": str(c.old), "new": str(c.new), "favours": favoured(c)} for n, c in zip(numbers, changes, strict=True) if c.old != c.new]


@robustgen.rule
def playbook(draft: Any) -> dict[str, str]:
    """Return pass or fail for every rule of the playbook."""
    checks = {
        "payment": draft.payment <= draft.max_payment,
        "cap": draft.cap >= draft.min_cap,
        "breach_notice": draft.hours <= draft.max_hours,
        "law": draft.law in {draft.law_one, draft.law_two},
    }
    return {name: "pass" if ok else "fail" for name, ok in checks.items()}


@robustgen.rule
def authority(asked: Any, record: Sequence[Any], point: str) -> str:
    """Return whether an authority is in the record, and whether it goes to the point."""
    found = next((a for a in record if str(a) == str(asked)), None)
    if found is None:
        return "not_in_record"
    return "in_record_supports" if found.topic == point else "in_record_no_support"


@robustgen.rule
def governing_days(record: Any) -> int:
    """Return the figure that applies: an amendment that prevails, else the document that ranks first."""
    if record.amended and record.prevails:
        return int(record.amendment)
    return int(record.master if record.order == "master" else record.statement)


@robustgen.rule
def governing_source(record: Any) -> str:
    """Return the document whose figure applies."""
    if record.amended and record.prevails:
        return "AMENDMENT"
    return "MSA" if record.order == "master" else "SOW"


@robustgen.rule
def place_of_duty(duties: Sequence[Any], act: str, actor: str) -> str:
    """Return the modal of the duty to do an act, empty where the actor has none."""
    return next((str(d.modal) for d in duties if d.act == act and d.actor == actor), "")


@robustgen.rule
def other_act(*used: Any) -> str:
    """Return an act that no duty names."""
    names = ("report", "insure", "audit", "train", "export")
    return next(n for n in names if n not in {str(u) for u in used})
