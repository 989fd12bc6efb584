"""Verbs about parcels: what Prime forbids and other orders may (R7, R8, R9, R20)."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.reading import read_address, read_day
from primetui.cli.talk import Exit, Voice, exit_for, severest
from primetui.domain.clearance import Refusal
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.domain.violations import Violation
from primetui.errors import ConfigError, PrimeTUIError
from primetui.ports import Desk
from primetui.usecases.combine_orders import (
    Combined,
    NotCombined,
    combine_orders,
    suggest_combinations,
    uncombine_order,
)
from primetui.usecases.edit_ship_to import ShipToEdited, edit_ship_to, shown_ship_to
from primetui.usecases.edit_shipment import NotEdited
from primetui.usecases.make_manifest import (
    Form,
    Manifested,
    labels_of_day,
    labels_of_orders,
    make_manifest,
)
from primetui.usecases.open_record import open_record
from primetui.usecases.return_label import return_label
from primetui.usecases.split_order import join_order, split_order

R = TypeVar("R")


def split(arguments: argparse.Namespace, voice: Voice) -> int:
    """Spread an order over several packages."""
    order_id = OrderId(arguments.order)
    with desk_of(arguments) as desk:
        result = split_order(desk, order_id, arguments.box)
        zone = desk.repository.account().zone
    _tell({order_id: result}, zone, voice)
    return _edited(result)


def join(arguments: argparse.Namespace, voice: Voice) -> int:
    """Put orders into one package each again; each is judged alone."""
    with desk_of(arguments) as desk:
        results = _each(arguments.order, lambda order_id: join_order(desk, order_id))
        zone = desk.repository.account().zone
    _tell(results, zone, voice)
    return severest([_edited(result) for result in results.values()])


def combine(arguments: argparse.Namespace, voice: Voice) -> int:
    """Put orders into one box, or say which could go into one."""
    if arguments.suggest == bool(arguments.order):
        raise ConfigError("Name the orders of one box, or ask for --suggest.")
    with desk_of(arguments) as desk:
        if arguments.suggest:
            return _suggest(desk, voice)
        result = combine_orders(desk, [OrderId(word) for word in arguments.order])
        return _boxed(result, "Combined", desk.repository.account().zone, voice)


def uncombine(arguments: argparse.Namespace, voice: Voice) -> int:
    """Take the box of an order apart again."""
    with desk_of(arguments) as desk:
        result = uncombine_order(desk, OrderId(arguments.order))
        return _boxed(result, "Taken apart", desk.repository.account().zone, voice)


def manifest(arguments: argparse.Namespace, voice: Voice) -> int:
    """Have the forms made, and write them down."""
    if arguments.day and arguments.order:
        raise ConfigError("Name orders, or a day.")
    with desk_of(arguments) as desk:
        zone = desk.repository.account().zone
        day = (read_day(arguments.day, zone) if arguments.day else desk.clock.now()).astimezone(
            zone
        )
        chosen = [OrderId(word) for word in dict.fromkeys(arguments.order)]
        labels = labels_of_orders(desk, chosen) if chosen else labels_of_day(desk, day.date())
        result = make_manifest(desk, labels)
    if isinstance(result, Refusal):
        shape = shapes.whole(violations=[shapes.violation(one) for one in result.violations])
        voice.data(shape, _lines(result.violations, zone))
        return Exit.VIOLATIONS
    files = [
        _save(form, Path(arguments.into), day.date(), number)
        for number, form in enumerate(result.made, start=1)
    ]
    _tell_manifest(result, files, zone, voice)
    return Exit.REFUSED_OUTSIDE if result.failed else Exit.DONE


def return_label_(arguments: argparse.Namespace, voice: Voice) -> int:
    """Say of each order how a return label for it is had."""
    with desk_of(arguments) as desk:
        results = _each(arguments.order, lambda order_id: return_label(desk, order_id))
        zone = desk.repository.account().zone
    _tell(results, zone, voice)
    return severest(
        [exit_for(r) if isinstance(r, PrimeTUIError) else Exit.VIOLATIONS for r in results.values()]
    )


def ship_to(arguments: argparse.Namespace, voice: Voice) -> int:
    """Type where an order goes to."""
    order_id = OrderId(arguments.order)
    if arguments.undo == bool(arguments.fields):
        raise ConfigError("Give FIELD=TEXT, or --undo.")
    with desk_of(arguments) as desk:
        start = shown_ship_to(open_record(desk, order_id).record)
        typed = None if arguments.undo else read_address(_pairs(arguments.fields), start)
        result = edit_ship_to(desk, order_id, typed)
        zone = desk.repository.account().zone
    if isinstance(result, ShipToEdited):
        warnings = [shapes.violation(one) for one in result.warnings]
        shape = shapes.whole(order_id=order_id, **shapes.draft(result.record), warnings=warnings)
        voice.data(shape, present.ship_to_lines(result.record))
        for line in _lines(result.warnings, zone):
            voice.say(f"primetui:{line[1:]}")
        return Exit.DONE
    _tell({order_id: result}, zone, voice)
    return Exit.VIOLATIONS


def _pairs(words: list[str]) -> list[str]:
    """Give what was typed; `-` stands for the lines of stdin, which no process list shows."""
    if words != ["-"]:
        return words
    return [line.strip() for line in sys.stdin if line.strip()]


def _each(words: list[str], do: Callable[[OrderId], R]) -> dict[OrderId, R | PrimeTUIError]:
    """Do it for each order alone: an error is that order's own."""
    results: dict[OrderId, R | PrimeTUIError] = {}
    for order_id in dict.fromkeys(OrderId(word) for word in words):
        try:
            results[order_id] = do(order_id)
        except PrimeTUIError as error:
            results[order_id] = error
    return results


