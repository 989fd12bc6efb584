"""Confirm shipments: work the outbox, one order at a time, until the marketplace knows (R10).

A sending is written down before it is made, so that one whose sender dies is made again, under
the same reference: an edit at the marketplace, never a second package. What was taken is
believed only when the order lists it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from primetui.domain.label import LabelState
from primetui.domain.notice import Notice, NoticeState, listed_as
from primetui.domain.order import Order, Told
from primetui.domain.shipment import OrderId
from primetui.domain.store import CarrierClass, StoreId
from primetui.errors import (
    Busy,
    ConfigError,
    NotDone,
    NotFound,
    PortError,
    Rejected,
    Throttled,
    Unreachable,
    Unsure,
)
from primetui.ports import Desk, Marketplace, Writes
from primetui.usecases.open_record import entry

_ACTIONS: Final = {
    NoticeState.QUEUED: "notice put off",
    NoticeState.SENT: "notice taken",
    NoticeState.VERIFIED: "notice verified",
    NoticeState.FAILED: "notice failed",
    NoticeState.WITHDRAWN: "notice withdrawn",
}


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one notice in this round."""

    notice: Notice
    busy: str = ""
    """Who holds the order, when nothing was done because of that."""


def confirm_shipments(desk: Desk, only: OrderId | None = None) -> tuple[Handled, ...]:
    """Do what is due: send what waits, look for what was taken; a failure is its own order's."""
    now = desk.clock.now()
    due = [n for n in outbox(desk, only) if n.is_due(now)]
    return tuple(_handle(desk, notice) for notice in due)


def outbox(desk: Desk, only: OrderId | None = None) -> tuple[Notice, ...]:
    """List what is not done yet, oldest first: queued, sent, or in need of a person."""
    pending = desk.repository.pending_notices()
    return tuple(notice for notice in pending if only in {None, notice.order_id})


def retry_notices(
    desk: Desk, only: OrderId | None = None, *, carrier: str | None = None
) -> tuple[Notice, ...]:
    """Make what failed or was put off due now, perhaps under another carrier's name.

    Naming an order sends one that was only delayed, too. Raises ConfigError when nothing waits
    to be sent, Busy while somebody else works on it.
    """
    if carrier is not None and (only is None or not carrier.strip() or not carrier.isprintable()):
        raise ConfigError("Another carrier's name belongs to one order: name both.")
    waiting = [n for n in outbox(desk, only) if _may_retry(n, named=only is not None)]
    if not waiting:
        where = f" for order {only}" if only else ""
        raise ConfigError(f"There is no notice to send again{where}.")
    return tuple(_retry(desk, notice, carrier) for notice in waiting)


def release_notices(desk: Desk, store_id: StoreId, mapped: CarrierClass) -> tuple[Notice, ...]:
    """Make due again what failed under a carrier that has a name over there now.

    An order somebody works on is left out: its notice can be sent again by hand.
    """
    released = []
    for listed in outbox(desk):
        if listed.store_id != store_id or listed.state is not NoticeState.FAILED:
            continue
        if listed.carrier.casefold() != mapped.carrier.casefold():
            continue
        if mapped.service and listed.service.casefold() != mapped.service.casefold():
            continue
        with suppress(Busy):
            released.append(_retry(desk, listed, None))
    return tuple(released)


def _may_retry(notice: Notice, *, named: bool) -> bool:
    if notice.state is NoticeState.QUEUED:
        return named or notice.may_be_known
    return notice.state is NoticeState.FAILED


def _retry(desk: Desk, listed: Notice, carrier: str | None) -> Notice:
    with desk.repository.lease(listed.order_id, desk.operator):
        notice = _current(desk, listed)
        if not _may_retry(notice, named=True):
            return notice
        again = notice.retry(desk.clock.now(), carrier)
        return _put(desk, again, "notice retried by hand", again.carrier)


def _handle(desk: Desk, listed: Notice) -> Handled:
    """Go on with one notice while holding its order, so that no void comes in between."""
    try:
        with desk.repository.lease(listed.order_id, desk.operator):
            notice = _current(desk, listed)
            if not notice.is_due(desk.clock.now()):
                return Handled(notice)
            return Handled(_go_on(desk, notice))
    except Busy as busy:
        return Handled(listed, str(busy))


