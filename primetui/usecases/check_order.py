"""Check: everything that is known to be wrong with an order, before any label action."""

from dataclasses import dataclass

from primetui.domain.constraints import Candidate, violations
from primetui.domain.label import Label, LabelState, Purchase, void_needed
from primetui.domain.notice import Notice
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId, Shipment
from primetui.domain.violations import Severity, Violation
from primetui.ports import Desk
from primetui.usecases.open_record import live_label, open_record


@dataclass(frozen=True, slots=True)
class Checked:
    """An order, what is wrong with it, and what was bought for it."""

    record: OrderRecord
    shipment: Shipment
    """The draft with the store's ship-from and default package filled in."""
    violations: tuple[Violation, ...]
    purchases: tuple[Purchase, ...]
    labels: tuple[Label, ...]
    notices: tuple[Notice, ...] = ()

    @property
    def blocking(self) -> tuple[Violation, ...]:
        """What stops a purchase."""
        return tuple(x for x in self.violations if x.severity is Severity.BLOCKS)

    @property
    def label(self) -> Label | None:
        """The label that counts."""
        return live_label(self.labels)

    @property
    def void_needed(self) -> bool:
        """The label that counts serves an order that is cancelled, or is to be."""
        return self.label is not None and void_needed(self.record.order, self.label)

    @property
    def voided(self) -> tuple[Label, ...]:
        """Labels given back: another purchase costs on top of what is not refunded yet."""
        return tuple(label for label in self.labels if label.state is LabelState.VOIDED)

    @property
    def notice(self) -> Notice | None:
        """What the marketplace is told of the label that counts; none is needed for Amazon's."""
        return next((n for n in self.notices if self.label and n.label_id == self.label.id), None)

    @property
    def pending(self) -> Purchase | None:
        """A purchase whose outcome is not known."""
        return next((p for p in reversed(self.purchases) if p.is_pending), None)


def check_order(desk: Desk, order_id: OrderId) -> Checked:
    """Ask every constraint that needs no rate; reads nothing from outside."""
    opened = open_record(desk, order_id)
    candidate = Candidate(opened.record.order, opened.shipment, None, desk.clock.now())
    return Checked(
        record=opened.record,
        shipment=opened.shipment,
        violations=violations(candidate),
        purchases=desk.repository.purchases(order_id),
        labels=desk.repository.labels(order_id),
        notices=desk.repository.notices(order_id),
    )
