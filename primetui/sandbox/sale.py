"""One label per order, whichever API sells it: the checks, the sale, and taking a label back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from primetui.sandbox.label_text import LabelText
from primetui.sandbox.offers import Label, Offer, Quote
from primetui.sandbox.records import Order, Parcel
from primetui.sandbox.specifications import Specification
from primetui.sandbox.tracking import NUMBERINGS
from primetui.sandbox.wire import Call, Json, Refused, instant, invalid
from primetui.sandbox.world import World

INCOMPATIBLE = "Selected service is not compatible with other settings"
CANCEL_WINDOW = timedelta(hours=24)
_BEFORE_END_OF_DAY = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What a seller agreed to buy."""

    quote: Quote
    offer: Offer
    specification: Specification
    confirmations: tuple[str, ...]
    shipment_id: str
    terms: Json = field(default_factory=dict)
    """What the API it was bought with repeats later."""


def sell(world: World, call: Call, deal: Deal) -> Label:
    """Sell a label that was checked: a parcel for the order, a charge for the seller."""
    quote, offer = deal.quote, deal.offer
    carrier, order = offer.carrier, quote.order
    parcel = Parcel(
        reference_id=order.next_reference(),
        created=call.now,
        carrier=carrier.name,
        service=offer.service.name,
        tracking=NUMBERINGS[carrier.numbering](next(world.serial)),
        contents=quote.contents,
        listed_from=call.now + call.listing_delay,
        shipped=offer.itinerary.pickup.latest,
        delivered=offer.itinerary.delivery.latest - _BEFORE_END_OF_DAY,
    )
    label = Label(
        shipment_id=deal.shipment_id,
        charge=sum((carrier.confirmations[name] for name in deal.confirmations), offer.charge),
        confirmations=deal.confirmations,
        bought=call.now,
        parcel=parcel,
        quote=quote,
        offer=offer,
        specification=deal.specification,
        terms=deal.terms,
    )
    order.parcels.append(parcel)
    world.keep(label)
    return label


def check_not_shipped(world: World, order: Order) -> None:
    """Refuse a second label while one stands, naming it."""
    if world.settings.sells_twice:
        return
    if live := world.live_label(order):
        raise shipment_exists(live.shipment_id)


def check_buyable(world: World, quote: Quote, call: Call) -> None:
    """Refuse a label for an order that cannot be shipped, or not yet."""
    order = quote.order
    check_not_shipped(world, order)
    if order.base_status != "UNSHIPPED":
        raise invalid(f"An order that is {order.status(call.now)} cannot be shipped.")
    if not world.settings.sells_twice and _gone(quote):
        raise invalid("One or more items have already shipped.")
    if order.label_from and call.now < order.label_from:
        raise invalid(f"Labels of this order can be printed from {instant(order.label_from)}.")


def _gone(quote: Quote) -> bool:
    still: Mapping[str, int] = {i.item_id: quote.order.open_quantity(i) for i in quote.order.items}
    return any(count > still[name] for name, count in quote.contents.items())


def check_compatible(world: World, quote: Quote, offer: Offer) -> None:
    """Refuse what Amazon thinks misses the promise, whatever the windows say."""
    order = quote.order
    late = offer.late_for(order) and world.settings.refuses_late and order.prime
    distrusted = order.refuses and offer.itinerary.delivery.latest > quote.fastest()
    if late or distrusted:
        raise invalid("The service may not arrive in time for this order.", INCOMPATIBLE)


def shipment_exists(shipment_id: str) -> Refused:
    """Refuse a second label, naming the first."""
    message = (
        "One or more items in the shipment have already shipped. "
        f"The existing ShipmentId is {shipment_id}."
    )
    return Refused(400, "ShipmentAlreadyExists", message)


def can_cancel(label: Label, now: datetime) -> bool:
    """Tell whether the carrier has not the package yet and the window is open."""
    return now < min(label.parcel.shipped, label.bought + CANCEL_WINDOW)


def label_text(label: Label, note: str = "") -> LabelText:
    """Collect what the documents of a label say; `note` is the seller's own text."""
    order, place = label.order, label.order.place
    lines = (place.name, place.company, place.line1, place.line2)
    town = f"{place.city} {place.region} {place.postal_code}"
    packed = label.parcel.contents
    return LabelText(
        carrier=label.parcel.carrier,
        service=label.parcel.service,
        tracking=label.parcel.tracking,
        ship_to=(*(line for line in lines if line), town, place.country),
        order_id=f"{order.order_id} {note}".rstrip(),
        weight=f"{Decimal(label.quote.grams) / 1000:.2f} kg",
        made=label.bought,
        slip=tuple(
            f"{packed[item.item_id]} x {item.sku}  {item.title}"
            for item in order.items
            if item.item_id in packed
        ),
    )
