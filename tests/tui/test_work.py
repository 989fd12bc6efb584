"""Work on threads: outcomes come back as messages, and a deed is always finished."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer

import pytest
from textual.app import App
from textual.message import Message
from textual.pilot import Pilot

from primetui.errors import PrimeTUIError, Unreachable
from primetui.tui.work import Crashed, DeedEnded, Failed, Work


@dataclass
class Answered(Message):
    """The outcome of a job."""

    words: str


class Worker(App[None]):
    """Remembers what its work tells it."""

    def __init__(self) -> None:
        super().__init__()
        self.work = Work(self)
        self.heard: list[Message] = []

    def on_answered(self, message: Answered) -> None:
        """Remember."""
        self.heard.append(message)

    def on_failed(self, message: Failed) -> None:
        """Remember."""
        self.heard.append(message)

    def on_deed_ended(self, message: DeedEnded) -> None:
        """Remember."""
        self.heard.append(message)

    def on_crashed(self, message: Crashed) -> None:
        """Remember."""
        self.heard.append(message)


def refuse() -> Message:
    """Fail in words."""
    raise Unreachable("No network.")


def stumble() -> Message:
    """Make a mistake."""
    raise ZeroDivisionError


async def heard(app: Worker, pilot: Pilot[None]) -> Message:
    """Wait for the first message."""
    for _ in range(200):
        if app.heard:
            return app.heard[0]
        await pilot.pause(0.01)
    raise AssertionError("nothing was heard")


async def test_a_read_posts_its_message() -> None:
    """The job's own message arrives at whoever asked."""
    app = Worker()
    async with app.run_test() as pilot:
        app.work.read(lambda: Answered("yes"), doing="ask", to=app)
        message = await heard(app, pilot)

        assert isinstance(message, Answered)
        assert "yes" == message.words


async def test_what_can_be_said_in_words_arrives_as_failed() -> None:
    """The error comes with what was tried."""
    app = Worker()
    async with app.run_test() as pilot:
        app.work.read(refuse, doing="ask", to=app)
        message = await heard(app, pilot)

        assert isinstance(message, Failed)
        assert ("ask", "No network.") == (message.doing, str(message.error))
        assert isinstance(message.error, PrimeTUIError)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_mistake_of_ours_reaches_the_app_whole() -> None:
    """It is not swallowed by the thread: the app gets the exception and may stop."""
    app = Worker()
    async with app.run_test() as pilot:
        app.work.read(stumble, doing="ask", to=app)
        message = await heard(app, pilot)

        assert isinstance(message, Crashed)
        assert isinstance(message.error, ZeroDivisionError)


async def test_a_deed_is_known_while_it_lasts_and_told_when_over() -> None:
    """The console can name what it must wait for."""
    app = Worker()
    go = Event()

    def buy() -> Message:
        assert go.wait(10)
        return Answered("bought")

    async with app.run_test() as pilot:
        app.work.deed(buy, doing="buy 123")
        during = app.work.deeds
        go.set()
        message = await heard(app, pilot)

        assert ("buy 123",) == during
        assert () == app.work.deeds
        assert isinstance(message, DeedEnded)
        assert isinstance(message.outcome, Answered)


async def test_a_deed_that_fails_in_words_is_told_too() -> None:
    """A refusal is an ending like any other."""
    app = Worker()
    async with app.run_test() as pilot:
        app.work.deed(refuse, doing="buy 123")
        message = await heard(app, pilot)

        assert isinstance(message, DeedEnded)
        assert isinstance(message.outcome, Failed)


def test_waiting_ends_when_the_last_deed_has() -> None:
    """What a deed writes to can be closed after the wait, however the console ended."""
    work = Work(Worker())
    done: list[str] = []
    go = Event()

    def buy() -> Message:
        assert go.wait(10)
        done.append("recorded")
        return Answered("bought")

    work.deed(buy, doing="buy")
    Timer(0.2, go.set).start()
    work.wait()

    assert ["recorded"] == done


PROGRAM = """
import sys, time
from pathlib import Path
from textual.app import App
from textual.message import Message
from primetui.tui.work import Work

class Quitter(App):
    def on_mount(self):
        work = Work(self)
        work.{kind}(job, doing="buy"{to})
        self.set_timer(0.3, self.exit)

def job():
    time.sleep(2)
    Path(sys.argv[1]).write_text("recorded")
    return Message()

Quitter().run(headless=True)
"""


@pytest.mark.parametrize(
    ("kind", "to", "recorded"), [("deed", "", True), ("read", ", to=self", False)]
)
def test_quitting_in_the_middle(kind: str, to: str, recorded: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a column of the table
    """Quitting 0.3 s into 2 s: a deed is still recorded, a read does not keep anyone waiting."""
    proof = tmp_path / "proof"
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(kind=kind, to=to), str(proof)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    seconds = time.monotonic() - start

    assert (0, "") == (done.returncode, done.stderr)
    assert recorded == proof.exists()
    assert recorded or seconds < 2
