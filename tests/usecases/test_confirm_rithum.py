"""What Rithum is told of labels, aloud or in silence, and what then comes of it (R10, R19)."""

from typing import Any

import pytest

from primetui.domain.label import Label
from primetui.domain.notice import Notice, NoticeState
from primetui.domain.shipment import OrderId
from primetui.domain.store import CarrierClass, StoreId, StoreKind
from primetui.errors import ConfigError
from primetui.usecases.confirm_shipments import confirm_shipments, retry_notices
from primetui.usecases.import_orders import import_orders
from primetui.usecases.map_carrier_class import map_carrier_class, unmap_carrier_class
from primetui.usecases.purchase_label import Purchased
from primetui.usecases.void_label import Voided, void_label
from tests.shop import Shop
from tests.usecases.outbox import TRACKING, confirmed, recorded
from tests.usecases.test_import_rithum import at_rithum, both, rithums


@pytest.fixture
def rithum(empty_shop: Shop) -> Shop:
    """Connect Rithum alone."""
    empty_shop.connect_rithum()
    return empty_shop


def only_at_rithum(shop: Shop, **told: Any) -> OrderId:
    """Import an order that only Rithum has."""
    order_id = at_rithum(shop, **told)
    import_orders(shop.desk)
    return order_id


def states(shop: Shop, order_id: str) -> list[tuple[bool, NoticeState]]:
    """Say of each notice of an order whether it is silent, and how far it is."""
    notices = shop.desk.repository.notices(OrderId(order_id))
    return [(notice.silent, notice.state) for notice in notices]


def told(shop: Shop, order_id: str) -> list[tuple[str, str, str, bool]]:
    """Ask what Rithum was told of an order."""
    return [
        (one["carrier"], one["class"], one["tracking"], one["prevented"])
        for one in rithums(shop, order_id)["shipments"]
    ]


def worked(shop: Shop, rounds: int = 1) -> None:
    """Work the outbox, and again after each pause."""
    for _ in range(rounds):
        confirm_shipments(shop.desk)
        shop.clock.advance(minutes=11)


def test_R10_R19_a_label_of_another_carrier_is_told_to_rithum_once(rithum: Shop) -> None:
    """R10 R19: aloud, so that Rithum tells the marketplace; verified once that knows."""
    order_id = recorded(rithum, only_at_rithum(rithum))
    assert [(False, NoticeState.QUEUED)] == states(rithum, order_id)

    worked(rithum)
    assert [(False, NoticeState.SENT)] == states(rithum, order_id)
    worked(rithum)

    assert [(False, NoticeState.VERIFIED)] == states(rithum, order_id)
    assert [("UPS", "GROUND", TRACKING, False)] == told(rithum, order_id)
    worked(rithum, 3)
    assert 1 == rithum.calls("rithumShip")


def test_R19_taken_is_not_told_while_the_marketplace_lags(rithum: Shop) -> None:
    """R19: Rithum's list alone proves nothing; looking goes on for as long as it takes."""
    rithum.control("rithum", {"quirks": {"told_after_seconds": 3600}})
    order_id = recorded(rithum, only_at_rithum(rithum))
    worked(rithum, 5)
    assert [(False, NoticeState.SENT)] == states(rithum, order_id)

    worked(rithum, 3)

    assert [(False, NoticeState.VERIFIED)] == states(rithum, order_id)


def test_R19_a_marketplace_that_turns_it_down_is_an_alarm(rithum: Shop) -> None:
    """R19: a person is asked; sent again, the same parcel is told once more."""
    rithum.control("rithum", {"quirks": {"marketplace_refuses": True}})
    order_id = recorded(rithum, only_at_rithum(rithum))
    worked(rithum, 2)
    (notice,) = rithum.desk.repository.notices(order_id)
    assert (NoticeState.FAILED, True) == (notice.state, "turned it down" in notice.reason)

    rithum.control("rithum", {"quirks": {"marketplace_refuses": False}})
    retry_notices(rithum.desk, order_id)
    worked(rithum, 2)

    assert [(False, NoticeState.VERIFIED)] == states(rithum, order_id)
    assert 1 == len(told(rithum, order_id))


def test_R19_an_invalid_carrier_waits_for_its_mapping(rithum: Shop) -> None:
    """R19: failed with the remedy; a mapping sends it, and everything after it."""
    first = recorded(rithum, only_at_rithum(rithum), carrier="OnTrac", service="Ground")
    other = recorded(rithum, only_at_rithum(rithum), carrier="Pigeon", service="Express")
    worked(rithum)
    (notice,) = rithum.desk.repository.notices(first)
    assert NoticeState.FAILED is notice.state
    assert "Carrier and Class is invalid." in notice.reason
    assert "map 'OnTrac' 'Ground'" in notice.reason

    store = rithum.desk.repository.stores()[0]
    mapping = CarrierClass(carrier="OnTrac", remote_carrier="UPS", remote_class="GROUND")
    map_carrier_class(rithum.desk, store.id, mapping)
    worked(rithum, 2)
    later = recorded(rithum, only_at_rithum(rithum), carrier="ontrac", service="Sunrise")
    worked(rithum, 2)

    assert [
        [(False, NoticeState.VERIFIED)],
        [(False, NoticeState.FAILED)],
        [(False, NoticeState.VERIFIED)],
    ] == [states(rithum, one) for one in (first, other, later)]
    assert [("UPS", "GROUND", TRACKING, False)] == told(rithum, first)


