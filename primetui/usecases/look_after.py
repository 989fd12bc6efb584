"""Look after what is open: find out by itself what no answer came for, and tell what is due."""

from dataclasses import dataclass
from typing import Final

from primetui.domain.label import Label
from primetui.domain.notice import Notice, NoticeState
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.usecases.confirm_shipments import confirm_shipments, outbox
from primetui.usecases.reconcile_purchases import Dropped, Found, StillUnknown, reconcile_purchases
from primetui.usecases.settle_refunds import due_refunds, settle_refunds
from primetui.usecases.void_label import NotVoided, Voided, VoidUnresolved, settle_voids

_ENDS: Final = frozenset({NoticeState.VERIFIED, NoticeState.FAILED, NoticeState.WITHDRAWN})
"""Where a notice does not go on by itself."""


@dataclass(frozen=True, slots=True)
class StillOpen:
    """How much is open, by what it is."""

    purchases: int = 0
    """Not known whether they were bought."""
    voids: int = 0
    """Not known whether they were granted."""
    due_notices: int = 0
    """To be told, or looked up, now."""
    failed_notices: int = 0
    """In need of a person: looking again does not help them."""
    batches: int = 0
    """Begun and not at their end: an operator goes on with them."""

    @property
    def is_worth_a_look(self) -> bool:
        """Asking again may settle some of it."""
        return bool(self.purchases or self.voids or self.due_notices)


@dataclass(frozen=True, slots=True)
class LookedAfter:
    """What a look changed; what is as open as before is not in it."""

    purchases: tuple[Found | Dropped, ...] = ()
    voids: tuple[Voided | NotVoided, ...] = ()
    refunds: tuple[Label, ...] = ()
    """Given back earlier, and now paid back or refused to be."""
    notices: tuple[Notice, ...] = ()
    """Listed by the marketplace, given to a person, or withdrawn."""

    @property
    def is_news(self) -> bool:
        """Something came to its end."""
        return bool(self.purchases or self.voids or self.refunds or self.notices)


def still_open(desk: Desk) -> StillOpen:
    """Count what is open from our own documents; asks nothing of the outside world."""
    now, notices = desk.clock.now(), outbox(desk)
    return StillOpen(
        purchases=len(desk.repository.pending_purchases()),
        voids=len(desk.repository.voiding_labels()),
        due_notices=sum(notice.is_due(now) for notice in notices),
        failed_notices=sum(notice.state is NoticeState.FAILED for notice in notices),
        batches=len(desk.repository.open_batches()),
    )


def is_anything_open(desk: Desk) -> bool:
    """Tell whether a look could settle something."""
    return still_open(desk).is_worth_a_look or bool(due_refunds(desk))


def open_orders(desk: Desk) -> tuple[OrderId, ...]:
    """Name the orders a look could settle something of, unknown purchases first."""
    now = desk.clock.now()
    found = [purchase.order_id for purchase in desk.repository.pending_purchases()]
    found += [label.order_id for label in desk.repository.voiding_labels()]
    found += [label.order_id for label in due_refunds(desk)]
    found += [notice.order_id for notice in outbox(desk) if notice.is_due(now)]
    return tuple(dict.fromkeys(found))


def look_after(desk: Desk, only: OrderId | None = None) -> LookedAfter:
    """Settle pending purchases and voids as far as it goes now, and work the outbox."""
    settled = reconcile_purchases(desk, only)
    voids = settle_voids(desk, only)
    refunds = settle_refunds(desk, only)
    handled = confirm_shipments(desk, only)
    return LookedAfter(
        purchases=tuple(one for one in settled if not isinstance(one, StillUnknown)),
        voids=tuple(one for one in voids if not isinstance(one, VoidUnresolved)),
        refunds=refunds,
        notices=tuple(one.notice for one in handled if one.notice.state in _ENDS and not one.busy),
    )
