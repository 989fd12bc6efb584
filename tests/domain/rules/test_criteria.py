"""Criteria: every operator at its boundary, on every kind of value, known and not."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from primetui.domain.address import Address
from primetui.domain.measures import Weight
from primetui.domain.money import Money
from primetui.domain.order import Prime, Tagging
from primetui.domain.rules.compiled import compile_rules
from primetui.domain.rules.explain import explain_rules
from primetui.domain.rules.fields import FIELDS, LEFT_OUT
from primetui.domain.rules.hands import IDLE
from tests.domain.made import NOW, SECOND, box, draft, item, until
from tests.domain.rules.made import ACCOUNT, rule, view

VOCABULARY = (
    Path(__file__).parents[4] / "shared" / "specs" / "shipstation" / "automation-vocabulary.json"
)
PLACE = Address(line1="9 Elm St", city="New York", country="US", name="Ada", residential=True)
MINUTE = timedelta(minutes=1)
MIDNIGHT = NOW.replace(hour=5, minute=0)
"""Where NOW's day begins in New York."""


def met(criterion: str, **changes: Any) -> bool:
    """Ask one criterion of an order, fast and slowly; both must agree."""
    asked = rule(f"{criterion} -> stop")
    seen = view(**changes)
    fast = compile_rules([asked], ACCOUNT.zone).matches(seen, NOW, IDLE)
    slow = explain_rules([asked], seen, NOW, IDLE)[0]
    assert bool(fast) is slow.matched
    return slow.matched


def facts(**changes: Any) -> dict[str, Any]:
    """Change what the marketplace says."""
    return {"facts": changes}


@pytest.mark.parametrize(
    ("service", "criterion", "expected"),
    [
        ("Prime NextDay", "has-word Prime", True),
        ("prime nextday", "has-word Prime", True),
        ("PRIME", "has-word Prime", True),
        ("Premium NextDay", "has-word Prime", False),
        ("NextDay-Prime", "has-word Prime", True),
        ("Primetime", "has-word Prime", False),
        ("Subprime", "has-word Prime", False),
        ("", "has-word Prime", False),
        ("Premium NextDay", "not-has-word Prime", True),
        ("", "not-has-word Prime", True),
        ("Prime NextDay", "has-word cased prime", False),
        ("Prime NextDay", "has-word Express, Prime", True),
        ("Prime NextDay", 'has-word "prime nextday"', True),
        ("Prime NextDay", "contains meN", False),
        ("Prime NextDay", "contains XT", True),
        ("Prime NextDay", "contains cased XT", False),
        ("Prime NextDay", "not-contains XT", False),
        ("Prime NextDay", "contains zz, xt", True),
        ("Prime NextDay", "starts prime", True),
        ("Prime NextDay", "starts next", False),
        ("Prime NextDay", "not-starts next, day", True),
        ("Prime NextDay", "ends DAY", True),
        ("Prime NextDay", "not-ends day", False),
        ("  Prime NextDay ", '= "prime nextday"', True),
        ("Prime NextDay", '= cased "prime nextday"', False),
        ("Prime NextDay", "= Prime", False),
        ("Prime NextDay", "= Prime, NextDay", False),
        ("NextDay", "= Prime, NextDay", True),
        ("NextDay", "!= Prime, NextDay", False),
        ("Standard", "!= Prime, NextDay", True),
        ("", "blank", True),
        ("   ", "blank", True),
        ("x", "blank", False),
        ("x", "not-blank", True),
        ("STRASSE", "= straße", True),
        ("Ünï", "= ÜNÏ", True),
        ("a.c", "has-word a.c", True),
        ("abc", "has-word a.c", False),
    ],
)
def test_R15_text_is_compared_blind_to_case_and_by_whole_words(
    service: str, criterion: str, *, expected: bool
) -> None:
    """R15: the word Prime, in any case, and not within another word; blank is no match."""
    assert expected is met(f"requested-service {criterion}", **facts(requested_service=service))


