"""A purchase without a key, whose answer was lost, is settled by what Amazon knows (R21)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.domain.clearance import ClearedShipment, clear
from primetui.domain.label import LabelState, PurchaseKey
from primetui.ports import Credentials, Desk
from primetui.usecases.get_rates import Quotes, get_rates
from primetui.usecases.open_record import open_record
from primetui.usecases.purchase_label import Purchased, Unresolved, purchase_label
from primetui.usecases.reconcile_purchases import Dropped, Found, StillUnknown, reconcile_purchases
from primetui.usecases.void_label import Voided, void_label
from tests.shop import PLENTY, QuickPace, Shop, open_shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Open a shop whose desk buys through Merchant Fulfillment."""
    with open_shop(tmp_path) as opened:
        (store, *_) = opened.connect()
        facts = opened.sandbox.credentials["stores"][0]
        keys = Credentials(
            client_id=facts["client_id"],
            client_secret=SecretStr(facts["client_secret"]),
            refresh_token=SecretStr(facts["refresh_token"]),
        )
        with AmazonClient(store, keys, opened.clock, QuickPace().pace()) as client:
            opened.desk = replace(
                opened.desk,
                provider=lambda *_asked: MerchantFulfillment(client, store, opened.clock),
            )
            yield opened


def cheapest(desk: Desk, order_id: str) -> str:
    """Name the cheapest rate that is allowed."""
    quotes = get_rates(desk, order_id)  # type: ignore[arg-type]
    assert isinstance(quotes, Quotes), quotes
    return quotes.allowed[0].rate.id


def test_R21_bought_and_given_back(shop: Shop) -> None:
    """The whole way through the use cases: one label with its file, then none."""
    order_id = shop.imported()
    outcome = purchase_label(
        shop.desk, order_id, cheapest(shop.desk, order_id), max_charge=PLENTY["USD"]
    )
    assert isinstance(outcome, Purchased), outcome
    assert 1 == len(outcome.label.documents)
    assert 1 == shop.truth(order_id)["live_labels"]

    voided = void_label(shop.desk, order_id)
    assert isinstance(voided, Voided), voided
    assert LabelState.VOIDED is voided.label.state
    assert 0 == shop.truth(order_id)["live_labels"]


@pytest.mark.parametrize("kind", ["lost_after_effect", "garbled", "truncated", "wrong_types"])
def test_R21_a_lost_answer_ends_in_the_one_label(shop: Shop, kind: str) -> None:
    """The label that was bought is found, and no second one comes of looking for it."""
    order_id = shop.imported()
    rate_id = cheapest(shop.desk, order_id)
    shop.fault("createShipment", kind)
    outcome = purchase_label(shop.desk, order_id, rate_id, max_charge=PLENTY["USD"])
    assert isinstance(outcome, Unresolved), outcome
    shop.clock.advance(minutes=1)
    (settled,) = reconcile_purchases(shop.desk)

    assert isinstance(settled, Found), settled
    assert [settled.label.tracking_id] == [x["tracking"] for x in shop.truth(order_id)["labels"]]


def test_R21_a_label_listed_late_is_waited_for(shop: Shop) -> None:
    """While Amazon lists nothing, nothing is sent again: there is no key that would be known."""
    order_id = shop.imported()
    rate_id = cheapest(shop.desk, order_id)
    shop.control("settings", {"sells_twice": True})
    shop.fault("createShipment", "lost_after_effect", listing_delay_seconds=600)
    purchase_label(shop.desk, order_id, rate_id, max_charge=PLENTY["USD"])
    shop.clock.advance(minutes=5)
    (early,) = reconcile_purchases(shop.desk)
    shop.clock.advance(minutes=5)
    (late,) = reconcile_purchases(shop.desk)

    assert isinstance(early, StillUnknown), early
    assert isinstance(late, Found), late
    assert 1 == shop.calls("createShipment")
    assert [late.label.tracking_id] == [one["tracking"] for one in shop.truth(order_id)["labels"]]


def test_R21_a_lost_request_is_not_called_a_label(shop: Shop) -> None:
    """When nothing happened, nothing is ever found, and the order is free again after the grace."""
    order_id = shop.imported()
    rate_id = cheapest(shop.desk, order_id)
    shop.fault("createShipment", "lost_before_effect")
    outcome = purchase_label(shop.desk, order_id, rate_id, max_charge=PLENTY["USD"])
    assert isinstance(outcome, Unresolved), outcome
    shop.clock.advance(hours=1)
    (settled,) = reconcile_purchases(shop.desk)

    assert isinstance(settled, Dropped), settled
    assert 0 == shop.truth(order_id)["live_labels"]


def test_R21_a_label_that_is_there_is_adopted(shop: Shop) -> None:
    """Amazon's refusal of a second label names the first, whose file and cost are then taken."""
    order_id = shop.imported()
    rate_id = cheapest(shop.desk, order_id)
    opened = open_record(shop.desk, order_id)
    offers = shop.desk.repository.offers(order_id)
    rate = offers.rate(rate_id) if offers else None
    assert rate is not None
    proof = clear(opened.record.order, opened.shipment, rate, now=shop.clock.now())
    assert isinstance(proof, ClearedShipment), proof
    shop.fault("createShipment", "late_listing", delay_seconds=3600)
    provider = shop.desk.provider(opened.store, rate.source, rate.provider)
    elsewhere = provider.purchase(proof, PurchaseKey("1"))

    outcome = purchase_label(shop.desk, order_id, rate_id, max_charge=PLENTY["USD"])

    assert isinstance(outcome, Purchased), outcome
    assert (True, elsewhere.shipment_id, elsewhere.tracking_id, 1) == (
        outcome.already,
        outcome.label.shipment_id,
        outcome.label.tracking_id,
        len(outcome.label.documents),
    )
    assert 1 == shop.truth(order_id)["live_labels"]
