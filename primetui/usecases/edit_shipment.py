"""Edit a draft: measures of its package, confirmation, label format."""

from dataclasses import dataclass

from primetui.domain import violations as v
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.order import OrderRecord, OrderStatus
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId, Shipment
from primetui.domain.violations import Violation
from primetui.errors import ConfigError
from primetui.ports import Desk, Writes
from primetui.usecases.open_record import entry


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change; None leaves a thing as it is."""

    package: int = 1
    """Which package is weighed and measured, counted from one."""
    weight: Weight | None = None
    dimensions: Dimensions | None = None
    confirmation: Confirmation | None = None
    document_format: DocumentFormat | None = None


@dataclass(frozen=True, slots=True)
class NotEdited:
    """The draft may not be edited, and why."""

    violations: tuple[Violation, ...]


def edit_shipment(desk: Desk, order_id: OrderId, changes: Changes) -> OrderRecord | NotEdited:
    """Change the draft of an order; one that is view only stays as it is (R2).

    Raises Busy while somebody buys for it: nobody else can do anything to it then.
    """
    with desk.repository.lease(order_id, desk.operator):
        return desk.repository.transact(lambda tx: _edit(desk, tx, order_id, changes))


def _edit(desk: Desk, tx: Writes, order_id: OrderId, changes: Changes) -> OrderRecord | NotEdited:
    record = tx.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here.")
    if record.order.status is OrderStatus.PENDING_FULFILLMENT:
        return NotEdited((v.ViewOnly(),))
    edited = record.model_copy(update={"shipment": _changed(record.shipment, changes)})
    tx.put_order(edited)
    tx.log(entry(desk, "edit shipment", order_id, _words(changes)))
    return edited


def _changed(shipment: Shipment, changes: Changes) -> Shipment:
    packages = list(shipment.packages)
    if not 0 < changes.package <= len(packages):
        raise ConfigError(
            f"There is no package {changes.package}: order {shipment.order_id} has {len(packages)}."
        )
    package = packages[changes.package - 1]
    packages[changes.package - 1] = package.model_copy(
        update={
            "weight": changes.weight or package.weight,
            "dimensions": changes.dimensions or package.dimensions,
        }
    )
    return shipment.model_copy(
        update={
            "packages": tuple(packages),
            "confirmation": changes.confirmation or shipment.confirmation,
            "document_format": changes.document_format or shipment.document_format,
        }
    )


def _words(changes: Changes) -> str:
    named: dict[str, object] = {
        "package": changes.package if changes.package > 1 else None,
        "weight": changes.weight and f"{changes.weight.grams} g",
        "size": changes.dimensions
        and " x ".join(
            f"{side}"
            for side in (
                changes.dimensions.length_mm,
                changes.dimensions.width_mm,
                changes.dimensions.height_mm,
            )
        )
        + " mm",
        "confirmation": changes.confirmation,
        "format": changes.document_format,
    }
    return ", ".join(f"{name} {value}" for name, value in named.items() if value)