@pytest.mark.parametrize(
    ("offset", "criterion", "expected"),
    [
        (timedelta(hours=4), "in-next 4h", True),
        (timedelta(hours=4) + SECOND, "in-next 4h", False),
        (0 * SECOND, "in-next 4h", True),
        (-SECOND, "in-next 4h", False),
        (-SECOND, "not-in-next 4h", True),
        (0 * SECOND, "in-last 1d", True),
        (SECOND, "in-last 1d", False),
        (timedelta(days=-1), "in-last 1d", True),
        (timedelta(days=-1) - SECOND, "in-last 1d", False),
        (timedelta(minutes=-30), "within 30m", True),
        (timedelta(minutes=30), "within 30m", True),
        (timedelta(minutes=30) + SECOND, "within 30m", False),
        (timedelta(minutes=-30) - SECOND, "within 30m", False),
        (timedelta(weeks=1), "not-within 1w", False),
        (timedelta(weeks=1) + SECOND, "not-within 1w", True),
        (MIDNIGHT - NOW, "= 2026-03-03", True),
        (MIDNIGHT - NOW - SECOND, "= 2026-03-03", False),
        (MIDNIGHT - NOW - SECOND, "before 2026-03-03", True),
        (MIDNIGHT - NOW, "before 2026-03-03", False),
        (MIDNIGHT - NOW + timedelta(days=1), "after 2026-03-03", True),
        (MIDNIGHT - NOW + timedelta(days=1) - SECOND, "after 2026-03-03", False),
        (MIDNIGHT - NOW, "between 2026-03-03..2026-03-03", True),
        (MIDNIGHT - NOW + timedelta(days=1), "between 2026-03-03..2026-03-03", False),
        (MIDNIGHT - NOW - SECOND, "between 2026-03-03..2026-03-04", False),
        (0 * SECOND, "between 2026-03-02..2026-03-04", True),
        (0 * SECOND, "not-between 2026-03-02..2026-03-04", False),
        (0 * SECOND, "= 2026-03-03T10:00", True),
        (SECOND, "= 2026-03-03T10:00", False),
        (SECOND, "after 2026-03-03T10:00", True),
        (0 * SECOND, "after 2026-03-03T10:00", False),
        (0 * SECOND, "= 2026-03-03T15:00+00:00", True),
        (0 * SECOND, "= 2026-03-01, 2026-03-03", True),
        (0 * SECOND, "!= 2026-03-01, 2026-03-03", False),
        (0 * SECOND, "blank", False),
        (0 * SECOND, "not-blank", True),
    ],
)
def test_moments_are_compared_in_the_account_s_days(
    offset: timedelta, criterion: str, *, expected: bool
) -> None:
    """A date is a whole day of the account's zone; a span counts from now, its end included."""
    assert expected is met(f"ship-by {criterion}", **facts(ship_by=until(NOW + offset)))


def weighing(grams: int | None) -> dict[str, Any]:
    """Make a draft of a weight."""
    weight = None if grams is None else Weight.of(grams, "g")
    return {"shipment": draft(packages=(box(weight=weight),), ship_from=None)}


def worth(*prices: str | None, quantity: int = 1, currency: str = "USD") -> dict[str, Any]:
    """Make items of these unit prices."""
    items = tuple(
        item(
            quantity=quantity,
            unit_price=None if p is None else Money(amount=Decimal(p), currency=currency),
        )
        for p in prices
    )
    return facts(items=items)


@pytest.mark.parametrize(
    ("changes", "criterion", "expected"),
    [
        (weighing(2000), "weight > 2kg", False),
        (weighing(2001), "weight > 2kg", True),
        (weighing(2000), "weight >= 2kg", True),
        (weighing(1999), "weight < 2kg", True),
        (weighing(2000), "weight <= 2kg", True),
        (weighing(454), "weight > 1lb", True),
        (weighing(453), "weight > 1lb", False),
        (weighing(1000), "weight between 1kg..2kg", True),
        (weighing(2000), "weight between 1kg..2kg", True),
        (weighing(999), "weight between 1kg..2kg", False),
        (weighing(999), "weight not-between 1kg..2kg", True),
        (weighing(1000), "weight = 500g, 1kg", True),
        (weighing(1000), "weight != 500g, 1kg", False),
        (weighing(None), "weight < 2kg", False),
        (weighing(None), "weight != 2kg", False),
        (weighing(None), "weight not-between 1kg..2kg", False),
        (weighing(None), "weight blank", True),
        (weighing(1), "weight not-blank", True),
        (worth("25.00", "25.00"), "subtotal = 50", True),
        (worth("25.00", quantity=2), "subtotal > 49.99", True),
        (worth("50"), "subtotal > 50", False),
        (worth("50"), "subtotal >= 50USD", True),
        (worth("50"), "subtotal >= 50GBP", False),
        (worth("50"), "subtotal != 50GBP", True),
        (worth("50"), "subtotal = 50GBP, 50USD", True),
        (worth("50"), "subtotal between 50..60USD", True),
        (worth("50"), "subtotal between 50GBP..60", False),
        (worth("50", None), "subtotal > 1", False),
        (worth("50", None), "subtotal blank", True),
        (facts(items=()), "subtotal blank", True),
        (worth("0"), "subtotal not-blank", True),
        (facts(items=(item(quantity=2), item(quantity=3))), "quantity = 5", True),
        (facts(items=(item(quantity=2), item(quantity=3))), "lines = 2", True),
        (facts(items=()), "quantity = 0", True),
        (facts(items=()), "quantity blank", False),
        (facts(items=(item(quantity=3),)), "quantity != 1, 2", True),
    ],
)
def test_numbers_know_their_units(
    changes: dict[str, Any], criterion: str, *, expected: bool
) -> None:
    """Grams and pounds, one currency and another; what is not known is no number."""
    assert expected is met(criterion, **changes)


