"""The footer: the commands that would do something at this moment, as many as fit."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual.widget import Widget

from primetui.tui import commands
from primetui.tui.command import Command, offers

GAP = "  "


class Footer(Widget):
    """One line of keys; it tells the truth because it asks `check_action` like the keys do."""

    COMPONENT_CLASSES: ClassVar = {"footer--key"}
    ALLOW_SELECT = False

    def on_mount(self) -> None:
        """Listen for anything that may change what is on offer."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: object) -> None:
        self.refresh()

    def render(self) -> Text:
        """Write the keys that fit; the way to the full list always does."""
        found = [o.command for o in offers(self.screen) if o.command.footer and o.enabled]
        last = [command for command in found if command is commands.Help]
        rest = [command for command in found if command is not commands.Help]
        room = self.size.width - sum(map(_size, last))
        return self._written([*_fitting(rest, room), *last])

    def _written(self, found: Sequence[type[Command]]) -> Text:
        style = self.get_component_rich_style("footer--key", partial=True)
        text = Text(end="", no_wrap=True)
        for command in found:
            text.append(_key(command), style).append(f" {command.footer}{GAP}")
        return text


def _key(command: type[Command]) -> str:
    return command.keys().split()[0]


def _size(command: type[Command]) -> int:
    return cell_len(f"{_key(command)} {command.footer}{GAP}")


def _fitting(found: Sequence[type[Command]], room: int) -> Iterator[type[Command]]:
    for command in found:
        room -= _size(command)
        if room < 0:
            return
        yield command
