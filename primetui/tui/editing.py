"""Editing a draft from a screen: its package's measures, its confirmation, its label format."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from textual.message import Message

from primetui import present
from primetui.domain.order import OrderRecord
from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.tui.dialogs.form import Form
from primetui.tui.room import Room
from primetui.tui.typed import package_fields, typed_size, typed_weight
from primetui.tui.widgets.columns import Tone
from primetui.tui.work import Work
from primetui.usecases.edit_shipment import Changes, NotEdited, edit_shipment
from primetui.usecases.open_record import open_record


@dataclass
class ShipmentEdited(Message):
    """An edit came to its end."""

    result: OrderRecord | NotEdited


class EditingRoom(Room):
    """A screen about one order whose draft can be edited."""

    def __init__(self, desk: Desk, work: Work, order_id: OrderId) -> None:
        super().__init__(desk, work)
        self.order_id = order_id

    def on_order(self) -> OrderId:
        """Name the order."""
        return self.order_id

    def change(self, changes: Changes) -> None:
        """Keep changes of the draft."""
        self.read(
            lambda: ShipmentEdited(edit_shipment(self.desk, self.order_id, changes)), "Keeping"
        )

    def on_shipment_edited(self, message: ShipmentEdited) -> None:
        """Say whether it was kept."""
        if isinstance(message.result, NotEdited):
            words = (present.message(x, self.zone) for x in message.result.violations)
            self.bar.tell(f"Not changed. {' '.join(words)}", Tone.BAD)
        else:
            self.bar.tell("Changed.", Tone.GOOD)
            self.edited()
        self.look_again()

    def edited(self) -> None:
        """Do what an edited draft asks for: fetch other rates, for one."""

    def action_edit_package(self) -> None:
        """Ask for weight and size."""
        self._ask_package(1)

    def _ask_package(self, number: int) -> None:
        """Ask for one package after the other."""
        packages = open_record(self.desk, self.order_id).shipment.packages
        if number > len(packages):
            return
        name = f"Package {number} of {len(packages)}" if len(packages) > 1 else "Package"
        form = Form(
            f"{name} of {self.order_id}",
            package_fields(packages[number - 1]),
            partial(_read, number),
        )
        self.app.push_screen(form, partial(self._keep, number))

    def _keep(self, number: int, changes: Changes | None) -> None:
        if changes is not None:
            self.change(changes)
            self._ask_package(number + 1)


def _read(number: int, typed: Mapping[str, str]) -> Changes:
    weight, size = typed_weight(typed["weight"]), typed_size(typed["size"])
    return Changes(package=number, weight=weight, dimensions=size)
