"""The outbox: every label Amazon did not sell is confirmed exactly once, whatever fails (R10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from primetui.domain.clearance import Refusal
from primetui.domain.notice import Notice, NoticeState
from primetui.domain.store import Store
from primetui.errors import ConfigError
from primetui.ports import Marketplace
from primetui.usecases.confirm_shipments import confirm_shipments, outbox, retry_notices
from primetui.usecases.manage_stores import StoreChanges, edit_store, remove_store
from primetui.usecases.purchase_label import Purchased, purchase_label
from tests.shop import PLENTY, Shop
from tests.usecases.outbox import TRACKING, confirmed, notice, recorded

QUEUED, SENT, VERIFIED, FAILED, WITHDRAWN = NoticeState


def test_R10_another_carriers_label_is_confirmed_once_and_verified(shop: Shop) -> None:
    """Queued with the label, sent at once, believed when Amazon lists it; then nothing more."""
    order_id = recorded(shop)
    assert [QUEUED] == [one.state for one in outbox(shop.desk)]

    (sent,) = confirm_shipments(shop.desk)
    assert () == confirm_shipments(shop.desk)
    shop.clock.advance(minutes=10)
    (verified,) = confirm_shipments(shop.desk)
    shop.clock.advance(days=1)

    assert (SENT, VERIFIED) == (sent.notice.state, verified.notice.state)
    assert () == confirm_shipments(shop.desk)
    assert () == outbox(shop.desk)
    assert [(TRACKING, 1)] == confirmed(shop, order_id)
    assert "SHIPPED" == shop.truth(order_id)["status"]
    assert () == shop.desk.repository.check().problems


def test_R10_amazons_own_label_has_no_notice(shop: Shop) -> None:
    """Amazon knows of it by itself: nothing is queued and nothing is sent, ever."""
    order_id = shop.imported()
    assert isinstance(shop.buy(order_id), Purchased)
    shop.clock.advance(days=1)

    assert () == shop.desk.repository.notices(order_id)
    assert () == confirm_shipments(shop.desk)
    assert 0 == shop.calls("confirmShipment")


def test_R10_no_delay_can_be_set_for_amazons_own_label(shop: Shop) -> None:
    """Asking for one is refused with the reason, before any call; the store's is ignored."""
    order_id = shop.imported()
    store = shop.desk.repository.stores()[0]
    edit_store(shop.desk, store.id, StoreChanges(notify_after=timedelta(hours=2)))
    rate_id = shop.quotes(order_id).allowed[0].rate.id
    calls = shop.calls("getOrder")

    refused = purchase_label(
        shop.desk, order_id, rate_id, max_charge=PLENTY["USD"], notify_after=timedelta(hours=2)
    )

    assert isinstance(refused, Refusal)
    assert ["PRM309"] == [violation.code for violation in refused.violations]
    assert calls == shop.calls("getOrder")
    assert isinstance(shop.buy(order_id, rate_id), Purchased)
    assert () == outbox(shop.desk)


@pytest.mark.parametrize(
    ("asked", "usual", "hours"),
    [(None, 0, 0), (None, 3, 3), (2, 0, 2), (2, 3, 2), (0, 3, 0)],
)
def test_R10_a_delay_holds_the_notice_to_its_second(
    shop: Shop, asked: int | None, usual: int, hours: int
) -> None:
    """What was asked for counts, else the store's setting; a second before nothing is sent."""
    store = shop.desk.repository.stores()[0]
    edit_store(shop.desk, store.id, StoreChanges(notify_after=timedelta(hours=usual)))
    wish = None if asked is None else timedelta(hours=asked)
    order_id = recorded(shop, notify_after=wish)

    if hours:
        shop.clock.advance(hours=hours, seconds=-1)
        assert () == confirm_shipments(shop.desk)
        assert [] == confirmed(shop, order_id)
        shop.clock.advance(seconds=1)
    (sent,) = confirm_shipments(shop.desk)

    assert SENT is sent.notice.state


FAULTS = [
    ("lost_after_effect", {}),
    ("lost_before_effect", {}),
    ("reset", {}),
    ("reset", {"after_effect": True}),
    ("error_500", {}),
    ("error_500", {"after_effect": True}),
    ("error_503", {}),
    ("error_503", {"after_effect": True}),
    ("html", {}),
    ("html", {"after_effect": True}),
    ("garbled", {}),
    ("truncated", {}),
    ("wrong_types", {}),
    ("throttle", {}),
    ("throttle", {"retry_after": 5}),
    ("expired_token", {}),
    ("slow", {"delay_seconds": 0.1}),
    ("late_listing", {"delay_seconds": 900}),
    ("clock_skew", {}),
    ("lost_after_effect", {"listing_delay_seconds": 900}),
]


