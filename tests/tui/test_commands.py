"""Commands: one class each, and everything people see of them is derived from it."""

import inspect
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.command import CommandPalette, DiscoveryHit, Hit
from textual.screen import Screen
from textual.widgets import Input

from primetui.tui import batch_commands, commands, order_commands, outbox_commands, rule_commands
from primetui.tui.command import Command, Palette, bindings, offers
from primetui.tui.dialogs.help import HelpScreen
from primetui.tui.widgets.columns import Column, Row
from primetui.tui.widgets.footer import Footer
from primetui.tui.widgets.grid import Grid
from primetui.tui.widgets.rows import ListedRows
from tests.tui.seen import screen

EVERY = [
    found
    for module in (commands, batch_commands, order_commands, outbox_commands, rule_commands)
    for _, found in inspect.getmembers(module, inspect.isclass)
    if issubclass(found, Command) and found is not Command
]


class PaintRed(Command):
    """Paint it red, and all of it,
    on every side.
    """  # noqa: D205 - help may be wrapped wherever it is wide

    key = "p,ctrl+r"
    footer = "Paint"


class Painter(Screen[None]):
    """A grid, a field, a footer, and a command that is not always possible."""

    OFFERS: ClassVar = (PaintRed, commands.Back, commands.Help)
    BINDINGS: ClassVar = bindings(*OFFERS)
    allowed = True
    painted = 0

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Grid((Column("id", "Id", 4),))
        yield Input()
        yield Footer()

    def on_mount(self) -> None:
        """Start on a row."""
        grid = self.query_one(Grid)
        grid.show(ListedRows([Row("a", ((),))]))
        grid.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Paint only while allowed."""
        return self.allowed if action == "paint_red" else super().check_action(action, parameters)

    def action_paint_red(self) -> None:
        """Count the coats."""
        self.painted += 1

    def action_help(self) -> None:
        """Open the help."""
        self.app.push_screen(HelpScreen(list(offers(self))))


class PainterApp(App[None]):
    """Shows the painter."""

    CSS_PATH = "../../primetui/tui/primetui.tcss"
    COMMANDS: ClassVar = {Palette}

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(Painter())

    @property
    def painter(self) -> Painter:
        """The screen."""
        found = next(screen for screen in self.screen_stack if isinstance(screen, Painter))
        assert isinstance(found, Painter)
        return found

    def footer(self) -> str:
        """Read the footer."""
        return self.painter.query_one(Footer).render().plain.rstrip()


@pytest.mark.parametrize("command", EVERY, ids=lambda command: command.__name__)
def test_every_command_has_a_key_and_says_what_it_does(command: type[Command]) -> None:
    """Help is the docstring, one or two sentences, ending in a full stop."""
    assert command.key
    assert command.help().endswith(".")
    assert len(command.footer) <= 12


def test_all_faces_of_a_command_come_from_its_class() -> None:
    """Name, keys, binding and help need no second place."""
    binding = PaintRed.binding()

    assert "paint_red" == PaintRed.action() == binding.action
    assert "Paint red" == PaintRed.title()
    assert "p ^R" == PaintRed.keys()
    assert "Paint it red, and all of it, on every side." == PaintRed.help()
    assert ("p,ctrl+r", "Paint", True) == (binding.key, binding.description, binding.show)


async def test_the_footer_lists_only_what_would_work_now() -> None:
    """A command that is refused at this moment is not offered, and its key does nothing."""
    app = PainterApp()
    async with app.run_test() as pilot:
        assert "Enter Open  p Paint  Esc Back  ? Help" == app.footer()

        app.painter.allowed = False
        await pilot.press("p")

        assert "Enter Open  Esc Back  ? Help" == app.footer()
        assert 0 == app.painter.painted

        app.painter.allowed = True
        await pilot.press("p")

        assert 1 == app.painter.painted


async def test_the_footer_of_a_field_offers_no_letters() -> None:
    """While text is typed, letters are text and only other keys are commands."""
    app = PainterApp()
    async with app.run_test() as pilot:
        app.painter.query_one(Input).focus()
        await pilot.press("p", "?")

        assert "Esc Back" == app.footer()
        assert "p?" == app.painter.query_one(Input).value
        assert 0 == app.painter.painted


async def test_a_narrow_footer_drops_from_the_end_but_keeps_help() -> None:
    """The way to the full list of keys is never cut off."""
    app = PainterApp()
    async with app.run_test(size=(32, 10)):
        assert "Enter Open  p Paint  ? Help" == app.footer()


async def test_help_lists_every_command_with_its_keys() -> None:
    """Question mark shows what works here, marks what does not now, and goes away again."""
    app = PainterApp()
    async with app.run_test() as pilot:
        app.painter.allowed = False
        await pilot.press("?")
        found = [" ".join(line.strip("│ ").split()) for line in screen(app)]

        assert isinstance(app.screen, HelpScreen)
        assert any(words.startswith("p ^R Paint red (not now) Paint it red,") for words in found)
        assert "↓ j Cursor down Go one row down." in found

        await pilot.press("?")

        assert not isinstance(app.screen, HelpScreen)


async def test_the_palette_offers_what_can_be_done_now() -> None:
    """Moving about and refused commands are not in it; choosing one does it."""
    app = PainterApp()
    async with app.run_test() as pilot:
        palette = Palette(app.painter)
        found = [hit async for hit in palette.discover() if isinstance(hit, DiscoveryHit)]
        matched = [hit async for hit in palette.search("pai") if isinstance(hit, Hit)]
        app.painter.allowed = False
        refused = [hit async for hit in palette.search("pai")]
        app.painter.allowed = True
        await pilot.press("ctrl+p")
        opened = isinstance(app.screen, CommandPalette)
        await pilot.press(*"paint")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await pilot.pause(0.3)

        assert ["Open row", "Mark row", "Paint red", "Back", "Help"] == [h.text for h in found]
        assert ["Paint red"] == [hit.text for hit in matched]
        assert [] == refused
        assert opened
        assert 1 == app.painter.painted
