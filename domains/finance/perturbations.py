"""Noise of finance desks: shifted columns, dotted leaders, lost scales and zeros, serial dates, message wrappers, stale quotations.

Lines that are put around a document stand by language in ``tables/noise_lines.csv``; they hold no number, negation or value of a fact.
"""

# long: the catalogue of noise is one list, most entries are three lines

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from robustgen.core.case import Case, Edit, Reading
from robustgen.core.draw import Draw
from robustgen.core.plugins import NotApplicable, Proposal, Tools, perturbation
from robustgen.perturbations._shared import gate

Made = Proposal | NotApplicable
EPOCH, MAC_SHIFT = date(1899, 12, 30), 1462
SIGNS = "€£$¥￥₹"
SOUNDS = {
    "META.XNAS": "better platforms", "V.XNYS": "the visor share", "F.XNYS": "afford", "SAP.XETR": "sap from the tree", "GAP.XNYS": "the cap share",
    "KEY.XNYS": "the quay share", "NOW.XNYS": "no service", "COST.XNAS": "coast co", "BN.XPAR": "the known", "ALL.XNYS": "all state of it",
}  # fmt: skip


@lru_cache(maxsize=1)
def _lines() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return (noise, language) to what may stand before and behind a text."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with (Path(__file__).parent / "tables" / "noise_lines.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pair = (row["before"].replace("\\n", "\n"), row["behind"].replace("\\n", "\n"))
            found.setdefault((row["noise"], row["lang"]), []).append(pair)
    return found


def _speaks(noise: str) -> list[str]:
    """Return the languages that have lines of a noise; all for a wrapper without words."""
    found = sorted({lang for kind, lang in _lines() if kind == noise})
    return [] if "any" in found else found


def _around(case: Case, draw: Draw, tools: Tools, noise: str) -> Made:
    """Put one of a noise's lines around the text; choice 0 leaves it."""
    if noise == "zone_missing" and (case.task == "FN-X05" or _timed(case, tools)):
        return NotApplicable("an hour or its zone is asked for")
    table = _lines()
    lines = [*table.get((noise, tools.language.base), []), *table.get((noise, "any"), [])]
    if not lines or not gate(draw):
        return Proposal() if lines else NotApplicable("no line in this language")
    before, behind = lines[draw.below(len(lines))]
    end = len(case.text)
    return Proposal(edits=[e for e in (Edit(0, 0, "", before), Edit(end, end, "", behind)) if e.new])


def _timed(case: Case, tools: Tools) -> bool:
    """Tell whether the answer depends on an hour."""
    fields = [tools.field(path) for path in case.spans]
    return any(f is not None and f.depends and f.kind in {"time", "datetime"} for f in fields)


def _lost(case: Case, draw: Draw, tools: Tools, paths: Sequence[str], put: Callable[[str], str]) -> Made:
    """Spoil one of these facts, on which the answer depends, wherever the text states it; choice 0 leaves it."""
    known = [(p, tools.field(p)) for p in paths if case.spans.get(p)]
    there = [p for p, field in known if field is not None and field.depends]
    if not there:
        return NotApplicable("no such fact in the text")
    if not gate(draw):
        return Proposal()
    path = there[draw.below(len(there))]
    edits = [Edit(s, e, case.text[s:e], put(case.text[s:e])) for s, e in sorted(case.spans[path])]
    return Proposal(edits=[e for e in edits if e.old != e.new], lost=[path])


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="recognition puts the newer year's figure under the older year")
def shifted_column(case: Case, draw: Draw, tools: Tools) -> Made:
    """Repeat the figure of one year under the other, as shifted columns do."""
    if not case.spans.get("now") or not case.spans.get("before") or case.facts.get("now") is None:
        return NotApplicable("no two columns")
    start, end = case.spans["now"][0]
    return _lost(case, draw, tools, ["before"], lambda old: case.text[start:end])


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="the line 'in millions' stands on the page before")
def scale_line_lost(case: Case, draw: Draw, tools: Tools) -> Made:
    """Drop the scale of a figure."""
    return _lost(case, draw, tools, ["scale"] if tools.field("scale") is not None and "figure" in case.facts else [], lambda old: "")


@perturbation(effect="splits", kinds=["ambiguous"], over_facts=True, strength=1.0, mirrors="spreadsheets store dates as serial numbers of two systems")
def serial_date(case: Case, draw: Draw, tools: Tools) -> Made:
    """Write a date as a spreadsheet's serial number, which means another day in the 1904 system."""
    path = next((p for p in ("value_date", "traded", "completed") if case.spans.get(p)), "")
    if not path:
        return NotApplicable("no date that the answer depends on")
    if not gate(draw):
        return Proposal()
    day = case.facts[path]
    other = tools.with_value(path, day + timedelta(days=MAC_SHIFT))
    if other is None:
        return NotApplicable("the other date does not fit")
    serial = str((day - EPOCH).days)
    edits = [Edit(s, e, case.text[s:e], serial) for s, e in sorted(case.spans[path])]
    return Proposal(edits=edits, readings=[Reading(case.facts, case.expected), Reading(other, case.expected)])


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="spreadsheets turn symbols such as MAR1 and SEPT2 into dates")
def symbol_as_date(case: Case, draw: Draw, tools: Tools) -> Made:
    """Turn the symbol of a share into a date."""
    return _lost(case, draw, tools, ["stock"] if "tif" in case.facts else [], lambda old: "1-Mar")