def test_a_mapping_replaces_the_one_of_the_same_service_and_can_be_taken_back(
    rithum: Shop,
) -> None:
    """Letters' case does not make another service; the service's own line wins."""
    store = rithum.desk.repository.stores()[0]
    for service, remote in (("", "MI"), ("Ground", "GROUND"), ("GROUND", "2DAY")):
        mapping = CarrierClass(
            carrier=" UPS ", service=service, remote_carrier="UPS", remote_class=remote
        )
        store = map_carrier_class(rithum.desk, store.id, mapping)

    found = [store.carrier_class("ups", service) for service in ("ground", "Express")]
    assert ["2DAY", "MI"] == [one.remote_class for one in found if one]
    left = unmap_carrier_class(rithum.desk, store.id, "ups", "ground")
    again = left.carrier_class("UPS", "Ground")
    assert again is not None
    assert again.remote_class == "MI"
    with pytest.raises(ConfigError, match="Nothing is mapped"):
        unmap_carrier_class(rithum.desk, store.id, "ups", "ground")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"carrier": "   "}, "carrier"),
        ({"remote_class": "x" * 81}, "remote_class"),
        ({"remote_carrier": "\x1b[2J"}, "remote_carrier"),
    ],
)
def test_a_mapping_that_cannot_be_sent_is_refused(
    rithum: Shop, changes: dict[str, str], word: str
) -> None:
    """Blank, endless or unprintable words are named, and nothing is kept."""
    store = rithum.desk.repository.stores()[0]
    good = CarrierClass(carrier="A", remote_carrier="B", remote_class="C")

    with pytest.raises(ConfigError, match=word):
        map_carrier_class(rithum.desk, store.id, good.model_copy(update=changes))

    assert rithum.desk.repository.stores()[0].carrier_classes == ()


def test_only_a_store_of_rithums_has_a_mapping(shop: Shop) -> None:
    """Amazon's own carriers are a file of ours; a removed store is said so."""
    mapping = CarrierClass(carrier="A", remote_carrier="B", remote_class="C")
    amazon = shop.desk.repository.stores()[0]

    with pytest.raises(ConfigError, match="no store of Rithum's"):
        map_carrier_class(shop.desk, amazon.id, mapping)
    with pytest.raises(ConfigError, match="removed"):
        map_carrier_class(shop.desk, StoreId("gone"), mapping)


def bought(shop: Shop, order_id: OrderId) -> Label:
    """Buy a label of Amazon's, of a carrier that Rithum knows."""
    rithum = next(s for s in shop.desk.repository.stores() if s.kind is StoreKind.RITHUM)
    mapping = CarrierClass(carrier="USPS", remote_carrier="USPS", remote_class="PRIORITY")
    map_carrier_class(shop.desk, rithum.id, mapping)
    result = shop.buy(order_id)
    assert isinstance(result, Purchased), result
    return result.label


def test_R19_a_label_amazon_sold_is_told_to_rithum_in_silence(shop: Shop) -> None:
    """R19 R10: Rithum writes it down, Amazon is confirmed nothing, nobody hears of it twice."""
    shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    label = bought(shop, order_id)
    assert [(True, NoticeState.QUEUED)] == states(shop, order_id)

    worked(shop, 2)

    assert [(True, NoticeState.VERIFIED)] == states(shop, order_id)
    assert [(label.tracking_id, True)] == [(one[2], one[3]) for one in told(shop, order_id)]
    assert confirmed(shop, order_id) == []
    assert 1 == shop.truth(order_id)["live_labels"]


def test_R19_a_label_of_another_carrier_is_told_to_amazon_aloud_and_to_rithum_in_silence(
    shop: Shop,
) -> None:
    """R10: exactly one confirmation reaches Amazon, however many stores have the order."""
    shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    recorded(shop, order_id)
    worked(shop, 2)

    assert [(True, NoticeState.VERIFIED), (False, NoticeState.VERIFIED)] == states(shop, order_id)
    assert [(TRACKING, 1)] == confirmed(shop, order_id)
    assert [("UPS", "GROUND", TRACKING, True)] == told(shop, order_id)


def test_R10_R19_void_and_relabel_corrects_what_rithum_has(shop: Shop) -> None:
    """R10: the new tracking takes the place of the old one; the voided label closes nothing."""
    shop.connect_rithum()
    order_id = both(shop)
    import_orders(shop.desk)
    bought(shop, order_id)
    worked(shop, 2)
    assert isinstance(void_label(shop.desk, order_id), Voided)
    import_orders(shop.desk)
    again = bought(shop, order_id)
    worked(shop, 3)

    assert [again.tracking_id] == [one[2] for one in told(shop, order_id)]
    assert [(True, NoticeState.VERIFIED)] * 2 == states(shop, order_id)


@pytest.mark.parametrize("kind", ["lost_before_effect", "lost_after_effect", "error_503", "reset"])
def test_R19_a_telling_whose_answer_is_lost_is_made_good(rithum: Shop, kind: str) -> None:
    """R19: Ship once: what arrived is found before anything is sent again."""
    order_id = recorded(rithum, only_at_rithum(rithum))
    rithum.fault("rithumShip", kind, times=1)
    worked(rithum, 4)

    assert [(False, NoticeState.VERIFIED)] == states(rithum, order_id)
    assert 1 == len(told(rithum, order_id))


def test_R19_a_removed_rithum_store_is_for_a_person(rithum: Shop) -> None:
    """The notice says what to do; nothing is lost."""
    order_id = recorded(rithum, only_at_rithum(rithum))
    store = rithum.desk.repository.stores()[0]
    rithum.desk.repository.transact(lambda tx: tx.remove_store(store.id))
    worked(rithum)

    notices: tuple[Notice, ...] = rithum.desk.repository.notices(order_id)
    assert [(NoticeState.FAILED, True)] == [
        (one.state, "store was removed" in one.reason) for one in notices
    ]