@pytest.mark.parametrize(("kind", "options"), FAULTS, ids=str)
def test_R10_whatever_goes_wrong_amazon_ends_with_one_package(
    shop: Shop, kind: str, options: dict[str, object]
) -> None:
    """Every fault of the menu heals by itself: one package, the right tracking, verified."""
    order_id = recorded(shop)
    shop.fault("confirmShipment", kind, **options)

    for _ in range(8):
        confirm_shipments(shop.desk)
        shop.clock.advance(minutes=10)

    assert VERIFIED is notice(shop, order_id).state
    assert [TRACKING] == [tracking for tracking, _ in confirmed(shop, order_id)]
    assert [TRACKING] == [parcel["tracking"] for parcel in shop.truth(order_id)["parcels"]]


@pytest.mark.parametrize(("kind", "code"), [("expired_offer", 400), ("duplicate_shipment", 400)])
def test_R10_a_refusal_needs_a_person_and_is_retried_by_hand(
    shop: Shop, kind: str, code: int
) -> None:
    """Waiting would not help: it stays in the queue with Amazon's words until somebody asks."""
    order_id = recorded(shop)
    shop.fault("confirmShipment", kind)
    (failed,) = confirm_shipments(shop.desk)
    shop.clock.advance(days=2)

    assert FAILED is failed.notice.state
    assert f"HTTP {code}" in failed.notice.reason
    assert () == confirm_shipments(shop.desk)
    assert [FAILED] == [one.state for one in outbox(shop.desk)]

    retry_notices(shop.desk, order_id)
    (sent,) = confirm_shipments(shop.desk)

    assert SENT is sent.notice.state
    assert [(TRACKING, 1)] == confirmed(shop, order_id)


def test_R10_credentials_that_no_longer_hold_need_a_person(shop: Shop) -> None:
    """Amazon turns every token down: it says so, and does not go on knocking."""
    recorded(shop)
    shop.fault("confirmShipment", "expired_token", nth="every")

    (failed,) = confirm_shipments(shop.desk)
    shop.clock.advance(days=1)

    assert FAILED is failed.notice.state
    assert "credentials" in failed.notice.reason
    assert () == confirm_shipments(shop.desk)


def test_R10_a_refusal_after_an_unseen_sending_is_no_failure(shop: Shop) -> None:
    """The first sending arrived unseen, the second is refused: the package is listed, so all is well."""
    order_id = recorded(shop)
    shop.fault("confirmShipment", "lost_after_effect")
    confirm_shipments(shop.desk)
    shop.clock.advance(minutes=1)
    shop.fault("confirmShipment", "duplicate_shipment")

    (result,) = confirm_shipments(shop.desk)

    assert VERIFIED is result.notice.state
    assert [(TRACKING, 1)] == confirmed(shop, order_id)


def test_R10_the_pause_grows_while_amazon_is_away(shop: Shop) -> None:
    """A minute, two, four: a second before each nothing is sent."""
    order_id = recorded(shop)
    shop.fault("confirmShipment", "error_503", nth="every")
    confirm_shipments(shop.desk)

    for minutes in (1, 2, 4, 8):
        shop.clock.advance(minutes=minutes, seconds=-1)
        assert () == confirm_shipments(shop.desk)
        shop.clock.advance(seconds=1)
        confirm_shipments(shop.desk)

    off = notice(shop, order_id)
    assert (QUEUED, 5) == (off.state, off.attempts)
    assert 5 == shop.calls("confirmShipment")
    assert "503" in off.reason


@pytest.mark.parametrize(
    ("asked", "minutes"), [(5, 1), (300, 5), (3600, 60), (3601, 60), (1e300, 60)]
)
def test_R10_a_pause_that_amazon_asks_for_is_kept_within_reason(
    shop: Shop, asked: float, minutes: int
) -> None:
    """A longer wish than our own pause counts, up to an hour: no header puts it off for ever."""
    order_id = recorded(shop)
    shop.fault("confirmShipment", "throttle", retry_after=asked)

    confirm_shipments(shop.desk)

    assert shop.clock.now() + timedelta(minutes=minutes) == notice(shop, order_id).next_at


def test_R10_a_dropped_notice_says_so_and_goes_out_under_another_name(shop: Shop) -> None:
    """204 and nothing listed: after three looks a person renames the carrier, and it is one package."""
    order_id = recorded(shop, carrier="Canada Post")
    confirm_shipments(shop.desk)
    for _ in range(3):
        shop.clock.advance(minutes=10)
        confirm_shipments(shop.desk)

    looked = notice(shop, order_id)
    assert FAILED is looked.state
    assert "dropped it: the carrier code is not one it knows" in looked.reason
    assert [] == shop.truth(order_id)["parcels"]

    retry_notices(shop.desk, order_id, carrier="Maple Post")
    confirm_shipments(shop.desk)
    shop.clock.advance(minutes=10)
    (verified,) = confirm_shipments(shop.desk)

    assert VERIFIED is verified.notice.state
    assert ["Maple Post"] == [parcel["carrier"] for parcel in shop.truth(order_id)["parcels"]]


