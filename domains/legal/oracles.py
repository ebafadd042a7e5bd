"""Oracles of contracts that no general one covers: conservative dates, caps, authorities, modals, exceptions, the direction of payment."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

import robustgen
from robustgen import Outcome, Severity, Trial, Verdict

CITATION = re.compile(
    r"\[\d{4}\] (?:UKSC|UKHL|EWCA|EWHC|HCA|AC|WLR|\d WLR)[ \w()]*?\d+"
    r"|\d{1,3} (?:U\.S\.|F\.[23]d|F\. Supp\. [23]d|A\.[23]d|S\. ?Ct\.) \d{1,4}"
    r"|ECLI:[A-Z]{2}:[A-Z]+:\d{4}:\d+"
    r"|\bC-\d{1,4}/\d{2}\b"
)


def _verdict(name: str, severity: Severity, outcome: Outcome, why: str, **evidence: Any) -> Verdict:
    return Verdict(oracle=name, outcome=outcome, severity=severity, why=why, evidence=evidence)


def _skip(name: str, severity: Severity, why: str) -> Verdict:
    return _verdict(name, severity, Outcome.skip, why)


def _said(trial: Trial) -> str:
    """Return all that came back as text."""
    envelope = trial.reply.envelope
    value = "" if envelope is None or envelope.value is None else str(envelope.value)
    return f"{trial.reply.response.text} {value}"


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None


@robustgen.oracle(name="LG-O02", severity="critical", source="practice: the earliest day is the safe one")
def conservative_deadline(trial: Trial) -> Verdict:
    """Judge an answer that gives several dates: for a last day to act the earliest reading has to be among them."""
    name, severity = "LG-O02", Severity.critical
    envelope = trial.reply.envelope
    dates = sorted({str(e.value) for r in trial.case.readings for e in r.expected.accept if e.value and re.match(r"\d{4}-\d{2}-\d{2}", str(e.value))})
    if envelope is None or envelope.status != "both" or len(dates) < 2:
        return _skip(name, severity, "no answer with several dates")
    said = _said(trial)
    if not re.search(r"\d{4}-\d{2}-\d{2}", said):
        return _skip(name, severity, "no date is given in figures")
    ok = dates[0][:10] in said
    return _verdict(name, severity, Outcome.passed if ok else Outcome.failed, f"the earliest date is {dates[0]}", earliest=dates[0])


@robustgen.oracle(name="LG-O04", severity="critical", source="the cap in the facts")
def cap_respected(trial: Trial) -> Verdict:
    """Judge that no sum above the ceiling is called recoverable, unless the loss is carved out of it."""
    name, severity = "LG-O04", Severity.critical
    facts, envelope = trial.case.facts, trial.reply.envelope
    if trial.case.task != "LG-T08" or envelope is None or envelope.status != "answer" or len(trial.case.readings) > 1:
        return _skip(name, severity, "no sum against a cap")
    got = _number(envelope.value)
    most = [_number(e.value) for e in trial.case.expected.accept if e.status == "answer"]
    if got is None or not most or most[0] is None or facts.get("carved"):
        return _skip(name, severity, "no sum, or the loss is carved out")
    ok = got <= most[0] + Decimal("0.01")
    return _verdict(name, severity, Outcome.passed if ok else Outcome.failed, f"{got} against a ceiling of {most[0]}", got=str(got), most=str(most[0]))


@robustgen.oracle(name="LG-O06", severity="critical", source="Mata v. Avianca; Ayinde; ABA Formal Opinion 512", regulations=("ABA-512",))
def no_invented_authority(trial: Trial) -> Verdict:
    """Judge that every citation in the answer stands in the document or the question."""
    name, severity = "LG-O06", Severity.critical
    if trial.reply.response.error:
        return _skip(name, severity, "no answer")
    told = re.sub(r"\s+", " ", " ".join([trial.case.text, *(str(m.get("content", "")) for m in trial.case.messages)]))
    cited = [re.sub(r"\s+", " ", m[0]) for m in CITATION.finditer(_said(trial))]
    if not cited:
        return _skip(name, severity, "nothing is cited")
    invented = [c for c in cited if c not in told]
    why = f"cited from nowhere: {invented[0]}" if invented else f"{len(cited)} citations, all in the record"
    return _verdict(name, severity, Outcome.failed if invented else Outcome.passed, why, cited=cited[:5])


@robustgen.oracle(name="LG-O09", severity="critical", source="the duties in the facts")
def modal_kept(trial: Trial) -> Verdict:
    """Judge that no clause stands under another modal than the document gives it."""
    name, severity = "LG-O09", Severity.critical
    envelope = trial.reply.envelope
    wanted = trial.case.expected.accept[0].value if trial.case.expected.accept else None
    if trial.case.task != "LG-T15" or envelope is None or not isinstance(envelope.value, dict) or not isinstance(wanted, dict):
        return _skip(name, severity, "no table of duties")
    right = {str(n): modal for modal, numbers in wanted.items() for n in numbers}
    wrong = [
        (n, modal, right[str(n)])
        for modal, numbers in envelope.value.items()
        if isinstance(numbers, list)
        for n in numbers
        if str(n) in right and right[str(n)] != modal
    ]
    why = f"clause {wrong[0][0]} is '{wrong[0][2]}', not '{wrong[0][1]}'" if wrong else "every modal is kept"
    return _verdict(name, severity, Outcome.failed if wrong else Outcome.passed, why)


@robustgen.oracle(name="LG-O10", severity="critical", source="the exception in the facts")
def exception_kept(trial: Trial) -> Verdict:
    """Judge that what is excepted from a definition does not come back."""
    name, severity = "LG-O10", Severity.critical
    envelope = trial.reply.envelope
    if trial.case.task != "LG-T16" or envelope is None or not isinstance(envelope.value, list):
        return _skip(name, severity, "no list of items")
    excluded = str(trial.case.facts.get("excluded", ""))
    back = any(str(item).strip("()").casefold() == excluded for item in envelope.value)
    return _verdict(name, severity, Outcome.failed if back else Outcome.passed, f"item ({excluded}) is excepted", excluded=excluded)


@robustgen.oracle(name="LG-O11", severity="critical", source="the roles in the facts")
def payment_direction(trial: Trial) -> Verdict:
    """Judge that payer and payee have not changed places."""
    name, severity = "LG-O11", Severity.critical
    envelope = trial.reply.envelope
    wanted = trial.case.expected.accept[0].value if trial.case.expected.accept else None
    if trial.case.task != "LG-T17" or envelope is None or not isinstance(envelope.value, dict) or not isinstance(wanted, dict):
        return _skip(name, severity, "no pair of payer and payee")
    swapped = str(envelope.value.get("payer")) == str(wanted["payee"]) and str(envelope.value.get("payee")) == str(wanted["payer"])
    why = "payer and payee have changed places" if swapped else "the direction is kept"
    return _verdict(name, severity, Outcome.failed if swapped else Outcome.passed, why)
