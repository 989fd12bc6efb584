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
from primetui.cli.reading import read_limit, read_span, read_tracking, read_word
from primetui.cli.talk import Exit, Voice, exit_for, severest
from primetui.domain.clearance import Refusal
from primetui.domain.label import Document, Label
from primetui.domain.rate import Rate
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError, PortError, PrimeTUIError, RepositoryError
from primetui.ports import Desk
from primetui.usecases.after_restore import nothing_bought_since
from primetui.usecases.answer_purchase import answer_purchase
from primetui.usecases.earlier_purchase import earlier_purchase
from primetui.usecases.open_record import live_label
from primetui.usecases.purchase_label import (
    NotBought,
    Outcome,
    OverLimit,
    Purchased,
    Unresolved,
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
    interrupted = False
    with desk_of(arguments) as desk:
        zone = desk.repository.account().zone
        try:
            for order_id in dict.fromkeys(OrderId(word) for word in arguments.order):
                results.append((order_id, _try_one(desk, order_id, arguments, voice)))
                _tell(order_id, results[-1][1], zone, voice)
        except KeyboardInterrupt:  # what the first orders came to must be said all the same
            interrupted = True
            voice.say("primetui: interrupted; `check` tells of the orders that are not named here.")
    if voice.as_json:
        voice.data(shapes.whole(purchases=[_shape(o, r) for o, r in results]), [])
    verdict = severest([_verdict(result) for _, result in results])
    return Exit.INTERRUPTED if interrupted and verdict is not Exit.UNRESOLVED else verdict


def reconcile(arguments: argparse.Namespace, voice: Voice) -> int:
    """Settle purchases and voids whose outcome nobody saw."""
    found = None if arguments.bought is None else read_tracking(arguments.bought)
    answered = arguments.not_bought or found is not None
    if answered and not arguments.order:
        raise ConfigError("Name the order your answer is about.")
    with desk_of(arguments) as desk, _uninterrupted(voice):
        only = OrderId(arguments.order) if arguments.order else None
        if only and answered:
            results, said = _answer(desk, only, found)
        else:
            results, said = reconcile_purchases(desk, only), []
        voids = () if answered else settle_voids(desk, only)
        zone = desk.repository.account().zone
    lines = said + [present.settlement(result, zone) for result in results]
    lines += [f"{present.plain(one.label.order_id)}: {present.void_outcome(one)}" for one in voids]
    shape = shapes.whole(
        settlements=[shapes.settlement(result) for result in results],
        voids=[shapes.voided(one) for one in voids],
    )
    voice.data(shape, lines or ["Every purchase is settled."])
    unknown = any(isinstance(one, StillUnknown | VoidUnresolved) for one in (*results, *voids))
    return Exit.UNRESOLVED if unknown else Exit.DONE


def _answer(
    desk: Desk, order_id: OrderId, tracking_id: str | None
) -> tuple[tuple[Settlement, ...], list[str]]:
    """Take an answer for the purchase that waits for one, and for what a backup cannot know."""
    since = tracking_id is None and nothing_bought_since(desk, order_id)
    pending = any(one.is_pending for one in desk.repository.purchases(order_id))
    said = (
        f"{present.plain(order_id)}: journalled as your word: nothing was bought since the backup"
    )
    settled = (
        () if since and not pending else (answer_purchase(desk, order_id, tracking_id=tracking_id),)
    )
    return settled, [said] if since else []


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
            lines.append(_save(desk, found, arguments, voice))
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
        voice.say(f"primetui: {present.plain(order_id)}: {present.plain(str(result))}")
    elif not voice.as_json:
        voice.data({}, [f"{present.plain(order_id)}: {present.outcome(result, zone)}"])


def _shape(order_id: OrderId, result: Outcome | PrimeTUIError) -> shapes.Shape:
    if isinstance(result, PrimeTUIError):
        return shapes.failed(order_id, result)
    return shapes.outcome(order_id, result)


def _buy_one(desk: Desk, order_id: OrderId, arguments: argparse.Namespace, voice: Voice) -> Outcome:
    """Buy the chosen or the cheapest rate of one order."""
    earlier = earlier_purchase(desk, order_id)
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
    rate = _named(desk, order_id, rate_id)
    _tell_of_voided(desk, order_id, voice)
    limit = read_limit(arguments.max_charge, rate.charge.currency if rate else "USD")
    with _uninterrupted(voice):
        return purchase_label(
            desk, order_id, rate_id, max_charge=limit, notify_after=_notify_after(arguments)
        )


def _named(desk: Desk, order_id: OrderId, rate_id: str) -> Rate | None:
    """Find a kept rate; an id that two of them bear names neither."""
    offers = desk.repository.offers(order_id)
    found = [rate for rate in offers.rates if rate.id == rate_id] if offers else []
    if len(found) > 1:
        raise ConfigError(
            f"The provider gave {len(found)} rates of order {order_id} one id, {rate_id!r}: "
            "which one would be bought is not certain. Fetch its rates again."
        )
    return found[0] if found else None


def _tell_of_voided(desk: Desk, order_id: OrderId, voice: Voice) -> None:
    """Say what earlier labels cost, before another one is bought on top of them."""
    zone = desk.repository.account().zone
    for earlier in desk.repository.labels(order_id):
        if not earlier.is_live:
            voice.say(f"{present.plain(order_id)}: {present.bought_before(earlier, zone)}.")


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


def _save(desk: Desk, found: Label, arguments: argparse.Namespace, voice: Voice) -> str:
    """Write the label's file where it was asked for; nothing is left there when that fails."""
    word, path = arguments.format, Path(arguments.save)
    wanted = read_word(DocumentFormat, word, "label format") if word else None
    document, content = _paper(desk, found, wanted, voice)
    shown = present.plain(str(path))
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigError(f"{shown} cannot be written: {error.strerror}.") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ConfigError(f"{shown} cannot be written: {error.strerror}.") from None
    return f"saved {document.format} to {shown}"


def _paper(
    desk: Desk, found: Label, wanted: DocumentFormat | None, voice: Voice
) -> tuple[Document, bytes]:
    """Read a label's file; one that is not here, or was damaged, is fetched again."""
    here = [d for d in found.documents if d.kind == "LABEL" and wanted in {None, d.format}]
    for document in here:
        try:
            return document, desk.repository.read_paper(found.order_id, document)
        except RepositoryError as error:
            voice.say(f"primetui: {present.plain(str(error))} Fetching it again.")
    asked = wanted or (here[0].format if here else DocumentFormat.PDF)
    fetched = [d for d in fetch_papers(desk, found, asked).documents if d.format is asked]
    labels = [d for d in fetched if d.kind == "LABEL"] or fetched
    if not labels:
        raise ConfigError("The provider gives no such file for this label.")
    return labels[-1], desk.repository.read_paper(found.order_id, labels[-1])


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