TWO = facts(items=(item(sku="MUG-1", title="Blue mug"), item(sku="CUP-1", title="Glass cup")))


@pytest.mark.parametrize(
    ("changes", "criterion", "expected"),
    [
        (TWO, "sku starts MUG", True),
        (TWO, "any sku starts mug", True),
        (TWO, "all sku starts MUG", False),
        (TWO, "all sku ends -1", True),
        (TWO, "sku not-starts MUG", True),
        (TWO, "all sku not-starts MUG", False),
        (TWO, "all sku not-starts JAR", True),
        (TWO, "item has-word glass", True),
        (TWO, "item = cased glass", False),
        (TWO, 'all sku = "mug-1", "cup-1"', True),
        (facts(items=(item(sku=""),)), "sku blank", True),
        (facts(items=()), "all sku not-starts MUG", False),
        (facts(items=()), "sku blank", False),
    ],
)
def test_items_are_asked_any_or_all(
    changes: dict[str, Any], criterion: str, *, expected: bool
) -> None:
    """Any is one at least; all is each of at least one; orders of several lines are no exception."""
    assert expected is met(criterion, **changes)


TAGGED = {"tags": tuple(Tagging(name=n, by="ann", at=NOW) for n in ("Fragile", "Gift wrap"))}


@pytest.mark.parametrize(
    ("changes", "criterion", "expected"),
    [
        (TAGGED, "tags include fragile", True),
        (TAGGED, "tags include Heavy, Fragile", True),
        (TAGGED, "tags include Heavy", False),
        (TAGGED, "tags include-all Heavy, Fragile", False),
        (TAGGED, 'tags include-all "gift wrap", Fragile', True),
        (TAGGED, "tags not-include Heavy", True),
        (TAGGED, "tags not-include Heavy, Fragile", False),
        (TAGGED, "tags not-include-all Heavy, Fragile", True),
        (TAGGED, "tags not-blank", True),
        ({}, "tags blank", True),
        ({}, "tags not-include Fragile", True),
        (facts(prime=Prime.YES), "prime = yes", True),
        (facts(prime=Prime.UNKNOWN), "prime != yes", True),
        (facts(programs=("PRIME", "PREMIUM")), "programs include premium", True),
        (facts(store_id="us"), "marketplace = Amazon", True),
        (facts(store_id="ca"), "marketplace = amazon, rithum", True),
        (facts(store_id="gone"), "marketplace = Amazon", False),
        (facts(store_id="gone"), "marketplace != Amazon", False),
        (facts(store_id="gone"), "marketplace blank", True),
        (facts(store_id="ca"), 'store = "rithum mugs"', True),
        (facts(store_id="us"), "ship-from = Mugs", True),
        (facts(store_id="ca"), "ship-from blank", True),
        (facts(ship_to=PLACE), "city has-word york", True),
        (facts(ship_to=None), "city = Reno", False),
        (facts(ship_to=None), "city != Reno", False),
        (facts(ship_to=None), "city not-contains Reno", False),
        (facts(ship_to=None), "city blank", True),
        (facts(ship_to=None), "city not-blank", False),
        (facts(ship_to=PLACE), "residential = yes", True),
        (facts(ship_to=PLACE), "residential != yes", False),
        (facts(ship_to=PLACE), "residential = no", False),
        (facts(ship_to=None), "residential = no", False),
        (facts(ship_to=None), "residential != yes", False),
        (facts(ship_to=PLACE), "international = no", True),
        (facts(ship_to=Address(country="CA")), "international = yes", True),
        (facts(ship_to=Address()), "international != yes", False),
        (facts(cancellation_requested=True), "cancellation = yes", True),
    ],
)
def test_lists_tags_and_places(changes: dict[str, Any], criterion: str, *, expected: bool) -> None:
    """What nobody knows meets no question but whether it is blank, negated ones among them."""
    assert expected is met(criterion, **changes)


def test_every_criterion_merchants_know_is_answered_or_left_out_with_a_reason() -> None:
    """Forty-nine criteria: each has a field, or stands in the one place that says why not."""
    if not VOCABULARY.exists():
        pytest.skip("the published vocabulary is not beside the checkout")
    labels = {c["label"] for c in json.loads(VOCABULARY.read_text(encoding="utf-8"))["criteria"]}
    answered = {field.label for field in FIELDS.values()}

    assert set() == answered & LEFT_OUT.keys()
    assert labels == (labels & answered) | LEFT_OUT.keys()
    assert 49 == len(labels)
