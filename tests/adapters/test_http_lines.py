import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from pydantic import SecretStr

from primetui.adapters.answers import Call
from primetui.adapters.http import HttpClient, Line
from primetui.adapters.throttle import Throttle
from primetui.errors import Malformed, NoAnswer, PortError, Unreachable, Unsure
from tests.adapters.amazon.made import FakePace

LINE = Line("Amazon", "https://api.example", "PrimeTUI/0.1 (Language=Python)")
READ = Call("getOrder", "GET", "/orders/1", reads=True)
WRITE = Call("purchaseShipment", "POST", "/shipments", reads=False, body={"rateId": "r"})
TOKEN = {"x-amz-access-token": SecretStr("Atza|hush")}


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """Listen on this machine: give one answer to each caller, or hang up on it without one."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                line, _ = server.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(5)
                line.recv(65536)
                if answer is not None:
                    line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
    finally:
        over.set()
        thread.join()
        server.close()


def test_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Even with every log switched on, no line about a request appears."""
    with caplog.at_level(logging.DEBUG), listening(b"HTTP/1.1 200 OK\r\n\r\n{}") as server:
        client = HttpClient(replace(LINE, base_url=server), Throttle("Amazon", {}))
        assert {} == client.send(READ, TOKEN)
        client.close()

    assert [] == caplog.messages


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (None, NoAnswer),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", NoAnswer),
        (b"SSH-2.0-OpenSSH\r\n\r\n", NoAnswer),
        (b"HTTP/1.1 200 OK\r\n\r\n<html>", Malformed),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", NoAnswer),
    ],
)
def test_real_lines_that_break_leave_a_write_unsure(
    answer: bytes | None, error: type[Unsure]
) -> None:
    """A real socket that hangs up, cuts off or talks nonsense after the request left: unsure."""
    with listening(answer) as server:
        client = HttpClient(replace(LINE, base_url=server), Throttle("Amazon", {}))
        with pytest.raises(error):
            client.send(WRITE, TOKEN)
        client.close()


def test_every_call_has_a_line_of_its_own() -> None:
    """No line is kept: one the server closed meanwhile would make a purchase look lost."""
    lines: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                line, _address = server.accept()
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
                lines.append(line)

        thread = threading.Thread(target=serve)
        thread.start()
        base_url = f"http://127.0.0.1:{server.getsockname()[1]}"
        line = replace(LINE, base_url=base_url, write_seconds=2)
        client = HttpClient(line, Throttle("Amazon", {}))
        assert [{}, {}] == [client.send(WRITE), client.send(WRITE)]
        client.close()
        thread.join()
    for line_kept_open in lines:
        line_kept_open.close()


@pytest.mark.parametrize(("call", "error"), [(READ, Unreachable), (WRITE, NoAnswer)])
def test_a_server_that_says_nothing_is_waited_for_only_so_long(
    call: Call, error: type[PortError]
) -> None:
    """Silence ends in a timeout; a purchase that met it may have happened."""
    time = FakePace()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        line = replace(LINE, base_url=base_url, read_seconds=0.05, write_seconds=0.05)
        client = HttpClient(line, Throttle("Amazon", {}), time.pace())
        with pytest.raises(error, match="timed out"):
            client.send(call, TOKEN)
        client.close()


def test_nobody_at_the_address_is_nothing_done() -> None:
    """A refused connection proves that nothing was sent, even for a purchase."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    client = HttpClient(replace(LINE, base_url=f"http://127.0.0.1:{port}"), Throttle("Amazon", {}))
    with pytest.raises(Unreachable, match="Nothing was sent"):
        client.send(WRITE, TOKEN)
    client.close()