@perturbation(effect="shifts", kinds=["noisy", "edge"], over_facts=True, strength=1.0, mirrors="spreadsheets drop leading zeros of routing numbers")
def leading_zero_lost(case: Case, draw: Draw, tools: Tools) -> Made:
    """Drop the leading zero of an identifier."""
    code = str(case.facts.get("code", ""))
    if not code.startswith("0") or not case.spans.get("code"):
        return NotApplicable("no identifier with a leading zero")
    if not gate(draw):
        return Proposal()
    facts = tools.with_value("code", code.lstrip("0"))
    if facts is None:
        return NotApplicable("the shorter identifier is not in the table")
    return Proposal(edits=[Edit(s, e, case.text[s:e], code.lstrip("0")) for s, e in sorted(case.spans["code"])], facts=facts)


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="a CSV saved under another locale is cut at the comma of the number")
def cut_at_comma(case: Case, draw: Draw, tools: Tools) -> Made:
    """Cut an amount at its comma into two cells, the first without its digits."""
    if not any("," in case.text[s:e] for s, e in case.spans.get("amount", ())):
        return NotApplicable("no comma in the amount")
    return _lost(case, draw, tools, ["amount"], lambda old: '#####";"' + old.rpartition(",")[2])


@perturbation(
    effect="degrades",
    kinds=["missing"],
    over_facts=True,
    languages=["en"],
    strength=1.0,
    mirrors="speech recognition writes better for Meta and visor for Visa",
)
def misheard_name(case: Case, draw: Draw, tools: Tools) -> Made:
    """Write the name of a share as it was misheard."""
    heard = SOUNDS.get(str(case.facts.get("stock", "")), "[inaudible]")
    return _lost(case, draw, tools, ["stock"] if "tif" in case.facts else [], lambda old: heard)


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="an app cuts amounts that do not fit the screen")
def cut_amount(case: Case, draw: Draw, tools: Tools) -> Made:
    """Cut an amount after its first digits, as a narrow screen does."""
    return _lost(case, draw, tools, ["amount", "balance", "loan", "face"], lambda old: old[: max(2, len(old) // 3)].rstrip(" .,") + "…")


@perturbation(effect="preserves", kinds=["noisy"], over_facts=True, strength=1.0, mirrors="typesetting writes the minus as U+2212")
def typeset_minus(case: Case, draw: Draw, tools: Tools) -> Made:
    """Write the minus of a negative figure as the minus sign of typesetting."""
    spans = sorted({s for path, found in case.spans.items() if tools.field(path) is not None for s in found})
    places = [(s, e) for s, e in spans if "-" in case.text[s : s + 2] and not any(c.isalpha() for c in case.text[s:e])]
    if not places or not gate(draw):
        return Proposal() if places else NotApplicable("no negative figure")
    edits = [Edit(s, e, case.text[s:e], case.text[s:e].replace("-", "\u2212")) for s, e in places]
    return Proposal(edits=edits, allow=places)


@perturbation(effect="degrades", kinds=["missing"], over_facts=True, strength=1.0, mirrors="currency signs break in exports and become question marks")
def broken_sign(case: Case, draw: Draw, tools: Tools) -> Made:
    """Turn the currency sign of the amount into a question mark."""
    spans = sorted(case.spans.get("amount", ()))
    said = [case.text[s:e] for s, e in spans]
    if "currency" not in case.facts or not said or any(any(c.isalpha() for c in t) or not any(c in SIGNS for c in t) for t in said):
        return NotApplicable("no currency sign that stands without letters")
    if not gate(draw):
        return Proposal()
    edits = [Edit(s, e, t, "".join("?" if c in SIGNS else c for c in t)) for (s, e), t in zip(spans, said, strict=True)]
    return Proposal(edits=edits, lost=["currency"])


def _register() -> None:
    """Make every noise that consists of lines a perturbation of its own."""
    kinds = {"memo_order": "adversarial", "wrong_claim": "adversarial"}
    said = {
        "older_price_below": ("Quote an older message below.", "mail threads carry older prices below"),
        "swift_wrapper": ("Put the blocks of a SWIFT message around the text.", "payment text arrives inside MT blocks"),
        "cut_party_line": ("Add a party line that was cut at its limit.", "ISO 20022 fields cut names at 70 or 140 characters"),
        "fix_wrapper": ("Put the text into a field of a FIX message.", "orders arrive as FIX pipe text"),
        "tax_line_missing": ("Add an invoice foot that lacks its tax line.", "PDF invoices repeat totals in words and lose the tax line"),
        "feed_twice": ("Add the mark of a line that the feed sent twice.", "feeds repeat a line within a millisecond"),
        "zone_missing": ("Add a note on time stamps without zone.", "feeds stamp UTC as local time or leave the zone out"),
        "stale_rule": ("Quote a withdrawn rule as if it stood.", "web text keeps limits and rules of past years"),
        "slang_line": ("Add slang of retail traders.", "forum slang surrounds the order"),
        "xbrl_wrapper": ("Put the text into an XBRL element.", "XBRL facts carry sign and scale as attributes"),
        "merged_cells": ("Add the residue of merged cells.", "merged cells repeat subtotals"),
        "desk_shorthand": ("Add shorthand of dealing rooms.", "dealers write tks, u up, mine"),
        "trader_voice": ("Add calls of traders.", "voice brokers say mine and yours"),
        "memo_order": ("Put an order into a memo field.", "payment references carry orders to the reader (OWASP LLM01)"),
        "wrong_claim": ("Add a claim that somebody has guaranteed the outcome.", "users lean on what an adviser is said to have promised"),
    }
    for noise, (doc, mirrors) in said.items():

        def put(case: Case, draw: Draw, tools: Tools, noise: str = noise) -> Made:
            return _around(case, draw, tools, noise)

        put.__doc__ = doc
        perturbation(effect="preserves", kinds=[kinds.get(noise, "noisy")], languages=_speaks(noise), strength=1.0, mirrors=mirrors, name=noise)(put)


_register()