def _go_on(desk: Desk, notice: Notice) -> Notice:
    """Send what is queued, look for what was taken; a label that is no more is nobody's news."""
    labels = desk.repository.labels(notice.order_id)
    state = next((x.state for x in labels if x.id == notice.label_id), LabelState.VOIDED)
    if state is LabelState.VOIDED:
        return _put(desk, notice.withdraw("Its label was voided."))
    if state is LabelState.VOIDING:
        return notice
    return _send(desk, notice) if notice.state is NoticeState.QUEUED else _look(desk, notice)


def _send(desk: Desk, notice: Notice) -> Notice:
    """Count the sending, make it, and write down what came of it."""
    begun = notice.begin(desk.clock.now(), desk.policy)
    _put(desk, begun, "notice sent", f"package {begun.reference}: {begun.tracking_id}")
    try:
        marketplace = _marketplace(desk, begun)
        marketplace.confirm(begun)
    except Throttled as error:
        # A header may ask for a century: a notice is looked at again within our longest pause.
        longest = desk.policy.notice_longest_pause
        wish = min(error.retry_after_seconds, longest.total_seconds())
        return _put(
            desk, begun.put_off(str(error), until=desk.clock.now() + timedelta(seconds=wish))
        )
    except (Unreachable, Unsure) as error:
        return _put(desk, begun.put_off(str(error)))
    except (Rejected, NotFound) as error:
        return _refused(desk, begun, error)
    except NotDone as error:
        return _put(desk, begun.fail(str(error)))
    return _put(desk, begun.sent(desk.clock.now(), desk.policy))


def _refused(desk: Desk, notice: Notice, error: NotDone) -> Notice:
    """Take a refusal for an end, unless the package is listed: an earlier sending arrived."""
    try:
        told = listed_as(notice, _read(desk, notice))
    except PortError:
        told = None
    match told:
        case Told.ITSELF | Told.DONE:
            return _put(desk, notice.verified())
        case Told.WAITING:
            return _put(desk, notice.sent(desk.clock.now(), desk.policy))
        case Told.FAILED | None:
            return _put(desk, notice.fail(str(error)))


def _look(desk: Desk, notice: Notice) -> Notice:
    """Read the order: what was taken counts only when it is listed."""
    now = desk.clock.now()
    try:
        order = _read(desk, notice)
    except PortError as error:
        return _put(desk, notice.unseen(now, desk.policy, f"The order cannot be read: {error}"))
    match listed_as(notice, order):
        case Told.ITSELF | Told.DONE:
            return _put(desk, notice.verified())
        case Told.WAITING:
            reason = "Rithum has it, and its marketplace has not taken it yet."
            return _put(desk, notice.unseen(now, desk.policy, reason))
        case Told.FAILED:
            reason = (
                "Rithum has it, but its marketplace turned it down: look at the order in Rithum, "
                "then send it again."
            )
            return _put(desk, notice.fail(reason))
        case None:
            return _put(desk, notice.missing(now, desk.policy, _dropped(notice)))


def _dropped(notice: Notice) -> str:
    return (
        "Its marketplace took it (204) and dropped it: the carrier code is not one it knows. "
        f"Send it again under another name than {notice.carrier!r}."
    )


def _read(desk: Desk, notice: Notice) -> Order:
    return _marketplace(desk, notice).order(notice.order_id)


def _marketplace(desk: Desk, notice: Notice) -> Marketplace:
    """Open the marketplace of the order; without its store it is for a person to settle."""
    store = desk.repository.store(notice.store_id)
    if store is None:
        raise NotDone("The order's store was removed: add it again, then send this again.")
    return desk.marketplace(store)


def _current(desk: Desk, listed: Notice) -> Notice:
    """Read a notice again once its order is held."""
    notices = desk.repository.notices(listed.order_id)
    return next((n for n in notices if n.id == listed.id), listed)


def _put(desk: Desk, notice: Notice, action: str = "", detail: str = "") -> Notice:
    """Keep a notice with a line in the audit log."""
    words = action or _ACTIONS[notice.state]
    line = entry(desk, words, notice.order_id, detail or notice.reason)

    def write(tx: Writes) -> None:
        tx.put_notice(notice)
        tx.log(line)

    desk.repository.transact(write)
    return notice
