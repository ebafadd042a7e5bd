"""Decisions of a service desk and of product records: refunds, attributes, allergens, compatibility, stock, batteries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import robustgen

FREE_LIMIT, APPROVAL_LIMIT = 100, 160
"""Watt-hours of a spare battery by air: without approval, with approval."""


@robustgen.rule
def refund_outcome(claim: Any) -> tuple[str, str]:
    """Return label and reason of a refund by the ordered rules of the question."""
    sealed = claim.nature in {"hygiene", "software"} and claim.opened
    late = (claim.sent.date() - claim.delivered.date()).days > int(claim.window)
    ladder = (
        (claim.faulty, "statutory_fault", "fault"),
        (claim.nature == "personalised", "not_eligible", "personalised"),
        (claim.nature == "perishable", "not_eligible", "perishable"),
        (sealed, "not_eligible", "unsealed"),
        (late, "not_eligible", "window_over"),
        (claim.channel == "store" and claim.sale, "exchange_only", "final_sale"),
        (claim.used, "partial", "used"),
    )
    return next(((label, reason) for holds, label, reason in ladder if holds), ("full", "in_window"))


@robustgen.rule
def attribute(sheet: Any) -> str:
    """Return yes, no or not_stated for the attribute asked; nothing is inferred."""
    if sheet.asked == "waterproof":
        rating = sheet.get("ip")
        return "not_stated" if rating is None else "yes" if rating.waterproof else "no"
    found = sheet.get(sheet.asked)
    if sheet.asked == "condition" and found is not None:
        return "yes" if found == "new" else "no"
    return found or "not_stated"


@robustgen.rule
def allergen(label: Any) -> str:
    """Return what a food label says of an allergen."""
    for name, found in (("contains", label.contains), ("may_contain", label.may), ("declared_free_from", label.free)):
        if label.asked in found:
            return name
    return "not_stated"


@robustgen.rule
def disjoint(*groups: Any) -> bool:
    """Tell whether no value stands in two groups."""
    every = [str(item) for group in groups for item in group]
    return len(every) == len(set(every))


@robustgen.rule
def permitted(case: Any) -> str:
    """Return whether a state of an order permits an action; nothing is done before the customer is verified."""
    return str(getattr(case.state, case.action)) if case.verified else "verify_first"


@robustgen.rule
def watt_hours(battery: Any) -> Decimal:
    """Return the energy of a battery in watt-hours."""
    return Decimal(battery.capacity) * Decimal(battery.volts) / 1000


@robustgen.rule
def air_label(battery: Any) -> str:
    """Return how a spare battery may fly."""
    energy = watt_hours(battery)
    return "cabin_no_approval" if energy <= FREE_LIMIT else "cabin_with_approval" if energy <= APPROVAL_LIMIT else "refused"


@robustgen.rule
def promisable(stock: Any) -> int:
    """Return what is available to promise by a day."""
    arrived = stock.inbound if stock.inbound_on <= stock.need_by else 0
    return int(stock.on_hand) - int(stock.reserved) + int(arrived)


@robustgen.rule
def stock_label(stock: Any) -> str:
    """Return whether an order can be met in full, in part, or not."""
    free = promisable(stock)
    return "available" if stock.wanted <= free else "partial" if stock.partial and free > 0 else "unavailable"


@robustgen.rule
def size_in(row: Any, system: str) -> int:
    """Return a size of a chart's row in a system."""
    return int(getattr(row, system))


@robustgen.rule
def tyre_diameter(tyre: Any) -> Decimal:
    """Return the outer diameter of a tyre in millimetres."""
    return Decimal(tyre.rim) * Decimal("25.4") + 2 * Decimal(tyre.width) * Decimal(tyre.aspect) / 100


@robustgen.rule
def pieces(packs: Any) -> int:
    """Return the count that is asked: pieces, packs, or pieces in a pack."""
    return {"packs": int(packs.outer), "per_pack": int(packs.inner)}.get(packs.counted, int(packs.outer) * int(packs.inner))


LISTED: Mapping[str, Mapping[str, str]] = {
    "kitchen": {"capacity_ml": "capacity", "diameter_cm": "diameter", "weight_g": "weight", "material": "material", "colour": "colour"},
    "jewel": {"fineness": "fineness", "stone_carat": "stone", "material": "material", "colour": "colour"},
    "desk": {"width_cm": "width", "drawer_side": "side", "material": "material", "colour": "colour"},
}
"""Keys of an extracted listing by kind of item, with the field of each."""


@robustgen.rule
def listing_json(listing: Any) -> Mapping[str, Any]:
    """Return the attributes that a listing states; what it leaves out is null."""
    made = {key: listing.get(field) for key, field in LISTED[listing.item.kind].items()}
    return {key: str(value) if isinstance(value, str) else value for key, value in made.items()}


@robustgen.rule
def contradicts(listing: Any) -> bool:
    """Tell whether title and details state two diameters."""
    return listing.get("again") is not None and listing.again != listing.diameter


@robustgen.rule
def odd_price(price: Any) -> Decimal:
    """Return a price of nothing, of one cent, or of a typing error, by the price that stood there."""
    return (Decimal("0.00"), Decimal("0.01"), Decimal("999999.99"))[int(Decimal(price)) % 3]


@robustgen.rule
def odd_weight(weight: Any) -> Decimal:
    """Return a weight of a milligram or of forty tonnes, by the weight that stood there."""
    return (Decimal("0.001"), Decimal(40_000_000))[int(weight) // 10 % 2]


ODD_ADDRESSES = (
    "Flat 4, 17 Heron Way, Bristol",
    "2200 Lakeshore Boulevard Southwest, Building C, Apartment 1407",
    "東京都千代田区丸の内1-2-3",
    "الرياض، شارع الملك فهد 120",
)
"""Addresses that forms stumble over: no postcode, more than 35 characters, other scripts."""


@robustgen.rule
def odd_address(order: str) -> str:
    """Return one of the addresses that forms stumble over, by the order's number."""
    return ODD_ADDRESSES[int(order[-1]) % len(ODD_ADDRESSES)]
