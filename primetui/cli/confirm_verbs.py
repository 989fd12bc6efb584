"""Verbs about labels that Amazon did not sell: record one, and tell the marketplace (R10)."""

import argparse
from contextlib import suppress
from zoneinfo import ZoneInfo

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.reading import read_limit, read_moment, read_span, read_tracking, read_word
from primetui.cli.talk import Exit, Voice
from primetui.domain.clearance import Refusal
from primetui.domain.notice import NoticeState
from primetui.domain.order import Order
from primetui.domain.shipment import Confirmation, OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.confirm_shipments import Handled, confirm_shipments, outbox, retry_notices
from primetui.usecases.open_record import open_record
from primetui.usecases.purchase_label import NotBought, Outcome, OverLimit, Purchased, Unresolved
from primetui.usecases.record_label import TypedLabel, record_label

WANTED = ("carrier", "service", "tracking", "charge", "arrives_by")
"""What must be typed of a label that was bought elsewhere."""


def confirm(arguments: argparse.Namespace, voice: Voice) -> int:
    """Tell what is due, look whether it is listed, or show the queue."""
    if arguments.carrier and not arguments.retry:
        raise ConfigError("--carrier belongs to --retry.")
    only = OrderId(arguments.order) if arguments.order else None
    with desk_of(arguments) as desk:
        zone = desk.repository.account().zone
        if arguments.list:
            return _show_queue(desk, only, zone, voice)
        if arguments.retry:
            retry_notices(desk, only, carrier=arguments.carrier)
        results = confirm_shipments(desk, only)
        left = len(outbox(desk, only))
    _tell(results, left, zone, voice)
    return _verdict(results)


def add_label(order_id: OrderId, arguments: argparse.Namespace, voice: Voice) -> int:
    """Record a label that was bought elsewhere, and tell the marketplace if that is due."""
    missing = [f"--{name.replace('_', '-')}" for name in WANTED if not getattr(arguments, name)]
    if missing:
        raise ConfigError(f"A label bought elsewhere needs {', '.join(missing)}.")
    if not arguments.yes:
        raise ConfigError("The marketplace is told of it: repeat the command with --yes.")
    with desk_of(arguments) as desk:
        zone = desk.repository.account().zone
        result = record_label(desk, order_id, _typed(desk, order_id, arguments))
        posted = isinstance(result, Purchased) and not result.already
        handled = confirm_shipments(desk, order_id) if posted else ()
        notices = [n for n in desk.repository.notices(order_id) if posted][-1:]
    lines = [_recorded(result, zone)]
    lines += [f"notice: {present.notice_line(notice, zone)}" for notice in notices]
    shape = shapes.whole(
        **shapes.outcome(order_id, result),
        notice=shapes.notice(notices[0]) if notices else None,
    )
    voice.data(shape, lines)
    return _posted_verdict(result, handled)


def _typed(desk: Desk, order_id: OrderId, arguments: argparse.Namespace) -> TypedLabel:
    """Take what was typed; an amount without a currency is in the marketplace's own."""
    word = arguments.confirmation
    return TypedLabel(
        carrier=arguments.carrier.strip(),
        service=arguments.service.strip(),
        tracking_id=read_tracking(arguments.tracking),
        charge=read_limit(arguments.charge, _currency(open_record(desk, order_id).record.order)),
        arrives_by=read_moment(arguments.arrives_by),
        confirmation=read_word(Confirmation, word, "confirmation") if word else Confirmation.NONE,
        notify_after=read_span(arguments.notify_after) if arguments.notify_after else None,
    )


def _currency(order: Order) -> str:
    """Tell what an order is charged in: its marketplace's currency, or that of its prices."""
    with suppress(ConfigError):
        return bootstrap.marketplace(order.marketplace_id).currency
    prices = {item.unit_price.currency for item in order.items if item.unit_price}
    return prices.pop() if len(prices) == 1 else bootstrap.marketplace("US").currency


def _recorded(result: Outcome, zone: ZoneInfo) -> str:
    if isinstance(result, Purchased) and not result.already:
        return f"Recorded: {present.label_line(result.label)}."
    return present.outcome(result, zone)


def _posted_verdict(result: Outcome, handled: tuple[Handled, ...]) -> Exit:
    match result:
        case Purchased():
            return _verdict(handled)
        case Unresolved():
            return Exit.UNRESOLVED
        case Refusal() | OverLimit():
            return Exit.VIOLATIONS
        case NotBought():
            return Exit.REFUSED_OUTSIDE


def _show_queue(desk: Desk, only: OrderId | None, zone: ZoneInfo, voice: Voice) -> Exit:
    waiting = outbox(desk, only)
    lines = [present.handled(Handled(notice), zone) for notice in waiting]
    voice.data(shapes.whole(notices=[shapes.notice(notice) for notice in waiting]), lines)
    if not waiting:
        voice.say("The outbox is empty: every marketplace knows what it must know.")
    return Exit.DONE


def _tell(results: tuple[Handled, ...], left: int, zone: ZoneInfo, voice: Voice) -> None:
    shape = shapes.whole(
        notices=[{**shapes.notice(one.notice), "busy": one.busy} for one in results], left=left
    )
    voice.data(shape, [present.handled(one, zone) for one in results])
    if not results:
        voice.say("No notice is due.")
    if left:
        voice.say(f"{present.count(left, 'notice')} in the outbox: primetui confirm --list")


def _verdict(results: tuple[Handled, ...]) -> Exit:
    """Succeed when everything handled got further; busy, put off and failed did not."""
    further = {NoticeState.SENT, NoticeState.VERIFIED, NoticeState.WITHDRAWN}
    stuck = any(one.busy or one.notice.state not in further for one in results)
    return Exit.REFUSED_OUTSIDE if stuck else Exit.DONE
