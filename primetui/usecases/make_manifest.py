"""Manifest: the form a carrier signs for a day's parcels, where whoever sold them makes one (R9)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from primetui.domain import violations as v
from primetui.domain.address import Address
from primetui.domain.clearance import Refusal
from primetui.domain.label import Label
from primetui.domain.rate import LabelSource
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreId
from primetui.errors import ConfigError, PortError
from primetui.ports import Desk, Paper, Writes
from primetui.usecases.open_record import entry, live_label, sold_with
from primetui.usecases.return_label import SELLERS

_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was made, and the labels it was made for."""

    carrier: str
    labels: tuple[Label, ...]
    paper: Paper


@dataclass(frozen=True, slots=True)
class NoForm:
    """A form that was not had, and why; asking again is safe."""

    carrier: str
    labels: tuple[Label, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Manifested:
    """What came of a day's parcels."""

    made: tuple[Form, ...]
    failed: tuple[NoForm, ...]
    left_out: tuple[v.NoManifest, ...]
    """By who sold them: how many are on no form of ours, and where theirs is made (R9)."""


@dataclass(frozen=True, slots=True)
class _Place:
    """One carrier that comes to one place for the parcels of one store."""

    store_id: StoreId
    carrier_id: str
    ship_from: Address


def labels_of_day(desk: Desk, day: date) -> tuple[Label, ...]:
    """List the live labels bought on a day of the account's own, and on no form yet."""
    zone = desk.repository.account().zone
    found = desk.repository.live_labels()
    return tuple(
        label
        for label in found
        if label.manifested_at is None and label.bought_at.astimezone(zone).date() == day
    )


def labels_of_orders(desk: Desk, order_ids: Sequence[OrderId]) -> tuple[Label, ...]:
    """List the live labels of orders; one that has none is a ConfigError."""
    found = {order_id: live_label(desk.repository.labels(order_id)) for order_id in order_ids}
    for order_id, label in found.items():
        if label is None:
            raise ConfigError(f"Order {order_id} has no label.")
    return tuple(label for label in found.values() if label is not None)


def make_manifest(desk: Desk, labels: Sequence[Label]) -> Manifested | Refusal:
    """Have the forms made for labels, one for each carrier and place; the others are counted.

    Refused where none of them can be on a form. The carrier puts all parcels on it that wait at
    that place, also those not named. Repeating it for the same labels gives the same forms.
    """
    if not labels:
        raise ConfigError("No label waits for a manifest.")
    ours = [label for label in labels if label.source is LabelSource.AMAZON_SHIPPING]
    left_out = tuple(_left_out(labels))
    if not ours:
        return Refusal(left_out)
    places: dict[_Place, list[Label]] = defaultdict(list)
    for label in ours:
        places[_place(desk, label)].append(label)
    results = [_make(desk, place, tuple(found)) for place, found in places.items()]
    return Manifested(
        made=tuple(one for one in results if isinstance(one, Form)),
        failed=tuple(one for one in results if isinstance(one, NoForm)),
        left_out=left_out,
    )


def _left_out(labels: Sequence[Label]) -> list[v.NoManifest]:
    """Count the labels nobody makes a form of here, by who sold them."""
    return [
        v.NoManifest(seller=seller, count=count, way=way)
        for source, (seller, way) in SELLERS.items()
        if source is not LabelSource.AMAZON_SHIPPING
        and (count := sum(label.source is source for label in labels))
    ]


def _place(desk: Desk, label: Label) -> _Place:
    """Find who fetches a label's parcel where, as the journal has it."""
    purchases = desk.repository.purchases(label.order_id)
    bought = next((one for one in purchases if one.id == label.purchase_id), None)
    if bought is None or bought.shipment.ship_from is None:
        raise ConfigError(f"Nobody can tell where the parcel of order {label.order_id} left from.")
    store = sold_with(desk.repository, label)
    return _Place(store.id, bought.rate.carrier_id, bought.shipment.ship_from)


def _make(desk: Desk, place: _Place, labels: tuple[Label, ...]) -> Form | NoForm:
    first = labels[0]
    key = sha256("\n".join(sorted(label.id for label in labels)).encode()).hexdigest()
    store = sold_with(desk.repository, first)
    try:
        provider = desk.provider(store, first.source, first.provider)
        paper = provider.manifest(place.carrier_id, place.ship_from, key[:_KEY_LENGTH])
    except PortError as error:
        return NoForm(first.carrier, labels, str(error))
    desk.repository.transact(lambda tx: _note(desk, tx, labels))
    return Form(first.carrier, labels, paper)


def _note(desk: Desk, tx: Writes, labels: Sequence[Label]) -> None:
    """Write on each label, as it is by now, that it is on a form."""
    for listed in labels:
        for label in tx.labels(listed.order_id):
            if label.id == listed.id:
                tx.put_label(label.model_copy(update={"manifested_at": desk.clock.now()}))
                tx.log(entry(desk, "manifest", label.order_id, label.tracking_id))
