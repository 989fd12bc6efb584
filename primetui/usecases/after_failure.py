"""After a failure: say what a deed that stopped halfway came to, as the journal has it (R21).

An error names what went wrong, never whether money moved. The journal knows: what was written
down before the request left is there, whatever came after it.
"""

from primetui.domain.label import LabelState, PurchaseState
from primetui.domain.shipment import OrderId
from primetui.errors import PrimeTUIError
from primetui.ports import Desk
from primetui.usecases.open_record import live_label
from primetui.usecases.purchase_label import NotBought, Unresolved
from primetui.usecases.void_label import NotVoided, VoidUnresolved


def stopped_purchase(desk: Desk, order_id: OrderId, error: PrimeTUIError) -> NotBought | Unresolved:
    """Say whether a purchase that stopped with an error may have been sent.

    Raises RepositoryError when the journal cannot be read: then it is not known.
    """
    journal = desk.repository.purchases(order_id)
    sent = {PurchaseState.SENT, PurchaseState.UNKNOWN}
    pending = next((p for p in reversed(journal) if p.state in sent), None)
    return Unresolved(pending, str(error)) if pending else NotBought(str(error))


def stopped_void(
    desk: Desk, order_id: OrderId, error: PrimeTUIError
) -> NotVoided | VoidUnresolved | None:
    """Say whether a void that stopped with an error may have been asked; None without a label.

    Raises RepositoryError when the documents cannot be read: then it is not known.
    """
    label = live_label(desk.repository.labels(order_id))
    if label is None:
        return None
    asked = label.state is LabelState.VOIDING
    return VoidUnresolved(label, str(error)) if asked else NotVoided(label, str(error))
