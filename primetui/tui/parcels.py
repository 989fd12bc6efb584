"""What becomes of an order's parcel, from a screen: split, combined, sent elsewhere (R7, R8, R9)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rich.text import Text
from textual.message import Message

from primetui import present
from primetui.domain.address import Address
from primetui.domain.clearance import Refusal
from primetui.domain.order import OrderRecord
from primetui.domain.packing import split_refused
from primetui.domain.shipment import OrderId
from primetui.domain.violations import Violation
from primetui.tui.dialogs.form import Field, Form
from primetui.tui.dialogs.reasons import Reasons
from primetui.tui.editing import EditingRoom
from primetui.tui.facts import fact, violation_lines
from primetui.tui.typed import address_fields, typed_address
from primetui.tui.widgets.columns import Span, Tone
from primetui.tui.widgets.words import Hung, line
from primetui.usecases.combine_orders import (
    Combined,
    NotCombined,
    combine_orders,
    suggest_combinations,
    uncombine_order,
)
from primetui.usecases.edit_ship_to import ShipToEdited, edit_ship_to, is_ours_to_edit
from primetui.usecases.edit_shipment import NotEdited
from primetui.usecases.open_record import open_record
from primetui.usecases.return_label import return_label
from primetui.usecases.split_order import join_order, split_order

_BOXES: Final = 4
"""Packages a form asks for; the command line takes more."""
_SPLIT_GUIDE: Final = "What no package names goes into one more."
_COMBINE_GUIDE: Final = "Ids with blanks between. Amazon sells no label for a shared box."
_SHIP_TO_GUIDE: Final = (
    "Amazon's own address stays on the label: this one is kept beside it.\n"
    "Left blank, it is taken away again. Only a file's own order is changed."
)


@dataclass
class ParcelChanged(Message):
    """A change of an order's parcel came to its end."""

    result: OrderRecord | NotEdited | Combined | NotCombined | Refusal


@dataclass(repr=False)
class ShipToTyped(Message):
    """An address was kept, or refused; nothing writes it down."""

    result: ShipToEdited | NotEdited


@dataclass(frozen=True, slots=True)
class TypedShipTo:
    """What a form was kept with; no address takes an earlier one away."""

    address: Address | None


@dataclass
class BoxSuggested(Message):
    """Which orders could share the order's box was looked up."""

    others: tuple[OrderId, ...]


