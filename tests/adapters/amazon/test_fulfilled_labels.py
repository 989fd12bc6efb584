"""Merchant Fulfillment after the purchase: looking, reprinting, giving back, refunds, and its tokens."""

from collections.abc import Iterator
from typing import Any

import pytest

from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, LabelId, PurchaseId, PurchaseKey, Refund
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import (
    Malformed,
    NoAnswer,
    NotDone,
    NotFound,
    PortError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from primetui.ports import Bought
from tests.adapters.amazon.made import Connected, connected

KEY = PurchaseKey("0f3c1f0e-7b1a-4b57-9d0e-000000000003")
NOWHERE = "0f3c1f0e-7b1a-4b57-9d0e-000000000004"
BUYS = "createShipment"


@pytest.fixture(params=["DE", "US", "GB"])
def shop(request: pytest.FixtureRequest) -> Iterator[Connected]:
    """Connect a store of a sandbox, once in each country."""
    with connected(request.param) as opened:
        yield opened


@pytest.fixture
def de() -> Iterator[Connected]:
    """Connect the German store of a sandbox."""
    with connected("DE") as opened:
        yield opened


def cleared(shop: Connected, order_id: OrderId, **changes: Any) -> ClearedShipment:
    """Fetch rates of Merchant Fulfillment and clear one."""
    return shop.cleared(order_id, shop.fulfillment, **changes)


def label(proof: ClearedShipment, bought: Bought) -> Label:
    """Write down a bought label as the use case does."""
    return Label(
        id=LabelId("label-1"),
        purchase_id=PurchaseId("purchase-1"),
        order_id=proof.order.id,
        source=LabelSource.BUY_SHIPPING,
        provider=proof.rate.provider,
        shipment_id=bought.shipment_id,
        tracking_id=bought.tracking_id,
        carrier=proof.rate.carrier,
        service=proof.rate.service,
        charge=proof.rate.charge,
        bought_at=proof.cleared_at,
    )


def test_a_label_that_was_given_back_is_not_found(de: Connected) -> None:
    """A shipment whose refund runs, or of another order, or unknown, is nobody's label."""
    order_id = de.add()
    proof = cleared(de, order_id)
    bought = de.fulfillment.purchase(proof, KEY)

    with pytest.raises(Rejected, match="another order's"):
        de.fulfillment.find(bought.shipment_id, OrderId("302-0000000-0000000"), DocumentFormat.PDF)
    with pytest.raises(NotFound):
        de.fulfillment.find(NOWHERE, order_id, DocumentFormat.PDF)
    with pytest.raises(NotFound, match="Seller Central"):
        de.fulfillment.find("..", order_id, DocumentFormat.PDF)
    with pytest.raises(Rejected, match="InvalidInput"):
        de.fulfillment.find("amzn1.sps.1", order_id, DocumentFormat.PDF)
    de.fulfillment.void(label(proof, bought))
    with pytest.raises(Rejected, match="was given back"):
        de.fulfillment.find(bought.shipment_id, order_id, DocumentFormat.PDF)


@pytest.mark.parametrize(("rejects", "end"), [(False, Refund.APPLIED), (True, Refund.REJECTED)])
def test_a_label_is_given_back_and_refunded(de: Connected, end: Refund, *, rejects: bool) -> None:
    """A void starts a refund that is pending, then applied or rejected; another label may be had."""
    de.control("settings", {"rejects_refunds": rejects})
    order_id = de.add()
    proof = cleared(de, order_id)
    mine = label(proof, de.fulfillment.purchase(proof, KEY))
    before = de.fulfillment.refund(mine)
    de.fulfillment.void(mine)
    pending = de.fulfillment.refund(mine)
    again = de.fulfillment.purchase(proof, KEY)
    de.advance(days=2)

    assert [Refund.NOT_ASKED, Refund.PENDING, end] == [
        before,
        pending,
        de.fulfillment.refund(mine),
    ]
    live = [one["shipment_id"] for one in de.truth(order_id)["labels"] if one["live"]]
    assert [again.shipment_id] == live


def test_a_label_the_carrier_has_is_not_given_back(de: Connected) -> None:
    """When the carrier's time for it is over, the refusal says so and the label stands."""
    order_id = de.add()
    proof = cleared(de, order_id)
    mine = label(proof, de.fulfillment.purchase(proof, KEY))
    de.advance(hours=25)

    with pytest.raises(Rejected, match="time for giving it back is over") as refused:
        de.fulfillment.void(mine)
    assert "LabelCancelWindowExpired" == refused.value.remote_code
    assert 1 == de.truth(order_id)["live_labels"]


def test_papers_can_be_fetched_again(shop: Connected) -> None:
    """A label's file is the same as when it was bought; one without an id is in Seller Central."""
    proof = cleared(shop, shop.add())
    bought = shop.fulfillment.purchase(proof, KEY)
    mine = label(proof, bought)

    assert bought.papers == shop.fulfillment.papers(mine, DocumentFormat.PNG)
    lost = mine.model_copy(update={"shipment_id": ""})
    for ask in (shop.fulfillment.void, shop.fulfillment.refund):
        with pytest.raises(NotFound, match="Seller Central"):
            ask(lost)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("lost_after_effect", NoAnswer), ("wrong_types", Malformed), ("throttle", Throttled)],
)
def test_a_void_without_an_answer_is_unsure(
    de: Connected, kind: str, error: type[PortError]
) -> None:
    """Whether it was given back is not known until it is asked again, which changes nothing more."""
    proof = cleared(de, de.add())
    mine = label(proof, de.fulfillment.purchase(proof, KEY))
    de.fault("mfn.cancelShipment", kind)

    with pytest.raises(error):
        de.fulfillment.void(mine)
    de.fulfillment.void(mine)
    assert Refund.PENDING is de.fulfillment.refund(mine)


