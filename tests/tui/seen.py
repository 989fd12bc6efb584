"""What a person sees: the screen as lines of text, and waiting for words to appear."""

import asyncio
import time
from typing import Any

from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

PATIENCE_SECONDS = 15


def screen(app: App[Any]) -> list[str]:
    """Read the whole screen, line by line."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def line_with(app: App[Any], words: str) -> str:
    """Find the first line that holds the words; blank when there is none."""
    return next((line for line in screen(app) if words in line), "")


async def until(pilot: Pilot[Any], words: str) -> str:
    """Wait for words to appear; give their line."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        await pilot.pause()
        if line := line_with(pilot.app, words):
            return line
        await asyncio.sleep(0.02)
    raise AssertionError(f"{words!r} never appeared on:\n" + "\n".join(screen(pilot.app)))


async def paste(pilot: Pilot[Any], text: str) -> None:
    """Paste a text into the focused field, as a terminal does, instead of what is in it."""
    await pilot.press("home", "ctrl+k")
    focused = pilot.app.screen.focused
    assert focused is not None
    focused.post_message(Paste(text))
    await pilot.pause()


async def until_gone(pilot: Pilot[Any], words: str) -> None:
    """Wait for words to go away."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        await pilot.pause()
        if not line_with(pilot.app, words):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"{words!r} never went away from:\n" + "\n".join(screen(pilot.app)))
