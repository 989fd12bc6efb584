"""Packing: how the items of an order are spread over boxes, and which orders may share one (R7).

Amazon's own flag decides what is Prime; an order that may be Prime counts as one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from primetui.domain import violations as v
from primetui.domain.address import Address
from primetui.domain.order import Fulfillment, Order, OrderRecord, OrderStatus, Prime
from primetui.domain.shipment import ItemId, OrderId, Package, PackedItem, Shipment
from primetui.domain.violations import Violation
from primetui.errors import ConfigError

Box = tuple[PackedItem, ...]

MOST_BOXES: Final = 50
_KNOWN: Final = {Prime.YES: "is Prime", Prime.UNKNOWN: "is not known not to be Prime"}


def split_refused(order: Order) -> Iterator[Violation]:
    """Say why an order must not be split."""
    if order.prime is not Prime.NO:
        yield v.PrimeShipsWhole(known=_KNOWN[order.prime])


def combining_refused(record: OrderRecord, others: Sequence[OrderId]) -> Iterator[Violation]:
    """Say why an order must not share a box with these others, wherever they go to."""
    order, shipment = record.order, record.shipment
    if order.prime is not Prime.NO:
        yield v.PrimeShipsAlone(known=_KNOWN[order.prime])
    if order.status is not OrderStatus.AWAITING_SHIPMENT:
        yield from _not_waiting(order)
    if is_partly_shipped(order):
        yield v.PartlyShipped()
    if len(shipment.packages) > 1:
        yield v.SeveralPackages(count=len(shipment.packages))
    if not set(shipment.combined_with) <= set(others):
        yield v.AlreadyCombined(others=len(shipment.combined_with))


def _not_waiting(order: Order) -> Iterator[Violation]:
    found: dict[OrderStatus, Violation] = {
        OrderStatus.PENDING_FULFILLMENT: v.ViewOnly(),
        OrderStatus.AWAITING_PAYMENT: v.NotPaid(),
        OrderStatus.ON_HOLD: v.OnHold(),
        OrderStatus.CANCELLED: v.Cancelled(),
        OrderStatus.SHIPPED: v.AlreadyShipped(),
    }
    yield found[order.status]


def is_partly_shipped(order: Order) -> bool:
    """Tell whether some of an order has left."""
    begun = any(item.quantity_shipped for item in order.items)
    return begun or order.fulfillment is Fulfillment.PARTIALLY_SHIPPED


def place_refused(first: Order, other: Order) -> Iterator[Violation]:
    """Say why one of two orders cannot go into the other's box, by where both go."""
    if first.store_id != other.store_id:
        yield v.OtherPlace(other=first.id, why="it is of another store")
    elif not (is_place_known(first) and is_place_known(other)):
        yield v.OtherPlace(other=first.id, why="nobody can tell where both of them go")
    elif place_of(first) != place_of(other):
        yield v.OtherPlace(other=first.id, why="it goes to another buyer or place")


def is_place_known(order: Order) -> bool:
    """Tell whether it is known, and can be read, whom an order goes to."""
    address = order.ship_to
    return address is not None and not order.sealed and not address.missing("name", "line1")


def place_of(order: Order) -> tuple[str, ...]:
    """Write whom and where an order goes to as it compares with others, however it is spelt."""
    to = order.ship_to or Address()
    parts = (to.name, to.line1, to.line2, to.line3, to.city, to.region, to.postal_code, to.country)
    return tuple("".join(filter(str.isalnum, part.casefold())) for part in parts)


def split(order: Order, shipment: Shipment, boxes: Sequence[Box]) -> Shipment:
    """Spread what is to be shipped over boxes; what no box names goes into one more.

    Nobody has measured the boxes yet. ConfigError where they hold what is not there, or are one.
    """
    left = Counter({item.id: item.to_ship for item in order.items if item.to_ship})
    for box in boxes:
        for packed in box:
            if packed.quantity > left[packed.item_id]:
                raise ConfigError(
                    f"Of {packed.item_id} only {left[packed.item_id]} are left to be packed."
                )
            left[packed.item_id] -= packed.quantity
    rest = tuple(PackedItem(item_id=i, quantity=n) for i, n in left.items() if n)
    filled = [box for box in (*boxes, rest) if box]
    if not 1 < len(filled) <= MOST_BOXES:
        raise ConfigError(f"A split makes 2 to {MOST_BOXES} packages; this makes {len(filled)}.")
    return shipment.model_copy(
        update={"packages": tuple(Package(items=_together(box)) for box in filled)}
    )


def _together(box: Box) -> Box:
    """Name each item of a box once."""
    amounts: Counter[ItemId] = Counter()
    for packed in box:
        amounts[packed.item_id] += packed.quantity
    return tuple(PackedItem(item_id=i, quantity=n) for i, n in amounts.items())


def joined(shipment: Shipment) -> Shipment:
    """Put everything into one package again, which nobody has measured yet."""
    return shipment.model_copy(update={"packages": (Package(),)})


def is_split(shipment: Shipment) -> bool:
    """Tell whether a draft is more than one package of all there is."""
    return len(shipment.packages) > 1 or any(package.items for package in shipment.packages)


def read_box(order: Order, text: str) -> Box:
    """Read `SKU=2, OTHER=1` into a box; an item is named by its SKU or its own id."""
    return tuple(_read_item(order, part) for part in text.split(",") if part.strip())


def _read_item(order: Order, text: str) -> PackedItem:
    name, equals, amount = text.strip().rpartition("=")
    if not equals:
        name, amount = amount, "1"
    if not (
        amount.strip().isascii() and amount.strip().isdecimal() and len(amount) < len("100000")
    ):
        raise ConfigError(f"{text.strip()!r}: write SKU=2 for two of an item.")
    if int(amount) == 0:
        raise ConfigError(f"{text.strip()!r}: a package holds one of an item at least.")
    wanted = name.strip()
    found = [i for i in order.items if i.id == wanted] or [
        i for i in order.items if i.sku.casefold() == wanted.casefold()
    ]
    if len(found) != 1:
        known = ", ".join(f"{item.sku} ({item.id})" for item in order.items)
        why = "names several items" if found else "is no item"
        raise ConfigError(f"{wanted!r} {why} of order {order.id}. It has {known}.")
    return PackedItem(item_id=found[0].id, quantity=int(amount))
