"""R19, R10: what Rithum is told of a parcel, once, whatever goes wrong on the way."""

from typing import Any

import pytest

from primetui.adapters.rithum.orders import CARRIER_INVALID, RithumMarketplace
from primetui.domain.order import Told
from primetui.domain.shipment import OrderId
from primetui.domain.store import CarrierClass
from primetui.errors import NoAnswer, Rejected, Throttled
from tests.adapters.rithum.counter import Rithum


def test_R19_a_shipment_is_marked_once_however_often_it_is_told(rithum: Rithum) -> None:
    """The second telling finds the parcel and sends nothing."""
    (name,) = rithum.add({"quantities": [2, 1]})
    notice = rithum.notice(name)
    rithum.marketplace.confirm(notice)
    rithum.marketplace.confirm(notice)

    (shipment,) = rithum.truth()[0]["shipments"]
    assert ("UPS", "GROUND", notice.tracking_id, notice.reference, False) == (
        shipment["carrier"],
        shipment["class"],
        shipment["tracking"],
        shipment["reference"],
        shipment["prevented"],
    )
    assert {item.item_id: item.quantity for item in notice.items} == shipment["items"]
    assert rithum.shop.calls("rithumShip") == 1
    assert rithum.shop.calls("rithumCorrect") == 0


def test_R19_a_silent_notice_forbids_telling_the_marketplace(rithum: Rithum) -> None:
    """Amazon knows of its own label: Rithum only writes it down."""
    (name,) = rithum.add({})
    rithum.marketplace.confirm(rithum.notice(name, silent=True))

    assert rithum.truth()[0]["shipments"][0]["prevented"]
    package = rithum.marketplace.order(OrderId(name)).packages[0]
    assert Told.DONE is package.told


def test_R10_another_label_takes_the_place_of_the_first(rithum: Rithum) -> None:
    """The same reference corrects what Rithum has: no second parcel."""
    (name,) = rithum.add({})
    first = rithum.notice(name)
    rithum.marketplace.confirm(first)
    rithum.marketplace.confirm(first.model_copy(update={"tracking_id": "1ZNEW"}))

    (shipment,) = rithum.truth()[0]["shipments"]
    assert ("1ZNEW", 2) == (shipment["tracking"], len(shipment["received"]))


def test_R19_a_shipment_its_marketplace_refused_is_told_again(rithum: Rithum) -> None:
    """Telling it once more is what is left; it is still one parcel."""
    (name,) = rithum.add({})
    notice = rithum.notice(name)
    rithum.quirks(marketplace_refuses=True)
    rithum.marketplace.confirm(notice)
    rithum.shop.clock.advance(minutes=2)
    assert Told.FAILED is rithum.marketplace.order(OrderId(name)).packages[0].told

    rithum.quirks(marketplace_refuses=False)
    rithum.marketplace.confirm(notice)
    rithum.shop.clock.advance(minutes=2)

    assert Told.DONE is rithum.marketplace.order(OrderId(name)).packages[0].told
    assert 1 == len(rithum.truth()[0]["shipments"])


def test_R19_an_unknown_carrier_asks_for_a_mapping(rithum: Rithum) -> None:
    """The words name both sides; a mapping kept at the store is used instead."""
    (name,) = rithum.add({})
    notice = rithum.notice(name, carrier="OnTrac", service="OnTrac Ground")
    with pytest.raises(Rejected, match="Fulfill > Carriers") as caught:
        rithum.marketplace.confirm(notice)
    assert CARRIER_INVALID == caught.value.remote_code
    assert "'OnTrac'" in str(caught.value)

    mapping = CarrierClass(carrier="ontrac", remote_carrier="UPS", remote_class="GROUND")
    mapped = rithum.store.model_copy(update={"carrier_classes": (mapping,)})
    RithumMarketplace(rithum.marketplace._client, mapped, rithum.shop.clock).confirm(notice)

    assert ["GROUND"] == [one["class"] for one in rithum.truth()[0]["shipments"]]


def test_a_packed_item_rithum_does_not_have_is_refused_unsent(rithum: Rithum) -> None:
    """The order changed over there: nothing is guessed."""
    (name,) = rithum.add({})
    notice = rithum.notice(name)
    odd = tuple(replace_id(item, "nobody's") for item in notice.items)
    with pytest.raises(Rejected, match="has no item"):
        rithum.marketplace.confirm(notice.model_copy(update={"items": odd}))

    assert rithum.shop.calls("rithumShip") == 0


def replace_id(item: Any, item_id: str) -> Any:
    """Give a packed item another id."""
    return item.model_copy(update={"item_id": item_id})


@pytest.mark.parametrize(
    ("kind", "error", "taken"),
    [
        ("lost_before_effect", NoAnswer, 0),
        ("lost_after_effect", NoAnswer, 1),
        ("error_500", NoAnswer, 0),
        ("throttle", Throttled, 0),
    ],
)
def test_R19_a_shipment_is_never_sent_again_by_itself(
    rithum: Rithum, kind: str, error: type[Exception], taken: int
) -> None:
    """Whatever comes back, one call was made; the next telling looks before it sends."""
    (name,) = rithum.add({})
    notice = rithum.notice(name)
    rithum.shop.fault("rithumShip", kind)
    with pytest.raises(error):
        rithum.marketplace.confirm(notice)
    assert (1, taken) == (rithum.shop.calls("rithumShip"), len(rithum.truth()[0]["shipments"]))

    rithum.marketplace.confirm(notice)

    assert 1 == len(rithum.truth()[0]["shipments"])
    assert 2 - taken == rithum.shop.calls("rithumShip")
