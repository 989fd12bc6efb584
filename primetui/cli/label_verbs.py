"""Verbs about labels: buy, reconcile, void, show, save or record."""

import argparse
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from primetui import present
from primetui.cli import shapes
from primetui.cli.confirm_verbs import add_label
from primetui.cli.desk import desk_of
from primetui.cli.order_verbs import cheapest_allowed
from primetui.cli.reading import read_limit, read_span, read_word
from primetui.cli.talk import Exit, Voice, exit_for, severest
from primetui.domain.clearance import Refusal
from primetui.domain.label import Label
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError, PortError, PrimeTUIError
from primetui.ports import Desk
from primetui.usecases.answer_purchase import answer_purchase
from primetui.usecases.open_record import live_label
from primetui.usecases.purchase_label import (
    NotBought,
    Outcome,
    OverLimit,
    Purchased,
    Unresolved,
    bought_before,
    purchase_label,
)
from primetui.usecases.reconcile_purchases import Settlement, StillUnknown, reconcile_purchases
from primetui.usecases.void_label import (
    NotVoided,
    Voided,
    VoidUnresolved,
    fetch_papers,
    settle_voids,
    void_label,
)


def buy(arguments: argparse.Namespace, voice: Voice) -> int:
    """Buy labels, one order after the other."""
    if not arguments.yes:
        raise ConfigError("Buying costs money: repeat the command with --yes.")
    if arguments.rate and len(arguments.order) > 1:
        raise ConfigError("--rate belongs to one order; use --cheapest for several.")
    read_limit(arguments.max_charge, "USD")
    _notify_after(arguments)
    results: list[tuple[OrderId, Outcome | PrimeTUIError]] = []
    with desk_of(arguments) as desk:
        zone = desk.repository.account().zone
        for order_id in dict.fromkeys(OrderId(word) for word in arguments.order):
            results.append((order_id, _try_one(desk, order_id, arguments, voice)))
            _tell(order_id, results[-1][1], zone, voice)
    if voice.as_json:
        voice.data(shapes.whole(purchases=[_shape(o, r) for o, r in results]), [])
    return severest([_verdict(result) for _, result in results])


def reconcile(arguments: argparse.Namespace, voice: Voice) -> int:
    """Settle purchases and voids whose outcome nobody saw."""
    answered = arguments.bought or arguments.not_bought
    if answered and not arguments.order:
        raise ConfigError("Name the order your answer is about.")
    with desk_of(arguments) as desk, _uninterrupted(voice):
        only = OrderId(arguments.order) if arguments.order else None
        if only and answered:
            results: tuple[Settlement, ...] = (
                answer_purchase(desk, only, tracking_id=arguments.bought),
            )
        else:
            results = reconcile_purchases(desk, only)
        voids = () if answered else settle_voids(desk, only)
        zone = desk.repository.account().zone
    lines = [present.settlement(result, zone) for result in results]
    lines += [f"{present.plain(one.label.order_id)}: {present.void_outcome(one)}" for one in voids]
    shape = shapes.whole(
        settlements=[shapes.settlement(result) for result in results],
        voids=[shapes.voided(one) for one in voids],
    )
    voice.data(shape, lines or ["Every purchase is settled."])
    unknown = any(isinstance(one, StillUnknown | VoidUnresolved) for one in (*results, *voids))
    return Exit.UNRESOLVED if unknown else Exit.DONE


def void(arguments: argparse.Namespace, voice: Voice) -> int:
    """Give an order's label back."""
    if not arguments.yes:
        raise ConfigError("A void cannot be undone: repeat the command with --yes.")
    with desk_of(arguments) as desk, _uninterrupted(voice):
        result = void_label(desk, OrderId(arguments.order))
    voice.data(shapes.whole(**shapes.voided(result)), [present.void_outcome(result)])
    return {
        Voided: Exit.DONE,
        NotVoided: Exit.REFUSED_OUTSIDE,
        VoidUnresolved: Exit.UNRESOLVED,
    }[type(result)]


def label(arguments: argparse.Namespace, voice: Voice) -> int:
    """Show an order's label, write its file, or record one that was bought elsewhere."""
    match arguments.order:
        case ["add", order]:
            return add_label(OrderId(order), arguments, voice)
        case [order] if order != "add":
            return _show(OrderId(order), arguments, voice)
        case _:
            raise ConfigError("Name one order: `label ORDER`, or `label add ORDER`.")