def test_a_restricted_token_is_kept_for_its_life_and_its_scope(de: Connected) -> None:
    """One token an operation serves for an hour less a minute; then another is fetched."""
    first, second = (cleared(de, de.add()) for _ in range(2))
    bought = de.fulfillment.purchase(first, KEY)
    de.fulfillment.purchase(second, KEY)
    after_two = de.calls("createRestrictedDataToken")
    for _ in range(2):
        de.fulfillment.papers(label(first, bought), DocumentFormat.PDF)
    after_looks = de.calls("createRestrictedDataToken")
    de.advance(minutes=58)
    de.fulfillment.papers(label(first, bought), DocumentFormat.PDF)
    still = de.calls("createRestrictedDataToken")
    de.advance(minutes=1)
    de.fulfillment.papers(label(first, bought), DocumentFormat.PDF)

    assert (1, 2, 2, 3) == (
        after_two, after_looks, still, de.calls("createRestrictedDataToken")
    )  # fmt: skip


def test_a_purchase_survives_a_restricted_token_that_ended(de: Connected) -> None:
    """A turned down token is replaced, and the one purchase happens."""
    order_id = de.add()
    de.fulfillment.purchase(cleared(de, de.add()), KEY)
    proof = cleared(de, order_id)
    de.fault(BUYS, "expired_token")
    de.fulfillment.purchase(proof, KEY)

    assert (3, 2, 1) == (
        de.calls(BUYS),
        de.calls("createRestrictedDataToken"),
        len(de.truth(order_id)["labels"]),
    )


@pytest.mark.parametrize(
    ("kind", "error", "words"),
    [
        ("error_500", Unreachable, "createRestrictedDataToken"),
        ("garbled", Unreachable, "createRestrictedDataToken"),
        ("wrong_types", Unreachable, "holds no token"),
        ("expired_token", Unauthorized, "Direct-to-Consumer Shipping"),
    ],
)
def test_without_a_restricted_token_nothing_is_sent(
    de: Connected, kind: str, error: type[NotDone], words: str
) -> None:
    """When buyer data is not opened to us, the purchase certainly did not happen."""
    order_id = de.add()
    proof = cleared(de, order_id)
    de.fault("createRestrictedDataToken", kind, nth="every")

    with pytest.raises(error, match=words):
        de.fulfillment.purchase(proof, KEY)
    assert (0, []) == (de.calls(BUYS), de.truth(order_id)["labels"])
