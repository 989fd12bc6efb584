"""Orders API 2026-01-01: the items of an order, and what Amazon demands at the door for them."""

from collections.abc import Mapping
from typing import Final

from primetui.adapters.amazon.lenient import identity, money, obj, text, whole
from primetui.adapters.amazon.strangers import Strangers
from primetui.domain.order import OrderItem
from primetui.domain.shipment import Confirmation, ItemId

_AT_THE_DOOR: Final = {
    "signatureConfirmation": Confirmation.SIGNATURE,
    "recipientAgeVerification": Confirmation.ADULT_SIGNATURE,
    "recipientIdentityVerification": Confirmation.IDENTITY,
}
"""Constraints a label's confirmation can meet; any other is one we cannot, so it is noted."""

_MANDATORY: Final = "MANDATORY"
_HARMLESS_PROGRAMS: Final = frozenset({"SUBSCRIBE_AND_SAVE"})
"""Programs of an item that ask nothing of its parcel; TRANSPARENCY asks for codes on the label."""

_CANCELLERS: Final = frozenset({"BUYER"})


def read_items(value: object, strangers: Strangers) -> tuple[OrderItem, ...]:
    """Read an order's items; what is no list, and an item twice, is noted."""
    if not isinstance(value, list):
        strangers.note("orderItems", value)
        return ()
    items = tuple(_item(row, place, strangers) for place, row in enumerate(value, start=1))
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            strangers.note("orderItemId twice", item.id)
        seen.add(item.id)
    return items


def _item(row: object, place: int, strangers: Strangers) -> OrderItem:
    """Read one item; `place` names it where its id cannot."""
    body = obj(row)
    item_id = identity(body.get("orderItemId"))
    name = f"item {item_id or place}"
    if not item_id:
        strangers.note(f"{name} orderItemId", body.get("orderItemId"))
    product, fulfillment = obj(body.get("product")), obj(body.get("fulfillment"))
    ordered, shipped = _quantities(body, fulfillment, name, strangers)
    _programs(body.get("programs"), name, strangers)
    _serial_numbers(obj(fulfillment.get("packing")), name, strangers)
    shipping = obj(fulfillment.get("shipping"))
    return OrderItem(
        id=ItemId(item_id),
        sku=text(product.get("sellerSku")),
        title=text(product.get("title")),
        quantity=ordered,
        quantity_shipped=shipped,
        unit_price=money(obj(product.get("price")).get("unitPrice")),
        required_confirmation=_confirmation(shipping.get("shippingConstraints"), name, strangers),
        cancellation_requested=_asked_to_cancel(body.get("cancellation"), name, strangers),
    )


def _quantities(
    body: Mapping[str, object], fulfillment: Mapping[str, object], name: str, strangers: Strangers
) -> tuple[int, int]:
    """Count what is wanted and what of it has left; units cancelled since are wanted no more."""
    ordered = whole(body.get("quantityOrdered"))
    if ordered is None:
        strangers.note(f"{name} quantityOrdered", body.get("quantityOrdered"))
        return 0, 0
    counts = {}
    for field in ("quantityFulfilled", "quantityUnfulfilled"):
        counts[field] = whole(fulfillment.get(field))
        if counts[field] is None and fulfillment.get(field) is not None:
            strangers.note(f"{name} {field}", fulfillment.get(field))
    shipped, left = counts["quantityFulfilled"], counts["quantityUnfulfilled"]
    if (shipped or 0) + (left or 0) > ordered:
        strangers.note(f"{name} quantities", f"{shipped} shipped, {left} left of {ordered}")
    if shipped is not None and left is not None:
        return shipped + left, shipped
    if left is not None:
        return ordered, max(0, ordered - left)
    return ordered, shipped or 0


def _programs(value: object, name: str, strangers: Strangers) -> None:
    """Note programs that would demand something of the label."""
    for program in value if isinstance(value, list) else [value]:
        strangers.word(f"{name} programs", program, _HARMLESS_PROGRAMS)


def _serial_numbers(packing: Mapping[str, object], name: str, strangers: Strangers) -> None:
    """Note that serial numbers are wanted: we have none to give."""
    wanted = packing.get("serialNumberRequirement")
    if wanted:
        strangers.note(f"{name} serialNumberRequirement", obj(wanted).get("requirementType"))


def _confirmation(value: object, name: str, strangers: Strangers) -> Confirmation:
    """Find the strongest thing that must be obtained at the door."""
    if value is not None and not isinstance(value, dict):
        strangers.note(f"{name} shippingConstraints", value)
    strength = list(Confirmation)
    strongest = Confirmation.NONE
    for constraint, demand in obj(value).items():
        if demand is None:
            continue
        wanted = _AT_THE_DOOR.get(constraint)
        if wanted is None or demand != _MANDATORY:
            strangers.note(f"{name} {text(constraint, 80)}", demand)
        strongest = max(strongest, wanted or strongest, key=strength.index)
    return strongest


def _asked_to_cancel(value: object, name: str, strangers: Strangers) -> bool:
    """Tell whether a wish to cancel is open: one carried out shows in the quantities."""
    if value is None:
        return False
    body = obj(value)
    if not isinstance(value, dict):
        strangers.note(f"{name} cancellation", value)
    request = body.get("cancellationRequest")
    if not request:
        return False
    strangers.needed_word(f"{name} cancellationRequest", obj(request).get("requester"), _CANCELLERS)
    return not body.get("cancellationExecution")