def test_R10_a_look_that_fails_says_nothing(shop: Shop) -> None:
    """While the order cannot be read the notice stays taken, however often that is tried."""
    order_id = recorded(shop)
    confirm_shipments(shop.desk)
    shop.fault("getOrder", "error_503", nth="every")
    for _ in range(5):
        shop.clock.advance(minutes=10)
        confirm_shipments(shop.desk)

    unseen = notice(shop, order_id)
    assert (SENT, 0) == (unseen.state, unseen.looks)
    assert "cannot be read" in unseen.reason


class Killed(BaseException):
    """The process is gone."""


def dying(opened: Callable[[Store], Marketplace]) -> Any:
    """Open a marketplace that is told, and whose teller dies before it can write that down."""

    class Dying:
        def __init__(self, store: Store) -> None:
            self.inner = opened(store)

        def confirm(self, told: Notice) -> None:
            self.inner.confirm(told)
            raise Killed

    return Dying


def test_R10_a_killed_sender_leaves_a_notice_that_is_sent_again(shop: Shop) -> None:
    """Counted before it is made: whoever comes next edits the same package, after the pause."""
    order_id = recorded(shop)

    with pytest.raises(Killed):
        confirm_shipments(replace(shop.desk, marketplace=dying(shop.desk.marketplace)))
    assert (QUEUED, 1) == (notice(shop, order_id).state, notice(shop, order_id).attempts)
    assert () == confirm_shipments(shop.desk)

    shop.clock.advance(minutes=1)
    confirm_shipments(shop.desk)

    assert [(TRACKING, 2)] == confirmed(shop, order_id)
    assert 1 == len(shop.truth(order_id)["parcels"])


def test_R10_two_operators_send_it_once(shop: Shop) -> None:
    """While somebody holds the order the other leaves its notice alone, and says who it is."""
    order_id = recorded(shop)

    with shop.desk.repository.lease(order_id, "Ada"):
        (held,) = confirm_shipments(replace(shop.desk, operator="Bob"))

    assert "Ada" in held.busy
    assert 0 == shop.calls("confirmShipment")


def test_R10_one_orders_trouble_is_not_anothers(shop: Shop) -> None:
    """The first fails, the second goes out; naming an order works on it alone."""
    first = recorded(shop)
    second = recorded(shop, tracking_id="1Z2")
    third = recorded(shop, tracking_id="1Z3")
    shop.fault("confirmShipment", "duplicate_shipment")

    one = confirm_shipments(shop.desk, first)
    rest = confirm_shipments(shop.desk, second)

    assert [(first, FAILED)] == [(h.notice.order_id, h.notice.state) for h in one]
    assert [(second, SENT)] == [(h.notice.order_id, h.notice.state) for h in rest]
    assert QUEUED is notice(shop, third).state


def test_R10_an_order_cancelled_meanwhile_is_refused_in_amazons_words(shop: Shop) -> None:
    """Nothing is listed, the reason is Amazon's, and a person decides."""
    order_id = recorded(shop)
    shop.control("orders", {"cancel": [order_id]})

    (failed,) = confirm_shipments(shop.desk)

    assert FAILED is failed.notice.state
    assert "current status" in failed.notice.reason


def test_R10_a_removed_store_is_named(shop: Shop) -> None:
    """Without the store nobody can be told; added again, it can be sent again."""
    recorded(shop)
    remove_store(shop.desk, shop.desk.repository.stores()[0].id)

    (failed,) = confirm_shipments(shop.desk)

    assert FAILED is failed.notice.state
    assert "store was removed" in failed.notice.reason


def test_R10_a_delayed_notice_goes_out_at_once_when_a_person_names_it(shop: Shop) -> None:
    """The delay was the merchant's own wish; without a name it stays."""
    order_id = recorded(shop, notify_after=timedelta(hours=2))
    with pytest.raises(ConfigError, match="no notice to send again"):
        retry_notices(shop.desk)

    retry_notices(shop.desk, order_id)
    (sent,) = confirm_shipments(shop.desk)

    assert SENT is sent.notice.state


def test_R10_there_must_be_something_to_send_again(shop: Shop) -> None:
    """What was taken is not sent again by hand, and a new name wants an order."""
    order_id = recorded(shop)
    confirm_shipments(shop.desk)

    with pytest.raises(ConfigError, match="no notice to send again"):
        retry_notices(shop.desk, order_id)
    with pytest.raises(ConfigError, match="name both"):
        retry_notices(shop.desk, carrier="Evri")


def test_R10_every_step_is_in_the_audit_log(shop: Shop) -> None:
    """Queued, sent, taken, verified: who and when, without a person's data."""
    order_id = recorded(shop)
    confirm_shipments(shop.desk)
    shop.clock.advance(minutes=10)
    confirm_shipments(shop.desk)

    actions = [e.action for e in shop.desk.repository.audit(order_id)]
    assert [
        "label bought",
        "notice queued",
        "notice sent",
        "notice taken",
        "notice verified",
    ] == actions
