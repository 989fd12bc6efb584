"""Show who an order goes to, because somebody asks: fetched if it is not here, and logged (R23)."""

from dataclasses import dataclass
from datetime import datetime

from primetui.domain.address import Address
from primetui.domain.order import OrderRecord
from primetui.domain.retention import forget_after
from primetui.domain.shipment import OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.import_orders import refresh_order
from primetui.usecases.open_record import entry


@dataclass(frozen=True, slots=True)
class BuyerShown:
    """Who an order goes to, for as long as a screen shows it."""

    address: Address
    forget_after: datetime
    """When it is forgotten."""


def show_buyer(desk: Desk, order_id: OrderId) -> BuyerShown:
    """Give an order's full address, asking the marketplace for it only where it is not kept.

    That somebody looked is written down, not what they saw. Raises ConfigError when there is
    nobody to show, a PortError when the marketplace cannot be asked.
    """
    record = _known(desk, order_id)
    _refuse_unshowable(record)
    if not _is_whole(record):
        record = refresh_order(desk, order_id, with_address=True)
        _refuse_unshowable(record)
    address = record.order.ship_to
    if address is None:
        raise ConfigError("The marketplace tells nobody who this order goes to.")
    desk.repository.transact(lambda tx: tx.log(entry(desk, "buyer shown", order_id)))
    return BuyerShown(address, forget_after(record.order))


def _known(desk: Desk, order_id: OrderId) -> OrderRecord:
    record = desk.repository.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here.")
    return record


def _refuse_unshowable(record: OrderRecord) -> None:
    if record.forgotten_at is not None:
        raise ConfigError("The buyer was forgotten, and is not taken in again.")
    if record.order.sealed:
        raise ConfigError("The buyer is sealed, and the key is not here: primetui db check")


def _is_whole(record: OrderRecord) -> bool:
    """Tell whether more is kept than a place."""
    address = record.order.ship_to
    return address is not None and not address.missing("name", "line1")
