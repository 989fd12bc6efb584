from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from primetui.domain.clearance import ClearedShipment
from primetui.domain.label import Label, LabelId, PurchaseId, PurchaseKey
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import DocumentFormat
from primetui.errors import (
    Malformed,
    NoAnswer,
    NotFound,
    PortError,
    Rejected,
    Throttled,
    Unreachable,
)
from primetui.ports import Bought
from tests.adapters.amazon.made import Connected, connected

KEY = PurchaseKey("0f3c1f0e-7b1a-4b57-9d0e-000000000002")


@pytest.fixture(params=["US", "GB"])
def shop(request: pytest.FixtureRequest) -> Iterator[Connected]:
    """Connect a store of a sandbox, once in each country."""
    with connected(request.param) as opened:
        yield opened


@pytest.fixture
def us() -> Iterator[Connected]:
    """Connect the US store of a sandbox."""
    with connected() as opened:
        yield opened


def label(cleared: ClearedShipment, bought: Bought, **changes: Any) -> Label:
    """Write down a bought label as the use case does."""
    facts = {
        "id": LabelId("label-1"),
        "purchase_id": PurchaseId("purchase-1"),
        "order_id": cleared.order.id,
        "source": LabelSource.BUY_SHIPPING,
        "provider": cleared.rate.provider,
        "shipment_id": bought.shipment_id,
        "package_reference": bought.package_reference,
        "tracking_id": bought.tracking_id,
        "carrier": cleared.rate.carrier,
        "service": cleared.rate.service,
        "charge": cleared.rate.charge,
        "bought_at": cleared.cleared_at,
    }
    return Label.model_validate(facts | changes)


@pytest.mark.parametrize("wanted", list(DocumentFormat))
def test_papers_can_be_fetched_again(shop: Connected, wanted: DocumentFormat) -> None:
    """A label's files come back in the format a printer takes."""
    cleared = shop.cleared(shop.add(), document_format=wanted)
    bought = shop.shipping.purchase(cleared, KEY)
    papers = shop.shipping.papers(label(cleared, bought), wanted)

    assert [bought.papers[0].content] == [p.content for p in papers if p.kind == "LABEL"]


@pytest.mark.parametrize("kind", ["html", "truncated", "garbled", "wrong_types"])
def test_papers_that_cannot_be_read_are_an_error(us: Connected, kind: str) -> None:
    """No half a label reaches a printer."""
    cleared = us.cleared(us.add())
    bought = us.shipping.purchase(cleared, KEY)
    us.fault("getShipmentDocuments", kind, nth="every")

    with pytest.raises(Unreachable):
        us.shipping.papers(label(cleared, bought), DocumentFormat.PDF)


def test_a_label_is_given_back(shop: Connected) -> None:
    """A voided label costs nothing any more and its package counts no longer."""
    order_id = shop.add()
    cleared = shop.cleared(order_id)
    bought = shop.shipping.purchase(cleared, KEY)
    shop.shipping.void(label(cleared, bought))

    assert [False] == [one["live"] for one in shop.truth(order_id)["labels"]]
    assert () == shop.marketplace.order(order_id).live_packages()


@pytest.mark.parametrize(
    ("kind", "options", "error", "live"),
    [
        ("lost_after_effect", {}, NoAnswer, False),
        ("lost_before_effect", {}, NoAnswer, True),
        ("error_500", {}, NoAnswer, True),
        ("garbled", {}, Malformed, False),
        ("throttle", {}, Throttled, True),
    ],
)
def test_a_void_without_an_answer_is_unsure(
    us: Connected, kind: str, options: dict[str, Any], error: type[PortError], *, live: bool
) -> None:
    """Giving back is sent once too; nobody claims it failed when it may have worked."""
    order_id = us.add()
    cleared = us.cleared(order_id)
    bought = us.shipping.purchase(cleared, KEY)
    us.fault("cancelShipment", kind, **options)

    with pytest.raises(error):
        us.shipping.void(label(cleared, bought))
    assert (1, [live]) == (
        us.calls("cancelShipment"),
        [one["live"] for one in us.truth(order_id)["labels"]],
    )


@pytest.mark.parametrize("shipment_id", ["", ".", ".."])
def test_a_label_known_by_tracking_only_points_to_seller_central(
    us: Connected, shipment_id: str
) -> None:
    """Without a shipment id neither papers nor a refund can be asked for here."""
    cleared = us.cleared(us.add())
    bought = us.shipping.purchase(cleared, KEY)
    bare = label(cleared, replace(bought, shipment_id=shipment_id))

    with pytest.raises(NotFound, match="Seller Central"):
        us.shipping.papers(bare, DocumentFormat.PDF)
    with pytest.raises(NotFound, match="Seller Central"):
        us.shipping.void(bare)
    assert (0, 0) == (us.calls("getShipmentDocuments"), us.calls("cancelShipment"))


@pytest.mark.parametrize("shipment_id", ["", "..", "amzn1.sps.nowhere", "a/../b"])
def test_a_shipment_that_is_not_there_is_not_found(us: Connected, shipment_id: str) -> None:
    """A look at an unknown shipment is an error in words, never an empty find."""
    order_id = us.add()

    with pytest.raises((NotFound, Rejected)):
        us.shipping.find(shipment_id, order_id, DocumentFormat.PDF)
