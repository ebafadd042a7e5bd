"""Identifiers of trade with their check digits: GTIN, SSCC, ISBN, IMEI, S10 tracking numbers, VIN."""

from __future__ import annotations

from typing import Any

import robustgen

PREFIXES = {"gtin13": "2", "gtin12": "2", "gtin8": "2", "gtin14": "12", "sscc": "12", "isbn13": "978", "imei": "49"}
"""First digits: GS1's restricted circulation, Bookland, and a reporting body of test devices."""
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
VIN_VALUES = dict(zip(VIN_LETTERS, (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))


def mod10(body: str) -> int:
    """Return the GS1 check digit: weights 3 and 1 in turn from the right."""
    return -sum(int(c) * (3 if i % 2 == 0 else 1) for i, c in enumerate(reversed(body))) % 10


def luhn(body: str) -> int:
    """Return the Luhn check digit."""
    total = 0
    for i, c in enumerate(reversed(body)):
        doubled = int(c) * 2 if i % 2 == 0 else int(c)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def s10(body: str) -> int:
    """Return the check digit of a postal tracking number."""
    left = 11 - sum(w * int(c) for w, c in zip(S10_WEIGHTS, body, strict=True)) % 11
    return {10: 0, 11: 5}.get(left, left)


def vin_check(text: str) -> str:
    """Return the check character of a vehicle number, in place of what stands at position nine."""
    total = sum(w * (int(c) if c.isdigit() else VIN_VALUES[c]) for w, c in zip(VIN_WEIGHTS, text, strict=True))
    return "X" if total % 11 == 10 else str(total % 11)


def _numeric(kind: Any, base: str, *, flaw: bool) -> str:
    length = int(kind.length)
    prefix = "" if base.startswith("=") else PREFIXES[kind.key]
    body = (prefix + base.lstrip("="))[: length - 1]
    check = luhn(body) if kind.algorithm == "luhn" else mod10(body)
    return f"{body}{(check + flaw) % 10}"


@robustgen.rule
def make_code(kind: Any, base: str, flaw: bool) -> str:  # noqa: FBT001 - a field of the facts
    """Return an identifier made of sixteen digits, with a wrong check digit where ``flaw`` says so.

    A base that starts with an equals sign is taken as it is, without the prefix of synthetic numbers.
    """
    if kind.key == "s10":
        body = base.lstrip("=")[:8]
        return f"RR{body}{(s10(body) + flaw) % 10}XX"
    if kind.key == "vin":
        return _vin(base, flaw=flaw)
    return _numeric(kind, base, flaw=flaw)


def _vin(base: str, *, flaw: bool) -> str:
    if base.startswith("="):
        text = base[1:]
    else:
        letters = "".join(VIN_LETTERS[int(c)] for c in base[:7])
        text = f"{letters[:6]}{base[7:9]}0{letters[6]}{base[9:16]}"
    check = vin_check(text)
    if flaw:
        check = "X" if check == "0" else str((int(check) + 1) % 10) if check.isdigit() else "0"
    return f"{text[:8]}{check}{text[9:]}"
