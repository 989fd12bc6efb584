"""Editing a draft: what may be changed, and when nobody may (R2, R21)."""

from datetime import UTC, datetime

import pytest

from primetui.domain.measures import Weight
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.errors import Busy, ConfigError
from primetui.usecases.edit_shipment import Changes, NotEdited, edit_shipment
from primetui.usecases.purchase_label import Purchased
from tests.shop import Shop

HEAVIER = Changes(weight=Weight.read("2kg"))


def test_an_edit_is_kept_and_what_was_not_named_stays(shop: Shop) -> None:
    """Two edits add up, and the audit log names both."""
    order_id = shop.imported()

    edit_shipment(shop.desk, order_id, HEAVIER)
    edited = edit_shipment(
        shop.desk,
        order_id,
        Changes(confirmation=Confirmation.SIGNATURE, document_format=DocumentFormat.ZPL),
    )

    assert not isinstance(edited, NotEdited)
    draft = edited.shipment
    assert Weight.read("2kg") == draft.packages[0].weight
    expected = (Confirmation.SIGNATURE, DocumentFormat.ZPL)
    assert expected == (draft.confirmation, draft.document_format)
    details = [e.detail for e in shop.desk.repository.audit(order_id)]
    assert ["weight 2000 g", "confirmation signature, format ZPL"] == details


def test_R2_a_view_only_order_is_not_edited(empty_shop: Shop) -> None:
    """In Pending Fulfillment the draft stays, and the reason names the ways out."""
    empty_shop.connect(connected_at=datetime(2023, 11, 2, 12, tzinfo=UTC))
    order_id = empty_shop.imported()

    result = edit_shipment(empty_shop.desk, order_id, HEAVIER)

    assert isinstance(result, NotEdited)
    assert ["PRM102"] == [violation.code for violation in result.violations]


def test_R21_nobody_edits_while_somebody_buys(shop: Shop) -> None:
    """The second operator hears who is at it."""
    order_id = shop.imported()

    with (
        shop.desk.repository.lease(order_id, "Ada"),
        pytest.raises(Busy, match="in progress by Ada"),
    ):
        edit_shipment(shop.desk, order_id, HEAVIER)


def test_R18_an_edit_after_the_rate_asks_for_new_rates(shop: Shop) -> None:
    """A rate for a lighter parcel does not buy a heavier one."""
    order_id = shop.imported()
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    edit_shipment(shop.desk, order_id, HEAVIER)

    assert not isinstance(shop.buy(order_id, rate_id), Purchased)
    assert isinstance(shop.buy(order_id), Purchased)


def test_an_unknown_order_is_named(shop: Shop) -> None:
    """A typing mistake changes nothing."""
    with pytest.raises(ConfigError, match="000-0"):
        edit_shipment(shop.desk, OrderId("000-0"), HEAVIER)
