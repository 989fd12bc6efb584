"""The verb that imports a file of orders into a manual store, or shows what it would bring."""

import argparse

from primetui import bootstrap, present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.domain.columns import typed_columns
from primetui.domain.order import Order
from primetui.domain.store import Store, StoreKind
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.import_file import FileImport, import_file
from primetui.usecases.manage_stores import find_store

MOST_SAID = 100
"""Rows that are named on stderr; the data has them all."""


def import_from(arguments: argparse.Namespace, voice: Voice) -> int:
    """Import a file; with --preview nothing is kept."""
    said = typed_columns(arguments.map)
    with desk_of(arguments) as desk:
        store = _store(desk, arguments.store)
        with bootstrap.order_file(arguments.file, arguments.encoding) as table:
            done = import_file(
                desk,
                store.id,
                table,
                said,
                preview=arguments.preview,
                progress=lambda seen: voice.say(f"{present.count(seen, 'order')} read"),
            )
        zone = desk.repository.account().zone
    report = done.report
    counts = f"{report.seen} seen, {report.added} added, {report.updated} updated"
    lines = [f"{present.plain(done.store.name)}: {counts}, {_errors(done)}"]
    if arguments.preview:
        lines = [
            f"written in {present.file_form(done.form)}",
            f"columns: {present.column_meanings(done.columns)}",
            f"not used: {present.ignored_columns(done.columns)}",
            *(present.file_order(order, zone) for order in done.sample),
            f"would import {present.count(report.seen, 'order')}, {report.added} of them new, "
            + _errors(done),
        ]
    voice.data(_shape(done, preview=arguments.preview), lines)
    _say_faults(done, voice)
    return Exit.USAGE if done.failure else Exit.DONE


def _store(desk: Desk, named: str | None) -> Store:
    """Find the store a file belongs to: the one named, or the only one there is for files."""
    if named is not None:
        return find_store(desk, named)
    manual = [store for store in desk.repository.stores() if store.kind is StoreKind.MANUAL]
    if len(manual) != 1:
        raise ConfigError(
            "Say which manual store the file is for: --store STORE. To add one: primetui stores "
            "add --manual NAME"
        )
    return manual[0]


def _errors(done: FileImport) -> str:
    return present.count(len(done.faults), "error")


def _say_faults(done: FileImport, voice: Voice) -> None:
    for fault in done.faults[:MOST_SAID]:
        voice.say(f"primetui: {present.plain(fault.sentence)}")
    more = len(done.faults) - MOST_SAID
    if more > 0:
        voice.say(f"primetui: and {more:,} more; --json names them all.")
    if done.failure:
        voice.say(f"primetui: {present.plain(done.failure)}")


def _shape(done: FileImport, *, preview: bool) -> shapes.Shape:
    """Write what an import of a file came to."""
    pairs = zip(done.columns.names, done.columns.fields, strict=True)
    return shapes.whole(
        preview=preview,
        store=shapes.store(done.store),
        encoding=done.form.encoding,
        encoding_guessed=done.form.guessed,
        delimiter=done.form.delimiter,
        columns=[{"name": name, "field": field.value} for name, field in pairs],
        seen=done.report.seen,
        added=done.report.added,
        updated=done.report.updated,
        errors=[
            {"line": fault.line, "column": fault.column, "expected": fault.expected}
            for fault in done.faults
        ],
        sample=[_order(order) for order in done.sample],
        failure=done.failure,
    )


def _order(order: Order) -> shapes.Shape:
    return {
        "id": order.id,
        "units": sum(item.quantity for item in order.items),
        "prime": order.prime.value,
        "ordered_at": shapes.when(order.purchased_at),
        "ship_by": shapes.when(order.ship_by.latest),
        "deliver_by": shapes.when(order.deliver_by.latest),
        "unrecognised": list(order.unrecognised),
    }
