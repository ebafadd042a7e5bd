"""Thirty hand-written tests of a small real library, and one decorator."""

import os
from collections.abc import Callable

import pytest

import robustgen

Price = pytest.importorskip("price_parser").Price

ROWS = [
    ("Total due: $12.50 for the whole order", "12.50", "$"),
    ("The price of this article is €99.00 today", "99.00", "€"),
    ("You pay £7.25 when the parcel arrives", "7.25", "£"),
    ("Our monthly fee is $15.00 per person", "15.00", "$"),
    ("Delivery costs €4.90 within the country", "4.90", "€"),
    ("The invoice says £120.00 without discount", "120.00", "£"),
    ("Please transfer $300.00 before the weekend", "300.00", "$"),
    ("It was reduced to €19.99 last week", "19.99", "€"),
    ("The repair was £45.00 all inclusive", "45.00", "£"),
    ("Refund of $8.75 confirmed by support", "8.75", "$"),
    ("Annual plan at €240.00 billed once", "240.00", "€"),
    ("The ticket was 33.10 paid at the counter", "33.10", None),
    ("Deposit of $50.00 returned afterwards", "50.00", "$"),
    ("Breakfast costs €12.00 each morning", "12.00", "€"),
    ("A single ride is £2.80 after midnight", "2.80", "£"),
    ("The cleaning fee is 65.00 due per stay", "65.00", None),
    ("Starting from €5.50 for members", "5.50", "€"),
    ("The book was £14.99 in the shop", "14.99", "£"),
    ("Insurance adds $22.40 every month", "22.40", "$"),
    ("Parking is €3.00 for the evening", "3.00", "€"),
    ("The late fee was 10.00 only this time", "10.00", None),
    ("A new battery costs $79.95 online", "79.95", "$"),
    ("Membership renews at €60.00 shortly", "60.00", "€"),
    ("Lunch was 9.60 including coffee", "9.60", None),
    ("Your balance is 410.00 right now", "410.00", None),
    ("Rental for one day: €39.00 plus fuel", "39.00", "€"),
    ("The upgrade was £18.00 more than before", "18.00", "£"),
    ("We charged 5.00 by mistake", "5.00", None),
    ("Postage and packing: €6.30 flat", "6.30", "€"),
    ("They offered £85.00 for the old phone", "85.00", "£"),
]


def varied(test: Callable[..., None]) -> Callable[..., None]:
    """Put the one decorator on, where the environment asks for it."""
    return robustgen.perturbed(n=60)(test) if os.environ.get("VARIED") else test


@varied
@pytest.mark.parametrize(("text", "amount", "currency"), ROWS)
def test_price(text: str, amount: str, currency: str | None) -> None:
    """A text's price and currency, none where none is stated."""
    price = Price.fromstring(text)
    assert (str(price.amount), price.currency) == (amount, currency)
