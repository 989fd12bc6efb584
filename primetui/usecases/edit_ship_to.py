"""Edit where an order goes to, as far as that is ours to say (R8).

An order of a file alone has no other address than the one here: it is simply changed. Any other
order's ship-to is the marketplace's: what is typed is kept beside it, and no label is asked for
with it, since a label request is made of the order, which does not hold it.
"""

from dataclasses import dataclass

from primetui.domain import violations as v
from primetui.domain.address import Address
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.domain.store import StoreKind
from primetui.domain.violations import Violation
from primetui.errors import ConfigError
from primetui.ports import Desk, Reads, Writes
from primetui.usecases.edit_shipment import NotEdited
from primetui.usecases.open_record import entry, store_of
from primetui.usecases.split_order import frozen


@dataclass(frozen=True, slots=True)
class ShipToEdited:
    """It is kept, and what must be known about it."""

    record: OrderRecord
    warnings: tuple[Violation, ...] = ()


def edit_ship_to(desk: Desk, order_id: OrderId, typed: Address | None) -> ShipToEdited | NotEdited:
    """Change a file's own order's ship-to, or keep another address beside the marketplace's.

    None takes an address typed earlier away again. Raises ConfigError for a buyer that was
    forgotten or whose key is not here, Busy while somebody is at the order.
    """
    with desk.repository.lease(order_id, desk.operator):
        return desk.repository.transact(lambda tx: _edit(desk, tx, order_id, typed))


def shown_ship_to(record: OrderRecord) -> Address:
    """Give the address an edit begins with: the one typed last, else the marketplace's."""
    return record.typed_ship_to or record.order.ship_to or Address()


def is_ours_to_edit(reads: Reads, record: OrderRecord) -> bool:
    """Tell whether no marketplace knows the order: its files alone brought it."""
    kinds = {one.kind for one in record.sources} or {store_of(reads, record).kind}
    return kinds == {StoreKind.MANUAL}


def _edit(
    desk: Desk, tx: Writes, order_id: OrderId, typed: Address | None
) -> ShipToEdited | NotEdited:
    record = tx.order(order_id)
    if record is None:
        raise ConfigError(f"There is no order {order_id} here.")
    _refuse_unreadable(record)
    refused = tuple(frozen(tx, record))
    if refused:
        return NotEdited(refused)
    if is_ours_to_edit(tx, record):
        return ShipToEdited(_keep(desk, tx, _replaced(desk, record, typed)))
    beside = record.model_copy(update={"typed_ship_to": typed})
    warnings = (v.ShipToIsTheirs(),) if typed else ()
    return ShipToEdited(_keep(desk, tx, beside), warnings)


def _replaced(desk: Desk, record: OrderRecord, typed: Address | None) -> OrderRecord:
    """Change the order's own address: rates fetched for the old one count no more."""
    if typed is None:
        raise ConfigError("An order from a file has no other address: type the one it goes to.")
    changed = {"ship_to": typed, "updated_at": desk.clock.now()}
    return record.model_copy(update={"order": record.order.model_copy(update=changed)})


def _keep(desk: Desk, tx: Writes, record: OrderRecord) -> OrderRecord:
    tx.put_order(record)
    tx.log(entry(desk, "edit ship-to", record.order.id))  # who lives there is nobody's reading
    return record


def _refuse_unreadable(record: OrderRecord) -> None:
    if record.forgotten_at is not None:
        raise ConfigError("This order's buyer was forgotten: no address is kept for it any more.")
    if record.order.sealed:
        raise ConfigError(
            "This order's buyer is sealed, and its key is not here: primetui db check"
        )
