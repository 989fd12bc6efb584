"""Notices: what a marketplace must be told about a label that it did not sell (R10).

A notice is written down in the transaction that posts its label, and only for a label the
marketplace does not know of by itself. It is sent, sent again under the same reference when
nobody can tell whether it arrived (that edits a package and never adds one), and believed only
once the marketplace lists the package.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Final, NewType

from pydantic import Field

from primetui.domain.label import Label, LabelId
from primetui.domain.order import Order, OrderSource, Told
from primetui.domain.policy import Policy
from primetui.domain.shipment import OrderId, PackedItem, Shipment
from primetui.domain.store import StoreId, StoreKind
from primetui.domain.value import Moment, Value

NoticeId = NewType("NoticeId", str)

_SMALLEST_REFERENCE: Final = 100_000_000
_REFERENCES: Final = 900_000_000
"""Nine digits: far from the small numbers that marketplaces give packages of their own."""

_MOST_DOUBLINGS: Final = 20
"""By then every pause has reached its cap; more would only overflow."""

NOTHING: Final = timedelta(0)


class NoticeState(StrEnum):
    """How far the marketplace knows. The first two are ours to go on with."""

    QUEUED = "queued"
    """To be sent when its time has come."""
    SENT = "sent"
    """Taken by the marketplace, which may still have dropped it."""
    VERIFIED = "verified"
    """The marketplace lists the package."""
    FAILED = "failed"
    """It will not go on by itself: a person is needed."""
    WITHDRAWN = "withdrawn"
    """Its label was voided: nobody is told of it any more."""


_NEXT = {
    NoticeState.QUEUED: frozenset(NoticeState),
    NoticeState.SENT: frozenset(NoticeState) - {NoticeState.QUEUED},
    NoticeState.FAILED: {NoticeState.QUEUED, NoticeState.VERIFIED, NoticeState.WITHDRAWN},
    NoticeState.VERIFIED: frozenset[NoticeState](),
    NoticeState.WITHDRAWN: frozenset[NoticeState](),
}


class Notice(Value):
    """One entry of the outbox: what to tell, when, and what became of it."""

    id: NoticeId
    """The label's own id, so that one label has one notice."""
    order_id: OrderId
    store_id: StoreId
    marketplace_id: str
    label_id: LabelId
    reference: str = Field(pattern=r"^[1-9][0-9]*$")
    """Our number of the package at the marketplace: the same again is an edit."""
    carrier: str
    service: str
    tracking_id: str
    shipped_at: Moment
    items: tuple[PackedItem, ...] = Field(min_length=1)
    due_at: Moment
    """When it is to be told, at the earliest."""
    state: NoticeState = NoticeState.QUEUED
    silent: bool = False
    """Only a go-between is told: the marketplace behind it knows already (R19)."""
    attempts: int = Field(default=0, ge=0)
    """Sendings begun, ever: from the first on, the marketplace may know of it."""
    tries: int = Field(default=0, ge=0)
    """Sendings begun since a person last asked for one; the pause grows with them."""
    looks: int = Field(default=0, ge=0)
    """Times the order was read and did not list the package since it was taken."""
    next_at: Moment
    """Nothing is done about it before."""
    reason: str = ""
    """Why it is where it is, in words; blank while all is well."""

    @property
    def is_open(self) -> bool:
        """It goes on by itself."""
        return self.state in {NoticeState.QUEUED, NoticeState.SENT}

    @property
    def may_be_known(self) -> bool:
        """The marketplace may have heard of the package."""
        return self.attempts > 0

    def is_due(self, now: datetime) -> bool:
        """Tell whether something is to be done about it now."""
        return self.is_open and self.next_at <= now

    def begin(self, now: datetime, policy: Policy) -> "Notice":
        """Count a sending before it is made: a sender that dies leaves a later one to be made."""
        tries = self.tries + 1
        return self._to(
            NoticeState.QUEUED,
            attempts=self.attempts + 1,
            tries=tries,
            next_at=now + pause(tries, policy),
        )

    def put_off(self, reason: str, *, until: datetime | None = None) -> "Notice":
        """Wait for the next turn, or longer where the marketplace asks for it."""
        later = self.next_at if until is None else max(until, self.next_at)
        return self._to(NoticeState.QUEUED, next_at=later, reason=reason)

    def sent(self, now: datetime, policy: Policy) -> "Notice":
        """Note that the marketplace took it; it is looked up later."""
        return self._to(
            NoticeState.SENT, looks=0, next_at=now + policy.notice_look_after, reason=""
        )

    def verified(self) -> "Notice":
        """Note that the marketplace lists the package."""
        return self._to(NoticeState.VERIFIED, reason="")

    def missing(self, now: datetime, policy: Policy, reason: str) -> "Notice":
        """Note that the marketplace does not list it; after enough looks it was dropped."""
        looks = self.looks + 1
        if looks >= policy.notice_looks:
            return self._to(NoticeState.FAILED, looks=looks, reason=reason)
        return self._to(NoticeState.SENT, looks=looks, next_at=now + policy.notice_look_after)

    def unseen(self, now: datetime, policy: Policy, reason: str) -> "Notice":
        """Look again later: the order could not be read, which says nothing."""
        return self._to(NoticeState.SENT, next_at=now + policy.notice_look_after, reason=reason)

    def fail(self, reason: str) -> "Notice":
        """Give it to a person."""
        return self._to(NoticeState.FAILED, reason=reason)

    def retry(self, now: datetime, carrier: str | None = None) -> "Notice":
        """Send it again because a person asks, perhaps under another carrier's name."""
        named = self.carrier if carrier is None else carrier
        return self._to(NoticeState.QUEUED, carrier=named, tries=0, next_at=now, reason="")

    def withdraw(self, reason: str) -> "Notice":
        """Tell nobody any more: the label was voided."""
        return self._to(NoticeState.WITHDRAWN, reason=reason)

    def _to(self, state: NoticeState, **changes: object) -> "Notice":
        """Change the state; a step that the machine does not have is a fault of ours."""
        if state not in _NEXT[self.state]:
            raise ValueError(f"a notice cannot go from {self.state} to {state}")
        return self.model_copy(update={"state": state, **changes})


