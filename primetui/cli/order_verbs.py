"""Verbs about orders: import, list, check, rates, edit."""

import argparse
from datetime import datetime
from zoneinfo import ZoneInfo

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.file_verbs import import_from
from primetui.cli.reading import read_word
from primetui.cli.talk import Exit, Voice
from primetui.domain.clearance import Refusal
from primetui.domain.constraints import refused_by_provider
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.shipment import Confirmation, DocumentFormat, OrderId
from primetui.domain.store import StoreId
from primetui.domain.violations import Violation
from primetui.errors import ConfigError
from primetui.ports import Desk, OrderRow
from primetui.usecases.check_order import Checked, check_order
from primetui.usecases.edit_shipment import Changes, NotEdited, edit_shipment
from primetui.usecases.find_orders import parse_filter
from primetui.usecases.get_rates import NoRates, Quote, Quotes, get_rates
from primetui.usecases.import_orders import import_orders
from primetui.usecases.manage_stores import find_store

LONGEST_NAME = 24
"""Cells that a store's name takes in a table, at most."""


def import_(arguments: argparse.Namespace, voice: Voice) -> int:
    """Read what changed at the stores, or a file of orders."""
    if arguments.file is not None:
        return import_from(arguments, voice)
    if arguments.preview or arguments.map or arguments.encoding:
        raise ConfigError("--preview, --map and --encoding are about a file: give it with --file.")
    with desk_of(arguments) as desk:
        only = find_store(desk, arguments.store).id if arguments.store else None
        done = import_orders(
            desk,
            only,
            progress=lambda name, seen: voice.say(
                f"{present.plain(name)}: {present.count(seen, 'order')} read"
            ),
        )
    lines = [
        f"{present.plain(one.store.name)}: {one.report.seen} seen, {one.report.added} added, "
        f"{one.report.updated} updated"
        + (f", {len(one.report.errors)} errors" if one.report.errors else "")
        for one in done
    ]
    voice.data(
        shapes.whole(
            stores=[
                {
                    "store": shapes.store(one.store),
                    **shapes.report(one.report),
                    "failure": one.failure,
                }
                for one in done
            ]
        ),
        lines,
    )
    for one in done:
        for sentence in ([one.failure] if one.failure else []) + list(one.report.errors):
            voice.say(f"primetui: {present.plain(one.store.name)}: {present.plain(sentence)}")
    return Exit.REFUSED_OUTSIDE if any(one.failure for one in done) else Exit.DONE


def orders(arguments: argparse.Namespace, voice: Voice) -> int:
    """List orders that a filter finds."""
    with desk_of(arguments) as desk:
        query = parse_filter(desk, " ".join(arguments.filter))
        total = desk.repository.count_orders(query)
        end = arguments.offset + arguments.limit
        rows = desk.repository.order_rows(query, arguments.offset, end)
        zone, now = desk.repository.account().zone, desk.clock.now()
        names = {store.id: store.name for store in desk.repository.stores()}
    lines = _table(rows, names, now, zone)
    voice.data(shapes.whole(total=total, orders=[shapes.row(row) for row in rows]), lines)
    if not total:
        voice.say(
            "No order matches. `primetui import` reads new ones; `primetui stores` adds stores."
        )
    elif len(rows) < total:
        voice.say(f"{len(rows)} of {total} shown; see --limit and --offset.")
    return Exit.DONE


def check(arguments: argparse.Namespace, voice: Voice) -> int:
    """Say everything that is wrong with an order."""
    with desk_of(arguments) as desk:
        result = check_order(desk, OrderId(arguments.order))
        zone = desk.repository.account().zone
    voice.data(shapes.whole(**shapes.checked(result)), _checked_lines(result, zone))
    return _verdict(result)


def rates(arguments: argparse.Namespace, voice: Voice) -> int:
    """Fetch rates, allowed and cheapest first."""
    with desk_of(arguments) as desk:
        result = get_rates(desk, OrderId(arguments.order))
        voided = check_order(desk, OrderId(arguments.order)).voided
        zone = desk.repository.account().zone
    if isinstance(result, NoRates):
        return _refused(arguments.order, result.violations, zone, voice)
    lines = [line for quote in result.quotes for line in _quote_lines(quote, zone)]
    lines += _ineligible_lines(result, zone)
    shape = shapes.whole(
        **shapes.quotes(result), voided_labels=[shapes.label(label) for label in voided]
    )
    voice.data(shape, lines or [present.NO_SERVICE])
    for label in voided:
        voice.say(f"{present.plain(label.order_id)}: {present.bought_before(label, zone)}.")
    return Exit.DONE if result.allowed else Exit.VIOLATIONS


def edit(arguments: argparse.Namespace, voice: Voice) -> int:
    """Set an order's package, confirmation and label format."""
    word = arguments.confirmation
    changes = Changes(
        package=arguments.package,
        weight=Weight.read(arguments.weight) if arguments.weight else None,
        dimensions=Dimensions.read(arguments.size) if arguments.size else None,
        confirmation=read_word(Confirmation, word, "confirmation") if word else None,
        document_format=read_word(DocumentFormat, arguments.format, "label format")
        if arguments.format
        else None,
    )
    if changes == Changes(package=arguments.package):
        raise ConfigError("Nothing to change: give --weight, --size, --confirmation or --format.")
    with desk_of(arguments) as desk:
        order_id = OrderId(arguments.order)
        result = edit_shipment(desk, order_id, changes)
        zone = desk.repository.account().zone
        if isinstance(result, NotEdited):
            return _refused(order_id, result.violations, zone, voice)
        checked = check_order(desk, order_id)
    voice.data(shapes.whole(**shapes.checked(checked)), _checked_lines(checked, zone))
    return Exit.DONE