def _edited(result: OrderRecord | NotEdited | PrimeTUIError) -> Exit:
    if isinstance(result, PrimeTUIError):
        return exit_for(result)
    return Exit.VIOLATIONS if isinstance(result, NotEdited) else Exit.DONE


Result = OrderRecord | NotEdited | Refusal | PrimeTUIError


def _tell(results: Mapping[OrderId, Result], zone: ZoneInfo, voice: Voice) -> None:
    """Name each order with its draft, or with why it was refused."""
    shape = [{"order_id": order_id, **_shape(result)} for order_id, result in results.items()]
    lines: list[str] = []
    for order_id, result in results.items():
        match result:
            case OrderRecord():
                drafted = present.packages(result.order, result.shipment)
                lines += [f"{present.plain(order_id)}: {line}" for line in drafted]
            case NotEdited(violations=found) | Refusal(violations=found):
                lines += [f"{present.plain(order_id)}: refused", *_lines(found, zone)]
            case PrimeTUIError():
                voice.say(f"primetui: {present.plain(order_id)}: {present.plain(str(result))}")
    voice.data(shapes.whole(orders=shape), lines)


def _shape(result: Result) -> shapes.Shape:
    match result:
        case OrderRecord():
            return {"outcome": "done", **shapes.draft(result)}
        case NotEdited(violations=found) | Refusal(violations=found):
            return {"outcome": "refused", "violations": [shapes.violation(x) for x in found]}
        case PrimeTUIError():
            return {"outcome": "error", "kind": type(result).__name__, "message": str(result)}


def _lines(found: tuple[Violation, ...], zone: ZoneInfo) -> list[str]:
    return [
        line
        for one in found
        for line in (
            f"  {present.violation_line(one, zone)}",
            f"         {present.remedy(one, zone)}",
        )
    ]


def _suggest(desk: Desk, voice: Voice) -> Exit:
    groups = suggest_combinations(desk)
    shape = shapes.whole(suggestions=[list(group) for group in groups])
    voice.data(shape, [" ".join(map(present.plain, group)) for group in groups])
    if not groups:
        voice.say("No two waiting orders are known to go to one buyer at one place.")
    return Exit.DONE


def _boxed(result: Combined | NotCombined, done: str, zone: ZoneInfo, voice: Voice) -> Exit:
    """Say which orders share a box, or which of them stand in the way."""
    if isinstance(result, Combined):
        ids = [record.order.id for record in result.records]
        drafts = [{"order_id": r.order.id, **shapes.draft(r)} for r in result.records]
        voice.data(shapes.whole(orders=drafts), [f"{done}: {' '.join(map(present.plain, ids))}"])
        return Exit.DONE
    refused = [
        {"order_id": order_id, "violations": [shapes.violation(one) for one in found]}
        for order_id, found in result.refused.items()
    ]
    lines = [
        line
        for order_id, found in result.refused.items()
        for line in (f"{present.plain(order_id)}: refused", *_lines(found, zone))
    ]
    voice.data(shapes.whole(refused=refused), lines)
    return Exit.VIOLATIONS


def _save(form: Form, folder: Path, day: date, number: int) -> str:
    """Write a form into a folder, under a name nothing has yet."""
    path = folder / f"manifest-{day.isoformat()}-{number}.{form.paper.format.value.lower()}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(form.paper.content)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be written: {error.strerror}. Name the same orders again, and --into "
            "another folder: the form is the same."
        ) from None
    return str(path)


def _tell_manifest(result: Manifested, files: list[str], zone: ZoneInfo, voice: Voice) -> None:
    made = [
        {"carrier": form.carrier, "orders": [x.order_id for x in form.labels], "file": file}
        for form, file in zip(result.made, files, strict=True)
    ]
    failed = [
        {"carrier": one.carrier, "orders": [x.order_id for x in one.labels], "reason": one.reason}
        for one in result.failed
    ]
    left_out = [shapes.violation(one) for one in result.left_out]
    lines = [
        f"{present.plain(form.carrier)}: {present.count(len(form.labels), 'parcel')} on "
        f"{present.plain(file)}"
        for form, file in zip(result.made, files, strict=True)
    ]
    voice.data(
        shapes.whole(made=made, failed=failed, left_out=left_out),
        [*lines, *_lines(result.left_out, zone)],
    )
    for one in result.failed:
        voice.say(f"primetui: {present.plain(one.carrier)}: {present.plain(one.reason)}")