def pause(tries: int, policy: Policy) -> timedelta:
    """Say how long to wait after so many sendings: twice as long each time, up to a cap."""
    doublings = min(max(tries, 1) - 1, _MOST_DOUBLINGS)
    return min(policy.notice_longest_pause, policy.notice_pause * (1 << doublings))


def reference_of(label_id: LabelId) -> str:
    """Number a label's package: the same label has the same number on every machine, for ever."""
    digest = int.from_bytes(sha256(label_id.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    return str(_SMALLEST_REFERENCE + digest % _REFERENCES)


def notice_of(
    label: Label,
    order: Order,
    shipment: Shipment,
    *,
    delay: timedelta = NOTHING,
    earlier: tuple[Notice, ...] = (),
) -> Notice | None:
    """Make the notice a label needs; None for a label that Amazon sold and knows of by itself.

    A marketplace that may have heard of an earlier, voided label of the order is told of this
    one under the same reference: its tracking replaces the old one, and no package is added.
    """
    if label.source.is_known_of(label.order_id):
        return None
    made = _first(label, order, shipment)
    due_at = label.bought_at + delay
    known = _known(earlier, made.reference)
    return made.model_copy(update={"reference": known, "due_at": due_at, "next_at": due_at})


def notices_of(
    label: Label,
    order: Order,
    shipment: Shipment,
    *,
    delay: timedelta = NOTHING,
    earlier: tuple[Notice, ...] = (),
    sources: tuple[OrderSource, ...] = (),
) -> tuple[Notice, ...]:
    """Make every notice a label needs: one to its marketplace, and one to each go-between (R19).

    The store whose facts the order has is told aloud, unless Amazon knows by itself. Every other
    go-between that has the order is told in silence, so that no marketplace hears of it twice.
    """
    between = tuple(one.store_id for one in sources if one.kind is StoreKind.RITHUM)
    apart = frozenset(between) - {order.store_id}
    loud = notice_of(
        label,
        order,
        shipment,
        delay=delay,
        earlier=tuple(n for n in earlier if n.store_id not in apart),
    )
    made = _first(label, order, shipment)
    silent = tuple(
        made.model_copy(
            update={
                "id": NoticeId(f"{label.id}.{store_id}"),
                "store_id": store_id,
                "silent": True,
                "reference": _known(
                    tuple(n for n in earlier if n.store_id == store_id), made.reference
                ),
            }
        )
        for store_id in between
        if loud is None or store_id != loud.store_id
    )
    return (*silent, loud) if loud else silent


def _first(label: Label, order: Order, shipment: Shipment) -> Notice:
    """Write a notice of a label that nobody was told of before, due at once."""
    packed = shipment.quantities() or {item.id: item.to_ship for item in order.items}
    return Notice(
        id=NoticeId(label.id),
        order_id=order.id,
        store_id=order.store_id,
        marketplace_id=order.marketplace_id,
        label_id=label.id,
        reference=reference_of(label.id),
        carrier=label.carrier,
        service=label.service,
        tracking_id=label.tracking_id,
        shipped_at=label.bought_at,
        items=tuple(PackedItem(item_id=i, quantity=n) for i, n in packed.items() if n),
        due_at=label.bought_at,
        next_at=label.bought_at,
    )


def _known(earlier: tuple[Notice, ...], otherwise: str) -> str:
    """Find the reference under which the marketplace may have heard of the order's package."""
    known = [notice.reference for notice in earlier if notice.may_be_known]
    return known[-1] if known else otherwise


def listed_as(notice: Notice, order: Order) -> Told | None:
    """Tell how the order lists the package, however it writes the number; None is not at all."""
    wanted = _bare(notice.tracking_id)
    listed = [p.told for p in order.live_packages() if _bare(p.tracking_id) == wanted]
    return listed[-1] if listed else None


def is_listed(notice: Notice, order: Order) -> bool:
    """Tell whether the marketplace itself lists the package."""
    return listed_as(notice, order) in {Told.ITSELF, Told.DONE}


def _bare(tracking_id: str) -> str:
    return "".join(tracking_id.split()).upper()
