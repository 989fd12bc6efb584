"""Parcels in words: what each package of a draft holds, who shares a box, where it goes."""

from primetui.domain.address import Address
from primetui.domain.order import Order, OrderRecord
from primetui.domain.shipment import Package, Shipment
from primetui.present.figures import plain, size, weight


def packages(order: Order, shipment: Shipment) -> list[str]:
    """Say of each package what it weighs, measures and holds."""
    several = len(shipment.packages) > 1
    lines = [
        f"package {number}: {package(order, one)}" if several else f"package: {package(order, one)}"
        for number, one in enumerate(shipment.packages, start=1)
    ]
    return lines + ([combined(shipment)] if shipment.combined_with else [])


def package(order: Order, one: Package) -> str:
    """Say what a package weighs, measures and, where it is not everything, holds."""
    names = {item.id: item.sku or item.id for item in order.items}
    held = [f"{p.quantity} × {plain(names.get(p.item_id, p.item_id))}" for p in one.items]
    return ", ".join((weight(one.weight), size(one.dimensions), *held))


def combined(shipment: Shipment) -> str:
    """Name the orders that share the box."""
    return f"in one box with {', '.join(map(plain, shipment.combined_with))}"


def place(address: Address) -> str:
    """Name a place without the person who lives there."""
    parts = (address.city, address.region, address.country)
    return plain(", ".join(part for part in parts if part)) or "–"


def typed_ship_to(record: OrderRecord) -> str:
    """Say what was typed beside the marketplace's address, and that it moves nothing (R8)."""
    typed = record.typed_ship_to
    return f"{place(typed)}; it will not change the label" if typed else ""


def ship_to_lines(record: OrderRecord) -> list[str]:
    """Show both addresses of an order, as places."""
    own = record.order.ship_to
    lines = [f"ship to: {place(own) if own else 'not read'}"]
    typed = typed_ship_to(record)
    return [*lines, f"typed here: {typed}"] if typed else lines