def audit(arguments: argparse.Namespace, voice: Voice) -> int:
    """Show who did what, oldest first."""
    with desk_of(arguments) as desk:
        order_id = OrderId(arguments.order) if arguments.order else None
        entries = desk.repository.audit(order_id)
        zone = desk.repository.account().zone
    wanted = arguments.words.casefold()
    found = [
        e for e in entries if wanted in f"{e.by} {e.action} {e.order_id} {e.detail}".casefold()
    ]
    lines = [present.audit_line(one, zone) for one in found]
    voice.data(shapes.whole(entries=[shapes.audit(one) for one in found]), lines)
    if not found:
        voice.say("Nothing of that kind was done.")
    return Exit.DONE


def cheapest_allowed(desk: Desk, order_id: OrderId) -> Quote | Refusal:
    """Fetch fresh rates and choose the cheapest that is allowed, or say why there is none."""
    result = get_rates(desk, order_id)
    if isinstance(result, NoRates):
        return Refusal(result.violations)
    if result.allowed:
        return result.allowed[0]
    reasons = result.order_violations or (result.quotes[0].violations if result.quotes else ())
    if not reasons:
        raise ConfigError(f"Order {order_id}: {present.NO_SERVICE}")
    return Refusal(reasons)


def _refused(order_id: str, found: tuple[Violation, ...], zone: ZoneInfo, voice: Voice) -> Exit:
    shape = shapes.whole(order_id=order_id, violations=[shapes.violation(x) for x in found])
    voice.data(shape, _violation_lines(found, zone))
    return Exit.VIOLATIONS


def _table(
    rows: tuple[OrderRow, ...], names: dict[StoreId, str], now: datetime, zone: ZoneInfo
) -> list[str]:
    """Write rows under one another: every column is as wide in each of them."""
    ids = present.widest(row.id for row in rows)
    stores = min(LONGEST_NAME, present.widest(names.values()))
    return [
        "  ".join(
            (
                present.column(row.id, ids),
                f"{present.time_left(row.ship_by, now):>12}",
                f"{present.short_moment(row.deliver_by, zone):<12}",
                "Prime" if row.prime == "yes" else "     ",
                f"{row.status.value:<19}",
                present.column(names.get(row.store_id, "?"), stores),
                present.column(row.summary, 40),
                *_signs(row),
            )
        ).rstrip()
        for row in rows
    ]


def _signs(row: OrderRow) -> tuple[str, ...]:
    pending = ("purchase not settled",) if row.purchase_pending else ()
    label = (present.plain(row.tracking_id),) if row.tracking_id else ()
    return (*label, *pending, *row.warnings)


def _verdict(result: Checked) -> Exit:
    if result.pending is not None:
        return Exit.UNRESOLVED
    return Exit.VIOLATIONS if result.blocking else Exit.DONE


def _checked_lines(result: Checked, zone: ZoneInfo) -> list[str]:
    order = result.record.order
    lines = [
        f"{present.plain(order.id)}  {order.status.value}  Prime: {order.prime.value}",
        f"  landed in {result.record.landing.status.value} because {result.record.landing.why}",
        f"  ship by {present.moment(order.ship_by.latest, zone)}",
        f"  deliver by {present.moment(order.deliver_by.latest, zone)}",
    ]
    drafted = present.packages(order, result.shipment)
    if len(drafted) > 1:
        lines += [f"  {line}" for line in drafted]
    if result.record.typed_ship_to:
        lines += [f"  {line}" for line in present.ship_to_lines(result.record)]
    if result.record.tags:
        lines.append("  tags: " + ", ".join(present.plain(t.name) for t in result.record.tags))
    if result.label:
        lines.append(
            f"  label: {present.label_line(result.label)}, {present.label_state(result.label)}"
        )
    if result.label and result.void_needed:
        lines.append(f"  {present.void_needed(result.label)}")
    if result.notice:
        lines.append(f"  notice: {present.notice_line(result.notice, zone)}")
    lines += [f"  {present.bought_before(label, zone)}" for label in result.voided]
    if result.pending:
        lines.append(f"  purchase: {present.purchase_state(result.pending)}")
    return lines + (_violation_lines(result.violations, zone) or ["  nothing is wrong with it"])


def _violation_lines(found: tuple[Violation, ...], zone: ZoneInfo) -> list[str]:
    return [
        line
        for x in found
        for line in (
            f"  {present.violation_line(x, zone)}",
            f"         {present.remedy(x, zone)}",
        )
    ]


def _quote_lines(quote: Quote, zone: ZoneInfo) -> list[str]:
    rate = quote.rate
    sign = "ok" if quote.allowed else "no"
    badges = " ".join(present.badge(b) for b in rate.benefits)
    head = (
        f"{sign}  {present.money(quote.charge):>10}  "
        f"{present.service_name(rate.carrier, rate.service)}  arrives by {present.moment(rate.promise.arrives_by, zone)}"
        f"  {badges}  id {present.plain(rate.id)}"
    )
    return [head, *_violation_lines(quote.violations, zone)]


def _ineligible_lines(result: Quotes, zone: ZoneInfo) -> list[str]:
    return [
        line
        for service in result.ineligible
        for line in (
            f"no           –  {present.service_name(service.carrier, service.service)}",
            *_violation_lines(refused_by_provider(service), zone),
        )
    ]