def _show(order_id: OrderId, arguments: argparse.Namespace, voice: Voice) -> int:
    with desk_of(arguments) as desk:
        found = live_label(desk.repository.labels(order_id))
        if found is None:
            raise ConfigError(f"Order {order_id} has no label.")
        lines = [present.label_line(found), present.source(found)]
        if arguments.save:
            lines.append(_save(desk, found, arguments.format, Path(arguments.save)))
    voice.data(shapes.whole(label=shapes.label(found)), lines)
    return Exit.DONE


def _try_one(
    desk: Desk, order_id: OrderId, arguments: argparse.Namespace, voice: Voice
) -> Outcome | PrimeTUIError:
    """Buy one label; an error is this order's outcome, and never hides what the others came to."""
    try:
        return _buy_one(desk, order_id, arguments, voice)
    except PrimeTUIError as error:
        return error


def _tell(order_id: OrderId, result: Outcome | PrimeTUIError, zone: ZoneInfo, voice: Voice) -> None:
    """Say one order's outcome as soon as it is known; JSON waits for the whole."""
    if isinstance(result, PrimeTUIError):
        voice.say(f"primetui: {present.plain(order_id)}: {result}")
    elif not voice.as_json:
        voice.data({}, [f"{present.plain(order_id)}: {present.outcome(result, zone)}"])


def _shape(order_id: OrderId, result: Outcome | PrimeTUIError) -> shapes.Shape:
    if isinstance(result, PrimeTUIError):
        return shapes.failed(order_id, result)
    return shapes.outcome(order_id, result)


def _buy_one(desk: Desk, order_id: OrderId, arguments: argparse.Namespace, voice: Voice) -> Outcome:
    """Buy the chosen or the cheapest rate of one order."""
    earlier = bought_before(desk.repository, order_id)
    if earlier is not None:
        return earlier
    rate_id = arguments.rate
    try:
        if rate_id is None:
            chosen = cheapest_allowed(desk, order_id)
            if isinstance(chosen, Refusal):
                return chosen
            rate_id = chosen.rate.id
    except PortError as error:
        return NotBought(f"No rates could be fetched, so nothing was bought. {error}")
    offers = desk.repository.offers(order_id)
    rate = offers.rate(rate_id) if offers else None
    limit = read_limit(arguments.max_charge, rate.charge.currency if rate else "USD")
    with _uninterrupted(voice):
        return purchase_label(
            desk, order_id, rate_id, max_charge=limit, notify_after=_notify_after(arguments)
        )


def _notify_after(arguments: argparse.Namespace) -> timedelta | None:
    return read_span(arguments.notify_after) if arguments.notify_after else None


def _verdict(result: Outcome | PrimeTUIError) -> Exit:
    match result:
        case PrimeTUIError():
            return exit_for(result)
        case Purchased():
            return Exit.DONE
        case Unresolved():
            return Exit.UNRESOLVED
        case Refusal() | OverLimit():
            return Exit.VIOLATIONS
        case NotBought():
            return Exit.REFUSED_OUTSIDE


def _save(desk: Desk, found: Label, wanted: str | None, path: Path) -> str:
    """Write the label's file where it was asked for, fetching it first if it is not here."""
    document_format = read_word(DocumentFormat, wanted, "label format") if wanted else None
    fitting = [
        d for d in found.documents if d.kind == "LABEL" and document_format in {None, d.format}
    ]
    if not fitting:
        whole = fetch_papers(desk, found, document_format or DocumentFormat.PDF)
        fitting = [d for d in whole.documents if document_format in {None, d.format}]
    if not fitting:
        raise ConfigError("The provider gives no such file for this label.")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(desk.repository.read_paper(fitting[0]))
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}.") from None
    return f"saved {fitting[0].format} to {path}"


@contextmanager
def _uninterrupted(voice: Voice) -> Iterator[None]:
    """Let Ctrl+C wait: what was sent must be written down."""

    def later(_signal: int, _frame: FrameType | None) -> None:
        voice.say("primetui: finishing what was sent; its answer must be written down.")

    earlier = signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)
