"""Retail calendars: return periods, delivery promises, fault rights, subscriptions, coupons, slots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import robustgen

SATURDAY, SUNDAY = 5, 6


@robustgen.rule
def last_day(purchase: Any) -> date:
    """Return the last day of a return period.

    The day of the event is not counted, save by a rule that counts it. A period of the EU regime that ends on a Saturday or
    Sunday ends with the next Monday (Regulation 1182/71 Art 3(4); public holidays are not in the facts).
    """
    regime = purchase.regime
    start = {"order": purchase.ordered, "dispatch": purchase.shipped}.get(regime.start, purchase.delivered)
    if regime.rule == "business":
        return business_day(start, int(regime.days), saturdays=False)
    end = start + timedelta(days=int(regime.days) - (regime.rule == "first_day"))
    if regime.rule == "roll" and end.weekday() >= SATURDAY:
        end += timedelta(days=7 - end.weekday())
    if regime.rule == "holiday" and (purchase.ordered.month, purchase.ordered.day) >= (11, 1) and (purchase.ordered.month, purchase.ordered.day) <= (12, 24):
        end = max(end, date(purchase.ordered.year + 1, 1, 31))
    return end


def business_day(start: date, count: int, *, saturdays: bool) -> date:
    """Return the day that many business days after another."""
    day = start
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < (SUNDAY if saturdays else SATURDAY)
    return day


@robustgen.rule
def promise(parcel: Any) -> Mapping[str, date]:
    """Return dispatch day, earliest and latest delivery of an order; an order after the cut-off counts on the next business day."""
    saturdays = parcel.week == "mon_sat"
    day = parcel.ordered.date()
    closed = day.weekday() >= (SUNDAY if saturdays else SATURDAY)
    if closed or parcel.ordered.time() > parcel.cutoff:
        day = business_day(day, 1, saturdays=saturdays)
    sent = business_day(day, int(parcel.handling), saturdays=saturdays)
    first, last = (business_day(sent, int(n), saturdays=saturdays) for n in (parcel.transit_min, parcel.transit_max))
    return {"dispatch": sent, "earliest": first, "latest": last}


def month_on(day: date, months: int) -> date:
    """Return the same day some months on, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=min(number, day.day))
        except ValueError:
            continue
    raise ValueError(day)


@robustgen.rule
def guarantee_end(fault: Any) -> date:
    """Return the last day of the legal guarantee, counted in months from delivery."""
    return month_on(fault.delivered, int(fault.region.guarantee_m))


@robustgen.rule
def fault_right(fault: Any) -> str:
    """Return the right that a fault gives: rejection, a presumed fault, proof by the consumer, or none."""
    region = fault.region
    if (fault.fault - fault.delivered).days <= int(region.reject_d):
        return "reject" if region.reject_d else "presumed"
    if fault.fault <= month_on(fault.delivered, int(region.burden_m)):
        return "presumed"
    return "consumer_proves" if fault.fault <= guarantee_end(fault) else "expired"


@robustgen.rule
def renewal(plan: Any) -> date:
    """Return the date of the n-th renewal: anchored to the first day of the plan, or from one renewal to the next."""
    step = {"month": 1, "two_months": 2, "quarter": 3}.get(plan.every)
    if step is None:
        return plan.started + timedelta(days=15 * int(plan.nth))
    if plan.rule == "anchored":
        return month_on(plan.started, step * int(plan.nth))
    day: date = plan.started
    for _ in range(int(plan.nth)):
        day = month_on(day, step)
    return day


@robustgen.rule
def moment(day: date, shift: int) -> datetime:
    """Return noon of a day some days away."""
    return datetime(day.year, day.month, day.day, 12) + timedelta(days=int(shift))


@robustgen.rule
def coupon_valid(coupon: Any) -> bool:
    """Tell whether a code is still valid: it ends at 23:59 shop time, and the shop is some hours ahead of the customer."""
    end = datetime(coupon.last.year, coupon.last.month, coupon.last.day, 23, 59)
    return bool(coupon.used + timedelta(hours=int(coupon.ahead)) <= end)


@robustgen.rule
def slot_day(slot: Any) -> date:
    """Return the calendar day that a relative word means; where the shop's time counts its day is one ahead."""
    today = slot.today + timedelta(days=slot.zone == "shop")
    weekday = int(slot.day.weekday)
    ahead = (weekday - today.weekday() - 1) % 7 + 1 if weekday >= 0 else 0
    return today + timedelta(days=ahead + int(slot.day.offset))


@robustgen.rule
def last_minute(delivered: datetime, window: int) -> datetime:
    """Return the last minute of a window counted in calendar days or, after an even minute of delivery, the minute after it."""
    end = datetime(delivered.year, delivered.month, delivered.day, 23, 59) + timedelta(days=int(window))
    return end + timedelta(minutes=delivered.minute % 2 == 0)


@robustgen.rule
def two_ways(day: date) -> date:
    """Return a day of 2027 that reads as another day when day and month change places."""
    number = day.day % 12 + 1
    return date(2027, day.month, number % 12 + 1 if number == day.month else number)
