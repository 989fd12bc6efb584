"""The control side: see what happened, set faults, move time, add, change and cancel orders.

GET  /_sandbox/credentials  the stores to connect and what opens them
GET  /_sandbox/state      everything, or one order with ?order=ID
POST /_sandbox/faults     a list of faults to arm (an empty list disarms all); see `faults`
POST /_sandbox/clock      {"advance_seconds": 60} or {"now": "2026-11-23T12:00:00Z"}
POST /_sandbox/orders     {"add": [story, …] or a number, "cancel": [id, …],
                           "request_cancellation": [id, …], "readdress": {id: {"city": …}}}
POST /_sandbox/rithum     the same for Rithum; see `rithum.control`
POST /_sandbox/settings   {"limits": …, "refuses_late": …, "sells_twice": …,
                           "drops_unknown_carriers": …, "unavailable_carriers": [id, …],
                           "rejects_refunds": …}
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from primetui.sandbox.faults import Fault
from primetui.sandbox.offers import Label
from primetui.sandbox.records import EXTERNAL, Order
from primetui.sandbox.rithum.branch import Branch
from primetui.sandbox.rithum.control import RithumWish
from primetui.sandbox.seed import Seeder, Story
from primetui.sandbox.stores import credentials_of
from primetui.sandbox.wire import Json, instant
from primetui.sandbox.world import World


class _Wish(BaseModel):
    """A checked body of the control side."""

    model_config = ConfigDict(extra="forbid")


class ClockWish(_Wish):
    """How to move time; `now` first, then `advance_seconds`."""

    now: AwareDatetime | None = None
    advance_seconds: float = 0


class SettingsWish(_Wish):
    """Which settings to change."""

    limits: bool | None = None
    refuses_late: bool | None = None
    sells_twice: bool | None = None
    drops_unknown_carriers: bool | None = None
    unavailable_carriers: tuple[str, ...] | None = None
    rejects_refunds: bool | None = None


class AddressWish(_Wish):
    """Which parts of a ship-to the buyer corrected."""

    name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None


class OrdersWish(_Wish):
    """Which orders to add, cancel or change."""

    add: int | tuple[Story, ...] = Field(default=0)
    cancel: tuple[str, ...] = ()
    request_cancellation: tuple[str, ...] = ()
    readdress: dict[str, AddressWish] = Field(default_factory=dict)


_EARLIEST, _LATEST = 2000, 2199
_FAULTS = TypeAdapter(tuple[Fault, ...])
_CLOCK = TypeAdapter(ClockWish)
_ORDERS = TypeAdapter(OrdersWish)
_SETTINGS = TypeAdapter(SettingsWish)
_RITHUM = TypeAdapter(RithumWish)


class Control:
    """The control side of one world."""

    def __init__(self, world: World, seeder: Seeder, rithum: Branch) -> None:
        self._world = world
        self._seeder = seeder
        self._rithum = rithum

    def routes(self) -> list[Route]:
        """List the control paths."""
        return [
            Route("/_sandbox/credentials", self.credentials, methods=["GET"]),
            Route("/_sandbox/state", self.state, methods=["GET"]),
            Route("/_sandbox/faults", self._post(_FAULTS, self._arm), methods=["POST"]),
            Route("/_sandbox/clock", self._post(_CLOCK, self._move), methods=["POST"]),
            Route("/_sandbox/orders", self._post(_ORDERS, self._change), methods=["POST"]),
            Route(
                "/_sandbox/rithum",
                self._post(_RITHUM, self._rithum.control.change),
                methods=["POST"],
            ),
            Route("/_sandbox/settings", self._post(_SETTINGS, self._set), methods=["POST"]),
        ]

    async def credentials(self, _request: Request) -> Response:
        """Hand out what opens the stores: in a sandbox nothing is worth hiding."""
        return _json(credentials_of(self._world.stores, *self._rithum.offered()))

    async def state(self, request: Request) -> Response:
        """Tell the truth about everything, or about one order."""
        world, wanted = self._world, request.query_params.get("order")
        orders = [o for o in world.orders.values() if wanted in {None, o.order_id}]
        return _json(
            {
                "now": instant(world.now()),
                "settings": asdict(world.settings),
                "calls": dict(world.calls),
                "charges": _total(world.labels.values()),
                "faults": [fault.model_dump(mode="json") for fault in world.faults.armed()],
                "orders": [self._order(order) for order in orders],
                "external": [
                    _label(label)
                    for label in world.labels.values()
                    if label.order.story == EXTERNAL
                ],
                "rithum": self._rithum.control.state(wanted),
            }
        )

    def _order(self, order: Order) -> Json:
        now, labels = self._world.now(), self._world.labels_of(order)
        return {
            "order_id": order.order_id,
            "store": order.store.name,
            "story": order.story,
            "prime": order.prime,
            "status": order.status(now),
            "live_labels": sum(label.live for label in labels),
            "charges": _total(labels),
            "labels": [_label(label) for label in labels],
            "confirmations": [_plain(asdict(each)) for each in order.confirmations],
            "parcels": [_plain(asdict(each)) for each in order.parcels],
        }

    def _post(self, shape: TypeAdapter[Any], act: Callable[[Any], Json]) -> Callable[..., Any]:
        async def handle(request: Request) -> Response:
            if request.headers.get("content-type", "").partition(";")[0] != "application/json":
                return _json({"error": "The body must be application/json."}, 415)
            try:
                wish = shape.validate_json(await request.body())
                return _json(act(wish))
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                return _json({"error": f"{first['loc']}: {first['msg']}"}, 400)
            except KeyError as missing:
                return _json({"error": f"No order {missing}."}, 404)
            except (ValueError, OverflowError) as error:
                return _json({"error": str(error)}, 400)

        return handle

    def _arm(self, faults: tuple[Fault, ...]) -> Json:
        if faults:
            self._world.faults.arm(faults)
        else:
            self._world.faults.disarm()
        return {"faults": [fault.model_dump(mode="json") for fault in self._world.faults.armed()]}

    def _move(self, wish: ClockWish) -> Json:
        moment = (wish.now or self._world.now()) + timedelta(seconds=wish.advance_seconds)
        if not _EARLIEST <= moment.year <= _LATEST:
            raise ValueError(f"time stays between the years {_EARLIEST} and {_LATEST}")
        self._world.clock.set(moment)
        return {"now": instant(self._world.now())}

    def _set(self, wish: SettingsWish) -> Json:
        for name, value in wish.model_dump(exclude_none=True).items():
            setattr(self._world.settings, name, value)
        return {"settings": asdict(self._world.settings)}

    def _change(self, wish: OrdersWish) -> Json:
        world, now = self._world, self._world.now()
        stories = (Story(),) * wish.add if isinstance(wish.add, int) else wish.add
        named = {*wish.cancel, *wish.request_cancellation, *wish.readdress}
        touched = {name: world.orders[name] for name in named}
        added = [self._seeder.make(story, now) for story in stories]
        for order in added:
            world.add(order)
        for name in wish.cancel:
            touched[name].base_status = "CANCELLED"
        for name in wish.request_cancellation:
            touched[name].items[0].cancel_reason = "Buyer asked to cancel"
        for name, address in wish.readdress.items():
            changes = address.model_dump(exclude_none=True)
            touched[name].place = replace(touched[name].place, **changes)
        for order in touched.values():
            order.updated = now
        return {"added": [order.order_id for order in added], "changed": sorted(touched)}


def _label(label: Label) -> Json:
    return {
        "shipment_id": label.shipment_id,
        "live": label.live,
        "carrier": label.parcel.carrier,
        "service": label.parcel.service,
        "service_id": label.offer.service.id,
        "tracking": label.parcel.tracking,
        "charge": str(label.charge),
        "currency": label.order.store.currency,
        "confirmations": list(label.confirmations),
        "format": label.specification.format,
        "late": label.offer.late_for(label.order),
        "bought": instant(label.bought),
        "cancelled": instant(label.parcel.cancelled) if label.parcel.cancelled else None,
    }


def _total(labels: Iterable[Label]) -> dict[str, str]:
    """Add up what standing labels cost, by currency; a cancelled label is refunded."""
    sums: dict[str, Decimal] = {}
    for label in labels:
        if label.live:
            unit = label.order.store.currency
            sums[unit] = sums.get(unit, Decimal()) + label.charge
    return {unit: str(amount) for unit, amount in sums.items()}


def _plain(record: Json) -> Json:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return instant(value)
        return [plain(each) for each in value] if isinstance(value, list) else value

    return {name: plain(value) for name, value in record.items()}


def _json(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, media_type="application/json")
