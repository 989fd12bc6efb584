"""All that is known of one order, as text: what is wrong comes first, with the way out."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.text import Text

from primetui import present
from primetui.domain.order import Order, OrderItem, OrderPackage
from primetui.domain.shipment import Confirmation, Shipment
from primetui.ports import AuditEntry
from primetui.tui.buyer import buyer_lines
from primetui.tui.facts import fact, heading, violation_lines
from primetui.tui.order_history import bought_lines, history_lines, open_lines
from primetui.tui.order_rows import prime_sign
from primetui.tui.parcels import parcel_lines
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, Lines, line, lines
from primetui.usecases.check_order import Checked
from primetui.usecases.show_buyer import BuyerShown


def order_facts(
    checked: Checked,
    store: str,
    done: tuple[AuditEntry, ...],
    now: datetime,
    zone: ZoneInfo,
    buyer: BuyerShown | None = None,
) -> Lines:
    """Write down everything about an order, and at the end what was done to it."""
    return lines([*_sections(checked, store, now, zone, buyer), *history_lines(done, zone)])


def _sections(
    checked: Checked, store: str, now: datetime, zone: ZoneInfo, buyer: BuyerShown | None
) -> Iterator[Text | Hung]:
    record = checked.record
    yield from _times(record.order, now, zone)
    yield from open_lines(checked, zone)
    yield from violation_lines(checked.violations, zone)
    yield from bought_lines(checked, zone)
    yield heading("Items")
    yield from (_item(item) for item in record.order.items)
    yield heading("Shipment")
    yield from _shipment(record.order, checked.shipment)
    yield from parcel_lines(record)
    yield heading("Order")
    yield fact("Store", f"{store}  {record.order.sales_channel}")
    yield fact("Service", f"{record.order.service_level} {record.order.requested_service}".strip())
    yield from buyer_lines(record, buyer, zone)
    yield fact("Programs", ", ".join(record.order.programs) or "none")
    yield fact("Ordered", present.moment(record.order.purchased_at, zone))
    yield fact("Read", present.moment(record.order.fetched_at, zone))
    landed = f"{record.landing.status}, because {record.landing.why}"
    yield fact("Landed in", f"{landed} ({present.moment(record.landing.at, zone)})")
    yield fact("Tags", ", ".join(f"{tag.name} (by {tag.by})" for tag in record.tags) or "none")
    yield from _listed(record.order.packages)


def _times(order: Order, now: datetime, zone: ZoneInfo) -> Iterator[Text | Hung]:
    left = present.time_left(order.ship_by.latest, now)
    late = order.ship_by.latest is not None and order.ship_by.latest < now
    yield line(*prime_sign(order.prime), "  ", Span(order.status, Tone.STRONG))
    by = f"  {present.moment(order.ship_by.latest, zone)}"
    yield fact("Ship by", Span(left, Tone.BAD if late else Tone.STRONG), by)
    yield fact("Deliver by", present.moment(order.deliver_by.latest, zone))
    if order.label_from is not None and order.label_from > now:
        yield fact("Label from", present.moment(order.label_from, zone))


def _item(item: OrderItem) -> Text:
    shipped = f" ({item.quantity_shipped} shipped)" if item.quantity_shipped else ""
    spans = [Span(f"{item.to_ship:>4} × {item.sku}  {item.title}{shipped}")]
    if item.required_confirmation is not Confirmation.NONE:
        spans.append(Span(f"  ! {item.required_confirmation} required", Tone.WARN))
    if item.cancellation_requested:
        spans.append(Span("  ! cancellation requested", Tone.WARN))
    return line(*spans)


def _shipment(order: Order, shipment: Shipment) -> Iterator[Text | Hung]:
    for package in shipment.packages:
        yield fact("Package", present.package(order, package))
    yield fact("Confirmation", shipment.confirmation or "not chosen")
    yield fact("Label format", shipment.document_format)
    origin = shipment.ship_from
    yield fact("Ship from", f"{origin.city}, {origin.region} {origin.country}" if origin else "–")


def _listed(packages: tuple[OrderPackage, ...]) -> Iterator[Text | Hung]:
    for package in packages:
        name = present.service_name(package.carrier, package.service)
        yield fact("At Amazon", f"{name} {package.tracking_id} {package.status}")
