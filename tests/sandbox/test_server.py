"""Starting and stopping."""

import socket
import subprocess
import sys
import threading

import pytest

from primetui.errors import ConfigError
from primetui.sandbox.server import RunningSandbox, serve, start
from tests.wire import WIRE


def test_a_closed_sandbox_frees_its_port_and_its_thread() -> None:
    """After close nothing listens and nothing runs; closing again is harmless."""
    running = start(orders=0)
    port = int(running.url.rsplit(":", 1)[1])
    running.close()
    running.close()

    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert "sandbox" not in {thread.name for thread in threading.enumerate()}


def test_a_taken_port_is_said_in_words() -> None:
    """Two sandboxes cannot share a port."""
    with start(orders=0) as running:
        port = int(running.url.rsplit(":", 1)[1])
        with pytest.raises(ConfigError, match=f"port {port}"):
            start(port, orders=0)


def test_a_port_outside_the_range_is_said_in_words() -> None:
    """70000 is no port."""
    with pytest.raises(ConfigError, match="port 70000"):
        start(70_000, orders=0)


def test_serve_says_when_it_answers_and_ends_when_closed() -> None:
    """The blocking form hands over the running sandbox once it can be called."""
    seen: list[tuple[int, set[str]]] = []

    def ready(running: RunningSandbox) -> None:
        answer = WIRE.get(f"{running.control}/state")
        seen.append((answer.status_code, set(running.credentials)))
        running.close()

    serve(ready, orders=3)

    assert [(200, {"stores"})] == seen


def test_two_sandboxes_live_side_by_side() -> None:
    """Each has its own world."""
    with start(orders=1) as one, start(orders=2) as other:
        counts = [len(WIRE.get(f"{each.control}/state").json()["orders"]) for each in (one, other)]

    assert [1, 2] == counts


def test_the_sandbox_prints_nothing_and_draws_nothing_until_asked() -> None:
    """Starting writes to neither stream and does not load the picture library."""
    program = (
        "import sys; from primetui.sandbox.server import start\n"
        "with start(): pass\n"
        "sys.exit('PIL' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert (0, b"", b"") == (done.returncode, done.stdout, done.stderr)


def test_secrets_stay_out_of_representations() -> None:
    """Neither the sandbox nor its stores show a secret when printed."""
    with start(orders=0) as running:
        shown = repr(running)
        secrets = [s["client_secret"] for s in running.credentials["stores"]]

    assert not any(secret in shown for secret in secrets)
