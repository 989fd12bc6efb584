"""The colours: one palette for terminals with many of them, the terminal's own where there are 16.

Widgets name terminal colours only (`green`, `yellow`, ...). With many colours those names are
mixed from `PALETTE`; with sixteen they are left to the terminal. No meaning is carried by
colour alone, so a terminal with none works too.
"""

from typing import Any, Final

from rich.terminal_theme import TerminalTheme
from textual.app import App
from textual.theme import Theme

NIGHT: Final = Theme(
    name="primetui",
    primary="#4cb5e8",
    secondary="#8f9fe8",
    accent="#ffb454",
    warning="#f2c14e",
    error="#f2707a",
    success="#7bd88f",
    foreground="#d5dbe5",
    background="#11151d",
    surface="#171d28",
    panel="#202938",
    variables={
        "block-cursor-background": "#27405c",
        "block-cursor-foreground": "#f4f7fb",
        "block-cursor-text-style": "bold",
        "footer-background": "#202938",
        "border": "#4cb5e8",
        "border-blurred": "#344156",
        "scrollbar": "#3a4a63",
        "scrollbar-background": "#171d28",
    },
)

PALETTE: Final = TerminalTheme(
    (0x11, 0x15, 0x1D),
    (0xD5, 0xDB, 0xE5),
    [
        (0x20, 0x29, 0x38),
        (0xF2, 0x70, 0x7A),
        (0x7B, 0xD8, 0x8F),
        (0xF2, 0xC1, 0x4E),
        (0x6C, 0xA4, 0xF8),
        (0xC6, 0x9A, 0xF0),
        (0x4C, 0xB5, 0xE8),
        (0xD5, 0xDB, 0xE5),
    ],
    [
        (0x6B, 0x7A, 0x94),
        (0xFF, 0x8F, 0x98),
        (0x9D, 0xEB, 0xAE),
        (0xFF, 0xD7, 0x75),
        (0x94, 0xBD, 0xFF),
        (0xDA, 0xBA, 0xFF),
        (0x7F, 0xD0, 0xF7),
        (0xF4, 0xF7, 0xFB),
    ],
)
TERMINALS_OWN: Final = "ansi-dark"
"""Textual's theme that leaves the colours to the terminal."""
FEW_COLOURS: Final = frozenset({"standard", "windows", None})
"""What Rich calls terminals with at most sixteen colours."""


def dress(app: App[Any]) -> None:
    """Give the console its colours, as many as the terminal has."""
    app.ansi_theme_dark = PALETTE
    app.register_theme(NIGHT)
    app.theme = theme_for(app.console.color_system, headless=app.is_headless)


def theme_for(color_system: str | None, *, headless: bool) -> str:
    """Choose by what the terminal can show; a picture is no terminal and shows everything."""
    few = color_system in FEW_COLOURS and not headless
    return TERMINALS_OWN if few else NIGHT.name
