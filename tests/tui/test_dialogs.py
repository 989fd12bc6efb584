"""The question, the message bar, the empty state and the colours."""

import pytest
from rich.color import Color, ColorSystem
from textual.app import App, ComposeResult

from primetui.tui import theme
from primetui.tui.dialogs.confirm import Confirm
from primetui.tui.widgets.columns import Tone
from primetui.tui.widgets.empty import Empty
from primetui.tui.widgets.status import MessageBar
from primetui.tui.widgets.words import STYLES
from tests.tui.seen import screen


class DialogApp(App[None]):
    """A message bar, an empty state, and room for a question."""

    CSS_PATH = "../../primetui/tui/primetui.tcss"

    def compose(self) -> ComposeResult:
        """Lay it out."""
        yield Empty()
        yield MessageBar()


@pytest.mark.parametrize(
    ("key", "answer"),
    [("y", True), ("n", False), ("enter", False), ("escape", False), ("q", False)],
)
async def test_only_y_is_yes(key: str, answer: bool) -> None:  # noqa: FBT001 - a column of the table
    """Enter pressed once too often, Esc and q leave everything as it is."""
    app = DialogApp()
    answers: list[bool | None] = []
    async with app.run_test() as pilot:
        app.push_screen(Confirm("Buy?", "4.20 USD"), answers.append)
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()

        assert [answer] == answers


@pytest.mark.parametrize("key", ["space", "x", "Y", "tab", "down"])
async def test_any_other_key_answers_nothing(key: str) -> None:
    """The question stays until it is answered."""
    app = DialogApp()
    async with app.run_test() as pilot:
        app.push_screen(Confirm("Buy?"))
        await pilot.pause()
        await pilot.press(key)

        assert isinstance(app.screen, Confirm)


async def test_news_has_a_sign_besides_its_colour_and_cannot_hold_escapes() -> None:
    """What happened can be read without colours, whoever named the order."""
    app = DialogApp()
    async with app.run_test() as pilot:
        bar = app.query_one(MessageBar)
        bar.busy = "Fetching rates…"
        await pilot.pause()
        turning = str(bar.render())
        bar.tell("Refused \x1b[31m[b]x[/b]", Tone.BAD)
        await pilot.pause()
        said = str(bar.render())

        assert turning.endswith(" Fetching rates…")
        assert said.startswith("✗ Refused ")
        assert said.endswith("[b]x[/b]")
        assert said.isprintable()


async def test_an_empty_list_says_what_to_do_next() -> None:
    """Why nothing is here, then the keys that help."""
    app = DialogApp()
    async with app.run_test() as pilot:
        empty = app.query_one(Empty)
        empty.explain("No orders yet.", ("i", "Import them"), ("s", "Look at the stores"))
        await pilot.pause()
        rows = [line.strip() for line in screen(app)[2:6]]

        assert ["No orders yet.", "", "i  Import them", "s  Look at the stores"] == rows


def test_with_sixteen_colours_every_pair_stays_readable() -> None:
    """Mapped down to the terminal's sixteen, text never falls together with its background."""
    backs = [theme.NIGHT.background, theme.NIGHT.surface, theme.NIGHT.panel]
    fores = [theme.NIGHT.foreground, theme.NIGHT.accent, theme.NIGHT.primary]
    few = {
        (fore, back)
        for fore in fores
        for back in backs
        if fore
        and back
        and Color.parse(fore).downgrade(ColorSystem.STANDARD).number
        == Color.parse(back).downgrade(ColorSystem.STANDARD).number
    }

    assert set() == few


def test_every_tone_has_a_style() -> None:
    """A tone without a style would crash the first row that uses it."""
    assert set(Tone) == set(STYLES)


@pytest.mark.parametrize(
    ("system", "headless", "name"),
    [
        ("truecolor", False, "primetui"),
        ("256", False, "primetui"),
        ("standard", False, "ansi-dark"),
        (None, False, "ansi-dark"),
        (None, True, "primetui"),
    ],
)
def test_the_terminal_decides_how_many_colours(
    system: str | None,
    headless: bool,  # noqa: FBT001 - a column of the table
    name: str,
) -> None:
    """Sixteen colours are the terminal's own; with more, or in a picture, the console's palette."""
    assert name == theme.theme_for(system, headless=headless)
