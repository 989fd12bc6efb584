"""A line to a PostgreSQL server that can be cut at the worst moment."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

COMMIT = b"COMMIT\0"


class Line:
    """Stands between a program and a server's socket, and passes every byte on until told not to.

    Args:
        folder: where its own socket is made.
        server: the server's socket.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self._server = server
        self._folder = folder
        self._cut = ""
        self.cuts = 0
        self.is_down = False
        """Nobody gets through any more."""
        self._open: list[socket.socket] = []
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(folder / ".s.PGSQL.5432"))
        self._door.listen()
        self._threads: list[threading.Thread] = []
        self._begin(self._receive)

    def url(self, database: str) -> SecretStr:
        """Give the address of a database behind this line."""
        return SecretStr(f"postgresql://primetui@/{database}?host={self._folder}")

    def lose_commit(self, *, before: bool, then_down: bool = False) -> None:
        """Cut the next COMMIT off before it arrives, or its answer after it was done."""
        self._cut = "before" if before else "after"
        self._then_down = then_down

    def close(self) -> None:
        """End everything."""
        for end in (self._door, *self._open):
            _hang_up(end)
        for thread in self._threads:
            thread.join()
        for end in (self._door, *self._open):
            end.close()

    def _begin(self, work: Callable[..., None], *given: socket.socket) -> None:
        self._threads.append(threading.Thread(target=work, args=given))
        self._threads[-1].start()

    def _receive(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            if self.is_down:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(self._server))
            self._open += [client, server]
            self._begin(self._pass, client, server)
            self._begin(_pump, server, client)

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        while chunk := _read(client):
            if self._cut and chunk.endswith(COMMIT):
                self._lose(client, server, chunk)
                return
            _send(server, chunk)
        _hang_up(server)

    def _lose(self, client: socket.socket, server: socket.socket, chunk: bytes) -> None:
        before, self._cut = self._cut == "before", ""
        self.is_down = self._then_down
        self.cuts += 1
        _hang_up(client)
        if not before:
            _send(server, chunk)
        _hang_up(server, socket.SHUT_WR)  # the server reads what it was sent, then the end


def _pump(source: socket.socket, sink: socket.socket) -> None:
    while chunk := _read(source):
        _send(sink, chunk)  # where nobody listens any more, the answer is lost
    _hang_up(sink)


def _send(end: socket.socket, chunk: bytes) -> None:
    with suppress(OSError):
        end.sendall(chunk)


def _read(end: socket.socket) -> bytes:
    try:
        return end.recv(1 << 16)
    except OSError:
        return b""


def _hang_up(end: socket.socket, how: int = socket.SHUT_RDWR) -> None:
    with suppress(OSError):
        end.shutdown(how)