class ParcelRoom(EditingRoom):
    """A screen about one order whose parcel can be split, combined and sent elsewhere."""

    # --- Split --------------------------------------------------------------------------------

    def action_split_order(self) -> None:
        """Refuse, or ask what each package holds."""
        order = open_record(self.desk, self.order_id).record.order
        refused = tuple(split_refused(order))
        if refused:
            self._refuse("Not split.", refused)
            return
        fields = [
            Field(f"box{number}", f"Package {number}", example="MUG=2, CUP=1")
            for number in range(1, _BOXES + 1)
        ]
        goods = (f"{item.to_ship} × {item.sku or item.id}" for item in order.items if item.to_ship)
        guide = f"{present.plain(', '.join(goods))}\n{_SPLIT_GUIDE}"
        form = Form(f"Split {self.order_id}", fields, _boxes, guide)
        self.app.push_screen(form, self._split)

    def _split(self, boxes: list[str] | None) -> None:
        if boxes is not None:
            self.read(
                lambda: ParcelChanged(split_order(self.desk, self.order_id, boxes)), "Splitting"
            )

    def action_join_order(self) -> None:
        """Put it into one package again."""
        self.read(lambda: ParcelChanged(join_order(self.desk, self.order_id)), "Joining")

    # --- Combine ------------------------------------------------------------------------------

    def action_combine_orders(self) -> None:
        """Look which orders could share the box."""

        def look() -> Message:
            groups = suggest_combinations(self.desk)
            fits = next((group for group in groups if self.order_id in group), ())
            return BoxSuggested(tuple(one for one in fits if one != self.order_id))

        self.read(look, "Looking for orders of the same buyer")

    def on_box_suggested(self, message: BoxSuggested) -> None:
        """Ask for the others, beginning with those that fit."""
        self.bar.busy = ""
        if not self.is_current:
            return
        field = Field("others", "The other orders", " ".join(message.others))
        form = Form(f"One box with {self.order_id}", [field], _ids, _COMBINE_GUIDE)
        self.app.push_screen(form, self._combine)

    def _combine(self, others: list[OrderId] | None) -> None:
        if others is not None:
            wanted = [self.order_id, *others]
            self.read(lambda: ParcelChanged(combine_orders(self.desk, wanted)), "Combining")

    def action_uncombine_orders(self) -> None:
        """Take the box apart."""
        self.read(lambda: ParcelChanged(uncombine_order(self.desk, self.order_id)), "Taking apart")

    # --- Where it goes, and how it would come back --------------------------------------------

    def action_edit_ship_to(self) -> None:
        """Ask for an address, beginning with the one typed before: a buyer's own is not shown."""
        record = open_record(self.desk, self.order_id).record
        known = record.typed_ship_to
        if is_ours_to_edit(self.desk.repository, record):
            known = record.order.ship_to
        fields = address_fields(known, "Name")
        form = Form(f"Ship-to of {self.order_id}", fields, _typed_ship_to, _SHIP_TO_GUIDE)
        self.app.push_screen(form, self._address)

    def _address(self, typed: TypedShipTo | None) -> None:
        if typed is not None:
            self.read(
                lambda: ShipToTyped(edit_ship_to(self.desk, self.order_id, typed.address)),
                "Keeping the address",
            )

    def on_ship_to_typed(self, message: ShipToTyped) -> None:
        """Say that it is kept, and that it moves nothing."""
        self.bar.busy = ""
        if isinstance(message.result, NotEdited):
            self._refuse("Not changed.", message.result.violations)
        else:
            self.bar.tell("Kept.", Tone.GOOD)
            if message.result.warnings:
                self._refuse("Kept, beside the marketplace's address.", message.result.warnings)
        self.look_again()

    def action_return_label(self) -> None:
        """Say how one is had."""
        self.read(
            lambda: ParcelChanged(return_label(self.desk, self.order_id)), "Looking for the way"
        )

    # --- What came of it ----------------------------------------------------------------------

    def on_parcel_changed(self, message: ParcelChanged) -> None:
        """Say what came of it; a refusal in full, each order by name."""
        self.bar.busy = ""
        match message.result:
            case NotEdited(violations=found) | Refusal(violations=found):
                self._refuse("Not done.", found)
            case NotCombined(refused=refused):
                self._tell_refused(refused)
            case OrderRecord() | Combined():
                self.bar.tell("Changed.", Tone.GOOD)
                self.edited()
        self.look_again()

    def _tell_refused(self, refused: Mapping[OrderId, tuple[Violation, ...]]) -> None:
        rows: list[Text | Hung] = []
        for order_id, found in refused.items():
            rows += [line(Span(order_id, Tone.STRONG)), *violation_lines(found, self.zone)]
        self._show("Not combined.", rows)

    def _refuse(self, title: str, found: tuple[Violation, ...]) -> None:
        self._show(title, list(violation_lines(found, self.zone)))

    def _show(self, title: str, rows: list[Text | Hung]) -> None:
        if self.is_current:
            self.app.push_screen(Reasons(title, rows))


def parcel_lines(record: OrderRecord) -> Iterator[Text | Hung]:
    """Write who shares the order's box, and the address typed beside the marketplace's."""
    if record.shipment.combined_with:
        yield fact("Box", present.combined(record.shipment))
    typed = present.typed_ship_to(record)
    if typed:
        yield fact("Typed here", Span(typed, Tone.WARN))


def _boxes(typed: Mapping[str, str]) -> list[str]:
    return [text for text in typed.values() if text]


def _ids(typed: Mapping[str, str]) -> list[OrderId]:
    return [OrderId(word) for word in typed["others"].replace(",", " ").split()]


def _typed_ship_to(typed: Mapping[str, str]) -> TypedShipTo:
    return TypedShipTo(typed_address(typed))
