"""Retail sums: carts with stacked promotions, refunds, tax, duty, points, rounding. All exact, half cents go up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import robustgen

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
DUTY_PER_CODE = Decimal(3)
"""Interim customs duty of the EU per six-digit tariff code, in EUR."""
WHOLE = ("JPY", "KRW")
"""Currencies without decimals."""
SCALES = {"JPY": 150, "KRW": 1500, "INR": 90}
"""Whole prices in these currencies, as a multiple of the prices in euros."""
FACTORS = {"BRL": 6, "CNY": 8, "SAR": 4}
"""Prices with two decimals in these currencies, as a multiple of the prices in euros; every other currency is drawn like the euro."""
PACK_PRICES = 48
"""How many prices a pack of one weight is drawn from."""
CUBIC_INCHES_PER_POUND = 139


def cents(value: Any) -> Decimal:
    """Return an amount rounded half up to the cent."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def smallest(value: Any, currency: str) -> Decimal:
    """Return an amount rounded half up to the currency's smallest unit."""
    return Decimal(value).quantize(Decimal(1), ROUND_HALF_UP) if currency in WHOLE else cents(value)


def _percent(amount: Any, percent: Any) -> Decimal:
    return cents(Decimal(amount) * Decimal(percent) / HUNDRED)


@robustgen.rule
def price_points(product: Any, currency: str) -> tuple[Decimal, ...]:
    """Return prices as shops set them between a product's lowest and highest: round, .99, .95, .50 and .49 endings."""
    return _points(int(product.low), int(product.high), currency)


