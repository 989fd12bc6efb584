"""The rules put to one order: why each matches it or not, and what became of what it does."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from primetui.domain.shipment import OrderId
from primetui.ports import Desk
from primetui.tui import commands
from primetui.tui.command import bindings
from primetui.tui.room import Room
from primetui.tui.rule_explained import explained_lines
from primetui.tui.widgets.page import Page
from primetui.tui.widgets.words import lines
from primetui.tui.work import Work
from primetui.usecases.explain_rules import explain_order


class ExplainScreen(Room):
    """A page: every rule in order, as it would run now."""

    OFFERS: ClassVar = (commands.Back, commands.Help)
    BINDINGS: ClassVar = bindings(*OFFERS)

    def __init__(self, desk: Desk, work: Work, order_id: OrderId) -> None:
        super().__init__(desk, work)
        self.order_id = order_id

    def furnish(self) -> ComposeResult:
        """Give the page."""
        with Page():
            yield Static(id="facts")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(Page).focus()

    def on_order(self) -> OrderId:
        """Name the order."""
        return self.order_id

    def look(self) -> None:
        """Put the rules to the order as both are now."""
        self.headline(f"Rules and order {self.order_id}")
        told = explain_order(self.desk, self.order_id)
        rules = self.desk.repository.rules().rules
        places = {rule.id: place for place, rule in enumerate(rules, start=1)}
        shown = lines(explained_lines(told, places, self.zone))
        self.query_one("#facts", Static).update(shown)
