"""Rithum's part of the control side: the truth about its orders, and what may be done to them.

POST /_sandbox/rithum     {"add": [story, …] or a number, "cancel": [id, …],
                           "remove_buyers": [id, …], "quirks": {…}}
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from primetui.sandbox.rithum.records import Order, Sending
from primetui.sandbox.rithum.seed import Seeder, Story
from primetui.sandbox.rithum.wire import Json, moment
from primetui.sandbox.rithum.world import Quirks, RithumWorld


class RithumWish(BaseModel):
    """Which orders of Rithum's to add or change, and how it is to behave."""

    model_config = ConfigDict(extra="forbid")

    add: int | tuple[Story, ...] = Field(default=0)
    cancel: tuple[int, ...] = ()
    remove_buyers: tuple[int, ...] = ()
    quirks: dict[str, Any] | None = None


class RithumControl:
    """What the control side may ask of Rithum and do to it."""

    def __init__(self, rithum: RithumWorld, seeder: Seeder) -> None:
        self._rithum = rithum
        self._seeder = seeder

    def state(self, wanted: str | None) -> Json:
        """Tell the truth about every order, or about those of one site's id."""
        orders = self._rithum.orders.values()
        return {
            "quirks": self._rithum.quirks.model_dump(),
            "orders": [self._order(o) for o in orders if wanted in {None, o.site_order_id}],
        }

    def change(self, wish: RithumWish) -> Json:
        """Add, cancel and change orders, then take on quirks; a KeyError names what is missing."""
        rithum, now = self._rithum, self._rithum.now()
        touched = [rithum.orders[number] for number in (*wish.cancel, *wish.remove_buyers)]
        stories = (Story(),) * wish.add if isinstance(wish.add, int) else wish.add
        added = [self._seeder.make(story, now) for story in stories]
        for order in added:
            rithum.add(order)
        for number in wish.cancel:
            rithum.orders[number].shipping = "Canceled"
        for number in wish.remove_buyers:
            rithum.orders[number].removed_at = now
        for order in touched:
            order.updated = now
        if wish.quirks is not None:
            rithum.quirks = Quirks.model_validate(rithum.quirks.model_dump() | wish.quirks)
        return {
            "added": [{"id": order.id, "site_order_id": order.site_order_id} for order in added],
            "quirks": rithum.quirks.model_dump(),
        }

    def _order(self, order: Order) -> Json:
        now = self._rithum.now()
        return {
            "id": order.id,
            "site": order.site.name,
            "site_account_id": order.site.account_id,
            "site_order_id": order.site_order_id,
            "requested_class": order.requested_class,
            "shipping_status": order.shipping_status(now),
            "exported": order.exported,
            "exports": len(order.exports),
            "shipments": [_sending(sending, order) for sending in order.sendings],
        } | {"statuses": [sending.marketplace_status(now) for sending in order.sendings]}


def _sending(sending: Sending, order: Order) -> Json:
    names = {line.item_id: line.site_item_id for line in order.lines}
    return {
        "id": sending.fulfillment_id,
        "carrier": sending.carrier,
        "class": sending.shipping_class,
        "tracking": sending.tracking,
        "reference": sending.reference,
        "prevented": sending.prevented,
        "received": [moment(at) for at in sending.received],
        "items": {names.get(k) or str(k): quantity for k, quantity in sending.contents.items()},
    }