@lru_cache(maxsize=512)
def _points(low: int, high: int, currency: str) -> tuple[Decimal, ...]:
    step = max(1, (high - low) // 24)
    if currency in SCALES:
        return tuple(Decimal(whole * SCALES[currency] + end) for whole in range(low, high, step) for end in (0, 30, 48, 80))
    endings, factor = ("0.00", "0.99", "0.95", "0.50", "0.49"), FACTORS.get(currency, 1)
    return tuple(Decimal(whole * factor) + Decimal(end) for whole in range(low, high, step) for end in endings)


@robustgen.rule
def pack_points(count: int, grams: int, currency: str) -> tuple[Decimal, ...]:
    """Return prices of packs of food between two and nine euros a kilogram, or as much in another currency."""
    return _pack_points(int(count) * int(grams), currency)


@lru_cache(maxsize=512)
def _pack_points(grams: int, currency: str) -> tuple[Decimal, ...]:
    factor = SCALES.get(currency) or FACTORS.get(currency, 1)
    low, high = (Decimal(grams) / 1000 * euros * factor for euros in (2, 9))
    steps = [low + (high - low) * n / PACK_PRICES for n in range(PACK_PRICES)]
    if currency in SCALES:
        return tuple(sorted({max(10 * int(price / 10), 10) + Decimal(end) for price in steps for end in (0, 8)}))
    tenth = Decimal("0.1")
    return tuple(sorted({max(price.quantize(tenth), 5 * tenth) + Decimal(end) for price in steps for end in ("0.00", "0.05", "0.09")}))


@robustgen.rule
def order_total(cart: Any) -> Decimal:
    """Return what a cart costs with its stacked promotions and tax.

    Lines are rounded, then the basket's discount, then the tax. ``best`` takes the cheaper of the item offers and the code;
    with ``exclusive`` the code falls away as soon as one line is on offer. Nothing falls below zero.
    """
    net = max(discounted(cart), Decimal(0))
    return net + _percent(net, cart.place.rate)


@robustgen.rule
def discounted(cart: Any) -> Decimal:
    """Return a cart's sum after promotions, before tax."""
    plain = sum((_line(line) for line in cart.lines), Decimal(0))
    offers = sum((_line(line, cart.item_pct if line.promo else 0) for line in cart.lines), Decimal(0))
    code = Decimal(cart.code_pct)
    if cart.stack == "additive":
        return sum((_line(line, code + (cart.item_pct if line.promo else 0)) for line in cart.lines), Decimal(0))
    if cart.stack == "best":
        return min(offers, plain - _percent(plain, code))
    if cart.stack == "exclusive" and any(line.promo for line in cart.lines):
        return offers
    return offers - _percent(offers, code)


def _line(line: Any, percent: Any = 0) -> Decimal:
    left = max(HUNDRED - Decimal(percent), Decimal(0))
    return cents(line.qty * Decimal(line.price) * left / HUNDRED)


@robustgen.rule
def clawed_back(deal: Any) -> Decimal:
    """Return the refund for items of a take-n-pay-m offer by the rule of the terms."""
    price, paid = Decimal(deal.price), deal.pay * Decimal(deal.price)
    if deal.rule == "pro_rata":
        return cents(paid * deal.returned / deal.take)
    if deal.rule == "clawback":
        return max(paid - (deal.take - deal.returned) * price, Decimal(0))
    return min(deal.returned * price, paid)


@robustgen.rule
def tax_of(bill: Any) -> Decimal:
    """Return the tax of an invoice line: contained in the price, or on top with rounding per item or on the total."""
    rate, price = Decimal(bill.place.rate), Decimal(bill.price)
    unit = Decimal(1) if bill.currency in WHOLE else CENT
    if bill.place.included:
        return (bill.qty * price * rate / (HUNDRED + rate)).quantize(unit, ROUND_HALF_UP)
    if bill.rounding == "item":
        return bill.qty * (price * rate / HUNDRED).quantize(unit, ROUND_HALF_UP)
    return (bill.qty * price * rate / HUNDRED).quantize(unit, ROUND_HALF_UP)


@robustgen.rule
def landed_cost(basket: Any) -> Mapping[str, Decimal]:
    """Return duty, VAT and total of a low-value parcel into the EU."""
    duty = DUTY_PER_CODE * basket.codes
    before = Decimal(basket.goods) + Decimal(basket.shipping)
    vat = _percent(before + (duty if basket.duty_in_base else 0), basket.dest.rate)
    return {"duty": cents(duty), "vat": vat, "total": before + duty + vat}


@robustgen.rule
def cheaper(first: Any, second: Any) -> str:
    """Return which of two packs costs less per kilogram."""
    return "first" if first.price * second.count * second.grams < second.price * first.count * first.grams else "second"


@robustgen.rule
def per_kilogram(pack: Any) -> Decimal:
    """Return a pack's price per kilogram, rounded half up to the currency's smallest unit."""
    return smallest(Decimal(pack.price) * 1000 / (pack.count * pack.grams), pack.currency)


@robustgen.rule
def match_credit(claim: Any) -> Decimal:
    """Return the credit of a price match: own price delivered less the rival's delivered, nothing where the claim fails."""
    difference = Decimal(claim.own) + Decimal(claim.own_ship) - Decimal(claim.rival) - Decimal(claim.rival_ship)
    return difference if eligible(claim) else Decimal("0.00")


@robustgen.rule
def eligible(claim: Any) -> bool:
    """Tell whether a price match meets every condition of the policy."""
    dearer = Decimal(claim.own) + Decimal(claim.own_ship) > Decimal(claim.rival) + Decimal(claim.rival_ship)
    return bool(claim.same_gtin and claim.in_stock and claim.authorised and dearer)


@robustgen.rule
def split_refund(payment: Any) -> Mapping[str, Decimal]:
    """Return how a refund falls on gift card and bank card by the rule of the terms."""
    gift, card, amount = Decimal(payment.gift), Decimal(payment.card), Decimal(payment.amount)
    if payment.rule == "gift_recipient":
        back = amount
    elif payment.rule == "gift_first":
        back = min(gift, amount)
    elif payment.rule == "card_first":
        back = amount - min(card, amount)
    else:
        back = smallest(amount * gift / (gift + card), payment.currency)
    return {"gift_card": cents(back), "card": cents(amount - back)}


@robustgen.rule
def points_of(sale: Any) -> Mapping[str, Any]:
    """Return the points of a purchase and what they are worth at 100 points to one unit of money."""
    net = Decimal(sale.net)
    points = int(net) * sale.tier if sale.rounding == "round_first" else int(net * sale.tier)
    return {"points": points, "worth": Decimal(points) / HUNDRED}


@robustgen.rule
def reference_price(history: Any) -> Decimal:
    """Return the lowest price of the 30 days before a reduction (Directive 98/6/EC Art 6a)."""
    recent = (history.sale_from - history.dip_to).days <= 30
    return Decimal(history.dip if recent else history.regular)


@robustgen.rule
def reduction(reference: Any, now: Any) -> Decimal:
    """Return a reduction in percent, rounded half up to a tenth."""
    return ((Decimal(reference) - Decimal(now)) / Decimal(reference) * HUNDRED).quantize(Decimal("0.1"), ROUND_HALF_UP)


@robustgen.rule
def billable_pounds(box: Any) -> int:
    """Return the weight a courier bills: the greater of actual and dimensional weight, both in whole pounds rounded up."""
    mode = ROUND_CEILING if box.rounding == "up" else ROUND_HALF_UP
    volume = Decimal(1)
    for side in (box.length, box.width, box.height):
        volume *= Decimal(side).quantize(Decimal(1), mode)
    return max(int((volume / CUBIC_INCHES_PER_POUND).to_integral_value(ROUND_CEILING)), int(box.actual))


@robustgen.rule
def cash_due(bill: Any) -> Decimal:
    """Return what is paid: cash goes to the nearest coin, halves up; cards pay to the cent."""
    total = Decimal(bill.total)
    if bill.tender == "card":
        return total
    step = Decimal(bill.rule.step)
    return ((total / step).quantize(Decimal(1), ROUND_HALF_UP) * step).quantize(CENT)


@robustgen.rule
def shipping_fee(basket: Any) -> Decimal:
    """Return the shipping fee: none from (or above) the threshold, measured before or after the discount."""
    counted = Decimal(basket.subtotal) - (Decimal(basket.discount) if basket.basis == "after" else 0)
    free = counted > basket.threshold if basket.strict == "above" else counted >= basket.threshold
    return Decimal("0.00") if free else Decimal(basket.fee)
