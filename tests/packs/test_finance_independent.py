"""A second implementation of finance answers, which shares no code with the package or the pack.

It works from the text by regular expressions, or from the facts of the case as plain JSON, with other formulas: day-by-day sums,
discount loops, holidays from calendar rules. ``ROBUSTGEN_DEEP=1`` raises the cases a task from 100 to 2,000.
"""

# long: one short answer function for each task, and what they read texts with

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal, getcontext
from typing import Any

import pytest

getcontext().prec = 50
COUNT = 2000 if os.environ.get("ROBUSTGEN_DEEP") == "1" else 100
D = Decimal
Facts = dict[str, Any]


def money(x: Decimal) -> Decimal:
    """Round half away from zero at a half up to the cent as accountants do for positive amounts."""
    return (x * 100).to_integral_value(ROUND_HALF_UP) / 100 if x >= 0 else -((-x * 100).to_integral_value(ROUND_HALF_UP) / 100)


def d(text: str) -> Decimal:
    """Return a written amount as a number."""
    return D(text.replace(",", ""))


def day(text: str) -> date:
    """Return an ISO date."""
    return date.fromisoformat(text)


# --- calendars from their rules ---------------------------------------------------------------------------------------


def easter(year: int) -> date:
    """Gauss's rule in the form of Meeus."""
    a, b, c = year % 19, year // 100, year % 100
    e, f = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - e - g + 15) % 30
    m = (a + 11 * h) // 319
    r = (2 * f + 2 * (c // 4) - c % 4 - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def monday(year: int, month: int, which: int) -> date:
    """Return the which-th Monday of a month, the last for -1."""
    days = [date(year, month, 1) + timedelta(days=i) for i in range(31)]
    mondays = [x for x in days if x.month == month and x.weekday() == 0]
    return mondays[which]


def observed(x: date) -> date:
    """Move a holiday from a weekend to the nearest weekday."""
    return x + timedelta(days={5: -1, 6: 1}.get(x.weekday(), 0))


def closed(market: str, year: int) -> set[date]:
    """Return the closed days of a market by its rules."""
    good_friday, easter_monday = easter(year) - timedelta(days=2), easter(year) + timedelta(days=1)
    thanksgiving = next(date(year, 11, 22 + i) for i in range(7) if date(year, 11, 22 + i).weekday() == 3)
    if market == "us":
        moving = {monday(year, 1, 2), monday(year, 2, 2), monday(year, 5, -1), monday(year, 9, 0), good_friday, thanksgiving}
        return moving | {observed(date(year, *md)) for md in ((1, 1), (6, 19), (7, 4), (12, 25))}
    boxing = date(year, 12, 26)
    boxing += timedelta(days={5: 2, 6: 1}.get(boxing.weekday(), 0))
    if market == "ca":
        victoria = next(date(year, 5, 24 - i) for i in range(7) if date(year, 5, 24 - i).weekday() == 0)
        moving = {monday(year, 2, 2), good_friday, victoria, monday(year, 8, 0), monday(year, 9, 0), monday(year, 10, 1)}
        return moving | {date(year, 1, 1), date(year, 7, 1), date(year, 12, 25), boxing}
    if market == "uk":
        banks = {monday(year, 5, 0), monday(year, 5, -1), monday(year, 8, -1)}
        return banks | {date(year, 1, 1), good_friday, easter_monday, date(year, 12, 25), boxing}
    return {date(year, 1, 1), good_friday, easter_monday, date(year, 5, 1), *(date(year, 12, n) for n in (24, 25, 26, 31))}


def settlement(f: Facts, text: str) -> Any:
    """Count open days from the trade date."""
    lag = {"us": 1, "ca": 1, "uk": 2, "de": 2}[f["market"]]
    free = closed(f["market"], 2026) | closed(f["market"], 2027)
    opening = [x for x in (day(f["traded"]) + timedelta(days=i) for i in range(30)) if x.weekday() < 5 and x not in free]
    return opening[lag].isoformat()


# --- answers from the facts as JSON -----------------------------------------------------------------------------------


def uk_purchase(f: Facts, text: str) -> Any:
    """Add duty, levy and commission."""
    pounds = D(f["qty"]) * D(f["price"])
    if f["quote"] == "GBX":
        pounds = pounds * D("0.01")
    return money(pounds) + money(pounds / 200) + (D("1.5") if pounds > 10000 else 0) + D(f["commission"])


def us_sale(f: Facts, text: str) -> Any:
    """Take off the fee of the regulator and the commission."""
    gross = D(f["qty"]) * D(f["price"])
    return gross - (gross * D(f["fee_rate"]) / 10000).to_integral_value(ROUND_UP) / 100 - D(f["commission"])


def exchange(f: Facts, text: str) -> Any:
    """Convert at the rate less the spread."""
    return money(D(f["amount"]) * (D(f["mid"]) - D(f["mid"]) * D(f["spread"]) / 100) - D(f["fee"]))


def accrual(f: Facts, text: str) -> Any:
    """Day by day for actual counts; by whole months and days for thirty-day months."""
    first, last, rule = day(f["last"]), day(f["settle"]), f["day_count"]
    year = D(f["face"]) * D(f["coupon"]) / 100
    days = [first + timedelta(days=i) for i in range((last - first).days)]
    if rule in {"us30", "e30"}:
        d1, d2 = min(first.day, 30), last.day
        if d2 == 31 and (rule == "e30" or d1 == 30):
            d2 = 30
        return money(year * ((last.year * 12 + last.month - first.year * 12 - first.month) * 30 + d2 - d1) / 360)
    if rule == "icma":
        months = first.month - 1 + 12 // int(f["freq"])
        following = date(first.year + months // 12, months % 12 + 1, first.day)
        return money(year / int(f["freq"]) * len(days) / (following - first).days)
    if rule == "isda":
        leap = [x for x in days if date(x.year, 12, 31).timetuple().tm_yday == 366]
        return money(year * (D(len(leap)) / 366 + D(len(days) - len(leap)) / 365))
    return money(year * len(days) / (360 if rule == "a360" else 365))


def loan(f: Facts, text: str) -> Any:
    """Discount month by month."""
    if f["asked"] == "yearly":
        return D(f["instalment"]) * int(f["per_year"])
    month = 1 + D(f["rate"]) / 1200
    factor = D(1)
    for _ in range(12):
        factor *= month
    if f["asked"] == "effective":
        return ((factor - 1) * 10000).to_integral_value(ROUND_HALF_UP) / 100
    discounted, grown = D(0), D(1)
    for _ in range(int(f["term"])):
        grown /= month
        discounted += grown
    return money(D(f["principal"]) / discounted)


def lots(f: Facts, text: str) -> Any:
    """Share by share."""
    each = [(lot["bought"], D(lot["cost"])) for lot in f["lots"] for _ in range(int(lot["qty"]) // 10)]
    key = {"FIFO": lambda s: s[0], "LIFO": lambda s: -int(s[0].replace("-", "")), "HIFO": lambda s: -s[1]}[f["method"]]
    taken = sorted(each, key=key)[: int(f["sold"]) // 10]
    return sum((D(f["price"]) - cost) * 10 for _, cost in taken)


def pool(f: Facts, text: str) -> Any:
    """Match what was bought back early, then the pool."""
    total = sum(D(x["qty"]) * D(x["cost"]) for x in f["lots"])
    held = sum(D(x["qty"]) for x in f["lots"])
    early = min(D(f["sold"]), D(f["again"] or 0)) if f.get("gap") and f["gap"] <= 30 else D(0)
    proceeds = D(f["sold"]) * D(f["price"])
    allowed = early * D(f["paid"] or 0) if early else D(0)
    return money(proceeds - allowed - total * (D(f["sold"]) - early) / held)


def wash_sale(f: Facts, text: str) -> Any:
    """Disallow the loss on replaced shares."""
    per_share = D(f["cost"]) - D(f["price"])
    hit = min(D(f["again"]), D(f["qty"])) * (1 if f["gap"] < 31 else 0)
    basis = D(f["again"]) * D(f["paid"]) + (hit * per_share if f["account"] == "taxable" else 0)
    return {"loss": per_share * D(f["qty"]), "disallowed": per_share * hit, "allowed": per_share * (D(f["qty"]) - hit), "basis": basis}


def deposit(f: Facts, text: str) -> Any:
    """Cap the balance."""
    limit = {"uk": 120_000, "eu": 100_000, "us": 250_000}[f["scheme"]] * int(f["holders"])
    return min(D(f["balance"]), D(1_400_000 if f["temporary"] else limit))


def dividend(f: Facts, text: str) -> Any:
    """Withhold the tax."""
    gross = money(D(f["shares"]) * D(f["per_share"]))
    return D(0) if f["late"] else gross - money(gross * D(f["rate"]) / 100)


def application(f: Facts, text: str) -> Any:
    """Compare with the policy."""
    pairs = {"score": f["min_score"] - f["score"], "debt_ratio": f["dti"] - f["max_dti"], "employment": f["min_months"] - f["months"]}
    pairs["late_payments"] = f["late"] - f["max_late"]
    return {"reasons": [k for k, v in pairs.items() if v > 0], "notice_by": date.fromordinal(day(f["completed"]).toordinal() + 30).isoformat()}


def fraud(f: Facts, text: str) -> Any:
    """Apply the three bands."""
    share = min(f["early"], 50)
    if f["told"] > 2:
        share = min(share + (f["later"] or 0), 500)
    return D(share + (f["beyond"] or 0))


def payoff(f: Facts, text: str) -> Any:
    """Look for break-even and worst case on a grid of prices at expiry."""
    strike, premium, size = D(f["strike"]), D(f["premium"]), D(100 * f["contracts"])
    sign = 1 if f["side"] == "long" else -1

    def profit(price: Decimal) -> Decimal:
        inner = max(price - strike, D(0)) if f["kind"] == "call" else max(strike - price, D(0))
        return sign * (inner - premium) * size

    even = next(p for p in (strike + premium, strike - premium) if profit(p) == 0)
    worst = min(profit(D(0)), profit(strike), profit(even))
    unbounded = sign < 0 and f["kind"] == "call"
    return {"break_even": even, "max_loss": "unlimited" if unbounded else -worst}


def forward(f: Facts, text: str) -> Any:
    """Apply parity in days."""
    base = 360 + D(f["base_rate"]) * int(f["days"]) / 100
    quote = 360 + D(f["quote_rate"]) * int(f["days"]) / 100
    return (D(f["spot"]) * quote / base * 100000).to_integral_value(ROUND_HALF_UP) / 100000


def suitability(f: Facts, text: str) -> Any:
    """Compare the class with every limit."""
    if None in (f["horizon"], f["capacity"], f["knowledge"], f["objective"]) and f["age"] >= 18:
        return "insufficient_information"
    caps = {"low": 2, "medium": 4, "high": 7}, {"no": 3, "basic": 5, "good": 7}, {"preservation": 2, "income": 4, "growth": 7}
    levels = [caps[0][f["capacity"]], caps[1][f["knowledge"]], caps[2][f["objective"]], 7 if f["horizon"] > 5 else 4 if f["horizon"] > 2 else 2]
    return "suitable" if f["age"] >= 18 and all(f["sri"] <= x for x in levels) else "unsuitable"


# --- answers from the text ---------------------------------------------------------------------------------------------

PERCENT = r"(-?[\d.]+)%"
RATES = [
    (rf"from {PERCENT} to {PERCENT}", False), (rf"new rate is {PERCENT}; until then it was {PERCENT}", True), (rf"to {PERCENT} from {PERCENT}", True),
    (rf"old rate of {PERCENT} is replaced by {PERCENT}", False), (rf"it is {PERCENT} now and was {PERCENT}", True), (rf": {PERCENT} last month, {PERCENT}", False),
    (rf"{PERCENT} -> {PERCENT}", False), (rf"old {PERCENT} / new {PERCENT}", False),
]  # fmt: skip


def rates(f: Facts, text: str) -> Any:
    """Find old and new rate in the text."""
    for pattern, turned in RATES:
        found = re.search(pattern, text)
        if found:
            old, new = (D(found[2]), D(found[1])) if turned else (D(found[1]), D(found[2]))
            break
    else:
        old = D(re.search(rf"(?:Old rate|Until now): {PERCENT}", text)[1])  # type: ignore[index]
        new = D(re.search(rf"(?:New rate|From now on): {PERCENT}", text)[1])  # type: ignore[index]
    if f["asked"] == "bp":
        return (new - old) * 100
    return new - old if f["asked"] == "points" else ((new / old - 1) * 10000).to_integral_value(ROUND_HALF_UP) / 100


def returns(f: Facts, text: str) -> Any:
    """Compound all percentages of the text."""
    product = D(1)
    for part in re.findall(PERCENT, text):
        product *= 1 + D(part) / 100
    return money((product - 1) * 100)


def card(f: Facts, text: str) -> Any:
    """Read balance, rate and days from the text."""
    if "a zero rate" in text:
        return D(0)
    balance = d(re.search(r"[$£€]([\d,]+\.\d\d)", text)[1])  # type: ignore[index]
    rate = D(re.search(PERCENT, text)[1])  # type: ignore[index]
    span = re.search(r"(\d\d) (?:days|day cycle|d\b)|(?:Days in the cycle|Billing days): (\d\d)", text)
    assert span is not None
    return money(balance * rate * int(span[1] or span[2]) / 36500)


def margin_call(f: Facts, text: str) -> Any:
    """Read loan, shares and requirement from the text."""
    loan_amount = d(re.search(r"[$£€]([\d,]+\.\d\d)", text)[1])  # type: ignore[index]
    share = 1 - D(re.search(r"(\d+)%", text)[1]) / 100  # type: ignore[index]
    shares = re.search(r"(\d+) (?:shares|sh\b)|(?:Shares|Position): (\d+)", text)
    assert shares is not None
    return (loan_amount / (share * int(shares[1] or shares[2])) * 100).to_integral_value(ROUND_HALF_UP) / 100


def treasury(f: Facts, text: str) -> Any:
    """Read the quote from the text."""
    note = re.search(r"(\d{2,3})-(\d\d)([+¼¾]?)(?![\d-])", text)
    if note and "bill" not in text.split("\n", maxsplit=1)[0]:
        return D(note[1]) + (D(note[2]) + {"": D(0), "¼": D("0.25"), "+": D("0.5"), "¾": D("0.75")}[note[3]]) / 32
    rate = D(re.search(PERCENT, text)[1])  # type: ignore[index]
    days = int(re.search(r"(\d+)[ -](?:days?|d)\b", text)[1])  # type: ignore[index]
    return money(100000 - 1000 * rate * days / 360)


HELD = (
    r"Position(?: of [^:]+)?: ([\d,]+) shares|Holding of [^:]+: ([\d,]+) shares|hold ([\d,]+) old|before the event was ([\d,]+)|I had ([\d,]+) |holding ([\d,]+),"
    r"|: (\d+) [^\n]+, 1:|pos ([\d,]+);|(?:Holding|Old shares): ([\d,]+)"
)


def consolidation(f: Facts, text: str) -> Any:
    """Read holding, ratio and price from the text."""
    price = d(re.search(r"\$([\d,]+\.\d\d)", text)[1])  # type: ignore[index]
    ratio = int(re.search(r"(?:1 for|new share for|For every|1:|new for) ?(\d+)", text)[1])  # type: ignore[index]
    held = re.search(HELD, text)
    assert held is not None, text
    whole, rest = divmod(d(next(g for g in held.groups() if g)), ratio)
    return {"shares": whole, "cash": money(rest * price / ratio)}


def reconciliation(f: Facts, text: str) -> Any:
    """Read both sides of a document that sets them out under headings; None for others."""
    parts = re.split(r"(?:^|\n)(LEDGER|BANK|BANK STATEMENT|GENERAL LEDGER)(?=\n)", text)
    sides = {("bank" if "BANK" in name else "ledger"): body for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    if len(sides) < 2:
        return None
    found = {k: [(r, d(a)) for r, a in re.findall(r"(P-\d{5})(?: \|)? (?:EUR |€)([\d,]+\.\d\d)", v)] for k, v in sides.items()}
    bank, ledger = found["bank"], found["ledger"]
    refs = [r for r, _ in bank]
    totals = [sum((a for _, a in side), D(0)) for side in (ledger, bank)]
    return {
        "pairs": len([r for r, _ in ledger if r in refs]),
        "breaks": [a for r, a in ledger if r not in refs],
        "duplicates": [a for r, a in ledger if refs.count(r) == 2],
        "ledger": totals[0],
        "bank": totals[1],
        "difference": abs(totals[0] - totals[1]),
    }


LENGTHS = {"DE": 22, "GB": 22, "FR": 27, "ES": 24, "IT": 27, "PT": 25, "NL": 18, "CH": 21, "SA": 24, "AE": 23, "BR": 29, "BE": 16, "AT": 20, "SE": 24, "NO": 15, "DK": 18, "IE": 22}  # fmt: skip


def doubled(digits: str, start: int) -> int:
    """Return the Luhn sum modulo ten."""
    total = 0
    for i, c in enumerate(reversed(digits)):
        total += sum(map(int, str(int(c) * 2))) if i % 2 == start else int(c)
    return total % 10


def expanded(code: str) -> str:
    """Write letters as numbers from ten."""
    return "".join(str(int(c, 36)) for c in code)


def cusip_ok(code: str) -> bool:
    """Check the last digit of a CUSIP."""
    total = sum(sum(divmod(int(c, 36) * (2 if i % 2 else 1), 10)) for i, c in enumerate(code[:8]))
    return (-total) % 10 == int(code[8])


def verdict(kind: str, code: str) -> str:
    """Return the failing rule of an identifier, ``none`` for a valid one."""
    size = {"ISIN": 12, "CUSIP": 9, "SEDOL": 7, "LEI": 20, "ABA": 9, "IBAN": LENGTHS.get(code[:2], 0)}.get(kind)
    if kind == "PAN":
        if not 13 <= len(code) <= 19:
            return "length"
        return "check" if doubled(code, 1) else "issuer" if code[0] == "0" else "none"
    if kind == "BIC":
        return "length" if len(code) not in {8, 11} else "none" if re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2,5}", code) else "shape"
    if len(code) != size:
        return "length"
    right = {
        "IBAN": lambda: int(expanded(code[4:] + code[:4])) % 97 == 1,
        "LEI": lambda: int(expanded(code)) % 97 == 1,
        "ISIN": lambda: doubled(expanded(code), 1) == 0,
        "CUSIP": lambda: cusip_ok(code),
        "SEDOL": lambda: sum(int(c, 36) * w for c, w in zip(code, (1, 3, 1, 7, 3, 9, 1), strict=True)) % 10 == 0,
        "ABA": lambda: (3 * sum(map(int, code[0::3])) + 7 * sum(map(int, code[1::3])) + sum(map(int, code[2::3]))) % 10 == 0,
    }[kind]()
    return "none" if right else "check"


KINDS = "IBAN|ISIN|PAN|LEI|CUSIP|SEDOL|ABA|BIC"
CODE = r"([A-Z0-9]{6,34})"
GIVEN = re.compile(
    rf"gave {CODE} as|holds {CODE};|is {CODE} a valid|(?:Value|Content|As received): {CODE}|\b(?:{KINDS}):? {CODE}(?: -| ok|,| before|$|\n)", re.MULTILINE
)


def identifier(f: Facts, text: str) -> Any:
    """Find kind and code in the text."""
    kind, code = re.search(rf"\b({KINDS})\b", text), GIVEN.search(text)
    assert kind is not None, text
    assert code is not None, text
    return verdict(kind[1], next(g for g in code.groups() if g))


ANSWERS: dict[str, Callable[[Facts, str], Any]] = {
    "FN-T01": uk_purchase, "FN-T02": us_sale, "FN-T03": exchange, "FN-T04": settlement, "FN-T05": accrual, "FN-T06": treasury, "FN-T07": loan,
    "FN-T08": card, "FN-T09": lots, "FN-T10": pool, "FN-T11": wash_sale, "FN-T12": deposit, "FN-T13": consolidation, "FN-T14": dividend,
    "FN-T15": margin_call, "FN-T17": rates, "FN-T19": suitability, "FN-T20": application, "FN-T21": fraud, "FN-T22": reconciliation,
    "FN-T23": identifier, "FN-T24": payoff, "FN-T25": returns, "FN-T26": forward,
}  # fmt: skip


def _cases(task: str) -> Iterator[tuple[Facts, str, Any]]:
    """Yield facts as JSON, text and the expected answer of clean cases."""
    import msgspec

    from robustgen.generate.generator import Generator
    from robustgen.generate.selection import Selection

    made = Generator(Selection(domains=["finance"], tasks=[task], languages=["en"], kinds=["clean"]), seed=11)
    for case in made.cases(0, COUNT):
        plain = json.loads(msgspec.json.encode(case))
        answer = plain["expected"]["accept"][0]
        yield plain["facts"], plain["text"], answer.get("value") if task != "FN-T19" else answer.get("label")


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, dict):
        return set(got) == set(wanted) and all(_same(got[k], wanted[k]) for k in got)
    if isinstance(got, list):
        return len(got) == len(wanted) and all(_same(a, b) for a, b in zip(got, wanted, strict=True))
    return got == wanted if isinstance(got, str) else D(str(got)) == D(str(wanted))


@pytest.mark.parametrize("task", sorted(ANSWERS))
def test_second_implementation_agrees(task: str) -> None:
    """Both implementations agree on every case."""
    judged = 0
    for facts, text, wanted in _cases(task):
        got = ANSWERS[task](facts, text)
        if got is None:
            continue
        judged += 1
        assert _same(got, wanted), f"{task}: {got} where the pack says {wanted}\n{facts}\n{text}"
    assert judged >= COUNT // 10
