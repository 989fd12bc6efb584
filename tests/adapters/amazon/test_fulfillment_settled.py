"""A purchase without a key, whose answer was lost, is settled by what Amazon knows (R21)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from primetui.adapters.amazon.client import AmazonClient
from primetui.adapters.amazon.merchant_fulfillment import MerchantFulfillment
from primetui.domain.label import LabelState
from primetui.ports import Credentials, Desk
from primetui.usecases.get_rates import Quotes, get_rates
from primetui.usecases.purchase_label import Purchased, Unresolved, purchase_label
from primetui.usecases.reconcile_purchases import Found, StillUnknown, reconcile_purchases
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
@pytest.mark.parametrize("listing_delay_seconds", [0, 600])
def test_R21_a_lost_answer_ends_in_the_one_label(
    shop: Shop, kind: str, listing_delay_seconds: int
) -> None:
    """Amazon's refusal of a second label names the first, whose file and cost are then read."""
    order_id = shop.imported()
    rate_id = cheapest(shop.desk, order_id)
    shop.fault("createShipment", kind, listing_delay_seconds=listing_delay_seconds)
    outcome = purchase_label(shop.desk, order_id, rate_id, max_charge=PLENTY["USD"])
    assert isinstance(outcome, Unresolved), outcome
    shop.clock.advance(minutes=1)
    (settled,) = reconcile_purchases(shop.desk)

    assert isinstance(settled, Found), settled
    (live,) = shop.truth(order_id)["labels"]
    assert (live["shipment_id"], live["tracking"], 1) == (
        settled.label.shipment_id,
        settled.label.tracking_id,
        len(settled.label.documents),
    )


def test_R21_a_lost_request_is_not_called_a_label(shop: Shop) -> None:
    """When nothing happened, one label at most comes of settling it."""
    order_id = shop.imported()
    rate_id = cheapest(shop.desk, order_id)
    shop.fault("createShipment", "lost_before_effect")
    outcome = purchase_label(shop.desk, order_id, rate_id, max_charge=PLENTY["USD"])
    assert isinstance(outcome, Unresolved), outcome
    shop.clock.advance(minutes=1)
    (settled,) = reconcile_purchases(shop.desk)

    live = shop.truth(order_id)["live_labels"]
    assert live <= 1
    assert (live == 1) is isinstance(settled, Found)
    assert isinstance(settled, Found | StillUnknown)
