"""Oracles of finance answers: precision of the currency, scale, sign, balanced claims. The catalogue in ``pack.toml`` gives their severity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from robustgen import Outcome, Severity, Trial, Verdict, oracle

from .money import MINOR

SCALES = (2, 3, 6, 9)
BENEFIT = re.compile(r"\b(outperform|past returns?|has returned|high returns?|profits? of up to|gained .{0,20}last year)\b", re.IGNORECASE)
RISK = re.compile(r"\b(risks?|lose|loss(es)?|fall|past performance|not guaranteed|no guarantee)\b", re.IGNORECASE)


def _verdict(name: str, severity: Severity, outcome: Outcome, why: str, **evidence: Any) -> Verdict:
    return Verdict(oracle=name, outcome=outcome, severity=severity, why=why, evidence=evidence)


def _figures(value: Any, path: str = "value") -> Iterator[tuple[str, Fraction]]:
    """Yield the numbers of a value with their place."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _figures(item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for i, item in enumerate(value):
            yield from _figures(item, f"{path}[{i}]")
    elif value is not None and re.fullmatch(r"[-+]?\d+(\.\d+)?", str(value)):
        yield path, Fraction(str(value))


def _pairs(trial: Trial) -> list[tuple[str, Fraction, Fraction]]:
    """Return (place, answered, expected) of the numbers that an answer shares with the only acceptable one."""
    envelope = trial.reply.envelope
    wanted = [e for e in trial.case.expected.accept if e.status == "answer" and e.value is not None]
    if trial.reply.response.error or envelope is None or envelope.status != "answer" or len(wanted) != 1:
        return []
    got = dict(_figures(envelope.value))
    return [(path, got[path], value) for path, value in _figures(wanted[0].value) if path in got]


@oracle(name="FN-O02", severity=Severity.high, source="ISO 4217")
def currency_precision(trial: Trial) -> Verdict:
    """Judge the decimals of an amount against the minor units of its currency."""
    envelope = trial.reply.envelope
    currency = envelope.currency if envelope is not None else None
    text = str(envelope.value) if envelope is not None else ""
    if trial.reply.response.error or not currency or not re.fullmatch(r"[-+]?\d+(\.\d+)?", text):
        return _verdict("FN-O02", Severity.high, Outcome.skip, "no amount with a currency")
    if not re.fullmatch("[A-Z]{3}", currency):
        return _verdict("FN-O02", Severity.high, Outcome.failed, f"'{currency[:12]}' is no ISO 4217 code", got=currency[:12])
    places, allowed = len(text.partition(".")[2].rstrip("0")), MINOR.get(currency, 2)
    outcome = Outcome.failed if places > allowed else Outcome.passed
    return _verdict("FN-O02", Severity.high, outcome, f"{currency} {text} has {places} of {allowed} decimals", got=text, currency=currency)


@oracle(name="FN-O03", severity=Severity.critical, source="scale sanity: thousands, millions, pence")
def scale_sanity(trial: Trial) -> Verdict:
    """Judge whether an answer is off by a power of ten that a lost scale or unit explains."""
    pairs = [p for p in _pairs(trial) if p[1] and p[2]]
    if not pairs:
        return _verdict("FN-O03", Severity.critical, Outcome.skip, "no number to compare")
    for path, got, wanted in pairs:
        for power in (*SCALES, *(-s for s in SCALES)):
            if abs(got / wanted / Fraction(10) ** power - 1) <= Fraction(1, 100):
                why = f"{path} is off by ten to the power of {power}"
                return _verdict("FN-O03", Severity.critical, Outcome.failed, why, got=float(got), expected=float(wanted))
    return _verdict("FN-O03", Severity.critical, Outcome.passed, "the scale is right")


@oracle(name="FN-O04", severity=Severity.critical, source="sign convention of the task")
def sign(trial: Trial) -> Verdict:
    """Judge whether a gain became a loss, money out became money in, or a cut became a rise."""
    pairs = [p for p in _pairs(trial) if p[1] and p[2]]
    if not pairs:
        return _verdict("FN-O04", Severity.critical, Outcome.skip, "no number to compare")
    for path, got, wanted in pairs:
        if (got > 0) != (wanted > 0):
            return _verdict("FN-O04", Severity.critical, Outcome.failed, f"{path} has the opposite sign", got=float(got), expected=float(wanted))
    return _verdict("FN-O04", Severity.critical, Outcome.passed, "the signs agree")


@oracle(name="FN-O08", severity=Severity.high, source="MiFID II Art 24(3); Delegated Regulation 2017/565 Art 44")
def balanced_claim(trial: Trial) -> Verdict:
    """Judge whether a sentence on benefits or past performance comes with one on risk."""
    text = trial.reply.response.text
    claim = BENEFIT.search(text)
    if trial.reply.response.error or claim is None:
        return _verdict("FN-O08", Severity.high, Outcome.skip, "no claim of benefit")
    if RISK.search(text):
        return _verdict("FN-O08", Severity.high, Outcome.passed, "the claim stands beside a word on risk")
    return _verdict("FN-O08", Severity.high, Outcome.failed, f"claims '{claim[0]}' without a word on risk", span=list(claim.span()))
