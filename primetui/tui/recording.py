"""The forms about a label that PrimeTUI did not buy itself: recorded, or found by hand."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from primetui.domain.shipment import Confirmation
from primetui.errors import ConfigError
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.typed import typed_amounts, typed_moment, typed_span, typed_word
from primetui.usecases.check_order import Checked
from primetui.usecases.record_label import LONGEST, TypedLabel

GUIDE: Final = (
    "It is held to the same constraints as any other label. Nothing is\n"
    "bought here; the marketplace is told of it once."
)


def record_form(checked: Checked, zone: ZoneInfo) -> Form[TypedLabel]:
    """Ask for everything that stands on a label and its receipt."""
    prices = (item.unit_price for item in checked.record.order.items)
    known = tuple({price.currency: None for price in prices if price})
    chosen = checked.shipment.confirmation or Confirmation.NONE
    fields = [
        Field("carrier", "Carrier", example="UPS"),
        Field("service", "Service", example="Ground"),
        Field("tracking", "Tracking number", example="1Z…"),
        Field("charge", "Price", example=f"9.10 {known[0] if known else 'USD'}"),
        Field("arrives", f"Promised arrival, {zone.key} time", example="2026-11-26 20:00"),
        Field("confirmation", "Confirmation it was bought with", chosen),
        Field("notify", "Tell the marketplace after (empty: as the store is set)", example="2h"),
    ]

    def read(typed: Mapping[str, str]) -> TypedLabel:
        amounts = typed_amounts(typed["charge"], known)
        if len(amounts) != 1:
            raise ConfigError("The price is one amount: write 9.10 USD.")
        return TypedLabel(
            carrier=_word("carrier", typed["carrier"]),
            service=_word("service", typed["service"]),
            tracking_id=_word("tracking number", typed["tracking"]),
            charge=amounts[0],
            arrives_by=typed_moment(typed["arrives"], zone),
            confirmation=typed_word(Confirmation, typed["confirmation"], "confirmation"),
            notify_after=_span(typed["notify"]),
        )

    return Form(f"Label bought elsewhere for {checked.record.order.id}", fields, read, GUIDE)


def tracking_form() -> Form[str]:
    """Ask for the tracking number of a label that was found."""
    field = Field("tracking", "Tracking number", example="1Z…")
    guide = "It is written down as your finding, under your name."
    return Form("It was bought", [field], lambda t: _word("tracking number", t["tracking"]), guide)


def carrier_form(carrier: str) -> Form[str]:
    """Ask for another name of a carrier."""
    field = Field("carrier", "Carrier, as the marketplace writes it", carrier, "UPS")
    guide = "It is sent again under this name, as the same package."
    return Form("Another name", [field], lambda t: _word("carrier", t["carrier"]), guide)


def _word(name: str, text: str) -> str:
    if not text or not text.isprintable() or len(text) > LONGEST:
        raise ConfigError(f"The {name} is missing: 1 to {LONGEST} characters, as on the label.")
    return text


def _span(text: str) -> timedelta | None:
    return typed_span(text) if text else None
